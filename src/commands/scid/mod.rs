//! `playcookie scid`: Supercell ID.

mod play;
mod tokens;

use super::Context;
use crate::base::failure::Failure;
use crate::base::signals::Signals;
use crate::cli::scid::{
    AccountOptions, Login, ScidArguments, SettingsVerb, Switch, TokenVerb, Verb,
};
use crate::games::scid::answer;
use crate::games::scid::catalog::GAMES;
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
    let who = match &arguments.verb {
        Verb::Play(play) => return Ok(play::run(context, play, signals).await?),
        Verb::Tag { tag } => {
            print(&context.terminal, &tag_and_id(tag)?)?;
            return Ok(0);
        }
        Verb::Games => {
            print(&context.terminal, &Games(&GAMES))?;
            return Ok(0);
        }
        Verb::Login(login) => &login.account,
        Verb::Whoami(who) | Verb::Links(who) | Verb::Logout(who) => who,
        Verb::Settings(settings) => match &settings.verb {
            None => &settings.account,
            Some(SettingsVerb::Set { account, .. }) => account,
        },
        Verb::Token(token) => match &token.verb {
            None => &token.account,
            Some(TokenVerb::Import(who)) => who,
        },
    };
    let mut client = client(context, who)?;
    let done = signals.or(run_for(&mut client, &arguments.verb)).await;
    done.map_err(|error| error.with_subject(&client.subject))?;
    Ok(0)
}

fn client<'a>(context: &'a Context, who: &AccountOptions) -> Result<ScidClient<'a>, Failure> {
    ScidClient::new(context, who.email.as_deref(), who.api.as_ref())
}

async fn run_for(client: &mut ScidClient<'_>, verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::Login(login) => log_in(client, &options(login)).await,
        Verb::Whoami(_) => tokens::whoami(client).await,
        Verb::Links(_) => {
            let tokens = tokens::load(client).await?;
            let reply = client.send(client.service.links(&tokens)).await?;
            let links = client.read(answer::linked(&reply))?;
            print(&client.context.terminal, &links)
        }
        Verb::Settings(settings) => {
            let marketing = settings.verb.as_ref().map(|verb| match verb {
                SettingsVerb::Set { value, .. } => *value == Switch::On,
            });
            tokens::settings(client, marketing).await
        }
        Verb::Token(token) => match &token.verb {
            None => tokens::claims(client).await,
            Some(TokenVerb::Import(_)) => tokens::import(client).await,
        },
        Verb::Logout(_) => tokens::logout(client).await,
        Verb::Tag { .. } | Verb::Games | Verb::Play(_) => Ok(()),
    }
}

fn options(login: &Login) -> ScidLoginOptions {
    ScidLoginOptions {
        game: login.game,
        lang: login.lang.clone(),
        pin_stdin: login.pin_stdin,
        request_only: login.request_only,
        save: login.save,
        no_save: login.no_save,
    }
}

fn tag_and_id(text: &str) -> Result<TagAndId, RunError> {
    let tag = Tag::of_either(text).map_err(|error| {
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
