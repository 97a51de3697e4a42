//! The one door to randomness.

use std::fmt::Write as _;

/// `2 * bytes` hexadecimal digits that nobody can guess.
pub fn hex(bytes: usize) -> String {
    let mut random = vec![0_u8; bytes];
    // Without the system's randomness the digits are zeros: names that are not unique, tokens of a stand-in that can
    // be guessed. Neither is a secret.
    let _ = getrandom::fill(&mut random);
    random.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same() {
        assert_eq!(hex(16).len(), 32);
        assert_ne!(hex(16), hex(16));
    }
}
