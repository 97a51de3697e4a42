//! The table of exit statuses, row by row, with the events before each.

use playcookie::stand_in::Scenario;

use crate::harness::failures::{DELAYED, Exit, GRANTED, PARTIAL, WITH_CODE, answers};
use crate::harness::{ClosedPort, Home, Program, Reaction, RunOutput, Scripted, StandInServer};

/// Asserts that a run with `--json` fails after these events with an error about alice.
#[track_caller]
fn fails(program: Program, exit: Exit, before: &[&str], words: &str) {
    let ended = program.args(["--json"]).run().fails_as(exit, words);
    let events = [before, &["error"]].concat();
    assert_eq!(ended.event_names(), events, "{ended:#?}");
    assert_eq!(ended.reason_for("alice"), exit.1, "{ended:#?}");
}

/// Asserts that a run with `--json` fails without an account.
#[track_caller]
fn fails_at_once(program: Program, exit: Exit, words: &str) -> RunOutput {
    let ended = program.args(["--json"]).run().fails_as(exit, words);
    assert_eq!(ended.event_names(), ["error"], "{ended:#?}");
    assert_eq!(ended.error_event()["reason"], exit.1, "{ended:#?}");
    ended
}

/// Asserts that `ttr login` against these answers fails.
#[track_caller]
fn login_fails<const N: usize>(
    bodies: [&str; N],
    more: &[&str],
    exit: Exit,
    before: &[&str],
    words: &str,
) {
    let (home, server) = (Home::new(), Scripted::new(answers(bodies)));
    fails(home.ttr("login", &server.root(), more), exit, before, words);
    server.finish();
}

fn refused(banner: &str) -> String {
    serde_json::json!({ "success": "false", "banner": banner }).to_string()
}

#[test]
fn status_0_is_for_success() {
    let (home, server) = (Home::new(), Scripted::new(answers([GRANTED])));
    let ended = home.ttr("login", &server.root(), &["--json"]).run();
    let ended = ended.exits(0);
    assert_eq!(ended.event_names(), ["login", "ready"]);
    assert_eq!(ended.stderr, "");
}

#[test]
fn status_64_is_for_wrong_arguments() {
    const USAGE: Exit = (64, "usage");
    let home = Home::new();
    for typed in [
        &["tttr"][..],
        &["ttr", "--bogus"],
        &["ttr", "login", "bob"],
        &["ttr", "login", "--password", "hunter2-pw"],
        &["ttr", "login", "--api", "http://example.com"],
        &["ttr", "--timeout", "0"],
        &["ttr", "login", "-u", "a\tb"],
        &["completions", "tcsh"],
    ] {
        let ended = fails_at_once(home.program(typed), USAGE, "");
        assert_eq!(ended.reason_without_account(), "usage");
    }
    for line in ["a\tb\n", "\u{0}\n"] {
        let server = Scripted::untouched();
        let program = home.ttr("login", &server.root(), &[]).stdin(line);
        fails(program, USAGE, &["login"], "not plain text");
        server.finish();
    }
}

#[test]
fn status_66_is_for_missing_input_without_a_prompt() {
    const INPUT_NEEDED: Exit = (66, "input-needed");
    let (home, server) = (Home::new(), Scripted::untouched());
    let root = server.root();
    let login = ["ttr", "login", "--api", &root];
    fails_at_once(home.program(&login), INPUT_NEEDED, "--username");
    let named = [&login[..], &["-u", "alice"]].concat();
    fails_at_once(home.program(&named), INPUT_NEEDED, "--password-stdin");
    for stdin in ["", "\n"] {
        let program = home.ttr("login", &root, &[]).stdin(stdin);
        fails(program, INPUT_NEEDED, &["login"], "password");
    }
    let command = ["--password-command", "exit 3"];
    let program = home.program(&[&named[..], &command].concat());
    fails(program, INPUT_NEEDED, &["login"], "--password-command");
    server.finish();
    let before = ["login", "question"];
    login_fails([PARTIAL], &[], INPUT_NEEDED, &before, "--code");
}

