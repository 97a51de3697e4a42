//! `scid whoami`, `settings`, `token`, `token import` and `logout`, which use the stored tokens.

use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::games::scid::jwt::Claims;
use crate::games::scid::reply;
use crate::games::scid::tokens::{TokenKind, Tokens};
use crate::scid::client::ScidClient;
use crate::scid::output::{TokenClaim, TokenClaims, Whoami, print};
use crate::scid::stored;
use crate::terminal::Terminal;

/// What to do about missing tokens.
const HINT: &str = "log in with `playcookie scid login EMAIL --game GAME`, or import tokens";

/// Returns the tokens of the address that was named, or of the only one that has any.
pub(super) async fn load(client: &mut ScidClient<'_>) -> Result<Tokens, Failure> {
    let email = address(client)?;
    let tokens = client.stored_tokens(&email).await?;
    tokens.ok_or_else(|| no_tokens(&email))
}

/// Returns the address that was named, or the only one that tokens are stored for.
fn address(client: &mut ScidClient<'_>) -> Result<String, Failure> {
    let known = stored::addresses(&client.context.state, &client.origin);
    let email = match (&client.subject.username, known.as_slice()) {
        (Some(email), _) => email.clone(),
        (None, [only]) => only.clone(),
        (None, []) => return Err(no_address("no tokens are stored", HINT)),
        (None, several) => {
            let hint = format!("name one of them: {}", several.join(", "));
            return Err(no_address("tokens of several addresses are stored", &hint));
        }
    };
    client.set_email(&email);
    Ok(email)
}

fn no_address(what: &str, hint: &str) -> Failure {
    let message = format!("{what}, and no address was named");
    Failure::new(Reason::InputNeeded, message, hint)
}

pub(super) fn no_tokens(email: &str) -> Failure {
    let message = format!("no tokens of {} are stored", clean(email));
    Failure::new(Reason::SignedOut, message, HINT)
}

pub(super) async fn whoami(client: &mut ScidClient<'_>) -> Result<(), Failure> {
    let tokens = load(client).await?;
    let whoami = Whoami {
        email: client.email(),
        origin: client.origin.clone(),
        player_tag: tokens.pid().map(|pid| pid.tag().to_string()),
        pid: tokens.pid().map(|pid| pid.to_string()),
        verified: false,
        claims: tokens.claims().ok(),
    };
    print(&client.context.terminal, &whoami)
}

pub(super) async fn claims(client: &mut ScidClient<'_>) -> Result<(), Failure> {
    let tokens = load(client).await?;
    let claims = TokenKind::ALL.into_iter().filter_map(|part| {
        let token = tokens.get(part)?;
        Some(TokenClaim {
            name: part.name(),
            characters: token.reveal().len(),
            claims: Claims::decode(token).ok(),
        })
    });
    let claims = TokenClaims {
        email: client.email(),
        verified: false,
        tokens: claims.collect(),
    };
    print(&client.context.terminal, &claims)
}

/// Shows the settings, after changing the one about marketing when a value is given.
pub(super) async fn settings(
    client: &mut ScidClient<'_>,
    marketing: Option<bool>,
) -> Result<(), Failure> {
    let tokens = load(client).await?;
    let request = match marketing {
        None => client.service.settings(&tokens),
        Some(accept) => client.service.set_marketing(&tokens, accept),
    };
    let reply = client.send(request).await?;
    let settings = client.read(reply::read_settings(&reply))?;
    print(&client.context.terminal, &settings)
}

pub(super) async fn logout(client: &mut ScidClient<'_>) -> Result<(), Failure> {
    let email = address(client)?;
    if !stored::remove(client.context, &client.origin, &email).await? {
        return Err(no_tokens(&email));
    }
    let terminal = &client.context.terminal;
    terminal.say(format_args!("tokens removed: {}", clean(&email)));
    Ok(())
}

/// Stores tokens from standard input, and prints the claims in them.
pub(super) async fn import(client: &mut ScidClient<'_>) -> Result<(), Failure> {
    let Some(email) = client.subject.username.clone() else {
        return Err(no_address(
            "tokens are to be stored",
            "name it: `scid token import EMAIL`",
        ));
    };
    let terminal = &client.context.terminal;
    client.context.credentials.open().await?;
    let scid = ask_token(terminal, TokenKind::Scid).await?;
    let scid_token = ask_token(terminal, TokenKind::ScidToken).await?;
    let tokens = parse(scid, scid_token, bind_token(terminal).await)?;
    stored::store(client.context, &client.origin, &email, &tokens).await?;
    whoami(client).await
}

fn parse(scid: Secret, scid_token: Secret, bind_token: Option<Secret>) -> Result<Tokens, Failure> {
    let usage = |error| {
        Failure::usage(
            format!("the input is not a token: {error}"),
            "each token is one line of three parts with dots between them",
        )
    };
    Claims::decode(&scid)
        .and(Claims::decode(&scid_token))
        .map_err(usage)?;
    Tokens::new(scid, scid_token, bind_token).map_err(usage)
}

/// Returns one token from standard input, hidden on a terminal.
async fn ask_token(terminal: &Terminal, part: TokenKind) -> Result<Secret, Failure> {
    let prompt = format!("{}: ", part.name());
    let answer = terminal.secret_line(&prompt, false).await;
    let hint =
        "give scid, scidToken and, if there is one, bindToken, each on a line of standard input";
    answer.map_err(|why| why.failure(part.name(), "standard input", hint))
}

/// Returns the third token, if standard input holds one; few accounts have it.
async fn bind_token(terminal: &Terminal) -> Option<Secret> {
    if terminal.reads_from_terminal() {
        return None;
    }
    let token = terminal.secret_line("", false).await.ok();
    token.filter(|token| !token.is_empty())
}
