//! The keys of a terminal, as the bytes that it sends.

/// What a key does to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// Inserts a character.
    Insert(char),
    /// Ends the line.
    Enter,
    /// Ends the input on an empty line, and deletes the next character otherwise.
    CtrlD,
    /// Moves the cursor.
    Left,
    /// Moves the cursor.
    Right,
    /// Moves the cursor.
    Home,
    /// Moves the cursor.
    End,
    /// Deletes the character before the cursor.
    Backspace,
    /// Deletes the character after the cursor.
    Delete,
    /// Deletes everything before the cursor.
    DeleteBefore,
    /// Deletes everything after the cursor.
    DeleteAfter,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Is ignored.
    Other,
    /// Is no text in UTF-8.
    Invalid,
}

const ESCAPE: u8 = 0x1b;
/// No terminal sends a longer sequence for a key.
const MAX_SEQUENCE: usize = 16;

impl Key {
    /// Returns the key of these bytes; none when more bytes belong to it.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        Some(match bytes {
            [b'\r' | b'\n'] => Self::Enter,
            [0x01] => Self::Home,
            [0x02] => Self::Left,
            [0x04] => Self::CtrlD,
            [0x05] => Self::End,
            [0x06] => Self::Right,
            [0x08 | 0x7f] => Self::Backspace,
            [0x0b] => Self::DeleteAfter,
            [0x15] => Self::DeleteBefore,
            [0x17] => Self::DeleteWord,
            [] | [ESCAPE] | [ESCAPE, b'[' | b'O'] => return None,
            [ESCAPE, b'[' | b'O', parameters @ .., last @ 0x40..=0x7e] => {
                Self::of_sequence(parameters, *last)
            }
            [ESCAPE, b'[' | b'O', ..] if bytes.len() < MAX_SEQUENCE => return None,
            [ESCAPE, b'[' | b'O', ..] => Self::Other,
            // Escape alone does nothing.
            [ESCAPE, rest @ ..] => return Self::of(rest),
            bytes => match std::str::from_utf8(bytes) {
                Ok(text) => match text.chars().next() {
                    Some(character) if !character.is_control() => Self::Insert(character),
                    _ => Self::Other,
                },
                Err(error) if error.error_len().is_none() => return None,
                Err(_) => Self::Invalid,
            },
        })
    }

    fn of_sequence(parameters: &[u8], last: u8) -> Self {
        match (parameters, last) {
            (_, b'D') => Self::Left,
            (_, b'C') => Self::Right,
            (_, b'H') | (b"1" | b"7", b'~') => Self::Home,
            (_, b'F') | (b"4" | b"8", b'~') => Self::End,
            (b"3", b'~') => Self::Delete,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_several_bytes_is_complete_with_its_last_byte() {
        for (bytes, key) in [
            (&b"\x1b[D"[..], Key::Left),
            (b"\x1bOC", Key::Right),
            (b"\x1b[1;5H", Key::Home),
            (b"\x1b[8~", Key::End),
            (b"\x1b[3~", Key::Delete),
            (b"\x1b[15~", Key::Other),
            ("ä".as_bytes(), Key::Insert('ä')),
            ("🍪".as_bytes(), Key::Insert('🍪')),
            (b"\x1b\xc3\xa4", Key::Insert('ä')),
            (b"\xc2\x85", Key::Other),
            (b"\xc3x", Key::Invalid),
        ] {
            for length in 0..bytes.len() {
                assert_eq!(Key::of(&bytes[..length]), None, "{bytes:?} {length}");
            }
            assert_eq!(Key::of(bytes), Some(key), "{bytes:?}");
        }
    }

    #[test]
    fn a_sequence_without_an_end_is_given_up() {
        assert_eq!(
            Key::of(&[b"\x1b[".as_slice(), &[b'1'; 30]].concat()),
            Some(Key::Other)
        );
        assert_eq!(Key::of(b"\xff"), Some(Key::Invalid));
    }
}
