//! A line that is edited, as a value, and what to write so that a terminal shows it.

use std::fmt::Write as _;

use zeroize::Zeroizing;

use super::key::Key;
use crate::base::secret::Secret;
use crate::terminal::input::{InputError, MAX_LINE, Visibility};
use crate::terminal::table::width;

/// A prompt, the line after it, and the cursor in it.
pub(super) struct EditedLine {
    prompt: String,
    visibility: Visibility,
    /// The width of the terminal; none where the cursor cannot be moved.
    columns: Option<usize>,
    before: Zeroizing<String>,
    after: Zeroizing<String>,
    /// The bytes of a key that is not complete.
    key: Vec<u8>,
    /// Whether bytes were typed that are no text.
    is_invalid: bool,
    /// How many rows the cursor is below the prompt's first row.
    row: usize,
}

impl EditedLine {
    pub(super) fn new(prompt: &str, visibility: Visibility, columns: Option<usize>) -> Self {
        // Neither part grows beyond this, so that no copy of a secret is left behind.
        let text = || Zeroizing::new(String::with_capacity(MAX_LINE + 4));
        Self {
            prompt: prompt.to_owned(),
            visibility,
            columns,
            before: text(),
            after: text(),
            key: Vec::new(),
            is_invalid: false,
            row: 0,
        }
    }

    /// Adds a byte that was typed. Returns what to write, and the answer if the line is complete.
    pub(super) fn add(&mut self, byte: u8) -> (String, Option<Result<Secret, InputError>>) {
        self.key.push(byte);
        let Some(key) = Key::of(&self.key) else {
            return (String::new(), None);
        };
        self.key.clear();
        let answer = match key {
            Key::Enter if self.is_invalid => Err(InputError::NotText),
            Key::Enter => Ok(Secret::new([self.before.as_str(), &self.after].concat())),
            Key::CtrlD if self.is_empty() => Err(InputError::End),
            Key::Insert(_) if self.before.len() + self.after.len() >= MAX_LINE => {
                Err(InputError::TooLong)
            }
            key => return (self.edit(key), None),
        };
        (String::new(), Some(answer))
    }

    fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// Changes the line, and returns what to write.
    fn edit(&mut self, key: Key) -> String {
        let erased = self.erase();
        let row = self.row;
        let (before, after) = (&mut self.before, &mut self.after);
        match key {
            Key::Insert(character) => {
                before.push(character);
                if after.is_empty() && self.position(&self.before).0 == row && !self.is_at_edge() {
                    return self.shown(&String::from(character));
                }
            }
            Key::Backspace => drop(before.pop()),
            Key::Delete | Key::CtrlD => drop(pop_first(after)),
            Key::Left => {
                if let Some(character) = before.pop() {
                    after.insert(0, character);
                }
            }
            Key::Right => before.extend(pop_first(after)),
            Key::Home => {
                after.insert_str(0, before);
                before.clear();
            }
            Key::End => {
                before.push_str(after);
                after.clear();
            }
            Key::DeleteBefore => before.clear(),
            Key::DeleteAfter => after.clear(),
            Key::DeleteWord => {
                let words = before.trim_end();
                let start = words.rfind(char::is_whitespace).map_or(0, |space| {
                    space + words[space..].chars().next().map_or(0, char::len_utf8)
                });
                before.truncate(start);
            }
            Key::Invalid => self.is_invalid = true,
            Key::Enter | Key::Other => return String::new(),
        }
        if self.is_empty() && key != Key::Invalid {
            self.is_invalid = false;
        }
        if self.visibility == Visibility::Hidden {
            return String::new();
        }
        erased + &self.draw()
    }

    /// Returns what to write so that the line disappears and the cursor is where the prompt began.
    pub(super) fn erase(&self) -> String {
        match (self.columns, self.row) {
            (None, _) => "\n".to_owned(),
            (_, 0) => "\r\u{1b}[J".to_owned(),
            (_, row) => format!("\u{1b}[{row}A\r\u{1b}[J"),
        }
    }

    /// Returns what to write so that the line appears where the cursor is.
    pub(super) fn draw(&mut self) -> String {
        let (before, after) = (self.shown(&self.before), self.shown(&self.after));
        let mut text = format!("{}{before}{after}", self.prompt);
        let (row, column) = self.position(&self.before);
        self.row = row;
        if self.columns.is_none() {
            return text;
        }
        let all = [self.before.as_str(), &self.after].concat();
        let (last, end) = self.position(&Zeroizing::new(all));
        // A terminal begins a new row only when something is written to it.
        if last > 0 && end == 0 {
            text.push('\n');
        }
        if (last, end) != (row, column) {
            if last > row {
                // Writing to a string does not fail.
                let _ = write!(text, "\u{1b}[{}A", last - row);
            }
            text.push('\r');
            if column > 0 {
                let _ = write!(text, "\u{1b}[{column}C");
            }
        }
        text
    }

