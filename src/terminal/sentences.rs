//! Events of a run, rendered as sentences for people.

use std::fmt::Write as _;
use std::time::Duration;

use super::event::{Event, EventKind, Subject};
use crate::base::quantity::{ByteCount, duration_text};
use crate::base::sanitize::shell_word;
use crate::base::secret::MASK;

impl Event {
    /// Returns the names of the account and the game.
    pub fn heading(&self) -> String {
        let Subject {
            account, username, ..
        } = &self.subject;
        let service = self.subject.service();
        match account.as_ref().or(username.as_ref()) {
            Some(name) => format!("{name}: {service}"),
            None => service.to_owned(),
        }
    }

    /// Returns a sentence for people; none when the prompt, the error or the game itself shows the event.
    pub fn sentence(&self) -> Option<String> {
        let (game, service) = (self.subject.prefix(), self.subject.service());
        let Subject {
            account, username, ..
        } = &self.subject;
        Some(match &self.kind {
            EventKind::Login {} => match (account, username.as_ref()?) {
                (Some(_), username) => format!("{game}: logging in to {service} as {username}"),
                (None, username) => format!("{game}: logging in as {username}"),
            },
            EventKind::Question {
                kind: kind @ ("code" | "password"),
                text,
                again: true,
            } => match text.as_str() {
                "" => format!("{game}: the {kind} was refused"),
                text => format!("{game}: the {kind} was refused: {text}"),
            },
            EventKind::Question {
                kind: "code" | "pin",
                text,
                ..
            } if !text.is_empty() => format!("{game}: {text}"),
            EventKind::Question { .. }
            | EventKind::Ready { .. }
            | EventKind::Error { .. }
            | EventKind::Exited { status: 0, .. } => return None,
            EventKind::Queued { position, eta } => {
                format!("{game}: in queue{}", queue_details(*position, *eta))
            }
            EventKind::Waiting {
                why,
                retry_in,
                then,
                ..
            } => {
                format!(
                    "{game}: {why}, {then} in {}",
                    duration_text(Duration::from_secs_f64(retry_in.max(0.0)))
                )
            }
            EventKind::Planned {
                command,
                directory,
                variables,
            } => {
                let account = account.as_ref().or(username.as_ref());
                let account = account.map(|name| format!("account:   {name}\n"));
                account.unwrap_or_default() + &planned(command, directory, variables)
            }
            EventKind::Started { .. } => format!("{game}: started"),
            EventKind::Exited { status, .. } => format!("{game}: ended with status {status}"),
            EventKind::Update { .. } => format!("{game}: {}", self.kind.update_progress()?),
            EventKind::Checked {
                directory,
                installed,
                all_files,
                outdated,
            } => match outdated.len() {
                0 => format!("{game}: up to date, {all_files} files in {directory}"),
                _ if !installed => {
                    format!("{game}: not installed in {directory}, {all_files} files to download")
                }
                some => {
                    format!("{game}: {some} of {all_files} files are missing or outdated")
                }
            },
            EventKind::Updated {
                directory,
                all_files,
                files: 0,
                ..
            } => format!("{game}: up to date, {all_files} files in {directory}"),
            EventKind::Updated {
                directory,
                all_files,
                files,
                bytes,
            } => format!(
                "{game}: {files} of {all_files} files updated in {directory}, {} downloaded",
                ByteCount(*bytes)
            ),
            EventKind::Serving { api, .. } => format!("--api {api}"),
            EventKind::Request {
                method,
                path,
                fields,
                status,
                complaint,
            } => {
                let mut line = format!("{method} {path}");
                for (name, value) in fields {
                    let _ = write!(line, " {name}={value}");
                }
                let complaint = complaint.as_ref().map(|what| format!(": {what}"));
                format!("{line}, HTTP {status}{}", complaint.unwrap_or_default())
            }
        })
    }
}

impl EventKind {
    /// Returns the progress of an update as text.
    fn update_progress(&self) -> Option<String> {
        let Self::Update {
            files,
            bytes,
            done_files,
            done_bytes,
            speed,
            left,
            current,
            bar,
        } = self
        else {
            return None;
        };
        let mut text = bar
            .as_ref()
            .map(|bar| format!("{bar} "))
            .unwrap_or_default();
        let _ = write!(
            text,
            "{done_files} of {files} files, {}",
            ByteCount(*done_bytes)
        );
        if let Some(bytes) = bytes {
            let _ = write!(text, " of {}", ByteCount(*bytes));
        }
        if let Some(speed) = speed {
            let _ = write!(text, ", {}/s", ByteCount(*speed));
        }
        if let Some(left) = left.filter(|left| !left.is_zero()) {
            let _ = write!(text, ", about {} left", duration_text(left));
        }
        if !current.is_empty() {
            let _ = write!(text, ": {}", current.join(", "));
        }
        Some(text)
    }
}

/// Returns what is known of ", position 15, about 1 min".
fn queue_details(position: Option<u64>, eta: Option<u64>) -> String {
    let mut text = String::new();
    if let Some(position) = position.filter(|position| *position > 0) {
        let _ = write!(text, ", position {position}");
    }
    if let Some(eta) = eta.filter(|eta| *eta > 0) {
        let _ = write!(text, ", about {}", duration_text(Duration::from_secs(eta)));
    }
    text
}

/// Returns what `--dry-run` prints about a command.
fn planned(command: &[String], directory: &str, variables: &[String]) -> String {
    let words = command.iter().map(|word| shell_word(word));
    let mut lines = format!(
        "directory: {directory}\ncommand:   {}",
        words.collect::<Vec<_>>().join(" ")
    );
    for name in variables {
        let _ = write!(lines, "\nvariable:  {name}={MASK}");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::ttr::GAME;
    use crate::terminal::event::Subject;

    #[test]
    fn people_read_their_position_in_the_queue() {
        let sentence = |position, eta| {
            Subject::from(&GAME)
                .event(EventKind::Queued { position, eta })
                .sentence()
                .unwrap_or_default()
        };
        assert_eq!(
            sentence(Some(15), Some(60)),
            "Toontown Rewritten: in queue, position 15, about 1 min"
        );
        assert_eq!(sentence(Some(0), Some(0)), "Toontown Rewritten: in queue");
        assert_eq!(
            sentence(None, Some(3725)),
            "Toontown Rewritten: in queue, about 1 h 2 min"
        );
    }
}
