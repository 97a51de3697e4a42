//! One account's way to a ticket, as `play`, `login` and `exec` share it.

use std::rc::Rc;

use super::codes::Codes;
use super::parting::Parting;
use super::password::{Name, Source, refuse_accounts};
use super::report::Report;
use super::session::Session;
use super::{Context, Trouble};
use crate::cli::game::{Answers, Server, Who};
use crate::cli::usage::wrong;
use crate::drive::{Patience, drive};
use crate::event::{Subject, What};
use crate::exit::{Ending, Failure, Reason};
use crate::game::{Game, Interface, Playable, Player, Proof};
use crate::http::{Client, Root};
use crate::login::Ticket;
use crate::random;
use crate::sanitize::clean;
use crate::secret::Secret;
use crate::signals::Signals;
use crate::terminal::Terminal;

/// What was typed about an account and its server.
#[derive(Debug)]
pub(super) struct Account<'a> {
    pub(super) who: &'a Who,
    pub(super) answers: &'a Answers,
    pub(super) server: &'a Server,
    /// Where to log in, when that is not for the options to say.
    pub(super) root: Option<Root>,
}

/// A login that ended well, or was stopped.
#[derive(Debug)]
pub(super) enum Outcome {
    In(Entry),
    Ended(Ending),
}

/// A login that ended well.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) ticket: Ticket,
    pub(super) subject: Subject,
    /// What is still owed to the server, once the game has what it needs.
    pub(super) parting: Parting,
}

/// Refuses what was typed about an account that this game does not have.
pub(super) fn check_who(context: &Context, game: &'static Game, who: &Who) -> Result<(), Trouble> {
    let checked = refuse_accounts(context, who).and_then(|()| match who.toon_slot {
        Some(_) if !game.toon_slots => Err(wrong(
            format!(
                "--toon-slot is not for {}, which lets no toon be chosen beforehand",
                game.name
            ),
            "leave it out",
        )),
        _ => Ok(()),
    });
    checked.map_err(|failure| Trouble::new(context.subject(game, who), failure))
}

/// Logs in. Everything that can be known to be missing is found out before anything is sent.
pub(super) async fn log_in<G: Playable>(
    context: &Context,
    account: Account<'_>,
    signals: &mut Signals,
) -> Result<Outcome, Trouble> {
    let mut subject = context.subject(G::GAME, account.who);
    let mut parting = Parting::default();
    let outcome = tokio::select! {
        // Ctrl-C at a hidden prompt is a signal and a prompt without an answer: the signal counts.
        biased;
        signal = signals.next() => Err(signal),
        outcome = attempt::<G>(context, account, &mut subject, &mut parting) => Ok(outcome),
    };
    context.terminal.clear();
    match outcome {
        Ok(Ok(ticket)) => Ok(Outcome::In(Entry {
            ticket,
            subject,
            parting,
        })),
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

async fn attempt<G: Playable>(
    context: &Context,
    account: Account<'_>,
    subject: &mut Subject,
    parting: &mut Parting,
) -> Result<Ticket, Failure> {
    let Account {
        who,
        answers,
        server,
        root,
    } = account;
    let name = Name::of(context, who)?;
    let source = Source::of(context, answers)?;
    let codes = Codes::of(context, answers)?;
    let place = Place::of::<G>(context, server, root)?;

    let terminal = &context.terminal;
    let (username, password) =
        introduce(terminal, name, source, subject, G::GAME.variables).await?;
    let report = Report {
        service: G::GAME.name,
        username: &clean(&username),
        origin: place.origin,
    };
    let player = Player {
        username,
        proof: Proof::Password(password.clone()),
        interface: place.interface,
        elsewhere: place.elsewhere,
        nonce: random::hex(4),
        toon_slot: who.toon_slot,
    };
    let patience = Patience {
        queue: server.queue_timeout.map(|limit| limit.0),
        door: server.wait_for_server.map(|limit| limit.0),
    };
    let mut session = Session::new(
        terminal,
        G::GAME,
        subject,
        place.client,
        codes,
        password,
        parting,
    );
    let outcome = drive(G::new(player), patience, &mut session).await;
    outcome.map_err(|error| report.failure(error, session.typed()))
}

/// Where a login goes.
struct Place {
    interface: Interface,
    origin: String,
    /// Host and port, when they are not the game's own.
    elsewhere: Option<String>,
    client: Rc<Client>,
}

impl Place {
    /// What was named, else what the game's interface names; with whatever a player should know about that.
    fn of<G: Playable>(
        context: &Context,
        server: &Server,
        root: Option<Root>,
    ) -> Result<Self, Failure> {
        let api = server.api.clone().unwrap_or_default();
        let known = G::GAME.api(api.interface);
        let named = root.or(api.root);
        let elsewhere = named.as_ref().map(Root::authority);
        if let Some(warning) = known.warning.filter(|_| named.is_none()) {
            context.terminal.warn(warning);
        }
        let root = named.map_or_else(|| usual_root(known.host), Ok)?;
        let origin = root.origin();
        let client = Client::new(root, context.limits).map_err(|why| untrusting(&why))?;
        Ok(Self {
            interface: api.interface,
            origin,
            elsewhere,
            client: Rc::new(client),
        })
    }
}

/// Name and password, asked for where they must be.
async fn introduce(
    terminal: &Terminal,
    name: Name,
    source: Source,
    subject: &mut Subject,
    forget: &[&str],
) -> Result<(String, Secret), Failure> {
    let question = |kind| What::Question {
        kind,
        text: String::new(),
    };
    terminal.event(&subject.event(What::Login {}));
    if matches!(name, Name::Asked) {
        terminal.event(&subject.event(question("username")));
    }
    let username = name.get(terminal).await?;
    subject.username = Some(username.clone());
    if matches!(source, Source::Asked) {
        terminal.event(&subject.event(question("password")));
    }
    let password = source.get(terminal, forget, &username).await?;
    Ok((username, password))
}

/// Where the requests go when nothing else was named.
pub(super) fn usual_root(host: &str) -> Result<Root, Failure> {
    host.parse().map_err(|flaw| {
        Failure::new(
            Reason::Internal,
            format!("the host {host} {flaw}"),
            "please report this",
        )
    })
}

pub(super) fn untrusting(why: &crate::http::BadRoots) -> Failure {
    Failure::new(
        Reason::Configuration,
        format!("no server can be trusted: {why}"),
        "install your system's ca-certificates, or name a readable file in SSL_CERT_FILE; nothing was sent",
    )
}
