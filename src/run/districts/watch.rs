//! `--watch`: the same look again and again, politely, until interrupted.

use std::time::Duration;

use super::rhythm::Rhythm;
use super::{arranged, ask};
use crate::cli::districts::Districts;
use crate::clock;
use crate::district::{Census, District};
use crate::event::span;
use crate::exit::{Ending, Failure, Reason};
use crate::run::prepare::origin;
use crate::run::who::Entrant;
use crate::run::{Context, Trouble, unwritten};
use crate::signals::Signals;
use crate::terminal::census;

/// The longest pause after looks that failed.
const LONGEST: Duration = Duration::from_mins(5);

/// Looks until a signal comes, every so often. The first look has to succeed; later ones may be lost.
pub(super) async fn watch(
    context: &Context,
    anybody: &Entrant,
    districts: &Districts,
    rhythm: Rhythm,
    signals: &mut Signals,
) -> Result<Ending, Trouble> {
    let floor = rhythm.floor;
    let every = rhythm.pause(districts.watch.flatten());
    if every < floor {
        context.terminal.warn(&format!(
            "{} is not asked more often than every {}",
            rhythm.whom(anybody.title.game()),
            span(floor)
        ));
    }
    let mut watch = Watch {
        context,
        anybody,
        districts,
        rhythm,
        every: every.max(floor),
        seen: None,
        lost: 0,
    };
    loop {
        let signal = tokio::select! {
            biased;
            signal = signals.next() => signal,
            outcome = watch.step() => match outcome {
                Ok(true) => continue,
                Ok(false) => return Ok(Ending::Success),
                Err(failure) => return Err(Trouble::new(anybody.subject(), failure)),
            },
        };
        return Ok(Ending::Stopped(signal));
    }
}

struct Watch<'a> {
    context: &'a Context,
    anybody: &'a Entrant,
    districts: &'a Districts,
    rhythm: Rhythm,
    every: Duration,
    /// What was seen last, and when.
    seen: Option<(Census, Duration)>,
    /// How many looks in a row were lost.
    lost: u32,
}

impl Watch<'_> {
    /// One look, and the pause after it. Gives whether there still is a reader.
    async fn step(&mut self) -> Result<bool, Failure> {
        let game = self.anybody.title.game();
        clock::sleep(self.rhythm.turn(game, &origin(self.anybody)?)).await;
        let (pause, is_read) = match ask::census(self.context, self.anybody).await {
            Ok(census) => {
                self.lost = 0;
                (self.every, self.see(arranged(census, self.districts))?)
            }
            Err(failure) => self.miss(failure)?,
        };
        if is_read {
            clock::sleep(pause).await;
        }
        Ok(is_read)
    }

    fn see(&mut self, census: Census) -> Result<bool, Failure> {
        let before = self.seen.as_ref().map(|(census, _)| census);
        let is_read = if self.context.terminal.json().is_some() {
            let line = serde_json::to_string(&census).unwrap_or_default() + "\n";
            let shown = self.context.terminal.show(line.as_bytes());
            shown.map_err(|error| unwritten(&error))?
        } else {
            self.draw(&marked(&census, before), None)?
        };
        self.seen = Some((census, clock::monotonic()));
        Ok(is_read)
    }

    /// A look that was lost: what was seen stays, with its age. Gives the pause, longer each time.
    fn miss(&mut self, failure: Failure) -> Result<(Duration, bool), Failure> {
        let passes = matches!(
            failure.reason,
            Reason::Network | Reason::ServerError | Reason::TryLater | Reason::NotUnderstood
        );
        let Some((census, when)) = self.seen.as_ref().filter(|_| passes) else {
            return Err(failure);
        };
        self.lost = self.lost.saturating_add(1);
        let growth = 1_u32.checked_shl(self.lost).unwrap_or(u32::MAX);
        let pause = self
            .every
            .saturating_mul(growth)
            .min(LONGEST.max(self.every));
        let age = span(clock::monotonic().saturating_sub(*when));
        let note = format!("{age} old, looking again in {}: {failure}", span(pause));
        if self.context.terminal.json().is_some() {
            self.context.terminal.warn(&note);
            return Ok((pause, true));
        }
        let is_read = self.draw(&marked(census, Some(census)), Some(&note))?;
        Ok((pause, is_read))
    }

    fn draw(&self, census: &Census, note: Option<&str>) -> Result<bool, Failure> {
        let terminal = &self.context.terminal;
        let width = terminal.output_width();
        let mut text = census::table(census, width, terminal.colours_output());
        if let Some(note) = note {
            text.push_str(note);
            text.push('\n');
        }
        let drawn = terminal.draw(&text);
        drawn.map_err(|error| unwritten(&error))
    }
}

/// The same with a mark before each name whose row is not as it was.
fn marked(census: &Census, before: Option<&Census>) -> Census {
    let is_known =
        |district: &District| before.is_none_or(|before| before.districts.contains(district));
    let mut marked = census.clone();
    for district in &mut marked.districts {
        let mark = if is_known(district) { "  " } else { "* " };
        district.name.insert_str(0, mark);
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(populations: &[(&str, u64)]) -> Census {
        let districts = populations.iter().map(|(name, population)| District {
            name: (*name).to_owned(),
            population: Some(*population),
            ..District::default()
        });
        Census {
            game: "ttr",
            as_of: None,
            population: None,
            districts: districts.collect(),
        }
    }

    #[test]
    fn what_changed_since_the_last_look_is_marked() {
        let (old, new) = (
            census(&[("a", 1), ("b", 2)]),
            census(&[("a", 1), ("b", 3), ("c", 1)]),
        );
        let names = |census: Census| {
            let names = census.districts.into_iter().map(|district| district.name);
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(marked(&new, Some(&old))), ["  a", "* b", "* c"]);
        assert_eq!(names(marked(&new, None)), ["  a", "  b", "  c"]);
    }
}
