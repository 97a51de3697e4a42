//! Mutated replies for property tests of the parsers.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

/// Values that replace a value of another type.
const VALUES: [&str; 15] = [
    "null",
    "true",
    "\"true\"",
    "-1",
    "18446744073709551615",
    "1e300",
    "0.5",
    "\"\"",
    "\"None\"",
    r#""\u0003\u001b[2J\u202eab""#,
    "\"99999999999999999999999/-1\"",
    "[]",
    "{}",
    "[[null],7]",
    r#"{"error":{"name":[]}}"#,
];

/// Generates one of the samples with some bytes deleted, replaced or inserted, or some JSON values replaced.
pub(super) fn mutated(samples: Vec<&'static str>) -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop::collection::vec((0_u8..3, any::<Index>(), any::<u8>()), 1..6);
    let values = prop::collection::vec((any::<Index>(), select(VALUES.to_vec())), 1..5);
    prop_oneof![
        (select(samples.clone()), bytes).prop_map(|(sample, edits)| {
            edits
                .into_iter()
                .fold(sample.as_bytes().to_vec(), edit_bytes)
        }),
        (select(samples), values).prop_map(|(sample, edits)| {
            let value = serde_json::from_str(sample).expect("JSON");
            edits.into_iter().fold(value, edit_value).to_string().into()
        }),
    ]
}

fn edit_bytes(mut body: Vec<u8>, (kind, at, byte): (u8, Index, u8)) -> Vec<u8> {
    let at = at.index(body.len() + 1);
    match kind {
        0 => body.insert(at, byte),
        1 => {
            body.drain(at..(at + usize::from(byte)).min(body.len()));
        }
        _ => body.iter_mut().skip(at).take(1).for_each(|it| *it = byte),
    }
    body
}

fn edit_value(mut value: Value, (at, new): (Index, &str)) -> Value {
    let mut index = at.index(count(&value));
    if let Some(old) = nth(&mut value, &mut index) {
        *old = serde_json::from_str(new).expect("JSON");
    }
    value
}

/// Returns the number of values in a value, including itself.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(object) => object.values().map(count).sum(),
        _ => 0,
    }
}

/// Returns the value at `index` in depth-first order.
fn nth<'a>(value: &'a mut Value, index: &mut usize) -> Option<&'a mut Value> {
    if *index == 0 {
        return Some(value);
    }
    *index -= 1;
    match value {
        Value::Array(list) => list.iter_mut().find_map(|inner| nth(inner, index)),
        Value::Object(object) => object.values_mut().find_map(|inner| nth(inner, index)),
        _ => None,
    }
}
