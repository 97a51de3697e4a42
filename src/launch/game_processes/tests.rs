use std::path::Path;
use std::time::Duration;

use super::*;
use crate::base::clock;
use crate::launch::command::{LaunchCommand, Output};

/// A script that runs until a file named `quit` exists, or for two minutes in a test that failed.
const WAIT_FOR_QUIT: &str =
    "i=0; while [ $i -lt 2400 ] && ! [ -e quit ]; do sleep 0.05; i=$((i + 1)); done";

/// Starts a script in a folder, in its own process group.
fn game(folder: &Path, script: &str) -> GameProcess {
    let command = LaunchCommand {
        directory: Some(folder.to_owned()),
        input: false,
        output: Output::Discarded,
        own_group: true,
        ..LaunchCommand::of(["/bin/sh", "-c", script].map(Into::into))
    };
    command.spawn(&Vec::new()).expect("a game")
}

async fn until_exists(folder: &Path, name: &str) {
    for _ in 0..12_000 {
        if folder.join(name).exists() {
            return;
        }
        clock::sleep(Duration::from_millis(10)).await;
    }
    panic!("{name} does not exist");
}

#[tokio::test]
async fn each_status_is_returned_with_its_index_in_the_order_of_the_exits() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut games = GameProcesses::default();
    games.push(7, game(folder.path(), &format!("{WAIT_FOR_QUIT}; exit 3")));
    games.push(4, game(folder.path(), "kill -KILL $$"));
    assert_eq!(games.next_exit().await, (4, Ok(137)));
    std::fs::write(folder.path().join("quit"), "").expect("a file");
    assert!(!games.is_empty());
    assert_eq!(games.next_exit().await, (7, Ok(3)));
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
        let mut games = GameProcesses::default();
        for index in [5, 6] {
            let child = format!(
                "trap \": >told-{index}; exit 0\" {name}; : >ready-{index}; {WAIT_FOR_QUIT}"
            );
            let script = format!("trap 'exit {index}' {name}; sh -c '{child}'; exit 9");
            games.push(index, game(folder.path(), &script));
        }
        for index in [5, 6] {
            until_exists(folder.path(), &format!("ready-{index}")).await;
        }
        games.forward(signal);
        let mut ended = [games.next_exit().await, games.next_exit().await];
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
async fn a_game_whose_wait_was_dropped_can_be_waited_for_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut games = GameProcesses::default();
    games.push(
        1,
        game(folder.path(), &format!(": >ready; {WAIT_FOR_QUIT}; exit 3")),
    );
    tokio::select! {
        biased;
        ended = games.next_exit() => panic!("{ended:?} before its end"),
        () = until_exists(folder.path(), "ready") => {}
    }
    std::fs::write(folder.path().join("quit"), "").expect("a file");
    assert_eq!(games.next_exit().await, (1, Ok(3)));
}

#[tokio::test]
async fn no_signal_is_sent_to_a_game_that_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    // The game leaves a process in its group, which would get the signal.
    let left = format!("trap \": >told; exit\" TERM; : >ready; {WAIT_FOR_QUIT}; : >survived");
    let script = format!("sh -c '{left}' & while ! [ -e ready ]; do sleep 0.05; done; exit 4");
    let mut game = game(folder.path(), &script);
    assert_eq!(game.exit_status().await, Ok(4));
    game.forward(Signal::Terminate);
    std::fs::write(folder.path().join("quit"), "").expect("a file");
    until_exists(folder.path(), "survived").await;
    assert!(!folder.path().join("told").exists());
    assert_eq!(game.exit_status().await, Ok(4));
}
