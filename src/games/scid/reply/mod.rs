//! The data in the replies of the servers.

use serde::{Deserialize, Serialize};

use super::response;
use super::tokens::Tokens;
use crate::base::lenient::Lenient;
use crate::games::json::{List, Object, display_text};
use crate::protocol::{Error, Reply};

/// The identity that a PIN belongs to. All texts are safe to display.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The address that the PIN was sent to.
    pub email: Option<String>,
    /// The player in the environment of the game (`scroll-prod`).
    pub application: Option<Profile>,
    /// The player in the game (`scroll`).
    pub system: Option<Profile>,
}

/// A player in one game.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// The game's code (`scroll`), or the code with the environment (`scroll-prod`).
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

/// The games that are linked to a Supercell ID.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Links {
    /// An internal id of the server.
    pub attribution_id: Option<String>,
    /// The game for which the login was made.
    pub system: Option<String>,
    /// One item for each game that the server knows: the name of a linked game, or `None` for one that is not linked, because
    /// the server does not name those.
    pub links: Vec<Option<String>>,
}

/// The settings of a Supercell ID.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// When the Supercell ID was created, as the server wrote it.
    pub created: Option<String>,
    /// The language of e-mails.
    pub lang: Option<String>,
    /// Whether advertising by e-mail is accepted.
    pub marketing: Option<bool>,
    /// When that was last changed, as the server wrote it.
    pub marketing_changed: Option<String>,
    /// The topics of advertising.
    pub consents: Vec<Consent>,
}

/// A topic of advertising.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Consent {
    /// The server's id of the topic.
    pub id: Option<String>,
    /// The localized name.
    pub name: Option<String>,
    /// Whether advertising about it is accepted.
    pub consent: Option<bool>,
}

/// Reads the reply to [`request_code`](super::Service::request_code). A success does not mean that an e-mail was sent: see
/// [`UNSIGNED_NOTICE`](super::UNSIGNED_NOTICE).
///
/// # Errors
/// When the server refused the request, or the reply does not have the documented form.
pub fn read_code_request(reply: &Reply) -> Result<(), Error> {
    response::check(reply)
}

/// Returns the PIN in a reply of the stand-in server; a real server's reply contains none.
pub fn rehearsal_pin(reply: &Reply) -> Option<String> {
    #[derive(Deserialize)]
    struct PinReply {
        rehearsal_pin: String,
    }
    let reply: PinReply = serde_json::from_slice(reply.bytes()).ok()?;
    Some(reply.rehearsal_pin)
}

/// Reads the reply to [`validate`](super::Service::validate).
///
/// # Errors
/// When the PIN is wrong or belongs to no account, or the reply does not have the documented form.
pub fn read_identity(reply: &Reply) -> Result<Identity, Error> {
    let data: ValidateData = response::data(reply)?;
    Ok(Identity {
        email: display_text(&data.email),
        application: data.application.0.map(Player::profile),
        system: data.system.0.map(Player::profile),
    })
}

/// Reads the reply to [`confirm`](super::Service::confirm).
///
/// # Errors
/// The errors of [`read_identity`], and when one of the two tokens is missing that all other requests need.
pub fn read_tokens(reply: &Reply) -> Result<Tokens, Error> {
    let data: ConfirmData = response::data(reply)?;
    let pid = data.pid.text().and_then(|pid| pid.parse().ok());
    let missing = |name| reply.not_understood(format!("has no {name}"));
    let scid = data.scid.secret().ok_or_else(|| missing("scid"))?;
    let scid_token = data
        .scid_token
        .secret()
        .ok_or_else(|| missing("scidToken"))?;
    Tokens::new(scid, scid_token, data.bind_token.secret())
        .map(|tokens| tokens.with_pid(pid))
        .map_err(|error| reply.not_understood(format!("has an invalid token ({error})")))
}

/// Reads the reply to [`links`](super::Service::links).
///
/// # Errors
/// When the server refused the tokens, or the reply does not have the documented form.
pub fn read_links(reply: &Reply) -> Result<Links, Error> {
    let data: LinksData = response::data(reply)?;
    let links = data.links.0.into_iter().filter_map(|link| link.0);
    Ok(Links {
        attribution_id: display_text(&data.attribution_id),
        system: display_text(&data.system),
        links: links.map(|link| link.name()).collect(),
    })
}

/// Reads the reply to [`settings`](super::Service::settings) or [`set_marketing`](super::Service::set_marketing).
///
/// # Errors
/// When the server refused the tokens, or the reply does not have the documented form.
pub fn read_settings(reply: &Reply) -> Result<Settings, Error> {
    let data: SettingsData = response::data(reply)?;
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
struct ValidateData {
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
struct ConfirmData {
    scid: Lenient,
    scid_token: Lenient,
    bind_token: Lenient,
    pid: Lenient,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct LinksData {
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
struct SettingsData {
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
