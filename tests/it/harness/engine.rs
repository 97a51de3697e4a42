//! A stand-in game that records its environment, arguments and working directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Home, wait_until};

/// A game's program that records how it was started and then runs a script.
pub(crate) struct Engine {
    /// The path of the program.
    pub(crate) path: PathBuf,
    record: PathBuf,
}

impl Engine {
    /// Creates a program at `name` in the home that exits at once with status 0.
    pub(crate) fn new(home: &Home, name: &str) -> Self {
        Self::with_script(home, name, "exit 0")
    }

    /// Creates a program at `name` in the home that runs `script` in a POSIX shell. It is not executable.
    pub(crate) fn with_script(home: &Home, name: &str, script: &str) -> Self {
        let record = home.path().join("started");
        let shown = record.display();
        let text = format!(
            "#!/bin/sh\nmkdir -p '{shown}.new'\nenv >'{shown}.new/environment'\npwd >'{shown}.new/directory'\n\
             for argument; do printf '%s\\n' \"$argument\"; done >'{shown}.new/arguments'\n\
             echo $$ >'{shown}.new/pid'\nmv '{shown}.new' '{shown}'\n{script}\n"
        );
        Self {
            path: home.write(name, text),
            record,
        }
    }

    /// Creates a program at `name` in the home that runs until [`Self::finish`] or until its home is removed, and then
    /// exits with `status`.
    pub(crate) fn long_running(home: &Home, name: &str, status: u8) -> Self {
        let record = home.path().join("started");
        let record = record.display();
        // The count ends the program if the test hangs.
        Self::with_script(
            home,
            name,
            &format!(
                "left=12000\nwhile [ -e '{record}/pid' ] && [ ! -e '{record}/over' ] && [ $left -gt 0 ]\n\
                 do sleep 0.01; left=$((left - 1)); done\nexit {status}"
            ),
        )
    }

    /// Ends a long-running program.
    pub(crate) fn finish(&self) {
        std::fs::write(self.record.join("over"), "").expect("a file");
    }

    /// Makes the program executable. The launcher does this for games, but not for other programs.
    pub(crate) fn executable(self) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&self.path, mode).expect("a mode");
        self
    }

    /// Returns the path of the program as an argument.
    pub(crate) fn exe(&self) -> &str {
        self.path.to_str().expect("UTF-8")
    }

    /// Returns whether the program was started.
    pub(crate) fn was_started(&self) -> bool {
        self.record.exists()
    }

    /// Waits until the program was started.
    pub(crate) fn wait_until_started(&self) {
        wait_until("the game is started", || self.was_started());
    }

    /// Returns a variable of the program's environment.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        self.environment().remove(name)
    }

    /// Returns the program's environment.
    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        let text = self.note("environment");
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// Returns the program's arguments.
    pub(crate) fn arguments(&self) -> Vec<String> {
        self.note("arguments")
            .lines()
            .map(ToOwned::to_owned)
            .collect()
    }

    /// Returns the program's working directory.
    pub(crate) fn directory(&self) -> PathBuf {
        PathBuf::from(self.note("directory").trim_end_matches('\n'))
    }

    /// Returns the program's process id.
    pub(crate) fn pid(&self) -> i32 {
        self.note("pid").trim().parse().expect("a process id")
    }

    fn note(&self, name: &str) -> String {
        let path: &Path = &self.record.join(name);
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}
