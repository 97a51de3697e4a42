//! Values that options take, and their parsers. The errors say what a value looks like; clap adds what was typed.

use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::PossibleValue;

pub use crate::config::api::Api;
pub use crate::config::wrapper::WrapperCommand;
use crate::games::GameId;
pub use crate::launch::runner::Runner;
use crate::launch::variable_format::VariableFormat;
use crate::protocol::districts::fold_name;
use crate::terminal::PromptChoice;

/// Parses minutes, such as `10` or `0.5`.
///
/// # Errors
/// When the text is not a number, or the time is negative or over a year.
pub fn minutes(text: &str) -> Result<Duration, String> {
    duration(text, 60.0).ok_or_else(|| "minutes are a number such as 10 or 0.5".to_owned())
}

/// Parses seconds, such as `20` or `0.5`.
///
/// # Errors
/// When the text is not a number above zero, or the time is over a year.
pub fn seconds(text: &str) -> Result<Duration, String> {
    duration(text, 1.0)
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "seconds are a number above 0 such as 20 or 0.5".to_owned())
}

/// Parses a whole number.
///
/// # Errors
/// When the text is none, or the number is too large.
pub fn whole<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse()
        .map_err(|_| "it is a whole number above 0, such as 3".to_owned())
}

/// Parses the number of a toon slot.
///
/// # Errors
/// When there is no such slot.
pub fn toon_slot(text: &str) -> Result<u8, String> {
    let slot = text.parse().ok().filter(|slot| *slot <= 5);
    slot.ok_or_else(|| "the slots are 0, 1, 2, 3, 4 and 5".to_owned())
}

/// Parses the value of `--prompt`.
///
/// # Errors
/// When it is empty.
pub fn prompt(text: &str) -> Result<PromptChoice, String> {
    Ok(match text {
        "" => return Err("it is auto, terminal, gui or the name of a program".to_owned()),
        "auto" => PromptChoice::Auto,
        "terminal" => PromptChoice::Terminal,
        "gui" => PromptChoice::Windows,
        program => PromptChoice::Program(program.to_owned()),
    })
}

/// Parses the number of a port.
///
/// # Errors
/// When there is no such port.
pub fn port(text: &str) -> Result<u16, String> {
    text.parse()
        .map_err(|_| "a port is a number from 0 to 65535".to_owned())
}

fn duration(text: &str, unit: f64) -> Option<Duration> {
    const YEAR: f64 = 366.0 * 24.0 * 3600.0;
    let seconds = text.trim().parse::<f64>().ok()? * unit;
    (0.0..=YEAR)
        .contains(&seconds)
        .then(|| Duration::from_secs_f64(seconds))
}

/// A trait of a doodle or a part of one, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trait(String);

impl Trait {
    /// Whether this is a part of the given trait.
    pub fn is_in(&self, doodle_trait: &str) -> bool {
        fold_name(doodle_trait).contains(&fold_name(&self.0))
    }

    /// Returns the trait as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Trait {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if fold_name(text).is_empty() {
            return Err("a trait has letters, such as \"rarely tired\"".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

/// The name of a game or of Supercell ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GameName {
    /// Toontown Rewritten
    Ttr,
    /// Toontown: Corporate Clash
    Ttcc,
    /// The Legend of Pirates Online
    Tlopo,
    /// Supercell ID
    Scid,
}

impl GameName {
    /// Returns the game; none for Supercell ID.
    pub const fn game_id(self) -> Option<GameId> {
        match self {
            Self::Ttr => Some(GameId::Ttr),
            Self::Ttcc => Some(GameId::Ttcc),
            Self::Tlopo => Some(GameId::Tlopo),
            Self::Scid => None,
        }
    }
}

impl ValueEnum for Runner {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.description()))
    }
}

/// The value of `--format`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// For `eval` in a POSIX shell (the default)
    #[default]
    Sh,
    /// For `source` in fish
    Fish,
    /// For `Invoke-Expression` in PowerShell
    Powershell,
    /// NAME=value lines, unquoted
    Env,
    /// One JSON object
    Json,
}

impl From<FormatName> for VariableFormat {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Sh => Self::Sh,
            FormatName::Fish => Self::Fish,
            FormatName::Powershell => Self::PowerShell,
            FormatName::Env => Self::Env,
            FormatName::Json => Self::Json,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_may_be_decimal() {
        assert_eq!(minutes("0.5"), Ok(Duration::from_secs(30)));
        assert_eq!(minutes("0"), Ok(Duration::ZERO));
        assert_eq!(seconds("20"), Ok(Duration::from_secs(20)));
    }

    #[test]
    fn a_wrong_number_is_met_with_the_right_ones_in_words() {
        assert_eq!(toon_slot("5"), Ok(5));
        assert_eq!(port("4000"), Ok(4000));
        assert_eq!(whole("7"), Ok(7_u32));
        for error in [
            toon_slot("6").map(drop),
            port("65536").map(drop),
            whole::<std::num::NonZeroU32>("0").map(drop),
            whole::<u64>("x").map(drop),
        ] {
            let error = error.expect_err("it is wrong");
            assert!(!error.contains("..") && !error.contains("digit"), "{error}");
        }
    }

    #[test]
    fn times_that_make_no_sense_are_refused() {
        for text in ["", "-1", "soon", "nan", "inf", "1e99", "5m"] {
            assert!(minutes(text).is_err() && seconds(text).is_err(), "{text}");
        }
        assert!(seconds("0").is_err());
    }
}
