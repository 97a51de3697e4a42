//! How fast a game is installed, checked and verified, beside the tools that every system has: a table of figures, ratios
//! and goals.
//!
//! ```text
//! cargo bench --bench install         3 rounds, some minutes
//! cargo bench --bench install -- 5    more
//! ```
//!
//! 400 MB in 40 files come packed with bzip2 from nginx on loopback, over TLS and HTTP/1.1. Whatever is compared takes
//! turns in the same run, in an empty directory each time and with nothing left to write to the disk, and a ratio is one
//! of medians. Beside the program runs a pipeline of `curl`, `bzip2 -d`, `tee` and `sha1sum`, as many at once as there
//! are cores, which leaves it to the system when to write; and a floor: the decoding alone, of files that are there
//! already, without a trace on the disk. Far away is a port 20 ms away ([`distance`]). Cores used are those of the program
//! and all that it started, without the server's.
//!
//! Figures decide nothing about the status: it is 0 unless something did not run. Needs `nginx` (Debian: `apt-get install
//! nginx-light`), `curl`, `bzip2` and GNU `time`; says so where one is missing. Takes about 1 GB of the disk below
//! `target/tmp`, and keeps the packed files there.
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
mod distance;
mod goods;
mod ground;
mod parts;
#[path = "../request.rs"]
mod request;
mod server;
#[path = "../table.rs"]
mod table;
#[path = "../tools.rs"]
mod tools;
#[path = "../turns.rs"]
mod turns;

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use cost::Cost;
use ground::{Ground, Place};
use table::{Cells, Goal, Row};
use tools::Missing;
use turns::{median, turns};

/// The first argument that makes this program decode a folder.
const DECODE: &str = "decode";
/// The same for fetching: a root and a path follow.
const FETCH: &str = "fetch";
/// The same for a request written by hand: a port and a path follow.
const REQUEST: &str = "request";
/// Rounds, unless an argument says more.
const ROUNDS: usize = 3;
/// So many more of what takes milliseconds.
const MORE: usize = 10;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [what, folder] if what == DECODE => return parts::decode(Path::new(folder)),
        [what, root, path] if what == FETCH => return parts::fetch(root, path),
        [what, port, path] if what == REQUEST => return request::get(port, path),
        _ => {}
    }
    // Cargo adds an option of its own.
    let typed = arguments.iter().find_map(|word| word.parse().ok());
    let rounds = typed.unwrap_or(ROUNDS).max(1);
    let ground = match Ground::new() {
        Ok(ground) => ground,
        Err(Missing(what)) => return println!("nothing is measured: there is no {what} here"),
    };
    println!("{rounds} rounds, medians, {} cores\n", cores());
    let rows = [
        installing(&ground, rounds),
        installing_from_afar(&ground, rounds),
        fetching_one(&ground, rounds),
        verifying(&ground, rounds),
        checking(&ground, rounds * MORE),
    ];
    table::print(&rows.concat());
}

/// How many there are.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// The costs of commands that take turns, each after `before`.
fn contest(rounds: usize, before: impl Fn(), commands: &[Command]) -> Vec<Cost> {
    let run = |command| {
        before();
        Cost::of(command)
    };
    let runs: Vec<_> = commands
        .iter()
        .map(|command| move || run(command))
        .collect();
    let runs: Vec<&dyn Fn() -> Cost> = runs.iter().map(|run| run as _).collect();
    let costs = turns(rounds, &runs);
    costs.iter().map(|runs| Cost::median(runs)).collect()
}

/// All files, from this machine.
fn installing(ground: &Ground, rounds: usize) -> Vec<Cells> {
    let commands = [
        ground.floor(),
        ground.pipeline("all", Place::Here),
        ground.update("all", Place::Here, &[]),
    ];
    let costs = contest(rounds, || ground.clear("all"), &commands);
    let [floor, pipeline, update] = [costs[0], costs[1], costs[2]];
    let row = |most| Row::new("install, ms", Goal::Ratio(most));
    let open = |measure| Row::new(measure, Goal::Open);
    let (bare, beside) = ("the floor", "the pipeline");
    vec![
        row(1.15).shows(update.wall, bare, floor.wall),
        row(0.72).shows(update.wall, beside, pipeline.wall),
        open("install, ms of all cores").shows(update.busy, bare, floor.busy),
        open("install, ms of all cores").shows(update.busy, beside, pipeline.busy),
        open("install, cores used").shows(update.cores(), bare, floor.cores()),
        open("install, cores used").shows(update.cores(), beside, pipeline.cores()),
        open("install, peak memory, MB").shows(update.peak, bare, floor.peak),
    ]
}

