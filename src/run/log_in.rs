//! One account's way to a ticket, as `play`, `login` and `exec` share it.

use super::codes::Codes;
use super::password::{Name, Source};
use super::report::Report;
use super::session::Session;
use super::{Context, Trouble};
use crate::cli::game::{Answers, Server, Who};
use crate::drive::{Patience, drive};
use crate::event::{Subject, What};
use crate::exit::{Ending, Failure, Reason};
use crate::game::Playable;
use crate::http::{Client, Root};
use crate::login::Ticket;
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
    Ticket(Ticket, Subject),
    Ended(Ending),
}

/// Logs in. Everything that can be known to be missing is found out before anything is sent.
pub(super) async fn log_in<G: Playable>(
    context: &Context,
    account: Account<'_>,
    signals: &mut Signals,
) -> Result<Outcome, Trouble> {
    let mut subject = Subject {
        game: Some(G::GAME),
        ..Subject::default()
    };
    let outcome = tokio::select! {
        // Ctrl-C at a hidden prompt is a signal and a prompt without an answer: the signal counts.
        biased;
        signal = signals.next() => return Ok(Outcome::Ended(Ending::Stopped(signal))),
        outcome = attempt::<G>(context, account, &mut subject) => outcome,
    };
    context.terminal.clear();
    match outcome {
        Ok(ticket) => Ok(Outcome::Ticket(ticket, subject)),
        Err(failure) => Err(Trouble { subject, failure }),
    }
}

async fn attempt<G: Playable>(
    context: &Context,
    account: Account<'_>,
    subject: &mut Subject,
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
    let root = root.map_or_else(|| named_root::<G>(server), Ok)?;
    let origin = root.origin();
    let client = Client::new(root, context.limits).map_err(|why| untrusting(&why))?;

    let terminal = &context.terminal;
    let (username, password) = introduce(terminal, name, source, subject).await?;
    let interface = server.api.clone().unwrap_or_default().interface;
    let login = G::new(&username, password.clone(), interface);
    let mut session = Session::new(terminal, G::GAME, subject, client, codes, password);
    let patience = Patience {
        queue: server.queue_timeout.map(|limit| limit.0),
        door: server.wait_for_server.map(|limit| limit.0),
    };
    let username = clean(&username);
    let report = Report {
        game: G::GAME,
        username: &username,
        origin,
    };
    let outcome = drive(login, patience, &mut session).await;
    outcome.map_err(|error| report.failure(error, &session))
}

/// Name and password, asked for where they must be.
async fn introduce(
    terminal: &Terminal,
    name: Name,
    source: Source,
    subject: &mut Subject,
) -> Result<(String, Secret), Failure> {
    let question = |kind| What::Question {
        kind,
        text: String::new(),
    };
    if let Name::Known(username) = &name {
        subject.username = Some(username.clone());
    }
    terminal.event(&subject.event(What::Login {}));
    if matches!(name, Name::Asked) {
        terminal.event(&subject.event(question("username")));
    }
    let username = name.get(terminal).await?;
    subject.username = Some(username.clone());
    if matches!(source, Source::Asked) {
        terminal.event(&subject.event(question("password")));
    }
    let forget = subject.game.map_or(&[][..], |game| game.variables);
    let password = source.get(terminal, forget, &username).await?;
    Ok((username, password))
}

/// Where the requests go: what was named, else the host of the interface.
fn named_root<G: Playable>(server: &Server) -> Result<Root, Failure> {
    let api = server.api.clone().unwrap_or_default();
    api.root
        .map_or_else(|| G::GAME.hosts.of(api.interface).parse(), Ok)
        .map_err(|flaw| {
            Failure::new(
                Reason::Internal,
                format!("the host of {} {flaw}", G::GAME.name),
                "please report this",
            )
        })
}

fn untrusting(why: &crate::http::BadRoots) -> Failure {
    Failure::new(
        Reason::Configuration,
        format!("no server can be trusted: {why}"),
        "install your system's ca-certificates, or name a readable file in SSL_CERT_FILE; nothing was sent",
    )
}
