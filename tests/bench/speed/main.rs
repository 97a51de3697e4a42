//! Measures speed and size of the program and prints a table of figures, ratios and goals.
//!
//! ```text
//! cargo bench --bench speed         40 rounds
//! cargo bench --bench speed -- 200  more rounds, for a busy machine
//! ```
//!
//! Compared commands run alternately (A B C A B C …), and ratios are those of medians, because single figures depend on the
//! load of the machine. Instructions and sizes do not. All servers are on loopback. A login is measured from its start to the
//! first byte that the game prints, and compared to a baseline: the same request and start without anything else
//! (`baseline.rs`), which this program runs when it is called with `baseline PORT GAME`. `districts` is measured to its exit,
//! and compared to a baseline that prints the answer without parsing it (`baseline PORT`).
//!
//! The exit status is 1 when a goal is missed by more than 5 %, which is noise. The benchmark needs `rustc`. Without `curl`,
//! `valgrind`, GNU `time` or gnome-keyring their rows are not measured. 1 MB is 1,000,000 bytes.
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

mod baseline;
mod compare;
mod cost;
mod hostile;
#[path = "../interleave.rs"]
mod interleave;
mod keyring;
#[path = "../request.rs"]
mod request;
mod run;
mod setup;
#[path = "../table.rs"]
#[allow(dead_code, reason = "the other benchmark uses all of it")]
mod table;
#[path = "../tools.rs"]
mod tools;

use std::process::{Command, ExitCode};

use compare::compare;
use keyring::Keyring;
use run::{until_end, until_first_byte};
use setup::Setup;
use table::{Cells, Goal, Row};
use tools::{Missing, tool};

/// The default number of rounds.
const ROUNDS: usize = 40;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [what, port, game] if what == baseline::ARGUMENT => {
            baseline::log_in_and_start(port, game);
            return ExitCode::SUCCESS;
        }
        [what, port] if what == baseline::ARGUMENT => {
            baseline::districts(port);
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    // Cargo adds an option.
    let typed = arguments.iter().find_map(|word| word.parse().ok());
    let rounds = typed.unwrap_or(ROUNDS).max(1);
    let setup = Setup::new();
    println!("{rounds} rounds, medians\n");
    let rows = [
        start_up(&setup, rounds),
        login(&setup, rounds),
        districts(&setup, rounds),
        search(&setup, rounds),
        hostile::search(rounds / 8 + 1),
        kept_password(&setup, rounds),
        group(&setup, rounds / 8 + 1),
        memory_and_size(&setup),
    ];
    table::print(&rows.concat())
}

/// Measures `--version`, `--help` and completion.
fn start_up(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let empty = || setup.empty();
    let version = || setup.program(&["--version"]);
    let help = || setup.program(&["--help"]);
    let complete = || setup.complete();
    let times = compare(rounds, until_end, &[&empty, &version, &help, &complete]);
    let instructions = |command: Command| cost::instructions(setup, until_end, &command);
    let least = instructions(empty());
    let row = |measure| Row::new(measure, Goal::Ratio(1.2));
    let count = |measure, most| Row::new(measure, Goal::AtMost(most));
    let beside = "an empty program";
    vec![
        row("--version, ms").shows(times[1], beside, times[0]),
        // 1.2 is out of reach: clap builds the command and its texts, which takes 0.4 ms, once for each help that a person
        // reads.
        Row::new("--help, ms", Goal::Ratio(1.7)).shows(times[2], beside, times[0]),
        count("TAB with 200 accounts, ms", 30.0).shows(times[3], beside, times[0]),
        count("--version, M instructions", 1.2).shows(instructions(version()), beside, least),
        count("--help, M instructions", 2.0).shows(instructions(help()), beside, least),
    ]
}

/// Measures a login from the start to the game, with one request and with two.
fn login(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let baseline = || setup.baseline();
    let play = || setup.play();
    let queued = || setup.play_queued();
    let post = || setup.curl();
    let mut commands: Vec<&dyn Fn() -> Command> = vec![&baseline, &play, &queued];
    let curl = tool("curl");
    if curl.is_ok() {
        commands.push(&post);
    }
    let times = compare(rounds, until_first_byte, &commands);
    let instructions = |command: Command| cost::instructions(setup, until_first_byte, &command);
    let row = |most| Row::new("command to game, ms", Goal::Ratio(most));
    vec![
        row(2.0).shows(times[1], "the baseline", times[0]),
        row(0.15).shows(times[1], "curl", curl.map(|_| times[3])),
        Row::new("command to game, M instructions", Goal::AtMost(16.0)).shows(
            instructions(play()),
            "the baseline",
            instructions(baseline()),
        ),
        Row::new("extra time in an empty queue, ms", Goal::AtMost(500.0)).shows(
            times[2] - times[1],
            "one request",
            times[1],
        ),
    ]
}

