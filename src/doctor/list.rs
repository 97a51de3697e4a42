//! The list of all checks, as text and as JSON, and the exit status.

use serde_json::{Value, json};

use super::check::{Check, Level};

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

    /// Returns one line for each check, and a second one with what mends it.
    pub(crate) fn text(&self) -> String {
        let names = self.checks.iter().map(|check| check.name.chars().count());
        let width = names.max().unwrap_or_default();
        let lines = self.checks.iter().map(|check| {
            let (level, name, found) = (check.level.name(), &check.name, &check.found);
            let fix = check.fix.iter().map(|fix| format!("      {fix}\n"));
            format!("{level:4}  {name:width$}  {found}\n") + &fix.collect::<String>()
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