    /// Returns what to write after the line was answered or given up.
    pub(super) fn end(&mut self) -> String {
        self.before.push_str(&self.after);
        self.after.clear();
        let erased = self.erase();
        let is_moved = self.columns.is_some() && self.position(&self.before).0 != self.row;
        if is_moved {
            return erased + &self.draw() + "\n";
        }
        "\n".to_owned()
    }

    /// Forgets where the line is on the screen.
    pub(super) fn forget_place(&mut self, columns: Option<usize>) {
        self.row = 0;
        self.columns = columns;
    }

    fn shown(&self, text: &str) -> String {
        match self.visibility {
            Visibility::Open => text.to_owned(),
            Visibility::Masked => "•".repeat(text.chars().count()),
            Visibility::Hidden => String::new(),
        }
    }

    fn is_at_edge(&self) -> bool {
        self.position(&self.before).1 == 0
    }

    /// Returns the row and column after the prompt and the first part of the line.
    fn position(&self, before: &str) -> (usize, usize) {
        let columns = self.columns.unwrap_or(usize::MAX);
        let text = self.prompt.clone() + &self.shown(before);
        let (mut row, mut column) = (0, 0);
        for character in text.chars() {
            let width = width(character.encode_utf8(&mut [0; 4]));
            if column + width > columns {
                (row, column) = (row + 1, 0);
            }
            column += width;
        }
        if column == columns {
            (row + 1, 0)
        } else {
            (row, column)
        }
    }
}

/// Removes the first character.
fn pop_first(text: &mut String) -> Option<char> {
    let first = text.chars().next()?;
    text.remove(0);
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the answer after these keys.
    fn typed(keys: &str) -> Option<Result<String, InputError>> {
        let mut line = EditedLine::new("Name: ", Visibility::Open, Some(20));
        let mut answers = keys.bytes().map(|byte| line.add(byte).1);
        let answer = answers.find_map(|answer| answer)?;
        Some(answer.map(|line| line.reveal().to_owned()))
    }

    #[test]
    fn keys_edit_the_line() {
        for (keys, line) in [
            ("alice\r", "alice"),
            ("alce\u{1b}[D\u{1b}[Di\r", "alice"),
            ("lice\u{1}a\u{5}!\r", "alice!"),
            ("ice\u{1b}[Hal\u{1b}[F.\n", "alice."),
            ("bob\u{15}alice\r", "alice"),
            ("alice bob \u{17}\r", "alice "),
            ("äöü\u{17}ä日本\u{7f}\r", "ä日"),
            ("alice\u{1}\u{1b}[3~\u{4}\u{6}\u{b}\r", "i"),
            ("al\u{1b}[15~ice\u{7}\r", "alice"),
            ("\u{7f}\u{1b}[D\u{1b}[C\u{17}\r", ""),
        ] {
            assert_eq!(typed(keys), Some(Ok(line.to_owned())), "{keys:?}");
        }
        assert_eq!(typed("\u{4}"), Some(Err(InputError::End)));
        assert_eq!(typed("alice"), None);
        assert_eq!(typed(&"x".repeat(5000)), Some(Err(InputError::TooLong)));
    }

    #[test]
    fn a_byte_that_is_no_text_spoils_the_line_until_it_is_deleted() {
        let mut line = EditedLine::new("", Visibility::Hidden, Some(20));
        for byte in [0xff, b'a'] {
            assert!(line.add(byte).1.is_none());
        }
        assert_eq!(line.add(b'\r').1, Some(Err(InputError::NotText)));
        assert!(line.add(0x15).1.is_none());
        assert!(matches!(line.add(b'\r').1, Some(Ok(_))));
    }

    #[test]
    fn a_line_of_several_rows_is_erased_and_drawn_again() {
        let mut line = EditedLine::new("12345678", Visibility::Open, Some(10));
        assert_eq!(line.draw(), "12345678");
        assert_eq!(line.add(b'a').0, "a");
        // The row is full, so the cursor goes to the next.
        assert_eq!(line.add(b'b').0, "\r\u{1b}[J12345678ab\n");
        assert_eq!(line.add(b'c').0, "c");
        let home = line.add(0x01).0;
        assert_eq!(home, "\u{1b}[1A\r\u{1b}[J12345678abc\u{1b}[1A\r\u{1b}[8C");
        // A wide character does not fit into the last column.
        let mut line = EditedLine::new("123456789", Visibility::Open, Some(10));
        let wide: Vec<_> = "日".bytes().map(|byte| line.add(byte).0).collect();
        assert_eq!(wide.concat(), "\r\u{1b}[J123456789日");
        assert_eq!(line.erase(), "\u{1b}[1A\r\u{1b}[J");
    }

    #[test]
    fn hidden_characters_are_not_written_and_masked_ones_as_marks() {
        let keys = |visibility| {
            let mut line = EditedLine::new("Code: ", visibility, Some(80));
            let keys = "12\u{7f}3".bytes();
            keys.map(|byte| line.add(byte).0).collect::<String>()
        };
        assert_eq!(keys(Visibility::Hidden), "");
        assert_eq!(keys(Visibility::Masked), "••\r\u{1b}[JCode: ••");
    }
}
