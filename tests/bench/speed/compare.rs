//! The comparison of commands by time.

use std::process::Command;

use crate::interleave::{interleave, median};
use crate::run::Measure;

/// Returns the median milliseconds of each command, after one round for warming up.
pub(crate) fn compare(
    rounds: usize,
    measure: Measure,
    commands: &[&dyn Fn() -> Command],
) -> Vec<f64> {
    let run = |command: &&dyn Fn() -> Command| measure(command()).elapsed.as_secs_f64() * 1e3;
    for command in commands {
        run(command);
    }
    let runs: Vec<_> = commands.iter().map(|command| || run(command)).collect();
    let runs: Vec<&dyn Fn() -> f64> = runs.iter().map(|run| run as _).collect();
    interleave(rounds, &runs).into_iter().map(median).collect()
}
