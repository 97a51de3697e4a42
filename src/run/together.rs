//! Several accounts at once: one login after the other, all games supervised together.
//!
//! ```text
//!   prepare all ──▶ log in 1 ─▶ start 1 ──▶ log in 2 ─▶ start 2 … ──▶ wait for all
//!        │              │ try-later: the rest is not tried              │ Ctrl-C: to every game
//!   any is missing      │ Ctrl-C: no further login
//!   something: none     ▼
//!   is sent          reported; the next one is tried
//! ```

use super::log_in::{Outcome, log_in};
use super::plan::{Plan, plan};
use super::play::show;
use super::prepare::{Prepared, Typed, prepare};
use super::safe::Safe;
use super::supervise::Scene;
use super::who::Entrant;
use super::{Context, Trouble, report_failure};
use crate::cli::game::Play;
use crate::event::Subject;
use crate::exit::{Ending, Failure, Reason};
use crate::launch::several::Several;
use crate::signals::{Signal, Signals};

/// One of several.
struct Part {
    subject: Subject,
    planned: Plan,
    /// Taken when it is its turn.
    prepared: Option<Prepared>,
    /// How it went, once that is known.
    status: Option<i32>,
}

/// Plays several accounts.
pub(super) async fn run(
    context: &Context,
    play: &Play,
    entrants: Vec<Entrant>,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let safe = Safe::default();
    let parts = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        parts = prepare_all(context, &safe, play, entrants) => parts,
    };
    let parts = match parts {
        Ok(parts) => parts,
        Err(reason) => return Ok(Ending::Failed(reason)),
    };
    let mut troupe = Troupe {
        context,
        parts,
        running: Several::default(),
        stopped: None,
    };
    if play.start.dry_run {
        return Ok(Ending::Success);
    }
    troupe.log_all_in(&safe, signals).await;
    troupe.wait(signals).await;
    Ok(troupe.ending())
}

/// Everything that can be known before anything is sent, of all of them: with one that is not ready, none begins.
async fn prepare_all(
    context: &Context,
    safe: &Safe,
    play: &Play,
    entrants: Vec<Entrant>,
) -> Result<Vec<Part>, Reason> {
    let typed = Typed {
        who: &play.who,
        answers: &play.answers,
        server: &play.server,
        root: None,
        alone: false,
    };
    let mut parts = Vec::new();
    let mut first = None;
    for entrant in entrants {
        let subject = entrant.subject();
        match part(context, safe, play, &typed, entrant).await {
            Ok(part) => parts.push(part),
            Err(failure) => {
                first.get_or_insert(failure.reason);
                report_failure(&context.terminal, &subject, &failure);
            }
        }
    }
    first.map_or(Ok(parts), Err)
}

async fn part(
    context: &Context,
    safe: &Safe,
    play: &Play,
    typed: &Typed<'_>,
    entrant: Entrant,
) -> Result<Part, Failure> {
    let subject = entrant.subject();
    let mut planned = plan(context, &entrant, play)?;
    planned.start.group = true;
    planned.start.input = false;
    planned.hooks.close_input();
    if play.start.dry_run {
        show(context, &entrant, &planned.start)?;
        return Ok(Part {
            subject,
            planned,
            prepared: None,
            status: None,
        });
    }
    let prepared = prepare(context, safe, typed, entrant).await?;
    Ok(Part {
        subject,
        planned,
        prepared: Some(prepared),
        status: None,
    })
}

/// Those who play, and their games.
struct Troupe<'a> {
    context: &'a Context,
    parts: Vec<Part>,
    running: Several,
    /// The signal that ended the logging in.
    stopped: Option<Signal>,
}

