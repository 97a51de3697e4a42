//! Player tags, and the ids that they stand for.
//!
//! ```text
//!   pid  high-low   ──▶   id = low · 256 + high   ──▶   #TAG, base 14, most significant digit first
//! ```

use std::fmt;
use std::str::FromStr;

/// The digits of a tag, in the order of their values.
const DIGITS: &[u8; 14] = b"0289PYLQGRJCUV";
/// How many ids each `low` has room for: one for each `high`.
const HIGHS: u64 = 256;

/// What a player is called by the game's servers: the id as `high-low`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pid {
    high: u8,
    low: u64,
}

/// What a player sees of the same id: `#8PRLVC0J`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag(u64);

/// Why a text is no player tag and no pid. The text is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTag {
    /// Nothing is there.
    #[error("a player tag is not empty")]
    Empty,
    /// There is a character that no tag has.
    #[error("a player tag is made of the characters 0289PYLQGRJCUV, with or without # in front")]
    ForeignLetter,
    /// It is not two numbers.
    #[error("a pid is two numbers with a hyphen between them, as in 14-961148")]
    NotTwoNumbers,
    /// The number in front of the hyphen is too large.
    #[error("the first number of a pid is at most 255")]
    High,
    /// No id is that large.
    #[error("that is larger than any player's id")]
    TooLarge,
}

impl Pid {
    /// The pid of two numbers.
    ///
    /// # Errors
    /// When `high` is over 255, or the id of both would not fit into 64 bits.
    pub fn new(high: u64, low: u64) -> Result<Self, BadTag> {
        let high = u8::try_from(high).map_err(|_| BadTag::High)?;
        if low > u64::MAX / HIGHS {
            return Err(BadTag::TooLarge);
        }
        Ok(Self { high, low })
    }

    /// The same player's tag.
    pub fn tag(self) -> Tag {
        Tag((self.low * HIGHS) | u64::from(self.high))
    }
}

impl Tag {
    /// The same player's pid.
    pub const fn pid(self) -> Pid {
        let [high, ..] = self.0.to_le_bytes();
        Pid {
            high,
            low: self.0 / HIGHS,
        }
    }

    /// The tag of a text that is either: a hyphen makes it a pid.
    ///
    /// # Errors
    /// When it is neither.
    pub fn of_either(text: &str) -> Result<Self, BadTag> {
        if text.contains('-') {
            text.parse().map(Pid::tag)
        } else {
            text.parse()
        }
    }
}

impl FromStr for Pid {
    type Err = BadTag;

    fn from_str(text: &str) -> Result<Self, BadTag> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadTag::Empty);
        }
        let (high, low) = text.split_once('-').ok_or(BadTag::NotTwoNumbers)?;
        let (high, low) = (number(high)?, number(low)?);
        Self::new(high.ok_or(BadTag::High)?, low.ok_or(BadTag::TooLarge)?)
    }
}

/// Digits and nothing else, which the standard parser would let a sign come before; `None` when there are too many.
fn number(text: &str) -> Result<Option<u64>, BadTag> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadTag::NotTwoNumbers);
    }
    Ok(text.parse().ok())
}

impl FromStr for Tag {
    type Err = BadTag;

    fn from_str(text: &str) -> Result<Self, BadTag> {
        let text = text.trim();
        let letters = text.strip_prefix('#').unwrap_or(text);
        if letters.is_empty() {
            return Err(BadTag::Empty);
        }
        let values = letters.chars().map(value).collect::<Option<Vec<_>>>();
        values
            .ok_or(BadTag::ForeignLetter)?
            .into_iter()
            .try_fold(0_u64, |id, value| id.checked_mul(BASE)?.checked_add(value))
            .map(Self)
            .ok_or(BadTag::TooLarge)
    }
}

/// How many digits there are.
const BASE: u64 = DIGITS.len() as u64;

/// What a letter counts; people type O for 0.
fn value(letter: char) -> Option<u64> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        letter => letter,
    };
    (0_u64..)
        .zip(DIGITS)
        .find(|(_, digit)| char::from(**digit) == letter)
        .map(|(value, _)| value)
}

