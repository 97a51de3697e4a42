//! The names of accounts and groups.

/// The length limit of a name in bytes.
const MAX_LENGTH: usize = 64;

/// The names of games and commands on the command line, including planned ones.
pub(crate) const RESERVED: [&str; 46] = [
    "accounts",
    "add",
    "completions",
    "config",
    "districts",
    "doctor",
    "doodles",
    "edit",
    "exec",
    "fieldoffices",
    "games",
    "get",
    "group",
    "help",
    "import",
    "install",
    "installs",
    "links",
    "list",
    "login",
    "logout",
    "man",
    "path",
    "play",
    "ps",
    "rehearse",
    "remove",
    "rename",
    "scid",
    "set",
    "settings",
    "shortcut",
    "show",
    "sillymeter",
    "status",
    "stop",
    "tag",
    "tlopo",
    "token",
    "ttcc",
    "ttr",
    "uninstall",
    "unset",
    "update",
    "verify",
    "whoami",
];

/// Why a name is invalid. The message does not contain the name, which the caller shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AccountNameError {
    /// A character is not allowed.
    #[error(
        "a name consists of ASCII letters, digits and . _ -, and begins with a letter or digit"
    )]
    Characters,
    /// The name has more than 64 characters.
    #[error("a name has at most {MAX_LENGTH} characters")]
    TooLong,
    /// The name is in [`RESERVED`].
    #[error("it is a command of playcookie")]
    Reserved,
}

/// Checks a name: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, and not in [`RESERVED`].
///
/// # Errors
/// When the name is invalid.
pub(crate) fn check(name: &str) -> Result<(), AccountNameError> {
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    if !name.starts_with(|first: char| first.is_ascii_alphanumeric())
        || !name.chars().all(is_allowed)
    {
        return Err(AccountNameError::Characters);
    }
    if name.len() > MAX_LENGTH {
        return Err(AccountNameError::TooLong);
    }
    if RESERVED.iter().any(|word| word.eq_ignore_ascii_case(name)) {
        return Err(AccountNameError::Reserved);
    }
    Ok(())
}

/// Derives an account name from a username: the part before `@`, without invalid characters, and with a number if the name
/// `is_taken`.
pub(crate) fn from_username(username: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let local = username.split('@').next().unwrap_or_default();
    let plain: String = local
        .chars()
        .filter(|character| character.is_ascii_alphanumeric() || "._-".contains(*character))
        .skip_while(|character| !character.is_ascii_alphanumeric())
        // Leaves room for the number.
        .take(MAX_LENGTH - 8)
        .collect();
    let stem = if plain.is_empty() { "account" } else { &plain };
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
    std::iter::once(stem.to_owned())
        .chain(numbered)
        .find(|name| check(name).is_ok() && !is_taken(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_no_word_of_the_command_line() {
        for name in ["alice", "A", "9", "a.b_c-d", &"x".repeat(64)] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in [
            "", "-a", ".a", "@a", "a b", "a@b", "ä", "a\n", "a\0", "a/b", "a=b",
        ] {
            assert_eq!(check(name), Err(AccountNameError::Characters), "{name:?}");
        }
        assert_eq!(check(&"x".repeat(65)), Err(AccountNameError::TooLong));
        for name in ["help", "ttr", "PLAY", "Login"] {
            assert_eq!(check(name), Err(AccountNameError::Reserved), "{name}");
        }
    }

    #[test]
    fn a_name_is_derived_from_any_username() {
        let free = |_: &str| false;
        assert_eq!(from_username("alice@example.com", free), "alice");
        assert_eq!(from_username("Äl ice+ttr", free), "licettr");
        assert_eq!(from_username("@@", free), "account");
        assert_eq!(from_username("play", free), "play-2");
        assert_eq!(
            from_username("alice", |name| matches!(name, "alice" | "alice-2")),
            "alice-3"
        );
        assert_eq!(check(&from_username(&"x".repeat(500), free)), Ok(()));
    }
}
