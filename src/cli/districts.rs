//! `playcookie <game> districts`: public data of a game.

use std::time::Duration;

use clap::{ArgGroup, Args, ValueEnum};

use super::values::{Api, minutes, seconds};
use crate::districts::Condition;
use crate::districts::options::{self, DistrictOptions};
use crate::protocol::districts::fold_name;

/// The arguments of `districts`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("watching").args(["watch", "until"]).multiple(true))]
pub struct Districts {
    /// Only districts that are invaded
    #[arg(long)]
    pub invasions: bool,
    /// The column to sort by
    #[arg(long, value_name = "COLUMN", default_value = "name")]
    pub sort: Order,
    /// Show the districts again and again, this far apart, until interrupted [default: 20; in a rehearsal 5]
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, value_parser = seconds)]
    pub watch: Option<Option<Duration>>,
    /// Watch until `invasion`, `invasion=NAME` or `online` is true, then end
    ///
    /// `invasion`: a district (tlopo: an ocean) is invaded.
    ///
    /// `invasion=NAME`: a district is invaded by the cog NAME, or the district NAME is invaded; in tlopo, NAME may also be
    /// the invaded island or the kind of a fleet at sea. The whole name is compared, without case, spaces and punctuation:
    /// `invasion=thebigcheese` and `invasion="the big cheese"` are the same.
    ///
    /// `online`: a district is open or, where the game does not say so, has players. A game that is closed or cannot be
    /// reached is asked again.
    ///
    /// The districts are requested as often as --watch says. The last table is shown, and the exit status is 0.
    #[arg(long, value_name = "CONDITION", value_parser = until)]
    pub until: Option<Condition>,
    /// Watch for at most this time, such as `90` or `0.5`, then end with status 75
    #[arg(long, value_name = "MINUTES", value_parser = minutes, requires = "watching")]
    pub give_up: Option<Duration>,
    /// Show a desktop notification (notify-send), else ring the bell, when --until is true or, without it, at each invasion
    #[arg(long, requires = "watching")]
    pub notify: bool,
    /// `current`, `documented`, a URL that replaces the game's hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL", help_heading = "Server")]
    pub api: Option<Api>,
}

/// Parses the value of `--until`.
///
/// # Errors
/// When the text is not a condition, or its name has no letter and no digit.
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
    /// Returns whether the districts are requested again and again.
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
            every: self.watch.flatten(),
            until: self.until.clone(),
            give_up: self.give_up,
            notify: self.notify,
        }
    }
}

/// The value of `--sort`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// By name
    #[default]
    Name,
    /// The fullest first
    Population,
    /// Invaded districts first, the longest remaining time on top
    Invasion,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_any_invasion_a_named_invasion_or_online() {
        let named = |name: &str| Ok(Condition::Invasion(Some(name.to_owned())));
        assert_eq!(until("online"), Ok(Condition::Online));
        assert_eq!(until(" invasion"), Ok(Condition::Invasion(None)));
        assert_eq!(until("invasion=Mr. Hollywood"), named("mrhollywood"));
        for wrong in ["", "invasion=", "invasion=-", "online=a", "invaded"] {
            assert!(until(wrong).is_err(), "{wrong}");
        }
    }
}
