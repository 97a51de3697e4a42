//! What a watch shows: the last districts, with their age while requests fail; with `--json`, an object per line.

use std::time::Duration;

use crate::base::clock;
use crate::base::failure::Failure;
use crate::base::sanitize::plain;
use crate::districts::table;
use crate::protocol::districts::{District, DistrictTable};
use crate::terminal::Terminal;
use crate::terminal::event::{EventKind, Subject, duration_text};
use crate::terminal::table::wrapped;

/// The screen of a watch.
pub(super) struct Screen<'a> {
    terminal: &'a Terminal,
    /// The subject of failed requests.
    subject: Subject,
    /// The districts that were shown last, and when.
    shown: Option<(DistrictTable, Duration)>,
}

impl<'a> Screen<'a> {
    /// Returns an empty screen.
    pub(super) fn new(terminal: &'a Terminal, subject: Subject) -> Self {
        Self {
            terminal,
            subject,
            shown: None,
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
            self.draw(&marked(&table, before), missing)?
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
        self.draw(&marked(table, Some(table)), Some(&note))
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

    fn draw(&self, districts: &DistrictTable, note: Option<&str>) -> Result<bool, Failure> {
        let width = self.terminal.output_width();
        let text = table::table(districts, width, self.terminal.colours_output());
        let note = note.map(|note| wrapped(plain(note).split(' '), width));
        let note = note.into_iter().flatten().map(|line| line + "\n");
        self.terminal.draw(&text, &note.collect::<String>())
    }
}

/// Returns the table with a mark before each name whose row has changed.
fn marked(table: &DistrictTable, before: Option<&DistrictTable>) -> DistrictTable {
    let is_known =
        |district: &District| before.is_none_or(|before| before.districts.contains(district));
    let mut marked = table.clone();
    for district in &mut marked.districts {
        let mark = if is_known(district) { "  " } else { "* " };
        district.name = format!("{mark}{}", district.label());
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(names(marked(&census(&[("", 1)]), None)), ["  ?"]);
    }
}
