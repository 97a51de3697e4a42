//! What is on the screen of a watch: the last census, with its age while looks are lost. With JSON, a line a census.

use std::time::Duration;

use crate::base::clock;
use crate::base::failure::Failure;
use crate::base::sanitize::plain;
use crate::districts::table;
use crate::protocol::districts::{District, DistrictTable};
use crate::terminal::Terminal;
use crate::terminal::event::{EventKind, Subject, duration_text};
use crate::terminal::results::unwritten;
use crate::terminal::table::wrapped;

/// What a watch shows.
pub(crate) struct Screen<'a> {
    terminal: &'a Terminal,
    /// Whom lost looks are about.
    subject: Subject,
    /// What was shown last, and when.
    seen: Option<(DistrictTable, Duration)>,
}

impl<'a> Screen<'a> {
    /// Nothing was seen.
    pub(crate) fn new(terminal: &'a Terminal, subject: Subject) -> Self {
        Self {
            terminal,
            subject,
            seen: None,
        }
    }

    /// Shows what was seen, and what was missing. Gives whether there still is a reader.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn show(
        &mut self,
        census: DistrictTable,
        missing: Option<&str>,
    ) -> Result<bool, Failure> {
        let before = self.seen.as_ref().map(|(census, _)| census);
        let is_read = if self.terminal.json().is_some() {
            if let Some(missing) = missing {
                self.terminal.warn(missing);
            }
            let line = serde_json::to_string(&census).unwrap_or_default() + "\n";
            let shown = self.terminal.show(line.as_bytes());
            shown.map_err(|error| unwritten(&error))?
        } else {
            self.draw(&marked(&census, before), missing)?
        };
        self.seen = Some((census, clock::monotonic()));
        Ok(is_read)
    }

    /// Tells of a lost look and the pause after it: what was seen stays, with its age. Gives whether there still is a
    /// reader.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn miss(&self, failure: &Failure, pause: Duration) -> Result<bool, Failure> {
        let again = format!("looking again in {}: {failure}", duration_text(pause));
        let Some((census, when)) = &self.seen else {
            self.wait(failure, pause, &again);
            return Ok(true);
        };
        let age = duration_text(clock::monotonic().saturating_sub(*when));
        let note = format!("{age} old, {again}");
        if self.terminal.json().is_some() {
            self.terminal.warn(&note);
            return Ok(true);
        }
        self.draw(&marked(census, Some(census)), Some(&note))
    }

    /// Nothing was seen yet.
    fn wait(&self, failure: &Failure, pause: Duration, again: &str) {
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

    /// The name of the game stands in front already.
    fn without_name<'m>(&self, message: &'m str) -> &'m str {
        let game = self.subject.game.map_or("", |game| game.name);
        message.strip_prefix(game).unwrap_or(message).trim_start()
    }

    fn draw(&self, census: &DistrictTable, note: Option<&str>) -> Result<bool, Failure> {
        let width = self.terminal.output_width();
        let text = table::table(census, width, self.terminal.colours_output());
        let note = note.map(|note| wrapped(plain(note).split(' '), width));
        let note = note.into_iter().flatten().map(|line| line + "\n");
        let drawn = self.terminal.draw(&text, &note.collect::<String>());
        drawn.map_err(|error| unwritten(&error))
    }
}

/// The same with a mark before each name whose row is not as it was.
fn marked(census: &DistrictTable, before: Option<&DistrictTable>) -> DistrictTable {
    let is_known =
        |district: &District| before.is_none_or(|before| before.districts.contains(district));
    let mut marked = census.clone();
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
    fn what_changed_since_the_last_look_is_marked() {
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
