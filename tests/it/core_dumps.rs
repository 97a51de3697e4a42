//! Core dumps and debuggers are disabled for the launcher and enabled for the game.
//!
//! The owner of a process' files in `/proc` shows its state: the superuser owns those of a process that cannot be dumped,
//! and the process' user and group own the others. Tests run by a superuser therefore use another group.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use rustix::process::{getegid, geteuid};

use crate::harness::{Engine, Home, Reaction, Scripted};

/// A user id and a group id.
type Owner = (u32, u32);

/// The owner of the files of a process that cannot be dumped.
const SUPERUSER: Owner = (0, 0);
/// The group of programs in tests run by a superuser. It must not be the superuser's and needs no name.
const ANOTHER_GROUP: u32 = 54_321;

const TICKET: &str = r#"{"success":"true","gameserver":"127.0.0.1","cookie":"c00kie"}"#;

/// Returns the user and group of programs in these tests.
fn own_ids() -> Owner {
    let group = getegid().as_raw();
    let user = geteuid().as_raw();
    (user, if user == 0 { ANOTHER_GROUP } else { group })
}

/// Returns the owner of a process' files in `/proc`.
fn owner(pid: impl std::fmt::Display) -> Option<Owner> {
    let file = fs::metadata(format!("/proc/{pid}/environ")).ok()?;
    Some((file.uid(), file.gid()))
}

/// Returns whether `/proc` shows that a process can be dumped. Prints a note if it does not.
fn is_observable() -> bool {
    let cat = Command::new("cat")
        .stdin(Stdio::piped())
        .gid(own_ids().1)
        .spawn();
    let is_shown = cat.is_ok_and(|mut cat| {
        let is_shown = owner(cat.id()) == Some(own_ids());
        // Dropping this closes the input.
        cat.wait().expect("it ends");
        is_shown
    });
    if !is_shown {
        // Writing to the stream directly bypasses the capture of test output.
        let _ = writeln!(
            std::io::stderr(),
            "this system does not show what may be dumped: not tested"
        );
    }
    is_shown
}

#[test]
fn the_launcher_cannot_be_dumped_while_it_holds_a_password() {
    if !is_observable() {
        return;
    }
    let (answer, release) = Reaction::json(TICKET).held();
    let (home, server) = (Home::new(), Scripted::new([answer]));
    let login = home.ttr("login", &server.root(), &[]).in_group(own_ids().1);
    let started = login.start();
    server.wait_for(1);
    let owner = owner(started.pid());
    drop(release);
    started.wait().exits(0);
    assert_eq!(owner, Some(SUPERUSER));
}

#[test]
fn a_game_can_be_dumped_and_its_launcher_cannot() {
    if !is_observable() {
        return;
    }
    let (home, server) = (Home::new(), Scripted::new([Reaction::json(TICKET)]));
    let engine = Engine::long_running(&home, "engine", 0);
    let play = home.ttr("play", &server.root(), &["--exe", engine.exe()]);
    let started = play.in_group(own_ids().1).start();
    engine.wait_until_started();
    let owners = (owner(started.pid()), owner(engine.pid()));
    engine.finish();
    started.wait().exits(0);
    assert_eq!(owners, (Some(SUPERUSER), Some(own_ids())));
}
