//! An update in the middle of a login, for games that name their download servers to logged-in launchers only.

use std::path::PathBuf;

use super::run::GameUpdate;
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::games::Downloads;
use crate::manifest::MirrorAddress;
use crate::update::WorkerPool;
use crate::update::check::Depth;

/// What a login does with the files once it knows their servers.
#[derive(Debug)]
pub(crate) struct LoginUpdate {
    directory: PathBuf,
    depth: Depth,
    /// Whether the login ends after the update.
    pub(crate) only: bool,
}

impl LoginUpdate {
    /// Returns the update of a game whose login names the download servers, and prints what the player has to know about
    /// that; nothing for other games.
    ///
    /// # Errors
    /// When the interface has nothing to download.
    pub(crate) fn new(
        context: &Context,
        target: &LoginTarget,
        directory: PathBuf,
        depth: Depth,
        only: bool,
    ) -> Result<Option<Self>, Failure> {
        let game = target.game_id.game();
        match game.api(target.interface()).downloads {
            Downloads::Public => Ok(None),
            Downloads::AtLogin { notice } => {
                context
                    .terminal
                    .say(format_args!("{}: {notice}", game.name));
                Ok(Some(Self {
                    directory,
                    depth,
                    only,
                }))
            }
            Downloads::Unavailable => Err(Failure::usage(
                format!(
                    "the documented interface of {} names no server to download files from",
                    game.name
                ),
                "leave `documented` out of --api and of the configuration; nothing was sent",
            )),
        }
    }

    /// Checks before anything is sent whether the update can begin.
    ///
    /// # Errors
    /// As [`GameUpdate::check_directory`].
    pub(crate) fn check(&self, context: &Context, target: &LoginTarget) -> Result<(), Failure> {
        GameUpdate::new(context, target, &self.directory)?.check_directory()
    }

    /// Updates the files from `mirrors`, and prints what was done.
    ///
    /// # Errors
    /// As [`GameUpdate::run`].
    pub(crate) async fn run(
        &self,
        context: &Context,
        target: &LoginTarget,
        mirrors: &[MirrorAddress],
    ) -> Result<(), Failure> {
        // Dropped when this future is: then workers finish their current file first.
        let pool = WorkerPool::default();
        let update = GameUpdate {
            mirrors,
            depth: self.depth,
            ..GameUpdate::new(context, target, &self.directory)?
        };
        let summary = update.run(&pool).await?;
        update.print(&summary);
        Ok(())
    }
}
