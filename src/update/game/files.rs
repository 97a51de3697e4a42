//! The files of a game that is about to be played: updated before the login, and locked while the game runs.
//!
//! ```text
//!   found ────────────┐                          ┌▶ lock ─▶ log in ─▶ start … end
//!                     ├▶ update, by policy ──────┘    ▲        │ names another list of files
//!   to be installed ──┘                               └ update ┘
//! ```

use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use super::file_servers::FileServers;
use super::login_update::LoginUpdate;
use super::run::{GameUpdate, UpdateOutcome, default_directory};
use super::wait::wait_for_lock;
use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::signals::Signals;
use crate::context::Context;
use crate::games::System;
use crate::launch::find::InstalledGame;
use crate::launch::search_paths::SearchPaths;
use crate::manifest::Manifest;
use crate::run_error::RunError;
use crate::terminal::event::Subject;
use crate::update::WorkerPool;
use crate::update::cache::Cache;
use crate::update::check::Depth;
use crate::update::directory_key::directory_key;
use crate::update::update_lock::UpdateLock;

/// Why files are updated before the game is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UpdatePolicy {
    /// `--update` was typed.
    Typed,
    /// `update = true` in the configuration.
    Configured,
    /// playcookie installed them.
    Installed,
}

/// The files of a game that is about to be played.
#[derive(Debug)]
pub(crate) struct GameFiles {
    directory: PathBuf,
    system: System,
    policy: Option<UpdatePolicy>,
    /// The failure when the game is still not found after the update that installs it.
    pub(crate) missing: Option<Failure>,
}

impl GameFiles {
    /// Returns the files of a game that was found. `is_typed` says that `--update` was typed.
    pub(crate) fn new(
        context: &Context,
        target: &LoginTarget,
        found: &InstalledGame,
        is_typed: bool,
    ) -> Self {
        let policy = match target.options.update {
            Some(false) => None,
            Some(true) if is_typed => Some(UpdatePolicy::Typed),
            Some(true) => Some(UpdatePolicy::Configured),
            None if !target.game_id.game().updates_by_default => None,
            None => {
                let known = Cache::load(&context.state, &directory_key(&found.directory));
                known.installed.then_some(UpdatePolicy::Installed)
            }
        };
        Self {
            directory: found.directory.clone(),
            system: found.system(),
            policy,
            missing: None,
        }
    }

    /// Returns what identifies the directory, if it is updated.
    pub(crate) fn update_key(&self) -> Option<String> {
        self.policy.map(|_| directory_key(&self.directory))
    }

    /// Returns the update that belongs into the middle of the login, if there is one. A running game keeps its files.
    ///
    /// # Errors
    /// When the login would be in vain: nothing can be downloaded, or `--update` was typed and the game runs.
    pub(crate) fn login_update(
        &mut self,
        context: &Context,
        target: &LoginTarget,
    ) -> Result<Option<LoginUpdate>, Failure> {
        let Some(policy) = self.policy else {
            return Ok(None);
        };
        let directory = self.directory.clone();
        let Some(update) = LoginUpdate::new(context, target, directory, Depth::Quick, false)?
        else {
            return Ok(None);
        };
        match update.check(context, target) {
            Err(failure)
                if failure.reason == Reason::TryLater && policy == UpdatePolicy::Configured =>
            {
                self.policy = None;
                context.terminal.warn(&format!(
                    "{}: the game runs already, and its files are not updated meanwhile",
                    target.subject().prefix()
                ));
                Ok(None)
            }
            checked => checked.map(|()| Some(update)),
        }
    }

    /// Updates the files where the policy says so, by the list of files at `list` if a login named one.
    ///
    /// # Errors
    /// When a file cannot be fetched, verified or written, when `--update` was typed and the game runs, and on a signal.
    pub(crate) async fn update(
        &self,
        context: &Context,
        target: &LoginTarget,
        list: Option<&str>,
        signals: &mut Signals,
    ) -> Result<(), RunError> {
        let Some(policy) = self.policy else {
            return Ok(());
        };
        let pool = WorkerPool::default();
        // Boxed: as large as a login.
        let update = Box::pin(self.run_update(context, target, policy, list, &pool));
        let outcome = signals.or_closed(&context.terminal, update).await;
        // Wait for workers to finish their current file.
        drop(pool);
        context.terminal.clear();
        outcome
    }

