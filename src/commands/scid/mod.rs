//! `playcookie scid`: Supercell ID.

mod play;
mod tokens;

use super::Context;
use crate::base::failure::Failure;
use crate::base::signals::Signals;
use crate::cli::scid::{AccountVerb, Login, ScidArguments, SettingsVerb, Switch, TokenVerb, Verb};
use crate::credentials::backend::OTHER_WAYS;
use crate::games::scid::catalog::{AndroidGame, GAMES};
use crate::games::scid::reply;
use crate::games::scid::tag::Tag;
use crate::run_error::RunError;
use crate::scid::client::ScidClient;
use crate::scid::login::{ScidLoginOptions, log_in};
use crate::scid::output::{Games, TagAndId, print};

pub(super) async fn run(
    context: &Context,
    arguments: &ScidArguments,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    match &arguments.verb {
        Verb::Account(verb) => {
            let account = verb.account();
            let email = account.email.as_deref();
            let mut client = ScidClient::new(context, email, account.api.as_ref())?;
            let instead = match verb {
                AccountVerb::Login(_) => ", or log in with --no-save",
                _ => "",
            };
            let done = signals.or(run_for(&mut client, verb, account.game)).await;
            let done = done.map_err(|error| without_passwords(error, instead));
            done.map_err(|error| error.with_subject(&client.subject))?;
        }
        Verb::Tag { tag } => print(&context.terminal, &tag_and_id(tag)?)?,
        Verb::Games => print(&context.terminal, &Games(&GAMES))?,
        Verb::Play(play) => {
            let done = play::run(context, play, signals).await;
            return Ok(done.map_err(|error| without_passwords(error, ""))?);
        }
    }
    Ok(0)
}

/// Replaces the options for passwords in the hint about a secret store; `scid` has none.
fn without_passwords(mut error: RunError, instead: &str) -> RunError {
    if let RunError::Failed { failure, .. } = &mut error
        && let Some(hint) = failure.hint.strip_suffix(OTHER_WAYS)
    {
        failure.hint = [hint, instead].concat();
    }
    error
}

async fn run_for(
    client: &mut ScidClient<'_>,
    verb: &AccountVerb,
    game: Option<&'static AndroidGame>,
) -> Result<(), Failure> {
    match verb {
        AccountVerb::Login(login) => log_in(client, &options(login)).await,
        AccountVerb::Whoami(_) => tokens::whoami(client, game).await,
        AccountVerb::Links(_) => {
            let (_, tokens) = tokens::load(client, game).await?;
            let reply = client.send(client.service.links(&tokens)).await?;
            let links = client.read(reply::read_links(&reply))?;
            print(&client.context.terminal, &links)
        }
        AccountVerb::Settings(settings) => {
            let marketing = settings.verb.as_ref().map(|verb| match verb {
                SettingsVerb::Set { value, .. } => *value == Switch::On,
            });
            tokens::settings(client, game, marketing).await
        }
        AccountVerb::Token(token) => match &token.verb {
            None => tokens::claims(client, game).await,
            Some(TokenVerb::Import(_)) => tokens::import(client, game).await,
        },
        AccountVerb::Logout(_) => tokens::logout(client, game).await,
    }
}

fn options(login: &Login) -> ScidLoginOptions {
    ScidLoginOptions {
        game: login.account.game,
        lang: login.lang.clone(),
        pin_stdin: login.pin_stdin,
        request_only: login.request_only,
        save: login.save,
        no_save: login.no_save,
    }
}

fn tag_and_id(text: &str) -> Result<TagAndId, RunError> {
    let tag = Tag::from_tag_or_pid(text).map_err(|error| {
        Failure::usage(
            format!("not a player tag or an id: {error}"),
            "a tag looks like #2PP, an id like 0-1",
        )
    })?;
    Ok(TagAndId {
        tag: tag.to_string(),
        pid: tag.pid().to_string(),
    })
}
