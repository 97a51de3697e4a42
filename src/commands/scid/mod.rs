//! `playcookie scid`: Supercell ID, whose result is tokens rather than a game that is started.

pub(crate) mod login;
pub(crate) mod play;
pub(crate) mod show;
pub(crate) mod tokens;

use serde::Serialize;

use super::{Context, unwritten};
use crate::base::failure::{Ending, Failure};
use crate::base::signals::Signals;
use crate::cli::scid::{ScidArguments, SettingsVerb, Switch, TokenVerb, Verb};
use crate::cli::usage::wrong;
use crate::games::scid::catalog::GAMES;
use crate::games::scid::reply;
use crate::games::scid::tag::Tag;
use crate::scid::desk::Desk;
use crate::scid::throttle::Pace;
use show::Show;

pub(crate) async fn run(
    context: &Context,
    arguments: &ScidArguments,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    tokio::select! {
        // Ctrl-C at a hidden prompt is a signal and a prompt without an answer: the signal counts.
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        outcome = look(context, &arguments.verb) => outcome?,
    }
    match &arguments.verb {
        Verb::Play(play) => play::run(context, play, signals).await,
        _ => Ok(Ending::Success),
    }
}

/// Everything but starting a game.
async fn look(context: &Context, verb: &Verb) -> anyhow::Result<()> {
    match verb {
        Verb::Login(login) => login::run(context, login, Pace::Kept).await,
        Verb::Whoami(who) => tokens::whoami(context, who).await,
        Verb::Links(who) => {
            let mut desk = Desk::of(context, who)?;
            let tokens = tokens::kept(&mut desk, who).await?;
            let reply = desk.call(desk.service.links(&tokens)).await?;
            show(context, &desk.read(reply::read_links(&reply))?)
        }
        Verb::Settings(settings) => match &settings.verb {
            None => tokens::settings(context, &settings.who, None).await,
            Some(SettingsVerb::Set {
                setting: _,
                value,
                who,
            }) => tokens::settings(context, who, Some(*value == Switch::On)).await,
        },
        Verb::Token(token) => match &token.verb {
            None => tokens::claims(context, &token.who).await,
            Some(TokenVerb::Import(who)) => tokens::import(context, who).await,
        },
        Verb::Logout(who) => tokens::logout(context, who).await,
        Verb::Tag { tag } => show(context, &identified(tag)?),
        Verb::Games => show(context, &show::Games(&GAMES)),
        Verb::Play(_) => Ok(()),
    }
}

/// Prints what was asked for: lines for people, one object with `--json`.
fn show<T: Serialize + Show>(context: &Context, value: &T) -> anyhow::Result<()> {
    let text = match context.terminal.json() {
        Some(_) => serde_json::to_string(value)? + "\n",
        None => value.lines(),
    };
    Ok(context
        .terminal
        .result(text.as_bytes())
        .map_err(|error| unwritten(&error))?)
}

fn identified(text: &str) -> Result<show::Identified, Failure> {
    let tag = Tag::from_tag_or_pid(text).map_err(|flaw| {
        wrong(
            format!("that is no player tag and no id: {flaw}"),
            "a tag looks like #2PP, an id like 0-1",
        )
    })?;
    Ok(show::Identified {
        tag: tag.to_string(),
        pid: tag.pid().to_string(),
    })
}
