//! What the servers answer: the envelope of every answer first, then what is in it.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::shape::{List, Object, shown};
use super::tokens::Tokens;
use crate::login::{Error, Refusal, Reply, Words};
use crate::loose::Loose;

/// Who a PIN belongs to, as far as the server tells; made safe to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The address that the PIN was sent to.
    pub email: Option<String>,
    /// The player in the game's environment.
    pub application: Option<Profile>,
    /// The player in the game.
    pub system: Option<Profile>,
}

/// A player of one game.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// The game's code (`scroll`), or that with its environment (`scroll-prod`).
    pub game: Option<String>,
    /// The player tag.
    pub account: Option<String>,
    /// The player's name.
    pub username: Option<String>,
    /// The experience level.
    pub level: Option<u64>,
    /// The experience points.
    pub points: Option<u64>,
}

/// The games that a Supercell ID is linked with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Links {
    /// An id for the server's own use.
    pub attribution_id: Option<String>,
    /// The game that asked.
    pub system: Option<String>,
    /// One for each game that the server knows of: its name when it is linked, nothing when it is one of the others,
    /// which the server does not name.
    pub links: Vec<Option<String>>,
}

/// The settings of a Supercell ID.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// When the Supercell ID was made, in the server's words.
    pub created: Option<String>,
    /// The language of its e-mails.
    pub lang: Option<String>,
    /// Whether it wants advertising by e-mail.
    pub marketing: Option<bool>,
    /// When that was last changed, in the server's words.
    pub marketing_changed: Option<String>,
    /// What it wants advertising about.
    pub consents: Vec<Consent>,
}

/// Something that there is advertising about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Consent {
    /// The server's word for it.
    pub id: Option<String>,
    /// The name for people.
    pub name: Option<String>,
    /// Whether advertising is wanted.
    pub consent: Option<bool>,
}

/// What the reply to a request for a PIN means. No PIN need be on its way: see [`UNSIGNED`](super::UNSIGNED).
///
/// # Errors
/// When the server said no, or something that was not understood.
pub fn code_requested(reply: &Reply) -> Result<(), Error> {
    judge(reply)
}

/// Whose PIN it is.
///
/// # Errors
/// When the server said no, the PIN is wrong or belongs to nobody, or the answer was not understood.
pub fn validated(reply: &Reply) -> Result<Identity, Error> {
    let data: Validated = data(reply)?;
    Ok(Identity {
        email: shown(&data.email),
        application: data.application.0.map(Player::profile),
        system: data.system.0.map(Player::profile),
    })
}

/// The tokens that a PIN was traded for.
///
/// # Errors
/// As [`validated`]; and when a token is missing that every further request needs.
pub fn confirmed(reply: &Reply) -> Result<Tokens, Error> {
    let data: Confirmed = data(reply)?;
    let email = shown(&data.email);
    let pid = data.pid.text().and_then(|pid| pid.parse().ok());
    let missing = |name| reply.misunderstood(format!("has no {name}"));
    let scid = data.scid.secret().ok_or_else(|| missing("scid"))?;
    let scid_token = data
        .scid_token
        .secret()
        .ok_or_else(|| missing("scidToken"))?;
    Tokens::from_parts(scid, scid_token, data.bind_token.secret())
        .map(|tokens| tokens.told(email, pid))
        .map_err(|bad| reply.misunderstood(format!("has a token that cannot be used ({bad})")))
}

/// Which games are linked.
///
/// # Errors
/// When the server said no, or something that was not understood.
pub fn linked(reply: &Reply) -> Result<Links, Error> {
    let data: Linked = data(reply)?;
    let links = data.links.0.into_iter().filter_map(|link| link.0);
    Ok(Links {
        attribution_id: shown(&data.attribution_id),
        system: shown(&data.system),
        links: links.map(|link| link.name()).collect(),
    })
}

/// The settings, read or just changed.
///
/// # Errors
/// When the server said no, or something that was not understood.
pub fn settings_read(reply: &Reply) -> Result<Settings, Error> {
    let data: Told = data(reply)?;
    let consents = data.marketing_scope_consents.0.into_iter();
    Ok(Settings {
        created: shown(&data.created),
        lang: shown(&data.lang),
        marketing: data.email_marketing_permission.flag(),
        marketing_changed: shown(&data.email_marketing_timestamp),
        consents: consents
            .filter_map(|scope| scope.0)
            .map(Scope::consent)
            .collect(),
    })
}

/// What every answer is wrapped in.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Envelope<T> {
    #[serde(default)]
    ok: Loose,
    #[serde(default)]
    error: Loose,
    #[serde(default)]
    data: Object<T>,
}

