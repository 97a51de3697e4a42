//! Reads standard input, one line at a time.

use std::io::{self, BufRead};

use crate::base::blocking::run_on_thread;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;

/// The length of the longest line that is accepted, in bytes.
pub(super) const MAX_LINE: usize = 4 * 1024;

/// Why there is no answer from standard input or from a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputError {
    /// The input ended, or every answer was empty.
    End,
    /// The line is longer than 4 KiB.
    TooLong,
    /// The line is not UTF-8, or contains a control character.
    NotText,
    /// The user cancelled the question.
    Refused,
    /// No program can ask the question.
    NoProgram,
}

impl InputError {
    /// Returns the failure for `value`, which was read from `source`; `hint` names other ways to give it.
    pub fn failure(self, value: &str, source: &str, hint: &str) -> Failure {
        match self {
            Self::End => Failure::new(
                Reason::InputNeeded,
                format!("{value} is needed, and {source} ended without one"),
                hint,
            ),
            Self::TooLong => Failure::new(
                Reason::Usage,
                format!("{value} from {source} is longer than 4096 bytes"),
                "give one line that contains nothing else",
            ),
            Self::NotText => Failure::new(
                Reason::Usage,
                format!("{value} from {source} is not plain text"),
                "give one line of UTF-8 without control characters",
            ),
            Self::Refused => Failure::new(
                Reason::InputNeeded,
                format!("{value} is needed, and the question was cancelled"),
                hint,
            ),
            Self::NoProgram => Failure::new(
                Reason::InputNeeded,
                format!("{value} is needed, and no program can ask for it"),
                hint,
            ),
        }
    }
}

/// How a line appears while it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visibility {
    /// As it is.
    Open,
    /// With a mark for each character.
    Masked,
    /// Not at all.
    Hidden,
}

impl Visibility {
    /// Returns how a secret appears; `masked` shows a mark for each character, so that digits can be counted.
    pub(super) const fn of_secret(masked: bool) -> Self {
        if masked { Self::Masked } else { Self::Hidden }
    }
}

/// Reads the next line of standard input without a byte-order mark and its line end; spaces are kept.
pub(super) async fn read_line() -> Result<Secret, InputError> {
    run_on_thread(|| take_line(io::stdin().lock()))
        .await
        .unwrap_or(Err(InputError::End))
}

fn take_line(source: impl BufRead) -> Result<Secret, InputError> {
    let mut bytes = Vec::new();
    // A byte-order mark and a line end are not counted.
    let limit = u64::try_from(MAX_LINE + 6).unwrap_or(u64::MAX);
    source
        .take(limit)
        .read_until(b'\n', &mut bytes)
        .map_err(|_| InputError::End)?;
    if bytes.is_empty() {
        return Err(InputError::End);
    }
    let text = String::from_utf8(bytes)
        .map(Secret::new)
        .map_err(|_| InputError::NotText)?;
    let line = text.reveal();
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let line = line
        .strip_suffix('\n')
        .map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
    if line.len() > MAX_LINE {
        return Err(InputError::TooLong);
    }
    let line = Secret::new(line);
    if line.has_control_characters() {
        return Err(InputError::NotText);
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bytes: &[u8]) -> Result<String, InputError> {
        take_line(bytes).map(|line| line.reveal().to_owned())
    }

    #[test]
    fn one_line_end_is_stripped_and_spaces_are_kept() {
        assert_eq!(
            taken(b" pass word \n123456\n"),
            Ok(" pass word ".to_owned())
        );
        assert_eq!(taken(b"pw\r\n"), Ok("pw".to_owned()));
        assert_eq!(taken(b"pw"), Ok("pw".to_owned()));
        assert_eq!(taken(b"pw\r\r\n"), Err(InputError::NotText));
    }

    #[test]
    fn a_byte_order_mark_is_stripped() {
        assert_eq!(taken(b"\xef\xbb\xbfpw\n"), Ok("pw".to_owned()));
    }

    #[test]
    fn the_end_of_input_is_not_an_empty_line() {
        assert_eq!(taken(b""), Err(InputError::End));
        assert_eq!(taken(b"\n"), Ok(String::new()));
    }

    #[test]
    fn a_line_of_up_to_four_kibibytes_is_accepted() {
        let line = |length: usize| [vec![b'x'; length], b"\r\n".to_vec()].concat();
        assert_eq!(taken(&line(4096)).map(|line| line.len()), Ok(4096));
        assert_eq!(taken(&line(4097)), Err(InputError::TooLong));
        assert_eq!(
            take_line(io::BufReader::new(io::repeat(b'x'))),
            Err(InputError::TooLong)
        );
    }

    #[test]
    fn invalid_utf8_is_refused() {
        assert_eq!(taken(b"\xff\xfe\n"), Err(InputError::NotText));
    }
}
