//! The temporary folder of a rehearsal: its state directory, and the stand-in's game.

use std::path::PathBuf;

use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::files::temp_dir::TempDir;
use crate::base::random;
use crate::context::Context;
use crate::launch::find::{InstalledGame, expected};
use crate::state::StateDirectory;
use crate::update::game::GameFiles;

/// A folder that is removed when the rehearsal is over.
pub(super) struct RehearsalFolder(TempDir);

impl RehearsalFolder {
    /// Creates the folder.
    ///
    /// # Errors
    /// When the system's temporary directory cannot be used.
    pub(super) fn new() -> Result<Self, Failure> {
        let parent = std::env::temp_dir();
        let name = format!("playcookie-rehearsal-{}", random::hex(8));
        let folder = TempDir::new(&parent, &name).map_err(|error| {
            Failure::new(
                Reason::Io,
                format!(
                    "the rehearsal has no temporary folder: {} cannot be used ({error})",
                    parent.display()
                ),
                "check who may write there, or name another directory in TMPDIR",
            )
        })?;
        Ok(Self(folder))
    }

    /// Returns the state directory of the rehearsal.
    pub(super) fn state(&self) -> StateDirectory {
        StateDirectory::at(self.0.path().join("state"))
    }

    /// Returns the directory of the stand-in's game.
    pub(super) fn game(&self) -> PathBuf {
        self.0.path().join("game")
    }

    /// Sets the options that install the stand-in's game here.
    pub(super) fn install_here(&self, target: &mut LoginTarget) {
        target.options.game_dir = Some(self.game());
        target.options.update = Some(true);
    }

    /// Returns the files of the stand-in's game, as the update will install it.
    pub(super) fn files(
        &self,
        context: &Context,
        target: &LoginTarget,
        found: &InstalledGame,
    ) -> GameFiles {
        let mut files = GameFiles::new(context, target, found, true);
        let missing = || {
            let message = format!("{} contains no game", self.game().display());
            Failure::new(Reason::GameMissing, message, "rehearse it again")
        };
        files.missing = (!found.program.exists()).then(missing);
        files
    }

    /// Returns the program of the stand-in's game, as it will be installed.
    ///
    /// # Errors
    /// When the game has none for this system.
    pub(super) fn expected(&self, target: &LoginTarget) -> Result<InstalledGame, Failure> {
        let game = target.game_id.game();
        let runner = target.options.runner.unwrap_or_default();
        expected(game, &self.game(), runner).ok_or_else(|| {
            Failure::new(
                Reason::GameMissing,
                format!("{} has no program for this system", game.name),
                "rehearse without --update",
            )
        })
    }
}