impl fmt::Display for Pid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.high, self.low)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = self.0;
        let mut letters = Vec::new();
        loop {
            let place = usize::try_from(left % BASE).unwrap_or_default();
            letters.extend(DIGITS.get(place).map(|digit| char::from(*digit)));
            left /= BASE;
            if left == 0 {
                break;
            }
        }
        write!(formatter, "#{}", letters.iter().rev().collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The samples of the page.
    const SAMPLES: [(&str, &str); 4] = [
        ("0-1", "#2PP"),
        ("12-3456789", "#GYQYR9JU"),
        ("14-961148", "#8PRLVC0J"),
        ("31-4546447", "#C0G20PR2"),
    ];

    fn tag(text: &str) -> Result<Tag, BadTag> {
        text.parse()
    }

    fn pid(text: &str) -> Result<Pid, BadTag> {
        text.parse()
    }

    #[test]
    fn a_pid_and_its_tag_are_two_names_of_one_player() {
        for (known, shown) in SAMPLES {
            assert_eq!(
                pid(known).map(|pid| pid.tag().to_string()).as_deref(),
                Ok(shown)
            );
            assert_eq!(
                tag(shown).map(|tag| tag.pid().to_string()).as_deref(),
                Ok(known)
            );
        }
    }

    #[test]
    fn a_tag_may_be_typed_in_small_letters_without_a_hash_and_with_an_o() {
        for typed in [
            "#8PRLVC0J",
            "8prlvc0j",
            "#8prlvcoj",
            "8PRLVCOJ",
            " #8PRLVC0J\n",
        ] {
            assert_eq!(tag(typed), tag("#8PRLVC0J"), "{typed}");
        }
    }

    #[test]
    fn a_zero_in_front_counts_nothing() {
        assert_eq!(tag("#02PP"), tag("#2PP"));
        assert_eq!(pid("00-01"), pid("0-1"));
        assert_eq!(
            pid("0-0").map(|pid| pid.tag().to_string()).as_deref(),
            Ok("#0")
        );
    }

    #[test]
    fn a_text_with_a_hyphen_is_a_pid_and_any_other_a_tag() {
        assert_eq!(Tag::of_either("14-961148"), tag("#8PRLVC0J"));
        assert_eq!(Tag::of_either("8PRLVC0J"), tag("#8PRLVC0J"));
        assert_eq!(Tag::of_either("#8P-LVC0J"), Err(BadTag::NotTwoNumbers));
    }

    #[test]
    fn nothing_is_no_tag_and_no_pid() {
        for text in ["", "#", " ", " # "] {
            assert_eq!(tag(text), Err(BadTag::Empty), "{text}");
        }
        assert_eq!(pid(" "), Err(BadTag::Empty));
    }

    #[test]
    fn a_letter_that_no_tag_has_is_refused() {
        for text in [
            "#8PRLVC1J",
            "ABC",
            "8PR LVC",
            "##2PP",
            "2PP#",
            "#２PP",
            "\u{1b}[2J",
            "ſ",
            "é",
        ] {
            assert_eq!(tag(text), Err(BadTag::ForeignLetter), "{text}");
        }
    }

    #[test]
    fn a_tag_beyond_sixty_four_bits_is_refused() {
        let largest = Pid::new(255, u64::MAX / 256).map(|pid| pid.tag().to_string());
        assert_eq!(tag(&largest.expect("a pid")).map(|tag| tag.0), Ok(u64::MAX));
        assert_eq!(tag(&"V".repeat(17)), Err(BadTag::TooLarge));
        assert_eq!(tag(&"V".repeat(100_000)), Err(BadTag::TooLarge));
    }

    #[test]
    fn a_pid_out_of_range_is_refused() {
        assert_eq!(
            pid("255-1").map(|pid| pid.to_string()).as_deref(),
            Ok("255-1")
        );
        assert_eq!(pid("256-1"), Err(BadTag::High));
        assert_eq!(pid("99999999999999999999999-1"), Err(BadTag::High));
        assert!(pid("0-72057594037927935").is_ok());
        assert_eq!(pid("0-72057594037927936"), Err(BadTag::TooLarge));
        assert_eq!(pid("0-99999999999999999999999"), Err(BadTag::TooLarge));
    }

    #[test]
    fn what_is_not_two_numbers_is_no_pid() {
        for text in [
            "14", "-", "14-", "-1", "1-2-3", "+1-2", "1-+2", "1--2", "0x1-2", "1 - 2", "１-2",
            "1.0-2",
        ] {
            assert_eq!(pid(text), Err(BadTag::NotTwoNumbers), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_id_survives_the_way_there_and_back(id in any::<u64>()) {
            prop_assert_eq!(tag(&Tag(id).to_string()), Ok(Tag(id)));
            prop_assert_eq!(pid(&Tag(id).pid().to_string()).map(Pid::tag), Ok(Tag(id)));
        }

        #[test]
        fn no_text_makes_reading_a_tag_panic(text in any::<String>(), near in "[#0289PYLQGRJCUVO-]{0,40}") {
            let _ = Tag::of_either(&text);
            let _ = Tag::of_either(&near);
        }
    }
}
