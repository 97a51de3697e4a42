//! Dumps and debuggers: kept off the launcher, and let at the game.
//!
//! The system shows it in who owns a process' files below `/proc`: the superuser when it may not be dumped, else the
//! process' own user and group. A superuser's tests tell the two apart by a group that is not the superuser's.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use rustix::process::{getegid, geteuid};

use crate::harness::{Engine, Home, Reaction, Scripted};

/// User and group.
type Owner = (u32, u32);

/// The owner of what may not be dumped.
const SUPERUSER: Owner = (0, 0);
/// A group that a superuser's tests run programs in; it has to be another than the superuser's, and may have no name.
const ANOTHER_GROUP: u32 = 54_321;

const TICKET: &str = r#"{"success":"true","gameserver":"127.0.0.1","cookie":"c00kie"}"#;

/// The user and the group that programs are run as here.
fn own_ids() -> Owner {
    let group = getegid().as_raw();
    let user = geteuid().as_raw();
    (user, if user == 0 { ANOTHER_GROUP } else { group })
}

/// Who owns a process' files, which is how the system shows whether it may be dumped.
fn owner(pid: impl std::fmt::Display) -> Option<Owner> {
    let file = fs::metadata(format!("/proc/{pid}/environ")).ok()?;
    Some((file.uid(), file.gid()))
}

/// Whether a program that may be dumped is seen to be so; says so when a test has to do without it.
fn is_observable() -> bool {
    let cat = Command::new("cat")
        .stdin(Stdio::piped())
        .gid(own_ids().1)
        .spawn();
    let seen = cat.is_ok_and(|mut cat| {
        let seen = owner(cat.id()) == Some(own_ids());
        // Its input ends with this.
        cat.wait().expect("it ends");
        seen
    });
    if !seen {
        // Past the capturing of a test's output, so that it is read.
        let _ = writeln!(
            std::io::stderr(),
            "this system does not show what may be dumped: not tested"
        );
    }
    seen
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
