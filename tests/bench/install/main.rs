//! Measures how fast a game is installed, checked and verified, and prints a table of figures, ratios and goals.
//!
//! ```text
//! cargo bench --bench install         3 rounds, a few minutes
//! cargo bench --bench install -- 5    more rounds
//! ```
//!
//! nginx on loopback serves 400 MB in 40 files, compressed with bzip2, over TLS and HTTP/1.1. Compared commands run
//! alternately, each in an empty directory after `sync`, and ratios are those of medians. The program is compared to a
//! pipeline of `curl`, `bzip2 -d`, `tee` and `sha1sum` with one process per core, which does not flush its files, and to a
//! baseline: decoding local files without writing. A remote server has a round trip of 20 ms ([`delay_proxy`]). Cores used
//! are those of the program and its child processes, without the server.
//!
//! The exit status is 1 when a goal is missed by more than 5 %, which is noise. The benchmark needs `nginx` (Debian: `apt-get
//! install nginx-light`), `curl`, `bzip2` and GNU `time`, and about 1 GB below `target/tmp`, where the compressed files are
//! kept.
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

mod cost;
mod delay_proxy;
mod games;
#[path = "../interleave.rs"]
mod interleave;
#[path = "../request.rs"]
mod request;
mod server;
mod setup;
mod steps;
#[path = "../table.rs"]
mod table;
#[path = "../tools.rs"]
mod tools;

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use cost::Cost;
use interleave::{interleave, median};
use setup::{Distance, Setup};
use table::{Cells, Goal, Row};
use tools::Missing;

/// The first argument of a process that decodes a folder.
const DECODE: &str = "decode";
/// The first argument of a process that fetches a file. A root and a path follow.
const FETCH: &str = "fetch";
/// The first argument of a process that sends a request written by hand. A port and a path follow.
const REQUEST: &str = "request";
/// The default number of rounds.
const ROUNDS: usize = 3;
/// The factor of rounds for commands that take milliseconds.
const SHORT_FACTOR: usize = 10;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_step = match &arguments[..] {
        [what, folder] if what == DECODE => {
            steps::decode(Path::new(folder));
            true
        }
        [what, root, path] if what == FETCH => {
            steps::fetch(root, path);
            true
        }
        [what, port, path] if what == REQUEST => {
            request::get(port, path);
            true
        }
        _ => false,
    };
    if is_step {
        return ExitCode::SUCCESS;
    }
    // Cargo adds an option.
    let typed = arguments.iter().find_map(|word| word.parse().ok());
    let rounds = typed.unwrap_or(ROUNDS).max(1);
    let setup = match Setup::new() {
        Ok(setup) => setup,
        Err(Missing(what)) => {
            println!("nothing is measured: there is no {what} here");
            return ExitCode::SUCCESS;
        }
    };
    println!("{rounds} rounds, medians, {} cores\n", cores());
    let rows = [
        install(&setup, rounds),
        install_large(&setup, rounds),
        install_remotely(&setup, rounds),
        fetch(&setup, rounds),
        verify(&setup, rounds),
        check(&setup, rounds * SHORT_FACTOR),
    ];
    table::print(&rows.concat())
}

/// Returns the number of cores.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Runs commands alternately, each after `before`, and returns their median costs.
fn compare(rounds: usize, before: impl Fn(), commands: &[Command]) -> Vec<Cost> {
    let run = |command| {
        before();
        Cost::of(command)
    };
    let runs: Vec<_> = commands
        .iter()
        .map(|command| move || run(command))
        .collect();
    let runs: Vec<&dyn Fn() -> Cost> = runs.iter().map(|run| run as _).collect();
    let costs = interleave(rounds, &runs);
    costs.iter().map(|runs| Cost::median(runs)).collect()
}

/// Measures the installation of all files from a local server.
fn install(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let commands = [
        setup.baseline(),
        setup.pipeline("all", Distance::Local),
        setup.update("all", Distance::Local, &[]),
    ];
    let costs = compare(rounds, || setup.clear("all"), &commands);
    let [baseline, pipeline, update] = [costs[0], costs[1], costs[2]];
    let row = |most| Row::new("install, ms", Goal::Ratio(most));
    let open = |measure| Row::new(measure, Goal::Open);
    let (bare, beside) = ("the baseline", "the pipeline");
    vec![
        row(1.15).shows(update.wall, bare, baseline.wall),
        row(0.72).shows(update.wall, beside, pipeline.wall),
        open("install, ms of all cores").shows(update.busy, bare, baseline.busy),
        open("install, ms of all cores").shows(update.busy, beside, pipeline.busy),
        open("install, cores used").shows(update.cores(), bare, baseline.cores()),
        open("install, cores used").shows(update.cores(), beside, pipeline.cores()),
        Row::new("install, peak memory, MB", Goal::AtMost(64.0)).shows(
            update.peak,
            bare,
            baseline.peak,
        ),
    ]
}

