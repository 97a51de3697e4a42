//! The PIN that is sent by e-mail.

use std::str::FromStr;

use crate::base::secret::Secret;

/// A PIN: six digits, stored as text because of leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin(Secret);

/// The error for a text that is not a PIN. The message does not contain the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a PIN is six digits from 0 to 9, as in the newest e-mail; 123 456 and 123-456 will do")]
pub struct PinError;

impl Pin {
    /// The number of digits of a PIN.
    const DIGITS: usize = 6;

    /// Returns the six digits.
    pub const fn secret(&self) -> &Secret {
        &self.0
    }
}

impl FromStr for Pin {
    type Err = PinError;

    fn from_str(text: &str) -> Result<Self, PinError> {
        let text = text.trim();
        let (first, second) = text
            .split_once([' ', '-'])
            .or_else(|| text.split_at_checked(Self::DIGITS / 2))
            .ok_or(PinError)?;
        let half = |digits: &str| {
            digits.len() == Self::DIGITS / 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if half(first) && half(second) {
            Ok(Self(Secret::new([first, second].concat())))
        } else {
            Err(PinError)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pin(text: &str) -> Result<Pin, PinError> {
        text.parse()
    }

    #[test]
    fn a_pin_has_six_digits_with_leading_zeros() {
        for text in ["001234", "001 234", "001-234", " 001234\r\n"] {
            assert_eq!(pin(text), Ok(Pin(Secret::new("001234"))), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_pin() {
        for text in [
            "",
            " ",
            "12345",
            "1234567",
            "12-3456",
            "12 34 56",
            "123--456",
            "123 - 456",
            "123_456",
            "-123456",
            "+12345",
            "12345a",
            "123\n456",
            "123456 x",
            "\u{1b}[2J",
            "1234567890123456",
            "ää",
            "a€b",
        ] {
            assert_eq!(pin(text), Err(PinError), "{text}");
        }
    }

    #[test]
    fn digits_of_other_scripts_are_no_pin() {
        for text in ["１２３４５６", "١٢٣٤٥٦", "१२३४५६", "12345６", "①②③④⑤⑥"]
        {
            assert_eq!(pin(text), Err(PinError), "{text}");
        }
    }

    #[test]
    fn the_debug_output_of_a_pin_and_of_its_error_has_no_digits() {
        let shown = format!("{:?} {:?} {PinError}", pin("987654"), pin("98765"));
        assert!(!shown.contains("98765"), "{shown}");
    }

    proptest! {
        #[test]
        fn every_six_digits_are_a_pin(digits in "[0-9]{6}") {
            prop_assert_eq!(pin(&digits), Ok(Pin(Secret::new(digits))));
        }

        #[test]
        fn no_text_makes_parsing_panic(text in any::<String>(), near in "[0-9 -]{0,9}") {
            let _ = pin(&text);
            let _ = pin(&near);
        }
    }
}
