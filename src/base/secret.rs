//! Values that must not be seen: passwords, codes, tokens, play cookies.
//!
//! A [`Secret`] has no `Display`, no `Serialize` and no `Deref`. It leaves by one word that can be
//! searched for, [`Secret::reveal`], and is wiped when dropped. Copies that other crates make of it
//! (an HTTP body, an environment block) are out of reach.

use std::fmt;

use zeroize::Zeroizing;

/// What stands where a secret would be.
pub const MASK: &str = "•••";

/// Text that is wiped when dropped and never printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; the caller keeps no copy.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, to send it, hand it to the game, or compare it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it holds a control character, which no environment variable or form should carry.
    pub fn has_control_characters(&self) -> bool {
        self.0.chars().any(char::is_control)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself_when_debugged() {
        assert_eq!(format!("{:?}", Some(Secret::new("hunter2"))), "Some(•••)");
    }
}
