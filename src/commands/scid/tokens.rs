//! What is done with kept tokens.

use super::show;
use super::show::{Decoded, DecodedToken, Whoami};
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::cli::scid::Who;
use crate::context::{Context, RunError};
use crate::credentials::backend::Backend;
use crate::games::scid::jwt::Claims;
use crate::games::scid::reply;
use crate::games::scid::tokens::{TokenKind, Tokens};
use crate::scid::desk::Desk;
use crate::scid::kept as store;

/// How tokens come to be kept.
const HINT: &str = "log in with `playcookie scid login EMAIL --game GAME`, or import tokens";

/// The tokens of the address that was named, or of the only one that has any.
pub(crate) async fn kept(desk: &mut Desk<'_>, who: &Who) -> Result<Tokens, RunError> {
    let email = whose(desk, who.email.as_deref())?;
    let vault = open(desk).await?;
    let tokens = store::load(&vault, &desk.origin(), &email).await;
    tokens
        .map_err(|failure| desk.trouble(failure))?
        .ok_or_else(|| desk.trouble(nothing_kept(&email)))
}

/// Opens the secret store, which has to answer.
pub(crate) async fn open(desk: &Desk<'_>) -> Result<Backend, RunError> {
    let vault = Backend::open(desk.context.terminal.can_ask()).await;
    vault.map_err(|error| desk.trouble(error))
}

/// The address that was named, or the only one that tokens are kept for.
fn whose(desk: &mut Desk<'_>, named: Option<&str>) -> Result<String, RunError> {
    let known = store::addresses(&desk.origin());
    let email = match (named, known.as_slice()) {
        (Some(email), _) => email.to_owned(),
        (None, [only]) => only.clone(),
        (None, []) => return Err(desk.trouble(nobody("no tokens are kept", HINT))),
        (None, several) => {
            let hint = format!("name one of them: {}", several.join(", "));
            return Err(desk.trouble(nobody("tokens of several addresses are kept", &hint)));
        }
    };
    desk.about(&email);
    Ok(email)
}

fn nobody(what: &str, hint: &str) -> Failure {
    Failure::new(
        Reason::InputNeeded,
        format!("{what}, and no address was named"),
        hint,
    )
}

pub(crate) fn nothing_kept(email: &str) -> Failure {
    Failure::new(
        Reason::SignedOut,
        format!(
            "no tokens of {} are kept",
            crate::base::sanitize::clean(email)
        ),
        HINT,
    )
}

pub(crate) async fn whoami(context: &Context, who: &Who) -> anyhow::Result<()> {
    let mut desk = Desk::of(context, who)?;
    let tokens = kept(&mut desk, who).await?;
    let email = desk.subject.username.clone().unwrap_or_default();
    show(
        context,
        &Whoami {
            email: crate::base::sanitize::clean(&email),
            origin: desk.origin(),
            player_tag: tokens.pid().map(|pid| pid.tag().to_string()),
            pid: tokens.pid().map(|pid| pid.to_string()),
            verified: false,
            claims: tokens.claims().ok(),
        },
    )
}

pub(crate) async fn claims(context: &Context, who: &Who) -> anyhow::Result<()> {
    let mut desk = Desk::of(context, who)?;
    let tokens = kept(&mut desk, who).await?;
    let decoded = TokenKind::ALL.into_iter().filter_map(|part| {
        let token = tokens.get(part)?;
        let claims = Claims::decode(token).ok();
        Some(DecodedToken {
            name: part.name(),
            characters: token.reveal().len(),
            claims,
        })
    });
    let email = crate::base::sanitize::clean(desk.subject.username.as_deref().unwrap_or_default());
    show(
        context,
        &Decoded {
            email,
            verified: false,
            tokens: decoded.collect(),
        },
    )
}

/// Shows the settings; changes the one about advertising first when `marketing` is given.
pub(crate) async fn settings(
    context: &Context,
    who: &Who,
    marketing: Option<bool>,
) -> anyhow::Result<()> {
    let mut desk = Desk::of(context, who)?;
    let tokens = kept(&mut desk, who).await?;
    let service = desk.service;
    let request = marketing.map_or_else(
        || service.settings(&tokens),
        |wanted| service.set_marketing(&tokens, wanted),
    );
    let reply = desk.call(request).await?;
    show(context, &desk.read(reply::read_settings(&reply))?)
}

pub(crate) async fn logout(context: &Context, who: &Who) -> anyhow::Result<()> {
    let mut desk = Desk::of(context, who)?;
    let email = whose(&mut desk, who.email.as_deref())?;
    let vault = open(&desk).await?;
    let any = store::forget(&vault, &desk.origin(), &email)
        .await
        .map_err(|failure| desk.trouble(failure))?;
    if !any {
        return Err(desk.trouble(nothing_kept(&email)).into());
    }
    context.terminal.say(format_args!(
        "forgot the tokens of {}",
        crate::base::sanitize::clean(&email)
    ));
    Ok(())
}

/// Keeps tokens that were typed, after showing whose they claim to be.
pub(crate) async fn import(context: &Context, who: &Who) -> anyhow::Result<()> {
    let mut desk = Desk::of(context, who)?;
    let Some(email) = &who.email else {
        return Err(desk
            .trouble(nobody(
                "tokens are to be kept",
                "name it: `scid token import EMAIL`",
            ))
            .into());
    };
    let vault = open(&desk).await?;
    let scid = typed(&mut desk, TokenKind::Scid).await?;
    let scid_token = typed(&mut desk, TokenKind::ScidToken).await?;
    let bind_token = optional(context).await;
    let tokens = checked(scid, scid_token, bind_token).map_err(|failure| desk.trouble(failure))?;
    store::store(&vault, &desk.origin(), email, &tokens)
        .await
        .map_err(|failure| desk.trouble(failure))?;
    whoami(context, who).await
}

fn checked(
    scid: Secret,
    scid_token: Secret,
    bind_token: Option<Secret>,
) -> Result<Tokens, Failure> {
    let usage = |flaw| {
        Failure::new(
            Reason::Usage,
            format!("what was typed is no token: {flaw}"),
            "each token is one line of three parts with dots between them",
        )
    };
    Claims::decode(&scid)
        .and(Claims::decode(&scid_token))
        .map_err(usage)?;
    Tokens::new(scid, scid_token, bind_token).map_err(usage)
}

/// One token from standard input, hidden on a terminal.
async fn typed(desk: &mut Desk<'_>, part: TokenKind) -> Result<Secret, RunError> {
    let terminal = &desk.context.terminal;
    let answer = if terminal.reads_from_terminal() && terminal.can_ask() {
        terminal
            .ask_hidden(&format!("{}: ", part.name()), false)
            .await
    } else {
        terminal.line().await
    };
    let hint =
        "give scid, scidToken and, if there is one, bindToken, each on a line of standard input";
    answer.map_err(|why| desk.trouble(why.failure(part.name(), "standard input", hint)))
}

/// The third token, which few have.
async fn optional(context: &Context) -> Option<Secret> {
    let terminal = &context.terminal;
    if terminal.reads_from_terminal() {
        return None;
    }
    terminal.line().await.ok().filter(|token| !token.is_empty())
}
