//! A result that takes the place of the one before on a terminal.

use std::cell::RefCell;
use std::fmt::Write as _;

use super::table::width;

/// What was drawn last.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    /// How wide each of its lines is: a terminal that became narrower has folded those that do not fit any more.
    widths: RefCell<Vec<usize>>,
}

impl Drawing {
    /// What to write so that `text`, with a `note` below it, stands where the last drawing stood, on a terminal of so many
    /// rows and columns; elsewhere both with an empty line behind them.
    pub(super) fn over(&self, text: &str, note: &str, size: Option<(usize, usize)>) -> String {
        let Some((rows, columns)) = size else {
            return format!("{text}{note}\n");
        };
        let (text, note): (Vec<_>, Vec<_>) = (text.lines().collect(), note.lines().collect());
        let shown = clipped(&text, &note, rows.saturating_sub(2).max(1));
        let widths = shown.iter().map(|line| width(&seen(line)));
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

    /// Something else was written below: the next drawing is a new one.
    pub(super) fn forget(&self) {
        self.widths.take();
    }
}

/// As many lines as there is room for. The note comes before the last line of the text, which is its totals, and both before
/// the lines on top.
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

/// A line without the escapes of its colours, which are those of [`super::table::dressed`].
fn seen(line: &str) -> String {
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
    fn the_second_drawing_covers_the_first() {
        let drawing = Drawing::default();
        assert_eq!(
            drawing.over("a\nb\n", "", SIZE),
            "a\u{1b}[K\nb\u{1b}[K\n\u{1b}[J"
        );
        assert_eq!(
            drawing.over("c\n", "d\n", SIZE),
            "\u{1b}[2Ac\u{1b}[K\nd\u{1b}[K\n\u{1b}[J"
        );
        assert!(drawing.over("e\n", "", SIZE).starts_with("\u{1b}[2A"));
    }

    #[test]
    fn lines_that_a_narrower_terminal_has_folded_are_covered_too() {
        let drawing = Drawing::default();
        drawing.over("\u{1b}[1mabcdefgh\u{1b}[0m\n\nij\n", "", SIZE);
        // Three rows, an empty one, and one.
        let narrow = drawing.over("a\n", "", Some((24, 3)));
        assert!(narrow.starts_with("\u{1b}[5Aa\u{1b}[K\n"), "{narrow:?}");
    }

    #[test]
    fn what_was_written_below_a_drawing_is_not_covered() {
        let drawing = Drawing::default();
        drawing.over("a\n", "", SIZE);
        drawing.forget();
        assert_eq!(drawing.over("b\n", "", SIZE), "b\u{1b}[K\n\u{1b}[J");
    }

    #[test]
    fn what_does_not_fit_is_left_out_but_for_the_totals_and_the_note() {
        let text = ["a", "b", "c", "totals"];
        assert_eq!(clipped(&text, &[], 3), ["a", "b", "totals"]);
        assert_eq!(clipped(&text, &["note"], 3), ["a", "totals", "note"]);
        assert_eq!(clipped(&text, &["note"], 1), ["note"]);
        assert_eq!(clipped(&text, &["note"], 9).len(), 5);
        assert_eq!(clipped(&[], &["note"], 2), ["note"]);
    }

    #[test]
    fn without_a_terminal_there_is_no_escape() {
        let drawing = Drawing::default();
        assert_eq!(drawing.over("a\n", "", None), "a\n\n");
        assert_eq!(drawing.over("a\n", "b\n", None), "a\nb\n\n");
    }
}
