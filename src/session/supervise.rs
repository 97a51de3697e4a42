//! Starting a program with its variables, and staying with it.

use super::hooks::{After, Hooks};
use crate::auth::log_in::Entry;
use crate::auth::revocation::PendingRevocation;
use crate::base::failure::{Ending, Failure, Reason};
use crate::base::signals::Signals;
use crate::context::{Context, RunError};
use crate::launch::command::LaunchCommand;
use crate::launch::start::Running;
use crate::protocol::Fields;
use crate::terminal::Terminal;
use crate::terminal::event::{EventKind, Subject};
use crate::update::update_lock::UpdateLock;

/// Starts a program and stays with it, unless it is detached. What is held is held until it ends.
///
/// # Errors
/// When it, or the command before it, cannot be started.
pub(crate) async fn supervise(
    context: &Context,
    start: &LaunchCommand,
    hooks: &Hooks,
    (entry, hold): (Entry, Option<UpdateLock>),
    signals: &mut Signals,
) -> Result<Ending, RunError> {
    let terminal = &context.terminal;
    let Entry {
        ticket,
        subject,
        mut revocation,
        ..
    } = entry;
    let outcome = tokio::select! {
        biased;
        signal = signals.next() => Err(signal),
        outcome = hooks.before(terminal) => Ok(outcome),
    };
    let ready = match outcome {
        Ok(ready) => ready,
        Err(signal) => {
            revocation.revoke(terminal).await;
            return Ok(Ending::Stopped(signal));
        }
    };
    let scene = Scene {
        terminal,
        start,
        hooks,
        subject: &subject,
    };
    let outcome = match ready {
        Ok(()) if start.detached => scene.leave_running(&ticket.variables, revocation).await,
        Ok(()) => {
            scene
                .stay(&ticket.variables, revocation, hold, signals)
                .await
        }
        Err(failure) => {
            revocation.revoke(terminal).await;
            Err(failure)
        }
    };
    outcome.map_err(|failure| RunError::new(subject.clone(), failure))
}

/// One program that is started for somebody.
pub(crate) struct Scene<'a> {
    pub(crate) terminal: &'a Terminal,
    pub(crate) start: &'a LaunchCommand,
    pub(crate) hooks: &'a Hooks,
    pub(crate) subject: &'a Subject,
}

impl Scene<'_> {
    /// Starts it, and says farewell to the server.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) async fn begin(
        &self,
        variables: &Fields,
        mut revocation: PendingRevocation,
    ) -> Result<Running, Failure> {
        self.tell_ready(variables);
        let started = self.start.attached(variables);
        if let Ok(running) = &started {
            self.tell_started(running.pid);
        }
        revocation.revoke(self.terminal).await;
        started
    }

    /// Tells that it ended, and begins what comes after.
    pub(crate) fn end(&self, status: i32) -> Option<After> {
        self.tell(EventKind::Exited { status });
        self.hooks.after(status)
    }

    async fn stay(
        &self,
        variables: &Fields,
        revocation: PendingRevocation,
        hold: Option<UpdateLock>,
        signals: &mut Signals,
    ) -> Result<Ending, Failure> {
        let running = self.begin(variables, revocation).await?;
        let status = running.wait(signals).await?;
        // What comes after it may update the game.
        drop(hold);
        let Some(mut after) = self.end(status) else {
            return Ok(Ending::Game(status));
        };
        tokio::select! {
            biased;
            signal = signals.next() => Ok(Ending::Stopped(signal)),
            () = after.wait(self.terminal) => Ok(Ending::Game(status)),
        }
    }

    /// Starts it in a session of its own.
    ///
    /// # Errors
    /// When it cannot be started, or ends with a failure at once.
    pub(crate) async fn leave_running(
        &self,
        variables: &Fields,
        mut revocation: PendingRevocation,
    ) -> Result<Ending, Failure> {
        self.tell_ready(variables);
        self.hooks.warn_if_detached(self.terminal);
        let started = self.start.detached(variables).await;
        revocation.revoke(self.terminal).await;
        let (pid, ended) = started?;
        self.tell_started(pid);
        match ended {
            None => Ok(Ending::Success),
            Some(0) => {
                self.tell(EventKind::Exited { status: 0 });
                Ok(Ending::Success)
            }
            Some(status) => Err(Failure::new(
                Reason::GameStart,
                format!(
                    "{} ended with status {status} as soon as it was started",
                    self.start.program.display()
                ),
                "run it without --detach, or with --log FILE, to see what it says",
            )),
        }
    }

    fn tell_ready(&self, variables: &Fields) {
        let variables = variables.iter().map(|(name, _)| *name).collect();
        self.tell(EventKind::Ready {
            variables,
            environment: None,
        });
    }

    fn tell_started(&self, pid: u32) {
        let command = self.start.words();
        self.tell(EventKind::Started { pid, command });
    }

    fn tell(&self, what: EventKind) {
        self.terminal.event(&self.subject.event(what));
    }
}
