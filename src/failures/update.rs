//! Turns the errors of an update into failures.

use super::{CONNECTION, http_reason};
use crate::base::failure::{Failure, Reason};
use crate::manifest;
use crate::protocol::{Reply, TransportError};
use crate::update::file_error::FileError;
use crate::update::{DownloadError, Error};

/// What to do about a full disk.
const ROOM: &str =
    "free space, or name a directory on another disk with --game-dir; complete files are kept";
const CONTINUE: &str = "run it again to continue";

/// Returns the failure of an update.
pub(crate) fn of(error: &Error) -> Failure {
    let (reason, hint) = match error {
        Error::Download { error, .. } => download(error),
        Error::NoSpace { .. } => (Reason::Io, ROOM),
        Error::Disk(error) => return disk(error),
        Error::Thread(_) => (Reason::Io, "close a few programs, then run it again"),
    };
    Failure::new(reason, error.to_string(), hint)
}

/// Returns the failure of a file operation.
pub(crate) fn disk(error: &FileError) -> Failure {
    let hint = match error {
        FileError::Link { .. } => {
            "replace it with a folder, since links are not followed, or name another directory with --game-dir"
        }
        FileError::NotAFile { .. } | FileError::NotAFolder { .. } => {
            "move it somewhere else, then run it again"
        }
        FileError::Full { .. } => ROOM,
        FileError::Io { .. } => "check the disk and its permissions, then run it again",
    };
    Failure::new(Reason::Io, error.to_string(), hint)
}

/// Returns the failure for an invalid manifest.
pub(crate) fn manifest(game: &str, error: &manifest::Error) -> Failure {
    match error {
        manifest::Error::NotUnderstood(what) => Failure::new(
            Reason::NotUnderstood,
            format!("the list of files of {game} {what}"),
            "try again later; the format may have changed, or a proxy answered",
        ),
        manifest::Error::Name { .. } => Failure::new(
            Reason::Verification,
            format!("the list of files of {game} is refused: {error}"),
            "try again later; the server is faulty or not to be trusted, and nothing was changed",
        ),
    }
}

/// Returns why a file cannot be fetched, and what to do.
const fn download(error: &DownloadError) -> (Reason, &'static str) {
    match error {
        DownloadError::Connection(TransportError::TooLarge(_) | TransportError::NotHttp)
        | DownloadError::UnexpectedStatus(_) => (
            Reason::NotUnderstood,
            "try again later; a proxy may have answered",
        ),
        DownloadError::Connection(_) | DownloadError::TooSlow => (Reason::Network, CONTINUE),
        DownloadError::DiskFull => (Reason::Io, ROOM),
        DownloadError::ServerError(_) | DownloadError::Missing => (
            Reason::ServerError,
            "try again in a few minutes; complete files are kept",
        ),
        DownloadError::TryLater(_) => {
            (Reason::TryLater, "try again later; complete files are kept")
        }
        DownloadError::Corrupt(_) => (
            Reason::Verification,
            "try again later: the server or a proxy sends different content; the installed file is unchanged",
        ),
    }
}

/// Returns the failure for a request that has no answer.
pub(crate) fn no_answer(what: &str, error: &TransportError) -> Failure {
    let message = format!("{what} cannot be fetched: {error}");
    Failure::new(http_reason(error), message, CONNECTION)
}

/// Returns the failure for an answer with an unexpected status.
pub(crate) fn no_list(what: &str, reply: &Reply) -> Failure {
    let (reason, hint) = match reply.status {
        429 => (Reason::TryLater, "try again in a few minutes"),
        500.. => (Reason::ServerError, "try again in a few minutes"),
        _ => (
            Reason::NotUnderstood,
            "try again later; the URL may have changed, or a proxy answered",
        ),
    };
    let status = reply.status;
    let message = format!("{what} cannot be fetched: the server answered HTTP {status}");
    Failure::new(reason, message, hint)
}

/// Returns the failure when no mirror can be used.
pub(crate) fn no_mirror(game: &str) -> Failure {
    Failure::new(
        Reason::NotUnderstood,
        format!("no server with the files of {game} is known"),
        "try again later; -v shows the servers that were ignored",
    )
}
