//! What the servers of the current interface answer, and what ends a login whatever was asked.

use serde::Deserialize;

use super::REALM;
use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::games::ttcc::refusal;
use crate::protocol::{Error, Refusal, Reply, ServerMessage, environment_value};

/// What a server says that has too much to do.
const BUSY: &str = "a lot of toons";

/// The answer to a registration and to a login.
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
    /// An answer that neither wants a sign-in nor an approval first.
    pub(super) fn of(reply: &Reply) -> Result<Self, Error> {
        let answer: Self = reply.read()?;
        let refused = |why| {
            Err(Error::Refused(
                why,
                ServerMessage::new(answer.message.text()),
            ))
        };
        if answer.bad_token.flag() == Some(true) {
            return refused(Refusal::SignedOut);
        }
        if answer.toonstep.flag() == Some(true) {
            return refused(Refusal::Approval);
        }
        Ok(answer)
    }

    /// What the server said, when it was that it has too much to do.
    pub(super) fn busy(&self) -> Option<ServerMessage> {
        let said = self
            .message
            .text()
            .filter(|_| self.token.text().is_none())?;
        said.to_lowercase()
            .contains(BUSY)
            .then(|| ServerMessage::new(Some(said)))
    }

    /// What was asked for.
    pub(super) fn token(self, reply: &Reply) -> Result<Secret, Error> {
        match self.status.flag().or(self.success.flag()) {
            Some(true) => environment_value(reply, "token", self.token.secret()),
            Some(false) => Err(refusal(self.reason.code(), self.message.text(), reply)),
            None => Err(reply.not_understood("has no status that is true or false")),
        }
    }
}

/// Whether a token is no longer good, in whatever else is there.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Standing {
    bad_token: Lenient,
    message: Lenient,
}

/// Where things are; an older shape has no realms.
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

/// The game server that the metadata names, if they name one. The game can be played without them, so only a token that
/// is no longer good, and a name that no variable can carry, end the login here.
pub(super) fn hostname(reply: &Reply) -> Result<Option<Secret>, Error> {
    if let Ok(standing) = reply.read::<Standing>()
        && standing.bad_token.flag() == Some(true)
    {
        let message = ServerMessage::new(standing.message.text());
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
