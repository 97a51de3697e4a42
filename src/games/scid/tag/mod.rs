//! Player tags and player ids, which are two forms of the same number.
//!
//! ```text
//!   pid  high-low   ──▶   id = low · 256 + high   ──▶   #TAG, base 14, most significant digit first
//! ```

use std::fmt;
use std::str::FromStr;

/// The digits of a tag, in the order of their values.
const DIGITS: &[u8; 14] = b"0289PYLQGRJCUV";
/// The number of values of `high`.
const HIGHS: u64 = 256;

/// A player's id as the servers write it: `high-low`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pid {
    high: u8,
    low: u64,
}

/// A player's id as players see it: `#8PRLVC0J`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag(u64);

/// Why a text is neither a player tag nor a pid. The message does not contain the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// The text is empty.
    #[error("a player tag is not empty")]
    Empty,
    /// The text contains a character that is not a digit of a tag.
    #[error("a player tag is made of the characters 0289PYLQGRJCUV, with or without # in front")]
    InvalidDigit,
    /// The text is not two numbers.
    #[error("a pid is two numbers with a hyphen between them, as in 14-961148")]
    NotTwoNumbers,
    /// The number before the hyphen is too large.
    #[error("the first number of a pid is at most 255")]
    High,
    /// The id does not fit into 64 bits.
    #[error("that is larger than any player's id")]
    TooLarge,
}

impl Pid {
    /// Creates a pid from its two numbers.
    ///
    /// # Errors
    /// When `high` is over 255, or the id does not fit into 64 bits.
    pub fn new(high: u64, low: u64) -> Result<Self, TagError> {
        let high = u8::try_from(high).map_err(|_| TagError::High)?;
        if low > u64::MAX / HIGHS {
            return Err(TagError::TooLarge);
        }
        Ok(Self { high, low })
    }

    /// Returns the tag of the same player.
    pub fn tag(self) -> Tag {
        Tag((self.low * HIGHS) | u64::from(self.high))
    }
}

impl Tag {
    /// Returns the pid of the same player.
    pub const fn pid(self) -> Pid {
        let [high, ..] = self.0.to_le_bytes();
        Pid {
            high,
            low: self.0 / HIGHS,
        }
    }

    /// Parses a text that is a tag or, if it contains a hyphen, a pid.
    ///
    /// # Errors
    /// When it is neither.
    pub fn from_tag_or_pid(text: &str) -> Result<Self, TagError> {
        if text.contains('-') {
            text.parse().map(Pid::tag)
        } else {
            text.parse()
        }
    }
}

impl FromStr for Pid {
    type Err = TagError;

    fn from_str(text: &str) -> Result<Self, TagError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TagError::Empty);
        }
        let (high, low) = text.split_once('-').ok_or(TagError::NotTwoNumbers)?;
        let (high, low) = (number(high)?, number(low)?);
        Self::new(high.ok_or(TagError::High)?, low.ok_or(TagError::TooLarge)?)
    }
}

/// Parses a number of digits without a sign, which `str::parse` would accept; `None` when it is too large.
fn number(text: &str) -> Result<Option<u64>, TagError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TagError::NotTwoNumbers);
    }
    Ok(text.parse().ok())
}

impl FromStr for Tag {
    type Err = TagError;

    fn from_str(text: &str) -> Result<Self, TagError> {
        let text = text.trim();
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.is_empty() {
            return Err(TagError::Empty);
        }
        let values = digits.chars().map(value).collect::<Option<Vec<_>>>();
        values
            .ok_or(TagError::InvalidDigit)?
            .into_iter()
            .try_fold(0_u64, |id, value| id.checked_mul(BASE)?.checked_add(value))
            .map(Self)
            .ok_or(TagError::TooLarge)
    }
}

/// The base of the number in a tag.
const BASE: u64 = DIGITS.len() as u64;

/// Returns the value of a digit of a tag. The letter O counts as 0, because people confuse them.
fn value(character: char) -> Option<u64> {
    let character = match character.to_ascii_uppercase() {
        'O' => '0',
        other => other,
    };
    (0_u64..)
        .zip(DIGITS)
        .find(|(_, digit)| char::from(**digit) == character)
        .map(|(value, _)| value)
}

impl fmt::Display for Pid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.high, self.low)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let mut digits = Vec::new();
        loop {
            let index = usize::try_from(rest % BASE).unwrap_or_default();
            digits.extend(DIGITS.get(index).map(|digit| char::from(*digit)));
            rest /= BASE;
            if rest == 0 {
                break;
            }
        }
        write!(formatter, "#{}", digits.iter().rev().collect::<String>())
    }
}

#[cfg(test)]
mod tests;
