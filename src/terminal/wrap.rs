//! Messages that are broken between words at the terminal's width.

use super::table::width;

/// The indentation of a line that continues another one, beyond that of its first line.
const INDENT: usize = 2;
/// A narrower terminal breaks lines by itself.
const LEAST_WIDTH: usize = 20;

/// Breaks each line of a text between words so that no line is wider than the terminal; a wider word stays whole, since it
/// may be a path to copy. Without a terminal, the text is unchanged.
pub(super) fn wrap(text: &str, columns: Option<usize>) -> String {
    let Some(columns) = columns.filter(|columns| *columns >= LEAST_WIDTH) else {
        return text.to_owned();
    };
    let lines = text.split('\n').map(|line| wrap_line(line, columns));
    lines.collect::<Vec<_>>().join("\n")
}

fn wrap_line(line: &str, columns: usize) -> String {
    if width(line) <= columns {
        return line.to_owned();
    }
    let words = line.trim_start_matches(' ');
    let indent = line.len() - words.len();
    let mut wrapped = " ".repeat(indent);
    let mut used = indent;
    for (index, word) in words.split(' ').enumerate() {
        let word_width = width(word);
        if index > 0 && used + 1 + word_width > columns {
            wrapped.push('\n');
            used = indent + INDENT;
            wrapped += &" ".repeat(used);
        } else if index > 0 {
            wrapped.push(' ');
            used += 1;
        }
        wrapped += word;
        used += word_width;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

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
