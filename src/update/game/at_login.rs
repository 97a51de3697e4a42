//! An update in the middle of a login, for games that tell their download servers to nobody else.

use std::path::PathBuf;

use super::hosts::Hosts;
use super::job::Job;
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::cli::usage::wrong;
use crate::commands::update::tell;
use crate::context::Context;
use crate::games::Downloads;
use crate::http::BaseUrl;
use crate::manifest::MirrorAddress;
use crate::state::StateDirectory;
use crate::terminal::event::Subject;
use crate::update::WorkerPool;
use crate::update::check::Depth;

/// What a login is to do with the files, once it knows where they come from.
#[derive(Debug)]
pub(crate) struct AtLogin {
    /// The game's directory.
    pub(crate) directory: PathBuf,
    /// Where what is known of it is remembered.
    pub(crate) state: StateDirectory,
    /// How closely the files are looked at.
    pub(crate) depth: Depth,
    /// Whether nothing else is wanted of the login.
    pub(crate) only: bool,
    /// In place of every host: a rehearsal's.
    pub(crate) root: Option<BaseUrl>,
}

impl AtLogin {
    /// Whether the update of one who asked for it belongs into the middle of the login ([`AtLogin`]), and not in front
    /// of it; then the player hears what there is to know about that.
    ///
    /// # Errors
    /// When the interface has nothing to download.
    pub(crate) fn is_for(context: &Context, target: &LoginTarget) -> Result<bool, Failure> {
        let game = target.game_id.game();
        let api = target.options.api.clone().unwrap_or_default();
        match game.api(api.interface).downloads {
            Downloads::Public => Ok(false),
            Downloads::AtLogin { notice } => {
                let name = game.name;
                context.terminal.say(format_args!("{name}: {notice}"));
                Ok(true)
            }
            Downloads::Untold => Err(wrong(
                format!(
                    "the documented interface of {} names no server to download files from",
                    game.name
                ),
                "leave `documented` out of --api and of the configuration; nothing was sent",
            )),
        }
    }

    /// Finds out before anything is sent whether a login would be in vain.
    ///
    /// # Errors
    /// As [`Job::may_begin`].
    pub(crate) fn check(&self, context: &Context, target: &LoginTarget) -> Result<(), Failure> {
        let hosts = Hosts::of(context, target, self.root.clone());
        self.job(context, &target.subject(), &hosts, &[])
            .may_begin()
    }

    /// Brings the files up to date from the servers that were told, and says what was done.
    ///
    /// # Errors
    /// As [`Job::bring`].
    pub(crate) async fn bring(
        &self,
        context: &Context,
        target: &LoginTarget,
        subject: &Subject,
        told: &[MirrorAddress],
    ) -> Result<(), Failure> {
        // Waited for when this is dropped on the way: those who are at a file put it away first.
        let crew = WorkerPool::default();
        let hosts = Hosts::of(context, target, self.root.clone());
        let job = self.job(context, subject, &hosts, told);
        let done = job.bring(&crew).await?;
        tell(context, subject, &self.directory, done);
        Ok(())
    }

    fn job<'a>(
        &'a self,
        context: &'a Context,
        subject: &'a Subject,
        hosts: &'a Hosts<'a>,
        told: &'a [MirrorAddress],
    ) -> Job<'a> {
        Job {
            context,
            subject,
            directory: &self.directory,
            hosts,
            state: &self.state,
            list: None,
            told,
            depth: self.depth,
        }
    }
}
