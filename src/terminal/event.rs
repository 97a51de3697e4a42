//! What happens during a run, as one value: rendered as a sentence for people or as one line of JSON for scripts.
//!
//! The JSON is the contract of `cli.md`: keys in `snake_case`, durations in seconds, unknown numbers `null`.

use std::fmt::{self, Write as _};
use std::time::Duration;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::base::failure::Failure;
use crate::base::sanitize::{clean, plain};
use crate::base::secret::MASK;
use crate::games::Game;
use crate::protocol::Fields;

/// Something that happened, and to whom.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    #[serde(rename = "event")]
    name: &'static str,
    /// To which game; `null` when it happened before one was chosen.
    game: Option<Label>,
    /// The name under which the account is remembered; `null` when it is not.
    account: Option<String>,
    /// The name that is sent to the game's server.
    username: Option<String>,
    #[serde(flatten)]
    what: EventKind,
}

/// What happened.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum EventKind {
    /// A login begins.
    Login {},
    /// The player, or what stands in for them, is asked for something.
    Question {
        /// `username`, `password`, `code`, `pin` or `save`.
        kind: &'static str,
        /// The question, in the server's words where it has any.
        text: String,
    },
    /// In line.
    Queued {
        /// How many are in front.
        position: Option<u64>,
        /// Seconds until our turn.
        eta: Option<u64>,
    },
    /// Not in line, and coming back later.
    Waiting {
        /// The reason that it would have ended with.
        reason: &'static str,
        /// Seconds until the next try.
        retry_in: f64,
        /// Why, for people.
        #[serde(skip)]
        why: String,
        /// What is done then, for people.
        #[serde(skip)]
        then: &'static str,
    },
    /// The game may be started.
    Ready {
        /// The names of its variables.
        variables: Vec<&'static str>,
        /// Their values, only where they were asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        environment: Option<Environment>,
    },
    /// What would be started, with `--dry-run`.
    Planned {
        /// The program and its arguments.
        command: Vec<String>,
        /// The working directory.
        directory: String,
        /// The names of the variables.
        variables: Vec<&'static str>,
    },
    /// The game runs.
    Started {
        /// Its process id.
        pid: u32,
        /// The program and its arguments.
        command: Vec<String>,
    },
    /// The game ended.
    Exited {
        /// Its status, 128 + n when signal n ended it.
        status: i32,
    },
    /// Files are brought up to date. Bytes are those that are downloaded.
    Update {
        /// How many files are not as they should be.
        files: usize,
        /// How many bytes there are to fetch, once that is known of every file.
        bytes: Option<u64>,
        /// How many files are in their places.
        done_files: usize,
        /// How many bytes are there.
        done_bytes: u64,
        /// Bytes a second.
        #[serde(skip)]
        speed: Option<u64>,
        /// How long it will take.
        #[serde(skip)]
        left: Option<Duration>,
        /// Files under way.
        #[serde(skip)]
        under_way: Vec<String>,
    },
    /// A stand-in server is up.
    Serving {
        /// The root that leads to it.
        api: String,
        /// The published secret that its codes are made with, only where it wants any.
        #[serde(skip_serializing_if = "Option::is_none")]
        code_secret: Option<&'static str>,
    },
    /// It failed.
    Error {
        /// The word of the exit-status table.
        reason: &'static str,
        /// What happened.
        message: String,
        /// What to do.
        hint: String,
        /// The exit status.
        exit: u8,
    },
}

/// Variables that are shown with their values, because that is what was asked for.
#[derive(Debug, Clone)]
pub struct Environment(pub Fields);

impl Serialize for Environment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value.reveal())?;
        }
        map.end()
    }
}

/// What an event is about: a game, or a service that several share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// The word on the command line and in JSON.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
}

impl From<&'static Game> for Label {
    fn from(game: &'static Game) -> Self {
        Self {
            id: game.id,
            name: game.name,
        }
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

/// Whom events are about.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// The game, once chosen.
    pub game: Option<Label>,
    /// The name under which the account is remembered.
    pub account: Option<String>,
    /// The name that is sent to the game's server.
    pub username: Option<String>,
}

