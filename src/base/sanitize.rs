//! Makes text of servers and files safe for a terminal, a log and a JSON event.
//!
//! Such a text may contain escape sequences that change the window's title, simulate input or hide lines, and
//! bidirectional overrides that change the order of what is read. All of these are removed.

use std::borrow::Cow;
use std::path::Path;

/// The number of characters that [`shorten`] keeps.
const MAX_LENGTH: usize = 400;

/// Converts `text` to one line without control characters ([`plain`]) of at most 400 characters ([`shorten`]).
pub fn clean(text: &str) -> String {
    shorten(&plain(text))
}

/// Converts `text` to one line: removes escape sequences, control characters, bidirectional overrides and invisible
/// characters, and replaces each run of white space by one space.
pub fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\u{1b}' => skip_escape(&mut characters),
            '\u{9b}' => skip_control_sequence(&mut characters),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => skip_string(&mut characters),
            _ if character.is_whitespace() => push_space(&mut plain),
            _ if character.is_control() || is_invisible(character) => {}
            _ => plain.push(character),
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Escapes control characters and invisible characters (`\u{1b}`); unlike [`plain`], it keeps everything else exactly.
pub fn escaped(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, character| {
        if character.is_control() || is_invisible(character) {
            text.extend(character.escape_unicode());
        } else {
            text.push(character);
        }
        text
    })
}

/// Returns a path as one word of a command for this system's shell.
pub fn quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    if cfg!(windows) {
        // A path holds no double quote there.
        return format!("\"{path}\"");
    }
    shell_word(&path)
}

/// Returns a text as one word of a command for a POSIX shell. NUL, which no argument can contain, is left out.
pub fn shell_word(text: &str) -> String {
    let text = text.replace('\0', "");
    shlex::try_quote(&text).map_or_else(|_| String::new(), Cow::into_owned)
}

/// Cuts `text` after 400 characters and appends an ellipsis when something was cut.
pub fn shorten(text: &str) -> String {
    shorten_to(text, MAX_LENGTH)
}

/// Cuts `text` after `length` characters and appends an ellipsis when something was cut.
pub fn shorten_to(text: &str, length: usize) -> String {
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(length).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

fn push_space(plain: &mut String) {
    if !plain.is_empty() && !plain.ends_with(' ') {
        plain.push(' ');
    }
}

type Characters<'text> = std::iter::Peekable<std::str::Chars<'text>>;

/// Skips what follows ESC: a control sequence, a string, or one more character with its intermediate characters.
fn skip_escape(characters: &mut Characters<'_>) {
    match characters.next_if(|next| ('\u{20}'..='\u{7e}').contains(next)) {
        Some('[') => skip_control_sequence(characters),
        Some(']' | 'P' | 'X' | '^' | '_') => skip_string(characters),
        Some('\u{20}'..='\u{2f}') => {
            while characters
                .next_if(|next| ('\u{20}'..='\u{2f}').contains(next))
                .is_some()
            {}
            characters.next_if(|next| ('\u{30}'..='\u{7e}').contains(next));
        }
        _ => {}
    }
}

/// Skips what follows CSI: parameters and intermediate characters up to the final character.
fn skip_control_sequence(characters: &mut Characters<'_>) {
    while characters
        .next_if(|next| ('\u{20}'..='\u{3f}').contains(next))
        .is_some()
    {}
    characters.next_if(|next| ('\u{40}'..='\u{7e}').contains(next));
}

/// Skips what follows OSC, DCS and similar characters: everything up to BEL or the string terminator.
fn skip_string(characters: &mut Characters<'_>) {
    while let Some(character) = characters.next() {
        match character {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' => {
                characters.next_if_eq(&'\\');
                return;
            }
            _ => {}
        }
    }
}

/// Whether a character is invisible or changes the order of others.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_text_is_not_changed() {
        assert_eq!(
            clean("Please enter an authenticator token."),
            "Please enter an authenticator token."
        );
        assert_eq!(clean("Zoë 日本 🙂"), "Zoë 日本 🙂");
    }

    #[test]
    fn a_colour_sequence_is_removed() {
        assert_eq!(clean("\u{1b}[31mred\u{1b}[0m"), "red");
        assert_eq!(clean("\u{9b}31mred"), "red");
    }

    #[test]
    fn a_window_title_is_removed_with_its_text() {
        assert_eq!(clean("a\u{1b}]0;pwned\u{7}b"), "ab");
        assert_eq!(clean("a\u{1b}]0;pwned\u{1b}\\b"), "ab");
        assert_eq!(clean("a\u{9d}0;pwned\u{9c}b"), "ab");
    }

    #[test]
    fn an_unfinished_sequence_removes_nothing_else() {
        assert_eq!(clean("a\u{1b}"), "a");
        assert_eq!(clean("a\u{1b}[12"), "a");
        assert_eq!(clean("a\u{1b}(Bb"), "ab");
        assert_eq!(clean("a\u{1b}[31\u{1b}[0mb"), "ab");
    }

    #[test]
    fn an_escaped_name_is_otherwise_exact() {
        assert_eq!(escaped("My  Games/a\u{1b}b"), "My  Games/a\\u{1b}b");
    }

    #[test]
    fn lines_become_one_line() {
        assert_eq!(clean(" one\r\n\ttwo\u{2028}three \n"), "one two three");
    }

    #[test]
    fn backspaces_and_nul_are_removed() {
        assert_eq!(clean("ab\u{8}\u{8}\0c\u{7f}"), "abc");
    }

    #[test]
    fn bidi_overrides_and_invisible_characters_are_removed() {
        assert_eq!(clean("a\u{202e}b\u{2066}c\u{200b}d\u{feff}e"), "abcde");
    }

    #[test]
    fn the_control_character_in_names_of_cogs_is_removed() {
        assert_eq!(clean("Tele\u{3}marketer"), "Telemarketer");
    }

    #[test]
    fn a_long_text_is_shortened() {
        let shown = clean(&"é".repeat(10_000));
        assert_eq!(shown.chars().count(), MAX_LENGTH + 1);
        assert!(shown.ends_with('…'));
    }

    proptest! {
        #[test]
        fn no_control_character_is_left(text in any::<String>()) {
            prop_assert!(!clean(&text).chars().any(|character| character.is_control() || is_invisible(character)));
        }
    }
}
