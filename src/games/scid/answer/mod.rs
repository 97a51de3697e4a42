//! What the servers answer, once their envelopes are opened.

use serde::{Deserialize, Serialize};

use super::envelope::{data, judge};
use super::tokens::Tokens;
use crate::base::lenient::Lenient;
use crate::games::json::{List, Object, display_text};
use crate::protocol::{Error, Reply};

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

/// What the reply to a request for a PIN means. No PIN need be on its way: see [`UNSIGNED`](crate::games::scid::UNSIGNED).
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
        email: display_text(&data.email),
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
    let email = display_text(&data.email);
    let pid = data.pid.text().and_then(|pid| pid.parse().ok());
    let missing = |name| reply.not_understood(format!("has no {name}"));
    let scid = data.scid.secret().ok_or_else(|| missing("scid"))?;
    let scid_token = data
        .scid_token
        .secret()
        .ok_or_else(|| missing("scidToken"))?;
    Tokens::from_parts(scid, scid_token, data.bind_token.secret())
        .map(|tokens| tokens.told(email, pid))
        .map_err(|bad| reply.not_understood(format!("has a token that cannot be used ({bad})")))
}

/// Which games are linked.
///
/// # Errors
/// When the server said no, or something that was not understood.
pub fn linked(reply: &Reply) -> Result<Links, Error> {
    let data: Linked = data(reply)?;
    let links = data.links.0.into_iter().filter_map(|link| link.0);
    Ok(Links {
        attribution_id: display_text(&data.attribution_id),
        system: display_text(&data.system),
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
        created: display_text(&data.created),
        lang: display_text(&data.lang),
        marketing: data.email_marketing_permission.flag(),
        marketing_changed: display_text(&data.email_marketing_timestamp),
        consents: consents
            .filter_map(|scope| scope.0)
            .map(Scope::consent)
            .collect(),
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Validated {
    email: Lenient,
    application: Object<Player>,
    system: Object<Player>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Player {
    application: Lenient,
    system: Lenient,
    account: Lenient,
    username: Lenient,
    progress: List<Lenient>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Confirmed {
    scid: Lenient,
    scid_token: Lenient,
    bind_token: Lenient,
    email: Lenient,
    pid: Lenient,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Linked {
    attribution_id: Lenient,
    system: Lenient,
    links: List<Object<Link>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Link {
    system: Lenient,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    created: Lenient,
    lang: Lenient,
    email_marketing_permission: Lenient,
    email_marketing_timestamp: Lenient,
    marketing_scope_consents: List<Object<Scope>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Scope {
    #[serde(rename = "scope_id")]
    id: Lenient,
    #[serde(rename = "scope_localized_name")]
    name: Lenient,
    #[serde(rename = "scope_consent")]
    consent: Lenient,
}

impl Player {
    fn profile(self) -> Profile {
        let mut progress = self.progress.0.iter().map(Lenient::number);
        Profile {
            game: display_text(&self.application).or_else(|| display_text(&self.system)),
            account: display_text(&self.account),
            username: display_text(&self.username),
            level: progress.next().flatten(),
            points: progress.next().flatten(),
        }
    }
}

impl Link {
    fn name(&self) -> Option<String> {
        display_text(&self.system).filter(|name| !name.eq_ignore_ascii_case("unknown"))
    }
}

impl Scope {
    fn consent(self) -> Consent {
        Consent {
            id: display_text(&self.id),
            name: display_text(&self.name),
            consent: self.consent.flag(),
        }
    }
}

#[cfg(test)]
mod tests;