impl Subject {
    /// The name for people: that of the account, else the username, else the game.
    pub fn label(&self) -> String {
        let name = self.account.as_ref().or(self.username.as_ref());
        let game = self.game.map_or("playcookie", |game| game.name);
        name.map_or_else(|| game.to_owned(), |name| clean(name))
    }

    /// An event about this subject. Foreign strings in it are made safe to show.
    pub fn event(&self, what: EventKind) -> Event {
        let cleaned = |name: &Option<String>| name.as_deref().map(clean);
        Event {
            name: what.name(),
            game: self.game,
            account: cleaned(&self.account),
            username: cleaned(&self.username),
            what,
        }
    }

    /// The failure of this subject.
    pub fn failed(&self, failure: &Failure) -> Event {
        self.event(EventKind::Error {
            reason: failure.reason.name(),
            message: plain(&failure.message),
            hint: plain(&failure.hint),
            exit: failure.reason.status(),
        })
    }
}

impl EventKind {
    /// A question in this program's own words: `username`, `password` or `save`.
    pub const fn question(kind: &'static str) -> Self {
        Self::Question {
            kind,
            text: String::new(),
        }
    }

    /// How far an update is.
    fn far(&self) -> Option<String> {
        let Self::Update {
            files,
            bytes,
            done_files,
            done_bytes,
            speed,
            left,
            under_way,
        } = self
        else {
            return None;
        };
        let mut words = format!("{done_files} of {files} files, {}", Amount(*done_bytes));
        if let Some(bytes) = bytes {
            let _ = write!(words, " of {}", Amount(*bytes));
        }
        if let Some(speed) = speed {
            let _ = write!(words, ", {}/s", Amount(*speed));
        }
        if let Some(left) = left.filter(|left| !left.is_zero()) {
            let _ = write!(words, ", about {} left", span(left));
        }
        if !under_way.is_empty() {
            let _ = write!(words, ": {}", under_way.join(", "));
        }
        Some(words)
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
            Self::Serving { .. } => "serving",
            Self::Error { .. } => "error",
        }
    }
}

impl Event {
    /// One line of JSON, without its end.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether the next event of this kind takes its place on a terminal.
    pub const fn is_progress(&self) -> bool {
        matches!(
            self.what,
            EventKind::Queued { .. } | EventKind::Waiting { .. } | EventKind::Update { .. }
        )
    }

    /// Whether it is what a person is asked.
    pub const fn is_question(&self) -> bool {
        matches!(self.what, EventKind::Question { .. })
    }

    /// A sentence for people; nothing when the prompt, the error or the game itself says it.
    pub fn sentence(&self) -> Option<String> {
        let game = self.game.map_or("playcookie", |game| game.name);
        let game = match &self.account {
            Some(account) => format!("{game} ({account})"),
            None => game.to_owned(),
        };
        Some(match &self.what {
            EventKind::Login {} => format!("{game}: logging in as {}", self.username.as_ref()?),
            EventKind::Question {
                kind: "code" | "pin",
                text,
            } if !text.is_empty() => format!("{game}: {text}"),
            EventKind::Question { .. }
            | EventKind::Ready { .. }
            | EventKind::Error { .. }
            | EventKind::Exited { status: 0 } => return None,
            EventKind::Queued { position, eta } => {
                format!("{game}: in line{}", place(*position, *eta))
            }
            EventKind::Waiting {
                why,
                retry_in,
                then,
                ..
            } => {
                format!(
                    "{game}: {why}, {then} in {}",
                    span(Duration::from_secs_f64(retry_in.max(0.0)))
                )
            }
            EventKind::Planned {
                command,
                directory,
                variables,
            } => planned(command, directory, variables),
            EventKind::Started { .. } => format!("{game}: started"),
            EventKind::Exited { status } => format!("{game}: ended with status {status}"),
            EventKind::Update { .. } => format!("{game}: {}", self.what.far()?),
            EventKind::Serving { api, .. } => format!("--api {api}"),
        })
    }
}

