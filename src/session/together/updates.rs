//! The games of those who play together, brought up to date before the first login: each directory once, whoever plays
//! from it.

use std::rc::Rc;

use super::{AccountRun, for_several, report};
use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::signals::{Signal, Signals};
use crate::cli::game::Play;
use crate::context::Context;
use crate::session::launch_plan::plan_found;
use crate::update::game::files::{Files, Owner};

/// Brings all of them up to date. Gives the signal that ended it early.
///
/// # Errors
/// The first failure, after each was told to everybody who plays from there: with one who cannot play, none begins.
pub(crate) async fn update_all(
    context: &Context,
    play: &Play,
    parts: &mut [AccountRun],
    signals: &mut Signals,
) -> Result<Option<Signal>, Reason> {
    let wanted = |part: &AccountRun| part.planned.files.as_ref().and_then(Files::wanted);
    let places: Vec<_> = parts.iter().map(wanted).collect();
    let mut first = None;
    for (index, place) in places.iter().enumerate() {
        let is_done = places.iter().take(index).any(|known| known == place);
        let Some(part) = parts.get_mut(index).filter(|_| place.is_some() && !is_done) else {
            continue;
        };
        match update(context, part, signals).await {
            Ok(None) => {}
            Ok(Some(signal)) => return Ok(Some(signal)),
            Err(failure) => {
                first.get_or_insert(failure.reason);
                let concerned = parts.iter().zip(&places).filter(|(_, it)| *it == place);
                for (part, _) in concerned {
                    report(context, &part.subject, &failure);
                }
            }
        }
    }
    if let Some(reason) = first {
        return Err(reason);
    }
    for part in parts {
        if let Err(failure) = find_again(context, play, part) {
            first.get_or_insert(failure.reason);
            report(context, &part.subject, &failure);
        }
    }
    first.map_or(Ok(None), Err)
}

/// Updates now, or lets the first login from there do it where the servers are told to nobody else.
async fn update(
    context: &Context,
    part: &mut AccountRun,
    signals: &mut Signals,
) -> Result<Option<Signal>, Failure> {
    let (Some(files), Some(prepared)) = (&part.planned.files, &mut part.prepared) else {
        return Ok(None);
    };
    let owner = Owner {
        context,
        target: &prepared.target,
        root: None,
    };
    if let Some(at_login) = files.at_login(owner)? {
        if files.is_missing {
            return Err(not_there(&prepared.target));
        }
        prepared.update = Some(at_login);
        return Ok(None);
    }
    files.bring(owner, None, signals).await
}

/// A game that only a login can install: which of several would wait for which is not for this program to guess.
fn not_there(target: &LoginTarget) -> Failure {
    let game = target.game_id.game();
    Failure::new(
        Reason::GameMissing,
        format!("{} is not installed yet", game.name),
        format!("install it first: `playcookie {} update`", game.id),
    )
}

/// Plans anew with a game that was missing.
fn find_again(context: &Context, play: &Play, part: &mut AccountRun) -> Result<(), Failure> {
    let (Some(files), Some(prepared)) = (&part.planned.files, &part.prepared) else {
        return Ok(());
    };
    if files.is_missing {
        let planned = plan_found(context, &prepared.target, play, &files.state)?;
        part.planned = Rc::new(for_several(planned));
    }
    Ok(())
}
