//! `playcookie stop`: ends games that run.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Context, print};
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::signals::Signals;
use crate::cli::stop::Stop;
use crate::run_error::RunError;
use crate::session::running_games::RunningGame;

/// How long games may take to end.
const LIMIT: Duration = Duration::from_secs(5);
/// How often it is checked whether they have ended.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

pub(super) async fn run(
    context: &Context,
    stop: &Stop,
    signals: &mut Signals,
) -> Result<(), RunError> {
    let games = selected(context, stop)?;
    let running = signals.or(end(&games)).await?;
    let (running, stopped): (Vec<_>, Vec<_>) =
        games.iter().partition(|game| running.contains(&game.pid()));
    let json =
        |games: &[&RunningGame]| games.iter().map(|game| game.json()).collect::<Vec<Value>>();
    let object = json!({ "stopped": json(&stopped), "running": json(&running) });
    let terminal = &context.terminal;
    if games.is_empty() {
        let of = match stop.accounts.as_slice() {
            [] => String::new(),
            names => format!(" of {}", names.join(" or ")),
        };
        terminal.say(format_args!("no game{of} runs"));
    }
    for game in &stopped {
        let (label, name) = (game.label(), game.game_name());
        terminal.say(format_args!("{label}: {name} has ended"));
    }
    print(terminal, &object, String::new)?;
    match running.as_slice() {
        [] => Ok(()),
        running => Err(not_ended(running).into()),
    }
}

/// Returns the running games that were named.
fn selected(context: &Context, stop: &Stop) -> Result<Vec<RunningGame>, Failure> {
    let mut games = RunningGame::all(&context.state);
    if stop.all || (stop.accounts.is_empty() && games.len() < 2) {
        return Ok(games);
    }
    let labels: Vec<_> = games.iter().map(RunningGame::label).collect();
    if stop.accounts.is_empty() {
        return Err(Failure::usage(
            format!(
                "several games run, and none is named: {}",
                labels.join(", ")
            ),
            "name some of them, or end all with `playcookie stop --all`",
        ));
    }
    let mut names: Vec<&str> = Vec::new();
    for name in &stop.accounts {
        if let Some(group) = name.strip_prefix('@') {
            names.extend(members(context, group)?);
            continue;
        }
        let is_running = labels.iter().any(|label| label.eq_ignore_ascii_case(name));
        if !is_running && context.configuration.account(name).is_none() {
            return Err(Failure::usage(
                format!(
                    "\"{}\" is no remembered account, and no game of it runs",
                    clean(name)
                ),
                "`playcookie ps` shows the games that run",
            ));
        }
        names.push(name);
    }
    games.retain(|game| {
        let label = game.label();
        names.iter().any(|name| name.eq_ignore_ascii_case(&label))
    });
    Ok(games)
}

fn members<'c>(
    context: &'c Context,
    group: &str,
) -> Result<impl Iterator<Item = &'c str>, Failure> {
    let members = context.configuration.group(group).ok_or_else(|| {
        Failure::usage(
            format!("there is no group @{}", clean(group)),
            "`playcookie accounts list` shows the groups",
        )
    })?;
    Ok(members.iter().map(String::as_str))
}

/// Asks games to end and waits until they have. Returns the process ids of those that still run.
///
/// # Errors
/// When the system refuses to ask one.
async fn end(games: &[RunningGame]) -> Result<Vec<u32>, Failure> {
    for game in games {
        game.terminate().map_err(|error| {
            let (label, pid) = (game.label(), game.pid());
            Failure::new(
                Reason::Io,
                format!("the game of {label} (process {pid}) cannot be ended ({error})"),
                "close it in its own window",
            )
        })?;
    }
    let mut waited = Duration::ZERO;
    loop {
        let running = games.iter().filter(|game| game.is_running());
        let running: Vec<_> = running.map(RunningGame::pid).collect();
        if running.is_empty() || waited >= LIMIT {
            return Ok(running);
        }
        clock::sleep(POLL_INTERVAL).await;
        waited += POLL_INTERVAL;
    }
}

fn not_ended(games: &[&RunningGame]) -> Failure {
    let text = |game: &&RunningGame| format!("{} (process {})", game.label(), game.pid());
    let labels: Vec<_> = games.iter().map(text).collect();
    let pids: Vec<_> = games.iter().map(|game| game.pid().to_string()).collect();
    let hint = if cfg!(windows) {
        format!("end it with `taskkill /F /PID {}`", pids.join(" /PID "))
    } else {
        format!(
            "wait a little, or end it with `kill -KILL {}`",
            pids.join(" ")
        )
    };
    Failure::new(
        Reason::TryLater,
        format!(
            "asked to end, and still running after {} s: {}",
            LIMIT.as_secs(),
            labels.join(", ")
        ),
        hint,
    )
}