    async fn run_update(
        &self,
        context: &Context,
        target: &LoginTarget,
        policy: UpdatePolicy,
        list: Option<&str>,
        pool: &WorkerPool,
    ) -> Result<(), Failure> {
        let update = GameUpdate {
            list,
            file_servers: FileServers::new(context, target, self.system),
            ..GameUpdate::new(context, target, &self.directory)?
        };
        let updated = async {
            match update.run_unless_running(pool).await? {
                // A player who starts the game need not read that nothing changed.
                UpdateOutcome::Done(summary) if summary.placed == 0 => Ok(()),
                UpdateOutcome::Done(summary) => {
                    update.print(&summary);
                    Ok(())
                }
                UpdateOutcome::Running(manifest) => leave_outdated(&update, manifest, policy).await,
            }
        };
        updated
            .await
            .map_err(|failure| self.with_alternative(failure))
    }

    /// Locks the files for a game, once no update runs.
    ///
    /// # Errors
    /// As [`wait_for_lock`].
    pub(crate) async fn lock(
        &self,
        context: &Context,
        subject: &Subject,
    ) -> Result<Option<UpdateLock>, Failure> {
        let lock = || UpdateLock::for_game(&self.directory, &context.state);
        let locked = wait_for_lock(&context.terminal, subject, lock).await?;
        Ok(locked.map(|locked| locked.lock))
    }

    /// Returns the path of the list of files that a login named, if it is another one than was used and the policy
    /// says to update.
    ///
    /// # Errors
    /// When it is no path of a list.
    pub(crate) fn other_list(
        &self,
        context: &Context,
        target: &LoginTarget,
        named: Option<&str>,
    ) -> Result<Option<String>, Failure> {
        let Some(named) = named.filter(|_| self.policy.is_some()) else {
            return Ok(None);
        };
        let other = FileServers::new(context, target, self.system).other_manifest(named);
        other.map_err(|failure| self.with_alternative(failure))
    }

    /// Adds to the hint how an installed game is played all the same.
    fn with_alternative(&self, mut failure: Failure) -> Failure {
        if self.missing.is_none() {
            failure.hint += "; --no-update starts the game with the files that are there";
        }
        failure
    }
}

/// Leaves the files of a running game as they are, and warns when they are outdated.
///
/// # Errors
/// When `--update` was typed: that is done or refused. The configuration does not keep a second account from playing.
async fn leave_outdated(
    update: &GameUpdate<'_>,
    manifest: Arc<Manifest>,
    policy: UpdatePolicy,
) -> Result<(), Failure> {
    let outdated = update.check_by(manifest).await?.outdated.len();
    if outdated == 0 {
        return Ok(());
    }
    if policy == UpdatePolicy::Typed {
        return Err(update.running());
    }
    let files = if outdated == 1 {
        "file is"
    } else {
        "files are"
    };
    update.context.terminal.warn(&format!(
        "{}: {outdated} {files} missing or outdated, and not replaced while the game runs; it is started with what is there",
        update.subject.prefix()
    ));
    Ok(())
}

/// Returns the directory that a game is installed in: the one of the options, else the default.
///
/// # Errors
/// When the system names no place for a program's data.
pub(crate) fn directory_of(target: &LoginTarget) -> Result<PathBuf, Failure> {
    let named = |directory: &Path| absolute(directory).unwrap_or_else(|_| directory.to_owned());
    match target.options.game_dir.as_deref() {
        Some(directory) => Ok(named(directory)),
        None => default_directory(
            SearchPaths::from_environment().data,
            target.game_id.game().id,
        ),
    }
}
