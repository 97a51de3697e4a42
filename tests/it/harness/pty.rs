//! Runs of the binary on a pseudo-terminal.

use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, ExitStatus};

use pty_process::Size;
use pty_process::blocking as pty;
use rustix::termios::{LocalModes, tcgetattr};

use super::program::SendSignal;
use super::{Home, Program, RunOutput, wait_until};

/// The byte of Ctrl-C.
pub(crate) const CTRL_C: u8 = 0x03;
/// The byte of Ctrl-D.
pub(crate) const CTRL_D: u8 = 0x04;

/// Runs a program like a login shell: the shell is the leader of the terminal's session, outlives the program and prints
/// its process id and status. The kernel resets a terminal's modes when the session's leader exits, so only under a
/// shell a test sees which modes a program left.
const SHELL: &str = r#"trap : INT TERM HUP
sh -c 'echo "pid: $$."; exec "$@"' sh "$@"
echo "status: $?."
read -r held"#;

/// A run on a terminal.
pub(crate) struct Pty {
    child: Child,
    /// The controlling side; `None` after the terminal was closed.
    master: Option<pty::Pty>,
    /// The program's side, for reading its modes.
    slave: OwnedFd,
    line: String,
    transcript: Vec<u8>,
    /// The length of the transcript that `expect` has consumed.
    read: usize,
}

impl Program {
    /// Starts the program on a new terminal, as the leader of its session.
    pub(crate) fn on_a_terminal(self) -> Pty {
        // No line of progress is truncated at this width.
        self.on_a_terminal_of(240)
    }

    /// Starts the program on a new terminal of this width.
    pub(crate) fn on_a_terminal_of(self, columns: u16) -> Pty {
        let (master, slave) = pty::open().expect("a terminal");
        master.resize(Size::new(24, columns)).expect("a size");
        rustix::io::ioctl_fionbio(&master, true).expect("reads that do not wait");
        let kept = slave.as_fd().try_clone_to_owned().expect("its other side");
        let defaults = [("TERM", "xterm-256color"), ("NO_COLOR", "1")];
        let command = self.or_env(&defaults).into_command();
        let line = format!("{:?}", command.get_args().collect::<Vec<_>>());
        let child = pty::Command::from(command).spawn(slave).expect("it starts");
        Pty {
            child,
            master: Some(master),
            slave: kept,
            line,
            transcript: Vec::new(),
            read: 0,
        }
    }

    /// Starts the program on a terminal under a shell that outlives it.
    pub(crate) fn under_a_shell(self) -> UnderShell {
        let mut pty = self.through_a_shell(SHELL).on_a_terminal();
        pty.expect("pid: ");
        let pid = pty.expect(".\r\n").parse().expect("a process id");
        UnderShell { pty, pid }
    }
}

