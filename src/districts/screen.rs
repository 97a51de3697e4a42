//! What a watch shows: the last districts, with their age while requests fail; with `--json`, an object per line.

use std::cell::RefCell;
use std::time::Duration;

use crate::base::clock;
use crate::base::failure::Failure;
use crate::base::quantity::duration_text;
use crate::base::sanitize::plain;
use crate::districts::{condition, table};
use crate::protocol::districts::{District, DistrictTable};
use crate::terminal::Terminal;
use crate::terminal::event::{EventKind, Subject};
use crate::terminal::table::wrapped;

/// The screen of a watch.
pub(super) struct Screen<'a> {
    terminal: &'a Terminal,
    /// The subject of failed requests.
    subject: Subject,
    /// The districts that were shown last, and when.
    shown: Option<(DistrictTable, Duration)>,
    /// The last drawing: the marked districts, and the note below them.
    drawn: RefCell<Option<(DistrictTable, Option<String>)>>,
}

impl<'a> Screen<'a> {
    /// Returns an empty screen.
    pub(super) fn new(terminal: &'a Terminal, subject: Subject) -> Self {
        Self {
            terminal,
            subject,
            shown: None,
            drawn: RefCell::default(),
        }
    }

    /// Shows districts, with a note about what is missing. Returns whether somebody reads it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn show(
        &mut self,
        table: DistrictTable,
        missing: Option<&str>,
    ) -> Result<bool, Failure> {
        let before = self.shown.as_ref().map(|(table, _)| table);
        let is_read = if self.terminal.json().is_some() {
            if let Some(missing) = missing {
                self.terminal.warn(missing);
            }
            let line = serde_json::to_string(&table).unwrap_or_default() + "\n";
            self.terminal.show(line.as_bytes())?
        } else {
            self.draw(marked(&table, before), missing)?
        };
        self.shown = Some((table, clock::monotonic()));
        Ok(is_read)
    }

    /// Shows a failed request and the pause after it; the last districts stay, with their age. Returns whether somebody
    /// reads it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn show_failure(&self, failure: &Failure, pause: Duration) -> Result<bool, Failure> {
        let again = format!("looking again in {}: {failure}", duration_text(pause));
        let Some((table, when)) = &self.shown else {
            self.emit_waiting(failure, pause, &again);
            return Ok(true);
        };
        let age = duration_text(clock::monotonic().saturating_sub(*when));
        let note = format!("{age} old, {again}");
        if self.terminal.json().is_some() {
            self.terminal.warn(&note);
            return Ok(true);
        }
        self.draw(marked(table, Some(table)), Some(&note))
    }

    /// Draws the same again, for a terminal of another size. Returns whether somebody reads it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn redraw(&self) -> Result<bool, Failure> {
        let drawn = self.drawn.take();
        drawn.map_or(Ok(true), |(table, note)| self.draw(table, note.as_deref()))
    }

    /// Reports a failed request while nothing was shown yet.
    fn emit_waiting(&self, failure: &Failure, pause: Duration, again: &str) {
        if self.terminal.json().is_some() {
            self.terminal.warn(again);
            return;
        }
        self.terminal.event(&self.subject.event(EventKind::Waiting {
            reason: failure.reason.name(),
            retry_in: pause.as_secs_f64(),
            why: self.without_name(&failure.message).to_owned(),
            then: "looking again",
        }));
    }

    /// Returns the message without the name of the game, which the event adds.
    fn without_name<'m>(&self, message: &'m str) -> &'m str {
        let game = self.subject.game.map_or("", |game| game.name);
        message.strip_prefix(game).unwrap_or(message).trim_start()
    }

    fn draw(&self, districts: DistrictTable, note: Option<&str>) -> Result<bool, Failure> {
        let width = self.terminal.output_width();
        let text = table::table(&districts, width, self.terminal.colours_output());
        let lines = note.map(|note| wrapped(plain(note).split(' '), width));
        let lines = lines.into_iter().flatten().map(|line| line + "\n");
        let is_read = self.terminal.draw(&text, &lines.collect::<String>());
        let note = note.map(ToOwned::to_owned);
        self.drawn.replace(Some((districts, note)));
        is_read
    }
}

