//! One account's way to a ticket, as `play`, `login` and `exec` share it.

use super::effects::{Parts, Session};
use super::failures::Report;
use super::games;
use super::login_plan::{Place, Prepared, Typed, prepare};
use super::password::{Source, username};
use super::remember::{Saving, remember};
use super::revocation::Parting;
use super::target::{Entrant, entrant};
use super::throttle;
use crate::base::failure::{Ending, Failure, Reason};
use crate::base::random;
use crate::base::sanitize::clean;
use crate::base::signals::Signals;
use crate::context::{Context, Trouble};
use crate::credentials::store::{Owner, Safe};
use crate::games::{Kept, Player, Proof, Title};
use crate::http::Root;
use crate::protocol::Ticket;
use crate::protocol::driver::Arrival;
use crate::session::launch_plan::typed_about;
use crate::terminal::event::{Subject, What};

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
    pub(crate) parting: Parting,
    /// Whether the same login could be made again with nobody there.
    pub(crate) is_repeatable: bool,
}

/// Logs in the only account that a command is for, from finding out who it is. Once that is known, `first` has to hold.
pub(crate) async fn log_one_in(
    context: &Context,
    title: Title,
    typed: &Typed<'_>,
    first: impl FnOnce() -> Result<(), Failure>,
    signals: &mut Signals,
) -> Result<Outcome, Trouble> {
    let safe = Safe::default();
    let prepared = async {
        let options = typed_about(typed.who, typed.server);
        let stranger = Entrant::stranger(title, typed.who.username.clone());
        let found = entrant(context, title, typed.who, &options).await;
        let entrant = found.map_err(|failure| Trouble::new(stranger.subject(), failure))?;
        let subject = entrant.subject();
        let prepared = match first() {
            Ok(()) => prepare(context, &safe, typed, entrant).await,
            Err(failure) => Err(failure),
        };
        prepared.map_err(|failure| Trouble::new(subject, failure))
    };
    let prepared = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Outcome::Ended(Ending::Stopped(signal))),
        prepared = prepared => prepared?,
    };
    log_in(context, &safe, prepared, signals).await
}

/// Logs in.
pub(crate) async fn log_in(
    context: &Context,
    safe: &Safe,
    prepared: Prepared,
    signals: &mut Signals,
) -> Result<Outcome, Trouble> {
    let mut subject = prepared.entrant.subject();
    let mut parting = Parting::default();
    let outcome = tokio::select! {
        // Ctrl-C at a hidden prompt is a signal and a prompt without an answer: the signal counts.
        biased;
        signal = signals.next() => Err(signal),
        // The largest future of all, and waited for in several places.
        outcome = Box::pin(attempt(context, safe, prepared, &mut subject, &mut parting)) => {
            Ok(outcome)
        }
    };
    context.terminal.clear();
    match outcome {
        Ok(Ok((Arrival::In(ticket), is_repeatable))) => Ok(Outcome::In(Box::new(Entry {
            ticket,
            subject,
            parting,
            is_repeatable,
        }))),
        Ok(Ok((Arrival::Updated, _))) => {
            parting.say(&context.terminal).await;
            Ok(Outcome::Ended(Ending::Success))
        }
        Ok(Err(failure)) => {
            parting.say(&context.terminal).await;
            Err(Trouble::new(subject, failure))
        }
        Err(signal) => {
            parting.say(&context.terminal).await;
            Ok(Outcome::Ended(Ending::Stopped(signal)))
        }
    }
}

/// How it ended, and whether the same login could be made again with nobody there.
async fn attempt(
    context: &Context,
    safe: &Safe,
    prepared: Prepared,
    subject: &mut Subject,
    parting: &mut Parting,
) -> Result<(Arrival, bool), Failure> {
    let Prepared {
        entrant,
        source,
        instead,
        codes,
        place,
        saving,
        patience,
        leaves_traces,
        update,
    } = prepared;
    if leaves_traces {
        throttle::check(entrant.title.game(), &place.origin, patience.door)?;
    }
    let is_known = source.is_repeatable();
    let introduced = introduce(context, &entrant, source, saving, &place, subject);
    let (proof, saving) = introduced.await?;
    let username = subject.username.clone().unwrap_or_default();
    let Place {
        interface,
        origin,
        elsewhere,
        client,
    } = place;
    let game = entrant.title.game();
    if leaves_traces {
        let turn = throttle::take_turn(&context.terminal, game, &origin, subject, patience.door);
        turn.await?;
    }
    let secret = proof.clone().into_secret();
    let owner = Owner {
        title: entrant.title,
        username: username.clone(),
        origin: origin.clone(),
    };
    let player = Player {
        username: username.clone(),
        proof,
        interface,
        elsewhere,
        nonce: random::hex(4),
        toon_slot: entrant.options.toon_slot,
        updates: update.is_some(),
    };
    let parts = Parts {
        context,
        safe,
        entrant: &entrant,
        owner: owner.clone(),
        subject,
        client,
        codes,
        instead,
        saving: saving.clone(),
        update,
    };
    let mut session = Session::new(parts, secret.clone(), parting);
    let outcome = games::log_in(entrant.title, player, patience, &mut session).await;
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
        account: entrant.account.as_ref(),
        origin,
    };
    let arrival = outcome.map_err(|error| report.failure(error, session.typed()))?;
    if let Saving::Yes(Kept::Password, name) = saving {
        let what = (Kept::Password, name.as_deref());
        remember(context, safe, &entrant, &owner, what, &secret).await;
    }
    Ok((arrival, is_repeatable))
}

/// Name and password, or a token in its place; asked for where they must be, with whether to remember them.
async fn introduce(
    context: &Context,
    entrant: &Entrant,
    source: Source,
    saving: Saving,
    place: &Place,
    subject: &mut Subject,
) -> Result<(Proof, Saving), Failure> {
    let question = |kind| What::Question {
        kind,
        text: String::new(),
    };
    let terminal = &context.terminal;
    terminal.event(&subject.event(What::Login {}));
    if entrant.username.is_none() {
        terminal.event(&subject.event(question("username")));
    }
    let username = username(entrant, terminal).await?;
    subject.username = Some(username.clone());
    if matches!(source, Source::Asked) {
        terminal.event(&subject.event(question("password")));
    }
    if let Source::Token(token) = source {
        return Ok((Proof::Token(token), saving));
    }
    let variables = entrant.title.game().variables;
    let password = source.get(terminal, variables, &username).await?;
    let owner = place.owner(entrant.title, Some(&username));
    let saving = saving.ask(context, entrant, &owner, subject).await;
    Ok((Proof::Password(password), saving))
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
