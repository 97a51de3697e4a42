//! Games for Windows in the prefixes of every runner, started through fakes that behave as the real runners do.

mod bottles;
mod choice;
mod every_runner;
pub(crate) mod fakes;
mod hostile_files;
mod places;
mod precedence;
mod proton;
mod real_wine;

use playcookie::stand_in::Scenario;
use serde_json::Value;

use crate::harness::{Home, Program, StandInServer};
use fakes::link_tools;

/// The directory of the game in a prefix.
const GAME: &str = "drive_c/Program Files (x86)/Toontown Rewritten";

/// A home with a `PATH` of its own, on which no real runner is, and a server.
struct Computer {
    home: Home,
    server: StandInServer,
}

impl Computer {
    fn new() -> Self {
        let home = Home::new();
        link_tools(&home);
        let server = StandInServer::new(Scenario::default());
        Self { home, server }
    }

    /// Returns `playcookie ttr play …` with this `PATH`.
    fn play(&self, options: &[&str]) -> Program {
        self.on_path(self.home.ttr("play", &self.server.root(), options))
    }

    /// Returns the program with this `PATH`.
    fn program(&self, words: &[&str]) -> Program {
        self.on_path(self.home.program(words))
    }

    fn on_path(&self, program: Program) -> Program {
        let bin = self.home.path().join("bin");
        program.env("PATH", bin).env("WINEPREFIX", "")
    }

    /// Returns the path of a file in the home.
    fn path(&self, name: &str) -> String {
        self.home.path().join(name).display().to_string()
    }

    /// Returns what would be started: the command, the directory and the names of the variables.
    #[track_caller]
    fn plan(&self, options: &[&str]) -> Value {
        let words = [&["ttr", "--dry-run", "--json"], options].concat();
        self.program(&words).run().exits(0).events().remove(0)
    }

    /// Returns the words of the command that would be started, with `~` for the home.
    #[track_caller]
    fn command(&self, options: &[&str]) -> Vec<String> {
        let plan = self.plan(options);
        let words = plan["command"].as_array().expect("words").iter();
        let home = self.home.path().display().to_string();
        words
            .map(|word| word.as_str().expect("a word").replace(&home, "~"))
            .collect()
    }

    /// Returns every install that is found: how, with which runner and in which prefix, with `~` for the home.
    #[track_caller]
    fn installs(&self, options: &[&str]) -> Vec<[String; 3]> {
        let words = [&["ttr", "installs", "--json"], options].concat();
        let list = self.program(&words).run().exits(0).events().remove(0);
        let home = format!("{}/", self.home.path().display());
        let text = |value: &Value| value.as_str().unwrap_or_default().replace(&home, "");
        let installs = list["installs"].as_array().expect("installs").iter();
        installs
            .map(|it| ["found", "runner", "prefix"].map(|key| text(&it[key])))
            .collect()
    }
}
