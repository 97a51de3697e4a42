//! Events of a run, rendered as a line of JSON for scripts; `sentences` has the one for people.
//!
//! `cli.md` defines the JSON: keys in `snake_case`, durations in seconds, unknown numbers `null`.

use std::time::Duration;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::base::clock;
use crate::base::failure::Failure;
use crate::base::sanitize::{clean, plain};
use crate::base::server_message::ServerCode;
use crate::base::timestamp;
use crate::games::Game;
use crate::protocol::Fields;

/// An event and its subject.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    #[serde(rename = "event")]
    name: &'static str,
    /// When it happened, since 1970.
    #[serde(serialize_with = "timestamp::serialize_milliseconds")]
    time: Duration,
    /// What it is about, with names that are safe to print.
    #[serde(flatten)]
    pub(super) subject: Subject,
    #[serde(flatten)]
    pub(super) kind: EventKind,
}

/// The kind of an event, with its data.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum EventKind {
    /// A login begins.
    Login {},
    /// A value is asked for, even if an option or a command answers.
    Question {
        /// `username`, `password`, `code`, `pin`, `game` or `save`.
        kind: &'static str,
        /// The question as the server asks it; empty when the server sends no text.
        text: String,
        /// Whether the server refused the answer before.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        again: bool,
    },
    /// The login is in the queue.
    Queued {
        /// The position in the queue.
        position: Option<u64>,
        /// The expected time in the queue, in seconds.
        eta: Option<u64>,
    },
    /// The login is tried again later.
    Waiting {
        /// The reason with which the program would end if it did not wait.
        reason: &'static str,
        /// The time until the next try, in seconds.
        retry_in: f64,
        /// The reason as a clause for people.
        #[serde(skip)]
        why: String,
        /// What is done next, as a clause for people.
        #[serde(skip)]
        then: &'static str,
    },
    /// The login succeeded, and the game's variables are known.
    Ready {
        /// The names of the game's variables.
        variables: Vec<&'static str>,
        /// The server's message.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// The values of the variables, for `login --format json` only.
        #[serde(skip_serializing_if = "Option::is_none")]
        environment: Option<VariableValues>,
    },
    /// The command that would be started without `--dry-run`.
    Planned {
        /// The program and its arguments.
        command: Vec<String>,
        /// The working directory.
        directory: String,
        /// The names of the variables.
        variables: Vec<String>,
    },
    /// The game was started.
    Started {
        /// The process id.
        pid: u32,
        /// The program and its arguments.
        command: Vec<String>,
    },
    /// The game ended.
    Exited {
        /// The exit status, 128 + n when signal n ended the game.
        status: i32,
        /// Whether it is the game's: some runners end with 0 whatever the game's status is.
        #[serde(skip_serializing_if = "Clone::clone")]
        status_known: bool,
    },
    /// Files are updated. Bytes are downloaded bytes.
    Update {
        /// How many files are missing or outdated.
        files: usize,
        /// How many bytes are downloaded in total, once every file's length is known.
        bytes: Option<u64>,
        /// How many files are updated.
        done_files: usize,
        /// How many bytes have been downloaded.
        done_bytes: u64,
        /// Bytes per second.
        #[serde(skip)]
        speed: Option<u64>,
        /// The expected remaining time.
        #[serde(skip)]
        left: Option<Duration>,
        /// The files that are downloaded at the moment.
        #[serde(skip)]
        current: Vec<String>,
        /// A bar of what is done, for a line that is redrawn.
        #[serde(skip)]
        bar: Option<String>,
    },
    /// What an update would do, for `update --check`.
    Checked {
        /// The game's directory.
        directory: String,
        /// Whether any file of the game is there.
        installed: bool,
        /// How many files the game has.
        all_files: usize,
        /// The files that are missing or outdated.
        outdated: Vec<CheckedFile>,
    },
    /// The update is done.
    Updated {
        /// The game's directory.
        directory: String,
        /// How many files the game has.
        all_files: usize,
        /// How many files were replaced.
        files: usize,
        /// How many bytes were downloaded.
        bytes: u64,
    },
    /// A stand-in server runs.
    Serving {
        /// The URL for `--api`.
        api: String,
        /// The two-factor secret of its accounts, which is public, if it asks for codes.
        #[serde(skip_serializing_if = "Option::is_none")]
        code_secret: Option<&'static str>,
    },
    /// A stand-in server answered a request.
    Request {
        /// The HTTP method.
        method: String,
        /// The path.
        path: String,
        /// The fields of the body, with secrets masked.
        #[serde(serialize_with = "serialize_fields")]
        fields: Vec<(String, String)>,
        /// The HTTP status of the answer.
        status: u16,
        /// What was wrong with the request.
        complaint: Option<String>,
    },
    /// The run failed.
    Error {
        /// The name of the reason in the table of exit statuses.
        reason: &'static str,
        /// The error as a sentence.
        message: String,
        /// What to do about it.
        hint: String,
        /// The exit status.
        exit: u8,
        /// The server's own number or word for what happened.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<ServerCode>,
    },
}

