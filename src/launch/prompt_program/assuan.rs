//! Lines of the Assuan protocol, which pinentry speaks on its standard input and output.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};
use zeroize::Zeroizing;

/// The maximum length of a line in bytes, with its line end.
pub const MAX_LINE: usize = 1000;
/// The characters that a line must not contain: the percent sign, line ends, and all other control characters of ASCII.
const ESCAPED: &AsciiSet = &CONTROLS.add(b'%');
/// The numbers of errors that mean "no": timeout, cancelled, not confirmed, fully cancelled. The upper half of a number names
/// the program that reports it.
const REFUSALS: [u32; 4] = [62, 99, 114, 198];

/// A line that pinentry sent.
#[derive(Debug, PartialEq, Eq)]
pub enum ReplyLine {
    /// A part of the answer.
    Data(Zeroizing<Vec<u8>>),
    /// The command succeeded.
    Done,
    /// The user gave no answer.
    Refused,
    /// The command failed.
    Failed,
    /// A comment or a status, which needs no reaction.
    Other,
}

impl ReplyLine {
    /// Reads a line without its line end. Returns none for a line that is malformed or that pinentry never sends.
    pub fn read(line: &[u8]) -> Option<Self> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (word, rest) = match line.iter().position(|byte| *byte == b' ') {
            Some(end) => (line.get(..end)?, line.get(end + 1..)?),
            None => (line, &[][..]),
        };
        match word {
            b"D" => decode(rest).map(Self::Data),
            b"OK" => Some(Self::Done),
            b"ERR" => {
                let number = rest.split(|byte| *byte == b' ').next()?;
                let number: u32 = std::str::from_utf8(number).ok()?.parse().ok()?;
                let is_refusal = REFUSALS.contains(&(number & 0xFFFF));
                Some(if is_refusal {
                    Self::Refused
                } else {
                    Self::Failed
                })
            }
            b"S" => Some(Self::Other),
            _ if line.is_empty() || line.starts_with(b"#") => Some(Self::Other),
            _ => None,
        }
    }
}

/// Decodes the percent-encoding of data. Returns none where two digits are missing behind a percent sign.
fn decode(data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut escapes = data.split(|byte| *byte == b'%').skip(1);
    let is_escape = |escape: &[u8]| {
        let digits = escape.get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    escapes.all(is_escape).then(|| {
        let mut decoded = Zeroizing::new(Vec::with_capacity(data.len()));
        decoded.extend(percent_decode(data));
        decoded
    })
}

/// Returns the line of a command with its argument, which is cut where the line would be too long.
pub fn command(name: &str, argument: &str) -> String {
    const ELLIPSIS: &str = "…";
    let mut line = format!("{name} ");
    let room = MAX_LINE - "\n".len() - ELLIPSIS.len();
    for character in argument.chars() {
        let mut bytes = [0; 4];
        let encoded = utf8_percent_encode(character.encode_utf8(&mut bytes), ESCAPED);
        // Not ASCII: every Assuan program takes UTF-8 as it is.
        let encoded = if character.is_ascii() {
            encoded.to_string()
        } else {
            character.to_string()
        };
        if line.len() + encoded.len() > room {
            line.push_str(ELLIPSIS);
            break;
        }
        line.push_str(&encoded);
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn data(line: &[u8]) -> Option<Vec<u8>> {
        match ReplyLine::read(line)? {
            ReplyLine::Data(data) => Some(data.to_vec()),
            _ => None,
        }
    }

    #[test]
    fn data_is_percent_decoded() {
        assert_eq!(data(b"D pa%25ss word"), Some(b"pa%ss word".to_vec()));
        assert_eq!(data(b"D  a%0A%0db "), Some(b" a\n\rb ".to_vec()));
        assert_eq!(data(b"D p\xc3\xa4%FF+"), Some(b"p\xc3\xa4\xff+".to_vec()));
        assert_eq!(data(b"D "), Some(Vec::new()));
        assert_eq!(data(b"D"), Some(Vec::new()));
    }

    #[test]
    fn an_incomplete_escape_is_malformed() {
        for line in [&b"D %"[..], b"D a%2", b"D %zz", b"D %%25", b"D %2%35"] {
            assert_eq!(ReplyLine::read(line), None, "{line:?}");
        }
    }

    #[test]
    fn a_refusal_is_told_from_a_failure() {
        for (line, expected) in [
            (&b"OK"[..], ReplyLine::Done),
            (b"OK Pleased to meet you\r", ReplyLine::Done),
            (
                b"ERR 83886179 Operation cancelled <Pinentry>",
                ReplyLine::Refused,
            ),
            (b"ERR 83886142 Timeout <Pinentry>", ReplyLine::Refused),
            (b"ERR 83886194 Not confirmed <Pinentry>", ReplyLine::Refused),
            (b"ERR 99", ReplyLine::Refused),
            (
                b"ERR 83918950 Inappropriate ioctl for device",
                ReplyLine::Failed,
            ),
            (b"ERR 83886254 Unknown option", ReplyLine::Failed),
            (b"S ERROR curses.isatty 83918950 ", ReplyLine::Other),
            (b"# a comment", ReplyLine::Other),
            (b"", ReplyLine::Other),
        ] {
            assert_eq!(ReplyLine::read(line), Some(expected), "{line:?}");
        }
    }

    #[test]
    fn other_lines_are_malformed() {
        for line in [
            &b"INQUIRE QUALITY x"[..],
            b"ERR",
            b"ERR x",
            b"ERR -1",
            b"ERR 4294967296",
            b"OKAY",
            b"hello",
            b" OK",
            b"\xff",
        ] {
            assert_eq!(ReplyLine::read(line), None, "{line:?}");
        }
    }

    #[test]
    fn a_command_escapes_what_a_line_cannot_contain() {
        assert_eq!(
            command("SETDESC", "100% of\r\nZoë\u{7f}"),
            "SETDESC 100%25 of%0D%0AZoë%7F\n"
        );
    }

    #[test]
    fn a_long_argument_is_cut_between_characters() {
        for text in ["x", "é", "🙂", "%"] {
            let line = command("SETDESC", &text.repeat(2000));
            assert!(
                line.len() <= MAX_LINE && line.len() > MAX_LINE - 8,
                "{}",
                line.len()
            );
            assert!(line.ends_with("…\n"), "{line}");
        }
    }

    proptest! {
        #[test]
        fn what_a_command_carries_is_what_data_would_give(text in "\\PC{0,200}|[ -~\r\n]{0,300}") {
            let line = command("D", &text);
            prop_assert_eq!(data(line.trim_end_matches('\n').as_bytes()), Some(text.into_bytes()));
        }

        #[test]
        fn no_line_is_too_odd(line in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = ReplyLine::read(&line);
        }
    }
}
