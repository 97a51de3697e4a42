//! The `.command` files of macOS, which open Terminal.

use super::{Shortcut, unusable};
use crate::base::failure::Failure;

/// The extension of the files.
pub(super) const EXTENSION: &str = "command";
/// The start of the line that marks a file of this program; the rest is the target.
const TARGET_LINE: &str = "# playcookie shortcut: ";

/// Returns the name of a shortcut's file.
pub(super) fn file_name(shortcut: &Shortcut) -> String {
    format!("{}.{EXTENSION}", shortcut.file_title())
}

/// Returns the content of a shortcut's file.
///
/// # Errors
/// [`Reason::Usage`](crate::base::failure::Reason::Usage) when the path of the program contains NUL.
pub(super) fn content(shortcut: &Shortcut) -> Result<Vec<u8>, Failure> {
    let program = &shortcut.program;
    let words = std::iter::once(program).chain(&shortcut.arguments);
    let command = shlex::try_join(words.map(String::as_str))
        .map_err(|_| unusable(program, "control characters"))?;
    let text = format!(
        "#!/bin/sh\n{TARGET_LINE}{}\nexec {command}\n",
        shortcut.target
    );
    Ok(text.into_bytes())
}

/// Returns the target that a file of this program names.
pub(super) fn target(content: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(content).ok()?;
    let target = text.lines().nth(1)?.strip_prefix(TARGET_LINE)?;
    Some(target.to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::games::GameId;

    #[test]
    fn the_script_passes_every_argument_as_it_is() {
        let arguments = ["%s|", "a b", "it's", "$HOME", "\"`x`\"", "\\"];
        let shortcut = Shortcut {
            target: "alice".to_owned(),
            game_id: Some(GameId::Ttcc),
            program: "/usr/bin/printf".to_owned(),
            arguments: arguments.map(ToOwned::to_owned).into(),
            needs_terminal: true,
        };
        let script = content(&shortcut).expect("a script");
        let script = String::from_utf8(script).expect("UTF-8");
        let mut shell = Command::new("/bin/sh");
        let output = shell.args(["-c", &script]).output().expect("a shell");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(printed, "a b|it's|$HOME|\"`x`\"|\\|");
        assert_eq!(target(script.as_bytes()).as_deref(), Some("alice"));
        assert_eq!(
            file_name(&shortcut),
            "Toontown Corporate Clash (alice).command"
        );
        assert_eq!(target(b"#!/bin/sh\nexec playcookie play alice\n"), None);
    }
}
