//! The options of a command line as the application takes them.

use super::{Answers, Play, Server, Who};
use crate::auth::login_options::LoginOptions;
use crate::config::options::Options;
use crate::protocol::driver::WaitLimits;
use crate::session::launch_plan::LaunchOptions;

impl Who {
    /// Returns the names of accounts, and those of groups behind `@`.
    pub fn names(&self) -> Vec<String> {
        let groups = self.group.iter();
        let groups = groups.map(|group| format!("@{}", group.strip_prefix('@').unwrap_or(group)));
        self.accounts.iter().cloned().chain(groups).collect()
    }

    /// Returns the options that override the configuration of every account.
    pub fn overrides(&self, server: &Server) -> Options {
        Options {
            api: server.api.clone(),
            toon_slot: self.toon_slot,
            ..Options::default()
        }
    }

    /// Returns the options of the login.
    pub fn login_options(&self, answers: &Answers, server: &Server) -> LoginOptions {
        LoginOptions {
            password_stdin: answers.password_stdin,
            password_command: answers.password_command.clone(),
            code: answers.code.clone(),
            code_command: answers.code_command.clone(),
            save: self.save.clone(),
            no_save: self.no_save,
            wait_limits: WaitLimits {
                queue: server.queue_timeout.map(|limit| limit.0),
                server: server.wait_for_server.map(|limit| limit.0),
            },
            is_one_of_several: false,
        }
    }
}

impl Play {
    /// Returns the options that override the configuration of every account.
    pub fn overrides(&self) -> Options {
        let start = &self.start;
        Options {
            game_dir: start.game_dir.clone(),
            exe: start.exe.clone(),
            runner: start.runner.map(Into::into),
            wrapper: start.wrapper.as_ref().map(|words| words.0.clone()),
            log: start.log.clone(),
            update: (start.update || start.no_update).then_some(start.update),
            ..self.who.overrides(&self.server)
        }
    }

    /// Returns the options of the logins.
    pub fn login_options(&self) -> LoginOptions {
        self.who.login_options(&self.answers, &self.server)
    }

    /// Returns how the games are started.
    pub fn launch_options(&self) -> LaunchOptions {
        LaunchOptions {
            arguments: self.arguments.clone(),
            detach: self.start.detach,
            dry_run: self.start.dry_run,
            update: self.start.update,
            password_stdin: self.answers.password_stdin,
        }
    }

    /// Returns whether an option is for one game only.
    pub fn names_one_game(&self) -> bool {
        let start = &self.start;
        start.exe.is_some() || start.game_dir.is_some() || self.server.api.is_some()
    }
}
