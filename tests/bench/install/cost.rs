//! The cost of a run: time, processor time and memory.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::interleave::median;

/// The cost of one run with its child processes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// The time from start to exit in milliseconds.
    pub(crate) wall: f64,
    /// The processor time of all cores in milliseconds.
    pub(crate) busy: f64,
    /// The peak memory of the largest process in MB.
    pub(crate) peak: f64,
}

impl Cost {
    /// Runs a command that has to succeed.
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
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {stderr}");
        let line = stderr.lines().last().unwrap_or_default();
        let fields: Vec<f64> = line.split(' ').filter_map(|it| it.parse().ok()).collect();
        let [user, system, kib] = fields[..] else {
            panic!("{stderr}");
        };
        Self {
            wall,
            busy: (user + system) * 1e3,
            peak: kib * 1024.0 / 1e6,
        }
    }

    /// Returns the medians of several runs.
    pub(crate) fn median(runs: &[Self]) -> Self {
        let of = |what: fn(&Self) -> f64| median(runs.iter().map(what).collect());
        Self {
            wall: of(|it| it.wall),
            busy: of(|it| it.busy),
            peak: of(|it| it.peak),
        }
    }

    /// Returns the average number of busy cores.
    pub(crate) fn cores(&self) -> f64 {
        self.busy / self.wall
    }
}