/// Measures the installation of one large file, and of a game of which one file is half, from a local server.
fn install_large(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let commands = [
        setup.decoding_one(),
        setup.update("one", Distance::Local, &[]),
    ];
    let costs = compare(rounds, || setup.clear("one"), &commands);
    let one = Row::new("install one large file, ms", Goal::Ratio(0.6));
    let one = one.shows(costs[1].wall, "bzip2 -d", costs[0].wall);
    let commands = [
        setup.pipeline("half", Distance::Local),
        setup.update("half", Distance::Local, &[]),
    ];
    let costs = compare(rounds, || setup.clear("half"), &commands);
    let row = |measure, goal| Row::new(measure, goal);
    vec![
        one,
        row("install, one file is half, ms", Goal::Ratio(0.72)).shows(
            costs[1].wall,
            "the pipeline",
            costs[0].wall,
        ),
        row("the same, peak memory, MB", Goal::AtMost(64.0)).shows(
            costs[1].peak,
            "the pipeline",
            costs[0].peak,
        ),
    ]
}

/// Measures the installation of all files and of one file from a remote server.
fn install_remotely(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let beside = |game: &'static str, measure| {
        let pipeline = setup.pipeline(game, Distance::Remote);
        let update = setup.update(game, Distance::Remote, &[]);
        let costs = compare(rounds, || setup.clear(game), &[pipeline, update]);
        let row = Row::new(measure, Goal::Ratio(1.0));
        row.shows(costs[1].wall, "the pipeline", costs[0].wall)
    };
    vec![
        beside("all", "install from 20 ms, ms"),
        beside("one", "install one file from 20 ms, ms"),
    ]
}

/// Measures the download of one file without decoding.
fn fetch(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let beside = |distance, measure| {
        let commands = [setup.curl(distance), setup.fetch(distance)];
        let costs = compare(rounds * SHORT_FACTOR, || {}, &commands);
        let row = Row::new(measure, Goal::Ratio(1.0));
        row.shows(costs[1].wall, "curl", costs[0].wall)
    };
    vec![
        beside(Distance::Local, "fetch one file, ms"),
        beside(Distance::Remote, "fetch one file from 20 ms, ms"),
    ]
}

/// Measures the verification of an installed game.
fn verify(setup: &Setup, rounds: usize) -> Vec<Cells> {
    setup.clear("all");
    let update = setup.update("all", Distance::Local, &[]);
    Cost::of(&update);
    let commands = [
        setup.hashing("all"),
        setup.update("all", Distance::Local, &["--verify"]),
    ];
    let costs = compare(rounds * SHORT_FACTOR, || {}, &commands);
    let [hashing, verify] = [costs[0], costs[1]];
    let (row, beside) = (Row::new("verify, ms", Goal::Ratio(0.45)), "sha1sum");
    let open = |measure| Row::new(measure, Goal::Open);
    vec![
        row.shows(verify.wall, beside, hashing.wall),
        open("verify, cores used").shows(verify.cores(), beside, hashing.cores()),
        open("verify, peak memory, MB").shows(verify.peak, beside, hashing.peak),
    ]
}

/// Measures the check of a game that is up to date.
fn check(setup: &Setup, rounds: usize) -> Vec<Cells> {
    let beside = |game: &'static str, measure| {
        let mut commands = [
            setup.request(game),
            setup.update(game, Distance::Local, &[]),
        ];
        // The cache does not trust very recent files. The second run reads them again and caches them.
        Cost::of(&commands[1]);
        std::thread::sleep(std::time::Duration::from_millis(100));
        Cost::of(&commands[1]);
        let [request, update] = &mut commands;
        let [request, update] = [request, update].map(std::cell::RefCell::new);
        let request = || milliseconds(&mut request.borrow_mut());
        let update = || milliseconds(&mut update.borrow_mut());
        let times = interleave(rounds, &[&request, &update]);
        let [request, update] = [0, 1].map(|it| median(times[it].clone()));
        let row = Row::new(measure, Goal::AtMost(10.0));
        row.shows(update - request, "one request", request)
    };
    vec![
        beside("all", "extra time of a check of 40 files, ms"),
        beside("small", "extra time of a check of 500 files, ms"),
    ]
}

/// Runs a command and returns its time in milliseconds.
fn milliseconds(command: &mut Command) -> f64 {
    command.stdin(std::process::Stdio::null());
    let since = Instant::now();
    let output = command.output().expect("it starts");
    let elapsed = since.elapsed().as_secs_f64() * 1e3;
    assert!(output.status.success(), "{command:?}: {output:?}");
    elapsed
}
