//! Objects and lists, read as leniently as [`Lenient`] reads a single value: another shape is as good as none.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};

use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::protocol::{Error as Failure, Reply, ServerMessage};

/// A field's text, made safe to show; nothing when nothing of it is left.
pub(super) fn shown(field: &Lenient) -> Option<String> {
    field.text().map(clean).filter(|text| !text.is_empty())
}

/// What an object held; nothing when there was a text, a number or a list in its place.
pub(super) struct Object<T>(pub(super) Option<T>);

/// What a list held; a single value counts as a list of one, `null` as an empty one.
pub(super) struct List<T>(pub(super) Vec<T>);

/// What an object held by name, when the names are not known beforehand; an empty list counts as an empty object, because
/// some servers write it so. Nothing when there was anything else in its place.
pub(super) struct Entries<T>(pub(super) Option<BTreeMap<String, T>>);

/// An answer that has to be an object.
///
/// # Errors
/// Those of [`Reply::read`]; not understood when it is anything else.
pub(super) fn object<T: DeserializeOwned>(reply: &Reply) -> Result<T, Failure> {
    let answer: Object<T> = reply.read()?;
    answer
        .0
        .ok_or_else(|| reply.not_understood("is JSON, and no object"))
}

/// Whether an answer is, in place of something that is no object with fields of its own, one with an `error`.
///
/// # Errors
/// Those of [`no_error`]; a reply that cannot be read is left to whoever reads it next.
pub(super) fn no_error_instead(reply: &Reply) -> Result<(), Failure> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct RunError {
        error: Lenient,
    }
    object(reply).map_or(Ok(()), |RunError { error }| no_error(&error))
}

/// Whether an answer holds, instead of what was asked for, an `error`.
///
/// # Errors
/// [`Failure::ServerFailed`] with the server's words when it does.
pub(super) fn no_error(error: &Lenient) -> Result<(), Failure> {
    match error.text() {
        Some(said) if error.flag() != Some(false) => Err(Failure::ServerFailed {
            status: None,
            message: ServerMessage::new(Some(said)),
        }),
        _ => Ok(()),
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnObject(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AList(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AllEntries(PhantomData))
    }
}

struct AllEntries<T>(PhantomData<T>);
struct AnObject<T>(PhantomData<T>);
struct AList<T>(PhantomData<T>);

/// The same for every kind of single value.
macro_rules! single_values {
    ($this:ident, $value:ident => $what:expr) => {
        single_values!(@ $this, $value => $what, visit_bool bool, visit_u64 u64, visit_i64 i64, visit_f64 f64,
            visit_str &str);
    };
    (@ $this:ident, $value:ident => $what:expr, $($visit:ident $kind:ty),+) => {
        $(fn $visit<E: Error>($this, $value: $kind) -> Result<Self::Value, E> { $what })+
    };
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AnObject<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    single_values!(self, _value => Ok(Object(None)));

    fn visit_unit<E>(self) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Object<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Object(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(|held| Object(Some(held)))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AllEntries<T> {
    type Value = Entries<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    single_values!(self, _value => Ok(Entries(None)));

    fn visit_unit<E>(self) -> Result<Entries<T>, E> {
        Ok(Entries(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Entries<T>, A::Error> {
        let mut empty = true;
        while list.next_element::<IgnoredAny>()?.is_some() {
            empty = false;
        }
        Ok(Entries(empty.then(BTreeMap::new)))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Entries<T>, A::Error> {
        BTreeMap::deserialize(MapAccessDeserializer::new(object)).map(|held| Entries(Some(held)))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AList<T> {
    type Value = List<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    single_values!(self, value => T::deserialize(value.into_deserializer()).map(|one| List(vec![one])));

    fn visit_unit<E>(self) -> Result<List<T>, E> {
        Ok(List(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T>, A::Error> {
        let mut held = Vec::new();
        while let Some(item) = list.next_element()? {
            held.push(item);
        }
        Ok(List(held))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<List<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(|one| List(vec![one]))
    }
}

#[cfg(test)]
mod tests;
