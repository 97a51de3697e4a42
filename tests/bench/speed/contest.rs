//! Commands that take turns.

use std::process::Command;

use crate::run::Measure;
use crate::turns::{median, turns};

/// The median milliseconds of each command, after one round that warms the machine up.
pub(crate) fn contest(
    rounds: usize,
    measure: Measure,
    commands: &[&dyn Fn() -> Command],
) -> Vec<f64> {
    let run = |command: &&dyn Fn() -> Command| measure(command()).took.as_secs_f64() * 1e3;
    for command in commands {
        run(command);
    }
    let runs: Vec<_> = commands.iter().map(|command| || run(command)).collect();
    let runs: Vec<&dyn Fn() -> f64> = runs.iter().map(|run| run as _).collect();
    turns(rounds, &runs).into_iter().map(median).collect()
}
