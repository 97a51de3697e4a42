//! The field offices that Sellbots and their kind have set up in the streets (Field Offices page, 2022).

use serde::{Deserialize, Serialize};

use super::GAME;
use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::base::timestamp;
use crate::games::shape::{Entries, Object, no_error, object, shown};
use crate::protocol::{Error, Reply, Request};

const FIELD_OFFICES: &str = "/api/fieldoffices";
/// The streets that the page names; others may appear.
const STREETS: [(&str, &str); 11] = [
    ("3100", "Walrus Way"),
    ("3200", "Sleet Street"),
    ("3300", "Polar Place"),
    ("4100", "Alto Avenue"),
    ("4200", "Baritone Boulevard"),
    ("4300", "Tenor Terrace"),
    ("5100", "Elm Street"),
    ("5200", "Maple Street"),
    ("5300", "Oak Street"),
    ("9100", "Lullaby Lane"),
    ("9200", "Pajama Place"),
];
/// The page has a letter in their place.
const DEPARTMENTS: [(&str, &str); 4] = [
    ("c", "Bossbot"),
    ("l", "Lawbot"),
    ("m", "Cashbot"),
    ("s", "Sellbot"),
];

/// Asks where field offices are.
pub fn ask() -> Request {
    Request::get(FIELD_OFFICES)
}

/// All field offices at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldOffices {
    /// The game's word on the command line.
    pub game: &'static str,
    /// When the website asked the game, in seconds since 1970.
    #[serde(serialize_with = "timestamp::serialize")]
    pub as_of: Option<u64>,
    /// The field offices, by zone.
    pub field_offices: Vec<FieldOffice>,
}

/// One field office. What is not told is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldOffice {
    /// The number of its street.
    pub zone: String,
    /// The name of its street, where the page names it.
    pub street: Option<&'static str>,
    /// The cogs that it belongs to: their department's name, or the word that the server has for it.
    pub department: Option<String>,
    /// How hard it is, from 1 star; the server counts from 0. A stranger's number: not to be drawn without a limit.
    pub stars: Option<u64>,
    /// How many annexes are left until it is defeated.
    pub annexes: Option<u64>,
    /// Whether toons can enter.
    pub open: Option<bool>,
    /// When everybody inside is sent out, in seconds since 1970; only once no annex is left.
    #[serde(serialize_with = "timestamp::serialize")]
    pub expires: Option<u64>,
}

impl FieldOffice {
    /// Where it is, for people.
    pub fn place(&self) -> String {
        let unknown = || format!("zone {}", self.zone);
        self.street.map_or_else(unknown, ToOwned::to_owned)
    }
}

/// What the reply to [`ask`] means.
///
/// # Errors
/// When the server failed, says so in `error`, or has no field offices, not even none.
pub fn read(reply: &Reply) -> Result<FieldOffices, Error> {
    let answer: Answer = object(reply)?;
    no_error(&answer.error)?;
    let Some(told) = answer.field_offices.0 else {
        return Err(reply.not_understood("does not say where field offices are"));
    };
    let offices = told
        .into_iter()
        .filter_map(|(zone, office)| Some(office.0?.at(&zone)));
    Ok(FieldOffices {
        game: GAME.id,
        as_of: answer.last_updated.number(),
        field_offices: offices.collect(),
    })
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    error: Lenient,
    last_updated: Lenient,
    field_offices: Entries<Object<Told>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    department: Lenient,
    difficulty: Lenient,
    annexes: Lenient,
    open: Lenient,
    expiring: Lenient,
}

impl Told {
    fn at(&self, zone: &str) -> FieldOffice {
        let department = shown(&self.department);
        let name = |letter: String| match found(&DEPARTMENTS, &letter.to_lowercase()) {
            Some(name) => name.to_owned(),
            None => letter,
        };
        let difficulty = self.difficulty.number();
        FieldOffice {
            zone: clean(zone),
            street: found(&STREETS, zone.trim()),
            department: department.map(name),
            stars: difficulty.and_then(|stars| stars.checked_add(1)),
            annexes: self.annexes.number(),
            open: self.open.flag(),
            expires: self.expiring.number(),
        }
    }
}

fn found(names: &[(&str, &'static str)], kind: &str) -> Option<&'static str> {
    let name = names.iter().find(|(key, _)| *key == kind);
    name.map(|(_, name)| *name)
}

#[cfg(test)]
mod tests;
