//! `playcookie stop`: ends games that run.

use std::slice;
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
    let (games, unmatched) = select_and_report(context, stop)?;
    let running = signals.or(end(&games)).await?;
    let (running, stopped): (Vec<_>, Vec<_>) =
        games.iter().partition(|game| running.contains(&game.pid()));
    let json =
        |games: &[&RunningGame]| games.iter().map(|game| game.json()).collect::<Vec<Value>>();
    let object =
        json!({ "stopped": json(&stopped), "running": json(&running), "unmatched": unmatched });
    let terminal = &context.terminal;
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

/// Returns the running games that were named, and the names of which none runs; says the latter.
fn select_and_report(
    context: &Context,
    stop: &Stop,
) -> Result<(Vec<RunningGame>, Vec<String>), Failure> {
    let (terminal, games) = (&context.terminal, RunningGame::all(&context.state));
    if stop.accounts.is_empty() {
        if games.len() > 1 && !stop.all {
            return Err(several(&games));
        }
        if games.is_empty() {
            terminal.say(format_args!("no game runs"));
        }
        return Ok((games, Vec::new()));
    }
    let (mut selected, mut unmatched): (Vec<RunningGame>, _) = (Vec::new(), Vec::new());
    for word in &stop.accounts {
        let named = match word.strip_prefix('@') {
            Some(group) => members(context, group)?,
            None => slice::from_ref(word),
        };
        let is_named = |game: &&RunningGame| {
            let label = game.label();
            named.iter().any(|name| name.eq_ignore_ascii_case(&label))
        };
        let mut found: Vec<_> = games.iter().filter(is_named).collect();
        if found.is_empty() {
            // An account may have digits as its name.
            let has_process = |game: &&RunningGame| game.pid().to_string() == *word;
            found.extend(games.iter().find(has_process));
        }
        if found.is_empty() {
            terminal.say(format_args!("no game of {} runs", clean(word)));
            unmatched.push(clean(word));
        }
        for game in found {
            if !selected.contains(game) {
                selected.push(game.clone());
            }
        }
    }
    Ok((selected, unmatched))
}

/// Several games run, and none is named.
fn several(games: &[RunningGame]) -> Failure {
    Failure::usage(
        format!(
            "several games run, and none is named: {}",
            with_processes(games)
        ),
        "name some of them, by account or by process, or end all with `playcookie stop --all`",
    )
}

/// Returns the games with their process ids, for a sentence.
fn with_processes<'g>(games: impl IntoIterator<Item = &'g RunningGame>) -> String {
    let text = |game: &RunningGame| format!("{} (process {})", game.label(), game.pid());
    let texts: Vec<_> = games.into_iter().map(text).collect();
    texts.join(", ")
}

fn members<'c>(context: &'c Context, group: &str) -> Result<&'c [String], Failure> {
    context.configuration.group(group).ok_or_else(|| {
        Failure::usage(
            format!("there is no group @{}", clean(group)),
            "`playcookie accounts list` shows the groups",
        )
    })
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
            with_processes(games.iter().copied())
        ),
        hint,
    )
}
