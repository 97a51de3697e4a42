//! Bottles, whose command line starts a program in a bottle. It ends with 0 whatever the game's status is, and by default
//! passes only those variables on that the bottle names.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::key_values::KeyValues;
use super::{Prefix, Runner, Tool, cannot_start, yaml};
use crate::base::failure::Failure;
use crate::base::sanitize::shell_word;
use crate::launch::command::{LaunchCommand, RunnerLimit, find_program};
use crate::launch::search_paths::SearchPaths;

/// The application's id in Flatpak.
const FLATPAK: &str = "com.usebottles.bottles";

/// Returns the prefixes of all bottles.
pub(super) fn prefixes(paths: &SearchPaths) -> Vec<Prefix> {
    let native = paths.data_home().map(|data| data.join("bottles"));
    let flatpak = paths.flatpak(FLATPAK).map(|data| data.join("data/bottles"));
    let data = native.into_iter().chain(flatpak);
    let folders = data.flat_map(|data| {
        let settings = paths.parsed(&data.join("data.yml"), yaml::parse);
        let custom = settings.and_then(|settings| {
            let custom = PathBuf::from(settings.get(&["custom_bottles_path"])?);
            custom.is_absolute().then_some(custom)
        });
        let folders = [Some(data.join("bottles")), custom].into_iter().flatten();
        folders.flat_map(|folder| paths.folders(&folder))
    });
    let bottles = folders.map(|folder| {
        let placeholder = paths.parsed(&folder.join("placeholder.yml"), yaml::parse);
        let elsewhere = placeholder.and_then(|file| file.get(&["Path"]).map(PathBuf::from));
        elsewhere
            .filter(|path| path.is_absolute())
            .unwrap_or(folder)
    });
    bottles
        .filter(|bottle| bottle.join("bottle.yml").is_file())
        .map(|bottle| Prefix::new(bottle.clone(), Runner::Bottles, Tool::Bottles(bottle)))
        .collect()
}

/// Returns the command in front of the program.
pub(super) fn command(folder: &Path, paths: &SearchPaths) -> Result<LaunchCommand, Failure> {
    let bottle = bottle(folder, paths)?;
    let name = bottle.get(&["Name"]).ok_or_else(|| unreadable(folder))?;
    let hint = "install Bottles, or name another --runner";
    let of_flatpak = paths.flatpak(FLATPAK);
    let is_flatpaks = of_flatpak.is_some_and(|data| folder.starts_with(data));
    let native = find_program("bottles-cli", hint);
    let mut command = match native {
        Ok(native) if !is_flatpaks => LaunchCommand::of([native.into()]),
        native => {
            let Ok(flatpak) = find_program("flatpak", hint) else {
                return native.map(|native| LaunchCommand::of([native.into()]));
            };
            let id = ["--command=bottles-cli", FLATPAK];
            let words = ["run", "--die-with-parent"].into_iter().chain(id);
            let words = words.map(Into::into);
            let mut command = LaunchCommand::of(std::iter::once(flatpak.into()).chain(words));
            command.limits.push(RunnerLimit::DiesWithParent);
            command
        }
    };
    let words = ["run", "-b", name, "-e"];
    command.arguments.extend(words.map(Into::into));
    command.limits.push(RunnerLimit::UnknownStatus);
    command.limits.push(RunnerLimit::SurvivesInterrupt);
    Ok(command)
}

/// Returns the game's arguments as Bottles takes them: behind `--`, or it would take them for options of its own, and quoted for a
/// shell, since it joins them with spaces to the command of one. Bytes that are no UTF-8 are replaced.
pub(super) fn passed_on(arguments: &[OsString]) -> Vec<OsString> {
    let separator = (!arguments.is_empty()).then(|| "--".into());
    let quoted = arguments
        .iter()
        .map(|argument| shell_word(&argument.to_string_lossy()).into());
    separator.into_iter().chain(quoted).collect()
}

/// Returns the variables among `names` that a bottle does not pass on.
pub(super) fn withheld_variables(
    folder: &Path,
    names: &[&'static str],
    paths: &SearchPaths,
) -> Result<Vec<&'static str>, Failure> {
    let bottle = bottle(folder, paths)?;
    let is = |keys: &[&str], value: &str| {
        let found = bottle.get(keys);
        found.is_some_and(|found| found.eq_ignore_ascii_case(value))
    };
    if is(&["Parameters", "sandbox"], "true") {
        return Err(cannot_start(
            format!(
                "the bottle in {} is sandboxed, and Bottles would put the play cookie into an argument list, which every program can read",
                folder.display()
            ),
            "turn the sandbox of that bottle off in Bottles",
        ));
    }
    // Bottles limits the environment when the file does not say otherwise.
    if is(&["Limit_System_Environment"], "false") {
        return Ok(Vec::new());
    }
    let passed: Vec<_> = bottle.table(&[INHERITED]).map(|(_, name)| name).collect();
    let withheld = names.iter().filter(|name| !passed.contains(name));
    Ok(withheld.copied().collect())
}

/// The key of the names of variables that a bottle passes on.
pub(super) const INHERITED: &str = "Inherited_Environment_Variables";

/// Returns the settings of a bottle.
fn bottle(folder: &Path, paths: &SearchPaths) -> Result<KeyValues, Failure> {
    let settings = paths.parsed(&folder.join("bottle.yml"), yaml::parse);
    settings.ok_or_else(|| unreadable(folder))
}

fn unreadable(folder: &Path) -> Failure {
    cannot_start(
        format!("the bottle in {} cannot be read", folder.display()),
        "open it in Bottles to see whether it is broken, or name another --runner",
    )
}
