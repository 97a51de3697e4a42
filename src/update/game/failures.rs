//! What goes wrong with an update, for people.

use crate::base::failure::{Failure, Reason};
use crate::endpoint::exchange;
use crate::http;
use crate::manifest;
use crate::protocol::Reply;
use crate::terminal::event::Amount;
use crate::update::file_error::FileError;
use crate::update::{DownloadError, Error};

/// Room on a disk.
const ROOM: &str =
    "make room, or name a directory on another disk with --game-dir; what is complete is kept";
const AGAIN: &str = "run it again: it goes on where it stopped";

/// Why a game is not up to date.
pub(crate) fn of(error: &Error) -> Failure {
    match error {
        Error::Download { name, error } => lost(name, error),
        Error::NoSpace { name, needed, free } => Failure::new(
            Reason::Io,
            format!(
                "{name} needs {} on the disk, and {} are free",
                Amount(*needed),
                Amount(*free)
            ),
            ROOM,
        ),
        Error::Disk(trouble) => disk(trouble),
        Error::Thread(name) => Failure::new(
            Reason::Io,
            format!("the system has no thread for {name}"),
            "close a few programs, then run it again",
        ),
    }
}

/// What the disk says.
pub(crate) fn disk(trouble: &FileError) -> Failure {
    let hint = match trouble {
        FileError::Link { .. } => {
            "nothing is read or written through links: put a folder in its place, or name another directory with --game-dir"
        }
        FileError::NotAFile { .. } | FileError::NotAFolder { .. } => {
            "move what is in the way somewhere else, then run it again"
        }
        FileError::Full { .. } => ROOM,
        FileError::Io { .. } => "check the disk and who may write there, then run it again",
    };
    Failure::new(Reason::Io, trouble.to_string(), hint)
}

/// A manifest that is not followed.
pub(crate) fn manifest(game: &str, error: &manifest::Error) -> Failure {
    match error {
        manifest::Error::NotUnderstood(what) => Failure::new(
            Reason::NotUnderstood,
            format!("the list of files of {game} {what}"),
            "its format may have changed, or something in between answered; try again later",
        ),
        manifest::Error::Name { .. } => Failure::new(
            Reason::Verification,
            format!("the list of files of {game} is refused: {error}"),
            "nothing was changed; whoever answers there is not to be trusted, or made a mistake: try again later",
        ),
    }
}

/// A file that could not be fetched.
fn lost(name: &str, loss: &DownloadError) -> Failure {
    let why = loss_in_words(loss);
    let (reason, hint) = match loss {
        DownloadError::Connection(http::Error::TooLarge(_) | http::Error::NotHttp)
        | DownloadError::UnexpectedStatus(_) => (
            Reason::NotUnderstood,
            "something in between may have answered; try again later",
        ),
        DownloadError::Connection(_) => (Reason::Network, AGAIN),
        DownloadError::ServerError(_) | DownloadError::Missing => (
            Reason::ServerError,
            "try again in a few minutes: what is complete is kept",
        ),
        DownloadError::TryLater(_) => (
            Reason::TryLater,
            "try again later: what is complete is kept",
        ),
        DownloadError::Corrupt(_) => (
            Reason::Verification,
            "the server, or something in between, sends another content; the old file is untouched: try again later",
        ),
    };
    Failure::new(reason, format!("{name} could not be fetched: {why}"), hint)
}

/// Why a file did not arrive.
pub(crate) fn loss_in_words(loss: &DownloadError) -> String {
    match loss {
        DownloadError::Connection(error) => error.to_string(),
        DownloadError::ServerError(status) => format!("the server failed, HTTP {status}"),
        DownloadError::TryLater(None) => "the server asks to try later".to_owned(),
        DownloadError::TryLater(Some(pause)) => format!(
            "the server asks to try again in {}",
            crate::terminal::event::span(*pause)
        ),
        DownloadError::Missing => "the server does not have it".to_owned(),
        DownloadError::UnexpectedStatus(status) => format!("the server answered HTTP {status}"),
        DownloadError::Corrupt(what) => (*what).to_owned(),
    }
}

/// A list that did not arrive.
pub(crate) fn no_answer(what: &str, error: &http::Error) -> Failure {
    let reason = exchange::reason(error);
    Failure::new(
        reason,
        format!("{what} cannot be fetched: {error}"),
        exchange::CHECK,
    )
}

/// An answer that is no list.
pub(crate) fn no_list(what: &str, reply: &Reply) -> Failure {
    let (reason, hint) = match reply.status {
        429 => (Reason::TryLater, "try again in a few minutes"),
        500.. => (Reason::ServerError, "try again in a few minutes"),
        _ => (
            Reason::NotUnderstood,
            "its place may have changed, or something in between answered; try again later",
        ),
    };
    let status = reply.status;
    Failure::new(
        reason,
        format!("{what} cannot be fetched: the server answered HTTP {status}"),
        hint,
    )
}

/// Nowhere to fetch files from.
pub(crate) fn no_mirror(game: &str) -> Failure {
    Failure::new(
        Reason::NotUnderstood,
        format!("no server is known that the files of {game} are on"),
        "try again later; -v shows what was left out",
    )
}