impl Troupe<'_> {
    /// One login after the other, until all were tried, one was told to try later, or a signal came.
    async fn log_all_in(&mut self, safe: &Safe, signals: &mut Signals) {
        for index in 0..self.parts.len() {
            let outcome = self.log_one_in(index, safe, signals).await;
            match outcome {
                Ok(None) => {}
                Ok(Some(signal)) => {
                    self.stopped = Some(signal);
                    // What is not Ctrl-C is meant for whatever this program started.
                    if signal != Signal::Interrupt {
                        self.running.pass_on(signal);
                    }
                    return;
                }
                Err(trouble) => {
                    let reason = trouble.failure.reason;
                    self.fail(index, &trouble);
                    if reason == Reason::TryLater {
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
        safe: &Safe,
        signals: &mut Signals,
    ) -> Result<Option<Signal>, Trouble> {
        let Some(prepared) = self.parts.get_mut(index).and_then(|it| it.prepared.take()) else {
            return Ok(None);
        };
        let context = self.context;
        let mut login = std::pin::pin!(log_in(context, safe, prepared, signals));
        let outcome = loop {
            tokio::select! {
                outcome = &mut login => break outcome?,
                (ended, status) = self.running.next_ended() => self.ended(ended, status).await,
            }
        };
        match outcome {
            Outcome::In(entry) => self.start(index, entry).await.map(|()| None),
            Outcome::Ended(Ending::Stopped(signal)) => Ok(Some(signal)),
            Outcome::Ended(_) => Ok(None),
        }
    }

    async fn start(&mut self, index: usize, entry: super::log_in::Entry) -> Result<(), Trouble> {
        let Some(part) = self.parts.get_mut(index) else {
            return Ok(());
        };
        let super::log_in::Entry {
            ticket,
            subject,
            mut parting,
        } = entry;
        part.subject = subject.clone();
        let trouble = |failure| Trouble::new(subject.clone(), failure);
        let terminal = &self.context.terminal;
        let Plan { start, hooks } = &part.planned;
        if let Err(failure) = hooks.before(terminal).await {
            parting.say(terminal).await;
            return Err(trouble(failure));
        }
        let scene = Scene {
            terminal,
            start,
            hooks,
            subject: &subject,
        };
        if start.detached {
            let left = scene.leave_running(&ticket.variables, parting).await;
            left.map_err(trouble)?;
            part.status = Some(0);
            return Ok(());
        }
        let running = scene.begin(&ticket.variables, parting).await;
        self.running.push(index, running.map_err(trouble)?);
        Ok(())
    }

    /// A game ended.
    async fn ended(&mut self, index: usize, status: Result<i32, Failure>) {
        let Some(part) = self.parts.get_mut(index) else {
            return;
        };
        let terminal = &self.context.terminal;
        match status {
            Ok(status) => {
                part.status = Some(status);
                let scene = Scene {
                    terminal,
                    start: &part.planned.start,
                    hooks: &part.planned.hooks,
                    subject: &part.subject,
                };
                if status == 0 {
                    terminal.say(format_args!("{}: ended", part.subject.label()));
                }
                scene.end(status).await;
            }
            Err(failure) => {
                part.status = Some(i32::from(failure.reason.status()));
                report_failure(terminal, &part.subject, &failure);
            }
        }
    }

    /// Waits until all games ended. Signals are for them now.
    async fn wait(&mut self, signals: &mut Signals) {
        while !self.running.is_empty() {
            tokio::select! {
                (index, status) = self.running.next_ended() => self.ended(index, status).await,
                signal = signals.next() => self.running.pass_on(signal),
            }
        }
    }

    fn fail(&mut self, index: usize, trouble: &Trouble) {
        report_failure(&self.context.terminal, &trouble.subject, &trouble.failure);
        if let Some(part) = self.parts.get_mut(index) {
            part.status = Some(i32::from(trouble.failure.reason.status()));
        }
    }

    /// Those who are not tried, because one before them was told to try later.
    fn give_up_after(&mut self, index: usize) {
        for part in self.parts.iter_mut().skip(index + 1) {
            let name = part.subject.label();
            let failure = Failure::new(
                Reason::TryLater,
                format!("{name} was not tried, because the login before was told to try later"),
                "run it again in a few minutes",
            );
            report_failure(&self.context.terminal, &part.subject, &failure);
            part.status = Some(i32::from(failure.reason.status()));
        }
    }

    /// The first failure in the order that was typed.
    fn ending(&self) -> Ending {
        if let Some(signal) = self.stopped {
            return Ending::Stopped(signal);
        }
        let mut statuses = self.parts.iter().filter_map(|part| part.status);
        Ending::Game(statuses.find(|status| *status != 0).unwrap_or_default())
    }
}
