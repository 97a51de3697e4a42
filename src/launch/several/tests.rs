use std::path::Path;
use std::time::Duration;

use super::*;
use crate::base::clock;
use crate::launch::command::{LaunchCommand, Output};

/// What goes on until a file named `quit` is there, or for two minutes in a test that failed.
const LINGER: &str =
    "i=0; while [ $i -lt 2400 ] && ! [ -e quit ]; do sleep 0.05; i=$((i + 1)); done";

/// A shell that does this in a folder, in a process group of its own.
fn game(folder: &Path, script: &str) -> Running {
    let start = LaunchCommand {
        directory: Some(folder.to_owned()),
        input: false,
        output: Output::Discarded,
        group: true,
        ..LaunchCommand::of(["/bin/sh", "-c", script].map(Into::into))
    };
    start.attached(&Vec::new()).expect("a game")
}

async fn until_there(folder: &Path, name: &str) {
    for _ in 0..12_000 {
        if folder.join(name).exists() {
            return;
        }
        clock::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain for {name}");
}

#[tokio::test]
async fn each_status_comes_back_with_its_index_in_the_order_of_the_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut games = Several::default();
    games.push(7, game(folder.path(), &format!("{LINGER}; exit 3")));
    games.push(4, game(folder.path(), "kill -KILL $$"));
    assert_eq!(games.next_ended().await, (4, Ok(137)));
    std::fs::write(folder.path().join("quit"), "").expect("a file");
    assert!(!games.is_empty());
    assert_eq!(games.next_ended().await, (7, Ok(3)));
    assert!(games.is_empty());
}

#[tokio::test]
async fn a_signal_reaches_every_game_and_the_children_of_each() {
    for (signal, name) in [
        (Signal::Interrupt, "INT"),
        (Signal::Terminate, "TERM"),
        (Signal::HangUp, "HUP"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut games = Several::default();
        for index in [5, 6] {
            let child =
                format!("trap \": >told-{index}; exit 0\" {name}; : >ready-{index}; {LINGER}");
            let script = format!("trap 'exit {index}' {name}; sh -c '{child}'; exit 9");
            games.push(index, game(folder.path(), &script));
        }
        for index in [5, 6] {
            until_there(folder.path(), &format!("ready-{index}")).await;
        }
        games.pass_on(signal);
        let mut ended = [games.next_ended().await, games.next_ended().await];
        ended.sort_by_key(|(index, _)| *index);
        assert_eq!(ended, [(5, Ok(5)), (6, Ok(6))], "{name}");
        for index in [5, 6] {
            assert!(
                folder.path().join(format!("told-{index}")).exists(),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn a_game_whose_wait_was_given_up_is_still_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut games = Several::default();
    games.push(
        1,
        game(folder.path(), &format!(": >ready; {LINGER}; exit 3")),
    );
    tokio::select! {
        biased;
        ended = games.next_ended() => panic!("{ended:?} before its end"),
        () = until_there(folder.path(), "ready") => {}
    }
    std::fs::write(folder.path().join("quit"), "").expect("a file");
    assert_eq!(games.next_ended().await, (1, Ok(3)));
}

#[tokio::test]
async fn a_game_that_ended_is_sent_nothing_any_more() {
    let folder = tempfile::tempdir().expect("a folder");
    // What it leaves behind is in its group, and would be told.
    let left = format!("trap \": >told; exit\" TERM; : >ready; {LINGER}; : >survived");
    let script = format!("sh -c '{left}' & while ! [ -e ready ]; do sleep 0.05; done; exit 4");
    let mut ended = game(folder.path(), &script);
    assert_eq!(ended.ended().await, Ok(4));
    ended.pass_on(Signal::Terminate);
    std::fs::write(folder.path().join("quit"), "").expect("a file");
    until_there(folder.path(), "survived").await;
    assert!(!folder.path().join("told").exists());
    assert_eq!(ended.ended().await, Ok(4));
}
