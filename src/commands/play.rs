//! `playcookie <game>` and `playcookie play`: log in, start the game, stay until it ends; once per account.

use super::{Context, RunError, unwritten};
use crate::auth::login_plan::{Typed, prepare};
use crate::auth::target::{LoginTarget, targets};
use crate::base::failure::{Ending, Failure};
use crate::base::sanitize::escaped;
use crate::base::signals::{Signal, Signals};
use crate::cli::game::Play;
use crate::credentials::store::CredentialStore;
use crate::games::GameId;
use crate::http::BaseUrl;
use crate::launch::command::LaunchCommand;
use crate::session::enter::{Entered, Visitor};
use crate::session::launch_plan::{LaunchPlan, check_several, plan, plan_found, typed};
use crate::session::supervise::supervise;
use crate::session::together;
use crate::state::StateDirectory;
use crate::terminal::event::EventKind;
use crate::update::game::files::Owner;

/// Plays the accounts that were named, of one game or of any.
pub(crate) async fn run(
    context: &Context,
    game_id: Option<GameId>,
    play: &Play,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let typed_options = typed(play);
    let found = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        found = targets(context, game_id, &play.who, &typed_options) => found,
    };
    let subject = || {
        let known = play.who.username.clone();
        let stranger = game_id.map(|game_id| LoginTarget::stranger(game_id, known));
        stranger.map(|it| it.subject()).unwrap_or_default()
    };
    let mut targets = found.map_err(|failure| RunError::new(subject(), failure))?;
    match (targets.pop(), targets.is_empty()) {
        (Some(only), true) => {
            let planned = plan(context, &only, play, &StateDirectory::user())
                .map_err(|failure| RunError::new(only.subject(), failure))?;
            play_one(context, play, only, planned, None, signals).await
        }
        (last, _) => {
            targets.extend(last);
            check_several(play, &targets).map_err(|failure| RunError::new(subject(), failure))?;
            together::run(context, play, targets, signals).await
        }
    }
}

/// Logs in, at another root if one is given, and starts what was planned.
pub(crate) async fn play_one(
    context: &Context,
    play: &Play,
    target: LoginTarget,
    planned: LaunchPlan,
    root: Option<BaseUrl>,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let subject = target.subject();
    let trouble = |failure| RunError::new(subject.clone(), failure);
    if play.start.dry_run {
        show(context, &target, &planned.start).map_err(trouble)?;
        return Ok(Ending::Success);
    }
    let typed = Typed {
        who: &play.who,
        answers: &play.answers,
        server: &play.server,
        root,
        alone: true,
    };
    let credentials = CredentialStore::default();
    let mut prepared = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        prepared = prepare(context, &credentials, &typed, target.clone()) => prepared.map_err(trouble)?,
    };
    let owner = Owner {
        context,
        target: &target,
        root: typed.root.as_ref(),
    };
    let at_login = match &planned.files {
        Some(files) => files.at_login(owner).map_err(trouble)?,
        None => None,
    };
    let mut planned = planned;
    if at_login.is_none() {
        let updated = update(owner, play, planned, signals).await;
        planned = match updated.map_err(trouble)? {
            Ok(planned) => planned,
            Err(signal) => return Ok(Ending::Stopped(signal)),
        };
    }
    prepared.update = at_login;
    let visitor = Visitor {
        context,
        credentials: &credentials,
        typed: &typed,
        files: planned.files.as_ref(),
    };
    match Box::pin(visitor.enter(prepared, signals)).await? {
        Entered::In(mut entry, hold) => {
            // One that an update in the middle of the login installed.
            let LaunchPlan { start, hooks, .. } = match found_again(owner, play, planned) {
                Ok(planned) => planned,
                Err(failure) => {
                    entry.revocation.revoke(&context.terminal).await;
                    return Err(trouble(failure).into());
                }
            };
            Ok(supervise(context, &start, &hooks, (*entry, hold), signals).await?)
        }
        Entered::Ended(ending) => Ok(ending),
    }
}

/// Brings the files of what was planned up to date, where that is wanted, and plans anew with what was missing. Gives the
/// signal that ended it early.
async fn update(
    owner: Owner<'_>,
    play: &Play,
    planned: LaunchPlan,
    signals: &mut Signals,
) -> Result<Result<LaunchPlan, Signal>, Failure> {
    let Some(files) = &planned.files else {
        return Ok(Ok(planned));
    };
    if let Some(signal) = files.bring(owner, None, signals).await? {
        return Ok(Err(signal));
    }
    found_again(owner, play, planned).map(Ok)
}

/// Plans anew with a game that was missing.
fn found_again(owner: Owner<'_>, play: &Play, planned: LaunchPlan) -> Result<LaunchPlan, Failure> {
    match &planned.files {
        Some(files) if files.is_missing => {
            plan_found(owner.context, owner.target, play, &files.state)
        }
        _ => Ok(planned),
    }
}

/// `--dry-run`: the start, with every value masked.
pub(crate) fn show(
    context: &Context,
    target: &LoginTarget,
    start: &LaunchCommand,
) -> Result<(), Failure> {
    let interface = target.options.api.clone().unwrap_or_default().interface;
    let variables = target.game_id.game().api(interface).variables;
    let directory = start
        .directory
        .clone()
        .or_else(|| std::env::current_dir().ok());
    let directory = directory.map(|path| escaped(&path.to_string_lossy()));
    let own = start.environment.iter().map(|(name, _)| *name);
    let planned = EventKind::Planned {
        command: start.words(),
        directory: directory.unwrap_or_default(),
        variables: own.chain(variables.iter().copied()).collect(),
    };
    let written = context
        .terminal
        .event_as_result(&target.subject().event(planned));
    written.map_err(|error| unwritten(&error))
}
