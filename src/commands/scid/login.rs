//! `scid login`: a PIN is asked for, shown to be right, and traded for tokens.

use std::time::Duration;

use super::{show, tokens};
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::cli::scid::Login;
use crate::cli::usage::wrong;
use crate::context::{Context, RunError};
use crate::credentials::backend::Backend;
use crate::games::scid::catalog::AndroidGame;
use crate::games::scid::pin::Pin;
use crate::games::scid::pin_throttle::PinAction;
use crate::games::scid::reply;
use crate::games::scid::reply::Identity;
use crate::games::scid::tokens::Tokens;
use crate::games::scid::{PIN_WARNING, REQUESTED, UNSIGNED_NOTICE};
use crate::protocol;
use crate::protocol::Refusal;
use crate::scid::desk::Desk;
use crate::scid::kept;
use crate::scid::throttle::Pace;
use crate::stand_in;
use crate::terminal::event::{EventKind, span};

/// How else a PIN can be given.
const PIN_OPTIONS: &str = "give it with --pin-stdin, or run it in a terminal";

pub(crate) async fn run(context: &Context, login: &Login, pace: Pace) -> anyhow::Result<()> {
    let mut desk = Desk::of(context, &login.who)?;
    desk.pace = pace;
    let email = address(&mut desk, login).await?;
    if !login.request_only && !login.pin_stdin && !context.terminal.can_ask() {
        return Err(desk.trouble(nobody("a PIN", PIN_OPTIONS)).into());
    }
    let keeps = !login.no_save && !login.request_only;
    let vault = if keeps {
        Some(tokens::open(&desk).await?)
    } else {
        None
    };
    desk.connect()?;
    desk.tell(EventKind::Login {});
    let requested = request(&mut desk, login, &email).await?;
    if login.request_only {
        return Ok(());
    }
    let (pin, identity) = identify(&mut desk, login, &email, requested).await?;
    let reply = desk.call(desk.service.confirm(&email, &pin)).await?;
    let outcome = desk.read(reply::read_tokens(&reply));
    desk.pace(|throttle| throttle.record_use(&email))?;
    let tokens = outcome?;
    show(context, &identity)?;
    if let Some(vault) = &vault {
        keep(&desk, vault, &email, &tokens, login.save).await?;
    }
    Ok(())
}

/// The address, asked for if it must be.
async fn address(desk: &mut Desk<'_>, login: &Login) -> Result<String, RunError> {
    let terminal = &desk.context.terminal;
    let hint = "name it: `playcookie scid login EMAIL --game GAME`";
    let email = match &login.who.email {
        Some(email) => email.trim().to_owned(),
        None if terminal.can_ask() => terminal.ask_openly("E-mail: ").await.map_err(|why| {
            desk.trouble(why.failure("an e-mail address", "standard input", hint))
        })?,
        None => return Err(desk.trouble(nobody("an e-mail address", hint))),
    };
    if !email.contains('@') || email.chars().any(char::is_control) {
        return Err(desk.trouble(wrong("that is no e-mail address", hint)));
    }
    desk.about(&email);
    Ok(email)
}

/// Asks for a PIN to be sent, unless one was lately. Gives how often one may be tried.
async fn request(desk: &mut Desk<'_>, login: &Login, email: &str) -> Result<u8, RunError> {
    let throttle = desk.pace.known();
    let now = clock::since_epoch();
    let plan = if login.request_only {
        throttle.new_request(email, now)
    } else {
        throttle.next_action(email, login.game, now)
    };
    match plan {
        PinAction::Continue { tries_left } => {
            desk.context.terminal.say(format_args!(
                "going on with the code that was requested lately"
            ));
            return Ok(tries_left);
        }
        PinAction::TooSoon { left } => return Err(desk.trouble(too_soon(left))),
        PinAction::Request => {}
    }
    let Some(game) = login.game else {
        let hint = "name one with --game GAME; `playcookie scid games` lists them";
        return Err(desk.trouble(wrong(
            "a code is requested for a game, and none was named",
            hint,
        )));
    };
    ask_for_code(desk, email, game, &login.lang).await?;
    Ok(crate::games::scid::pin_throttle::MAX_TRIES)
}

