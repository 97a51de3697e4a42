//! `playcookie ttr fieldoffices|sillymeter|doodles`: what only Toontown Rewritten tells anybody.

use std::ffi::OsString;

use clap::{Args, Subcommand};

use super::deferred::Deferred;
use super::game::Verb;
use super::usage;
use super::values::{Api, Trait};
use crate::base::failure::Failure;

/// What may be done with Toontown Rewritten.
#[derive(Debug, Subcommand)]
pub enum TtrVerb {
    /// What every game has.
    #[command(flatten)]
    Shared(Verb),
    /// What this one has beside.
    #[command(flatten)]
    Data(DataVerb),
}

/// What is asked of Toontown Rewritten alone.
#[derive(Debug, Subcommand)]
pub enum DataVerb {
    /// The field offices: in which streets, how hard, and how many annexes are left
    #[command(name = "fieldoffices")]
    FieldOffices(Deferred<Data>),
    /// How full the Silly Meter is, and which teams fill it
    #[command(name = "sillymeter")]
    SillyMeter(Deferred<Data>),
    /// The doodles for sale, by district and playground
    #[command(name = "doodles")]
    Doodles(Deferred<Doodles>),
}

impl DataVerb {
    /// As they are typed.
    pub const NAMES: [&str; 3] = ["fieldoffices", "sillymeter", "doodles"];

    /// Refuses one of them right behind another game, where clap may find fault with what follows.
    ///
    /// # Errors
    /// When it stands there, with the command that was meant.
    pub(super) fn refuse_elsewhere(arguments: &[OsString]) -> Result<(), Failure> {
        let words = usage::own(arguments).map(|word| word.to_str().unwrap_or_default());
        let mut words = words.skip_while(|word| word.starts_with('-'));
        let (game, verb) = (words.next(), words.next());
        let named = Self::NAMES.into_iter().find(|name| verb == Some(name));
        match (game, named) {
            (Some(game @ ("ttcc" | "tlopo")), Some(name)) => Err(Self::elsewhere(game, name)),
            _ => Ok(()),
        }
    }

    /// One of them behind another game: the command that was meant.
    pub fn elsewhere(game: &str, name: &str) -> Failure {
        usage::wrong(
            format!("{game} has no {name}, which is a verb of ttr"),
            format!("`playcookie ttr {name}` asks Toontown Rewritten"),
        )
    }
}

/// `fieldoffices` and `sillymeter`.
#[derive(Debug, Default, Args)]
pub struct Data {
    /// `current`, `documented`, a URL in place of the game's hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL", help_heading = "Server")]
    pub api: Option<Api>,
}

/// `doodles`.
#[derive(Debug, Default, Args)]
pub struct Doodles {
    /// Only doodles with this trait; all of them when repeated. Case, spaces and punctuation do not count
    #[arg(long = "trait", value_name = "TEXT")]
    pub traits: Vec<Trait>,
    /// Only doodles that cost so many jellybeans or fewer
    #[arg(long, value_name = "N")]
    pub max_cost: Option<u64>,
    /// Whom to ask.
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
    fn the_names_are_those_of_the_tree() {
        let tree = DataVerb::augment_subcommands(Command::new("ttr"));
        let names = tree.get_subcommands().map(Command::get_name);
        assert!(names.eq(DataVerb::NAMES));
    }

    #[test]
    fn another_game_has_none_of_them_and_says_which_has() {
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
