//! The options of a game and of an account.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::config::api::Api;
use crate::launch::find::FindOptions;
use crate::launch::runner::Runner;

/// Where the output of a game is logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GameLog {
    /// Nowhere.
    Off,
    /// In a new file of the state directory for each run.
    EachRun,
    /// In this file.
    File(PathBuf),
}

/// The options of a game or an account; `None` is not set. Paths are as written, including `~/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The game's directory.
    pub game_dir: Option<PathBuf>,
    /// The game's program.
    pub exe: Option<PathBuf>,
    /// The runner that starts the game.
    pub runner: Option<Runner>,
    /// The Wine prefix of the game.
    pub prefix: Option<PathBuf>,
    /// The program of Wine.
    pub wine: Option<PathBuf>,
    /// The name or the folder of Proton.
    pub proton: Option<PathBuf>,
    /// The command that starts the game's command as its arguments; empty for none.
    pub wrapper: Option<Vec<String>>,
    /// Arguments of the game, in front of those that are typed.
    pub args: Option<Vec<String>>,
    /// Environment variables of the game.
    pub env: BTreeMap<String, String>,
    /// The interface of the game's servers and its base URL.
    pub api: Option<Api>,
    /// Where the game's output is logged.
    pub log: Option<GameLog>,
    /// Whether the game's files are updated before a start.
    pub update: Option<bool>,
    /// A shell command that runs before the start.
    pub pre_launch: Option<String>,
    /// A shell command that runs after the game has ended.
    pub post_exit: Option<String>,
    /// A shell command whose first line of output is the password.
    pub password_command: Option<String>,
    /// A shell command whose first line of output is a two-factor code.
    pub code_command: Option<String>,
    /// The toon that enters the game, 0 to 5.
    pub toon_slot: Option<u8>,
}

impl Options {
    /// Returns these options, and those of `defaults` where these are not set. The game's directory and program are taken
    /// together, so that a directory is never combined with a program in another directory; the environment variables are
    /// taken one by one.
    #[must_use]
    pub fn or(self, defaults: Self) -> Self {
        let is_set = self.game_dir.is_some() || self.exe.is_some();
        let (game_dir, exe) = if is_set {
            (self.game_dir, self.exe)
        } else {
            (defaults.game_dir, defaults.exe)
        };
        Self {
            game_dir,
            exe,
            runner: self.runner.or(defaults.runner),
            prefix: self.prefix.or(defaults.prefix),
            wine: self.wine.or(defaults.wine),
            proton: self.proton.or(defaults.proton),
            wrapper: self.wrapper.or(defaults.wrapper),
            args: self.args.or(defaults.args),
            env: defaults.env.into_iter().chain(self.env).collect(),
            api: self.api.or(defaults.api),
            log: self.log.or(defaults.log),
            update: self.update.or(defaults.update),
            pre_launch: self.pre_launch.or(defaults.pre_launch),
            post_exit: self.post_exit.or(defaults.post_exit),
            password_command: self.password_command.or(defaults.password_command),
            code_command: self.code_command.or(defaults.code_command),
            toon_slot: self.toon_slot.or(defaults.toon_slot),
        }
    }

    /// Returns where the game is looked for and what runs it.
    pub fn find_options(&self) -> FindOptions {
        let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
        // A single word is a name.
        let program = |path: &PathBuf| match path.components().count() {
            0 | 1 => path.clone(),
            _ => absolute(path),
        };
        FindOptions {
            game_dir: self.game_dir.clone(),
            exe: self.exe.clone(),
            runner: self.runner.unwrap_or_default(),
            prefix: self.prefix.as_ref().map(absolute),
            wine: self.wine.as_ref().map(program),
            proton: self.proton.as_ref().map(program),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_an_account_precede_those_of_its_game() {
        let game = Options {
            wrapper: Some(vec!["gamemoderun".to_owned()]),
            pre_launch: Some("a".to_owned()),
            toon_slot: Some(1),
            ..Options::default()
        };
        let account = Options {
            wrapper: Some(Vec::new()),
            toon_slot: Some(0),
            ..Options::default()
        };
        let both = account.or(game);
        assert_eq!(both.wrapper, Some(Vec::new()));
        assert_eq!(both.pre_launch.as_deref(), Some("a"));
        assert_eq!(both.toon_slot, Some(0));
    }

    #[test]
    fn a_directory_is_not_combined_with_the_program_of_another() {
        let options = |game_dir: Option<&str>, exe: Option<&str>| Options {
            game_dir: game_dir.map(Into::into),
            exe: exe.map(Into::into),
            ..Options::default()
        };
        let both = options(Some("/a"), None).or(options(Some("/b"), Some("/b/game")));
        assert_eq!((both.game_dir, both.exe), (Some("/a".into()), None));
        let inherited = options(None, None).or(options(Some("/b"), Some("/b/game")));
        assert_eq!(inherited.exe, Some("/b/game".into()));
    }
}
