//! `playcookie rehearse`: plays with the built-in stand-in server and game.

mod folder;
mod server;

use std::ffi::OsString;

use super::{Context, show};
use crate::auth::target::{LoginTarget, targets};
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::base::signals::Signals;
use crate::cli::game::Play;
use crate::cli::rehearse::{FaultOptions, Rehearse, Verb};
use crate::cli::status::WatchOption;
use crate::cli::values::GameName;
use crate::context::EnvironmentValues;
use crate::districts::schedule::PollSchedule;
use crate::districts::watch::watch;
use crate::games::{GameId, System, scid};
use crate::launch::command::LaunchCommand;
use crate::run_error::RunError;
use crate::scid::client::{LABEL, ScidClient};
use crate::scid::login::{ScidLoginOptions, log_in};
use crate::session;
use crate::session::launch_plan::{LaunchOptions, LaunchPlan};
use crate::stand_in::game::STAND_IN_GAME;
use crate::stand_in::{self, CODE_SECRET, Scenario, Version};
use crate::status;
use crate::terminal::event::{EventKind, Subject};
use crate::terminal::{Terminal, TerminalOptions};
use crate::totp::Totp;
use crate::update::WorkerPool;
use crate::update::game::GameUpdate;
use folder::RehearsalFolder;
use server::{StandInServer, scenario};

/// Printed before anything is asked.
const WARNING: &str = "This is a rehearsal on your own machine: any name and password are accepted, so don't type real ones.";
/// Printed before districts are watched.
const DISTRICTS_WARNING: &str =
    "This is a rehearsal on your own machine: the districts are invented. Ctrl-C ends the watch.";

pub(super) async fn run(
    context: &Context,
    rehearse: &Rehearse,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let port = rehearse.port.unwrap_or_default();
    let mut server = StandInServer::start(scenario(rehearse), port).await?;
    let Some(game) = rehearse.game.filter(|_| !rehearse.serve) else {
        let subject = serving_subject(rehearse.game);
        print_address(context, rehearse, &subject, &server)?;
        let signal = tokio::select! {
            signal = signals.next() => signal,
            () = server.print_requests(&context.terminal, &subject) => signals.next().await,
        };
        return Err(RunError::Interrupted(signal).into());
    };
    let folder = RehearsalFolder::new()?;
    let mut rehearsal = context.rehearsal(server.base_url()?, folder.state());
    if !context.terminal.can_ask() {
        rehearsal.environment = answers(rehearse.play.credentials.password_stdin);
    }
    let outcome = run_game(&rehearsal, rehearse, game, &folder, signals).await;
    server.print_complaints(context);
    outcome
}

/// Returns what a player would answer, where nobody can be asked. The lines after a password on standard input are codes.
fn answers(password_stdin: bool) -> EnvironmentValues {
    let authenticator = Totp::parse(&Secret::new(CODE_SECRET)).ok();
    let code = |totp: Totp| totp.code(clock::since_epoch().as_secs() / totp.period());
    EnvironmentValues {
        username: Some("player".to_owned()),
        password: Some(Secret::new("no-real-password")),
        code: authenticator.filter(|_| !password_stdin).map(code),
    }
}

/// Prints the address of a server that runs until the program is interrupted.
fn print_address(
    context: &Context,
    rehearse: &Rehearse,
    subject: &Subject,
    server: &StandInServer,
) -> Result<(), Failure> {
    let code_secret = rehearse.two_factor.then_some(CODE_SECRET);
    let serving = EventKind::Serving {
        api: format!("http://{}", server.address),
        code_secret,
    };
    context.terminal.event_as_result(&subject.event(serving))?;
    if let Some(secret) = code_secret {
        context.terminal.say(format_args!(
            "two-factor secret: {secret} (for an authenticator; it is public)"
        ));
    }
    Ok(())
}

/// Returns the subject of the events of `--serve`.
fn serving_subject(game: Option<GameName>) -> Subject {
    Subject {
        game: game.map(|game| match game.game_id() {
            Some(game_id) => game_id.game().into(),
            None => LABEL,
        }),
        ..Subject::default()
    }
}

