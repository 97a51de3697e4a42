//! The field offices in the streets of Toontown Rewritten (Field Offices page, 2022).

use serde::{Deserialize, Serialize};

use super::GAME;
use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::base::timestamp;
use crate::games::json::{Map, Object, check_error, display_text, read_object};
use crate::protocol::{Error, Reply, Request};

const FIELD_OFFICES: &str = "/api/fieldoffices";
/// The numbers and names of the streets on the page; replies may contain others.
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
/// The letters and names of the departments on the page.
const DEPARTMENTS: [(&str, &str); 4] = [
    ("c", "Bossbot"),
    ("l", "Lawbot"),
    ("m", "Cashbot"),
    ("s", "Sellbot"),
];

/// Returns the request for the field offices.
pub fn request() -> Request {
    Request::get(FIELD_OFFICES)
}

/// All field offices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldOffices {
    /// The game's name on the command line.
    pub game: &'static str,
    /// When the server collected the data, in seconds since 1970.
    #[serde(serialize_with = "timestamp::serialize")]
    pub as_of: Option<u64>,
    /// The field offices, sorted by zone.
    pub field_offices: Vec<FieldOffice>,
}

/// One field office. A value that the server does not send is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldOffice {
    /// The number of its street.
    pub zone: String,
    /// The name of its street, if the page has it.
    pub street: Option<&'static str>,
    /// The name of its department, or the server's own text if that is unknown.
    pub department: Option<String>,
    /// The difficulty in stars, from 1; the server counts from 0. The number is not limited.
    pub stars: Option<u64>,
    /// How many annexes are left until it is defeated.
    pub annexes: Option<u64>,
    /// Whether toons can enter.
    pub open: Option<bool>,
    /// When all players in it are sent out, in seconds since 1970; set when no annex is left.
    #[serde(serialize_with = "timestamp::serialize")]
    pub expires: Option<u64>,
}

impl FieldOffice {
    /// Returns the name of its street, or its zone if the street is unknown.
    pub fn place(&self) -> String {
        let unknown = || format!("zone {}", self.zone);
        self.street.map_or_else(unknown, ToOwned::to_owned)
    }
}

/// Reads the reply to [`request`].
///
/// # Errors
/// When the server failed, or the reply has an `error` or no map of field offices.
pub fn read(reply: &Reply) -> Result<FieldOffices, Error> {
    let answer: Answer = read_object(reply)?;
    check_error(&answer.error, reply)?;
    let Some(records) = answer.field_offices.0 else {
        return Err(reply.not_understood("does not contain the field offices"));
    };
    let offices = records
        .into_iter()
        .filter_map(|(zone, record)| Some(record.0?.field_office(&zone)));
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
    field_offices: Map<Object<FieldOfficeRecord>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FieldOfficeRecord {
    department: Lenient,
    difficulty: Lenient,
    annexes: Lenient,
    open: Lenient,
    expiring: Lenient,
}

impl FieldOfficeRecord {
    fn field_office(&self, zone: &str) -> FieldOffice {
        let department = display_text(&self.department);
        let name = |letter: String| match find(&DEPARTMENTS, &letter.to_lowercase()) {
            Some(name) => name.to_owned(),
            None => letter,
        };
        let difficulty = self.difficulty.number();
        FieldOffice {
            zone: clean(zone),
            street: find(&STREETS, zone.trim()),
            department: department.map(name),
            stars: difficulty.and_then(|stars| stars.checked_add(1)),
            annexes: self.annexes.number(),
            open: self.open.flag(),
            expires: self.expiring.number(),
        }
    }
}

/// Returns the name of a key.
fn find(names: &[(&str, &'static str)], key: &str) -> Option<&'static str> {
    let name = names.iter().find(|(known, _)| *known == key);
    name.map(|(_, name)| *name)
}

#[cfg(test)]
mod tests;
