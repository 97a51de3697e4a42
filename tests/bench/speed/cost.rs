//! What a run takes besides time: instructions, memory, and room on the disk.

use std::process::{Command, Stdio};

use crate::run::{Measure, Running, until_first_byte};
use crate::stage::{Stage, behind};
use crate::tools::{Missing, tool};

/// Millions of instructions, all threads, without what the command starts.
pub(crate) fn instructions(
    stage: &Stage,
    measure: Measure,
    command: &Command,
) -> Result<f64, Missing> {
    let valgrind = tool("valgrind")?;
    let mut file = "--callgrind-out-file=".to_owned();
    file.push_str(stage.file("callgrind").to_str().expect("UTF-8"));
    let words = [
        valgrind.as_os_str(),
        "--tool=callgrind".as_ref(),
        file.as_ref(),
    ];
    let said = measure(behind(words, command)).said;
    let collected = said
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    Ok(number(collected.map(|(_, count)| count), &said) / 1e6)
}

/// The most memory that a run ever had, in MB.
pub(crate) fn peak(command: &Command) -> Result<f64, Missing> {
    // Others have a `time` with other options.
    if cfg!(not(target_os = "linux")) {
        return Err(Missing("GNU time"));
    }
    let time = tool("time")?;
    let words = [time.as_os_str(), "-f".as_ref(), "%M".as_ref()];
    let said = until_first_byte(behind(words, command)).said;
    Ok(number(said.lines().last(), &said) * KIB)
}

/// The memory that a login has while its game runs and it waits, in MB.
pub(crate) fn resident(command: Command) -> Result<f64, Missing> {
    if cfg!(not(target_os = "linux")) {
        return Err(Missing("/proc"));
    }
    let mut running = Running::start(command, Stdio::piped());
    running.speak();
    let file = format!("/proc/{}/status", running.pid());
    let status = loop {
        let status = std::fs::read_to_string(&file).expect("a status");
        // Awake, it may still be tidying up.
        if field(&status, "State").is_some_and(|state| state.starts_with('S')) {
            break status;
        }
    };
    running.end();
    let size = field(&status, "VmRSS").and_then(|size| size.strip_suffix("kB"));
    Ok(number(size, &status) * KIB)
}

/// The room that a command's program takes on the disk, in MB.
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