impl Pty {
    /// Waits for a text after the last expected one and returns what was before it.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) -> String {
        let mut found = None;
        self.wait_for(text, |pty| {
            found = pty
                .unread()
                .split_once(text)
                .map(|(before, _)| before.to_owned());
            found.is_some()
        });
        let before = found.unwrap_or_default();
        self.read += before.len() + text.len();
        before
    }

    /// Changes the width of the terminal.
    pub(crate) fn resize(&self, columns: u16) {
        let master = self.master.as_ref().expect("an open terminal");
        master.resize(Size::new(24, columns)).expect("a size");
    }

    /// Types a line and Enter.
    pub(crate) fn line(&mut self, text: &str) {
        self.keys(format!("{text}\r").as_bytes());
    }

    /// Waits until the terminal does not echo.
    #[track_caller]
    pub(crate) fn wait_until_hidden(&mut self) {
        self.wait_for("a hidden prompt", |pty| !pty.echoes());
    }

    /// Types keys.
    pub(crate) fn keys(&mut self, keys: &[u8]) {
        let mut master = self.master.as_ref().expect("an open terminal");
        master.write_all(keys).expect("keys can be typed");
    }

    /// Closes the terminal like a terminal window.
    pub(crate) fn close(&mut self) {
        self.read_available();
        self.master = None;
    }

    /// Returns whether the terminal echoes input.
    pub(crate) fn echoes(&self) -> bool {
        self.has(LocalModes::ECHO)
    }

    /// Returns whether the terminal has the modes that a shell expects: echo, lines and signals.
    pub(crate) fn is_restored(&self) -> bool {
        self.has(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
    }

    fn has(&self, modes: LocalModes) -> bool {
        let attributes = tcgetattr(&self.slave).expect("the terminal's modes");
        attributes.local_modes.contains(modes)
    }

    /// Waits for the program to exit. The transcript with `\n` as line ends is its standard error.
    #[track_caller]
    pub(crate) fn wait(mut self) -> RunOutput {
        let mut ended: Option<ExitStatus> = None;
        self.wait_for("its end", |pty| {
            ended = pty.child.try_wait().expect("it can be waited for");
            ended.is_some()
        });
        self.read_available();
        let text = String::from_utf8(self.transcript.clone()).expect("UTF-8");
        let status = ended.expect("a status");
        RunOutput::on_a_terminal(status, self.line.clone(), text.replace("\r\n", "\n"))
    }

    fn unread(&self) -> String {
        String::from_utf8_lossy(&self.transcript[self.read..]).into_owned()
    }

    #[track_caller]
    fn wait_for(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let mut ended = false;
        wait_until(what, || {
            // The order matters: output before the exit is read before the exit counts.
            let over = ended;
            ended = matches!(self.child.try_wait(), Ok(Some(_)));
            self.read_available();
            let done = done(self);
            assert!(
                done || !over,
                "{} exited without {what}\n{}",
                self.line,
                self.unread()
            );
            done
        });
    }

    /// Reads the available output.
    fn read_available(&mut self) {
        let Some(master) = &mut self.master else {
            return;
        };
        let mut bytes = [0; 4096];
        // An error means that there is no more output now, or that the other side is closed.
        while let Ok(count @ 1..) = master.read(&mut bytes) {
            self.transcript.extend_from_slice(&bytes[..count]);
        }
    }
}

impl SendSignal for Pty {
    fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // The process has exited already unless the test failed or the shell waits.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A run on a terminal under a shell that outlives it.
pub(crate) struct UnderShell {
    pub(crate) pty: Pty,
    pid: u32,
}

impl UnderShell {
    /// Waits for the program to exit. Returns the status that the shell got, and the terminal.
    #[track_caller]
    pub(crate) fn wait(mut self) -> (i32, Pty) {
        self.pty.expect("status: ");
        let status = self.pty.expect(".\r\n").parse().expect("a status");
        (status, self.pty)
    }
}

impl SendSignal for UnderShell {
    fn pid(&self) -> u32 {
        self.pid
    }
}

/// A prompt of a login on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// Asks for the username.
    Username,
    /// Asks for the password; the username is an option.
    Password,
    /// Asks for a code; username and password are given.
    Code,
}

impl Prompt {
    pub(crate) const ALL: [Self; 3] = [Self::Username, Self::Password, Self::Code];
    /// The prompts without echo.
    pub(crate) const HIDDEN: [Self; 2] = [Self::Password, Self::Code];

    /// Returns the text of the prompt.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Username => "Username: ",
            Self::Password => "Password for alice: ",
            Self::Code => "Code: ",
        }
    }

    /// Returns how many requests were sent before the prompt.
    pub(crate) const fn requests(self) -> usize {
        match self {
            Self::Username | Self::Password => 0,
            Self::Code => 1,
        }
    }

    /// Returns a login whose first prompt is this one, at a server with two-factor codes.
    pub(crate) fn login(self, home: &Home, root: &str) -> Program {
        let login = home.program(&["ttr", "login", "--api", root]);
        match self {
            Self::Username => login,
            Self::Password => login.args(["-u", "alice"]),
            Self::Code => login
                .args(["-u", "alice"])
                .env("PLAYCOOKIE_PASSWORD", "hunter2-pw"),
        }
    }

    /// Waits until the prompt can be answered.
    #[track_caller]
    pub(crate) fn wait(self, pty: &mut Pty) {
        pty.expect(self.text());
        if Self::HIDDEN.contains(&self) {
            pty.wait_until_hidden();
        }
    }
}
