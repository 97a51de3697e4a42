//! Random values; no other module of the program reads the system's random numbers.

use std::fmt::Write as _;

/// Returns `2 * bytes` random hexadecimal digits.
pub fn hex(bytes: usize) -> String {
    let mut random = vec![0_u8; bytes];
    // When the system has no random numbers, the digits are zeros. They are used for unique names and for tokens of the
    // stand-in servers, neither of which is secret.
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
    fn two_values_differ() {
        assert_eq!(hex(16).len(), 32);
        assert_ne!(hex(16), hex(16));
    }
}