/// A file that an update would replace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedFile {
    /// The path below the game's directory.
    pub name: String,
    /// The size in bytes, if the list of files contains it.
    pub size: Option<u64>,
    /// Whether the old file would be patched.
    pub patch: bool,
}

/// The game's variables, serialized with their values.
#[derive(Debug, Clone)]
pub struct VariableValues(pub Fields);

/// Serializes fields as an object.
fn serialize_fields<S: Serializer>(
    fields: &[(String, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(fields.iter().map(|(name, value)| (name, value)))
}

impl Serialize for VariableValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value.reveal())?;
        }
        map.end()
    }
}

/// A game or service as the subject of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceName {
    /// The name on the command line and in JSON.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
}

impl From<&'static Game> for ServiceName {
    fn from(game: &'static Game) -> Self {
        Self {
            id: game.id,
            name: game.name,
        }
    }
}

impl Serialize for ServiceName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

/// The game and account that events are about.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Subject {
    /// The game, once it is chosen.
    pub game: Option<ServiceName>,
    /// The name of the remembered account.
    pub account: Option<String>,
    /// The username that is sent to the game's server.
    pub username: Option<String>,
}

impl From<&'static Game> for Subject {
    fn from(game: &'static Game) -> Self {
        Self {
            game: Some(game.into()),
            ..Self::default()
        }
    }
}

impl Subject {
    /// Returns the game's name for people, else that of this program.
    pub fn service(&self) -> &'static str {
        self.game.map_or("playcookie", |game| game.name)
    }

    /// Returns the name for people: the account's, else the username, else the game's.
    pub fn label(&self) -> String {
        let name = self.account.as_ref().or(self.username.as_ref());
        name.map_or_else(|| self.service().to_owned(), |name| clean(name))
    }

    /// Returns the beginning of every line about this subject: the account's name, else the game's.
    pub fn prefix(&self) -> String {
        let account = self.account.as_deref();
        account.map_or_else(|| self.service().to_owned(), clean)
    }

    /// Returns an event about this subject that happens now. Its names are safe to print.
    pub fn event(&self, kind: EventKind) -> Event {
        let cleaned = |name: &Option<String>| name.as_deref().map(clean);
        Event {
            name: kind.name(),
            time: clock::since_epoch(),
            subject: Self {
                game: self.game,
                account: cleaned(&self.account),
                username: cleaned(&self.username),
            },
            kind,
        }
    }

    /// Returns the `error` event of a failure.
    pub fn failed(&self, failure: &Failure) -> Event {
        self.event(EventKind::Error {
            reason: failure.reason.name(),
            message: plain(&failure.message),
            hint: plain(&failure.hint),
            exit: failure.reason.status(),
            code: failure.code.clone(),
        })
    }
}

impl EventKind {
    /// Returns a question in this program's own words: `username`, `password` or `save`.
    pub const fn question(kind: &'static str) -> Self {
        Self::Question {
            kind,
            text: String::new(),
            again: false,
        }
    }

    /// Returns the event of a program that ended with a status of its own.
    pub const fn exited(status: i32) -> Self {
        Self::Exited {
            status,
            status_known: true,
        }
    }

