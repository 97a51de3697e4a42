//! What can be told about the runner of a prefix without starting a game: its version, and whether it runs 32-bit programs.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::{Prefix, Tool, umu};
use crate::base::clock;
use crate::base::sanitize::clean;
use crate::launch::command::{LaunchCommand, is_ours};
use crate::launch::search_paths::SearchPaths;

/// How long a program may take to print its version.
const TIMEOUT: Duration = Duration::from_secs(3);
/// The first version of Wine that runs 32-bit programs without 32-bit libraries of the system.
const WITHOUT_LIBRARIES: u32 = 9;

/// A failed demand of umu-launcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UmuObstacle {
    /// It refuses the superuser.
    Superuser,
    /// It has to download its runtime.
    NoRuntime,
}

impl Prefix {
    /// Returns the version of what runs the programs, if that can be told. `command` is the one that starts a game.
    pub async fn version(&self, command: &LaunchCommand, paths: &SearchPaths) -> Option<String> {
        let proton = match &self.tool {
            Tool::Wine(_) => return printed_version(&command.program).await,
            Tool::Proton(_) => proton_folder(command)?,
            Tool::Umu(_) => {
                let mut variables = command.environment.iter();
                let (_, folder) = variables.find(|(name, _)| name == "PROTONPATH")?;
                PathBuf::from(folder)
            }
            Tool::Bottles(_) | Tool::CrossOver(_) => return None,
        };
        // A time, and the version.
        let file = proton.is_absolute().then(|| proton.join("version"));
        let file = file.and_then(|file| paths.text(&file)).unwrap_or_default();
        let version = file.split_whitespace().last().map(ToOwned::to_owned);
        let folder = || Some(proton.file_name()?.to_string_lossy().into_owned());
        version.or_else(folder).map(|version| clean(&version))
    }

    /// Whether the Wine in `command`, which is of this version, cannot run 32-bit programs. Unknown installations of Wine are
    /// assumed to.
    pub fn lacks_32_bit(&self, command: &LaunchCommand, version: Option<&str>) -> bool {
        let program = command.program.canonicalize();
        let (Tool::Wine(_), Ok(program)) = (&self.tool, program) else {
            return false;
        };
        let libraries = libraries(&program);
        let has = |kind: &str| libraries.iter().any(|folder| folder.join(kind).is_dir());
        let major = version.and_then(major);
        let is_new = major.is_none_or(|major| major >= WITHOUT_LIBRARIES);
        let runs_alone = has("i386-windows") && is_new;
        has("x86_64-unix") && !has("i386-unix") && !runs_alone
    }

    /// Returns why umu-launcher could not run a program now, where it is the tool.
    pub fn umu_obstacle(&self, paths: &SearchPaths) -> Option<UmuObstacle> {
        if !matches!(self.tool, Tool::Umu(_)) {
            return None;
        }
        #[cfg(unix)]
        if rustix::process::geteuid().is_root() {
            return Some(UmuObstacle::Superuser);
        }
        (!umu::has_runtime(paths)).then_some(UmuObstacle::NoRuntime)
    }
}

/// Returns the folder of the Proton that a command runs.
fn proton_folder(command: &LaunchCommand) -> Option<PathBuf> {
    let arguments = command.arguments.iter().map(Path::new);
    let mut words = std::iter::once(command.program.as_path()).chain(arguments);
    words
        .find(|word| word.ends_with("proton"))?
        .parent()
        .map(Path::to_owned)
}

/// Returns the folders that may hold the libraries of a Wine.
fn libraries(program: &Path) -> Vec<PathBuf> {
    let root = program.parent().and_then(Path::parent);
    let Some(root) = root else {
        return Vec::new();
    };
    let folders = [
        "lib",
        "lib64",
        "lib32",
        "lib/x86_64-linux-gnu",
        "lib/i386-linux-gnu",
    ];
    folders.map(|folder| root.join(folder).join("wine")).into()
}

/// Returns the first number of a version such as `wine-9.0 (Debian)`.
fn major(version: &str) -> Option<u32> {
    let version = version.trim_start_matches(|character: char| !character.is_ascii_digit());
    let digits = version.split(|character: char| !character.is_ascii_digit());
    digits.into_iter().next()?.parse().ok()
}

/// Returns the first line that a program prints when it is asked for its version.
async fn printed_version(program: &Path) -> Option<String> {
    let mut command = Command::new(program);
    command.arg("--version").kill_on_drop(true);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let variables = std::env::vars_os().map(|(name, _)| name);
    for name in variables.filter(|name| is_ours(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    let output = clock::timeout(TIMEOUT, command.output()).await?.ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().next().filter(|_| output.status.success())?;
    Some(clean(line)).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::runner::Runner;

    #[test]
    fn a_wine_with_64_bit_libraries_only_lacks_32_bit_before_version_9() {
        let folder = tempfile::tempdir().expect("a folder");
        let wine = folder.path().join("bin/wine");
        let library = |name: &str| {
            std::fs::create_dir_all(folder.path().join(name)).expect("a folder");
        };
        library("bin");
        std::fs::write(&wine, "").expect("a file");
        let command = LaunchCommand::of([wine.clone().into()]);
        let prefix = Prefix::without_path(Runner::Wine, Tool::Wine(Some(wine)));
        let lacks = |version| prefix.lacks_32_bit(&command, Some(version));
        assert!(!lacks("wine-8.0"));
        library("lib/wine/x86_64-unix");
        assert!(lacks("wine-8.0 (Debian 8.0~repack-4)") && lacks("wine-10.2") && lacks("odd"));
        library("lib/wine/i386-windows");
        assert!(lacks("wine-8.0") && !lacks("wine-10.2") && !lacks("odd"));
        library("lib32/wine/i386-unix");
        assert!(!lacks("wine-8.0"));
    }
}
