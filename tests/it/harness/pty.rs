//! The binary on a real terminal, with somebody who reads and types.

use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, ExitStatus};

use pty_process::Size;
use pty_process::blocking as pty;
use rustix::termios::{LocalModes, tcgetattr};

use super::program::SendSignal;
use super::{Home, Program, RunOutput, wait_until};

/// Ctrl-C, as the keyboard sends it.
pub(crate) const CTRL_C: u8 = 0x03;
/// Ctrl-D, as the keyboard sends it.
pub(crate) const CTRL_D: u8 = 0x04;

/// Runs a program as a login shell would: the shell leads the terminal's session and outlives the program, whose
/// process id and status it tells. The kernel resets a terminal's modes when the leader of its session ends, so only
/// under a shell can be seen how a program left them.
const SHELL: &str = r#"trap : INT TERM HUP
sh -c 'echo "pid: $$."; exec "$@"' sh "$@"
echo "status: $?."
read -r held"#;

/// A run on a terminal.
pub(crate) struct Pty {
    child: Child,
    /// What the program's side is connected to; nothing once the terminal was closed.
    master: Option<pty::Pty>,
    /// The program's side, to read its modes.
    slave: OwnedFd,
    line: String,
    transcript: Vec<u8>,
    /// How much of the transcript was expected already.
    read: usize,
}

impl Program {
    /// Starts it on a terminal of its own, whose session it leads.
    pub(crate) fn on_a_terminal(self) -> Pty {
        let (master, slave) = pty::open().expect("a terminal");
        // Wide enough that no line of progress is cut.
        master.resize(Size::new(24, 240)).expect("a size");
        rustix::io::ioctl_fionbio(&master, true).expect("reads that do not wait");
        let kept = slave.as_fd().try_clone_to_owned().expect("its other side");
        // Colours would only get into the way of the words.
        let manner = [("TERM", "xterm-256color"), ("NO_COLOR", "1")];
        let command = self.or_env(&manner).into_command();
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

    /// Starts it on a terminal, under a shell that outlives it.
    pub(crate) fn under_a_shell(self) -> UnderShell {
        let mut pty = self.through_a_shell(SHELL).on_a_terminal();
        pty.expect("pid: ");
        let pid = pty.expect(".\r\n").parse().expect("a process id");
        UnderShell { pty, pid }
    }
}

impl Pty {
    /// Waits for a text that was not expected before, and gives what came in front of it.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) -> String {
        let mut found = None;
        self.look_until(text, |pty| {
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

    /// Types a line.
    pub(crate) fn line(&mut self, text: &str) {
        self.keys(format!("{text}\r").as_bytes());
    }

    /// Waits until the terminal shows nothing of what is typed.
    #[track_caller]
    pub(crate) fn wait_until_hidden(&mut self) {
        self.look_until("a hidden prompt", |pty| !pty.echoes());
    }

    /// Types keys.
    pub(crate) fn keys(&mut self, keys: &[u8]) {
        let mut master = self.master.as_ref().expect("an open terminal");
        master.write_all(keys).expect("keys can be typed");
    }

    /// Closes the terminal, as closing its window does.
    pub(crate) fn close(&mut self) {
        self.pump();
        self.master = None;
    }

    /// Whether the terminal shows what is typed.
    pub(crate) fn echoes(&self) -> bool {
        self.has(LocalModes::ECHO)
    }

    /// Whether the terminal is as a shell expects it: it shows what is typed, hands it on by the line, and has Ctrl-C.
    pub(crate) fn is_restored(&self) -> bool {
        self.has(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
    }

    fn has(&self, modes: LocalModes) -> bool {
        let attributes = tcgetattr(&self.slave).expect("the terminal's modes");
        attributes.local_modes.contains(modes)
    }

    /// Waits for its end. What was on the screen, without the terminal's own line ends, is what it said.
    #[track_caller]
    pub(crate) fn wait(mut self) -> RunOutput {
        let mut ended: Option<ExitStatus> = None;
        self.look_until("its end", |pty| {
            ended = pty.child.try_wait().expect("it can be waited for");
            ended.is_some()
        });
        self.pump();
        let said = String::from_utf8(self.transcript.clone()).expect("UTF-8");
        let status = ended.expect("a status");
        RunOutput::on_a_terminal(status, self.line.clone(), said.replace("\r\n", "\n"))
    }

    fn unread(&self) -> String {
        String::from_utf8_lossy(&self.transcript[self.read..]).into_owned()
    }

    #[track_caller]
    fn look_until(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let mut ended = false;
        wait_until(what, || {
            // Looked at in this order, nothing that it said before its end is missed.
            let over = ended;
            ended = matches!(self.child.try_wait(), Ok(Some(_)));
            self.pump();
            let done = done(self);
            assert!(
                done || !over,
                "{} ended, and this did not happen: {what}\n{}",
                self.line,
                self.unread()
            );
            done
        });
    }

    /// Reads what there is to read.
    fn pump(&mut self) {
        let Some(master) = &mut self.master else {
            return;
        };
        let mut bytes = [0; 4096];
        // No more at the moment, or for ever: a terminal that nobody holds any more is an error to read from.
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
        // It has ended already, unless the test failed or keeps a shell waiting.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A run on a terminal under a shell that outlives it.
pub(crate) struct UnderShell {
    /// The terminal.
    pub(crate) pty: Pty,
    pid: u32,
}

impl UnderShell {
    /// Waits for the program's end, and gives the status that the shell saw and the terminal as it was left.
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

/// A question that a login on a terminal may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// Nothing is known.
    Username,
    /// The name is known.
    Password,
    /// The name and the password are known, and the server wants a code.
    Code,
}

impl Prompt {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Username, Self::Password, Self::Code];
    /// Those where what is typed is not seen.
    pub(crate) const HIDDEN: [Self; 2] = [Self::Password, Self::Code];

    /// What it says.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Username => "Username: ",
            Self::Password => "Password for alice: ",
            Self::Code => "Code: ",
        }
    }

    /// How many requests were sent before it.
    pub(crate) const fn requests(self) -> usize {
        match self {
            Self::Username | Self::Password => 0,
            Self::Code => 1,
        }
    }

    /// A login that is asked this first, at a server that wants a code.
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

    /// Waits until it is there and ready to be answered.
    #[track_caller]
    pub(crate) fn wait(self, pty: &mut Pty) {
        pty.expect(self.text());
        if Self::HIDDEN.contains(&self) {
            pty.wait_until_hidden();
        }
    }
}
