//! Columns of text that fit a terminal, bars, and lines that stand out.

use console::{measure_text_width, truncate_str};

/// The narrowest that a column is made.
pub const NARROWEST: usize = 8;

/// At which side of its column a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows of as many cells as there are columns, columns two spaces apart.
#[derive(Debug, Clone)]
pub struct Table {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table whose first row is its headings.
    pub fn new(headings: &[(&str, Side)], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        let head = headings.iter().map(|(text, _)| (*text).to_owned());
        Self {
            sides: headings.iter().map(|(_, side)| *side).collect(),
            rows: std::iter::once(head.collect()).chain(rows).collect(),
        }
    }

    /// How wide the widest row is.
    pub fn width(&self) -> usize {
        let widths = self.widths();
        widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
    }

    /// Takes a column away.
    pub fn remove(&mut self, column: usize) {
        if column < self.sides.len() {
            self.sides.remove(column);
        }
        for row in self.rows.iter_mut().filter(|row| column < row.len()) {
            row.remove(column);
        }
    }

    /// Shortens what is in a column, to 8 at least, until the table is as wide as this.
    pub fn shorten(&mut self, column: usize, width: usize) {
        let over = self.width().saturating_sub(width);
        let now = self.widths().get(column).copied().unwrap_or_default();
        let room = now.saturating_sub(over).max(NARROWEST);
        for row in &mut self.rows {
            if let Some(cell) = row.get_mut(column).filter(|_| over > 0) {
                *cell = truncate_str(cell, room, "…").into_owned();
            }
        }
    }

    /// One line for each row, nothing behind its last cell.
    pub fn lines(&self) -> Vec<String> {
        let widths = self.widths();
        let line = |row: &Vec<String>| {
            let mut line = String::new();
            for ((cell, side), width) in row.iter().zip(&self.sides).zip(&widths) {
                let missing = width.saturating_sub(measure_text_width(cell));
                let room = std::iter::repeat_n(' ', missing);
                if *side == Side::Right {
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

    /// The same, each cut where it is wider than the terminal; `width` is that of the terminal, if it is one.
    pub fn lines_within(&self, width: Option<usize>) -> Vec<String> {
        let width = width.unwrap_or(usize::MAX);
        let lines = self.lines().into_iter();
        lines
            .map(|line| truncate_str(&line, width, "…").into_owned())
            .collect()
    }

    /// Whether nothing stands below the heading of a column.
    pub fn is_blank(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().skip(1).filter_map(|row| row.get(column));
        cells.all(String::is_empty)
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = vec![0; self.sides.len()];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = measure_text_width(cell).max(*width);
            }
        }
        widths
    }
}

/// Columns of words, as wide as what is in them; the first row is the headings.
pub fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let table = Table {
        sides: vec![Side::Left; N],
        rows: rows.iter().map(|row| row.to_vec()).collect(),
    };
    let lines = table.lines().into_iter();
    lines.map(|line| line + "\n").collect()
}

/// Lines of words with a space between them, as many as fit this width; a word that is wider is cut.
pub fn folded<'w>(words: impl IntoIterator<Item = &'w str>, width: Option<usize>) -> Vec<String> {
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

/// How wide a text is seen to be.
pub fn width(text: &str) -> usize {
    measure_text_width(text)
}

/// A bar of so many cells, as full as the part is of the whole; never beyond its end.
pub fn bar(part: u64, whole: u64, cells: usize) -> String {
    let full = u128::from(part.min(whole)) * (cells as u128) / u128::from(whole.max(1));
    let full = usize::try_from(full).unwrap_or(cells).min(cells);
    "█".repeat(full) + &"░".repeat(cells - full)
}

/// How a line stands among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// A heading.
    Heading,
    /// It stands out.
    Striking,
    /// It stands back.
    Faint,
    /// As most do.
    Plain,
}

/// A line with the colour of its weight, where colours are wanted.
pub fn dressed(line: &str, weight: Weight, coloured: bool) -> String {
    let colour = match weight {
        Weight::Plain => return line.to_owned(),
        _ if !coloured => return line.to_owned(),
        Weight::Heading => "\u{1b}[1m",
        Weight::Striking => "\u{1b}[35m",
        Weight::Faint => "\u{1b}[2m",
    };
    format!("{colour}{line}\u{1b}[0m")
}

/// `1 district`, `2 districts`.
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
    fn columns_are_as_wide_as_what_is_seen_in_them() {
        let rows = [["A", "B", "C"], ["ä", "", "xyz"], ["日本", "b", ""]];
        let rows = rows.map(|row| row.map(ToOwned::to_owned));
        assert_eq!(table(&rows), "A     B  C\nä        xyz\n日本  b\n");
    }

    #[test]
    fn numbers_stand_on_the_right_and_columns_can_be_shortened_and_taken_away() {
        let headings = [("STREET", Side::Left), ("N", Side::Right), ("", Side::Left)];
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
    fn words_are_folded_and_the_longest_are_cut() {
        let words = ["one", "two", "extraordinary", "日本"];
        assert_eq!(folded(words, Some(7)), ["one two", "extrao…", "日本"]);
        assert_eq!(folded(words, None).len(), 1);
        assert_eq!(folded([], Some(7)), [""; 0]);
    }

    #[test]
    fn a_bar_is_full_at_the_end_and_never_beyond() {
        assert_eq!(bar(0, 10, 10), "░░░░░░░░░░");
        assert_eq!(bar(5, 10, 10), "█████░░░░░");
        assert_eq!(bar(u64::MAX, 10, 10), "██████████");
        assert_eq!(bar(u64::MAX, u64::MAX, 10), "██████████");
        assert_eq!(bar(0, 0, 4), "░░░░");
    }

    #[test]
    fn a_line_is_coloured_only_where_it_is_wanted() {
        assert_eq!(dressed("a", Weight::Striking, false), "a");
        assert_eq!(dressed("a", Weight::Plain, true), "a");
        assert_eq!(dressed("a", Weight::Faint, true), "\u{1b}[2ma\u{1b}[0m");
    }
}
