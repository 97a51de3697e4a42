//! The outer form of every reply, `{ok, error, data}`: whether the call succeeded, and what an error means.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::base::lenient::Lenient;
use crate::games::json::Object;
use crate::protocol::{Error, Refusal, Reply, ServerCode, ServerMessage};

const OTHER_FORM: &str = "is JSON of another form than documented";

/// The outer object of every reply.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de> + Default"))]
struct Response<T> {
    #[serde(default)]
    ok: Lenient,
    #[serde(default)]
    error: Lenient,
    #[serde(default)]
    data: Object<T>,
}

/// The fields of `data` that can make a reply with `ok` a refusal.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PinStatus {
    is_valid: Lenient,
    is_bound: Lenient,
}

/// Returns `data` of a successful reply. Missing fields have their default values.
///
/// # Errors
/// The errors of [`check`], and [`Error::NotUnderstood`] when `data` does not have the form of `T`.
pub(super) fn data<T: DeserializeOwned + Default>(reply: &Reply) -> Result<T, Error> {
    check(reply)?;
    match response::<T>(reply) {
        Some(response) => Ok(response.data.0.unwrap_or_default()),
        None => Err(reply.not_understood(OTHER_FORM)),
    }
}

fn response<T: DeserializeOwned + Default>(reply: &Reply) -> Option<Response<T>> {
    serde_json::from_slice::<Object<Response<T>>>(reply.bytes())
        .ok()?
        .0
}

/// Checks whether a call succeeded. The body has priority over the HTTP status.
///
/// # Errors
/// When the call did not succeed, or the reply does not have the documented form.
pub(super) fn check(reply: &Reply) -> Result<(), Error> {
    let refused = |refusal| Err(Error::Refused(refusal, ServerMessage::default()));
    if is_plain_unauthorized(reply.bytes()) {
        return refused(Refusal::SignedOut);
    }
    let Some(Response { ok, error, data }) = response::<PinStatus>(reply) else {
        reply.read::<IgnoredAny>()?;
        return Err(reply.not_understood(OTHER_FORM));
    };
    if let Some(word) = error.text() {
        return Err(refusal(word.trim(), reply));
    }
    let has_data = data.0.is_some();
    let pin = data.0.unwrap_or_default();
    if pin.is_valid.flag() == Some(false) {
        return refused(Refusal::Code);
    }
    if pin.is_bound.flag() == Some(false) {
        return refused(Refusal::Account);
    }
    reply.read::<IgnoredAny>()?;
    match ok.flag() {
        _ if reply.has_failed() => Err(reply.not_understood("is a success")),
        Some(true) => Ok(()),
        Some(false) => Err(reply.not_understood("is a refusal without a reason")),
        None if has_data && ok.text().is_none() => Ok(()),
        None => Err(reply.not_understood("does not say whether the call succeeded")),
    }
}

/// Whether a body is "Unauthorized", the only reply that is not JSON.
fn is_plain_unauthorized(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let word = body
        .strip_prefix(b"\"")
        .and_then(|body| body.strip_suffix(b"\""));
    word.unwrap_or(body).eq_ignore_ascii_case(b"unauthorized")
}

/// Returns the error for the text of `error`: the four documented texts, else the HTTP status, else the words in the text.
fn refusal(word: &str, reply: &Reply) -> Error {
    let message = ServerMessage::new(Some(word));
    let message = match message.get().filter(is_word) {
        Some(code) => {
            let code = ServerCode::Word(code.to_owned());
            message.with_code(code, None)
        }
        None => message,
    };
    let word = word.to_ascii_lowercase();
    let has = |any: &[&str]| {
        word.split(|character: char| !character.is_alphanumeric())
            .any(|part| any.contains(&part))
    };
    let retry_after = reply.retry_after;
    match (word.as_str(), reply.status) {
        ("incorrect_pin", _) => Error::Refused(Refusal::Code, message),
        ("unauthorized", _) => Error::Refused(Refusal::SignedOut, message),
        ("binding_not_found", _) => Error::Refused(Refusal::Account, message),
        ("bad_request", _) => unknown_refusal(message, reply),
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
        _ => unknown_refusal(message, reply),
    }
}

/// Creates the error for an unknown reason. It is shown when it consists of letters, because anything else may be part of
/// the request.
fn unknown_refusal(message: ServerMessage, reply: &Reply) -> Error {
    let status = reply.status;
    let what = match message.get().filter(is_word) {
        Some(word) => format!("HTTP {status} that is a refusal: {word}"),
        None => format!("HTTP {status} that is a refusal with a reason that is not shown"),
    };
    Error::UnknownRefusal(what, message)
}

/// Whether a text can be a word of the protocol.
fn is_word(text: &&str) -> bool {
    const MAX_LENGTH: usize = 64;
    let plain = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b' ');
    text.len() <= MAX_LENGTH && text.bytes().all(plain)
}

#[cfg(test)]
mod tests;