/// Returns the table with a mark before each name whose row has changed.
fn marked(table: &DistrictTable, before: Option<&DistrictTable>) -> DistrictTable {
    let is_new = |district: &District| {
        let mut before = before?.districts.iter();
        let old = before.find(|old| old.name == district.name);
        Some(old.is_none_or(|old| has_changed(old, district)))
    };
    let mut marked = table.clone();
    for district in &mut marked.districts {
        let mark = match is_new(district) {
            Some(true) => "* ",
            Some(false) | None => "  ",
        };
        district.name = format!("{mark}{}", district.label());
    }
    marked
}

/// Returns whether a person would call a district changed: it opened or closed, an invasion or a fleet came or went, or more
/// than a tenth of its players did.
fn has_changed(old: &District, new: &District) -> bool {
    let state = |district: &District| (district.online, district.status);
    let fleet = |district: &District| {
        let fleet = district.ocean.as_ref()?.fleet.as_ref()?;
        Some((fleet.kind.clone(), fleet.started))
    };
    let has_other_invasion = match (&old.invasion, &new.invasion) {
        (Some(old), Some(new)) => !condition::is_same(old, new),
        (None, None) => false,
        _ => true,
    };
    let has_other_players = match (old.population, new.population) {
        (Some(old), Some(new)) => old.abs_diff(new).saturating_mul(10) > old,
        (None, None) => false,
        _ => true,
    };
    state(old) != state(new) || has_other_invasion || fleet(old) != fleet(new) || has_other_players
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::districts::{CogInvasion, Invasion};

    fn census(populations: &[(&str, u64)]) -> DistrictTable {
        let districts = populations.iter().map(|(name, population)| District {
            name: (*name).to_owned(),
            population: Some(*population),
            ..District::default()
        });
        DistrictTable {
            game: "ttr",
            invasions_missing: false,
            as_of: None,
            population: None,
            districts: districts.collect(),
        }
    }

    #[test]
    fn an_invasion_is_a_change_and_its_progress_is_none() {
        let invaded = |cog: &str, defeated| District {
            invasion: Some(Invasion::Cogs(CogInvasion {
                cog: Some(cog.to_owned()),
                defeated: Some(defeated),
                ..CogInvasion::default()
            })),
            as_of: Some(defeated),
            ..District::default()
        };
        let (none, closed) = (
            District::default(),
            District {
                online: Some(false),
                ..District::default()
            },
        );
        assert!(!has_changed(&invaded("a", 1), &invaded("a", 900)));
        for other in [invaded("b", 1), none.clone()] {
            assert!(has_changed(&invaded("a", 1), &other), "{other:?}");
        }
        assert!(has_changed(&none, &invaded("a", 1)) && has_changed(&none, &closed));
    }

    #[test]
    fn rows_that_changed_since_the_last_request_are_marked() {
        let (old, new) = (
            census(&[("a", 1), ("b", 2)]),
            census(&[("a", 1), ("b", 3), ("c", 1)]),
        );
        let names = |census: DistrictTable| {
            let names = census.districts.into_iter().map(|district| district.name);
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(marked(&new, Some(&old))), ["  a", "* b", "* c"]);
        assert_eq!(names(marked(&new, None)), ["  a", "  b", "  c"]);
        let more = |players| {
            names(marked(
                &census(&[("a", players)]),
                Some(&census(&[("a", 40)])),
            ))
        };
        assert_eq!([44, 36].map(more), [["  a"]; 2]);
        assert_eq!([45, 35].map(more), [["* a"]; 2]);
        assert_eq!(names(marked(&census(&[("", 1)]), None)), ["  ?"]);
    }
}
