//! The `.desktop` files of Linux and other systems with a freedesktop.org desktop.

use super::{Shortcut, unusable};
use crate::base::failure::Failure;
use crate::games::GameId;

/// The extension of the files.
pub(super) const EXTENSION: &str = "desktop";
/// The key that marks a file of this program; its value is the target.
const TARGET_KEY: &str = "X-Playcookie-Shortcut";
/// The characters for which an argument of `Exec` is quoted.
const RESERVED: &[char] = &[
    ' ', '"', '\'', '\\', '>', '<', '~', '|', '&', ';', '$', '*', '?', '#', '(', ')', '`',
];

/// Returns the name of a shortcut's file.
pub(super) fn file_name(shortcut: &Shortcut) -> String {
    format!("{}.{EXTENSION}", shortcut.file_stem())
}

/// Returns the content of a shortcut's file.
///
/// # Errors
/// [`Reason::Usage`](crate::base::failure::Reason::Usage) when the path of the program contains `=`, which the specification
/// forbids, or `%`, which `GLib` does not find.
pub(super) fn content(shortcut: &Shortcut) -> Result<Vec<u8>, Failure> {
    let (program, target) = (&shortcut.program, &shortcut.target);
    if program.contains(['=', '%']) {
        return Err(unusable(program, "equals or percent sign"));
    }
    let arguments = shortcut.arguments.iter();
    let words = std::iter::once(program).chain(arguments);
    let words: Vec<_> = words.map(|word| quoted(word)).collect();
    let comment = match shortcut.game_id.map(GameId::game) {
        Some(game) if game.id == target => format!("Log in and start {}", game.name),
        Some(game) => format!("Log in as {target} and start {}", game.name),
        None => format!("Log in and start the games of {target}"),
    };
    let keywords = shortcut
        .game_id
        .map(|game_id| format!("{};", game_id.game().id));
    let lines = [
        "[Desktop Entry]".to_owned(),
        "Type=Application".to_owned(),
        format!("Name={}", value(&shortcut.title())),
        format!("Comment={}", value(&comment)),
        format!("Exec={}", value(&words.join(" "))),
        "Icon=playcookie".to_owned(),
        format!("Terminal={}", shortcut.needs_terminal),
        "StartupNotify=false".to_owned(),
        "Categories=Game;".to_owned(),
        format!(
            "Keywords=playcookie;{}{};",
            keywords.unwrap_or_default(),
            value(target)
        ),
        format!("{TARGET_KEY}={}", value(target)),
    ];
    Ok((lines.join("\n") + "\n").into_bytes())
}

/// Returns the target that a file of this program names.
pub(super) fn target(content: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(content).ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once('='));
    let (_, target) = lines.find(|(key, _)| key.trim_end() == TARGET_KEY)?;
    Some(target.trim().to_owned())
}

/// Quotes an argument of `Exec`.
fn quoted(argument: &str) -> String {
    let argument = argument.replace('%', "%%");
    if !argument.is_empty() && !argument.contains(RESERVED) {
        return argument;
    }
    let mut quoted = String::from('"');
    for character in argument.chars() {
        if matches!(character, '"' | '`' | '$' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted + "\""
}

/// Escapes the value of a key.
fn value(text: &str) -> String {
    text.replace('\\', "\\\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_quoted_as_the_specification_says() {
        for (argument, expected) in [
            ("alice", "alice"),
            ("/opt/a_b-c.d/@x,:+", "/opt/a_b-c.d/@x,:+"),
            ("", r#""""#),
            ("a b", r#""a b""#),
            ("50%f", "50%%f"),
            (r#"a"b"#, r#""a\\"b""#),
            ("a$b`c", r#""a\\$b\\`c""#),
            (r"a\b", r#""a\\\\b""#),
            ("it's", r#""it's""#),
        ] {
            assert_eq!(value(&quoted(argument)), expected, "{argument}");
        }
    }

    #[test]
    fn only_a_file_with_the_key_of_this_program_has_a_target() {
        let entry = |line: &str| format!("[Desktop Entry]\nName=x\n{line}\n").into_bytes();
        let own = entry("X-Playcookie-Shortcut = @evening");
        assert_eq!(target(&own).as_deref(), Some("@evening"));
        assert_eq!(target(&entry("Exec=playcookie play alice")), None);
        assert_eq!(target(b"X-Playcookie-Shortcut\xff=a"), None);
    }
}
