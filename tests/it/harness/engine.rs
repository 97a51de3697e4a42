//! A stand-in game that writes down how it was started: its environment, arguments and working directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Home, wait_until};

/// A game's program that writes down how it was started and then does what a test says.
pub(crate) struct Engine {
    /// The program.
    pub(crate) path: PathBuf,
    notes: PathBuf,
}

impl Engine {
    /// A program at `name` in the home that ends at once with status 0.
    pub(crate) fn new(home: &Home, name: &str) -> Self {
        Self::with_script(home, name, "exit 0")
    }

    /// A program at `name` in the home that ends with what `script` does, in a POSIX shell. Its x bit is not set.
    pub(crate) fn with_script(home: &Home, name: &str, script: &str) -> Self {
        let notes = home.path().join("started");
        let shown = notes.display();
        let text = format!(
            "#!/bin/sh\nmkdir -p '{shown}.new'\nenv >'{shown}.new/environment'\npwd >'{shown}.new/directory'\n\
             for argument; do printf '%s\\n' \"$argument\"; done >'{shown}.new/arguments'\n\
             echo $$ >'{shown}.new/pid'\nmv '{shown}.new' '{shown}'\n{script}\n"
        );
        Self {
            path: home.write(name, text),
            notes,
        }
    }

    /// A program at `name` in the home that goes on until `finish`, or until its home vanishes with the test, and
    /// then ends with `status`.
    pub(crate) fn long_running(home: &Home, name: &str, status: u8) -> Self {
        let notes = home.path().join("started");
        let notes = notes.display();
        // The count ends it in a test that hangs because of it.
        Self::with_script(
            home,
            name,
            &format!(
                "left=12000\nwhile [ -e '{notes}/pid' ] && [ ! -e '{notes}/over' ] && [ $left -gt 0 ]\n\
                 do sleep 0.01; left=$((left - 1)); done\nexit {status}"
            ),
        )
    }

    /// Lets a lingering program end.
    pub(crate) fn finish(&self) {
        std::fs::write(self.notes.join("over"), "").expect("a note");
    }

    /// Sets its x bit, which the launcher does for games and nobody does for other programs.
    pub(crate) fn executable(self) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&self.path, mode).expect("a mode");
        self
    }

    /// The program as an argument.
    pub(crate) fn exe(&self) -> &str {
        self.path.to_str().expect("UTF-8")
    }

    /// Whether it was started.
    pub(crate) fn was_started(&self) -> bool {
        self.notes.exists()
    }

    /// Waits until it was started.
    pub(crate) fn wait_until_started(&self) {
        wait_until("the game is started", || self.was_started());
    }

    /// A variable that it found.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        self.environment().remove(name)
    }

    /// Its environment.
    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        let text = self.note("environment");
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// Its arguments.
    pub(crate) fn arguments(&self) -> Vec<String> {
        self.note("arguments")
            .lines()
            .map(ToOwned::to_owned)
            .collect()
    }

    /// Its working directory.
    pub(crate) fn directory(&self) -> PathBuf {
        PathBuf::from(self.note("directory").trim_end_matches('\n'))
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> i32 {
        self.note("pid").trim().parse().expect("a process id")
    }

    fn note(&self, name: &str) -> String {
        let path: &Path = &self.notes.join(name);
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}
