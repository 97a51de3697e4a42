//! Session buses and keyrings for a single test.
//!
//! The environment of a process names its bus. A test that needs a bus therefore runs twice: first to start the bus, and
//! then as a child process on it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use dbus::blocking::Connection;
use dbus_secret_service::{EncryptionType, SecretService};

use super::{Home, SendSignal, is_installed, wait_until};

/// The bus name of a secret store.
const SECRETS: &str = "org.freedesktop.secrets";

/// The variable that is set in the child process.
const INSIDE: &str = "PLAYCOOKIE_TEST_SESSION";

/// Runs `act` on a new session bus. `test` is the path of the calling test.
pub(crate) fn on_a_bus(test: &str, act: impl AsyncFnOnce(Session)) {
    match Session::inside() {
        Some(session) => session.run(act),
        None if !is_installed("dbus-run-session") => {}
        None => {
            let home = Home::new();
            let mut command = Command::new("dbus-run-session");
            let configuration = bus_configuration(&home);
            command.arg("--config-file").arg(configuration).arg("--");
            run_again(command, &home, test);
        }
    }
}

/// How often starting the keyring daemon is tried.
const STARTS: u32 = 3;

/// Runs `act` on a new session bus if gnome-keyring is installed.
pub(crate) fn with_a_keyring(test: &str, act: impl AsyncFnOnce(Session)) {
    if is_installed("gnome-keyring-daemon") {
        on_a_bus(test, act);
    }
}

/// Runs `act` without a session bus and with a `dbus-launch` that records that it was run.
pub(crate) fn on_no_bus(test: &str, act: impl AsyncFnOnce(Session)) {
    if let Some(session) = Session::inside() {
        return session.run(act);
    }
    let home = Home::new();
    recording_program(&home, "bin/dbus-launch", "launched");
    let path = std::env::var("PATH").expect("a path");
    let folder = home.path().join("bin");
    let mut command = Command::new("/usr/bin/env");
    command
        .env("DISPLAY", ":0")
        .arg(format!("PATH={}:{path}", folder.display()));
    run_again(command, &home, test);
}

/// Runs only this test again, as a child of `command` in this home.
fn run_again(mut command: Command, home: &Home, test: &str) {
    let ended = command
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path().join("run"))
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        .env(INSIDE, home.path())
        .stdin(Stdio::null())
        .output()
        .expect("the test runs again");
    let output = String::from_utf8_lossy(&ended.stdout);
    assert!(
        ended.status.success() && output.contains("1 passed"),
        "{output}{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

/// Writes the configuration of a bus whose only service replaces the program that shows prompts and records that it was
/// run.
fn bus_configuration(home: &Home) -> PathBuf {
    home.write("run/keep", "");
    let prompter = recording_program(home, "prompter", "prompted");
    for name in ["SystemPrompter", "PrivatePrompter"] {
        let service = format!(
            "[D-BUS Service]\nName=org.gnome.keyring.{name}\nExec={}\n",
            prompter.display()
        );
        home.write(&format!("services/{name}.service"), service);
    }
    let folder = home.path().display();
    home.write(
        "bus.conf",
        format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
                "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
                <type>session</type>
                <listen>unix:dir={folder}</listen>
                <servicedir>{folder}/services</servicedir>
                <policy context="default">
                    <allow send_destination="*" eavesdrop="true"/>
                    <allow eavesdrop="true"/>
                    <allow own="*"/>
                </policy>
            </busconfig>"#
        ),
    )
}

/// Creates a program that creates a file in the home.
fn recording_program(home: &Home, program: &str, file: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let note = home.path().join(file);
    let program = home.write(program, format!("#!/bin/sh\n: > '{}'\n", note.display()));
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&program, mode).expect("it may be run");
    program
}

/// The child process of a test on a bus.
pub(crate) struct Session {
    home: PathBuf,
}

impl Session {
    fn inside() -> Option<Self> {
        let home = std::env::var_os(INSIDE)?.into();
        Some(Self { home })
    }