/// ", place 15, about 1 min", as far as it is known.
fn place(position: Option<u64>, eta: Option<u64>) -> String {
    let mut words = String::new();
    if let Some(position) = position.filter(|position| *position > 0) {
        let _ = write!(words, ", place {position}");
    }
    if let Some(eta) = eta.filter(|eta| *eta > 0) {
        let _ = write!(words, ", about {}", span(Duration::from_secs(eta)));
    }
    words
}

/// A time in the two largest units that say something.
pub fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) => format!("{:.1} s", time.as_secs_f32()),
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// A number of bytes for people, in powers of a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub u64);

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
        let Self(bytes) = *self;
        let mut unit = 1000_u64;
        for name in UNITS {
            // With one digit behind the point, 999.95 of a unit would be written as 1000.0.
            if bytes < unit.saturating_mul(1000) - unit / 20 && bytes >= 1000 {
                let tenths = (u128::from(bytes) * 10 + u128::from(unit) / 2) / u128::from(unit);
                return write!(formatter, "{}.{} {name}", tenths / 10, tenths % 10);
            }
            unit = unit.saturating_mul(1000);
        }
        if bytes < 1000 {
            write!(formatter, "{bytes} bytes")
        } else {
            write!(formatter, "{} TB", bytes / 1_000_000_000_000)
        }
    }
}

fn planned(command: &[String], directory: &str, variables: &[&str]) -> String {
    let words = command
        .iter()
        .map(|word| shlex::try_quote(word).map_or_else(|_| word.clone(), Into::into));
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
    use crate::base::failure::Reason;
    use crate::base::secret::Secret;
    use crate::games::ttr::GAME;

    fn alice() -> Subject {
        Subject {
            game: Some(Label::from(&GAME)),
            account: None,
            username: Some("alice".to_owned()),
        }
    }

    #[test]
    fn events_are_one_line_of_json_with_the_keys_of_the_contract() {
        let queued = alice().event(EventKind::Queued {
            position: Some(15),
            eta: None,
        });
        assert_eq!(
            queued.json(),
            r#"{"event":"queued","game":"ttr","account":null,"username":"alice","position":15,"eta":null}"#
        );
        let login = alice().event(EventKind::Login {});
        assert_eq!(
            login.json(),
            r#"{"event":"login","game":"ttr","account":null,"username":"alice"}"#
        );
    }

    #[test]
    fn an_error_carries_reason_hint_and_exit_status() {
        let failure = Failure::new(Reason::Credentials, "no \u{1b}[31mentry", "type it again");
        assert_eq!(
            Subject::default().failed(&failure).json(),
            r#"{"event":"error","game":null,"account":null,"username":null,"reason":"credentials","message":"no entry","hint":"type it again","exit":77}"#
        );
    }

    #[test]
    fn ready_shows_values_only_when_they_were_asked_for() {
        let variables = vec!["TTR_PLAYCOOKIE"];
        let ready = |environment| {
            alice()
                .event(EventKind::Ready {
                    variables: variables.clone(),
                    environment,
                })
                .json()
        };
        assert!(ready(None).ends_with(r#""variables":["TTR_PLAYCOOKIE"]}"#));
        let values = Environment(vec![("TTR_PLAYCOOKIE", Secret::new("c\"1"))]);
        assert!(ready(Some(values)).ends_with(r#""environment":{"TTR_PLAYCOOKIE":"c\"1"}}"#));
    }

    #[test]
    fn a_hostile_username_cannot_steer_the_terminal() {
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

    #[test]
    fn amounts_are_read_in_the_largest_unit_that_says_something() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (1_949, "1.9 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (123_456_789, "123.5 MB"),
            (5_000_000_000, "5.0 GB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(Amount(bytes).to_string(), words);
        }
    }

    #[test]
    fn people_read_their_place_in_line() {
        let line = |position, eta| {
            alice()
                .event(EventKind::Queued { position, eta })
                .sentence()
                .unwrap_or_default()
        };
        assert_eq!(
            line(Some(15), Some(60)),
            "Toontown Rewritten: in line, place 15, about 1 min"
        );
        assert_eq!(line(Some(0), Some(0)), "Toontown Rewritten: in line");
        assert_eq!(
            line(None, Some(3725)),
            "Toontown Rewritten: in line, about 1 h 2 min"
        );
    }
}
