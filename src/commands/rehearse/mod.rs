//! `playcookie rehearse`: the main job against the built-in stand-in.

pub(crate) mod lodging;
pub(crate) mod stage;

use std::cell::RefCell;
use std::ffi::OsString;

use super::play::play_one;
use super::{Context, RunError, districts, unwritten};
use crate::auth::target::{LoginTarget, targets};
use crate::base::failure::{Ending, Failure, Reason};
use crate::base::signals::Signals;
use crate::cli::game::Play;
use crate::cli::rehearse::{Faults, Rehearse, Verb};
use crate::cli::scid::{Login, Who as Whose};
use crate::cli::values::{AnyGame, Api};
use crate::games::{GameId, scid};
use crate::http::BaseUrl;
use crate::launch::command::LaunchCommand;
use crate::scid::throttle::Pace;
use crate::session::launch_plan::{LaunchPlan, complete, plan, typed};
use crate::stand_in;
use crate::stand_in::game::{Played, STAND_IN_GAME};
use crate::stand_in::{CODE_SECRET, Scenario, Version};
use crate::state::StateDirectory;
use crate::terminal::event::{EventKind, Label, Subject};
use lodging::Lodging;
use stage::{Stage, scenario};

/// What a player should know before typing anything.
const WARNING: &str = "This is a rehearsal on your own machine: any name and password are welcome, so don't type a real one.";
/// What somebody should know who looks at districts.
const MADE_UP: &str = "A rehearsal on your own machine: nobody plays there. Ctrl-C ends the watch.";

pub(crate) async fn run(
    context: &Context,
    rehearse: &Rehearse,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let stage = Stage::open(scenario(rehearse), rehearse.port.unwrap_or_default()).await?;
    let Some(game) = rehearse.game.filter(|_| !rehearse.serve) else {
        let subject = Subject {
            game: rehearse.game.map(label),
            ..Subject::default()
        };
        let code_secret = rehearse.two_factor.then_some(CODE_SECRET);
        let serving = EventKind::Serving {
            api: format!("http://{}", stage.address),
            code_secret,
        };
        let written = context.terminal.event_as_result(&subject.event(serving));
        written.map_err(|error| unwritten(&error))?;
        if let Some(secret) = code_secret {
            context.terminal.say(format_args!(
                "code secret: {secret} (for an authenticator; it is published, and the same everywhere)"
            ));
        }
        return Ok(Ending::Stopped(signals.next().await));
    };
    let outcome = act(context, rehearse, game, stage.root()?, signals).await;
    stage.complain(context);
    outcome
}

/// The main job of one game, or what was named in its place, at the stand-in.
async fn act(
    context: &Context,
    rehearse: &Rehearse,
    game: AnyGame,
    root: BaseUrl,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let terminal = &context.terminal;
    match (&rehearse.verb, game.game_id()) {
        (Some(Verb::Districts(verb)), Some(game_id)) => {
            terminal.say(format_args!("{MADE_UP}"));
            return districts::rehearse(context, game_id, verb, root, signals).await;
        }
        (Some(Verb::Update(faults)), Some(game_id)) => {
            return update(context, game_id, &rehearse.play, *faults, signals).await;
        }
        _ => {}
    }
    if terminal.can_ask() {
        terminal.tell(WARNING);
    } else {
        terminal.say(format_args!("{WARNING}"));
    }
    match game.game_id() {
        Some(game_id) => play(context, game_id, &rehearse.play, root, signals).await,
        None => log_in(context, rehearse, root, signals).await,
    }
}

/// Installs the first version of the small game, and brings it to the second.
async fn update(
    context: &Context,
    game_id: GameId,
    play: &Play,
    faults: Faults,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let published = |published| Scenario {
        published,
        fault: faults.fault(),
        ..Scenario::default()
    };
    let first = Stage::open(published(Version::First), 0).await?;
    let second = Stage::open(published(Version::Second), 0).await?;
    let lodging = Lodging::new()?;
    let guest = lodging.guest(LoginTarget::stranger(game_id, None));
    let roots = [&first.root()?, &second.root()?];
    let outcome = lodging.bring(context, &guest, play, roots, signals).await;
    first.complain(context);
    second.complain(context);
    let stopped = outcome.map_err(|failure| RunError::new(guest.subject(), failure))?;
    Ok(stopped.map_or(Ending::Success, Ending::Stopped))
}

