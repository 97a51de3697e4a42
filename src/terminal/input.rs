//! The one reader of standard input, which reads a line when one is asked for.

use std::io::{self, BufRead};

use crate::base::blocking::run_on_thread;
use crate::base::secret::Secret;

/// The longest line that is taken, in bytes.
const LONGEST_LINE: usize = 4 * 1024;

/// Why a line could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadLine {
    /// There is none left.
    End,
    /// It is longer than 4 KiB.
    TooLong,
    /// It is not UTF-8.
    NotText,
}

/// The next line of standard input: a byte-order mark and one line end stripped, spaces kept.
pub(super) async fn line() -> Result<Secret, BadLine> {
    run_on_thread(|| take_line(io::stdin().lock()))
        .await
        .unwrap_or(Err(BadLine::End))
}

fn take_line(source: impl BufRead) -> Result<Secret, BadLine> {
    let mut bytes = Vec::new();
    // A line end and a byte-order mark come on top of the line itself.
    let most = u64::try_from(LONGEST_LINE + 6).unwrap_or(u64::MAX);
    source
        .take(most)
        .read_until(b'\n', &mut bytes)
        .map_err(|_| BadLine::End)?;
    if bytes.is_empty() {
        return Err(BadLine::End);
    }
    let text = String::from_utf8(bytes)
        .map(Secret::new)
        .map_err(|_| BadLine::NotText)?;
    let line = text.reveal();
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let line = line
        .strip_suffix('\n')
        .map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
    if line.len() > LONGEST_LINE {
        return Err(BadLine::TooLong);
    }
    Ok(Secret::new(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bytes: &[u8]) -> Result<String, BadLine> {
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
        assert_eq!(taken(b"pw\r\r\n"), Ok("pw\r".to_owned()));
    }

    #[test]
    fn a_byte_order_mark_is_stripped() {
        assert_eq!(taken(b"\xef\xbb\xbfpw\n"), Ok("pw".to_owned()));
    }

    #[test]
    fn the_end_is_not_an_empty_line() {
        assert_eq!(taken(b""), Err(BadLine::End));
        assert_eq!(taken(b"\n"), Ok(String::new()));
    }

    #[test]
    fn a_line_of_four_kibibytes_is_taken_and_no_more() {
        let line = |length: usize| [vec![b'x'; length], b"\r\n".to_vec()].concat();
        assert_eq!(taken(&line(4096)).map(|line| line.len()), Ok(4096));
        assert_eq!(taken(&line(4097)), Err(BadLine::TooLong));
        assert_eq!(
            take_line(io::BufReader::new(io::repeat(b'x'))),
            Err(BadLine::TooLong)
        );
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert_eq!(taken(b"\xff\xfe\n"), Err(BadLine::NotText));
    }
}
