//! `playcookie doctor`: what is installed, where, and what is missing.

use std::path::Path;

use serde_json::Value;

use super::{Context, build, print};
use crate::base::failure::{Failure, Reason};
use crate::base::files;
use crate::base::sanitize::escaped;
use crate::base::signals::Signals;
use crate::cli::doctor::Doctor;
use crate::doctor::{examine, report::report};

pub(super) async fn run(
    context: &Context,
    doctor: &Doctor,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    if let Some(file) = &doctor.report
        && file.symlink_metadata().is_ok()
    {
        return Err(unwritable(file, "it exists").into());
    }
    let games: Vec<_> = doctor.games().collect();
    // Boxed: the requests of three games are in it.
    let checks = Box::pin(examine(context, &games, doctor.offline));
    let checks = signals.or(async { Ok::<_, Failure>(checks.await) }).await?;
    let terminal = &context.terminal;
    let Some(file) = &doctor.report else {
        let (columns, coloured) = (terminal.output_width(), terminal.colours_output());
        print(terminal, &checks.json(), || checks.text(columns, coloured))?;
        return Ok(checks.status());
    };
    let report = report(context, &build(), &checks);
    let mut object = checks.json();
    if let Value::Object(object) = &mut object {
        object.insert("report".to_owned(), report.clone().into());
    }
    print(terminal, &object, || report.clone())?;
    files::write(file, report.as_bytes(), true)
        .map_err(|error| unwritable(file, &error.to_string()))?;
    terminal.say(format_args!(
        "this was written to {}: read it before you send it",
        escaped(&file.to_string_lossy())
    ));
    Ok(checks.status())
}

fn unwritable(file: &Path, why: &str) -> Failure {
    let file = escaped(&file.to_string_lossy());
    let message = format!("the report cannot be written to {file} ({why})");
    Failure::new(Reason::Io, message, "name a new file with --report FILE")
}
