//! How fast and how light the program is, beside something that does the same: a table of figures, ratios and goals.
//!
//! ```text
//! cargo bench --bench speed         40 rounds
//! cargo bench --bench speed -- 200  more rounds, for a machine with other things to do
//! ```
//!
//! Whatever is compared takes turns in the same run (A B C A B C …), and a ratio is one of medians: a figure alone says
//! as much about the machine and its mood as about the program. Instructions and sizes do not depend on the mood.
//! Everything happens on loopback. A login goes from the command to the first byte that the game prints, and beside it
//! runs a floor: the same request and the same start, written for nothing else (`floor.rs`), which this program does
//! when it is called with `floor PORT GAME`. A look at the districts goes to the command's end, beside a floor that prints
//! the same answer unread (`floor PORT`).
//!
//! Figures decide nothing about the status: it is 0 unless something did not run. Needs `rustc`; without `curl`,
//! `valgrind` or GNU `time` their rows say so. 1 MB is 1,000,000 bytes.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark prints, and one that cannot go on has failed"
)]

#[path = "../../it/harness/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    reason = "the tests use all of it"
)]
mod harness;

mod contest;
mod cost;
mod floor;
#[path = "../request.rs"]
mod request;
mod run;
mod stage;
#[path = "../table.rs"]
#[allow(dead_code, reason = "the other benchmark uses all of it")]
mod table;
#[path = "../tools.rs"]
mod tools;
#[path = "../turns.rs"]
mod turns;

use std::process::Command;

use contest::contest;
use run::{until_end, until_first_byte};
use stage::Stage;
use table::{Cells, Goal, Row};
use tools::tool;

/// Rounds of a contest, unless an argument says more.
const ROUNDS: usize = 40;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [what, port, game] if what == floor::ARGUMENT => {
            return floor::log_in_and_start(port, game);
        }
        [what, port] if what == floor::ARGUMENT => return floor::look(port),
        _ => {}
    }
    // Cargo adds an option of its own.
    let typed = arguments.iter().find_map(|word| word.parse().ok());
    let rounds = typed.unwrap_or(ROUNDS).max(1);
    let stage = Stage::new();
    println!("{rounds} rounds, medians\n");
    let rows = [
        starting(&stage, rounds),
        logging_in(&stage, rounds),
        looking(&stage, rounds),
        weighing(&stage),
    ];
    table::print(&rows.concat());
}

/// `--version` and `--help`.
fn starting(stage: &Stage, rounds: usize) -> Vec<Cells> {
    let empty = || stage.empty();
    let version = || stage.program(&["--version"]);
    let help = || stage.program(&["--help"]);
    let times = contest(rounds, until_end, &[&empty, &version, &help]);
    let instructions = |command: Command| cost::instructions(stage, until_end, &command);
    let least = instructions(empty());
    let row = |measure| Row::new(measure, Goal::Ratio(1.2));
    let count = |measure, most| Row::new(measure, Goal::AtMost(most));
    let beside = "an empty program";
    vec![
        row("--version, ms").shows(times[1], beside, times[0]),
        row("--help, ms").shows(times[2], beside, times[0]),
        count("--version, M instructions", 1.2).shows(instructions(version()), beside, least),
        count("--help, M instructions", 2.0).shows(instructions(help()), beside, least),
    ]
}

/// From the command to the game, with one request and with two.
fn logging_in(stage: &Stage, rounds: usize) -> Vec<Cells> {
    let floor = || stage.floor();
    let play = || stage.play();
    let delayed = || stage.play_delayed();
    let post = || stage.curl();
    let mut turns: Vec<&dyn Fn() -> Command> = vec![&floor, &play, &delayed];
    let curl = tool("curl");
    if curl.is_ok() {
        turns.push(&post);
    }
    let times = contest(rounds, until_first_byte, &turns);
    let instructions = |command: Command| cost::instructions(stage, until_first_byte, &command);
    let row = |most| Row::new("command to game, ms", Goal::Ratio(most));
    vec![
        row(2.0).shows(times[1], "the floor", times[0]),
        row(0.15).shows(times[1], "curl", curl.map(|_| times[3])),
        Row::new("command to game, M instructions", Goal::AtMost(16.0)).shows(
            instructions(play()),
            "the floor",
            instructions(floor()),
        ),
        Row::new("more for a delayed first, ms", Goal::AtMost(500.0)).shows(
            times[2] - times[1],
            "one request",
            times[1],
        ),
    ]
}

/// The districts, from the command to its end.
fn looking(stage: &Stage, rounds: usize) -> Vec<Cells> {
    let floor = || stage.floor_districts();
    let districts = || stage.districts();
    let times = contest(rounds, until_end, &[&floor, &districts]);
    let instructions = |command: Command| cost::instructions(stage, until_end, &command);
    let beside = "the floor";
    vec![
        Row::new("districts, ms", Goal::Ratio(1.3)).shows(times[1], beside, times[0]),
        Row::new("districts, M instructions", Goal::AtMost(16.0)).shows(
            instructions(districts()),
            beside,
            instructions(floor()),
        ),
    ]
}

/// Memory and size.
fn weighing(stage: &Stage) -> Vec<Cells> {
    let row = |measure, most| Row::new(measure, Goal::AtMost(most));
    let floor = "the floor";
    vec![
        row("peak memory of it, MB", 8.0).shows(
            cost::peak(&stage.play()),
            floor,
            cost::peak(&stage.floor()),
        ),
        row("memory while the game runs, MB", 6.0).shows(
            cost::resident(stage.play()),
            floor,
            cost::resident(stage.floor()),
        ),
        row("binary, MB", 8.0).shows(
            cost::size(&stage.program(&[])),
            "an empty program",
            cost::size(&stage.empty()),
        ),
    ]
}