/// Rehearses a login and the start of a game, or the command that was named instead.
async fn run_game(
    context: &Context,
    rehearse: &Rehearse,
    game: GameName,
    folder: &RehearsalFolder,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let terminal = &context.terminal;
    match (&rehearse.verb, game.game_id()) {
        (Some(Verb::Districts(verb)), Some(game_id)) => {
            terminal.say(format_args!("{DISTRICTS_WARNING}"));
            let target = LoginTarget::public(context, game_id, None);
            let schedule = PollSchedule::of_stand_in();
            watch(context, &target, &verb.options(), schedule, signals).await?;
            return Ok(0);
        }
        (Some(Verb::Status(arguments)), Some(game_id)) => {
            let watch = arguments.watch;
            return Ok(Box::pin(show_status(context, game_id, watch, signals)).await?);
        }
        (Some(Verb::Update(faults)), Some(game_id)) => {
            update(context, game_id, *faults, folder, signals).await?;
            return Ok(0);
        }
        _ => {}
    }
    if terminal.can_ask() {
        terminal.say_always(WARNING);
    } else {
        terminal.say(format_args!("{WARNING}"));
    }
    match game.game_id() {
        Some(game_id) => {
            let played = play(context, game_id, &rehearse.play, folder, signals).await;
            let faults = rehearse.files.faults;
            Ok(played.map_err(|error| about_temporary_folder(error, faults))?)
        }
        None => Ok(log_in_to_scid(context, rehearse, signals).await?),
    }
}

/// Shows the status of the stand-in server, or watches it. Returns the exit status.
async fn show_status(
    context: &Context,
    game_id: GameId,
    watch: WatchOption,
    signals: &mut Signals,
) -> Result<i32, RunError> {
    let targets = [LoginTarget::public(context, game_id, None)];
    let Some(every) = watch.every else {
        return status::show::show(context, &targets, signals).await;
    };
    let schedule = |_: &LoginTarget| PollSchedule::of_stand_in();
    status::watch::watch(context, &targets, every, schedule, signals).await?;
    Ok(0)
}

/// Installs the first version of the stand-in's small game, and updates it to the second.
async fn update(
    context: &Context,
    game_id: GameId,
    faults: FaultOptions,
    folder: &RehearsalFolder,
    signals: &mut Signals,
) -> anyhow::Result<()> {
    let target = LoginTarget::unremembered(game_id, None);
    let directory = folder.game();
    for published in [Version::First, Version::Second] {
        let scenario = Scenario {
            published,
            fault: faults.fault(),
            ..Scenario::default()
        };
        let server = StandInServer::start(scenario, 0).await?;
        let context = context.rehearsal(server.base_url()?, folder.state());
        let pool = WorkerPool::default();
        let update = GameUpdate::new(&context, &target, &directory)?;
        let updated = signals.or(update.run(&pool)).await;
        // Wait for workers to finish their current file.
        drop(pool);
        if let Ok(summary) = &updated {
            update.print(summary);
        }
        server.print_complaints(&context);
        let updated = updated.map_err(|error| about_temporary_folder(error, faults));
        updated.map_err(|error| error.with_subject(&target.subject()))?;
    }
    Ok(())
}

/// Replaces the hint of a failure of downloads: the folder is removed, so no later run continues.
fn about_temporary_folder(mut error: RunError, faults: FaultOptions) -> RunError {
    let faults = [
        (faults.cut.is_some(), "--cut a larger number"),
        (faults.corrupt > 0, "--corrupt a smaller number"),
        (faults.slow.is_some(), "--slow a larger number"),
    ];
    let faults = faults.into_iter().filter(|(is_given, _)| *is_given);
    let faults: Vec<_> = faults.map(|(_, number)| number).collect();
    if let RunError::Failed { failure, .. } = &mut error
        && matches!(failure.reason, Reason::Network | Reason::Verification)
    {
        failure.hint = if faults.is_empty() {
            "run it again from the start: the temporary folder of the rehearsal is removed"
                .to_owned()
        } else {
            let them = if faults.len() > 1 { "them" } else { "it" };
            format!("give {}, or leave {them} out", faults.join(" and "))
        };
    }
    error
}

