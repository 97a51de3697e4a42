//! What may be set for a game and for an account.

use std::path::PathBuf;

use crate::config::api::Api;
use crate::launch::find::Runner;

/// Options of a game or an account; what is `None` is not set there. Paths stand as they were written, `~/` included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The game's directory.
    pub game_dir: Option<PathBuf>,
    /// The game's program.
    pub exe: Option<PathBuf>,
    /// What runs the game.
    pub runner: Option<Runner>,
    /// The command that goes in front of the game's; empty for none.
    pub wrapper: Option<Vec<String>>,
    /// Which interface of the game's servers, and where.
    pub api: Option<Api>,
    /// Where the game's output goes.
    pub log: Option<PathBuf>,
    /// Whether files are brought up to date before the game is played.
    pub update: Option<bool>,
    /// A shell command before the start.
    pub pre_launch: Option<String>,
    /// A shell command after the end.
    pub post_exit: Option<String>,
    /// A shell command whose first line of output is the password.
    pub password_command: Option<String>,
    /// A shell command whose first line of output is a two-factor code.
    pub code_command: Option<String>,
    /// The toon to enter with.
    pub toon_slot: Option<u8>,
}

impl Options {
    /// These options, and those `below` where these say nothing. The game's directory and its program go together: a
    /// directory that was named is not looked through for a program that was named for another one.
    #[must_use]
    pub fn over(self, below: &Self) -> Self {
        let named = self.game_dir.is_some() || self.exe.is_some();
        let (game_dir, exe) = if named {
            (self.game_dir, self.exe)
        } else {
            (below.game_dir.clone(), below.exe.clone())
        };
        Self {
            game_dir,
            exe,
            runner: self.runner.or(below.runner),
            wrapper: self.wrapper.or_else(|| below.wrapper.clone()),
            api: self.api.or_else(|| below.api.clone()),
            log: self.log.or_else(|| below.log.clone()),
            update: self.update.or(below.update),
            pre_launch: self.pre_launch.or_else(|| below.pre_launch.clone()),
            post_exit: self.post_exit.or_else(|| below.post_exit.clone()),
            password_command: self
                .password_command
                .or_else(|| below.password_command.clone()),
            code_command: self.code_command.or_else(|| below.code_command.clone()),
            toon_slot: self.toon_slot.or(below.toon_slot),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearer_to_the_account_wins() {
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
        let both = account.over(&game);
        assert_eq!(both.wrapper, Some(Vec::new()));
        assert_eq!(both.pre_launch.as_deref(), Some("a"));
        assert_eq!(both.toon_slot, Some(0));
    }

    #[test]
    fn a_directory_is_not_mixed_with_the_program_of_another() {
        let named = |game_dir: Option<&str>, exe: Option<&str>| Options {
            game_dir: game_dir.map(Into::into),
            exe: exe.map(Into::into),
            ..Options::default()
        };
        let both = named(Some("/a"), None).over(&named(Some("/b"), Some("/b/game")));
        assert_eq!((both.game_dir, both.exe), (Some("/a".into()), None));
        let below = named(None, None).over(&named(Some("/b"), Some("/b/game")));
        assert_eq!(below.exe, Some("/b/game".into()));
    }
}
