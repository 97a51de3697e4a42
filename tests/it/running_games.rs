//! `ps` and `stop`: the games that run.

use std::fs;

use playcookie::stand_in::Scenario;
use serde_json::json;

use crate::harness::accounts::account;
use crate::harness::fixture::{Fixture, granted};
use crate::harness::{
    ClosedPort, Engine, Home, Program, RunOutput, SendSignal, StandInServer, wait_until,
};

/// Returns a home whose account alice plays at the server.
fn home(server: &StandInServer, more: &str) -> Home {
    let home = Home::new();
    let options = format!(
        "api = \"{}\"\npassword-command = \"echo hunter2-pw\"\n{more}",
        server.root()
    );
    home.configure(account("alice", "ttr", "alice", &options));
    home
}

#[track_caller]
fn games(home: &Home) -> Vec<serde_json::Value> {
    let ended = home.program(&["ps", "--json"]).run().exits(0);
    let list = ended.events().remove(0);
    list["games"].as_array().expect("a list").clone()
}

fn start_detached(home: &Home, engine: &Engine, more: &[&str]) -> RunOutput {
    let play = ["ttr", "alice", "--detach", "--exe", engine.exe()];
    home.program(&[&play[..], more].concat()).run().exits(0)
}

#[test]
fn a_detached_game_is_listed_until_it_is_stopped() {
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "");
    let engine = Engine::long_running(&home, "TTREngine", 0);
    let started = start_detached(&home, &engine, &["--log", "game.log"]);
    let pid = engine.pid().to_string();
    let words = format!("alice: runs on as process {pid}");
    assert!(started.stderr.contains(&words), "{started:#?}");

    let game = games(&home).remove(0);
    assert_eq!(game["pid"].to_string(), pid);
    assert_eq!(
        [&game["game"], &game["account"], &game["username"]],
        ["ttr", "alice", "alice"]
    );
    assert_eq!(game["detached"], true);
    let log = game["log"].as_str().expect("a log");
    assert!(log.starts_with('/') && log.ends_with("/game.log"), "{log}");
    assert!(
        game["since"].as_str().expect("a time").ends_with('Z'),
        "{game}"
    );
    let table = home.program(&["ps"]).run().exits(0).stdout;
    for word in ["PID", "ACCOUNT", "alice", &pid, "game.log"] {
        assert!(table.contains(word), "{table}");
    }

    let ended = home.program(&["stop", "ALICE"]).run().exits(0);
    assert_eq!(ended.stderr, "alice: Toontown Rewritten has ended\n");
    assert_eq!(games(&home).len(), 0);
    let ended = home.program(&["stop", "alice", "--json"]).run().exits(0);
    assert_eq!(
        ended.events(),
        [json!({ "stopped": [], "running": [], "unmatched": ["alice"] })]
    );
}

#[test]
fn nothing_that_runs_is_no_error() {
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "");
    let ended = home.program(&["ps"]).run().exits(0);
    assert_eq!((&*ended.stdout, &*ended.stderr), ("", "no game runs\n"));
    assert_eq!(games(&home).len(), 0);
    for (words, sentence) in [
        (&["stop"][..], "no game runs\n"),
        (&["stop", "--all"], "no game runs\n"),
        (&["stop", "alice"], "no game of alice runs\n"),
        (
            &["stop", "carol", "1"],
            "no game of carol runs\nno game of 1 runs\n",
        ),
    ] {
        let ended = home.program(words).run().exits(0);
        assert_eq!(ended.stderr, sentence, "{words:?}");
    }
    home.program(&["stop", "@nobody"])
        .run()
        .fails(64, "no group @nobody");
    home.program(&["stop", "alice", "--all"])
        .run()
        .fails(64, "");
}

#[test]
fn games_that_are_waited_for_are_stopped_by_account_and_group() {
    let fixture = Fixture::new(
        "wait_for never",
        ["alice", "carol", "eve"].into_iter().flat_map(granted),
    );
    let play = fixture.program(&["play", "alice", "carol", "eve"]).start();
    fixture.wait_for(&["alice.started", "carol.started", "eve.started"]);
    let labels = || {
        let names = games(&fixture.home);
        let names = names
            .iter()
            .map(|game| game["account"].as_str().expect("a name").to_owned());
        names.collect::<Vec<_>>()
    };
    wait_until("all games are listed", || {
        labels() == ["alice", "carol", "eve"]
    });
    let pids: Vec<_> = games(&fixture.home)
        .iter()
        .map(|game| game["pid"].to_string())
        .collect();
    let [alice, carol, eve] = pids.try_into().expect("three games");
    let several = format!(
        "several games run, and none is named: alice (process {alice}), carol (process {carol}), eve (process {eve})"
    );
    fixture.program(&["stop"]).run().fails(64, &several);
    // Dora is in the group as well, and does not play.
    let ended = fixture
        .program(&["stop", "@evening", "--json"])
        .run()
        .exits(0);
    let object = ended.events().remove(0);
    assert_eq!(
        object["stopped"].as_array().expect("a list").len(),
        2,
        "{object}"
    );
    assert_eq!(labels(), ["eve"]);
    let ended = fixture
        .program(&["stop", &eve, "eve", "dora"])
        .run()
        .exits(0);
    assert!(
        ended.stderr.starts_with("no game of dora runs\neve: "),
        "{ended:#?}"
    );
    // SIGTERM ended the first of them.
    play.wait().exits(143);
    assert_eq!(labels(), [""; 0]);
}