/// What may make a "yes" a "no".
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Verdict {
    is_valid: Loose,
    is_bound: Loose,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Validated {
    email: Loose,
    application: Object<Player>,
    system: Object<Player>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Player {
    application: Loose,
    system: Loose,
    account: Loose,
    username: Loose,
    progress: List<Loose>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Confirmed {
    scid: Loose,
    scid_token: Loose,
    bind_token: Loose,
    email: Loose,
    pid: Loose,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Linked {
    attribution_id: Loose,
    system: Loose,
    links: List<Object<Link>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Link {
    system: Loose,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    created: Loose,
    lang: Loose,
    email_marketing_permission: Loose,
    email_marketing_timestamp: Loose,
    marketing_scope_consents: List<Object<Scope>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Scope {
    scope_id: Loose,
    scope_localized_name: Loose,
    scope_consent: Loose,
}

impl Player {
    fn profile(self) -> Profile {
        let mut progress = self.progress.0.iter().map(Loose::number);
        Profile {
            game: shown(&self.application).or_else(|| shown(&self.system)),
            account: shown(&self.account),
            username: shown(&self.username),
            level: progress.next().flatten(),
            points: progress.next().flatten(),
        }
    }
}

impl Link {
    fn name(&self) -> Option<String> {
        shown(&self.system).filter(|name| !name.eq_ignore_ascii_case("unknown"))
    }
}

impl Scope {
    fn consent(self) -> Consent {
        Consent {
            id: shown(&self.scope_id),
            name: shown(&self.scope_localized_name),
            consent: self.scope_consent.flag(),
        }
    }
}

/// What an answer holds, once it is known to be a "yes"; all that is missing is empty.
fn data<T: DeserializeOwned + Default>(reply: &Reply) -> Result<T, Error> {
    judge(reply)?;
    Ok(envelope(reply)
        .and_then(|envelope| envelope.data.0)
        .unwrap_or_default())
}

fn envelope<T: DeserializeOwned>(reply: &Reply) -> Option<Envelope<T>> {
    serde_json::from_slice::<Object<Envelope<T>>>(reply.bytes())
        .ok()?
        .0
}

/// Whether an answer is a "yes": its words decide before its status does.
fn judge(reply: &Reply) -> Result<(), Error> {
    if is_plain_unauthorized(reply.bytes()) {
        return Err(Error::Refused(Refusal::SignedOut, Words::none()));
    }
    let Some(Envelope { ok, error, data }) = envelope::<Verdict>(reply) else {
        reply.read::<IgnoredAny>()?;
        return Err(reply.misunderstood("is JSON of another shape than promised"));
    };
    if let Some(word) = error.text() {
        return Err(refusal(word.trim(), reply));
    }
    let has_data = data.0.is_some();
    let verdict = data.0.unwrap_or_default();
    if verdict.is_valid.flag() == Some(false) {
        return Err(Error::Refused(Refusal::Code, Words::none()));
    }
    if verdict.is_bound.flag() == Some(false) {
        return Err(Error::Refused(Refusal::Account, Words::none()));
    }
    reply.read::<IgnoredAny>()?;
    match ok.flag() {
        Some(true) => Ok(()),
        Some(false) => Err(reply.misunderstood("says no, and not why")),
        None if has_data && ok.text().is_none() => Ok(()),
        None => Err(reply.misunderstood("does not say whether it went well")),
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
    let words = Words::new(Some(word));
    let word = word.to_ascii_lowercase();
    let has = |any: &[&str]| {
        word.split(|letter: char| !letter.is_alphanumeric())
            .any(|part| any.contains(&part))
    };
    let retry_after = reply.retry_after;
    match (word.as_str(), reply.status) {
        ("incorrect_pin", _) => Error::Refused(Refusal::Code, words),
        ("unauthorized", _) => Error::Refused(Refusal::SignedOut, words),
        ("binding_not_found", _) => Error::Refused(Refusal::Account, words),
        ("bad_request", _) => not_understood(&words, reply),
        (_, 429) => Error::TryLater { retry_after, words },
        (_, 500..) => Error::ServerFailed {
            status: Some(reply.status),
            words,
        },
        _ if has(&["pin"]) => Error::Refused(Refusal::Code, words),
        _ if has(&["email"]) => Error::Refused(Refusal::Credentials, words),
        _ if has(&["banned", "disabled", "blocked", "locked"]) => {
            Error::Refused(Refusal::Account, words)
        }
        _ if has(&["many", "limit", "limited"]) => Error::TryLater { retry_after, words },
        _ if has(&["maintenance"]) => Error::Closed(words),
        _ => not_understood(&words, reply),
    }
}

/// A "no" for a reason that means nothing to this program. It is shown when it looks like a word; anything else may be
/// a piece of what was sent.
fn not_understood(words: &Words, reply: &Reply) -> Error {
    const LONGEST: usize = 64;
    let is_word = |word: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b' ');
        word.len() <= LONGEST && word.bytes().all(plain)
    };
    match words.get().filter(is_word) {
        Some(word) => reply.misunderstood(format!("says no: {word}")),
        None => reply.misunderstood("says no in words that are not shown"),
    }
}

#[cfg(test)]
mod tests;
