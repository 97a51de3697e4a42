//! The files of a game that is about to be played: brought up to date before anybody logs in, and held while it runs.
//!
//! ```text
//!   found ────────────┐                          ┌▶ hold ─▶ log in ─▶ start … end
//!                     ├▶ bring, where wanted ────┘    ▲        │ names another list of files
//!   to be installed ──┘                               └─ bring ┘
//! ```

use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use super::at_login::AtLogin;
use super::hosts::Hosts;
use super::job::{Brought, Done, Job, usual_directory};
use super::wait::once_updated;
use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::signals::{Signal, Signals};
use crate::cli::game::Play;
use crate::commands::update::tell;
use crate::context::Context;
use crate::games::System;
use crate::http::BaseUrl;
use crate::launch::find::Found;
use crate::launch::places::Places;
use crate::manifest::Manifest;
use crate::state::StateDirectory;
use crate::terminal::event::Subject;
use crate::update::WorkerPool;
use crate::update::cache::Cache;
use crate::update::check::Depth;
use crate::update::directory_key::directory_key;
use crate::update::update_lock::UpdateLock;

/// Why files are brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UpdatePolicy {
    /// `--update`.
    Typed,
    /// `update = true`.
    Set,
    /// This program installed them.
    Ours,
}

/// The files of a game that is about to be played.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    directory: PathBuf,
    system: System,
    /// Where what is known of them is remembered.
    pub(crate) state: StateDirectory,
    wish: Option<UpdatePolicy>,
    /// Whether the game has to be installed before there is a program to start.
    pub(crate) is_missing: bool,
}

/// Whose files they are, and where they come from.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    pub(crate) context: &'a Context,
    pub(crate) target: &'a LoginTarget,
    /// In place of every host: a rehearsal's.
    pub(crate) root: Option<&'a BaseUrl>,
}

impl Files {
    /// Those of a game that was found.
    pub(crate) fn of(
        target: &LoginTarget,
        play: &Play,
        found: &Found,
        state: &StateDirectory,
    ) -> Self {
        let wish = match target.options.update {
            // Nothing changes in a dry run.
            _ if play.start.dry_run => None,
            Some(false) => None,
            Some(true) if play.start.update => Some(UpdatePolicy::Typed),
            Some(true) => Some(UpdatePolicy::Set),
            None if !target.game_id.game().updates_unasked => None,
            None => {
                let known = Cache::load(state, &directory_key(&found.directory));
                known.installed.then_some(UpdatePolicy::Ours)
            }
        };
        Self {
            directory: found.directory.clone(),
            system: found.system(),
            state: state.clone(),
            wish,
            is_missing: false,
        }
    }

    /// The same of a game that is not there yet.
    pub(crate) fn missing(self) -> Self {
        Self {
            is_missing: true,
            ..self
        }
    }

    /// What tells the files of one directory from those of another; nothing where no update is wanted.
    pub(crate) fn wanted(&self) -> Option<String> {
        self.wish.map(|_| directory_key(&self.directory))
    }

    /// The update that belongs into the middle of the login, where one is wanted and the game tells its download servers
    /// to nobody else. A game that runs keeps its files, as everywhere.
    ///
    /// # Errors
    /// When the login would be in vain: nothing can be downloaded, or `--update` was typed and the game runs.
    pub(crate) fn at_login(&self, owner: Owner<'_>) -> Result<Option<AtLogin>, Failure> {
        let Owner {
            context, target, ..
        } = owner;
        let Some(wish) = self.wish else {
            return Ok(None);
        };
        if !AtLogin::is_for(context, target)? {
            return Ok(None);
        }
        let at_login = AtLogin {
            directory: self.directory.clone(),
            state: self.state.clone(),
            depth: Depth::Quick,
            only: false,
            root: owner.root.cloned(),
        };
        match at_login.check(context, target) {
            Err(failure) if failure.reason == Reason::TryLater && wish == UpdatePolicy::Set => {
                let name = target.subject().label();
                let terminal = &context.terminal;
                terminal.warn(&format!(
                    "{name}: the game runs already, and its files are not updated meanwhile"
                ));
                Ok(None)
            }
            checked => checked.map(|()| Some(at_login)),
        }
    }

