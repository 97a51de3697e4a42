//! Session buses and keyrings for single tests.
//!
//! The environment of a process names its bus, so a test with a bus runs twice: it starts a bus, and then runs again as a
//! child process on the bus.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use dbus::blocking::Connection;
use dbus_secret_service::{EncryptionType, SecretService};

use super::{Home, is_installed, until};

/// The name of a secret store on the bus.
const SECRETS: &str = "org.freedesktop.secrets";

/// The variable that is set in the child process.
const INSIDE: &str = "PLAYCOOKIE_TEST_SESSION";

/// Runs `act` on a session bus of its own. `test` is the path of the calling test.
pub(crate) fn on_a_bus(test: &str, act: impl AsyncFnOnce(Session)) {
    match Session::inside() {
        Some(session) => session.run(act),
        None if !is_installed("dbus-run-session") => {}
        None => {
            let home = Home::new();
            let mut command = Command::new("dbus-run-session");
            let configuration = configure_bus(&home);
            command.arg("--config-file").arg(configuration).arg("--");
            run_again(command, &home, test);
        }
    }
}

/// The number of attempts to start a keyring program.
const STARTS: u32 = 3;

/// Runs `act` on a session bus of its own, if a keyring program is installed.
pub(crate) fn with_a_keyring(test: &str, act: impl AsyncFnOnce(Session)) {
    if is_installed("gnome-keyring-daemon") {
        on_a_bus(test, act);
    }
}

/// Runs `act` without a session bus, with a `dbus-launch` that records that it was run.
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

/// Runs this test again, alone, as a child of `command` in the home.
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
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(
        ended.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

/// Writes the configuration of a bus, on which a stand-in for the prompter records that it was run.
fn configure_bus(home: &Home) -> PathBuf {
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

/// Writes a program that creates a file in the home.
fn recording_program(home: &Home, program: &str, file: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let note = home.path().join(file);
    let program = home.write(program, format!("#!/bin/sh\n: > '{}'\n", note.display()));
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&program, mode).expect("it may be run");
    program
}

/// The environment of a test on a session bus.
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

    /// Returns whether a prompt was requested.
    pub(crate) fn has_prompted(&self) -> bool {
        self.home.join("prompted").exists()
    }

    /// Returns whether a bus was started.
    pub(crate) fn has_launched(&self) -> bool {
        self.home.join("launched").exists()
    }

    /// Starts a keyring program with an unlocked default collection, which is created if necessary.
    pub(crate) fn unlocked(&self) -> Keyring {
        // The daemon may crash when it is called right after its start; then it is started again.
        for _ in 1..STARTS {
            if let Some(keyring) = self.try_unlocked() {
                return keyring;
            }
        }
        self.try_unlocked().expect("a keyring that lives")
    }

    /// Starts a keyring program; `None` if it ends before it has a default collection.
    fn try_unlocked(&self) -> Option<Keyring> {
        let mut keyring = Keyring::start(&self.home, Some("pw"));
        let mut is_open = false;
        until("there is a default collection, or no daemon", || {
            let secrets = connected();
            is_open = secrets.is_ok_and(|secrets| secrets.get_default_collection().is_ok());
            is_open || keyring.has_died()
        });
        is_open.then_some(keyring)
    }

    /// Starts a keyring program whose collections are locked.
    pub(crate) fn locked(&self) -> Keyring {
        Keyring::start(&self.home, None)
    }

    /// Starts a keyring program whose default collection has no password, in the format of gnome-keyring.
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

/// Connects to the bus as a secret store that never answers.
pub(crate) fn black_hole() -> Connection {
    let connection = Connection::new_session().expect("a bus");
    connection
        .request_name(SECRETS, false, false, true)
        .expect("its name");
    connection
}

/// Connects to the store as a keyring program would. A prompt may take one second.
pub(crate) fn secrets() -> SecretService {
    connected().expect("a secret service")
}

fn connected() -> Result<SecretService, dbus_secret_service::Error> {
    SecretService::connect_with_max_prompt_timeout(EncryptionType::Plain, 1)
}

/// A keyring program, which is ended on drop.
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
            .expect("the keyring program starts");
        let mut stdin = child.stdin.take().expect("its input");
        stdin
            .write_all(password.unwrap_or_default().as_bytes())
            .expect("it reads the password");
        drop(stdin);
        let bus = Connection::new_session().expect("a bus");
        until("the keyring program is on the bus", || is_owned(&bus));
        Self(child)
    }
}

impl Keyring {
    fn has_died(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(Some(_)))
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
        if let Ok(bus) = Connection::new_session() {
            until("the keyring program is gone", || !is_owned(&bus));
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
