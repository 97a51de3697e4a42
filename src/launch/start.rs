//! Starting a game, staying until it ends, and passing on what it ended with.

use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::Child;

use super::command::LaunchCommand;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::signals::{Signal, Signals};
use crate::protocol::Fields;

/// How long a detached game has to live to count as started.
const PROOF_OF_LIFE: Duration = Duration::from_secs(1);
const GLANCE: Duration = Duration::from_millis(50);

/// A game that was started.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// Whether it is in a process group of its own.
    group: bool,
    /// Its process id.
    pub pid: u32,
}

impl LaunchCommand {
    /// Starts it, attached to this program.
    ///
    /// # Errors
    /// [`Reason::GameStart`].
    pub fn attached(&self, variables: &Fields) -> Result<Running, Failure> {
        let command = self
            .command(variables)
            .map_err(|error| self.cannot(&error))?;
        let mut command = tokio::process::Command::from(command);
        #[cfg(unix)]
        if self.group {
            command.process_group(0);
        }
        let child = command.spawn().map_err(|error| self.cannot(&error))?;
        Ok(Running::of(child, self.group))
    }

    /// Starts it in a session of its own, where no signal of this terminal reaches it. Gives its process id, and how
    /// it ended when that was within a moment.
    ///
    /// # Errors
    /// [`Reason::GameStart`] when it cannot be started.
    pub async fn detached(&self, variables: &Fields) -> Result<(u32, Option<i32>), Failure> {
        let command = self
            .command(variables)
            .map_err(|error| self.cannot(&error))?;
        let (pid, mut ended) = session::spawn(command).map_err(|error| self.cannot(&error))?;
        let mut watched = Duration::ZERO;
        while watched < PROOF_OF_LIFE {
            if let Some(status) = ended() {
                return Ok((pid, Some(code(status))));
            }
            clock::sleep(GLANCE).await;
            watched += GLANCE;
        }
        Ok((pid, None))
    }

    fn cannot(&self, error: &std::io::Error) -> Failure {
        Failure::new(
            Reason::GameStart,
            format!("{} cannot be started ({error})", self.program.display()),
            "check that it is a program for this system and that you may run it",
        )
    }
}

impl Running {
    /// A program that was started, and whether in a process group of its own.
    pub(super) fn of(child: Child, group: bool) -> Self {
        let pid = child.id().unwrap_or_default();
        Self { child, group, pid }
    }

    /// Waits until the game ends, and gives its status. Ctrl-C goes to the game by itself, which shares the terminal;
    /// what is sent to this program alone is passed on.
    ///
    /// # Errors
    /// [`Reason::Internal`] when the system does not tell how it ended.
    pub async fn wait(mut self, signals: &mut Signals) -> Result<i32, Failure> {
        loop {
            tokio::select! {
                ended = self.ended() => return ended,
                signal = signals.next() => self.pass_on(signal),
            }
        }
    }

    /// Waits until the game ends, and gives its status, 128 + n when signal n ended it. Dropped early, it loses
    /// nothing; called again, it gives the same.
    ///
    /// # Errors
    /// [`Reason::Internal`] when the system does not tell how it ended.
    pub async fn ended(&mut self) -> Result<i32, Failure> {
        self.child.wait().await.map(code).map_err(|error| {
            Failure::new(
                Reason::Internal,
                format!("the game cannot be waited for ({error})"),
                "please report this",
            )
        })
    }

    /// Passes a signal on to the game: to its whole process group when that is its own, where no Ctrl-C of the
    /// terminal reaches it. A game that shares ours got the terminal's Ctrl-C already, so that one is kept back.
    /// Nothing is sent once [`Running::ended`] gave a status: the process id may be another program's by then.
    pub fn pass_on(&self, signal: Signal) {
        // There is an id as long as the game was not waited for to its end, and nobody else gets it until then.
        if let Some(pid) = self.child.id() {
            send(signal, pid, self.group);
        }
    }
}

/// The status that a shell would show: 128 + n when signal n ended the program.
pub(super) fn code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(1)
}

#[cfg(unix)]
fn send(signal: Signal, pid: u32, group: bool) {
    use rustix::process::{Pid, Signal as Kind, kill_process, kill_process_group};
    let kind = match signal {
        Signal::Interrupt if !group => return,
        Signal::Interrupt => Kind::INT,
        Signal::Terminate => Kind::TERM,
        Signal::HangUp => Kind::HUP,
    };
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let send = if group {
            kill_process_group
        } else {
            kill_process
        };
        // The game may have ended meanwhile.
        let _ = send(pid, kind);
    }
}

/// The console tells every program in it; there is nothing to pass on.
#[cfg(not(unix))]
fn send(_: Signal, _: u32, _: bool) {}

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

    /// No console, and a process group of its own.
    const FLAGS: u32 = 0x0000_0008 | 0x0000_0200;

    pub(super) fn spawn(
        mut command: Command,
    ) -> io::Result<(u32, impl FnMut() -> Option<ExitStatus>)> {
        let mut child = command.creation_flags(FLAGS).spawn()?;
        Ok((child.id(), move || child.try_wait().ok().flatten()))
    }
}
