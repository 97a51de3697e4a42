//! Where a rehearsal puts the stand-in's game: a folder of its own, gone when the rehearsal is over.

use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::files::temporary::Temporary;
use crate::base::random;
use crate::base::signals::{Signal, Signals};
use crate::cli::game::Play;
use crate::context::Context;
use crate::http::Root;
use crate::launch::find::{InstalledGame, Runner, expected};
use crate::session::launch_plan::{LaunchPlan, complete, plan};
use crate::state::State;
use crate::update::game::files::{Files, Owner};

use super::stand_in_start;

/// A place for a game, and for what is known of its files.
pub(crate) struct Lodging {
    folder: Temporary,
    state: State,
}

impl Lodging {
    /// An empty one.
    ///
    /// # Errors
    /// When the system has no room for it.
    pub(crate) fn new() -> Result<Self, Failure> {
        let parent = std::env::temp_dir();
        let name = format!("playcookie-rehearsal-{}", random::hex(8));
        let folder = Temporary::new(&parent, &name).map_err(|error| {
            Failure::new(
                Reason::Io,
                format!(
                    "the rehearsal has no place for its game: {} cannot be used ({error})",
                    parent.display()
                ),
                "check who may write there, or rehearse without --update",
            )
        })?;
        let state = State::at(folder.path().join("state"));
        Ok(Self { folder, state })
    }

    /// The same player, who wants the game to be here.
    pub(crate) fn guest(&self, mut target: LoginTarget) -> LoginTarget {
        target.options.game_dir = Some(self.folder.path().join("game"));
        target.options.update = Some(true);
        target
    }

    /// What is started for a guest: the program that is published, where this system runs scripts, else the stand-in game
    /// beside the files.
    ///
    /// # Errors
    /// As [`plan`].
    pub(crate) fn plan(
        &self,
        context: &Context,
        guest: &LoginTarget,
        play: &Play,
    ) -> Result<LaunchPlan, Failure> {
        let found = self.expected(guest)?;
        if cfg!(unix) && found.runner == Runner::Native {
            return plan(context, guest, play, &self.state);
        }
        let start = stand_in_start(guest, play)?;
        let planned = complete(context, guest, play, start)?;
        Ok(LaunchPlan {
            files: Some(Files::of(guest, play, &found, &self.state)),
            ..planned
        })
    }

    /// Brings a guest's game to what is published at each of these, one after the other. Gives the signal that ended it
    /// early.
    ///
    /// # Errors
    /// For whatever could not be fetched, verified or written.
    pub(crate) async fn bring(
        &self,
        context: &Context,
        guest: &LoginTarget,
        play: &Play,
        roots: [&Root; 2],
        signals: &mut Signals,
    ) -> Result<Option<Signal>, Failure> {
        // There is nothing else that could be started.
        let files = Files::of(guest, play, &self.expected(guest)?, &self.state).missing();
        for root in roots {
            let owner = Owner {
                context,
                target: guest,
                root: Some(root),
            };
            if let Some(signal) = files.bring(owner, None, signals).await? {
                return Ok(Some(signal));
            }
        }
        Ok(None)
    }

    /// Where the program of a guest's game will be.
    fn expected(&self, guest: &LoginTarget) -> Result<InstalledGame, Failure> {
        let game = guest.game_id.game();
        let runner = guest.options.runner.unwrap_or_default();
        expected(game, &self.folder.path().join("game"), runner).ok_or_else(|| {
            Failure::new(
                Reason::GameMissing,
                format!("{} has no program for this system", game.name),
                "rehearse without --update",
            )
        })
    }
}
