//! Values that options take. No message repeats what was typed.

use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;

pub use crate::config::api::Api;
use crate::games::GameId;
use crate::protocol::districts::fold_name;

/// A time that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

/// Minutes, such as `10` or `0.5`.
///
/// # Errors
/// When it is not a number, is negative, or is over a year.
pub fn minutes(text: &str) -> Result<Span, String> {
    span(text, 60.0).ok_or_else(|| "minutes are a number such as 10 or 0.5".to_owned())
}

/// Seconds, such as `20` or `0.5`.
///
/// # Errors
/// When it is not a number above zero, or is over a year.
pub fn seconds(text: &str) -> Result<Span, String> {
    span(text, 1.0)
        .filter(|span| !span.0.is_zero())
        .ok_or_else(|| "seconds are a number above 0 such as 20 or 0.5".to_owned())
}

fn span(text: &str, unit: f64) -> Option<Span> {
    const YEAR: f64 = 366.0 * 24.0 * 3600.0;
    let seconds = text.trim().parse::<f64>().ok()? * unit;
    (0.0..=YEAR)
        .contains(&seconds)
        .then(|| Span(Duration::from_secs_f64(seconds)))
}

/// A trait of a doodle, or part of one, as far as it counts: letters and digits, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trait(String);

impl Trait {
    /// Whether it is in one that a doodle has.
    pub fn is_in(&self, had: &str) -> bool {
        fold_name(had).contains(&self.0)
    }
}

impl FromStr for Trait {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded = fold_name(text);
        if folded.is_empty() {
            return Err("a trait has letters, such as \"rarely tired\"".to_owned());
        }
        Ok(Self(folded))
    }
}

/// A game by the word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnyGame {
    /// Toontown Rewritten
    Ttr,
    /// Toontown: Corporate Clash
    Ttcc,
    /// The Legend of Pirates Online
    Tlopo,
    /// Supercell ID
    Scid,
}

impl AnyGame {
    /// The game, if it is one that is played on a computer.
    pub const fn game_id(self) -> Option<GameId> {
        match self {
            Self::Ttr => Some(GameId::Ttr),
            Self::Ttcc => Some(GameId::Ttcc),
            Self::Tlopo => Some(GameId::Tlopo),
            Self::Scid => None,
        }
    }
}

/// `--wrapper`: words as a shell splits them, never run by a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(pub Vec<String>);

impl FromStr for Words {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A backslash is part of a path on Windows, not a quote.
        let text = if cfg!(windows) {
            text.replace('\\', "\\\\")
        } else {
            text.to_owned()
        };
        let words = shlex::split(&text).ok_or("a quote is not closed")?;
        if words.is_empty() {
            Err("it is empty".to_owned())
        } else {
            Ok(Self(words))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_may_be_decimal() {
        assert_eq!(minutes("0.5"), Ok(Span(Duration::from_secs(30))));
        assert_eq!(minutes("0"), Ok(Span(Duration::ZERO)));
        assert_eq!(seconds("20"), Ok(Span(Duration::from_secs(20))));
    }

    #[test]
    fn times_that_make_no_sense_are_refused() {
        for text in ["", "-1", "soon", "nan", "inf", "1e99", "5m"] {
            assert!(minutes(text).is_err() && seconds(text).is_err(), "{text}");
        }
        assert!(seconds("0").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_wrapper_is_split_as_a_shell_splits() {
        let words = |text: &str| text.parse::<Words>().map(|words| words.0);
        assert_eq!(
            words("env 'A=b c' gamemoderun"),
            Ok(vec!["env".into(), "A=b c".into(), "gamemoderun".into()])
        );
        assert!(words("'open").is_err() && words(" ").is_err());
    }
}