/// The same from 20 ms away: all files, and one alone.
fn installing_from_afar(ground: &Ground, rounds: usize) -> Vec<Cells> {
    let beside = |game: &'static str, measure| {
        let pipeline = ground.pipeline(game, Place::Away);
        let update = ground.update(game, Place::Away, &[]);
        let costs = contest(rounds, || ground.clear(game), &[pipeline, update]);
        let row = Row::new(measure, Goal::Ratio(1.0));
        row.shows(costs[1].wall, "the pipeline", costs[0].wall)
    };
    vec![
        beside("all", "install from 20 ms, ms"),
        beside("one", "install one file from 20 ms, ms"),
    ]
}

/// One file, not unpacked.
fn fetching_one(ground: &Ground, rounds: usize) -> Vec<Cells> {
    let beside = |place, measure| {
        let commands = [ground.curl(place), ground.fetch(place)];
        let costs = contest(rounds * MORE, || {}, &commands);
        let row = Row::new(measure, Goal::Ratio(1.0));
        row.shows(costs[1].wall, "curl", costs[0].wall)
    };
    vec![
        beside(Place::Here, "fetch one file, ms"),
        beside(Place::Away, "fetch one file from 20 ms, ms"),
    ]
}

/// Reading everything that is installed.
fn verifying(ground: &Ground, rounds: usize) -> Vec<Cells> {
    ground.clear("all");
    let update = ground.update("all", Place::Here, &[]);
    Cost::of(&update);
    let commands = [
        ground.hashing("all"),
        ground.update("all", Place::Here, &["--verify"]),
    ];
    let costs = contest(rounds * MORE, || {}, &commands);
    let [hashing, verify] = [costs[0], costs[1]];
    let (row, beside) = (Row::new("verify, ms", Goal::Ratio(0.45)), "sha1sum");
    let open = |measure| Row::new(measure, Goal::Open);
    vec![
        row.shows(verify.wall, beside, hashing.wall),
        open("verify, cores used").shows(verify.cores(), beside, hashing.cores()),
        open("verify, peak memory, MB").shows(verify.peak, beside, hashing.peak),
    ]
}

/// Looking at what is as it should be.
fn checking(ground: &Ground, rounds: usize) -> Vec<Cells> {
    let beside = |game: &'static str, measure| {
        let mut commands = [ground.request(game), ground.update(game, Place::Here, &[])];
        // What was placed a moment ago is looked at again by the next run, and remembered by then.
        Cost::of(&commands[1]);
        std::thread::sleep(std::time::Duration::from_millis(100));
        Cost::of(&commands[1]);
        let [request, update] = &mut commands;
        let [request, update] = [request, update].map(std::cell::RefCell::new);
        let request = || milliseconds(&mut request.borrow_mut());
        let update = || milliseconds(&mut update.borrow_mut());
        let times = turns(rounds, &[&request, &update]);
        let [request, update] = [0, 1].map(|it| median(times[it].clone()));
        let row = Row::new(measure, Goal::AtMost(10.0));
        row.shows(update - request, "one request", request)
    };
    vec![
        beside("all", "more for a check of 40 files, ms"),
        beside("small", "more for a check of 500 files, ms"),
    ]
}

/// How long a command takes.
fn milliseconds(command: &mut Command) -> f64 {
    command.stdin(std::process::Stdio::null());
    let since = Instant::now();
    let output = command.output().expect("it starts");
    let took = since.elapsed().as_secs_f64() * 1e3;
    assert!(output.status.success(), "{command:?}: {output:?}");
    took
}