    /// Returns the event of a login that succeeded, with the server's message. `with_values` adds the values of the variables.
    pub fn ready(variables: &Fields, message: Option<String>, with_values: bool) -> Self {
        Self::Ready {
            variables: variables.iter().map(|(name, _)| *name).collect(),
            message,
            environment: with_values.then(|| VariableValues(variables.clone())),
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Login {} => "login",
            Self::Question { .. } => "question",
            Self::Queued { .. } => "queued",
            Self::Waiting { .. } => "waiting",
            Self::Ready { .. } => "ready",
            Self::Planned { .. } => "planned",
            Self::Started { .. } => "started",
            Self::Exited { .. } => "exited",
            Self::Update { .. } => "update",
            Self::Checked { .. } => "checked",
            Self::Updated { .. } => "updated",
            Self::Serving { .. } => "serving",
            Self::Request { .. } => "request",
            Self::Error { .. } => "error",
        }
    }
}

impl Event {
    /// Returns the event as a line of JSON, without a line end.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether the event is progress, which the next progress replaces on a terminal.
    pub const fn is_progress(&self) -> bool {
        matches!(
            self.kind,
            EventKind::Queued { .. } | EventKind::Waiting { .. } | EventKind::Update { .. }
        )
    }

    /// Whether the event is a question.
    pub const fn is_question(&self) -> bool {
        matches!(self.kind, EventKind::Question { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::failure::Reason;
    use crate::base::secret::Secret;
    use crate::games::ttr::GAME;

    fn alice() -> Subject {
        Subject {
            game: Some(ServiceName::from(&GAME)),
            account: None,
            username: Some("alice".to_owned()),
        }
    }

    /// Returns the JSON of an event at a fixed time.
    fn json_of(event: Event) -> String {
        let time = Duration::from_millis(1_651_361_858_042);
        Event { time, ..event }.json()
    }

    #[test]
    fn events_are_one_line_of_json_with_the_documented_keys() {
        let queued = alice().event(EventKind::Queued {
            position: Some(15),
            eta: None,
        });
        assert_eq!(
            json_of(queued),
            r#"{"event":"queued","time":"2022-04-30T23:37:38.042Z","game":"ttr","account":null,"username":"alice","position":15,"eta":null}"#
        );
        let login = alice().event(EventKind::Login {});
        assert_eq!(
            json_of(login),
            r#"{"event":"login","time":"2022-04-30T23:37:38.042Z","game":"ttr","account":null,"username":"alice"}"#
        );
    }

    #[test]
    fn an_error_has_reason_hint_and_exit_status() {
        let failure = Failure::new(Reason::Credentials, "no \u{1b}[31mentry", "type it again");
        assert_eq!(
            json_of(Subject::default().failed(&failure)),
            r#"{"event":"error","time":"2022-04-30T23:37:38.042Z","game":null,"account":null,"username":null,"reason":"credentials","message":"no entry","hint":"type it again","exit":77}"#
        );
    }

    #[test]
    fn ready_has_values_only_if_they_are_given() {
        let variables = vec!["TTR_PLAYCOOKIE"];
        let ready = |environment| {
            alice()
                .event(EventKind::Ready {
                    variables: variables.clone(),
                    message: None,
                    environment,
                })
                .json()
        };
        assert!(ready(None).ends_with(r#""variables":["TTR_PLAYCOOKIE"]}"#));
        let values = VariableValues(vec![("TTR_PLAYCOOKIE", Secret::new("c\"1"))]);
        assert!(ready(Some(values)).ends_with(r#""environment":{"TTR_PLAYCOOKIE":"c\"1"}}"#));
    }

    #[test]
    fn control_sequences_in_a_username_are_removed() {
        let subject = Subject {
            username: Some("a\u{1b}]0;x\u{7}lice".to_owned()),
            ..alice()
        };
        let login = subject.event(EventKind::Login {});
        assert_eq!(
            login.sentence(),
            Some("Toontown Rewritten: logging in as alice".to_owned())
        );
    }
}
