//! The games that run, in a file of the state directory: what `ps` shows and `stop` ends.
//!
//! An entry outlives the launcher, because a detached game does, and so may a game whose launcher was killed. An entry whose
//! process has ended does not count, and is removed when the next game starts.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::quantity::duration_text;
use crate::base::sanitize::{clean, escaped};
use crate::base::timestamp;
use crate::context::Context;
use crate::games::GameId;
use crate::launch::command::{LaunchCommand, Output};
use crate::launch::process_identity::ProcessIdentity;
use crate::state::StateDirectory;

/// The state file.
const FILE: &str = "running.json";

/// A game that was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunningGame {
    process: ProcessIdentity,
    /// Whether the process leads its process group.
    leads_group: bool,
    game: String,
    /// The remembered account.
    pub(crate) account: Option<String>,
    username: Option<String>,
    /// The time of the start, in seconds since 1970.
    since: u64,
    log: Option<String>,
    detached: bool,
}

impl RunningGame {
    /// Adds the game of an account to the file; returns `None` when it has ended already.
    pub(super) fn add(
        context: &Context,
        target: &LoginTarget,
        command: &LaunchCommand,
        pid: u32,
    ) -> Option<Self> {
        let log = match &command.output {
            Output::File(log) => std::path::absolute(log).ok(),
            _ => None,
        };
        let game = Self {
            process: ProcessIdentity::of(pid)?,
            leads_group: command.detached || command.own_group,
            game: target.game_id.game().id.to_owned(),
            account: target.account.as_ref().map(|account| account.name.clone()),
            username: target.username.clone(),
            since: clock::since_epoch().as_secs(),
            log: log.map(|log| log.to_string_lossy().into_owned()),
            detached: command.detached,
        };
        let added = context.state.update_json(FILE, |games: &mut Vec<Self>| {
            games.retain(Self::is_running);
            games.push(game.clone());
        });
        if let Err(error) = added {
            let words = format!("`playcookie ps` and `stop` do not know the game: {error}");
            if command.detached {
                context.terminal.warn(&words);
            } else {
                context.terminal.detail(1, || words);
            }
        }
        Some(game)
    }

    /// Removes the game from the file.
    pub(super) fn remove(&self, state: &StateDirectory) {
        // An entry that stays does not count.
        let _ = state.update_json(FILE, |games: &mut Vec<Self>| {
            games.retain(|game| game != self);
        });
    }

    /// Returns the games that run, the oldest first.
    pub(crate) fn all(state: &StateDirectory) -> Vec<Self> {
        let mut games: Vec<Self> = state.read_json(FILE);
        games.retain(Self::is_running);
        games.sort_by_key(|game| game.since);
        games
    }

    /// Whether the game still runs.
    pub(crate) fn is_running(&self) -> bool {
        self.process.is_running()
    }

    /// Asks the game to end.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn terminate(&self) -> io::Result<()> {
        self.process.terminate(self.leads_group)
    }

    /// Returns the process id.
    pub(crate) const fn pid(&self) -> u32 {
        self.process.pid
    }

    /// Returns the name for people: the account's, else the username, else the game's.
    pub(crate) fn label(&self) -> String {
        let name = self.account.as_ref().or(self.username.as_ref());
        clean(name.unwrap_or(&self.game))
    }

    /// Returns the game's name for people.
    pub(crate) fn game_name(&self) -> String {
        GameId::named(&self.game).map_or_else(|| clean(&self.game), |id| id.game().name.to_owned())
    }

    /// Returns the game as `--json` shows it.
    pub(crate) fn json(&self) -> Value {
        let cleaned = |text: &Option<String>| text.as_deref().map(clean);
        json!({
            "pid": self.pid(),
            "game": clean(&self.game),
            "account": cleaned(&self.account),
            "username": cleaned(&self.username),
            "since": timestamp::rfc3339(self.since),
            "log": self.log.as_deref().map(escaped),
            "detached": self.detached,
        })
    }

    /// Returns the process id, the game, the account, the time since the start, and the log, as `ps` shows them.
    pub(crate) fn cells(&self) -> Vec<String> {
        let seconds = clock::since_epoch().as_secs().saturating_sub(self.since);
        vec![
            self.pid().to_string(),
            clean(&self.game),
            self.label(),
            duration_text(Duration::from_secs(seconds.max(1))),
            self.log.as_deref().map_or("-".to_owned(), escaped),
        ]
    }
}
