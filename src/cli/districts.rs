//! `playcookie <game> districts`: what a game tells anybody.

use clap::{ArgGroup, Args, ValueEnum};

use super::values::{Api, Span, minutes, seconds};
use crate::districts::Condition;
use crate::districts::options::{self, DistrictOptions};
use crate::protocol::districts::fold_name;

/// `districts`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("watching").args(["watch", "until"]).multiple(true))]
pub struct Districts {
    /// Only districts that are invaded
    #[arg(long)]
    pub invasions: bool,
    /// What the rows are sorted by
    #[arg(long, value_name = "COLUMN", default_value = "name")]
    pub sort: Order,
    /// Look again every so often until interrupted [default: 20 seconds]
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, value_parser = seconds)]
    pub watch: Option<Option<Span>>,
    /// Watch until `invasion`, `invasion=NAME` or `online` holds, then end
    ///
    /// `invasion`: a district (tlopo: an ocean) is invaded.
    ///
    /// `invasion=NAME`: one is invaded by the cog NAME, or the one called NAME is invaded; in tlopo also when the invaded
    /// island, or the kind of a fleet that is out, is NAME. The whole name counts; case, spaces and punctuation do not, so
    /// that `invasion=thebigcheese` and `invasion="the big cheese"` are the same.
    ///
    /// `online`: a district is open, or somebody plays in it where the game does not tell. Until then, a game that is
    /// closed or cannot be reached is asked again.
    ///
    /// It looks every 20 seconds where --watch does not say otherwise, shows what it saw, and ends with 0.
    #[arg(long, value_name = "CONDITION", value_parser = until)]
    pub until: Option<Condition>,
    /// Watch so long at most, then end with 75, such as `90` or `0.5`
    #[arg(long, value_name = "MINUTES", value_parser = minutes, requires = "watching")]
    pub give_up: Option<Span>,
    /// Say it on the desktop (notify-send), else ring the bell: when --until holds, without it at each new invasion
    #[arg(long, requires = "watching")]
    pub notify: bool,
    /// `current`, `documented`, a URL in place of the game's hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL", help_heading = "Server")]
    pub api: Option<Api>,
}

/// The value of `--until`.
///
/// # Errors
/// When it is neither condition, or its name has neither a letter nor a digit.
fn until(text: &str) -> Result<Condition, String> {
    match text.trim().split_once('=') {
        None if text.trim() == "online" => Ok(Condition::Online),
        None if text.trim() == "invasion" => Ok(Condition::Invasion(None)),
        Some(("invasion", name)) => match fold_name(name) {
            name if name.is_empty() => Err("invasion= is followed by a name".to_owned()),
            name => Ok(Condition::Invasion(Some(name))),
        },
        _ => Err("it is invasion, invasion=NAME or online".to_owned()),
    }
}

impl Districts {
    /// Returns whether the districts are fetched again and again.
    pub const fn is_watch(&self) -> bool {
        self.watch.is_some() || self.until.is_some()
    }

    /// Returns the options as the application takes them.
    pub fn options(&self) -> DistrictOptions {
        DistrictOptions {
            invasions: self.invasions,
            order: match self.sort {
                Order::Name => options::Order::Name,
                Order::Population => options::Order::Population,
                Order::Invasion => options::Order::Invasion,
            },
            every: self.watch.flatten().map(|every| every.0),
            until: self.until.clone(),
            give_up: self.give_up.map(|limit| limit.0),
            notify: self.notify,
        }
    }
}

/// The values of `--sort`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// By name
    #[default]
    Name,
    /// The fullest first
    Population,
    /// The invaded first, those that will last longest on top
    Invasion,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_an_invasion_one_of_a_name_or_being_online() {
        let named = |name: &str| Ok(Condition::Invasion(Some(name.to_owned())));
        assert_eq!(until("online"), Ok(Condition::Online));
        assert_eq!(until(" invasion"), Ok(Condition::Invasion(None)));
        assert_eq!(until("invasion=Mr. Hollywood"), named("mrhollywood"));
        for wrong in ["", "invasion=", "invasion=-", "online=a", "hunter2"] {
            let why = until(wrong).expect_err("a wrong condition");
            assert!(!why.contains("hunter2"), "{why}");
        }
    }
}
