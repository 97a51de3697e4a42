//! Lenient deserialization of objects and lists: a value of another type counts as missing, as in [`Lenient`].

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};

use serde_json::Value;

use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::protocol::{Error as ProtocolError, Reply, ServerMessage};

/// Returns the text of a field for display, without control characters; `None` when nothing is left of it.
pub(super) fn display_text(field: &Lenient) -> Option<String> {
    field.text().map(clean).filter(|text| !text.is_empty())
}

/// Returns a JSON value whose texts and keys are safe to display.
pub(super) fn clean_json(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean(text)),
        Value::Array(items) => items.iter().map(clean_json).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            fields
                .map(|(key, value)| (clean(key), clean_json(value)))
                .collect()
        }
        other => other.clone(),
    }
}

/// The value of an object; none when there is a text, a number, a list or `null` in its place.
#[derive(Default)]
pub(super) struct Object<T>(pub(super) Option<T>);

/// The items of a list. A single value counts as a list with one item, and `null` as an empty list.
#[derive(Default)]
pub(super) struct List<T>(pub(super) Vec<T>);

/// The entries of an object whose names are not known beforehand; none when there is another type in its place. An empty
/// list counts as an empty object, because some servers send that.
#[derive(Default)]
pub(super) struct Map<T>(pub(super) Option<BTreeMap<String, T>>);

/// Deserializes a reply that has to be an object.
///
/// # Errors
/// The errors of [`Reply::read`], and [`ProtocolError::NotUnderstood`] when the reply is not an object.
pub(super) fn read_object<T: DeserializeOwned>(reply: &Reply) -> Result<T, ProtocolError> {
    let answer: Object<T> = reply.read()?;
    answer
        .0
        .ok_or_else(|| reply.not_understood("is JSON, but not an object"))
}

/// Checks whether a reply that should be a list or a map is an object with the field `error` instead. Any other reply
/// passes.
///
/// # Errors
/// The errors of [`check_error`].
pub(super) fn check_error_reply(reply: &Reply) -> Result<(), ProtocolError> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct ErrorReply {
        error: Lenient,
    }
    read_object(reply).map_or(Ok(()), |ErrorReply { error }| check_error(&error, reply))
}

/// Checks the field `error` of a reply.
///
/// # Errors
/// With the field's text when it is set: [`ProtocolError::TryLater`] with HTTP status 429, else
/// [`ProtocolError::ServerFailed`].
pub(super) fn check_error(error: &Lenient, reply: &Reply) -> Result<(), ProtocolError> {
    let text = error.text().filter(|_| error.flag() != Some(false));
    let Some(text) = text else {
        return Ok(());
    };
    let message = ServerMessage::new(Some(text));
    Err(match reply.status {
        429 => ProtocolError::TryLater {
            retry_after: reply.retry_after,
            message,
        },
        status => ProtocolError::ServerFailed {
            status: (status >= 500).then_some(status),
            message,
        },
    })
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = ObjectVisitor { empty_list: None };
        deserializer.deserialize_any(visitor).map(Self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let empty_list = Some(BTreeMap::new());
        let visitor = ObjectVisitor { empty_list };
        deserializer.deserialize_any(visitor).map(Self)
    }
}

/// Visits an object; other values count as missing, except that an empty list may have a value of its own.
struct ObjectVisitor<T> {
    empty_list: Option<T>,
}

struct ListVisitor<T>(PhantomData<T>);

/// Implements the `visit_…` functions of all scalar types with the same expression.
macro_rules! visit_scalars {
    ($this:ident, $value:ident => $result:expr) => {
        visit_scalars!(@ $this, $value => $result, visit_bool bool, visit_u64 u64, visit_i64 i64, visit_f64 f64,
            visit_str &str);
    };
    (@ $this:ident, $value:ident => $result:expr, $($visit:ident $kind:ty),+) => {
        $(fn $visit<E: Error>($this, $value: $kind) -> Result<Self::Value, E> { $result })+
    };
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    visit_scalars!(self, _value => Ok(None));

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<T>, A::Error> {
        let mut is_empty = true;
        while list.next_element::<IgnoredAny>()?.is_some() {
            is_empty = false;
        }
        Ok(self.empty_list.filter(|_| is_empty))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(Some)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    visit_scalars!(self, value => T::deserialize(value.into_deserializer()).map(|one| List(vec![one])));

    fn visit_unit<E>(self) -> Result<List<T>, E> {
        Ok(List(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<List<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(|one| List(vec![one]))
    }
}

#[cfg(test)]
mod tests;