#[test]
fn a_game_that_ignores_the_request_is_named() {
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "");
    let script = "trap '' TERM; left=6000; while [ ! -e over ] && [ $left -gt 0 ]; do sleep 0.01; left=$((left - 1)); done";
    let engine = Engine::with_script(&home, "TTREngine", script);
    start_detached(&home, &engine, &[]);
    let ended = home.program(&["stop", "--all"]).run();
    let ended = ended.fails(
        75,
        &format!("still running after 5 s: alice (process {})", engine.pid()),
    );
    assert!(ended.hint().contains("kill -KILL"), "{ended:#?}");
    home.write("over", "");
    wait_until("the game has ended", || games(&home).is_empty());
}

#[test]
fn a_process_with_the_id_of_a_game_that_has_ended_is_left_alone() {
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "");
    let engine = Engine::long_running(&home, "TTREngine", 0);
    start_detached(&home, &engine, &[]);
    let path = home.path().join(".local/state/playcookie/running.json");
    let text = fs::read_to_string(&path).expect("the state file");
    engine.finish();
    wait_until("the game has ended", || games(&home).is_empty());
    // This process takes the place of the game.
    let own = std::process::id().to_string();
    fs::write(&path, text.replace(&engine.pid().to_string(), &own)).expect("a file");
    assert_eq!(games(&home).len(), 0);
    home.program(&["stop", "--all"]).run().exits(0);
}

#[test]
fn a_game_of_a_launcher_that_was_killed_is_listed() {
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "");
    let engine = Engine::long_running(&home, "TTREngine", 0);
    let play = home
        .program(&["ttr", "alice", "--json", "--exe", engine.exe()])
        .start();
    engine.wait_until_started();
    wait_until("the game is listed", || games(&home).len() == 1);
    play.signal(rustix::process::Signal::KILL);
    assert_eq!(games(&home)[0]["detached"], false);
    home.program(&["stop"]).run().exits(0);
    assert_eq!(games(&home).len(), 0);
    drop(play.wait());
}

#[test]
fn a_command_of_exec_is_no_game() {
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "");
    let own = env!("CARGO_BIN_EXE_playcookie");
    let ended = home
        .program(&["ttr", "exec", "alice", "--", own, "ps"])
        .run()
        .exits(0);
    assert!(ended.stderr.contains("no game runs"), "{ended:#?}");
}

#[test]
fn the_time_an_account_was_played_is_shown_and_forgotten_with_it() {
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "");
    let list = |words: &[&str]| {
        home.program(&[&["accounts", "list"], words].concat())
            .run()
            .exits(0)
    };
    assert!(!list(&[]).stdout.contains("PLAYED"));
    let row = || list(&["--json"]).events()[0]["accounts"][0].clone();
    assert_eq!(
        (&row()["last_played"], &row()["played_seconds"]),
        (&().into(), &0.into())
    );
    let engine = Engine::new(&home, "TTREngine");
    home.program(&["ttr", "alice", "--exe", engine.exe()])
        .run()
        .exits(0);
    let table = list(&[]).stdout;
    assert!(
        table.contains("LAST PLAYED") && table.contains("just now"),
        "{table}"
    );
    assert!(
        row()["last_played"]
            .as_str()
            .expect("a time")
            .ends_with('Z')
    );
    // As if two longer games had been played long ago; the name of the account does not matter.
    let file = home.path().join(".local/state/playcookie/played.json");
    let text = fs::read_to_string(&file).expect("the state file");
    let (owner, _) = text
        .trim_start_matches('{')
        .split_once(":{")
        .expect("an object");
    fs::write(
        &file,
        format!("{{{owner}:{{\"last\":1651361858,\"seconds\":8040}}}}"),
    )
    .expect("a file");
    home.program(&["accounts", "rename", "alice", "eve"])
        .run()
        .exits(0);
    assert_eq!(row()["last_played"], "2022-04-30T23:37:38Z");
    let table = list(&[]).stdout;
    assert!(
        table.contains(" days ago") && table.contains("2 h 14 min"),
        "{table}"
    );
    let shown = home
        .program(&["accounts", "show", "eve"])
        .run()
        .exits(0)
        .stdout;
    assert!(shown.contains("2 h 14 min in total"), "{shown}");
    home.program(&["ttr", "eve", "--exe", engine.exe()])
        .run()
        .exits(0);
    assert_eq!(
        row()["played_seconds"].as_u64().map(|seconds| seconds / 60),
        Some(134)
    );
    home.program(&["accounts", "remove", "eve"]).run().exits(0);
    assert_eq!(fs::read_to_string(&file).expect("the state file"), "{}");
}

