//! The doodles that the pet shops of Toontown Rewritten sell (Doodles page, 2023).

use serde::{Deserialize, Serialize};

use super::GAME;
use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::base::timestamp;
use crate::games::json::{List, Map, Object, check_error_reply, display_text};
use crate::protocol::{Error, Reply, Request};

const DOODLES: &str = "/api/doodles";

/// Returns the request for the doodles.
pub fn request() -> Request {
    Request::get(DOODLES)
}

/// All doodles for sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doodles {
    /// The game's name on the command line.
    pub game: &'static str,
    /// The time of the request in seconds since 1970, which the caller sets; the server sends no time.
    #[serde(serialize_with = "timestamp::serialize")]
    pub as_of: Option<u64>,
    /// The doodles, by district and playground.
    pub doodles: Vec<Doodle>,
}

/// One doodle. A value that the server does not send is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Doodle {
    /// The district of the pet shop.
    pub district: String,
    /// The playground of the pet shop.
    pub playground: String,
    /// The code of its appearance, for the game's own image server.
    pub dna: Option<String>,
    /// Its traits.
    pub traits: Vec<String>,
    /// The price in jellybeans.
    pub cost: Option<u64>,
}

/// Reads the reply to [`request`].
///
/// # Errors
/// When the server failed, the reply has an `error`, or none of its entries is a district.
pub fn read(reply: &Reply) -> Result<Doodles, Error> {
    check_error_reply(reply)?;
    let Map(Some(districts)) = reply.read::<Districts>()? else {
        return Err(reply.not_understood("has no districts with doodles"));
    };
    if !districts.is_empty() && districts.values().all(|district| district.0.is_none()) {
        return Err(reply.not_understood("has other values in place of districts with doodles"));
    }
    let mut doodles = Vec::new();
    for (district, Map(playgrounds)) in districts {
        for (playground, List(records)) in playgrounds.into_iter().flatten() {
            let records = records.into_iter().filter_map(|record| record.0);
            doodles.extend(records.map(|record| record.doodle(&district, &playground)));
        }
    }
    Ok(Doodles {
        game: GAME.id,
        as_of: None,
        doodles,
    })
}

/// The reply: doodles by district and playground.
type Districts = Map<Map<List<Object<DoodleRecord>>>>;

#[derive(Default, Deserialize)]
#[serde(default)]
struct DoodleRecord {
    dna: Lenient,
    traits: List<Lenient>,
    cost: Lenient,
}

impl DoodleRecord {
    fn doodle(&self, district: &str, playground: &str) -> Doodle {
        Doodle {
            district: clean(district),
            playground: clean(playground),
            dna: display_text(&self.dna),
            traits: self.traits.0.iter().filter_map(display_text).collect(),
            cost: self.cost.number(),
        }
    }
}

#[cfg(test)]
mod tests;
