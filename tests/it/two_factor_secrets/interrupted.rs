//! Runs that are interrupted while they wait for a code.

use rustix::process::Signal;

use super::*;
use crate::harness::{CTRL_C, wait_until};

/// Longer than the interrupted runs take together, and short enough to wait for the next step.
const PERIOD: u64 = 12;

/// Returns the current step and how many seconds of it have passed.
fn now() -> (u64, u64) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("a time").as_secs();
    (now / PERIOD, now % PERIOD)
}

#[test]
fn interrupted_runs_use_up_no_code() {
    let name = "two_factor_secrets::interrupted::interrupted_runs_use_up_no_code";
    with_a_store(name, async |home| {
        let [first, last] = [[partial("t1"), granted()], [partial("t5"), granted()]];
        let cut_off = [partial("t2"), partial("t3"), partial("t4")];
        let server = Scripted::new(first.into_iter().chain(cut_off).chain(last));
        let secret = format!("otpauth://totp/alice?secret={KEY}&period={PERIOD}");
        remember(&home, "ttr", &server.root(), &secret, "").await;
        let login = || login(&home, "ttr", &server.root(), &[]);
        wait_until("a step begins", || now().1 < 2);
        login().run().exits(0);
        for _ in 0..3 {
            let mut pty = login().on_a_terminal();
            pty.expect("making the next");
            pty.keys(&[CTRL_C]);
            pty.wait().dies_of(Signal::INT);
        }
        let (before, _) = now();
        login().run().exits(0);
        let totp = Totp::parse(&Secret::new(secret)).expect("a code secret");
        let step = |code: &str| {
            let mut steps = before - 10..=now().0 + 1;
            steps.find(|step| totp.code(*step).reveal() == code)
        };
        // Three of the five runs were interrupted. The last run gets the first code after that of the first run.
        let codes = codes(server);
        let [Some(first), Some(last)] = [0, 1].map(|at| step(&codes[at])) else {
            panic!("codes of the secret: {codes:?}")
        };
        assert_eq!(codes.len(), 2);
        assert!(
            first < last && last <= before + 1,
            "{first} {last} {before}"
        );
    });
}
