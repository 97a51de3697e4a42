//! The list of all checks, as text and as JSON, and the exit status.

use serde_json::{Value, json};

use super::check::{Check, Level};
use crate::terminal::table::{Style, styled};
use crate::terminal::wrap::wrap_after;

/// What is in front of a line that says what mends something; as wide as a level.
const FIX: &str = "      ";

/// The checks of a run, in the order of the output.
#[derive(Debug)]
pub(crate) struct CheckList {
    pub(crate) checks: Vec<Check>,
}

impl CheckList {
    /// Returns the exit status: that of the first failure, else 0.
    pub(crate) fn status(&self) -> i32 {
        let mut levels = self.checks.iter().map(|check| check.level);
        let reason = levels.find_map(|level| match level {
            Level::Fail(reason) => Some(reason),
            _ => None,
        });
        reason.map_or(0, |reason| i32::from(reason.status()))
    }

    /// Returns one line for each check, and a second one with what mends it: broken between words at the width of the terminal, if
    /// there is one, and with warnings and failures in their colours, if `coloured`.
    pub(crate) fn text(&self, columns: Option<usize>, coloured: bool) -> String {
        let names = self.checks.iter().map(|check| check.name.chars().count());
        let width = names.max().unwrap_or_default();
        let lines = self.checks.iter().map(|check| {
            let style = match check.level {
                Level::Ok | Level::Note => Style::Plain,
                Level::Warn => Style::Warning,
                Level::Fail(_) => Style::Failure,
            };
            let level = styled(&format!("{:4}", check.level.name()), style, coloured);
            let start = format!("{level}  {:width$}  ", check.name);
            let indent = FIX.len() + width + 2;
            let fix = check.fix.iter();
            let fix = fix.map(|fix| wrap_after(FIX, fix, FIX.len(), columns) + "\n");
            wrap_after(&start, &check.found, indent, columns) + "\n" + &fix.collect::<String>()
        });
        lines.collect()
    }

    /// Returns the object of `--json`.
    pub(crate) fn json(&self) -> Value {
        let checks = self.checks.iter().map(|check| {
            let reason = match check.level {
                Level::Fail(reason) => Some(reason.name()),
                _ => None,
            };
            json!({
                "level": check.level.name(), "name": check.name, "found": check.found, "fix": check.fix, "reason": reason,
            })
        });
        json!({ "checks": checks.collect::<Vec<_>>() })
    }
}
