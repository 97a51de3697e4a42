//! `scid login`: requests a code, checks the PIN, and exchanges it for tokens.

use std::time::Duration;

use super::client::ScidClient;
use super::output::{Games, Lines, Whoami, print};
use super::stored::{self, StoredLogin};
use crate::auth::throttle;
use crate::auth::throttle::pins::{MAX_TRIES, PinAction};
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::quantity::duration_text;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::failures::input_needed;
use crate::games::scid::catalog::{AndroidGame, GAMES, find};
use crate::games::scid::pin::Pin;
use crate::games::scid::reply::{self, Identity};
use crate::games::scid::tokens::Tokens;
use crate::games::scid::{NAME, PIN_WARNING, REQUESTED, UNSIGNED_NOTICE};
use crate::protocol::{self, Refusal};
use crate::terminal::event::EventKind;

/// What to do about a missing PIN.
const PIN_OPTIONS: &str = "give it with --pin-stdin, or run it in a terminal";
/// What to do about a missing game.
const GAME_OPTIONS: &str = "name one with --game GAME; `playcookie scid games` lists them";

/// The options of a login.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option without a value"
)]
pub(crate) struct ScidLoginOptions {
    /// The game that a code is requested for.
    pub(crate) game: Option<&'static AndroidGame>,
    /// The language of the e-mail.
    pub(crate) lang: String,
    /// The first line of standard input is the PIN.
    pub(crate) pin_stdin: bool,
    /// Request a code, and end.
    pub(crate) request_only: bool,
    /// Store the tokens without asking.
    pub(crate) save: bool,
    /// Store nothing.
    pub(crate) no_save: bool,
}

/// Logs in, prints the account, and stores the tokens if the player agrees.
///
/// # Errors
/// When an option is missing, the server refuses the login, or the tokens cannot be stored.
pub(crate) async fn log_in(
    client: &mut ScidClient<'_>,
    options: &ScidLoginOptions,
) -> Result<(), Failure> {
    let email = address(client).await?;
    client.set_email(&email);
    let context = client.context;
    let can_answer = options.pin_stdin || client.is_rehearsal() || context.terminal.can_ask();
    if !options.request_only && !can_answer {
        return Err(input_needed("a PIN", PIN_OPTIONS));
    }
    let keeps = !options.no_save && !options.request_only;
    if keeps {
        context.credentials.open().await?;
    }
    // Opened before anything is asked.
    client.endpoint()?;
    client.emit(EventKind::Login {});
    let (game, tries) = request(client, options, &email).await?;
    if options.request_only {
        return Ok(());
    }
    let (pin, identity) = identify(client, options, &email, tries).await?;
    let reply = client.send(client.service.confirm(&email, &pin)).await?;
    let tokens = client.read(reply::read_tokens(&reply));
    client.record(|requests| requests.record_use(&email))?;
    let tokens = tokens?;
    print(&context.terminal, &identity)?;
    if keeps {
        // The PIN may have come with an e-mail that another program requested for another game.
        let claims = tokens.claims().ok();
        let claimed = claims.and_then(|claims| claims.android_game());
        let login = StoredLogin::new(&client.origin, &email, claimed.or(Some(game)));
        store(client, &login, &tokens, options.save).await?;
    }
    Ok(())
}

/// Returns the address, asking for it where necessary.
async fn address(client: &ScidClient<'_>) -> Result<String, Failure> {
    let terminal = &client.context.terminal;
    let hint = format!("name it: {}", client.login_command());
    let email = match &client.subject.username {
        Some(email) => email.trim().to_owned(),
        None if terminal.can_ask() => terminal
            .ask_openly("E-mail: ")
            .await
            .map_err(|why| why.failure("an e-mail address", "standard input", &hint))?,
        None => return Err(input_needed("an e-mail address", &hint)),
    };
    if !email.contains('@') || email.chars().any(char::is_control) {
        return Err(Failure::usage("that is no e-mail address", hint));
    }
    Ok(email)
}

/// Requests a code, unless one was requested recently. Returns the game that it is for, and how often a PIN may be tried.
async fn request(
    client: &mut ScidClient<'_>,
    options: &ScidLoginOptions,
    email: &str,
) -> Result<(&'static AndroidGame, u8), Failure> {
    let requests = throttle::pin_requests(&client.context.state);
    let now = clock::since_epoch();
    let plan = if options.request_only {
        requests.new_request(email, now)
    } else {
        requests.next_action(email, options.game, now)
    };
    match plan {
        PinAction::Continue { game, tries_left } => {
            let terminal = &client.context.terminal;
            terminal.say(format_args!(
                "continuing with the code that was requested before ({})",
                game.name
            ));
            return Ok((game, tries_left));
        }
        PinAction::TooSoon { left } => return Err(too_soon(left)),
        PinAction::Request => {}
    }
    let game = match options.game {
        Some(game) => game,
        None => ask_game(client).await?,
    };
    request_code(client, email, game, &options.lang).await?;
    Ok((game, MAX_TRIES))
}

