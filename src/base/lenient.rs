//! A field of an answer, read leniently: the documents say strings, the servers have sent numbers and booleans.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::base::secret::Secret;

/// What a field held, as text; nothing when it was missing, `null`, a list or an object.
///
/// Every field may turn out to be a token, so all are kept like secrets.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Lenient(Option<Secret>);

impl Lenient {
    /// The text, when there is any; an empty one is as good as none.
    pub fn text(&self) -> Option<&str> {
        self.0
            .as_ref()
            .map(Secret::reveal)
            .filter(|text| !text.is_empty())
    }

    /// The same, still hidden.
    pub fn secret(self) -> Option<Secret> {
        self.0.filter(|secret| !secret.is_empty())
    }

    /// A whole number that is not negative; a fraction is cut off.
    pub fn number(&self) -> Option<u64> {
        let text = self.text()?.trim();
        text.parse().ok().or_else(|| whole(text.parse().ok()?))
    }

    /// A whole number that stands for something, such as a status; a fraction or anything else stands for nothing.
    pub fn code(&self) -> Option<i64> {
        self.text()?.trim().parse().ok()
    }

    /// A boolean, spelled out or not.
    pub fn flag(&self) -> Option<bool> {
        match self.text()?.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}

/// The whole part of a finite number that is not negative.
fn whole(number: f64) -> Option<u64> {
    if !number.is_finite() || number < 0.0 {
        return None;
    }
    format!("{:.0}", number.trunc()).parse().ok()
}

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Lenient;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Lenient, E> {
        Ok(Lenient(Some(Secret::new(text))))
    }

    fn visit_string<E>(self, text: String) -> Result<Lenient, E> {
        Ok(Lenient(Some(Secret::new(text))))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Lenient, E> {
        Ok(Lenient(Some(Secret::new(flag.to_string()))))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Lenient, E> {
        Ok(Lenient(Some(Secret::new(number.to_string()))))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Lenient, E> {
        Ok(Lenient(Some(Secret::new(number.to_string()))))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Lenient, E> {
        Ok(Lenient(Some(Secret::new(number.to_string()))))
    }

    fn visit_unit<E>(self) -> Result<Lenient, E> {
        Ok(Lenient(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Lenient, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Lenient(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Lenient, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Lenient(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loose(json: &str) -> Lenient {
        serde_json::from_str(json).expect("JSON")
    }

    #[test]
    fn a_number_may_come_as_text() {
        assert_eq!(loose("\"60\"").number(), Some(60));
        assert_eq!(loose("60").number(), Some(60));
        assert_eq!(loose("60.9").number(), Some(60));
    }

    #[test]
    fn what_is_no_count_is_no_number() {
        for json in [
            "-1", "\"soon\"", "null", "[]", "{}", "\"\"", "true", "1e400000",
        ] {
            if let Ok(field) = serde_json::from_str::<Lenient>(json) {
                assert_eq!(field.number(), None, "{json}");
            }
        }
        assert_eq!(loose("1e300").number(), None);
    }

    #[test]
    fn a_code_is_a_whole_number_and_nothing_near_it() {
        assert_eq!(loose("7").code(), Some(7));
        assert_eq!(loose("\" 7 \"").code(), Some(7));
        assert_eq!(loose("-1").code(), Some(-1));
        for json in [
            "7.5",
            "\"7.5\"",
            "true",
            "null",
            "\"\"",
            "[7]",
            "1e300",
            "18446744073709551615",
        ] {
            assert_eq!(loose(json).code(), None, "{json}");
        }
    }

    #[test]
    fn a_boolean_may_come_as_text() {
        assert_eq!(loose("true").flag(), Some(true));
        assert_eq!(loose("\"False\"").flag(), Some(false));
        assert_eq!(loose("\"partial\"").flag(), None);
    }

    #[test]
    fn null_and_empty_and_nested_are_nothing() {
        for json in ["null", "\"\"", "[1,[2]]", "{\"a\":{\"b\":1}}"] {
            assert_eq!(loose(json).text(), None, "{json}");
            assert_eq!(loose(json).secret(), None, "{json}");
        }
    }

    #[test]
    fn a_field_does_not_show_itself_when_debugged() {
        assert!(!format!("{:?}", loose("\"deadbeef\"")).contains("deadbeef"));
    }
}
