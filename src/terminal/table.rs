//! Tables, bars and styled lines that fit a terminal.

use console::{measure_text_width, truncate_str};

/// The width to which columns are shortened at most.
const MIN_COLUMN_WIDTH: usize = 8;

/// The alignment of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// Left, for words.
    Left,
    /// Right, for numbers.
    Right,
}

/// A table, whose columns are two spaces apart.
#[derive(Debug, Clone)]
pub struct Table {
    alignments: Vec<Alignment>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Creates a table with headings. Each row has as many cells as there are headings.
    pub fn new(
        headings: &[(&str, Alignment)],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Self {
        let head = headings.iter().map(|(text, _)| (*text).to_owned());
        Self {
            alignments: headings.iter().map(|(_, alignment)| *alignment).collect(),
            rows: std::iter::once(head.collect()).chain(rows).collect(),
        }
    }

    /// Returns the width of the widest row.
    pub fn width(&self) -> usize {
        let widths = self.widths();
        widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
    }

    /// Removes a column.
    pub fn remove(&mut self, column: usize) {
        if column < self.alignments.len() {
            self.alignments.remove(column);
        }
        for row in self.rows.iter_mut().filter(|row| column < row.len()) {
            row.remove(column);
        }
    }

    /// Shortens the cells of a column to make the table this wide, but to no less than eight columns.
    pub fn shorten(&mut self, column: usize, width: usize) {
        let over = self.width().saturating_sub(width);
        let now = self.widths().get(column).copied().unwrap_or_default();
        let room = now.saturating_sub(over).max(MIN_COLUMN_WIDTH);
        for row in &mut self.rows {
            if let Some(cell) = row.get_mut(column).filter(|_| over > 0) {
                *cell = truncate_str(cell, room, "…").into_owned();
            }
        }
    }

    /// Returns a line for each row, without trailing spaces.
    pub fn lines(&self) -> Vec<String> {
        let widths = self.widths();
        let line = |row: &Vec<String>| {
            let mut line = String::new();
            for ((cell, alignment), width) in row.iter().zip(&self.alignments).zip(&widths) {
                let missing = width.saturating_sub(measure_text_width(cell));
                let room = std::iter::repeat_n(' ', missing);
                if *alignment == Alignment::Right {
                    line.extend(room);
                    line.push_str(cell);
                } else {
                    line.push_str(cell);
                    line.extend(room);
                }
                line.push_str("  ");
            }
            line.truncate(line.trim_end().len());
            line
        };
        self.rows.iter().map(line).collect()
    }

    /// Returns the lines cut to the width of the terminal, if there is one.
    pub fn lines_within(&self, width: Option<usize>) -> Vec<String> {
        let width = width.unwrap_or(usize::MAX);
        let lines = self.lines().into_iter();
        lines
            .map(|line| truncate_str(&line, width, "…").into_owned())
            .collect()
    }

    /// Whether all cells of a column below its heading are empty.
    pub fn is_blank(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().skip(1).filter_map(|row| row.get(column));
        cells.all(String::is_empty)
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = vec![0; self.alignments.len()];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = measure_text_width(cell).max(*width);
            }
        }
        widths
    }
}

/// Returns a table of words as text; the first row is the headings.
pub fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let table = Table {
        alignments: vec![Alignment::Left; N],
        rows: rows.iter().map(|row| row.to_vec()).collect(),
    };
    let lines = table.lines().into_iter();
    lines.map(|line| line + "\n").collect()
}

/// Joins words with spaces to lines of at most this width; a wider word is cut.
pub fn wrapped<'w>(words: impl IntoIterator<Item = &'w str>, width: Option<usize>) -> Vec<String> {
    let width = width.unwrap_or(usize::MAX);
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        let word = truncate_str(word, width, "…");
        match lines.last_mut() {
            Some(line) if measure_text_width(line) + 1 + measure_text_width(&word) <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word.into_owned()),
        }
    }
    lines
}

/// Returns the width of a text on a terminal.
pub fn width(text: &str) -> usize {
    measure_text_width(text)
}

/// Returns a bar of `cells` cells that shows `part` of `whole`; it is full when `part` is larger.
pub fn bar(part: u64, whole: u64, cells: usize) -> String {
    let full = u128::from(part.min(whole)) * (cells as u128) / u128::from(whole.max(1));
    let full = usize::try_from(full).unwrap_or(cells).min(cells);
    "█".repeat(full) + &"░".repeat(cells - full)
}

/// The style of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A heading.
    Heading,
    /// A line that stands out, in magenta: an invasion, an open field office, the winner of the silly meter.
    Highlighted,
    /// A less important line.
    Dimmed,
    /// A failure, as errors are printed.
    Failure,
    /// A warning, as warnings are printed.
    Warning,
    /// A line without a style.
    Plain,
}

/// Returns the line in the colour of its style, if `coloured`.
pub fn styled(line: &str, style: Style, coloured: bool) -> String {
    let colour = match style {
        Style::Plain => return line.to_owned(),
        _ if !coloured => return line.to_owned(),
        Style::Heading => "\u{1b}[1m",
        Style::Highlighted => "\u{1b}[35m",
        Style::Dimmed => "\u{1b}[2m",
        Style::Failure => "\u{1b}[1;31m",
        Style::Warning => "\u{1b}[1;33m",
    };
    format!("{colour}{line}\u{1b}[0m")
}

/// Returns a number with its noun, as in `1 district` and `2 districts`.
pub fn counted(number: usize, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["A", "B", "C"], ["ä", "", "xyz"], ["日本", "b", ""]];
        let rows = rows.map(|row| row.map(ToOwned::to_owned));
        assert_eq!(table(&rows), "A     B  C\nä        xyz\n日本  b\n");
    }

    #[test]
    fn numbers_are_aligned_right_and_columns_can_be_shortened_and_removed() {
        let headings = [
            ("STREET", Alignment::Left),
            ("N", Alignment::Right),
            ("", Alignment::Left),
        ];
        let mut table = Table::new(&headings, [owned(&["Walrus Way", "7", "far too long"])]);
        table.remove(2);
        table.shorten(0, 11);
        assert_eq!(table.width(), 11);
        assert_eq!(table.lines(), ["STREET    N", "Walrus …  7"]);
        table.shorten(0, 3);
        assert_eq!(table.width(), 11, "no column is narrower than 8");
        assert_eq!(table.lines_within(Some(10)), ["STREET   …", "Walrus … …"]);
    }

    #[test]
    fn words_are_wrapped_and_long_words_are_cut() {
        let words = ["one", "two", "extraordinary", "日本"];
        assert_eq!(wrapped(words, Some(7)), ["one two", "extrao…", "日本"]);
        assert_eq!(wrapped(words, None).len(), 1);
        assert_eq!(wrapped([], Some(7)), [""; 0]);
    }

    #[test]
    fn a_bar_is_never_more_than_full() {
        assert_eq!(bar(0, 10, 10), "░░░░░░░░░░");
        assert_eq!(bar(5, 10, 10), "█████░░░░░");
        assert_eq!(bar(u64::MAX, 10, 10), "██████████");
        assert_eq!(bar(u64::MAX, u64::MAX, 10), "██████████");
        assert_eq!(bar(0, 0, 4), "░░░░");
    }

    #[test]
    fn a_line_is_coloured_only_if_colours_are_used() {
        assert_eq!(styled("a", Style::Highlighted, false), "a");
        assert_eq!(styled("a", Style::Plain, true), "a");
        assert_eq!(styled("a", Style::Dimmed, true), "\u{1b}[2ma\u{1b}[0m");
    }
}
