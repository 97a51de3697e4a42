//! `playcookie ttr fieldoffices|sillymeter|doodles`: public data that only Toontown Rewritten has.

use std::ffi::OsString;

use clap::{Args, Subcommand};

use super::deferred::Deferred;
use super::game::Verb;
use super::usage;
use super::values::{Api, Trait, whole};
use crate::base::failure::Failure;

/// The verbs of Toontown Rewritten.
#[derive(Debug, Subcommand)]
pub enum TtrVerb {
    /// A verb that every game has.
    #[command(flatten)]
    Shared(Verb),
    /// A verb that only this game has.
    #[command(flatten)]
    Data(DataVerb),
}

/// The verbs for public data that only Toontown Rewritten has.
#[derive(Debug, Subcommand)]
pub enum DataVerb {
    /// Show the field offices
    #[command(name = "fieldoffices")]
    FieldOffices(Deferred<Data>),
    /// Show the Silly Meter and its teams
    #[command(name = "sillymeter")]
    SillyMeter(Deferred<Data>),
    /// Show the doodles for sale
    #[command(name = "doodles")]
    Doodles(Deferred<Doodles>),
}

impl DataVerb {
    /// The names of the verbs.
    pub const NAMES: [&str; 3] = ["fieldoffices", "sillymeter", "doodles"];

    /// Refuses one of these verbs after another game, before clap complains about the arguments that follow.
    ///
    /// # Errors
    /// When there is one, with a hint that names the right command.
    pub(super) fn refuse_for_other_games(arguments: &[OsString]) -> Result<(), Failure> {
        let words = usage::own(arguments).map(|word| word.to_str().unwrap_or_default());
        let mut words = words.skip_while(|word| word.starts_with('-'));
        let (game, verb) = (words.next(), words.next());
        let named = Self::NAMES.into_iter().find(|name| verb == Some(name));
        match (game, named) {
            (Some(game @ ("ttcc" | "tlopo")), Some(name)) => Err(Self::wrong_game(game, name)),
            _ => Ok(()),
        }
    }

    /// The failure of one of these verbs after another game; its hint names the right command.
    pub fn wrong_game(game: &str, name: &str) -> Failure {
        Failure::usage(
            format!("{game} has no {name}, which is a verb of ttr"),
            format!("run `playcookie ttr {name}`"),
        )
    }
}

/// The arguments of `fieldoffices` and `sillymeter`.
#[derive(Debug, Default, Args)]
pub struct Data {
    /// `current`, `documented`, a URL that replaces the game's hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL", help_heading = "Server")]
    pub api: Option<Api>,
}

/// The arguments of `doodles`.
#[derive(Debug, Default, Args)]
pub struct Doodles {
    /// Only doodles with this trait; may be repeated. Case, spaces and punctuation are ignored
    #[arg(long = "trait", value_name = "TEXT")]
    pub traits: Vec<Trait>,
    /// Only doodles that cost at most this many jellybeans
    #[arg(long, value_name = "N", value_parser = whole::<u64>)]
    pub max_cost: Option<u64>,
    /// Which server is used.
    #[command(flatten)]
    pub data: Data,
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::*;
    use crate::cli::{Cli, ParseStop};

    fn refused(line: &str) -> Option<Failure> {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        match Cli::read(&arguments) {
            Err(ParseStop::Failed(failure)) => Some(failure),
            _ => None,
        }
    }

    #[test]
    fn the_names_are_those_that_clap_knows() {
        let tree = DataVerb::augment_subcommands(Command::new("ttr"));
        let names = tree.get_subcommands().map(Command::get_name);
        assert!(names.eq(DataVerb::NAMES));
    }

    #[test]
    fn after_another_game_the_hint_names_the_right_command() {
        for game in ["ttcc", "tlopo"] {
            for name in DataVerb::NAMES {
                for line in [
                    format!("playcookie {game} {name}"),
                    format!("playcookie --json {game} {name} --trait x"),
                ] {
                    let failure = refused(&line).expect(&line);
                    assert!(failure.message.contains("verb of ttr"), "{failure}");
                    assert!(failure.hint.contains(&format!("ttr {name}")), "{failure}");
                }
            }
            assert!(refused(&format!("playcookie {game} --username doodles")).is_none());
            assert!(refused(&format!("playcookie {game} -- doodles")).is_none());
        }
    }
}
