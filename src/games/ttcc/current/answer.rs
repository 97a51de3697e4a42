//! The replies of the current interface.

use serde::Deserialize;

use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::games::ttcc::{REALM, refusal};
use crate::protocol::{Error, Refusal, Reply, ServerMessage, environment_value};

/// Words in the message of a server that is too busy.
const BUSY: &str = "a lot of toons";

/// The reply to a registration or a login.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    status: Lenient,
    success: Lenient,
    reason: Lenient,
    toonstep: Lenient,
    message: Lenient,
    token: Lenient,
    bad_token: Lenient,
}

impl Answer {
    /// Deserializes a reply.
    ///
    /// # Errors
    /// The errors of [`Reply::read`], and [`Error::Refused`] when the token is invalid or the device has to be approved.
    pub(super) fn read(reply: &Reply) -> Result<Self, Error> {
        let answer: Self = reply.read()?;
        if answer.bad_token.flag() == Some(true) {
            return Err(Error::Refused(Refusal::SignedOut, answer.message()));
        }
        if answer.toonstep.flag() == Some(true) {
            return Err(Error::Refused(Refusal::Approval, answer.message()));
        }
        Ok(answer)
    }

    /// Returns the message.
    pub(super) fn message(&self) -> ServerMessage {
        ServerMessage::new(self.message.text())
    }

    /// Returns the message if it says that the server is too busy.
    pub(super) fn busy(&self) -> Option<ServerMessage> {
        let message = self.message.text();
        let message = message.filter(|_| self.token.text().is_none())?;
        let is_busy = message.to_lowercase().contains(BUSY);
        is_busy.then(|| ServerMessage::new(Some(message)))
    }

    /// Returns the token that was asked for.
    pub(super) fn token(self, reply: &Reply) -> Result<Secret, Error> {
        match self.status.flag().or(self.success.flag()) {
            Some(true) => environment_value(reply, "token", self.token.secret()),
            Some(false) => Err(refusal(self.reason.code(), self.message.text(), reply)),
            None => Err(reply.not_understood("has no status that is true or false")),
        }
    }
}

/// The fields of a reply that say whether the token is invalid.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenStatus {
    bad_token: Lenient,
    message: Lenient,
}

/// The realms in the metadata; an older form has none.
#[derive(Deserialize)]
struct Metadata {
    realms: Vec<Option<Realm>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Realm {
    slug: Lenient,
    hostname: Lenient,
}

/// Returns the game server in the metadata, if there is one. The game has a default server, so other metadata are ignored.
///
/// # Errors
/// [`Error::Refused`] when the token is invalid; [`Error::NotUnderstood`] when the server's name cannot be a variable.
pub(super) fn hostname(reply: &Reply) -> Result<Option<Secret>, Error> {
    if let Ok(status) = reply.read::<TokenStatus>()
        && status.bad_token.flag() == Some(true)
    {
        let message = ServerMessage::new(status.message.text());
        return Err(Error::Refused(Refusal::SignedOut, message));
    }
    let realms = reply
        .read()
        .map_or_else(|_| Vec::new(), |it: Metadata| it.realms);
    let realm = realms
        .into_iter()
        .flatten()
        .find(|realm| realm.slug.text() == Some(REALM));
    let hostname = realm.and_then(|realm| realm.hostname.secret());
    hostname
        .map(|hostname| environment_value(reply, "hostname", Some(hostname)))
        .transpose()
}
