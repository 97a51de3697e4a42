//! The value of `--wrapper` and of `wrapper` in config.toml.

use std::str::FromStr;

/// A command, split into words as a shell does. No shell runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrapperCommand(pub Vec<String>);

impl FromStr for WrapperCommand {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // On Windows, a backslash separates folders and quotes nothing.
        let text = if cfg!(windows) {
            text.replace('\\', "\\\\")
        } else {
            text.to_owned()
        };
        let words = shlex::split(&text).ok_or("a quote is not closed")?;
        if words.is_empty() {
            Err("it is empty".to_owned())
        } else {
            Ok(Self(words))
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_wrapper_is_split_as_a_shell_splits() {
        let words = |text: &str| text.parse::<WrapperCommand>().map(|words| words.0);
        assert_eq!(
            words("env 'A=b c' gamemoderun"),
            Ok(vec!["env".into(), "A=b c".into(), "gamemoderun".into()])
        );
        assert!(words("'open").is_err() && words(" ").is_err());
    }
}
