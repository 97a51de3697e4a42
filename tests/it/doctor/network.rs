//! The servers, and the clock.

use std::time::{Duration, SystemTime};

use super::*;
use crate::harness::{Pages, Reaction};

/// Returns the checks of `doctor ttr` about the server and the clock, with this answer to the request for the status.
fn asked(reaction: Reaction, account: &str, status: i32) -> [String; 2] {
    let server = Pages::new([("/api/status", reaction)]);
    let computer = Computer::healthy();
    computer.configure(&format!("[ttr]\napi = \"{}\"\n{account}", server.root()));
    let checks = computer.checks(computer.doctor(&["ttr"]), status);
    let [.., server_check, clock] = &checks[..] else {
        panic!("{checks:#?}");
    };
    [server_check.replace(&server.root(), "ROOT"), clock.clone()]
}

#[test]
fn the_public_status_of_each_game_is_checked() {
    let none = "note clock no server told the time";
    let closed = r#"{"open":false,"banner":"Back soon"}"#;
    for (reaction, status, server) in [
        (
            Reaction::json(r#"{"open":true}"#),
            0,
            "ok ttr server ROOT, open",
        ),
        (
            Reaction::json(closed),
            0,
            "note ttr server ROOT, closed: \"Back soon\"",
        ),
        (
            Reaction::json("{}"),
            76,
            "fail ttr server ROOT answered with ",
        ),
        (
            Reaction::answer(503, "text/html", "busy"),
            69,
            "fail ttr server the server of Toontown Rewritten failed (HTTP 503)",
        ),
        (
            Reaction::answer(429, "text/html", "busy"),
            0,
            "warn ttr server Toontown Rewritten asks to try later",
        ),
    ] {
        let [found, clock] = asked(reaction, "", status);
        assert!(found.starts_with(server), "{found}");
        assert_eq!(clock, none);
    }
}

#[test]
fn a_server_that_cannot_be_reached_is_a_failure() {
    let computer = Computer::healthy();
    computer.configure("[ttr]\napi = \"http://127.0.0.1:1\"\n");
    let checks = computer.checks(computer.doctor(&["ttr"]), 68);
    let failed: Vec<_> = checks
        .iter()
        .filter(|check| check.starts_with("fail"))
        .collect();
    assert_eq!(failed.len(), 1, "{checks:#?}");
    assert!(failed[0].starts_with(
        "fail ttr server Toontown Rewritten cannot be asked at http://127.0.0.1:1: no connection"
    ));
}

#[test]
fn a_wrong_clock_matters_where_codes_are_computed() {
    let totp = "[accounts.alice]\ngame = \"ttr\"\nusername = \"a\"\nkept = [\"totp\"]\n";
    let answer = |seconds| {
        let date = SystemTime::now() + Duration::from_secs(seconds);
        let date = httpdate::fmt_http_date(date);
        Reaction::with_headers(200, &[("Date", &date)], r#"{"open":true}"#)
    };
    for (seconds, account, status, level) in [
        (0, totp, 0, "ok clock"),
        (100, "", 0, "warn clock"),
        (100, totp, 77, "fail clock"),
    ] {
        let [server, clock] = asked(answer(seconds), account, status);
        assert_eq!(server, "ok ttr server ROOT, open");
        assert!(clock.starts_with(level), "{clock}");
        let fix = "run `sudo timedatectl set-ntp true`";
        assert_eq!(clock.contains(fix), seconds > 0, "{clock}");
        assert_eq!(
            clock.contains(" s behind the servers"),
            seconds > 0,
            "{clock}"
        );
    }
}
