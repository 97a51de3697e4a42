//! The arguments of programs that show one window, print the answer and exit.

use super::ProgramKind;

/// Shows a dialog of macOS; the title and the text are arguments of the script.
const OSASCRIPT: [&str; 3] = ["-e", "on run {title, question}", "-e"];

/// Returns the arguments that ask for a line of text.
pub(super) fn ask(kind: ProgramKind, title: &str, text: &str, is_hidden: bool) -> Vec<String> {
    match kind {
        ProgramKind::Kdialog if is_hidden => {
            // This window shows every text as HTML.
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            let text = text.replace('\n', "<br>").replace('\\', r"\\");
            strings(&["--title", title, "--password", &text])
        }
        ProgramKind::Kdialog => {
            // An ampersand marks the next character as a shortcut.
            let text = for_kdialog(text).replace('&', "&&");
            strings(&["--title", title, "--inputbox", &text])
        }
        ProgramKind::Zenity => {
            // An underscore marks the next character as a shortcut, and a backslash begins an escape.
            let text = text.replace('\\', r"\\").replace('_', "__");
            let words = [format!("--title={title}"), format!("--text={text}")];
            let hidden = is_hidden.then(|| "--hide-text".to_owned());
            let entry = std::iter::once("--entry".to_owned());
            entry.chain(words).chain(hidden).collect()
        }
        ProgramKind::Osascript => {
            let hidden = if is_hidden { " with hidden answer" } else { "" };
            osascript(
                &format!(
                    "text returned of (display dialog question with title title default answer \"\"{hidden})"
                ),
                title,
                text,
            )
        }
        ProgramKind::Pinentry | ProgramKind::Askpass => strings(&[text]),
    }
}

/// Returns the arguments that ask for yes or no; none where the program has no such question.
pub(super) fn confirm(kind: ProgramKind, title: &str, text: &str) -> Option<Vec<String>> {
    let buttons = "buttons {\"No\", \"Yes\"} default button \"Yes\" cancel button \"No\"";
    message(kind, ["--yesno", "--question", buttons], title, text)
}

/// Returns the arguments that show an error; none where the program shows none.
pub(super) fn error(kind: ProgramKind, title: &str, text: &str) -> Option<Vec<String>> {
    let buttons = "buttons {\"OK\"} with icon stop";
    message(kind, ["--error", "--error", buttons], title, text)
}

/// Returns the arguments that show a text: the option of kdialog, that of zenity, and the buttons of osascript.
fn message(
    kind: ProgramKind,
    [kdialog, zenity, buttons]: [&str; 3],
    title: &str,
    text: &str,
) -> Option<Vec<String>> {
    match kind {
        ProgramKind::Kdialog => Some(strings(&["--title", title, kdialog, &for_kdialog(text)])),
        ProgramKind::Zenity => {
            let (title, text) = (format!("--title={title}"), format!("--text={text}"));
            Some(strings(&[zenity, "--no-markup", &title, &text]))
        }
        ProgramKind::Osascript => {
            let act = format!("display dialog question with title title {buttons}");
            Some(osascript(&act, title, text))
        }
        ProgramKind::Pinentry | ProgramKind::Askpass => None,
    }
}

/// Escapes backslashes, and replaces the character that could begin a tag: a text with tags is shown as HTML.
fn for_kdialog(text: &str) -> String {
    text.replace('\\', r"\\").replace('<', "‹")
}

fn osascript(act: &str, title: &str, text: &str) -> Vec<String> {
    let rest = [act, "-e", "end run", "--", title, text];
    strings(&[&OSASCRIPT[..], &rest].concat())
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shown_as_it_is() {
        let text = "<b>a_b & C:\\new\nb";
        let asked = |is_hidden| ask(ProgramKind::Kdialog, "t", text, is_hidden).pop();
        assert_eq!(asked(false).as_deref(), Some("‹b>a_b && C:\\\\new\nb"));
        assert_eq!(
            asked(true).as_deref(),
            Some("&lt;b>a_b &amp; C:\\\\new<br>b")
        );
        assert_eq!(
            ask(ProgramKind::Zenity, "t", text, true),
            [
                "--entry",
                "--title=t",
                "--text=<b>a__b & C:\\\\new\nb",
                "--hide-text"
            ]
        );
        assert_eq!(
            error(ProgramKind::Zenity, "t", text).unwrap_or_default(),
            [
                "--error",
                "--no-markup",
                "--title=t",
                "--text=<b>a_b & C:\\new\nb"
            ]
        );
    }

    #[test]
    fn a_script_of_macos_gets_the_text_as_an_argument() {
        for words in [
            ask(ProgramKind::Osascript, "t", "\"text", true),
            confirm(ProgramKind::Osascript, "t", "\"text").unwrap_or_default(),
            error(ProgramKind::Osascript, "t", "\"text").unwrap_or_default(),
        ] {
            assert_eq!(words[words.len() - 3..], ["--", "t", "\"text"]);
            assert!(!words[..words.len() - 3].concat().contains("\"text"));
        }
    }
}
