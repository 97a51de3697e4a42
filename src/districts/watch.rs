//! `--watch` and `--until`: the same look again and again, politely, until something ends it.
//!
//! ```text
//!   look ──▶ see ──▶ pause ──▶ look …      ends: it holds · a signal · nobody reads · --give-up · a failure that stays
//!     ╰────▶ miss ──▶ longer pause ──╯
//! ```

use std::ops::ControlFlow;
use std::time::Duration;

use super::fetch::{Lost, Missing, Told};
use super::schedule;
use super::schedule::PollSchedule;
use super::screen::Screen;
use super::{condition, fetch};
use crate::auth::login_plan::origin;
use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::{Ending, Failure, Reason};
use crate::base::signals::Signals;
use crate::cli::districts::{Districts, Until};
use crate::commands::districts::arranged;
use crate::context::{Context, RunError};
use crate::launch::notification;
use crate::protocol::districts::DistrictTable;
use crate::terminal::event::duration_text;

/// Looks every so often until `--until` holds, `--give-up` is over, nobody reads or a signal comes. The first look has to
/// succeed, unless a game that is not online is waited for; later ones may be lost.
pub(crate) async fn watch(
    context: &Context,
    anybody: &LoginTarget,
    districts: &Districts,
    rhythm: PollSchedule,
    signals: &mut Signals,
) -> Result<Ending, RunError> {
    let mut watch = Watch::new(context, anybody, districts, rhythm);
    let outcome = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        outcome = watch.run() => outcome,
    };
    match outcome {
        Ok(()) => Ok(Ending::Success),
        Err(failure) => Err(RunError::new(anybody.subject(), failure)),
    }
}

struct Watch<'a> {
    context: &'a Context,
    anybody: &'a LoginTarget,
    districts: &'a Districts,
    rhythm: PollSchedule,
    every: Duration,
    screen: Screen<'a>,
    /// What was seen last with nothing missing.
    whole: Option<DistrictTable>,
    /// Whether something came of a look already, be it a failure.
    has_looked: bool,
    /// How many looks in a row were lost.
    lost: u32,
}

/// What follows a look: a pause, or the end, with how `--until` holds if that is why.
type Next = ControlFlow<Option<String>, Duration>;

impl<'a> Watch<'a> {
    fn new(
        context: &'a Context,
        anybody: &'a LoginTarget,
        districts: &'a Districts,
        rhythm: PollSchedule,
    ) -> Self {
        let floor = rhythm.floor;
        let every = rhythm.pause(districts.watch.flatten());
        if every < floor {
            context.terminal.warn(&format!(
                "{} is not asked more often than every {}",
                rhythm.whom(anybody.game_id.game()),
                duration_text(floor)
            ));
        }
        Self {
            context,
            anybody,
            districts,
            rhythm,
            every: every.max(floor),
            screen: Screen::new(&context.terminal, anybody.subject()),
            whole: None,
            has_looked: false,
            lost: 0,
        }
    }

    async fn run(&mut self) -> Result<(), Failure> {
        let held = match self.districts.give_up {
            None => self.looks().await?,
            Some(limit) => match clock::within(limit, self.looks()).await {
                Some(ended) => ended?,
                None => return Err(self.in_vain(limit)),
            },
        };
        if let Some(words) = held {
            self.context.terminal.say(format_args!("{words}"));
            if self.districts.notify {
                self.notify(&words).await;
            }
        }
        Ok(())
    }

    /// Looks again and again; gives how `--until` holds, or nothing when nobody reads any more.
    async fn looks(&mut self) -> Result<Option<String>, Failure> {
        loop {
            let pause = match self.look().await? {
                ControlFlow::Continue(pause) => pause,
                ControlFlow::Break(held) => return Ok(held),
            };
            tokio::select! {
                () = clock::sleep(pause) => {}
                () = self.context.terminal.output_closed() => return Ok(None),
            }
        }
    }

    async fn look(&mut self) -> Result<Next, Failure> {
        // Until no program of this user looked for a while.
        let game = self.anybody.game_id.game();
        clock::sleep(self.rhythm.turn(game, &origin(self.anybody)?)).await;
        let next = match fetch::census(self.context, self.anybody).await {
            Ok(told) => self.see(told).await,
            Err(lost) => self.miss(lost),
        };
        self.has_looked = true;
        next
    }

    async fn see(&mut self, told: Told) -> Result<Next, Failure> {
        let Told { census, missing } = told;
        self.lost = 0;
        let until = self.districts.until.as_ref();
        let held = until.and_then(|it| condition::met(it, self.anybody.game_id.game(), &census));
        let note = missing.as_ref().map(Missing::sentence);
        let shown = arranged(census.clone(), self.districts);
        let is_read = self.screen.show(shown, note.as_deref())?;
        if held.is_some() || !is_read {
            return Ok(ControlFlow::Break(held));
        }
        if missing.is_none() {
            let before = self.whole.replace(census.clone());
            let new = before.and_then(|before| condition::appeared(&before, &census));
            let new = new.filter(|_| self.districts.notify && until.is_none());
            if let Some(words) = new {
                self.notify(&words).await;
            }
        }
        let asked = missing.and_then(|missing| missing.lost.retry_after);
        Ok(ControlFlow::Continue(schedule::pause(self.every, 0, asked)))
    }

    /// A look that was lost: what was seen stays, with its age, and the pause is longer each time.
    fn miss(&mut self, lost: Lost) -> Result<Next, Failure> {
        let Lost {
            failure,
            retry_after,
        } = lost;
        if !self.outlives(failure.reason) {
            return Err(failure);
        }
        self.lost = match failure.reason {
            // The server is well, and there is nothing to spare it.
            Reason::Closed => 0,
            _ => self.lost.saturating_add(1),
        };
        let pause = schedule::pause(self.every, self.lost, retry_after);
        let is_read = self.screen.miss(&failure, pause)?;
        Ok(if is_read {
            ControlFlow::Continue(pause)
        } else {
            ControlFlow::Break(None)
        })
    }

    /// Whether it goes on after a look that was lost like this.
    fn outlives(&self, reason: Reason) -> bool {
        let waits_for_game = self.districts.until == Some(Until::Online);
        match reason {
            Reason::Network | Reason::ServerError | Reason::TryLater => {
                self.has_looked || waits_for_game
            }
            Reason::NotUnderstood => self.has_looked,
            Reason::Closed => waits_for_game,
            _ => false,
        }
    }

    /// On the desktop, else with the bell.
    async fn notify(&self, words: &str) {
        if !notification::show(words, self.anybody.game_id.game().name).await {
            self.context.terminal.ring();
        }
    }

    /// `--give-up` is over.
    fn in_vain(&self, limit: Duration) -> Failure {
        let name = self.anybody.game_id.game().name;
        let what = match &self.districts.until {
            Some(Until::Online) => "was not online within",
            Some(Until::Invasion(None)) => "had no invasion within",
            Some(Until::Invasion(Some(_))) => "had no invasion of that name within",
            None => "was watched for",
        };
        Failure::new(
            Reason::TryLater,
            format!("{name} {what} {}", duration_text(limit)),
            "give it more minutes with --give-up, or leave that out to watch until interrupted",
        )
    }
}
