//! Several accounts: sequential logins and concurrent games.

mod signals;
mod throttle;
mod unmet_requirements;

use serde_json::Value;

use crate::harness::fixture::{Fixture, granted, refusal, too_many};
use crate::harness::{InteractiveRun, Reaction, RunOutput};

/// Returns a script that waits for the games of all of these accounts. It exits with 99 unless they run concurrently.
fn wait_for_all(names: &[&str]) -> String {
    let waits = names
        .iter()
        .map(|name| format!("wait_for {name}.started\n"));
    waits.collect()
}

fn grant_all(names: &[&str]) -> Vec<Reaction> {
    names.iter().flat_map(|name| granted(name)).collect()
}

/// Returns the names of the events about an account in order.
#[track_caller]
fn events_of(ended: &RunOutput, name: &str) -> Vec<String> {
    let events = ended.events().into_iter();
    let about = events.filter(|event| event["account"] == name);
    about
        .map(|event| event["event"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Returns the `error` event about an account.
#[track_caller]
fn error_of(ended: &RunOutput, name: &str) -> Value {
    let mut events = ended.events().into_iter();
    let error = events.find(|event| event["account"] == name && event["event"] == "error");
    error.unwrap_or_else(|| panic!("no error of {name}: {ended:#?}"))
}

#[test]
fn several_of_a_game_log_in_in_order_and_play_at_the_same_time() {
    for words in [
        &["ttr", "alice", "bob"][..],
        &["ttr", "play", "alice", "bob", "ALICE"],
        &["ttr", "@pair"],
        &["ttr", "@pair", "bob"],
        &["ttr", "--group", "pair"],
        &["ttr", "--group", "@pair"],
        &["play", "alice", "bob"],
        &["play", "@PAIR"],
    ] {
        let names = ["alice", "bob"];
        let fixture = Fixture::new(&wait_for_all(&names), grant_all(&names));
        fixture.program(words).run().exits(0);
        assert_eq!(fixture.logins(), names, "{words:?}");
    }
}

#[test]
fn accounts_of_several_games_play_at_the_same_time() {
    for words in [
        &["play", "alice", "carol", "dora"][..],
        &["play", "@evening"],
    ] {
        let names = ["alice", "carol", "dora"];
        let fixture = Fixture::new(&wait_for_all(&names), grant_all(&names));
        fixture.program(words).run().exits(0);
        assert_eq!(fixture.logins(), names, "{words:?}");
    }
}

#[test]
fn a_game_command_starts_only_its_accounts_of_a_group() {
    let fixture = Fixture::new("", grant_all(&["alice"]));
    fixture.program(&["ttr", "@evening"]).run().exits(0);
    assert_eq!(fixture.logins(), ["alice"]);
}

#[test]
fn play_takes_one_account_of_any_game() {
    let fixture = Fixture::new("exit 4", grant_all(&["dora"]));
    fixture.program(&["play", "dora"]).run().exits(4);
    assert_eq!(fixture.logins(), ["dora"]);
}

#[test]
fn the_status_is_that_of_the_first_failure_in_the_order_typed() {
    // Bob's game exits before Alice's.
    let script = "case $me in alice) wait_for over; exit 3;; bob) exit 5;; *) exit 0;; esac";
    for (names, status) in [
        (["alice", "bob"], 3),
        (["bob", "alice"], 5),
        (["eve", "bob"], 5),
    ] {
        let fixture = Fixture::new(script, grant_all(&names));
        let run = fixture.program(&["ttr", names[0], names[1], "--json"]);
        let mut run = InteractiveRun::start(run);
        run.event("exited");
        fixture.note("over");
        assert_eq!(run.ended().code(), Some(status), "{names:?}");
    }
}

#[test]
fn a_refused_password_does_not_stop_other_accounts() {
    for (names, status) in [(["bob", "alice"], 77), (["alice", "bob"], 5)] {
        let reactions = names.iter().flat_map(|name| match *name {
            "bob" => vec![refusal()],
            name => granted(name),
        });
        let fixture = Fixture::new("exit 5", reactions);
        let ended = fixture
            .program(&["ttr", names[0], names[1], "--json"])
            .run();
        let ended = ended.exits(status).hides(&["pw-of-alice", "pw-of-bob"]);
        assert_eq!(
            events_of(&ended, "alice"),
            ["login", "ready", "started", "exited"]
        );
        assert_eq!(events_of(&ended, "bob"), ["login", "error"]);
        assert_eq!(error_of(&ended, "bob")["reason"], "credentials");
        assert!(!fixture.has("bob.started"));
        assert_eq!(fixture.logins(), names);
    }
}

#[test]
fn after_a_429_no_more_logins_are_tried_and_running_games_continue() {
    let reactions = granted("alice").into_iter().chain([too_many()]);
    let fixture = Fixture::new("wait_for over; exit 0", reactions);
    let play = ["play", "alice", "bob", "dora", "eve", "--json"];
    let mut run = InteractiveRun::start(fixture.program(&play));
    for name in ["bob", "dora", "eve"] {
        let error = run.event("error");
        assert_eq!(error["account"], name);
        assert_eq!(error["reason"], "try-later");
        assert_eq!(error["exit"], 75);
    }
    fixture.note("over");
    let exited = run.event("exited");
    assert_eq!(
        (&exited["account"], &exited["status"]),
        (&"alice".into(), &0.into())
    );
    assert_eq!(run.ended().code(), Some(75));
    assert_eq!(fixture.logins(), ["alice", "bob"]);
}

#[test]
fn events_name_their_account_and_each_account_has_one_final_event() {
    let names = ["alice", "carol", "dora"];
    let script = "[ $me = carol ] && exit 6; exit 0";
    let fixture = Fixture::new(script, grant_all(&names));
    let ended = fixture
        .program(&["play", "@evening", "--json"])
        .run()
        .exits(6);
    for name in names {
        let events = events_of(&ended, name);
        assert_eq!(events, ["login", "ready", "started", "exited"], "{name}");
    }
    for event in ended.events() {
        let name = event["account"].as_str().expect("an account");
        assert_eq!(event["username"], format!("{name}-u"), "{event}");
        let game = match name {
            "alice" => "ttr",
            "carol" => "ttcc",
            _ => "tlopo",
        };
        assert_eq!(event["game"], game, "{event}");
        if event["event"] == "exited" {
            let status = if name == "carol" { 6 } else { 0 };
            assert_eq!(event["status"], status, "{event}");
        }
    }
}

#[test]
fn text_output_names_the_account() {
    let reactions = granted("alice").into_iter().chain([refusal()]);
    let fixture = Fixture::new("", reactions);
    let ended = fixture.program(&["ttr", "alice", "bob"]).run().exits(77);
    let error = ended.stderr.lines().find(|line| line.starts_with("error:"));
    assert!(
        error.is_some_and(|error| error.contains("bob")),
        "{ended:#?}"
    );
    assert!(ended.stderr.contains("alice"), "{ended:#?}");
}

#[test]
fn games_that_share_a_terminal_read_nothing_from_it() {
    let names = ["alice", "bob"];
    let fixture = Fixture::new("cat >\"$home/$me.heard\"", grant_all(&names));
    let play = fixture.program(&["ttr", "@pair"]).stdin("not for them\n");
    play.run().exits(0);
    for name in names {
        let heard = fixture.home.path().join(format!("{name}.heard"));
        assert_eq!(std::fs::read_to_string(heard).expect("a note"), "");
    }
}

#[test]
fn each_account_has_a_log_of_its_own() {
    let names = ["alice", "bob"];
    let fixture = Fixture::new("echo this is $me", grant_all(&names));
    let log = ["ttr", "@pair", "--log", "log-{account}.txt"];
    fixture.program(&log).run().exits(0);
    for name in names {
        let log = fixture.home.path().join(format!("log-{name}.txt"));
        let text = std::fs::read_to_string(log).expect("a log");
        assert_eq!(text, format!("this is {name}\n"));
    }
}

#[test]
fn a_dry_run_shows_each_start_and_sends_nothing() {
    let fixture = Fixture::new("", []);
    let dry_run = ["play", "@evening", "--dry-run"];
    let events = fixture
        .program(&dry_run)
        .args(["--json"])
        .run()
        .exits(0)
        .events();
    let accounts: Vec<_> = events.iter().map(|event| &event["account"]).collect();
    assert_eq!(accounts, ["alice", "carol", "dora"]);
    let ended = fixture.program(&dry_run).run().exits(0);
    for variable in ["TTR_PLAYCOOKIE", "TT_PLAYCOOKIE", "TLOPO_PLAYCOOKIE"] {
        assert!(ended.stdout.contains(variable), "{ended:#?}");
    }
    assert!(!fixture.has("alice.started") && !fixture.has(".started"));
}

#[test]
fn detached_games_are_all_started_and_none_is_waited_for() {
    let names = ["alice", "bob"];
    let fixture = Fixture::new("wait_for over", grant_all(&names));
    let detach = ["ttr", "@pair", "--detach", "--json"];
    let ended = fixture.program(&detach).run().exits(0);
    for name in names {
        assert_eq!(events_of(&ended, name), ["login", "ready", "started"]);
    }
    fixture.wait_for(&["alice.started", "bob.started"]);
    fixture.note("over");
}

#[test]
fn a_message_during_a_prompt_is_printed_above_it() {
    let reactions = grant_all(&["alice", "bob"]);
    let fixture = Fixture::new("[ $me = bob ] || wait_for over; exit 0", reactions);
    fixture.change("password-command = \"echo pw-of-bob\"", "");
    let mut pty = fixture.program(&["ttr", "@pair"]).on_a_terminal();
    pty.expect("Password for bob-u: ");
    pty.wait_until_hidden();
    pty.keys(b"pw-of");
    fixture.wait_for(&["alice.started"]);
    fixture.note("over");
    pty.expect("\r\u{1b}[Jalice: ended\r\nPassword for bob-u: ");
    pty.line("-bob");
    pty.wait().exits(0);
    assert_eq!(fixture.logins(), ["alice", "bob"]);
}

#[test]
fn lines_of_games_that_share_a_terminal_are_labelled() {
    let names = ["alice", "bob"];
    // A process that keeps the output open is not waited for.
    let script = "echo \"this is $me\"; printf 'odd \\303\\n' >&2\n\
        case $me in alice) printf unfinished;; *) (wait_for over) & ;; esac; exit 0";
    let fixture = Fixture::new(script, grant_all(&names));
    // Standard error is a file, which needs no labels.
    let shell = r#"exec "$@" 2>errors"#;
    let program = fixture.program(&["ttr", "@pair"]).through_a_shell(shell);
    let ended = program.on_a_terminal().wait().exits(0);
    for line in [
        "[alice] this is alice",
        "[bob] this is bob",
        "[alice] unfinished",
    ] {
        let line = format!("\u{1b}[K{line}\n");
        assert!(ended.stderr.contains(&line), "{ended:#?}");
    }
    fixture.note("over");
    let errors = std::fs::read(fixture.home.path().join("errors")).expect("a file");
    let odd = errors.split(|byte| *byte == b'\n');
    assert_eq!(odd.filter(|line| *line == b"odd \xc3").count(), 2);
}

#[test]
fn the_lines_of_one_game_are_not_labelled() {
    let fixture = Fixture::new("[ -t 1 ] && echo a terminal", grant_all(&["alice"]));
    let ended = fixture.program(&["ttr", "alice"]).on_a_terminal().wait();
    let ended = ended.exits(0);
    assert!(ended.stderr.contains("\na terminal\n"), "{ended:#?}");
}