    fn run(self, act: impl AsyncFnOnce(Self)) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(act(self));
    }

    /// Returns whether the keyring wanted to show a prompt.
    pub(crate) fn has_prompted(&self) -> bool {
        self.home.join("prompted").exists()
    }

    /// Returns whether `dbus-launch` was run.
    pub(crate) fn has_launched(&self) -> bool {
        self.home.join("launched").exists()
    }

    /// Starts a keyring daemon with an unlocked default collection.
    pub(crate) fn unlocked(&self) -> Keyring {
        // The daemon sometimes crashes on a request right after its start.
        for _ in 1..STARTS {
            if let Some(keyring) = self.try_unlocked() {
                return keyring;
            }
        }
        self.try_unlocked().expect("a running keyring daemon")
    }

    /// Returns the daemon if it runs until it has a default collection.
    fn try_unlocked(&self) -> Option<Keyring> {
        let mut keyring = Keyring::start(&self.home, Some("pw"));
        let mut is_open = false;
        wait_until("there is a default collection, or no daemon", || {
            let secrets = connected();
            is_open = secrets.is_ok_and(|secrets| secrets.get_default_collection().is_ok());
            is_open || keyring.has_exited()
        });
        is_open.then_some(keyring)
    }

    /// Starts a keyring daemon with a locked collection.
    pub(crate) fn locked(&self) -> Keyring {
        Keyring::start(&self.home, None)
    }

    /// Starts a keyring daemon whose default collection has no password, in gnome-keyring's format.
    pub(crate) fn without_a_password(&self) -> Keyring {
        let folder = self.home.join("data/keyrings");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("default"), "plain").expect("a file");
        let plain = "[keyring]\ndisplay-name=plain\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n";
        std::fs::write(folder.join("plain.keyring"), plain).expect("a file");
        Keyring::start(&self.home, None)
    }
}

/// Locks the default collection.
pub(crate) fn lock() {
    let secrets = secrets();
    let collection = secrets.get_default_collection().expect("a collection");
    collection.lock().expect("it can be locked");
    assert!(collection.is_locked().expect("an answer"));
}

/// Owns the bus name of a secret store and never answers.
pub(crate) fn silent_store() -> Connection {
    let connection = Connection::new_session().expect("a bus");
    connection
        .request_name(SECRETS, false, false, true)
        .expect("its name");
    connection
}

/// Connects to the store, with a limit of one second for prompts.
pub(crate) fn secrets() -> SecretService {
    connected().expect("a secret service")
}

fn connected() -> Result<SecretService, dbus_secret_service::Error> {
    SecretService::connect_with_max_prompt_timeout(EncryptionType::Plain, 1)
}

/// A keyring daemon that is killed when it is dropped.
pub(crate) struct Keyring(Child);

impl Keyring {
    fn start(home: &Path, password: Option<&str>) -> Self {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if password.is_some() {
            command.arg("--unlock");
        }
        let mut child = command
            .current_dir(home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the keyring daemon starts");
        let mut stdin = child.stdin.take().expect("its input");
        stdin
            .write_all(password.unwrap_or_default().as_bytes())
            .expect("it reads the password");
        drop(stdin);
        let bus = Connection::new_session().expect("a bus");
        wait_until("the keyring daemon is on the bus", || is_owned(&bus));
        Self(child)
    }
}

impl Keyring {
    fn has_exited(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(Some(_)))
    }
}

impl SendSignal for Keyring {
    fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
        if let Ok(bus) = Connection::new_session() {
            wait_until("the keyring daemon is gone", || !is_owned(&bus));
        }
    }
}

fn is_owned(bus: &Connection) -> bool {
    let proxy = bus.with_proxy(
        "org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        Duration::from_secs(5),
    );
    let (owned,): (bool,) = proxy
        .method_call("org.freedesktop.DBus", "NameHasOwner", (SECRETS,))
        .expect("the bus answers");
    owned
}