fn label(game: AnyGame) -> Label {
    game.game_id().map_or(
        Label {
            id: scid::ID,
            name: scid::NAME,
        },
        |game_id| game_id.game().into(),
    )
}

/// `scid login` at the stand-in, which keeps nothing.
async fn log_in(
    context: &Context,
    rehearse: &Rehearse,
    root: BaseUrl,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let Play { who, server, .. } = &rehearse.play;
    let interface = server.api.clone().unwrap_or_default().interface;
    let login = Login {
        who: Whose {
            email: who.username.clone(),
            api: Some(Api {
                interface,
                url: Some(root),
            }),
        },
        game: Some(&scid::catalog::GAMES[0]),
        lang: "en".to_owned(),
        pin_stdin: rehearse.pin_stdin,
        request_only: false,
        save: false,
        no_save: true,
    };
    let pace = Pace::Forgotten(RefCell::default());
    tokio::select! {
        biased;
        signal = signals.next() => Ok(Ending::Stopped(signal)),
        outcome = crate::commands::scid::login::run(context, &login, pace) => outcome.map(|()| Ending::Success),
    }
}

/// Plays with the stand-in game, which is this program itself, or with the one that was named; with --update, with the one
/// that the stand-in publishes.
async fn play(
    context: &Context,
    game_id: GameId,
    play: &Play,
    root: BaseUrl,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let stranger = LoginTarget::stranger(game_id, play.who.username.clone());
    let trouble = |failure| RunError::new(stranger.subject(), failure);
    let options = typed(play);
    let mut targets = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        found = targets(context, Some(game_id), &play.who, &options) => found.map_err(trouble)?,
    };
    let mut target = targets.pop().unwrap_or_else(|| stranger.clone());
    let is_updated = play.start.update && !play.start.dry_run;
    let lodging = is_updated.then(Lodging::new).transpose().map_err(trouble)?;
    if let Some(lodging) = &lodging {
        target = lodging.guest(target);
    }
    let planned = planned(context, &target, play, lodging.as_ref()).map_err(trouble)?;
    // The folder stays until the game has ended.
    play_one(context, play, target, planned, Some(root), signals).await
}

/// What is started.
fn planned(
    context: &Context,
    target: &LoginTarget,
    play: &Play,
    lodging: Option<&Lodging>,
) -> Result<LaunchPlan, Failure> {
    if let Some(lodging) = lodging {
        return lodging.plan(context, target, play);
    }
    if play.start.exe.is_none() && play.start.game_dir.is_none() {
        let start = stand_in_start(target, play)?;
        return complete(context, target, play, start);
    }
    let planned = plan(context, target, play, &StateDirectory::user())?;
    // Nothing but the folder of a rehearsal is updated from its stand-in.
    Ok(LaunchPlan {
        files: None,
        ..planned
    })
}

/// The start of the stand-in game.
fn stand_in_start(target: &LoginTarget, play: &Play) -> Result<LaunchCommand, Failure> {
    let program = std::env::current_exe().map_err(|error| {
        Failure::new(
            Reason::GameStart,
            format!("this program cannot find itself ({error})"),
            "name a game with --exe FILE",
        )
    })?;
    let game = target.game_id.game();
    let words = [
        program.into_os_string(),
        STAND_IN_GAME.into(),
        game.id.into(),
    ];
    let start = LaunchCommand::of(words.into_iter().chain(play.arguments.iter().cloned()));
    let wrapper = target.options.wrapper.as_deref().unwrap_or_default();
    start.behind(wrapper, game)
}

/// What the stand-in game does, when these arguments are those that a rehearsal starts it with.
pub(crate) fn is_stand_in_game(arguments: &[OsString]) -> Option<Played> {
    let [_, word, game, rest @ ..] = arguments else {
        return None;
    };
    let game_id = GameId::named(game.to_str()?).filter(|_| word == STAND_IN_GAME)?;
    Some(stand_in::game::play(game_id.game(), rest, |name| {
        std::env::var(name).ok()
    }))
}
