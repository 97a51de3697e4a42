//! Values that must not be shown: passwords, codes, tokens, play cookies.
//!
//! A [`Secret`] has no `Display`, no `Serialize` and no `Deref`. Its text can be read only through [`Secret::reveal`],
//! which is easy to search for, and is wiped when it is dropped. Copies that other crates make of it (an HTTP body, an
//! environment block) cannot be wiped.

use std::fmt;

use zeroize::Zeroizing;

/// The text that replaces a secret wherever one would be shown.
pub const MASK: &str = "•••";

/// Text that is wiped when dropped and never printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps `text`, which is moved, not copied, when it is a `String`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Returns the text, to send it, pass it to the game, or compare it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the text contains a control character, which environment variables and forms must not contain.
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
    fn the_debug_output_is_the_mask() {
        assert_eq!(format!("{:?}", Some(Secret::new("hunter2"))), "Some(•••)");
    }
}
