//! The envelope of every answer: whether it is a "yes", and what a "no" means.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::base::lenient::Lenient;
use crate::games::json::Object;
use crate::protocol::{Error, Refusal, Reply, ServerMessage};

const ANOTHER_SHAPE: &str = "is JSON of another shape than promised";

/// What every answer is wrapped in.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Envelope<T> {
    #[serde(default)]
    ok: Lenient,
    #[serde(default)]
    error: Lenient,
    #[serde(default)]
    data: Object<T>,
}

/// What may make a "yes" a "no".
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Verdict {
    is_valid: Lenient,
    is_bound: Lenient,
}

/// What an answer holds, once it is known to be a "yes"; all that is missing is empty.
pub(super) fn data<T: DeserializeOwned + Default>(reply: &Reply) -> Result<T, Error> {
    judge(reply)?;
    match envelope::<T>(reply) {
        Some(envelope) => Ok(envelope.data.0.unwrap_or_default()),
        None => Err(reply.not_understood(ANOTHER_SHAPE)),
    }
}

fn envelope<T: DeserializeOwned>(reply: &Reply) -> Option<Envelope<T>> {
    serde_json::from_slice::<Object<Envelope<T>>>(reply.bytes())
        .ok()?
        .0
}

/// Whether an answer is a "yes": its words decide before its status does.
pub(super) fn judge(reply: &Reply) -> Result<(), Error> {
    if is_plain_unauthorized(reply.bytes()) {
        return Err(Error::Refused(Refusal::SignedOut, ServerMessage::default()));
    }
    let Some(Envelope { ok, error, data }) = envelope::<Verdict>(reply) else {
        reply.read::<IgnoredAny>()?;
        return Err(reply.not_understood(ANOTHER_SHAPE));
    };
    if let Some(word) = error.text() {
        return Err(refusal(word.trim(), reply));
    }
    let has_data = data.0.is_some();
    let verdict = data.0.unwrap_or_default();
    if verdict.is_valid.flag() == Some(false) {
        return Err(Error::Refused(Refusal::Code, ServerMessage::default()));
    }
    if verdict.is_bound.flag() == Some(false) {
        return Err(Error::Refused(Refusal::Account, ServerMessage::default()));
    }
    reply.read::<IgnoredAny>()?;
    match ok.flag() {
        Some(true) => Ok(()),
        Some(false) => Err(reply.not_understood("says no, and not why")),
        None if has_data && ok.text().is_none() => Ok(()),
        None => Err(reply.not_understood("does not say whether it went well")),
    }
}

/// The one answer that is no JSON.
fn is_plain_unauthorized(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let word = body
        .strip_prefix(b"\"")
        .and_then(|body| body.strip_suffix(b"\""));
    word.unwrap_or(body).eq_ignore_ascii_case(b"unauthorized")
}

/// What an error word means: the four known ones, then the status, then what its parts suggest.
fn refusal(word: &str, reply: &Reply) -> Error {
    let message = ServerMessage::new(Some(word));
    let word = word.to_ascii_lowercase();
    let has = |any: &[&str]| {
        word.split(|letter: char| !letter.is_alphanumeric())
            .any(|part| any.contains(&part))
    };
    let retry_after = reply.retry_after;
    match (word.as_str(), reply.status) {
        ("incorrect_pin", _) => Error::Refused(Refusal::Code, message),
        ("unauthorized", _) => Error::Refused(Refusal::SignedOut, message),
        ("binding_not_found", _) => Error::Refused(Refusal::Account, message),
        ("bad_request", _) => not_understood(&message, reply),
        (_, 429) => Error::TryLater {
            retry_after,
            message,
        },
        (_, 500..) => Error::ServerFailed {
            status: Some(reply.status),
            message,
        },
        _ if has(&["pin"]) => Error::Refused(Refusal::Code, message),
        _ if has(&["email"]) => Error::Refused(Refusal::Credentials, message),
        _ if has(&["banned", "disabled", "blocked", "locked"]) => {
            Error::Refused(Refusal::Account, message)
        }
        _ if has(&["many", "limit", "limited"]) => Error::TryLater {
            retry_after,
            message,
        },
        _ if has(&["maintenance"]) => Error::Closed(message),
        _ => not_understood(&message, reply),
    }
}

/// A "no" for a reason that means nothing to this program. It is shown when it looks like a word; anything else may be
/// a piece of what was sent.
fn not_understood(message: &ServerMessage, reply: &Reply) -> Error {
    const LONGEST: usize = 64;
    let is_word = |word: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b' ');
        word.len() <= LONGEST && word.bytes().all(plain)
    };
    match message.get().filter(is_word) {
        Some(word) => reply.not_understood(format!("says no: {word}")),
        None => reply.not_understood("says no in words that are not shown"),
    }
}

#[cfg(test)]
mod tests;
