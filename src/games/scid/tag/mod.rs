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
mod tests;
