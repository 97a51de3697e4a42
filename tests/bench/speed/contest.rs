//! Commands that take turns, so that the machine's mood is the same for all.

use std::process::Command;

use crate::run::Measure;

/// The median milliseconds of each command, after one round that warms the machine up.
pub(crate) fn contest(
    rounds: usize,
    measure: Measure,
    commands: &[&dyn Fn() -> Command],
) -> Vec<f64> {
    let mut times = vec![Vec::with_capacity(rounds); commands.len()];
    for round in 0..=rounds {
        for (command, times) in commands.iter().zip(&mut times) {
            let took = measure(command()).took.as_secs_f64() * 1e3;
            if round > 0 {
                times.push(took);
            }
        }
    }
    times.into_iter().map(median).collect()
}

/// The middle of some numbers, or the middle between the two that share it.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    if numbers.len() % 2 == 1 {
        numbers[half]
    } else {
        f64::midpoint(numbers[half - 1], numbers[half])
    }
}
