//! Foreign text made safe for a terminal, a log and a JSON event.
//!
//! A banner is a stranger's text: it may hold escape sequences that retitle the window, answer as the
//! keyboard or hide lines, and bidi overrides that reorder what is read. All of that is taken out.

/// The most characters shown of one foreign text.
const LONGEST: usize = 400;

/// One line of plain text, cut to 400 characters with "…".
pub fn clean(foreign: &str) -> String {
    shorten(&plain(foreign))
}

/// One line of plain text: no escape sequence, control character, bidi override or invisible mark; white space folded.
pub fn plain(foreign: &str) -> String {
    let mut plain = String::new();
    let mut characters = foreign.chars().peekable();
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

/// The same text with everything that nobody sees spelled out (`\u{1b}`), for names that have to be exact.
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

/// Cuts to 400 characters and says so with an ellipsis.
pub fn shorten(text: &str) -> String {
    shorten_to(text, LONGEST)
}

/// Cuts to `longest` characters and says so with an ellipsis.
pub fn shorten_to(text: &str, longest: usize) -> String {
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(longest).collect();
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

/// After ESC: a control sequence, a string, or one more character (with its intermediates).
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

/// After CSI: parameters and intermediates up to the final character.
fn skip_control_sequence(characters: &mut Characters<'_>) {
    while characters
        .next_if(|next| ('\u{20}'..='\u{3f}').contains(next))
        .is_some()
    {}
    characters.next_if(|next| ('\u{40}'..='\u{7e}').contains(next));
}

/// After OSC, DCS and their like: everything up to BEL or the string terminator.
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

/// Characters that change how others are read, or that nobody sees.
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
    fn ordinary_words_stay_as_they_are() {
        assert_eq!(
            clean("Please enter an authenticator token."),
            "Please enter an authenticator token."
        );
        assert_eq!(clean("Zoë 日本 🙂"), "Zoë 日本 🙂");
    }

    #[test]
    fn a_colour_sequence_vanishes() {
        assert_eq!(clean("\u{1b}[31mred\u{1b}[0m"), "red");
        assert_eq!(clean("\u{9b}31mred"), "red");
    }

    #[test]
    fn a_window_title_vanishes_with_its_text() {
        assert_eq!(clean("a\u{1b}]0;pwned\u{7}b"), "ab");
        assert_eq!(clean("a\u{1b}]0;pwned\u{1b}\\b"), "ab");
        assert_eq!(clean("a\u{9d}0;pwned\u{9c}b"), "ab");
    }

    #[test]
    fn an_unfinished_sequence_takes_nothing_else_down() {
        assert_eq!(clean("a\u{1b}"), "a");
        assert_eq!(clean("a\u{1b}[12"), "a");
        assert_eq!(clean("a\u{1b}(Bb"), "ab");
        assert_eq!(clean("a\u{1b}[31\u{1b}[0mb"), "ab");
    }

    #[test]
    fn a_name_is_spelled_out_and_otherwise_exact() {
        assert_eq!(escaped("My  Games/a\u{1b}b"), "My  Games/a\\u{1b}b");
    }

    #[test]
    fn lines_become_one_line() {
        assert_eq!(clean(" one\r\n\ttwo\u{2028}three \n"), "one two three");
    }

    #[test]
    fn backspaces_and_nul_vanish() {
        assert_eq!(clean("ab\u{8}\u{8}\0c\u{7f}"), "abc");
    }

    #[test]
    fn bidi_overrides_and_invisible_marks_vanish() {
        assert_eq!(clean("a\u{202e}b\u{2066}c\u{200b}d\u{feff}e"), "abcde");
    }

    #[test]
    fn the_soft_hyphen_of_the_invasions_vanishes() {
        assert_eq!(clean("Tele\u{3}marketer"), "Telemarketer");
    }

    #[test]
    fn an_endless_text_is_cut() {
        let shown = clean(&"é".repeat(10_000));
        assert_eq!(shown.chars().count(), LONGEST + 1);
        assert!(shown.ends_with('…'));
    }

    proptest! {
        #[test]
        fn nothing_that_steers_a_terminal_survives(foreign in any::<String>()) {
            prop_assert!(!clean(&foreign).chars().any(|character| character.is_control() || is_invisible(character)));
        }
    }
}
