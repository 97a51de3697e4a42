//! The cost of a run besides time: instructions, memory and size.

use std::process::{Command, Stdio};

use crate::interleave::median;
use crate::run::{Measure, Process};
use crate::setup::{Setup, wrapped};
use crate::tools::{Missing, tool};

/// How often memory is measured.
const RUNS: usize = 9;

/// Returns the millions of instructions of all threads, without child processes.
pub(crate) fn instructions(
    setup: &Setup,
    measure: Measure,
    command: &Command,
) -> Result<f64, Missing> {
    let valgrind = tool("valgrind")?;
    let mut file = "--callgrind-out-file=".to_owned();
    file.push_str(setup.file("callgrind").to_str().expect("UTF-8"));
    let words = [
        valgrind.as_os_str(),
        "--tool=callgrind".as_ref(),
        file.as_ref(),
    ];
    let stderr = measure(wrapped(words, command)).stderr;
    let collected = stderr
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    Ok(number(collected.map(|(_, count)| count), &stderr) / 1e6)
}

/// Returns the peak memory of a run in MB: the median of several, because it depends on how many pages around those that it
/// needs the system maps.
pub(crate) fn peak(measure: Measure, command: &Command) -> Result<f64, Missing> {
    // The `time` of other systems has other options.
    if cfg!(not(target_os = "linux")) {
        return Err(Missing("GNU time"));
    }
    let time = tool("time")?;
    let words = [time.as_os_str(), "-f".as_ref(), "%M".as_ref()];
    let peak = |_| {
        let stderr = measure(wrapped(words, command)).stderr;
        number(stderr.lines().last(), &stderr) * KIB
    };
    Ok(median((0..RUNS).map(peak).collect()))
}

/// Returns the memory in MB that the launcher shares with no other process while its game runs: what it has written. Pages
/// of its program, which are read from the disk again when needed, are not counted.
pub(crate) fn private(command: Command) -> Result<f64, Missing> {
    if cfg!(not(target_os = "linux")) {
        return Err(Missing("/proc"));
    }
    let mut process = Process::start(command, Stdio::piped());
    process.wait_for_first_byte();
    let file = format!("/proc/{}/status", process.pid());
    // A process that is not sleeping could still be freeing memory.
    let is_sleeping = |status: &str| field(status, "State").is_some_and(|it| it.starts_with('S'));
    while !is_sleeping(&std::fs::read_to_string(&file).expect("a status")) {}
    // Pages of a program that is not yet on the disk count as written.
    let synced = Command::new("sync").status();
    assert!(synced.is_ok_and(|status| status.success()), "sync");
    let maps = format!("/proc/{}/smaps_rollup", process.pid());
    let maps = std::fs::read_to_string(maps).expect("a summary of the memory");
    process.end();
    let size = field(&maps, "Private_Dirty").and_then(|size| size.strip_suffix("kB"));
    Ok(number(size, &maps) * KIB)
}

/// Returns the size of a command's program in MB.
pub(crate) fn size(command: &Command) -> f64 {
    let bytes = std::fs::metadata(command.get_program())
        .expect("a program")
        .len();
    number(Some(&bytes.to_string()), "a size") / 1e6
}

const KIB: f64 = 1024.0 / 1e6;

fn field<'s>(status: &'s str, name: &str) -> Option<&'s str> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.strip_prefix(':')?.trim())
}

fn number(text: Option<&str>, from: &str) -> f64 {
    let number = text.and_then(|text| text.trim().parse().ok());
    number.unwrap_or_else(|| panic!("no number in {from}"))
}
