//! Lenient deserialization of single values: the documents promise strings, and the servers have sent numbers and
//! booleans too.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::base::secret::Secret;
use crate::base::timestamp;

/// The value of a JSON field as text; none when the field is missing, `null`, a list or an object.
///
/// Any field may contain a token, so the text is stored as a [`Secret`].
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Lenient(Option<Secret>);

impl Lenient {
    /// Returns the text, or `None` when there is none or it is empty.
    pub fn text(&self) -> Option<&str> {
        self.0
            .as_ref()
            .map(Secret::reveal)
            .filter(|text| !text.is_empty())
    }

    /// Returns the text as a secret, or `None` when there is none or it is empty.
    pub fn secret(self) -> Option<Secret> {
        self.0.filter(|secret| !secret.is_empty())
    }

    /// Returns the value as an amount: a number that is not negative, without its fraction.
    pub fn number(&self) -> Option<u64> {
        let text = self.text()?.trim();
        text.parse().ok().or_else(|| truncated(text.parse().ok()?))
    }

    /// Returns the value as a time in seconds since 1970: an amount, or a date in one of the forms of
    /// [`timestamp::parse`].
    pub fn time(&self) -> Option<u64> {
        self.number().or_else(|| timestamp::parse(self.text()?))
    }

    /// Returns the value as a code, such as a status: an integer; `None` for a number with a fraction.
    pub fn code(&self) -> Option<i64> {
        self.text()?.trim().parse().ok()
    }

    /// Returns the value as a boolean: `true`, `false`, 1 or 0, as a JSON value or in a string.
    pub fn flag(&self) -> Option<bool> {
        match self.text()?.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}

/// Returns the integer part of a finite number that is not negative.
fn truncated(number: f64) -> Option<u64> {
    if !number.is_finite() || number < 0.0 {
        return None;
    }
    format!("{:.0}", number.trunc()).parse().ok()
}

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LenientVisitor)
    }
}

struct LenientVisitor;

impl<'de> Visitor<'de> for LenientVisitor {
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

    fn lenient(json: &str) -> Lenient {
        serde_json::from_str(json).expect("JSON")
    }

    #[test]
    fn a_number_may_be_a_string() {
        assert_eq!(lenient("\"60\"").number(), Some(60));
        assert_eq!(lenient("60").number(), Some(60));
        assert_eq!(lenient("60.9").number(), Some(60));
    }

    #[test]
    fn other_values_are_no_number() {
        for json in [
            "-1", "\"soon\"", "null", "[]", "{}", "\"\"", "true", "1e400000",
        ] {
            if let Ok(field) = serde_json::from_str::<Lenient>(json) {
                assert_eq!(field.number(), None, "{json}");
            }
        }
        assert_eq!(lenient("1e300").number(), None);
    }

    #[test]
    fn a_code_is_an_integer_without_a_fraction() {
        assert_eq!(lenient("7").code(), Some(7));
        assert_eq!(lenient("\" 7 \"").code(), Some(7));
        assert_eq!(lenient("-1").code(), Some(-1));
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
            assert_eq!(lenient(json).code(), None, "{json}");
        }
    }

    #[test]
    fn a_boolean_may_be_a_string() {
        assert_eq!(lenient("true").flag(), Some(true));
        assert_eq!(lenient("\"False\"").flag(), Some(false));
        assert_eq!(lenient("\"partial\"").flag(), None);
    }

    #[test]
    fn null_empty_and_nested_values_have_no_text() {
        for json in ["null", "\"\"", "[1,[2]]", "{\"a\":{\"b\":1}}"] {
            assert_eq!(lenient(json).text(), None, "{json}");
            assert_eq!(lenient(json).secret(), None, "{json}");
        }
    }

    #[test]
    fn the_debug_output_does_not_contain_the_text() {
        assert!(!format!("{:?}", lenient("\"deadbeef\"")).contains("deadbeef"));
    }
}
