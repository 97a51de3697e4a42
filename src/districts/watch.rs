//! `--watch` and `--until`: the districts are fetched again and again until something ends the watch.
//!
//! ```text
//!   fetch ──▶ show ──▶ pause ──▶ fetch …     ends: the condition holds · a signal · nobody reads · --give-up ·
//!     ╰────▶ failed ─▶ longer pause ──╯            a failure that does not pass
//! ```

use std::ops::ControlFlow;
use std::time::Duration;

use super::condition::{self, Condition};
use super::fetch::{FetchFailure, FetchedDistricts, fetch};
use super::options::DistrictOptions;
use super::schedule::{self, PollSchedule};
use super::screen::Screen;
use crate::auth::target::LoginTarget;
use crate::auth::throttle;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::quantity::duration_text;
use crate::base::signals::{Resizes, Signals};
use crate::context::Context;
use crate::games::Game;
use crate::launch::notification;
use crate::protocol::districts::DistrictTable;
use crate::run_error::RunError;

/// Fetches and shows the districts until the watch ends. The first request has to succeed, unless a game that is not
/// online is waited for; later ones may fail.
///
/// # Errors
/// When a failure does not pass, `--give-up` is over, or a signal arrives.
pub(crate) async fn watch(
    context: &Context,
    target: &LoginTarget,
    options: &DistrictOptions,
    schedule: PollSchedule,
    signals: &mut Signals,
) -> Result<(), RunError> {
    let mut watch = Watch::new(context, target, options, schedule);
    let subject = target.subject();
    let ended = signals.or(watch.run()).await;
    ended.map_err(|error| error.with_subject(&subject))
}

struct Watch<'a> {
    context: &'a Context,
    target: &'a LoginTarget,
    game: &'static Game,
    options: &'a DistrictOptions,
    floor: Duration,
    /// The pause between two requests.
    every: Duration,
    screen: Screen<'a>,
    /// The last complete answer.
    complete: Option<DistrictTable>,
    /// Whether a request has ended, successful or not.
    has_fetched: bool,
    /// How many requests in a row have failed.
    failures: u32,
}

/// What follows a request: a pause, or the end; with a sentence when the condition holds.
type Next = ControlFlow<Option<String>, Duration>;

impl<'a> Watch<'a> {
    fn new(
        context: &'a Context,
        target: &'a LoginTarget,
        options: &'a DistrictOptions,
        schedule: PollSchedule,
    ) -> Self {
        let game = target.game_id.game();
        Self {
            context,
            target,
            game,
            options,
            floor: schedule.floor,
            every: schedule.pause(options.every, game, &context.terminal),
            screen: Screen::new(&context.terminal, target.subject()),
            complete: None,
            has_fetched: false,
            failures: 0,
        }
    }

    async fn run(&mut self) -> Result<(), Failure> {
        let holds = match self.options.give_up {
            None => self.fetch_all().await?,
            Some(limit) => match clock::timeout(limit, self.fetch_all()).await {
                Some(ended) => ended?,
                None => return Err(self.gave_up(limit)),
            },
        };
        if let Some(sentence) = holds {
            self.context.terminal.say(format_args!("{sentence}"));
            if self.options.notify {
                self.notify(&sentence).await;
            }
        }
        Ok(())
    }

    /// Returns a sentence about how the condition holds, or nothing when nobody reads any more.
    async fn fetch_all(&mut self) -> Result<Option<String>, Failure> {
        let terminal = &self.context.terminal;
        let mut resizes = Resizes::catch();
        loop {
            let pause = match self.fetch_once().await? {
                ControlFlow::Continue(pause) => pause,
                ControlFlow::Break(holds) => return Ok(holds),
            };
            let redraw = || self.screen.redraw();
            if !terminal.pause_watch(pause, &mut resizes, redraw).await? {
                return Ok(None);
            }
        }
    }

    async fn fetch_once(&mut self) -> Result<Next, Failure> {
        throttle::wait_for_public_data(self.context, self.target, self.floor).await?;
        let next = match fetch(self.context, self.target).await {
            Ok(fetched) => self.show(fetched).await,
            Err(failure) => self.fail(failure),
        };
        self.has_fetched = true;
        next
    }

    async fn show(&mut self, fetched: FetchedDistricts) -> Result<Next, Failure> {
        let FetchedDistricts { table, missing } = fetched;
        self.failures = 0;
        let until = self.options.until.as_ref();
        let unknown = until.filter(|_| !self.has_fetched);
        if let Some(sentence) = unknown.and_then(|it| it.unknown_name(self.game, &table)) {
            self.context.terminal.warn(&sentence);
        }
        let holds = until.and_then(|it| it.describe_match(self.game, &table));
        let note = missing.as_ref().map(|missing| missing.sentence(None));
        let is_read = self
            .screen
            .show(self.options.select(table.clone()), note.as_deref())?;
        if holds.is_some() || !is_read {
            return Ok(ControlFlow::Break(holds));
        }
        if missing.is_none() {
            let before = self.complete.replace(table.clone());
            let new = before.and_then(|before| condition::describe_new(&before, &table));
            let new = new.filter(|_| self.options.notify && until.is_none());
            if let Some(sentence) = new {
                self.notify(&sentence).await;
            }
        }
        let asked = missing.and_then(|missing| missing.retry_after);
        Ok(ControlFlow::Continue(schedule::pause(self.every, 0, asked)))
    }

    /// Keeps the last answer on the screen, and makes the next pause longer.
    fn fail(&mut self, error: FetchFailure) -> Result<Next, Failure> {
        let FetchFailure {
            failure,
            retry_after,
            ..
        } = error;
        if !self.may_pass(failure.reason) {
            return Err(failure);
        }
        self.failures = match failure.reason {
            // The server works, so the pause does not grow.
            Reason::Closed => 0,
            _ => self.failures.saturating_add(1),
        };
        let pause = schedule::pause(self.every, self.failures, retry_after);
        let is_read = self.screen.show_failure(&failure, pause)?;
        Ok(if is_read {
            ControlFlow::Continue(pause)
        } else {
            ControlFlow::Break(None)
        })
    }

    /// Returns whether the watch goes on after a failure for this reason.
    fn may_pass(&self, reason: Reason) -> bool {
        let waits_for_game = self.options.until == Some(Condition::Online);
        match reason {
            Reason::Network | Reason::ServerError | Reason::TryLater => {
                self.has_fetched || waits_for_game
            }
            Reason::NotUnderstood => self.has_fetched,
            Reason::Closed => waits_for_game,
            _ => false,
        }
    }

    /// Notifies the desktop, or rings the bell.
    async fn notify(&self, sentence: &str) {
        if !notification::show(sentence, self.game.name).await {
            self.context.terminal.ring();
        }
    }

    /// The failure when `--give-up` is over.
    fn gave_up(&self, limit: Duration) -> Failure {
        let what = match &self.options.until {
            Some(Condition::Online) => "was not online within",
            Some(Condition::Invasion(None)) => "had no invasion within",
            Some(Condition::Invasion(Some(_))) => "had no invasion of that name within",
            None => "was watched for",
        };
        Failure::new(
            Reason::TryLater,
            format!("{} {what} {}", self.game.name, duration_text(limit)),
            "give it more minutes with --give-up, or leave that out to watch until interrupted",
        )
    }
}
