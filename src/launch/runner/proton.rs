//! Proton as Steam installed it, inside the Steam Linux Runtime when it demands that.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::steam::{SteamRoot, is_proton, roots};
use super::{Prefix, cannot_start, signs};
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::launch::command::{LaunchCommand, find_program};
use crate::launch::search_paths::SearchPaths;

/// The verb that waits until nothing else runs in the prefix.
const WAIT_AND_RUN: &str = "waitforexitandrun";
/// The verb for a prefix in which something runs.
const RUN: &str = "run";
/// The variable with the folder of the prefix.
const DATA: &str = "STEAM_COMPAT_DATA_PATH";

/// Returns the command in front of the program.
pub(super) fn command(
    prefix: &Prefix,
    named: Option<&Path>,
    directory: &Path,
    paths: &SearchPaths,
) -> Result<LaunchCommand, Failure> {
    let data = prefix
        .data()
        .ok_or_else(|| cannot_start("Proton needs a prefix", "name it with --prefix DIR"))?;
    let roots = roots(paths);
    let real = data.canonicalize().unwrap_or_else(|_| data.to_owned());
    let holds = |root: &&SteamRoot| {
        root.libraries
            .iter()
            .any(|library| real.starts_with(library))
    };
    let root = roots.iter().find(holds).or(roots.first()).ok_or_else(|| {
        cannot_start(
            "Proton cannot be used, because Steam is not installed",
            "install Steam, or name another --runner",
        )
    })?;
    let proton = tool(prefix, named, root, paths)?;
    let mut words: Vec<OsString> = Vec::new();
    let mut tools = proton.clone().into_os_string();
    if let Some(runtime) = root.runtime(&proton, paths) {
        let folder = runtime.folder.ok_or_else(|| {
            cannot_start(
                format!(
                    "{} needs the Steam Linux Runtime {}, which is not installed",
                    proton.display(),
                    runtime.name
                ),
                format!("install it with `steam steam://install/{}`", runtime.id),
            )
        })?;
        let entry = find_program(folder.join("_v2-entry-point"), "reinstall it in Steam")?;
        let verb = format!("--verb={WAIT_AND_RUN}");
        words.extend([entry.into(), verb.into(), "--".into()]);
        tools.push(":");
        tools.push(folder);
    }
    let script = find_program(proton.join("proton"), "reinstall it in Steam")?;
    words.extend([script.into(), WAIT_AND_RUN.into()]);
    let libraries: Vec<_> = root.libraries.iter().map(|it| it.as_os_str()).collect();
    let mut command = LaunchCommand::of(words);
    command.environment = [
        (DATA, data.into()),
        (
            "STEAM_COMPAT_CLIENT_INSTALL_PATH",
            root.folder.clone().into(),
        ),
        ("STEAM_COMPAT_INSTALL_PATH", directory.into()),
        ("STEAM_COMPAT_LIBRARY_PATHS", libraries.join(":".as_ref())),
        ("STEAM_COMPAT_TOOL_PATHS", tools),
        ("STEAM_COMPAT_MOUNTS", directory.into()),
        ("STEAM_COMPAT_APP_ID", "0".into()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec();
    Ok(command)
}

/// Returns the folder of the Proton for a prefix: the one that is named, the one that Steam's configuration names for the
/// application, the one that the prefix was last used with, or Steam's default.
fn tool(
    prefix: &Prefix,
    named: Option<&Path>,
    root: &SteamRoot,
    paths: &SearchPaths,
) -> Result<PathBuf, Failure> {
    let app_id = prefix.path.as_deref().and_then(signs::app_id);
    let configured = |id| root.tool_name(id, paths).map(PathBuf::from);
    let used = || signs::used_proton(prefix.data()?, paths);
    let wanted = named
        .map(Path::to_owned)
        .or_else(|| app_id.and_then(configured))
        .or_else(used)
        .or_else(|| configured(0))
        .ok_or_else(|| {
            cannot_start(
                "nothing tells which Proton the prefix is used with",
                "name it with --proton NAME",
            )
        })?;
    let folder = if wanted.is_absolute() {
        Some(wanted.clone()).filter(|folder| is_proton(folder))
    } else {
        root.tool(&wanted.to_string_lossy(), paths)
    };
    folder.ok_or_else(|| {
        let name = clean(&wanted.to_string_lossy());
        cannot_start(
            format!("the Proton \"{name}\" is not installed"),
            "install it in Steam, or name another one with --proton NAME",
        )
    })
}

/// Sets the verb of a command for Proton or umu-launcher: a game in a prefix where another one runs must not wait for its end.
pub(crate) fn choose_verb(command: &mut LaunchCommand) {
    let value = |wanted: &str| {
        let mut variables = command.environment.iter();
        let found = variables.find(|(name, _)| name == wanted);
        found.map(|(_, value)| PathBuf::from(value))
    };
    let of_umu = value("PROTONPATH").and_then(|_| value("WINEPREFIX"));
    let Some(data) = value(DATA).or_else(|| of_umu.clone()) else {
        return;
    };
    if !is_live(&data) {
        return;
    }
    if of_umu.is_some() {
        let verb = ("PROTON_VERB".to_owned(), RUN.into());
        return command.environment.push(verb);
    }
    let through_runtime = format!("--verb={WAIT_AND_RUN}");
    for argument in &mut command.arguments {
        if *argument == *through_runtime {
            *argument = format!("--verb={RUN}").into();
        } else if argument == WAIT_AND_RUN {
            *argument = RUN.into();
            return;
        }
    }
}

/// Whether a process of this user, other than this one and its parent, names the prefix in its environment.
#[cfg(target_os = "linux")]
fn is_live(data: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let prefixes = [real(data), real(&data.join("pfx"))];
    let ours = [std::process::id(), std::os::unix::process::parent_id()];
    let names = |environment: &[u8]| {
        let mut variables = environment.split(|byte| *byte == 0);
        variables.any(|variable| {
            let value = [DATA, "WINEPREFIX"].iter().find_map(|name| {
                let value = variable.strip_prefix(name.as_bytes())?;
                value.strip_prefix(b"=")
            });
            value.is_some_and(|value| {
                let path = Path::new(std::ffi::OsStr::from_bytes(value));
                prefixes.contains(&real(path))
            })
        })
    };
    let processes = Path::new("/proc").read_dir().into_iter().flatten();
    let mut processes = processes.flatten().filter(|process| {
        let id = process.file_name().to_str().and_then(|id| id.parse().ok());
        id.is_some_and(|id: u32| !ours.contains(&id))
    });
    processes.any(|process| {
        // Those of other users cannot be read.
        let environment = std::fs::read(process.path().join("environ"));
        environment.is_ok_and(|environment| names(&environment))
    })
}

#[cfg(not(target_os = "linux"))]
fn is_live(_: &Path) -> bool {
    false
}
