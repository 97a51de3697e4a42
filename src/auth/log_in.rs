//! One account's way to a ticket, as `play`, `login` and `exec` share it.

use super::effects::{Parts, Session};
use super::failures::Report;
use super::games;
use super::login_plan::{Endpoint, LoginPlan, Typed, prepare};
use super::password::{PasswordSource, username};
use super::remember::{RememberPolicy, remember};
use super::revocation::PendingRevocation;
use super::target::{LoginTarget, target};
use super::throttle;
use crate::base::failure::{Ending, Failure, Reason};
use crate::base::random;
use crate::base::sanitize::clean;
use crate::base::signals::Signals;
use crate::context::{Context, RunError};
use crate::credentials::store::{CredentialOwner, CredentialStore};
use crate::games::{Credential, CredentialKind, GameId, LoginParameters};
use crate::http::Root;
use crate::protocol::Ticket;
use crate::protocol::driver::LoginOutcome;
use crate::session::launch_plan::typed_about;
use crate::terminal::event::{EventKind, Subject};

/// A login that ended well, or was stopped.
#[derive(Debug)]
pub(crate) enum Outcome {
    In(Box<Entry>),
    /// There is nothing to start: it was stopped, or the update was all that was wanted of it.
    Ended(Ending),
}

/// A login that ended well.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) ticket: Ticket,
    pub(crate) subject: Subject,
    /// What is still owed to the server, once the game has what it needs.
    pub(crate) revocation: PendingRevocation,
    /// Whether the same login could be made again with nobody there.
    pub(crate) is_repeatable: bool,
}

/// Logs in the only account that a command is for, from finding out who it is. Once that is known, `first` has to hold.
pub(crate) async fn log_one_in(
    context: &Context,
    game_id: GameId,
    typed: &Typed<'_>,
    first: impl FnOnce() -> Result<(), Failure>,
    signals: &mut Signals,
) -> Result<Outcome, RunError> {
    let credentials = CredentialStore::default();
    let prepared = async {
        let options = typed_about(typed.who, typed.server);
        let stranger = LoginTarget::stranger(game_id, typed.who.username.clone());
        let found = target(context, game_id, typed.who, &options).await;
        let target = found.map_err(|failure| RunError::new(stranger.subject(), failure))?;
        let subject = target.subject();
        let prepared = match first() {
            Ok(()) => prepare(context, &credentials, typed, target).await,
            Err(failure) => Err(failure),
        };
        prepared.map_err(|failure| RunError::new(subject, failure))
    };
    let prepared = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Outcome::Ended(Ending::Stopped(signal))),
        prepared = prepared => prepared?,
    };
    log_in(context, &credentials, prepared, signals).await
}

/// Logs in.
pub(crate) async fn log_in(
    context: &Context,
    credentials: &CredentialStore,
    prepared: LoginPlan,
    signals: &mut Signals,
) -> Result<Outcome, RunError> {
    let mut subject = prepared.target.subject();
    let mut revocation = PendingRevocation::default();
    let outcome = tokio::select! {
        // Ctrl-C at a hidden prompt is a signal and a prompt without an answer: the signal counts.
        biased;
        signal = signals.next() => Err(signal),
        // The largest future of all, and waited for in several places.
        outcome = Box::pin(attempt(context, credentials, prepared, &mut subject, &mut revocation)) => {
            Ok(outcome)
        }
    };
    context.terminal.clear();
    match outcome {
        Ok(Ok((LoginOutcome::Ticket(ticket), is_repeatable))) => Ok(Outcome::In(Box::new(Entry {
            ticket,
            subject,
            revocation,
            is_repeatable,
        }))),
        Ok(Ok((LoginOutcome::Updated, _))) => {
            revocation.revoke(&context.terminal).await;
            Ok(Outcome::Ended(Ending::Success))
        }
        Ok(Err(failure)) => {
            revocation.revoke(&context.terminal).await;
            Err(RunError::new(subject, failure))
        }
        Err(signal) => {
            revocation.revoke(&context.terminal).await;
            Ok(Outcome::Ended(Ending::Stopped(signal)))
        }
    }
}