async fn ask_for_code(
    desk: &mut Desk<'_>,
    email: &str,
    game: &'static AndroidGame,
    lang: &str,
) -> Result<(), RunError> {
    // Noted before it is known whether it arrived: a request that did counts for the pace.
    desk.pace(|throttle| throttle.record_request(email, game, clock::since_epoch()))?;
    let reply = desk
        .call(desk.service.request_code(email, game, lang))
        .await?;
    desk.read(reply::read_code_request(&reply))?;
    let terminal = &desk.context.terminal;
    terminal.say(format_args!(
        "{REQUESTED} for {} ({})",
        crate::base::sanitize::clean(email),
        game.name
    ));
    match stand_in::scid::shown_pin(&reply) {
        Some(pin) => terminal.say(format_args!(
            "This rehearsal's PIN is {}.",
            crate::base::sanitize::clean(&pin)
        )),
        None => terminal.say(format_args!("{UNSIGNED_NOTICE}")),
    }
    Ok(())
}

/// Asks for the PIN until one is right, there are no tries left, or nobody can be asked again.
async fn identify(
    desk: &mut Desk<'_>,
    login: &Login,
    email: &str,
    tries: u8,
) -> Result<(Pin, Identity), RunError> {
    let mut left = tries;
    loop {
        desk.tell(EventKind::Question {
            kind: "pin",
            text: PIN_WARNING.to_owned(),
        });
        let pin = typed(desk, login).await?;
        desk.hide(pin.secret());
        desk.pace(|throttle| {
            throttle.record_try(email);
        })?;
        left = left.saturating_sub(1);
        let reply = desk.call(desk.service.validate(email, &pin)).await?;
        match reply::read_identity(&reply) {
            Err(protocol::Error::Refused(Refusal::Code, _)) if left > 0 && !login.pin_stdin => {
                desk.context
                    .terminal
                    .say(format_args!("that PIN was wrong; tries left: {left}"));
            }
            outcome => return Ok((pin, desk.read(outcome)?)),
        }
    }
}

/// A PIN from standard input or a person; a person may mistype its shape.
async fn typed(desk: &Desk<'_>, login: &Login) -> Result<Pin, RunError> {
    let terminal = &desk.context.terminal;
    let asks = terminal.can_ask() && (!login.pin_stdin || terminal.reads_from_terminal());
    loop {
        let answer = if asks {
            terminal.ask_hidden("PIN: ", true).await
        } else {
            terminal.line().await
        };
        let answer = answer
            .map_err(|why| desk.trouble(why.failure("a PIN", "standard input", PIN_OPTIONS)))?;
        match answer.reveal().parse::<Pin>() {
            Ok(pin) => return Ok(pin),
            Err(flaw) if asks => terminal.say(format_args!("{flaw}")),
            Err(flaw) if answer.is_empty() => {
                return Err(desk.trouble(nobody("a PIN", &flaw.to_string())));
            }
            Err(flaw) => return Err(desk.trouble(wrong(flaw.to_string(), PIN_OPTIONS))),
        }
    }
}

/// Keeps the tokens, if the player wants that.
async fn keep(
    desk: &Desk<'_>,
    vault: &Backend,
    email: &str,
    tokens: &Tokens,
    sure: bool,
) -> Result<(), RunError> {
    let terminal = &desk.context.terminal;
    if !sure && terminal.can_ask() {
        desk.tell(EventKind::Question {
            kind: "save",
            text: String::new(),
        });
        let answer = terminal
            .ask_openly("Keep the tokens in the secret store? [y/n] ")
            .await;
        if !answer.is_ok_and(|answer| answer.to_lowercase().starts_with('y')) {
            terminal.say(format_args!("nothing was kept"));
            return Ok(());
        }
    }
    kept::store(vault, &desk.origin(), email, tokens)
        .await
        .map_err(|failure| desk.trouble(failure))?;
    terminal.say(format_args!("the tokens are kept in the secret store"));
    Ok(())
}

fn too_soon(left: Duration) -> Failure {
    Failure::new(
        Reason::TryLater,
        "a code was requested for this address less than a minute ago",
        format!(
            "only the newest code works, so wait for it; another can be requested in {}",
            span(left)
        ),
    )
}

fn nobody(what: &str, hint: &str) -> Failure {
    Failure::new(
        Reason::InputNeeded,
        format!("{what} is needed, and nobody can be asked"),
        hint,
    )
}
