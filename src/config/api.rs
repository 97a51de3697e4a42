//! The value of `--api` and of `api` in config.toml: which interface of a game's servers is used, and at which base URL.
//! No message repeats the value.

use std::fmt;
use std::str::FromStr;

use crate::base::base_url::BaseUrl;
use crate::games::Interface;

/// An interface with its base URL, written as `current`, `documented`, URL, or INTERFACE@URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Api {
    /// The interface; the default one when only a URL is given.
    pub interface: Interface,
    /// The base URL that replaces every host of the game.
    pub base_url: Option<BaseUrl>,
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
        let base_url = url.map(str::parse).transpose().map_err(|error| {
            format!(
                "an interface is `current`, `documented`, a URL, or INTERFACE@URL; the URL {error}"
            )
        })?;
        Ok(Self {
            interface,
            base_url,
        })
    }
}

impl fmt::Display for Api {
    /// Formats the value as the shortest text that parses to it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let interface = match self.interface {
            Interface::Current => "current",
            Interface::Documented => "documented",
        };
        match &self.base_url {
            Some(url) if self.interface == Interface::Current => write!(formatter, "{url}"),
            Some(url) => write!(formatter, "{interface}@{url}"),
            None => formatter.write_str(interface),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_a_url_or_both_may_be_given() {
        let api = |text: &str| {
            text.parse::<Api>()
                .map(|api| (api.interface, api.base_url.map(|url| url.origin())))
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
            let error = text.parse::<Api>().expect_err(text);
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
