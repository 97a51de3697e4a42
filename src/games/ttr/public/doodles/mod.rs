//! The doodles that the pet shops sell (Doodles page, 2023).

use serde::{Deserialize, Serialize};

use super::GAME;
use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::base::timestamp;
use crate::games::shape::{Entries, List, Object, no_error_instead, shown};
use crate::protocol::{Error, Reply, Request};

const DOODLES: &str = "/api/doodles";

/// Asks which doodles are for sale.
pub fn ask() -> Request {
    Request::get(DOODLES)
}

/// All doodles at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doodles {
    /// The game's word on the command line.
    pub game: &'static str,
    /// The game does not say when; whoever asked fills in when that was, in seconds since 1970.
    #[serde(serialize_with = "timestamp::serialize")]
    pub as_of: Option<u64>,
    /// The doodles, by district and playground.
    pub doodles: Vec<Doodle>,
}

/// One doodle. What is not told is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Doodle {
    /// The district of the pet shop.
    pub district: String,
    /// The playground of the pet shop.
    pub playground: String,
    /// What it looks like, as the game's own picture service takes it.
    pub dna: Option<String>,
    /// What it is like.
    pub traits: Vec<String>,
    /// What it costs, in jellybeans.
    pub cost: Option<u64>,
}

/// What the reply to [`ask`] means.
///
/// # Errors
/// When the server failed, says so in `error`, or what it has in place of every district is none.
pub fn read(reply: &Reply) -> Result<Doodles, Error> {
    no_error_instead(reply)?;
    let Entries(Some(districts)) = reply.read::<Districts>()? else {
        return Err(reply.not_understood("has no districts with doodles"));
    };
    if !districts.is_empty() && districts.values().all(|district| district.0.is_none()) {
        return Err(reply.not_understood("has something else in place of districts with doodles"));
    }
    let mut doodles = Vec::new();
    for (district, Entries(playgrounds)) in districts {
        for (playground, List(sold)) in playgrounds.into_iter().flatten() {
            let sold = sold.into_iter().filter_map(|doodle| doodle.0);
            doodles.extend(sold.map(|doodle| doodle.at(&district, &playground)));
        }
    }
    Ok(Doodles {
        game: GAME.id,
        as_of: None,
        doodles,
    })
}

/// Doodles by playground by district.
type Districts = Entries<Entries<List<Object<Told>>>>;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    dna: Lenient,
    traits: List<Lenient>,
    cost: Lenient,
}

impl Told {
    fn at(&self, district: &str, playground: &str) -> Doodle {
        Doodle {
            district: clean(district),
            playground: clean(playground),
            dna: shown(&self.dna),
            traits: self.traits.0.iter().filter_map(shown).collect(),
            cost: self.cost.number(),
        }
    }
}

#[cfg(test)]
mod tests;