/// Asks for the game, until the answer names one.
async fn ask_game(client: &ScidClient<'_>) -> Result<&'static AndroidGame, Failure> {
    let terminal = &client.context.terminal;
    if !terminal.can_ask() {
        return Err(Failure::usage(
            "a code is requested for a game, and none was named",
            GAME_OPTIONS,
        ));
    }
    client.emit(EventKind::question("game"));
    terminal.say_always(Games(&GAMES).lines().trim_end());
    loop {
        let answer = terminal.ask_openly("Game: ").await;
        let answer = answer.map_err(|why| why.failure("a game", "standard input", GAME_OPTIONS))?;
        match find(&answer) {
            Some(game) => return Ok(game),
            None => terminal.say_always("that is none of these games"),
        }
    }
}

async fn request_code(
    client: &mut ScidClient<'_>,
    email: &str,
    game: &'static AndroidGame,
    lang: &str,
) -> Result<(), Failure> {
    // Recorded first: a request whose answer is lost counts as well.
    client.record(|requests| requests.record_request(email, game, clock::since_epoch()))?;
    let request = client.service.request_code(email, game, lang);
    let reply = client.send(request).await?;
    client.read(reply::read_code_request(&reply))?;
    let (terminal, email) = (&client.context.terminal, clean(email));
    terminal.say(format_args!("{REQUESTED} for {email} ({})", game.name));
    if let Some(pin) = reply::rehearsal_pin(&reply) {
        terminal.say(format_args!("This rehearsal's PIN is {}.", clean(&pin)));
        client.rehearsal_pin = Some(Secret::new(pin));
    } else {
        terminal.say(format_args!("{UNSIGNED_NOTICE}"));
    }
    Ok(())
}

/// Asks for the PIN until one is right, no tries are left, or nobody can be asked again.
async fn identify(
    client: &mut ScidClient<'_>,
    options: &ScidLoginOptions,
    email: &str,
    tries: u8,
) -> Result<(Pin, Identity), Failure> {
    let mut left = tries;
    loop {
        client.emit(EventKind::Question {
            kind: "pin",
            text: PIN_WARNING.to_owned(),
            again: left < tries,
        });
        let pin = ask_pin(client, options).await?;
        client.context.terminal.redactor().add(pin.secret());
        client.record(|requests| {
            requests.record_try(email);
        })?;
        left = left.saturating_sub(1);
        let reply = client.send(client.service.validate(email, &pin)).await?;
        match reply::read_identity(&reply) {
            Err(protocol::Error::Refused(Refusal::Code, _)) if left > 0 && !options.pin_stdin => {
                let terminal = &client.context.terminal;
                terminal.say_always(&format!("that PIN was wrong; tries left: {left}"));
            }
            outcome => return Ok((pin, client.read(outcome)?)),
        }
    }
}

/// Returns a PIN from standard input or a person, who is asked again after a malformed one.
async fn ask_pin(client: &mut ScidClient<'_>, options: &ScidLoginOptions) -> Result<Pin, Failure> {
    let terminal = &client.context.terminal;
    // A rehearsal without a terminal answers itself.
    let known = client.rehearsal_pin.take();
    let known = known.filter(|_| client.is_rehearsal());
    let mut known = known.filter(|_| !options.pin_stdin && !terminal.can_ask());
    let is_asked = terminal.can_ask() && (!options.pin_stdin || terminal.reads_from_terminal());
    loop {
        let answer = match known.take() {
            Some(pin) => Ok(pin),
            None if is_asked => terminal.ask_hidden("PIN: ", true).await,
            None => terminal.secret_line("PIN: ", true).await,
        };
        let answer = answer.map_err(|why| why.failure("a PIN", "standard input", PIN_OPTIONS))?;
        match answer.reveal().parse::<Pin>() {
            Ok(pin) => return Ok(pin),
            Err(error) if is_asked => terminal.say_always(&error.to_string()),
            Err(error) if answer.is_empty() => {
                return Err(input_needed("a PIN", &error.to_string()));
            }
            Err(error) => return Err(Failure::usage(error.to_string(), PIN_OPTIONS)),
        }
    }
}

/// Stores the tokens, if the player agrees or `is_sure`.
async fn store(
    client: &ScidClient<'_>,
    login: &StoredLogin,
    tokens: &Tokens,
    is_sure: bool,
) -> Result<(), Failure> {
    let terminal = &client.context.terminal;
    if !is_sure && terminal.can_ask() {
        client.emit(EventKind::question("save"));
        let prompt = "Keep the tokens in the secret store? [y/N] ";
        if terminal.ask_yes(prompt).await != Some(true) {
            terminal.say(format_args!("nothing was stored"));
            return Ok(());
        }
    }
    if let Err(failure) = stored::store(client.context, login, tokens).await {
        print(terminal, &Whoami::new(login, tokens))?;
        store_again(client, login, tokens, failure).await?;
    }
    let game = login.game.map_or(NAME, |game| game.name);
    terminal.say(format_args!(
        "the tokens for {game} are stored in the secret store"
    ));
    Ok(())
}

/// Stores the tokens again as long as the player wants that, because they cost a PIN.
async fn store_again(
    client: &ScidClient<'_>,
    login: &StoredLogin,
    tokens: &Tokens,
    mut failure: Failure,
) -> Result<(), Failure> {
    let terminal = &client.context.terminal;
    while terminal.can_ask() {
        terminal.warn(&failure.message);
        client.emit(EventKind::question("save"));
        let prompt = "Try again to store the tokens, without another PIN? [y/N] ";
        if terminal.ask_yes(prompt).await != Some(true) {
            break;
        }
        match stored::store(client.context, login, tokens).await {
            Ok(()) => return Ok(()),
            Err(again) => failure = again,
        }
    }
    failure.message += "; the tokens are not stored, and their PIN is used up";
    Err(failure)
}

fn too_soon(left: Duration) -> Failure {
    let (message, left) = (
        "a code was requested for this address less than a minute ago",
        duration_text(left),
    );
    let hint = format!("wait for it, or request another in {left}; only the newest code works");
    Failure::new(Reason::TryLater, message, hint)
}
