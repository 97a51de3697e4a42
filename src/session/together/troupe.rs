//! Those who play together: their logins, their games, and what comes around them. Nothing here stands in the way of a
//! signal or of the end of a game for longer than it takes to tell of it.

use std::rc::Rc;

use super::{AccountRun, report};
use crate::auth::log_in::Entry;
use crate::auth::login_plan::Typed;
use crate::base::failure::{Ending, Failure, Reason};
use crate::base::signals::{Signal, Signals};
use crate::context::{Context, RunError};
use crate::credentials::store::CredentialStore;
use crate::launch::game_processes::GameProcesses;
use crate::session::enter::{Entered, Visitor};
use crate::session::hooks::After;
use crate::session::supervise::Scene;
use crate::terminal::event::Subject;

/// Those who play, and their games.
pub(crate) struct Supervisor<'a> {
    context: &'a Context,
    parts: Vec<AccountRun>,
    running: GameProcesses,
    /// The commands after games that ended.
    afters: Vec<After>,
    /// The signal that ended the logging in.
    stopped: Option<Signal>,
}

impl<'a> Supervisor<'a> {
    /// Nobody has logged in yet.
    pub(crate) fn new(context: &'a Context, parts: Vec<AccountRun>) -> Self {
        Self {
            context,
            parts,
            running: GameProcesses::default(),
            afters: Vec::new(),
            stopped: None,
        }
    }

    /// One login after the other, until all were tried, one was told to try later, or a signal came.
    pub(crate) async fn log_all_in(
        &mut self,
        credentials: &CredentialStore,
        typed: &Typed<'_>,
        signals: &mut Signals,
    ) {
        for index in 0..self.parts.len() {
            match self.log_one_in(index, credentials, typed, signals).await {
                Ok(None) => {}
                Ok(Some(signal)) => {
                    self.stopped = Some(signal);
                    // What is not Ctrl-C is meant for whatever this program started.
                    if signal != Signal::Interrupt {
                        self.running.forward(signal);
                    }
                    return;
                }
                Err(trouble) => {
                    self.fail(index, &trouble.subject, &trouble.failure);
                    if trouble.failure.reason == Reason::TryLater {
                        return self.give_up_after(index);
                    }
                }
            }
        }
    }

    /// One login, and the start of its game; games that run meanwhile may end. Gives the signal that ended it, if one
    /// did.
    async fn log_one_in(
        &mut self,
        index: usize,
        credentials: &CredentialStore,
        typed: &Typed<'_>,
        signals: &mut Signals,
    ) -> Result<Option<Signal>, RunError> {
        let part = self.parts.get_mut(index);
        let part = part.and_then(|part| Some((part.prepared.take()?, Rc::clone(&part.planned))));
        let Some((prepared, planned)) = part else {
            return Ok(None);
        };
        let visitor = Visitor {
            context: self.context,
            credentials,
            typed,
            files: planned.files.as_ref(),
        };
        match self
            .meanwhile(Box::pin(visitor.enter(prepared, signals)))
            .await?
        {
            Entered::In(entry, hold) => {
                if let Some(part) = self.parts.get_mut(index) {
                    part.hold = hold;
                }
                self.start(index, *entry, signals).await
            }
            Entered::Ended(Ending::Stopped(signal)) => Ok(Some(signal)),
            Entered::Ended(_) => Ok(None),
        }
    }

    /// Waits for something; games that end meanwhile are told of.
    async fn meanwhile<T>(&mut self, what: impl Future<Output = T>) -> T {
        let mut what = std::pin::pin!(what);
        loop {
            tokio::select! {
                outcome = &mut what => return outcome,
                (index, status) = self.running.next_exit() => self.ended(index, status),
            }
        }
    }

