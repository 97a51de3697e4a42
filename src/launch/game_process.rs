//! The process of a game: starting it, waiting for it, forwarding signals to it.

use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::Child;

use super::command::{LaunchCommand, Output};
use super::labelled_lines::LabelledLines;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::signals::{Signal, Signals};
use crate::protocol::Fields;

/// How long a detached game is watched for an early end.
const DETACHED_WATCH: Duration = Duration::from_secs(1);
/// How often the watch looks.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The process of a game that was started.
#[derive(Debug)]
pub struct GameProcess {
    child: Child,
    lines: LabelledLines,
    /// Whether the process has its own process group.
    own_group: bool,
    /// The process id.
    pub pid: u32,
}

impl LaunchCommand {
    /// Starts the program as a child of this program.
    ///
    /// # Errors
    /// [`Reason::GameStart`] when the program cannot be started.
    pub fn spawn(&self, variables: &Fields) -> Result<GameProcess, Failure> {
        let command = self
            .command(variables)
            .map_err(|error| self.cannot(&error))?;
        let mut command = tokio::process::Command::from(command);
        #[cfg(unix)]
        if self.own_group {
            command.process_group(0);
        }
        let child = command.spawn().map_err(|error| self.cannot(&error))?;
        let mut process = GameProcess::new(child, self.own_group);
        if let Output::Labelled(label) = &self.output {
            process.lines = LabelledLines::of(&mut process.child, label);
        }
        Ok(process)
    }

    /// Starts the program in its own session, where no signal of this terminal reaches it. Returns the process id, and the
    /// exit status if the program ends within one second.
    ///
    /// # Errors
    /// [`Reason::GameStart`] when the program cannot be started.
    pub async fn spawn_detached(&self, variables: &Fields) -> Result<(u32, Option<i32>), Failure> {
        let command = self
            .command(variables)
            .map_err(|error| self.cannot(&error))?;
        let (pid, mut exit_status) =
            session::spawn(command).map_err(|error| self.cannot(&error))?;
        let mut watched = Duration::ZERO;
        while watched < DETACHED_WATCH {
            if let Some(status) = exit_status() {
                return Ok((pid, Some(code(status))));
            }
            clock::sleep(POLL_INTERVAL).await;
            watched += POLL_INTERVAL;
        }
        Ok((pid, None))
    }

    fn cannot(&self, error: &std::io::Error) -> Failure {
        Failure::new(
            Reason::GameStart,
            format!("{} cannot be started ({error})", self.program.display()),
            "check that the file is a program for this system and that you may run it",
        )
    }
}

impl GameProcess {
    /// Wraps a child process; `own_group` is whether it has its own process group.
    pub(super) fn new(child: Child, own_group: bool) -> Self {
        let pid = child.id().unwrap_or_default();
        Self {
            child,
            lines: LabelledLines::default(),
            own_group,
            pid,
        }
    }

    /// Waits until the game ends, and returns its exit status. Signals are forwarded to the game as
    /// [`forward`](Self::forward) says.
    ///
    /// # Errors
    /// [`Reason::Internal`] when the system does not report the exit status.
    pub async fn wait(mut self, signals: &mut Signals) -> Result<i32, Failure> {
        loop {
            tokio::select! {
                status = self.exit_status() => return status,
                signal = signals.next() => self.forward(signal),
            }
        }
    }

    /// Waits until the game ends, and returns its exit status, 128 + n when signal n ended it. The future may be dropped at
    /// any time; further calls return the same status.
    ///
    /// # Errors
    /// [`Reason::Internal`] when the system does not report the exit status.
    pub async fn exit_status(&mut self) -> Result<i32, Failure> {
        let status = self.child.wait().await;
        self.lines.finish().await;
        status.map(code).map_err(|error| {
            Failure::new(
                Reason::Internal,
                format!("the game cannot be waited for ({error})"),
                "report this as a bug",
            )
        })
    }

    /// Forwards a signal to the game, or to its process group if that is its own. An interrupt is not forwarded to a game in
    /// the group of this program, since Ctrl-C at the terminal reaches that game directly. Nothing is sent to a game that
    /// was waited for, since its process id may belong to another program.
    pub fn forward(&self, signal: Signal) {
        if let Some(pid) = self.child.id() {
            // Fails when the game has just ended.
            let _ = send(signal, pid, self.own_group);
        }
    }
}

/// Returns the exit status as a shell shows it: 128 + n when signal n ended the program.
pub(super) fn code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(1)
}

/// Sends a signal to a process, or to its process group if that is its own.
///
/// # Errors
/// When the system refuses. A process that has ended is no error.
#[cfg(unix)]
pub(super) fn send(signal: Signal, pid: u32, own_group: bool) -> std::io::Result<()> {
    use rustix::io::Errno;
    use rustix::process::{Pid, Signal as Kind, kill_process, kill_process_group};
    let kind = match signal {
        Signal::Interrupt | Signal::Quit if !own_group => return Ok(()),
        Signal::Interrupt => Kind::INT,
        // The limit is that of this program, not of the game.
        Signal::Terminate | Signal::CpuLimit => Kind::TERM,
        Signal::HangUp => Kind::HUP,
        Signal::Quit => Kind::QUIT,
        Signal::Alarm => Kind::ALARM,
        Signal::User => Kind::USR1,
    };
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return Ok(());
    };
    let send = if own_group {
        kill_process_group
    } else {
        kill_process
    };
    match send(pid, kind) {
        Err(Errno::SRCH) | Ok(()) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Does nothing: Windows sends Ctrl-C to every program of the console.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature is that of other systems"
)]
fn send(_: Signal, _: u32, _: bool) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
mod session {
    use std::io;
    use std::process::{Command, ExitStatus};

    use process_wrap::std::{CommandWrap, ProcessSession};

    pub(super) fn spawn(command: Command) -> io::Result<(u32, impl FnMut() -> Option<ExitStatus>)> {
        let mut child = CommandWrap::from(command).wrap(ProcessSession).spawn()?;
        Ok((child.id(), move || child.try_wait().ok().flatten()))
    }
}

#[cfg(windows)]
mod session {
    use std::io;
    use std::os::windows::process::CommandExt;
    use std::process::{Command, ExitStatus};

    /// `DETACHED_PROCESS` and `CREATE_NEW_PROCESS_GROUP`.
    const FLAGS: u32 = 0x0000_0008 | 0x0000_0200;

    pub(super) fn spawn(
        mut command: Command,
    ) -> io::Result<(u32, impl FnMut() -> Option<ExitStatus>)> {
        let mut child = command.creation_flags(FLAGS).spawn()?;
        Ok((child.id(), move || child.try_wait().ok().flatten()))
    }
}
