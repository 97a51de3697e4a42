//! Reads the scalars of a YAML file. Aliases are not followed, so that no file grows.

use saphyr_parser::{Event, Parser};

use super::key_values::KeyValues;

/// The maximum size of a file in bytes, since the parser is slow. The files of bottles and games have a tenth of that.
const MAX_SIZE: usize = 256 * 1024;

/// A mapping with the key of the next value, or a list with its index.
enum Collection {
    Mapping(Option<String>),
    List(usize),
}

/// Parses the first document of a file.
///
/// # Errors
/// What is wrong with the text, as a clause.
pub(super) fn parse(text: &str) -> Result<KeyValues, String> {
    if text.len() > MAX_SIZE {
        return Err("it is too large".to_owned());
    }
    let mut values = KeyValues::default();
    let mut stack: Vec<Collection> = Vec::new();
    for event in Parser::new_from_str(text) {
        // The error would quote the file.
        let (event, _) = event.map_err(|_| "it is not YAML".to_owned())?;
        match event {
            Event::Scalar(scalar, ..) => {
                if let Some(Collection::Mapping(key @ None)) = stack.last_mut() {
                    *key = Some(scalar.into_owned());
                } else {
                    values.add(&keys(&stack), &scalar)?;
                    end_value(&mut stack);
                }
            }
            Event::Alias(_) => end_value(&mut stack),
            Event::MappingStart(..) => open(&mut stack, Collection::Mapping(None))?,
            Event::SequenceStart(..) => open(&mut stack, Collection::List(0))?,
            Event::MappingEnd | Event::SequenceEnd => {
                stack.pop();
                end_value(&mut stack);
            }
            Event::DocumentEnd => break,
            _ => {}
        }
    }
    Ok(values)
}

/// Returns the keys that lead to the next value.
fn keys(stack: &[Collection]) -> Vec<String> {
    let key = |collection: &Collection| match collection {
        Collection::Mapping(key) => key.clone().unwrap_or_default(),
        Collection::List(index) => index.to_string(),
    };
    stack.iter().map(key).collect()
}

fn open(stack: &mut Vec<Collection>, collection: Collection) -> Result<(), String> {
    // Refuses what is nested too deeply.
    KeyValues::default().add(&keys(stack), "")?;
    if let Some(Collection::Mapping(key @ None)) = stack.last_mut() {
        // A key that is a collection itself.
        *key = Some(String::new());
    }
    stack.push(collection);
    Ok(())
}

fn end_value(stack: &mut [Collection]) {
    match stack.last_mut() {
        Some(Collection::Mapping(key)) => *key = None,
        Some(Collection::List(index)) => *index += 1,
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_and_lists_are_read() {
        let text = "Name: \"It's a: test\"\nParameters:\n  sandbox: false\nList:\n- A\n- B\nEmpty: []\nlast: 1\n";
        let values = parse(text).expect("values");
        assert_eq!(values.get(&["Name"]), Some("It's a: test"));
        assert_eq!(values.get(&["Parameters", "sandbox"]), Some("false"));
        let list: Vec<_> = values.table(&["List"]).collect();
        assert_eq!(list, [("0", "A"), ("1", "B")]);
        assert_eq!(values.table(&["Empty"]).count(), 0);
        assert_eq!(values.get(&["last"]), Some("1"));
    }

    #[test]
    fn an_alias_is_not_followed_and_a_deep_file_is_an_error() {
        let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (one, next) in ["a", "b", "c", "d", "e", "f", "g"].iter().zip('b'..) {
            let many = format!("*{one}, ").repeat(9);
            bomb = format!("{bomb}{next}: &{next} [{many}]\n");
        }
        let values = parse(&bomb).expect("values");
        assert_eq!(values.below(&[]).count(), 9);
        assert!(parse(&"[".repeat(1000)).is_err());
        assert!(parse(&"- ".repeat(100_000)).is_err());
        assert!(parse("a: \"b").is_err());
    }
}