/// How it ended, and whether the same login could be made again with nobody there.
async fn attempt(
    context: &Context,
    credentials: &CredentialStore,
    prepared: LoginPlan,
    subject: &mut Subject,
    revocation: &mut PendingRevocation,
) -> Result<(LoginOutcome, bool), Failure> {
    let LoginPlan {
        target,
        source,
        instead,
        codes,
        place,
        saving,
        wait_limits,
        leaves_traces,
        update,
    } = prepared;
    if leaves_traces {
        throttle::check(target.game_id.game(), &place.origin, wait_limits.server)?;
    }
    let is_known = source.is_repeatable();
    let introduced = introduce(context, &target, source, saving, &place, subject);
    let (credential, saving) = introduced.await?;
    let username = subject.username.clone().unwrap_or_default();
    let Endpoint {
        interface,
        origin,
        elsewhere,
        client,
    } = place;
    let game = target.game_id.game();
    if leaves_traces {
        let turn = throttle::take_turn(
            &context.terminal,
            game,
            &origin,
            subject,
            wait_limits.server,
        );
        turn.await?;
    }
    let secret = credential.clone().into_secret();
    let owner = CredentialOwner {
        game_id: target.game_id,
        username: username.clone(),
        origin: origin.clone(),
    };
    let player = LoginParameters {
        username: username.clone(),
        credential,
        interface,
        fallback_gameserver: elsewhere,
        nonce: random::hex(4),
        toon_slot: target.options.toon_slot,
        wants_update: update.is_some(),
    };
    let parts = Parts {
        context,
        credentials,
        target: &target,
        owner: owner.clone(),
        subject,
        client,
        codes,
        instead,
        saving: saving.clone(),
        update,
    };
    let mut session = Session::new(parts, secret.clone(), revocation);
    let outcome = games::log_in(target.game_id, player, wait_limits, &mut session).await;
    let asked = outcome
        .as_ref()
        .err()
        .and_then(|error| session.asked_to_wait(error));
    if let Some(retry_after) = asked.filter(|_| leaves_traces) {
        throttle::told(game, &origin, retry_after);
    }
    let is_repeatable = is_known && session.is_repeatable();
    let report = Report {
        service: game.name,
        username: &clean(&username),
        account: target.account.as_ref(),
        origin,
    };
    let arrival = outcome.map_err(|error| report.failure(error, session.typed()))?;
    if let RememberPolicy::Yes(CredentialKind::Password, name) = saving {
        let what = (CredentialKind::Password, name.as_deref());
        remember(context, credentials, &target, &owner, what, &secret).await;
    }
    Ok((arrival, is_repeatable))
}

/// Name and password, or a token in its place; asked for where they must be, with whether to remember them.
async fn introduce(
    context: &Context,
    target: &LoginTarget,
    source: PasswordSource,
    saving: RememberPolicy,
    place: &Endpoint,
    subject: &mut Subject,
) -> Result<(Credential, RememberPolicy), Failure> {
    let question = |kind| EventKind::Question {
        kind,
        text: String::new(),
    };
    let terminal = &context.terminal;
    terminal.event(&subject.event(EventKind::Login {}));
    if target.username.is_none() {
        terminal.event(&subject.event(question("username")));
    }
    let username = username(target, terminal).await?;
    subject.username = Some(username.clone());
    if matches!(source, PasswordSource::Asked) {
        terminal.event(&subject.event(question("password")));
    }
    if let PasswordSource::Token(token) = source {
        return Ok((Credential::Token(token), saving));
    }
    let variables = target.game_id.game().variables;
    let password = source.get(terminal, variables, &username).await?;
    let owner = place.owner(target.game_id, Some(&username));
    let saving = saving.ask(context, target, &owner, subject).await;
    Ok((Credential::Password(password), saving))
}

/// Where the requests go when nothing else was named.
pub(crate) fn usual_root(host: &str) -> Result<Root, Failure> {
    host.parse().map_err(|flaw| {
        Failure::new(
            Reason::Internal,
            format!("the host {host} {flaw}"),
            "please report this",
        )
    })
}

pub(crate) fn untrusting(why: &crate::http::BadRoots) -> Failure {
    Failure::new(
        Reason::Configuration,
        format!("no server can be trusted: {why}"),
        "install your system's ca-certificates, or name a readable file in SSL_CERT_FILE; nothing was sent",
    )
}
