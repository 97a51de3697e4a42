//! Ctrl-C during an update before the login.

use std::num::NonZeroU32;

use playcookie::stand_in::{Fault, Scenario, Version};
use rustix::process::Signal;

use super::{default_dir, installed, play, published, request_paths, version};
use crate::harness::{SendSignal, StandInServer, wait_until};

#[test]
fn ctrl_c_leaves_complete_files_and_the_next_play_resumes() {
    let home = installed();
    let crawling = StandInServer::new(Scenario {
        fault: Fault {
            slow: NonZeroU32::new(1),
            ..Fault::NONE
        },
        ..Scenario::PLAIN
    });
    let run = play(&home, &crawling, &[]).start();
    wait_until("a download is under way", || {
        request_paths(&crawling)
            .iter()
            .any(|path| path.starts_with("/patches/"))
    });
    run.signal(Signal::INT);
    run.wait().dies_of(Signal::INT);
    assert!(!request_paths(&crawling).contains(&"/api/login".to_owned()));
    let (old, new) = (published(Version::First), published(Version::Second));
    // Each file belongs to one of the two versions.
    let wrong = |server: &StandInServer| {
        let check = [
            "ttr",
            "update",
            "--verify",
            "--check",
            "-v",
            "--api",
            &server.root(),
        ];
        let ended = home.program(&check).run();
        let names = ended.stdout.lines();
        let names = names.filter_map(|line| line.split_once("  "));
        let names: Vec<_> = names.map(|(_, name)| name.to_owned()).collect();
        ended.exits(if names.is_empty() { 0 } else { 10 });
        names
    };
    let (not_old, not_new) = (wrong(&old), wrong(&new));
    let is_there = |name: &&String| default_dir(&home).join(name).exists();
    let half: Vec<_> = not_old
        .iter()
        .filter(|name| not_new.contains(name))
        .filter(is_there)
        .collect();
    assert_eq!(half, Vec::<&String>::new());
    play(&home, &new, &[]).run().exits(0);
    assert_eq!(version(&default_dir(&home)), Some(2));
    let litter = std::fs::read_dir(default_dir(&home)).expect("a folder");
    let litter = litter.map(|entry| entry.expect("an entry").file_name());
    let litter: Vec<_> = litter
        .filter(|name| name.to_string_lossy().starts_with('.'))
        .collect();
    assert!(litter.is_empty(), "{litter:?}");
}

#[test]
fn ctrl_c_with_several_accounts_starts_no_login() {
    let home = installed();
    let crawling = StandInServer::new(Scenario {
        fault: Fault {
            slow: NonZeroU32::new(1),
            ..Fault::NONE
        },
        ..Scenario::PLAIN
    });
    super::several_accounts::pair(&home, &crawling, "");
    let run = home.program(&["ttr", "alice", "bob"]).start();
    wait_until("a download is under way", || {
        request_paths(&crawling)
            .iter()
            .any(|path| path.starts_with("/patches/"))
    });
    run.signal(Signal::INT);
    run.wait().dies_of(Signal::INT);
    assert!(!request_paths(&crawling).contains(&"/api/login".to_owned()));
}
