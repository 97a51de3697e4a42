//! Several accounts at once: one login after the other, all games supervised together.
//!
//! ```text
//!   prepare all ─▶ update each game ─▶ log in 1 ─▶ start 1 ──▶ log in 2 ─▶ start 2 … ──▶ wait for all
//!        │              │                  │ try-later: the rest is not tried              │ Ctrl-C: to every game
//!   any is missing   any fails:            │ Ctrl-C: no further login
//!   something: none  none begins           ▼
//!   is sent                             reported; the next one is tried
//! ```

pub(crate) mod troupe;
pub(crate) mod updates;

use std::rc::Rc;

use super::launch_plan::{LaunchPlan, plan};
use crate::auth::login_plan::{LoginPlan, Typed, prepare};
use crate::auth::target::LoginTarget;
use crate::base::failure::{Ending, Failure, Reason};
use crate::base::signals::Signals;
use crate::cli::game::Play;
use crate::commands::play::show;
use crate::commands::report_failure;
use crate::context::Context;
use crate::credentials::store::CredentialStore;
use crate::state::StateDirectory;
use crate::terminal::event::Subject;
use crate::update::update_lock::UpdateLock;
use troupe::Supervisor;
use updates::update_all;

/// Tells of a failure, and whose it is: the sentence alone may not say.
fn report(context: &Context, subject: &Subject, failure: &Failure) {
    let name = subject.label();
    let mut failure = failure.clone();
    if !failure.message.contains(&name) {
        failure.message = format!("{name}: {}", failure.message);
    }
    report_failure(&context.terminal, subject, &failure);
}

/// One of several.
pub(crate) struct AccountRun {
    subject: Subject,
    planned: Rc<LaunchPlan>,
    /// Taken when it is its turn.
    prepared: Option<LoginPlan>,
    /// Its game's files, as long as it runs.
    hold: Option<UpdateLock>,
    /// How it went, once that is known.
    status: Option<i32>,
}

/// Plays several accounts.
pub(crate) async fn run(
    context: &Context,
    play: &Play,
    targets: Vec<LoginTarget>,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let credentials = CredentialStore::default();
    let typed = Typed {
        who: &play.who,
        answers: &play.answers,
        server: &play.server,
        root: None,
        alone: false,
    };
    let parts = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        parts = prepare_all(context, &credentials, play, &typed, targets) => parts,
    };
    let mut parts = match parts {
        Ok(parts) => parts,
        Err(reason) => return Ok(Ending::Failed(reason)),
    };
    if play.start.dry_run {
        return Ok(Ending::Success);
    }
    match update_all(context, play, &mut parts, signals).await {
        Ok(None) => {}
        Ok(Some(signal)) => return Ok(Ending::Stopped(signal)),
        Err(reason) => return Ok(Ending::Failed(reason)),
    }
    let mut troupe = Supervisor::new(context, parts);
    troupe.log_all_in(&credentials, &typed, signals).await;
    troupe.wait(signals).await;
    Ok(troupe.ending())
}

/// Everything that can be known before anything is sent, of all of them: with one that is not ready, none begins.
async fn prepare_all(
    context: &Context,
    credentials: &CredentialStore,
    play: &Play,
    typed: &Typed<'_>,
    targets: Vec<LoginTarget>,
) -> Result<Vec<AccountRun>, Reason> {
    let mut parts = Vec::new();
    let mut first = None;
    for target in targets {
        let subject = target.subject();
        match part(context, credentials, play, typed, target).await {
            Ok(part) => parts.push(part),
            Err(failure) => {
                first.get_or_insert(failure.reason);
                report(context, &subject, &failure);
            }
        }
    }
    first.map_or(Ok(parts), Err)
}

async fn part(
    context: &Context,
    credentials: &CredentialStore,
    play: &Play,
    typed: &Typed<'_>,
    target: LoginTarget,
) -> Result<AccountRun, Failure> {
    let subject = target.subject();
    let planned = for_several(plan(context, &target, play, &StateDirectory::user())?);
    let prepared = if play.start.dry_run {
        show(context, &target, &planned.start)?;
        None
    } else {
        Some(prepare(context, credentials, typed, target).await?)
    };
    Ok(AccountRun {
        subject,
        planned: Rc::new(planned),
        prepared,
        hold: None,
        status: None,
    })
}

/// A start beside others: they share no group, and nobody reads the terminal.
fn for_several(mut planned: LaunchPlan) -> LaunchPlan {
    planned.start.group = true;
    planned.start.input = false;
    planned.hooks.close_input();
    planned
}