#[test]
fn status_68_is_for_the_network() {
    let home = Home::new();
    let refusing = ClosedPort::new();
    let program = home.ttr("login", &refusing.root(), &[]);
    fails(program, (68, "network"), &["login"], "no connection");
}

#[test]
fn status_69_is_for_a_game_that_is_closed() {
    for banner in [
        "The game is closed.",
        "Toontown is down for Maintenance!",
        "CLOSED",
    ] {
        let words = format!("\"{banner}\"");
        login_fails([&refused(banner)], &[], (69, "closed"), &["login"], &words);
    }
    let closed = refused("The game is closed.");
    let before = ["login", "queued"];
    login_fails(
        [DELAYED, &closed],
        &[],
        (69, "closed"),
        &before,
        "--wait-for-server",
    );
}

#[test]
fn status_69_is_for_a_server_that_failed() {
    let failed = Reaction::answer(500, "application/json", "{}");
    let (home, server) = (Home::new(), Scripted::new([failed]));
    let program = home.ttr("login", &server.root(), &[]);
    fails(program, (69, "server-error"), &["login"], "HTTP 500");
    server.finish();
}

#[test]
fn status_72_is_for_a_missing_game_before_anything_is_sent() {
    const GAME_MISSING: Exit = (72, "game-missing");
    let (home, server) = (Home::new(), Scripted::untouched());
    for more in [
        &[][..],
        &["--game-dir", "nowhere"],
        &["--exe", "nowhere/TTREngine"],
        &["--exe", "."],
    ] {
        let program = home.ttr("play", &server.root(), more);
        fails_at_once(program, GAME_MISSING, "--exe");
    }
    server.finish();
}

#[test]
fn status_72_is_for_a_start_that_cannot_work_before_anything_is_sent() {
    const GAME_START: Exit = (72, "game-start");
    let (home, server) = (Home::new(), Scripted::untouched());
    let game = home.write("game/TTREngine", "");
    let exe = ["--exe", game.to_str().expect("UTF-8")];
    let wrapped = [&exe[..], &["--wrapper", "no-such-wrapper -x"]].concat();
    let program = home.ttr("play", &server.root(), &wrapped);
    fails_at_once(program, GAME_START, "no-such-wrapper");
    let program = home.ttr("exec", &server.root(), &["--", "no-such-command"]);
    let ended = program.run().fails_as(GAME_START, "no-such-command");
    assert_eq!(ended.stdout, "");
    server.finish();
}

#[test]
fn status_72_is_for_a_program_that_the_system_will_not_start() {
    let (home, server) = (Home::new(), Scripted::new(answers([GRANTED])));
    let game = home.write("game/TTREngine", "\u{7f}ELF is how it begins");
    let exe = ["--runner", "native", "--exe", game.to_str().expect("UTF-8")];
    let program = home.ttr("play", &server.root(), &exe);
    let before = ["login", "ready"];
    fails(program, (72, "game-start"), &before, "cannot be started");
    server.finish();
}

#[test]
fn status_74_is_for_a_log_that_cannot_be_written_before_anything_is_sent() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let game = home.write("game/TTREngine", "");
    let exe = game.to_str().expect("UTF-8");
    for log in ["missing/folder/game.log", "game"] {
        let program = home.ttr("play", &server.root(), &["--exe", exe, "--log", log]);
        fails_at_once(program, (74, "io"), "--log");
    }
    server.finish();
}

#[test]
fn status_75_is_for_too_many_requests() {
    let limited = Reaction::with_headers(429, &[("Retry-After", "90")], "");
    let (home, server) = (Home::new(), Scripted::new([limited]));
    let program = home.ttr("login", &server.root(), &[]);
    fails(program, (75, "try-later"), &["login"], "1 min 30 s");
    server.finish();
}

