//! Parses the text form of Valve's key-value files. The crates for it recurse into nested tables, which a hostile file makes
//! arbitrarily deep; this parser does not recurse, and follows no `#include`.

use std::iter::Peekable;
use std::str::Chars;

use super::key_values::KeyValues;

enum Token {
    Text(String),
    Open,
    Close,
}

/// Parses a file.
///
/// # Errors
/// What is wrong with the text, as a clause.
pub(super) fn parse(text: &str) -> Result<KeyValues, String> {
    let mut values = KeyValues::default();
    let (mut keys, mut key) = (Vec::new(), None);
    let mut characters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(token) = next_token(&mut characters)? {
        match (token, key.take()) {
            (Token::Text(text), None) => key = Some(text),
            (Token::Text(text), Some(last)) => {
                keys.push(last);
                values.add(&keys, &text)?;
                keys.pop();
            }
            (Token::Open, Some(table)) => {
                keys.push(table);
                // Refuses what is nested too deeply.
                KeyValues::default().add(&keys, "")?;
            }
            (Token::Close, None) if keys.pop().is_some() => {}
            (Token::Open | Token::Close, _) => return Err("a brace is misplaced".to_owned()),
        }
    }
    if keys.is_empty() && key.is_none() {
        Ok(values)
    } else {
        Err("it ends too early".to_owned())
    }
}

fn next_token(characters: &mut Peekable<Chars<'_>>) -> Result<Option<Token>, String> {
    loop {
        let Some(character) = characters.next() else {
            return Ok(None);
        };
        match character {
            '{' => return Ok(Some(Token::Open)),
            '}' => return Ok(Some(Token::Close)),
            '"' => return quoted(characters).map(|text| Some(Token::Text(text))),
            // A comment, or a condition such as [$LINUX].
            '/' if characters.peek() == Some(&'/') => skip_past(characters, '\n'),
            '[' => skip_past(characters, ']'),
            space if space.is_whitespace() => {}
            first => {
                let mut word = String::from(first);
                let is_part = |next: &char| !next.is_whitespace() && !"{}\"".contains(*next);
                while let Some(next) = characters.next_if(is_part) {
                    word.push(next);
                }
                return Ok(Some(Token::Text(word)));
            }
        }
    }
}

fn skip_past(characters: &mut Peekable<Chars<'_>>, end: char) {
    characters.find(|next| *next == end);
}

fn quoted(characters: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let mut text = String::new();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Ok(text),
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => break,
            },
            other => text.push(other),
        }
    }
    Err("a quote is not closed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_quotes_escapes_and_comments_are_read() {
        let text =
            "\"a\" // comment\n{ \"B\" { \"c\" \"x\\\\y \\\"z\\\"\" [$LINUX] d e } \"f\" \"\" }";
        let values = parse(text).expect("values");
        assert_eq!(values.get(&["A", "b", "C"]), Some("x\\y \"z\""));
        assert_eq!(values.get(&["a", "b", "d"]), Some("e"));
        assert_eq!(values.get(&["a", "f"]), Some(""));
        let below: Vec<_> = values.below(&["a", "b"]).collect();
        assert_eq!(below, [(vec!["c"], "x\\y \"z\""), (vec!["d"], "e")]);
    }

    #[test]
    fn a_broken_or_deep_file_is_an_error() {
        let deep = "a {".repeat(300_000);
        for text in ["\"a", "a", "a {", "}", "{", "a b }", "a { b }", &deep] {
            assert!(parse(text).is_err());
        }
    }
}
