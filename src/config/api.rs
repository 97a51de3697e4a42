//! Which interface of a game's servers is spoken, and at which root: the value of `--api` and of `api` in config.toml. No
//! message repeats what was written.

use std::fmt;
use std::str::FromStr;

use crate::games::Interface;
use crate::http::Root;

/// Which interface is spoken, and where: `current`, `documented`, a URL, or INTERFACE@URL.
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

impl fmt::Display for Api {
    /// The shortest text that is read as the same.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let interface = match self.interface {
            Interface::Current => "current",
            Interface::Documented => "documented",
        };
        match &self.root {
            Some(root) if self.interface == Interface::Current => write!(formatter, "{root}"),
            Some(root) => write!(formatter, "{interface}@{root}"),
            None => formatter.write_str(interface),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
