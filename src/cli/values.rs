//! Values that options take. No message repeats what was typed.

use std::str::FromStr;
use std::time::Duration;

use crate::game::Interface;
use crate::http::Root;

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

/// `--api`: which interface is spoken, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Api {
    /// The interface; the default one when only a URL was named.
    pub interface: Interface,
    /// What replaces every host of the game.
    pub root: Option<Root>,
}

impl FromStr for Api {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, url) = match text.split_once('@') {
            Some((name @ ("current" | "documented"), url)) => (name, Some(url)),
            _ if matches!(text, "current" | "documented") => (text, None),
            _ => ("current", Some(text)),
        };
        let interface = if name == "documented" {
            Interface::Documented
        } else {
            Interface::Current
        };
        let root = url.map(str::parse).transpose().map_err(|flaw| {
            format!("an interface is `current`, `documented`, a URL, or INTERFACE@URL, and this one {flaw}")
        })?;
        Ok(Self { interface, root })
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

    #[test]
    fn an_interface_may_be_named_placed_or_both() {
        let api = |text: &str| {
            text.parse::<Api>()
                .map(|api| (api.interface, api.root.map(|root| root.origin())))
        };
        let origin = || Some("http://127.0.0.1:81".to_owned());
        assert_eq!(api("current"), Ok((Interface::Current, None)));
        assert_eq!(api("documented"), Ok((Interface::Documented, None)));
        assert_eq!(
            api("http://127.0.0.1:81"),
            Ok((Interface::Current, origin()))
        );
        assert_eq!(
            api("documented@http://127.0.0.1:81"),
            Ok((Interface::Documented, origin()))
        );
    }

    #[test]
    fn a_url_that_holds_a_password_is_refused_without_repeating_it() {
        for text in [
            "https://alice:hunter2@example.com",
            "current@hunter2",
            "hunter2",
        ] {
            let flaw = text.parse::<Api>().expect_err(text);
            assert!(!flaw.contains("hunter2"), "{flaw}");
        }
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
