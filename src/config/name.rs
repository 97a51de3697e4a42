//! The names of remembered accounts and of groups.

/// The longest name.
const LONGEST: usize = 64;

/// Words that mean something on the command line: verbs and games, of today and of the design.
pub const RESERVED: [&str; 36] = [
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
    "group",
    "help",
    "import",
    "links",
    "list",
    "login",
    "logout",
    "man",
    "path",
    "play",
    "rehearse",
    "remove",
    "scid",
    "set",
    "settings",
    "show",
    "sillymeter",
    "status",
    "tag",
    "tlopo",
    "token",
    "ttcc",
    "ttr",
    "update",
    "whoami",
];

/// What is wrong with a name. The name is not in it: a word in the place of one may be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountNameError {
    /// Other characters, or another first one.
    #[error(
        "a name is letters of the English alphabet, digits and . _ -, and begins with a letter or a digit"
    )]
    Characters,
    /// More than 64 characters.
    #[error("a name has at most {LONGEST} characters")]
    TooLong,
    /// A verb or a game.
    #[error("that word is a command of playcookie")]
    Reserved,
}

/// Checks a name after `details.md`: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, and no word of the command line.
///
/// # Errors
/// See [`AccountNameError`].
pub fn check(name: &str) -> Result<(), AccountNameError> {
    let is_fine = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    if !name.starts_with(|first: char| first.is_ascii_alphanumeric()) || !name.chars().all(is_fine)
    {
        return Err(AccountNameError::Characters);
    }
    if name.len() > LONGEST {
        return Err(AccountNameError::TooLong);
    }
    if RESERVED.iter().any(|word| word.eq_ignore_ascii_case(name)) {
        return Err(AccountNameError::Reserved);
    }
    Ok(())
}

/// A name for the account of a username: what stands before the `@`, without what a name cannot hold, and with a number
/// behind it when it `is_taken`.
pub fn derived(username: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let local = username.split('@').next().unwrap_or_default();
    let plain: String = local
        .chars()
        .filter(|character| character.is_ascii_alphanumeric() || "._-".contains(*character))
        .skip_while(|character| !character.is_ascii_alphanumeric())
        // Room for the number.
        .take(LONGEST - 8)
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
    fn a_name_is_short_plain_and_no_word_of_the_command_line() {
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
    fn a_name_is_made_from_any_username() {
        let free = |_: &str| false;
        assert_eq!(derived("alice@example.com", free), "alice");
        assert_eq!(derived("Äl ice+ttr", free), "licettr");
        assert_eq!(derived("@@", free), "account");
        assert_eq!(derived("play", free), "play-2");
        assert_eq!(
            derived("alice", |name| matches!(name, "alice" | "alice-2")),
            "alice-3"
        );
        assert_eq!(check(&derived(&"x".repeat(500), free)), Ok(()));
    }
}
