//! What a run takes: time, processors, memory.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::turns::median;

/// What one run took, with everything that it started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// From start to end, in milliseconds.
    pub(crate) wall: f64,
    /// Of all cores together, in milliseconds.
    pub(crate) busy: f64,
    /// The most memory that one of its processes had, in MB.
    pub(crate) peak: f64,
}

impl Cost {
    /// Runs a command to its end, which must be a good one.
    pub(crate) fn of(command: &Command) -> Self {
        let mut timed = Command::new("time");
        timed.args(["-q", "-f", "%U %S %M"]);
        timed.arg(command.get_program()).args(command.get_args());
        timed.env_clear();
        timed.envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        timed.current_dir(command.get_current_dir().expect("a directory"));
        timed.stdin(Stdio::null()).stdout(Stdio::null());
        let since = Instant::now();
        let output = timed.output().expect("GNU time starts");
        let wall = since.elapsed().as_secs_f64() * 1e3;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {said}");
        let told = said.lines().last().unwrap_or_default();
        let told: Vec<f64> = told.split(' ').filter_map(|it| it.parse().ok()).collect();
        let [user, system, kib] = told[..] else {
            panic!("{said}");
        };
        Self {
            wall,
            busy: (user + system) * 1e3,
            peak: kib * 1024.0 / 1e6,
        }
    }

    /// The medians of several runs.
    pub(crate) fn median(runs: &[Self]) -> Self {
        let of = |what: fn(&Self) -> f64| median(runs.iter().map(what).collect());
        Self {
            wall: of(|it| it.wall),
            busy: of(|it| it.busy),
            peak: of(|it| it.peak),
        }
    }

    /// How many cores it kept busy.
    pub(crate) fn cores(&self) -> f64 {
        self.busy / self.wall
    }
}