#[test]
fn status_75_is_for_a_queue_timeout() {
    let before = ["login", "queued"];
    let more = ["--queue-timeout", "0"];
    login_fails(
        [DELAYED],
        &more,
        (75, "try-later"),
        &before,
        "--queue-timeout",
    );
}

#[test]
fn status_76_is_for_an_answer_that_is_not_understood() {
    login_fails(["[]"], &[], (76, "not-understood"), &["login"], "shape");
}

#[test]
fn status_77_is_for_refused_credentials() {
    const CREDENTIALS: Exit = (77, "credentials");
    let banner = "Incorrect username and/or password.";
    login_fails([&refused(banner)], &[], CREDENTIALS, &["login"], banner);
    let silent = r#"{"success":"false"}"#;
    login_fails(
        [silent],
        &[],
        CREDENTIALS,
        &["login"],
        "name or the password of alice",
    );
    let before = ["login", "queued"];
    login_fails([DELAYED, silent], &[], CREDENTIALS, &before, "alice");
}

#[test]
fn status_77_is_for_a_refused_code() {
    const REFUSED: Exit = (77, "code");
    let expired = refused("That token has expired.");
    let before = ["login", "question"];
    login_fails([PARTIAL, &expired], &WITH_CODE, REFUSED, &before, "expired");
    let before = ["login", "question", "question"];
    login_fails([PARTIAL, PARTIAL], &WITH_CODE, REFUSED, &before, "no other");
}

#[test]
fn status_77_is_for_a_blocked_account() {
    const ACCOUNT: Exit = (77, "account");
    for banner in [
        "Your account has not yet been activated or is disabled.",
        "This account is BANNED.",
        "Your account has been disabled until tomorrow.",
    ] {
        login_fails([&refused(banner)], &[], ACCOUNT, &["login"], banner);
    }
    let banned = refused("You are banned.");
    let before = ["login", "question"];
    login_fails([PARTIAL, &banned], &WITH_CODE, ACCOUNT, &before, "banned");
}

#[test]
fn status_78_is_for_an_invalid_configuration() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let root = server.root().replace("http:", "https:");
    let program = home.ttr("login", &root, &[]);
    let program = program.env("SSL_CERT_FILE", home.path().join("missing.pem"));
    fails_at_once(program, (78, "configuration"), "SSL_CERT_FILE");
    server.finish();
}

#[test]
fn an_error_before_the_login_names_its_account() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let root = server.root();
    let secure = root.replace("http:", "https:");
    let no_password = home.program(&["ttr", "login", "--api", &root, "-u", "alice"]);
    let no_trust = home.ttr("login", &secure, &[]);
    for (program, reason) in [
        (no_password, "input-needed"),
        (
            no_trust.env("SSL_CERT_FILE", "missing.pem"),
            "configuration",
        ),
        (home.ttr("play", &root, &[]), "game-missing"),
    ] {
        let ended = program.args(["--json"]).run();
        assert_eq!(ended.reason_for("alice"), reason);
    }
    server.finish();
}

#[cfg(target_os = "linux")]
#[test]
fn status_74_is_for_too_few_files() {
    let home = Home::new();
    let server = StandInServer::new(Scenario::default());
    let status = |limit: u32| {
        let script = format!("ulimit -n {limit}; exec \"$@\"");
        let login = home
            .ttr("login", &server.root(), &[])
            .through_a_shell(&script);
        let ended = login.run();
        if ended.status.code() == Some(0) {
            return 0;
        }
        ended.fails(74, "Too many open files");
        74
    };
    let statuses: Vec<_> = (4..44).map(status).collect();
    assert!(
        statuses.is_sorted_by_key(|status| 74 - status),
        "{statuses:?}"
    );
    assert_eq!((statuses.first(), statuses.last()), (Some(&74), Some(&0)));
}
