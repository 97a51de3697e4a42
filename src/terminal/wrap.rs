//! Messages and status lines that fit the width of the terminal.

use console::truncate_str;

use super::drawing::without_colours;
use super::table::width;

/// The indentation of a line that continues another one, beyond that of its first line.
const INDENT: usize = 2;
/// A narrower terminal breaks lines by itself.
const LEAST_WIDTH: usize = 20;
/// The width to which the subject of a status line is cut at most.
const LEAST_SUBJECT: usize = 8;

/// Breaks each line of a text between words so that no line is wider than the terminal; a wider word stays whole, since it
/// may be a path to copy. Without a terminal, the text is unchanged.
pub(super) fn wrap(text: &str, columns: Option<usize>) -> String {
    let lines = text.split('\n').map(|line| {
        let words = line.trim_start_matches(' ');
        let (start, _) = line.split_at(line.len() - words.len());
        wrap_after(start, words, start.len() + INDENT, columns)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns `start` with a text after it, which is broken as by [`wrap`]. The other lines are indented to the column `indent`, but
/// to no more than half of the width.
pub(crate) fn wrap_after(start: &str, text: &str, indent: usize, columns: Option<usize>) -> String {
    let mut wrapped = start.to_owned();
    let Some(columns) = columns.filter(|columns| *columns >= LEAST_WIDTH) else {
        return wrapped + text;
    };
    let indent = indent.min(columns / 2);
    let mut used = width(&without_colours(start));
    for (index, word) in text.split(' ').enumerate() {
        let word_width = width(&without_colours(word));
        if index > 0 && used + 1 + word_width > columns {
            wrapped.push('\n');
            wrapped += &" ".repeat(indent);
            used = indent;
        } else if index > 0 {
            wrapped.push(' ');
            used += 1;
        }
        wrapped += word;
        used += word_width;
    }
    wrapped
}

/// Cuts a sentence about a subject, as in `GAME: in queue, position 15`, to one line: first the subject, then what is in
/// front of the last clause, which says how long something takes; an update's numbers are in front of its files' names.
pub(super) fn fitted(sentence: &str, columns: usize) -> String {
    let Some((subject, rest)) = sentence.split_once(": ") else {
        return truncate_str(sentence, columns, "…").into_owned();
    };
    let over = width(sentence).saturating_sub(columns);
    let room = width(subject).saturating_sub(over).max(LEAST_SUBJECT);
    let sentence = format!("{}: {rest}", truncate_str(subject, room, "…"));
    // The names of files go first.
    let names = rest.rfind(": ").map_or(0, |at| rest.len() - at);
    let (numbers, names) = sentence.split_at(sentence.len() - names);
    let is_fitting = !names.is_empty() && width(numbers) <= columns;
    let clause = numbers.rfind(", ").map(|at| numbers.split_at(at));
    match clause.filter(|_| width(&sentence) > columns && !is_fitting) {
        Some((front, clause)) if width(clause) < columns => {
            let front = truncate_str(front, columns - width(clause), "…");
            format!("{front}{clause}")
        }
        _ => truncate_str(&sentence, columns, "…").into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_line_that_is_too_long_loses_its_subject_before_its_end() {
        let queued = "Toontown: Corporate Clash (alice): in queue, position 15, about 1 min";
        let waiting = "Toontown Rewritten: too many players want in at once, trying again in 12 s";
        let update = "Toontown Rewritten: 3 of 9 files, 1.2 MB of 5.0 MB: phase_3.mf, phase_4.mf";
        let timed = "Toontown Rewritten: 3 of 9 files, 1.2 MB of 5.0 MB, 9 kB/s, about 7 min left: phase_3.mf";
        for (sentence, columns, expected) in [
            (queued, 80, queued),
            (
                waiting,
                66,
                "Toontown …: too many players want in at once, trying again in 12 s",
            ),
            (waiting, 40, "Toontow…: too man…, trying again in 12 s"),
            (update, 46, "Toontow…: 3 of 9 files, 1.2 MB of 5.0 MB: pha…"),
            (
                timed,
                52,
                "Toontow…: 3 of 9 files, 1.2 MB of…, about 7 min left",
            ),
            ("no subject", 5, "no s…"),
        ] {
            assert_eq!(fitted(sentence, columns), expected);
        }
    }

    #[test]
    fn a_line_is_broken_between_words_and_continued_with_an_indent() {
        let text = "error: one two three four five\nhint: short\n";
        assert_eq!(
            wrap(text, Some(20)),
            "error: one two three\n  four five\nhint: short\n"
        );
        assert_eq!(
            wrap("  tip: one two three four", Some(20)),
            "  tip: one two three\n    four"
        );
        assert_eq!(wrap(text, None), text);
        assert_eq!(wrap(text, Some(10)), text);
    }

    #[test]
    fn a_text_after_a_start_is_continued_below_itself() {
        let name = "\u{1b}[1;31mfail\u{1b}[0m  name  ";
        let wrapped = |columns| wrap_after(name, "one two three four", 12, Some(columns));
        assert_eq!(
            wrapped(25),
            format!("{name}one two three\n            four")
        );
        assert_eq!(wrapped(20), format!("{name}one two\n          three four"));
        assert_eq!(
            wrap_after(name, "one two", 12, None),
            format!("{name}one two")
        );
    }

    #[test]
    fn a_wide_word_stays_whole_and_colours_take_no_room() {
        let path = "/a/path/that/is/wider/than/the/terminal";
        assert_eq!(
            wrap(&format!("see {path} now"), Some(20)),
            format!("see\n  {path}\n  now")
        );
        let coloured = "\u{1b}[1;31merror:\u{1b}[0m one two three four";
        assert_eq!(
            wrap(coloured, Some(20)),
            "\u{1b}[1;31merror:\u{1b}[0m one two three\n  four"
        );
    }
}