/// Measures `districts`.
fn districts(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let baseline = || setup.baseline_districts();
    let districts = || setup.districts();
    let times = compare(rounds, until_end, &[&baseline, &districts]);
    let instructions = |command: Command| cost::instructions(setup, until_end, &command);
    let beside = "the baseline";
    vec![
        Row::new("districts, ms", Goal::Ratio(1.3)).shows(times[1], beside, times[0]),
        Row::new("districts, M instructions", Goal::AtMost(16.0)).shows(
            instructions(districts()),
            beside,
            instructions(baseline()),
        ),
    ]
}

/// Measures the search for a game.
fn search(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let named = || setup.plan(true);
    let found = || setup.plan(false);
    let times = compare(rounds, until_end, &[&named, &found]);
    vec![
        Row::new("extra time to search 50 prefixes, ms", Goal::AtMost(5.0)).shows(
            times[1] - times[0],
            "--exe",
            times[0],
        ),
    ]
}

/// Measures what each further account of a group costs: its plan, and its login. Logins to Toontown Rewritten follow one
/// another without a pause.
fn group(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let plan = |accounts: usize| move || setup.plan_group(accounts);
    let (few, many) = (plan(2), plan(12));
    let times = compare(rounds * 8, until_end, &[&few, &many]);
    let login = |accounts: usize| move || setup.play_group(accounts);
    let (two, twelve) = (login(2), login(12));
    let logins = compare(rounds, until_end, &[&two, &twelve]);
    let instructions = |command: Command| cost::instructions(setup, until_end, &command);
    let peak = |command: Command| cost::peak(until_end, &command);
    let (few, many) = (instructions(few()), instructions(many()));
    let (least, most) = (instructions(two()), instructions(twelve()));
    let (small, large) = (peak(two()), peak(twelve()));
    let beside = "a plan of two";
    let logins_beside = "a login of two";
    vec![
        Row::new(
            "plan of a further account, M instructions",
            Goal::AtMost(0.5),
        )
        .shows(per_further(few, many), beside, few),
        Row::new("plan of 12 accounts, ms", Goal::Ratio(1.5)).shows(times[1], beside, times[0]),
        Row::new(
            "login of a further account, M instructions",
            Goal::AtMost(2.0),
        )
        .shows(per_further(least, most), logins_beside, least),
        Row::new("login of 12 accounts, ms", Goal::Ratio(6.0)).shows(
            logins[1],
            logins_beside,
            logins[0],
        ),
        Row::new("peak memory of a further account, MB", Goal::AtMost(0.1)).shows(
            per_further(small, large),
            logins_beside,
            small,
        ),
    ]
}

/// Returns a tenth of the difference between a run with two accounts and one with twelve.
fn per_further(two: Result<f64, Missing>, twelve: Result<f64, Missing>) -> Result<f64, Missing> {
    Ok((twelve? - two?) / 10.0)
}

/// Measures a login with a password from the secret store.
fn kept_password(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let keyring = Keyring::new(setup);
    let extra = keyring.map(|keyring| {
        let typed = || keyring.login(setup, &["--password-stdin", "--no-save"]);
        let kept = || keyring.login(setup, &[]);
        let times = compare(rounds, until_end, &[&typed, &kept]);
        (times[1] - times[0], times[0])
    });
    // The key exchange with the store takes 8 ms: 4 here, in the library, and 4 in the daemon. Without it, the password would
    // cross the bus in the clear. The six requests to the store take 2 ms.
    let row = Row::new("extra time of a kept password, ms", Goal::AtMost(8.0));
    vec![row.shows(
        extra.map(|(extra, _)| extra),
        "--password-stdin",
        extra.map(|(_, typed)| typed),
    )]
}

/// Measures memory and size.
fn memory_and_size(setup: &Setup) -> Vec<Cells> {
    let row = |measure, most| Row::new(measure, Goal::AtMost(most));
    let baseline = "the baseline";
    vec![
        // Nine tenths are pages of the program and of libc, which the system maps in groups of 16 around each page that is
        // needed; other processes can have them back at any time.
        row("peak memory of a login, MB", 8.0).shows(
            cost::peak(until_first_byte, &setup.play()),
            baseline,
            cost::peak(until_first_byte, &setup.baseline()),
        ),
        row("memory of its own while the game runs, MB", 1.0).shows(
            cost::private(setup.play()),
            baseline,
            cost::private(setup.baseline()),
        ),
        row("binary, MB", 7.5).shows(
            cost::size(&setup.program(&[])),
            "an empty program",
            cost::size(&setup.empty()),
        ),
    ]
}
