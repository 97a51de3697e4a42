//! Objects and lists, read as leniently as [`Loose`] reads a single value: another shape is as good as none.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use crate::loose::Loose;
use crate::sanitize::clean;

/// A field's text, made safe to show; nothing when nothing of it is left.
pub(super) fn shown(field: &Loose) -> Option<String> {
    field.text().map(clean).filter(|text| !text.is_empty())
}

/// What an object held; nothing when there was a text, a number or a list in its place.
pub(super) struct Object<T>(pub(super) Option<T>);

/// What a list held; a single value counts as a list of one, `null` as an empty one.
pub(super) struct List<T>(pub(super) Vec<T>);

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
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Named {
        #[serde(default)]
        name: Loose,
    }

    fn object(json: &str) -> Option<String> {
        let object: Object<Named> = serde_json::from_str(json).expect("JSON");
        let name = |named: Named| shown(&named.name).unwrap_or_default();
        object.0.map(name)
    }

    fn list(json: &str) -> Vec<Option<String>> {
        let list: List<Loose> = serde_json::from_str(json).expect("JSON");
        list.0.iter().map(shown).collect()
    }

    #[test]
    fn only_an_object_is_an_object() {
        assert_eq!(object(r#"{"name":"OJ","more":[1]}"#), Some("OJ".to_owned()));
        assert_eq!(object("{}"), Some(String::new()));
        for json in [
            "null",
            "7",
            "-7",
            "0.5",
            "true",
            "\"OJ\"",
            "[]",
            r#"["OJ",{"a":[]}]"#,
        ] {
            assert_eq!(object(json), None, "{json}");
        }
    }

    #[test]
    fn a_single_value_is_a_list_of_one() {
        let one = |text: &str| vec![Some(text.to_owned())];
        assert_eq!(
            list(r#"["a",1,null]"#),
            [one("a"), one("1"), vec![None]].concat()
        );
        assert_eq!(
            (list("\"a\""), list("7"), list("-7")),
            (one("a"), one("7"), one("-7"))
        );
        assert_eq!((list("true"), list("0.5")), (one("true"), one("0.5")));
        assert_eq!(
            (list("null"), list("[]"), list("{\"a\":1}")),
            (vec![], vec![], vec![None])
        );
    }

    #[test]
    fn a_text_of_control_characters_alone_is_nothing() {
        assert_eq!(
            list(r#"["\u0007\u001b[2J","a\u202eb"]"#),
            [None, Some("ab".to_owned())]
        );
    }
}
