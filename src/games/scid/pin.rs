//! The PIN that comes by e-mail.

use std::str::FromStr;

use crate::base::secret::Secret;

/// Six digits, kept as text: zeros in front count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin(Secret);

/// A text that is no PIN. The text is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a PIN is six digits from 0 to 9, as in the newest e-mail; 123 456 and 123-456 will do")]
pub struct BadPin;

impl Pin {
    /// How many digits a PIN has.
    const DIGITS: usize = 6;

    /// The six digits, hidden.
    pub const fn secret(&self) -> &Secret {
        &self.0
    }
}

impl FromStr for Pin {
    type Err = BadPin;

    fn from_str(text: &str) -> Result<Self, BadPin> {
        let text = text.trim();
        let (first, second) = text
            .split_once([' ', '-'])
            .or_else(|| text.split_at_checked(Self::DIGITS / 2))
            .ok_or(BadPin)?;
        let half = |digits: &str| {
            digits.len() == Self::DIGITS / 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if half(first) && half(second) {
            Ok(Self(Secret::new([first, second].concat())))
        } else {
            Err(BadPin)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pin(text: &str) -> Result<Pin, BadPin> {
        text.parse()
    }

    #[test]
    fn six_digits_are_a_pin_and_zeros_in_front_count() {
        for text in ["001234", "001 234", "001-234", " 001234\r\n"] {
            assert_eq!(pin(text), Ok(Pin(Secret::new("001234"))), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_pin() {
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
            assert_eq!(pin(text), Err(BadPin), "{text}");
        }
    }

    #[test]
    fn the_digits_of_other_alphabets_are_no_pin() {
        for text in ["１２３４５６", "١٢٣٤٥٦", "१२३४५६", "12345６", "①②③④⑤⑥"]
        {
            assert_eq!(pin(text), Err(BadPin), "{text}");
        }
    }

    #[test]
    fn neither_a_pin_nor_the_refusal_of_one_shows_digits_that_were_typed() {
        let shown = format!("{:?} {:?} {BadPin}", pin("987654"), pin("98765"));
        assert!(!shown.contains("98765"), "{shown}");
    }

    proptest! {
        #[test]
        fn every_six_digits_are_kept_as_typed(digits in "[0-9]{6}") {
            prop_assert_eq!(pin(&digits), Ok(Pin(Secret::new(digits))));
        }

        #[test]
        fn no_text_makes_reading_a_pin_panic(text in any::<String>(), near in "[0-9 -]{0,9}") {
            let _ = pin(&text);
            let _ = pin(&near);
        }
    }
}