    /// Brings them up to date where that is wanted, by the list that a login named if one did. Gives the signal that
    /// ended it early.
    ///
    /// # Errors
    /// For whatever could not be fetched, verified or written, and when `--update` was typed and the game runs.
    pub(crate) async fn bring(
        &self,
        owner: Owner<'_>,
        list: Option<&str>,
        signals: &mut Signals,
    ) -> Result<Option<Signal>, Failure> {
        let Some(wish) = self.wish else {
            return Ok(None);
        };
        let crew = WorkerPool::default();
        let outcome = tokio::select! {
            biased;
            signal = signals.next() => Ok(Some(signal)),
            // As large as a login.
            outcome = Box::pin(self.act(owner, wish, list, &crew)) => outcome.map(|()| None),
        };
        // Those who were at a file put it away first.
        drop(crew);
        owner.context.terminal.clear();
        outcome.map_err(|failure| self.with_a_way_out(failure))
    }

    async fn act(
        &self,
        owner: Owner<'_>,
        wish: UpdatePolicy,
        list: Option<&str>,
        crew: &WorkerPool,
    ) -> Result<(), Failure> {
        let Owner {
            context,
            target,
            root,
        } = owner;
        let subject = target.subject();
        let hosts = Hosts::of(context, target, root.cloned()).on(self.system);
        let job = Job {
            context,
            subject: &subject,
            directory: &self.directory,
            hosts: &hosts,
            state: &self.state,
            list,
            told: &[],
            depth: Depth::Quick,
        };
        match job.bring_unless_running(crew).await? {
            // Whoever plays has something else to read.
            Brought::Done(Done { placed: 0, .. }) => {}
            Brought::Done(done) => tell(context, &subject, &self.directory, done),
            Brought::Running(manifest) => leave(&job, manifest, wish).await?,
        }
        Ok(())
    }

    /// Holds them for a game, once no update is under way.
    pub(crate) async fn hold(&self, context: &Context, subject: &Subject) -> Option<UpdateLock> {
        let look = || UpdateLock::for_game(&self.directory, &self.state);
        let turn = once_updated(context, subject, look).await;
        turn.map(|turn| turn.guard)
    }

    /// Where the list of files is that a login named; nothing where it is the one that was `used`, or no update is wanted.
    ///
    /// # Errors
    /// When it is no path of a list.
    pub(crate) fn other_list(
        &self,
        owner: Owner<'_>,
        named: Option<&str>,
        used: Option<&str>,
    ) -> Result<Option<String>, Failure> {
        let Some(named) = named.filter(|_| self.wish.is_some()) else {
            return Ok(None);
        };
        let hosts = Hosts::of(owner.context, owner.target, owner.root.cloned());
        let other = hosts.other_list(named, used);
        other.map_err(|failure| self.with_a_way_out(failure))
    }

    /// A failure that leaves a game to play says how.
    fn with_a_way_out(&self, mut failure: Failure) -> Failure {
        if !self.is_missing {
            failure.hint += "; --no-update starts the game with the files that are there";
        }
        failure
    }
}

/// The game runs, so its files stay as they are; that is news only when they are not the newest.
///
/// # Errors
/// When `--update` was typed: what was asked for by name is done or refused. A standing wish is no reason to keep a
/// second account from playing.
async fn leave(job: &Job<'_>, manifest: Arc<Manifest>, wish: UpdatePolicy) -> Result<(), Failure> {
    let needs = job.look_for(manifest).await?.needs.len();
    if needs == 0 {
        return Ok(());
    }
    if wish == UpdatePolicy::Typed {
        return Err(job.running());
    }
    let files = if needs == 1 { "file is" } else { "files are" };
    job.context.terminal.warn(&format!(
        "{}: {needs} {files} not the newest, and not replaced while the game runs; it is started with what is there",
        job.subject.label()
    ));
    Ok(())
}

/// Where a game goes that was not found.
///
/// # Errors
/// When the system names no place for a program's data.
pub(crate) fn place(target: &LoginTarget) -> Result<PathBuf, Failure> {
    let named = |directory: &Path| absolute(directory).unwrap_or_else(|_| directory.to_owned());
    match target.options.game_dir.as_deref() {
        Some(directory) => Ok(named(directory)),
        None => usual_directory(Places::here().data, target.game_id.game().id),
    }
}

/// A login that took place before a long update.
pub(crate) fn too_old(subject: &Subject) -> Failure {
    Failure::new(
        Reason::TryLater,
        format!(
            "the files were brought up to date after the login of {}, which took so long that the login is too old for the game",
            subject.label()
        ),
        "run it again: the files are the newest now",
    )
}
