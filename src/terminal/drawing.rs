//! Results that replace the previous result on a terminal.

use std::cell::RefCell;
use std::fmt::Write as _;

use super::table::width;

/// The last result that was drawn.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    /// The width of each line: a terminal that became narrower has wrapped the lines that no longer fit.
    widths: RefCell<Vec<usize>>,
}

impl Drawing {
    /// Returns what to write so that `text` with a `note` below it replaces the last drawing. `size` is the terminal's number
    /// of rows and columns; without a terminal, both are returned with an empty line after them.
    pub(super) fn redraw(&self, text: &str, note: &str, size: Option<(usize, usize)>) -> String {
        let Some((rows, columns)) = size else {
            return format!("{text}{note}\n");
        };
        let (text, note): (Vec<_>, Vec<_>) = (text.lines().collect(), note.lines().collect());
        let shown = clipped(&text, &note, rows.saturating_sub(2).max(1));
        let widths = shown.iter().map(|line| width(&without_colours(line)));
        let before = self.widths.replace(widths.collect());
        let up: usize = before
            .iter()
            .map(|width| width.div_ceil(columns.max(1)).max(1))
            .sum();
        let mut drawing = match up {
            0 => String::new(),
            up => format!("\u{1b}[{up}A"),
        };
        for line in shown {
            // Writing to a string does not fail.
            let _ = writeln!(drawing, "{line}\u{1b}[K");
        }
        drawing + "\u{1b}[J"
    }

    /// Forgets the last drawing, after something else was written below it.
    pub(super) fn reset(&self) {
        self.widths.take();
    }
}

/// Returns the lines that fit: first the note, then the last line of the text, which has its totals, then its first lines.
fn clipped<'t>(text: &[&'t str], note: &[&'t str], room: usize) -> Vec<&'t str> {
    let note = note.iter().take(room);
    let room = room.saturating_sub(note.len());
    let (totals, top) = match text.split_last() {
        Some((totals, top)) if room > 0 => (Some(totals), top),
        _ => (None, &[][..]),
    };
    let top = top.iter().take(room.saturating_sub(1));
    top.chain(totals).chain(note).copied().collect()
}

/// Removes the escape sequences of colours from a line.
pub(super) fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default();
    let others = parts.map(|part| part.split_once('m').map_or("", |(_, text)| text));
    first.to_owned() + &others.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Option<(usize, usize)> = Some((24, 80));

    #[test]
    fn a_drawing_replaces_the_one_before() {
        let drawing = Drawing::default();
        assert_eq!(
            drawing.redraw("a\nb\n", "", SIZE),
            "a\u{1b}[K\nb\u{1b}[K\n\u{1b}[J"
        );
        assert_eq!(
            drawing.redraw("c\n", "d\n", SIZE),
            "\u{1b}[2Ac\u{1b}[K\nd\u{1b}[K\n\u{1b}[J"
        );
        assert!(drawing.redraw("e\n", "", SIZE).starts_with("\u{1b}[2A"));
    }

    #[test]
    fn lines_that_a_narrower_terminal_has_wrapped_are_replaced() {
        let drawing = Drawing::default();
        drawing.redraw("\u{1b}[1mabcdefgh\u{1b}[0m\n\nij\n", "", SIZE);
        // Three rows, an empty row, and one row.
        let narrow = drawing.redraw("a\n", "", Some((24, 3)));
        assert!(narrow.starts_with("\u{1b}[5Aa\u{1b}[K\n"), "{narrow:?}");
    }

    #[test]
    fn a_drawing_after_other_output_replaces_nothing() {
        let drawing = Drawing::default();
        drawing.redraw("a\n", "", SIZE);
        drawing.reset();
        assert_eq!(drawing.redraw("b\n", "", SIZE), "b\u{1b}[K\n\u{1b}[J");
    }

    #[test]
    fn the_note_and_the_totals_are_kept_when_not_all_lines_fit() {
        let text = ["a", "b", "c", "totals"];
        assert_eq!(clipped(&text, &[], 3), ["a", "b", "totals"]);
        assert_eq!(clipped(&text, &["note"], 3), ["a", "totals", "note"]);
        assert_eq!(clipped(&text, &["note"], 1), ["note"]);
        assert_eq!(clipped(&text, &["note"], 9).len(), 5);
        assert_eq!(clipped(&[], &["note"], 2), ["note"]);
    }

    #[test]
    fn without_a_terminal_there_is_no_escape_sequence() {
        let drawing = Drawing::default();
        assert_eq!(drawing.redraw("a\n", "", None), "a\n\n");
        assert_eq!(drawing.redraw("a\n", "b\n", None), "a\nb\n\n");
    }
}