    async fn start(
        &mut self,
        index: usize,
        entry: Entry,
        signals: &mut Signals,
    ) -> Result<Option<Signal>, RunError> {
        let Entry {
            ticket,
            subject,
            mut revocation,
            ..
        } = entry;
        let Some(part) = self.parts.get_mut(index) else {
            return Ok(None);
        };
        part.subject = subject.clone();
        let planned = Rc::clone(&part.planned);
        let terminal = &self.context.terminal;
        let before = async {
            tokio::select! {
                biased;
                signal = signals.next() => Err(signal),
                before = planned.hooks.before(terminal) => Ok(before),
            }
        };
        let trouble = |failure| RunError::new(subject.clone(), failure);
        match self.meanwhile(before).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => {
                revocation.revoke(terminal).await;
                return Err(trouble(failure));
            }
            Err(signal) => {
                revocation.revoke(terminal).await;
                return Ok(Some(signal));
            }
        }
        let scene = Scene {
            terminal,
            start: &planned.start,
            hooks: &planned.hooks,
            subject: &subject,
        };
        if planned.start.detached {
            let left = self.meanwhile(scene.leave_running(&ticket.variables, revocation));
            left.await.map_err(trouble)?;
            self.note(index, 0);
        } else {
            let begun = self.meanwhile(scene.begin(&ticket.variables, revocation));
            let running = begun.await.map_err(trouble)?;
            self.running.push(index, running);
        }
        Ok(None)
    }

    /// A game ended.
    fn ended(&mut self, index: usize, status: Result<i32, Failure>) {
        let Some(part) = self.parts.get(index) else {
            return;
        };
        let (subject, planned) = (part.subject.clone(), Rc::clone(&part.planned));
        let status = match status {
            Ok(status) => status,
            Err(failure) => return self.fail(index, &subject, &failure),
        };
        let terminal = &self.context.terminal;
        if status == 0 {
            terminal.say(format_args!("{}: ended", subject.label()));
        }
        let scene = Scene {
            terminal,
            start: &planned.start,
            hooks: &planned.hooks,
            subject: &subject,
        };
        // What comes after it may update the game.
        self.note(index, status);
        let after = scene.end(status);
        self.afters.extend(after);
    }

    /// Waits until all games ended, and what comes after them. Signals are for the games now; without one left, they end
    /// this.
    pub(crate) async fn wait(&mut self, signals: &mut Signals) {
        while !self.running.is_empty() {
            tokio::select! {
                (index, status) = self.running.next_exit() => self.ended(index, status),
                signal = signals.next() => self.running.forward(signal),
            }
        }
        for mut after in std::mem::take(&mut self.afters) {
            tokio::select! {
                biased;
                signal = signals.next() => {
                    self.stopped = Some(signal);
                    return;
                }
                () = after.wait(&self.context.terminal) => {}
            }
        }
    }

    fn fail(&mut self, index: usize, subject: &Subject, failure: &Failure) {
        report(self.context, subject, failure);
        self.note(index, i32::from(failure.reason.status()));
    }

    /// How one of them ended, who holds no files any more.
    fn note(&mut self, index: usize, status: i32) {
        if let Some(part) = self.parts.get_mut(index) {
            part.status = Some(status);
            part.hold = None;
        }
    }

    /// Those who are not tried, because one before them was told to try later.
    fn give_up_after(&mut self, index: usize) {
        for index in index + 1..self.parts.len() {
            let Some(subject) = self.parts.get(index).map(|part| part.subject.clone()) else {
                continue;
            };
            let name = subject.label();
            let failure = Failure::new(
                Reason::TryLater,
                format!("{name} was not tried, because the login before was told to try later"),
                "run it again in a few minutes",
            );
            self.fail(index, &subject, &failure);
        }
    }

    /// The first failure in the order that was typed.
    pub(crate) fn ending(&self) -> Ending {
        if let Some(signal) = self.stopped {
            return Ending::Stopped(signal);
        }
        let mut statuses = self.parts.iter().filter_map(|part| part.status);
        Ending::Game(statuses.find(|status| *status != 0).unwrap_or_default())
    }
}