/// Rehearses `scid login`, which stores nothing.
async fn log_in_to_scid(
    context: &Context,
    rehearse: &Rehearse,
    signals: &mut Signals,
) -> Result<i32, RunError> {
    let Play {
        account, server, ..
    } = &rehearse.play;
    let email = (!context.terminal.can_ask()).then_some("player@example.com");
    let email = account.username.as_deref().or(email);
    let mut client = ScidClient::new(context, email, server.api.as_ref())?;
    let options = ScidLoginOptions {
        game: scid::catalog::GAMES.first(),
        lang: "en".to_owned(),
        pin_stdin: rehearse.pin_stdin,
        request_only: false,
        save: false,
        no_save: true,
    };
    let done = signals.or(log_in(&mut client, &options)).await;
    done.map_err(|error| error.with_subject(&client.subject))?;
    Ok(0)
}

/// Plays with the stand-in game, which is this program itself, or with the game that was named; with `--update`, with the
/// one that the stand-in server publishes.
async fn play(
    context: &Context,
    game_id: GameId,
    arguments: &Play,
    folder: &RehearsalFolder,
    signals: &mut Signals,
) -> Result<i32, RunError> {
    let username = arguments.account.username.as_deref();
    let overrides = arguments.overrides();
    let found = targets(context, Some(game_id), &[], username, &overrides);
    let mut targets = signals.or(found).await?;
    let launch = arguments.launch_options();
    let installs = launch.update && !launch.dry_run;
    if installs {
        for target in &mut targets {
            folder.install_here(target);
        }
    }
    let names_game = arguments.start.exe.is_some() || arguments.start.game_dir.is_some();
    let plan = |target: &LoginTarget| {
        if installs {
            plan_update(context, target, &launch, folder)
        } else if names_game {
            // Only the rehearsal's own folder is updated from the stand-in server.
            let plan = LaunchPlan::find(context, target, &launch)?;
            Ok(LaunchPlan {
                files: None,
                ..plan
            })
        } else {
            plan_stand_in(context, target, &launch)
        }
    };
    if launch.dry_run {
        return session::dry_run(context, &targets, plan);
    }
    session::run(context, targets, arguments.login_options(), plan, signals).await
}

/// Plans to install and start the published program, where this system runs scripts; else the stand-in game beside its
/// files.
fn plan_update(
    context: &Context,
    target: &LoginTarget,
    launch: &LaunchOptions,
    folder: &RehearsalFolder,
) -> Result<LaunchPlan, Failure> {
    let found = folder.expected(target)?;
    if cfg!(unix) && found.system() == System::HERE {
        return LaunchPlan::find(context, target, launch);
    }
    Ok(LaunchPlan {
        files: Some(folder.files(context, target, &found)),
        ..plan_stand_in(context, target, launch)?
    })
}

/// Plans to start the stand-in game.
fn plan_stand_in(
    context: &Context,
    target: &LoginTarget,
    launch: &LaunchOptions,
) -> Result<LaunchPlan, Failure> {
    let program = std::env::current_exe().map_err(|error| {
        Failure::new(
            Reason::GameStart,
            format!("this program cannot find itself ({error})"),
            "name a game with --exe FILE",
        )
    })?;
    let game = target.game_id.game();
    let command = [program.into(), STAND_IN_GAME.into(), game.id.into()];
    let command = command.into_iter().chain(launch.arguments.iter().cloned());
    let command = LaunchCommand::of(command);
    let wrapper = target.options.wrapper.as_deref().unwrap_or_default();
    LaunchPlan::of_command(context, target, launch, command.with_wrapper(wrapper)?)
}

/// Runs the stand-in game when these arguments are those that a rehearsal starts it with, and returns its exit status.
pub(super) fn stand_in_game(arguments: &[OsString]) -> Option<i32> {
    let [_, word, game, rest @ ..] = arguments else {
        return None;
    };
    let game_id = GameId::named(game.to_str()?).filter(|_| word == STAND_IN_GAME)?;
    let played = stand_in::game::play(game_id.game(), rest, |name| std::env::var(name).ok());
    match show(&Terminal::new(TerminalOptions::default()), &played.lines) {
        0 => Some(played.status),
        failed => Some(failed),
    }
}