#[test]
fn a_detached_game_that_cannot_be_listed_causes_a_warning() {
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "");
    let engine = Engine::long_running(&home, "TTREngine", 0);
    // A directory in place of the file.
    home.write(".local/state/playcookie/running.json/x", "");
    let started = start_detached(&home, &engine, &[]);
    let words = "warning: `playcookie ps` and `stop` do not know the game: ";
    assert!(started.stderr.contains(words), "{started:#?}");
    engine.finish();
}

#[test]
fn a_detached_game_counts_as_played_when_it_starts() {
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "");
    let engine = Engine::long_running(&home, "TTREngine", 0);
    start_detached(&home, &engine, &[]);
    let table = home.program(&["accounts", "list"]).run().exits(0).stdout;
    assert!(table.contains("just now"), "{table}");
    engine.finish();
}

/// Returns the logs in the state directory, the oldest first.
fn logs(home: &Home) -> Vec<std::path::PathBuf> {
    let folder = home.path().join(".local/state/playcookie/logs/ttr-alice");
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut logs: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    logs.sort();
    logs
}

fn play(home: &Home, engine: &Engine, more: &[&str]) -> Program {
    home.program(&[&["ttr", "alice", "--exe", engine.exe()], more].concat())
}

#[test]
fn each_run_gets_a_private_log_and_the_oldest_of_ten_is_removed() {
    use std::os::unix::fs::PermissionsExt;
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "log = true");
    let engine = Engine::with_script(&home, "TTREngine", "echo to output; echo to errors >&2");
    let ended = play(&home, &engine, &[]).run().exits(0);
    assert!(!ended.stdout.contains("to output") && !ended.stderr.contains("to errors"));
    let first = logs(&home).remove(0);
    assert_eq!(
        fs::read_to_string(&first).expect("a log"),
        "to output\nto errors\n"
    );
    let mode = first.metadata().expect("a log").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    play(&home, &engine, &["--dry-run"]).run().exits(0);
    play(&home, &engine, &["--log", "own.log"]).run().exits(0);
    assert_eq!(logs(&home), std::slice::from_ref(&first));

    let folder = first.parent().expect("a folder");
    for number in 0..9 {
        fs::write(folder.join(format!("2000-01-0{number}.log")), "").expect("a file");
    }
    play(&home, &engine, &[]).run().exits(0);
    assert_eq!(logs(&home).len(), 10);
    assert!(!folder.join("2000-01-00.log").exists() && first.exists());
    // A login that fails leaves no log.
    let other = ClosedPort::new().root();
    play(&home, &engine, &["--api", &other]).run().fails(66, "");
    assert_eq!(logs(&home).len(), 9);
    home.program(&["accounts", "remove", "alice"])
        .run()
        .exits(0);
    assert!(!folder.exists());
}

#[test]
fn an_account_can_refuse_the_log_of_its_game() {
    let server = StandInServer::new(Scenario::default());
    let home = home(&server, "log = false");
    let text = home.configuration().expect("a file");
    home.configure(format!("[ttr]\nlog = true\n{text}"));
    let engine = Engine::with_script(&home, "TTREngine", "echo to output");
    let ended = play(&home, &engine, &[]).run().exits(0);
    assert!(ended.stdout.contains("to output"), "{ended:#?}");
    assert_eq!(logs(&home).len(), 0);
    let shown = home.program(&["config", "show", "--json"]).run().exits(0);
    for log in ["\"log\":true", "\"log\":false"] {
        assert!(shown.stdout.contains(log), "{shown:#?}");
    }
    home.configure(format!("[ttr]\nlog = 1\n{text}"));
    home.program(&["ps"]).run().exits(0);
    home.program(&["accounts", "list"])
        .run()
        .fails(78, "\"log\" must be true, false or a path");
}
