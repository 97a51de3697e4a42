//! A result that takes the place of the one before on a terminal.

use std::cell::Cell;
use std::fmt::Write as _;

use console::truncate_str;

/// What was drawn last.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    lines: Cell<usize>,
}

impl Drawing {
    /// What to write so that `text` stands where the last drawing stood, on a terminal of so many rows and columns;
    /// elsewhere the text with an empty line behind it.
    pub(super) fn over(&self, text: &str, size: Option<(usize, usize)>) -> String {
        let Some((rows, columns)) = size else {
            return format!("{text}\n");
        };
        let lines: Vec<&str> = text.lines().collect();
        let shown = clipped(&lines, rows.saturating_sub(2).max(1));
        let mut drawing = match self.lines.replace(shown.len()) {
            0 => String::new(),
            up => format!("\u{1b}[{up}A"),
        };
        for line in shown {
            // A coloured line is one of a table that fits already, and its escapes would be counted.
            let line = if line.contains('\u{1b}') {
                line.into()
            } else {
                truncate_str(line, columns, "…")
            };
            // Writing to a string does not fail.
            let _ = writeln!(drawing, "{line}\u{1b}[K");
        }
        drawing + "\u{1b}[J"
    }
}

/// As many lines as there is room for; the last one is always there, since it is the totals or what is said of them.
fn clipped<'t>(lines: &[&'t str], room: usize) -> Vec<&'t str> {
    match lines.split_last() {
        Some((last, others)) if lines.len() > room => {
            let top = others.iter().take(room.saturating_sub(1));
            top.chain([last]).copied().collect()
        }
        _ => lines.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_drawing_covers_the_first() {
        let drawing = Drawing::default();
        assert_eq!(
            drawing.over("a\nb\n", Some((24, 80))),
            "a\u{1b}[K\nb\u{1b}[K\n\u{1b}[J"
        );
        assert_eq!(
            drawing.over("c\n", Some((24, 80))),
            "\u{1b}[2Ac\u{1b}[K\n\u{1b}[J"
        );
        assert_eq!(
            drawing.over("defg\n", Some((24, 3))),
            "\u{1b}[1Ade…\u{1b}[K\n\u{1b}[J"
        );
    }

    #[test]
    fn what_does_not_fit_is_left_out_but_for_the_last_line() {
        assert_eq!(clipped(&["a", "b", "c", "d"], 3), ["a", "b", "d"]);
        assert_eq!(clipped(&["a", "b"], 1), ["b"]);
        assert_eq!(clipped(&["a", "b"], 2), ["a", "b"]);
    }

    #[test]
    fn a_coloured_line_is_not_cut_by_its_escapes() {
        let line = "\u{1b}[1mabc\u{1b}[0m";
        let drawn = Drawing::default().over(line, Some((24, 3)));
        assert_eq!(drawn, format!("{line}\u{1b}[K\n\u{1b}[J"));
    }

    #[test]
    fn without_a_terminal_there_is_no_escape() {
        assert_eq!(Drawing::default().over("a\n", None), "a\n\n");
    }
}
