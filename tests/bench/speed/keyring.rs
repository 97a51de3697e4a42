//! A session bus with gnome-keyring, in which the password of an account is kept.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::run::until_end;
use crate::setup::Setup;
use crate::tools::{Missing, tool};

/// How often starting the daemon is tried. It sometimes crashes on a request right after its start.
const STARTS: usize = 5;

/// A bus and a daemon that are killed when it is dropped.
pub(crate) struct Keyring {
    programs: Vec<Child>,
    address: String,
    account: PathBuf,
}

impl Keyring {
    /// Starts the programs and keeps the password of the account.
    pub(crate) fn new(setup: &Setup) -> Result<Self, Missing> {
        let (bus, daemon) = (tool("dbus-daemon")?, tool("gnome-keyring-daemon")?);
        let mut bus = setup
            .command(&bus)
            .args(["--session", "--nofork", "--print-address"])
            .arg(format!("--address=unix:dir={}", setup.file("").display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a bus");
        let mut address = String::new();
        let output = bus.stdout.take().expect("its output");
        BufReader::new(output)
            .read_line(&mut address)
            .expect("an address");
        let mut keyring = Self {
            programs: vec![bus],
            address: address.trim_end().to_owned(),
            account: setup.account(),
        };
        let kept = (0..STARTS).any(|_| keyring.start(setup, &daemon));
        assert!(kept, "the keyring does not keep a password");
        Ok(keyring)
    }

    /// Starts the daemon and keeps the password. Returns whether it is kept.
    fn start(&mut self, setup: &Setup, daemon: &Path) -> bool {
        let mut child = setup
            .command(daemon)
            .args(["--foreground", "--components=secrets", "--unlock"])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a keyring daemon");
        let mut input = child.stdin.take().expect("its input");
        input.write_all(b"pw").expect("it reads the password");
        drop(input);
        // It prints when it is on the bus.
        let mut line = String::new();
        let output = child.stdout.take().expect("its output");
        let _ = BufReader::new(output).read_line(&mut line);
        self.programs.push(child);
        until_end(self.login(setup, &["--password-stdin", "--save"]));
        let kept = self.login(setup, &[]).output().expect("the program starts");
        kept.status.success()
    }

    /// Returns a login on the bus, with the kept password unless `more` says otherwise.
    pub(crate) fn login(&self, setup: &Setup, more: &[&str]) -> Command {
        let mut command = setup.login(&self.account, more);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for program in self.programs.iter_mut().rev() {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}
