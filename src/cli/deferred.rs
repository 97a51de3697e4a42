//! Arguments of a command that are defined once the command is typed: the whole tree of four games costs as much as
//! everything else that `--help` does.

use std::ops::Deref;

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches, Id};

/// Arguments that are not defined before they are needed.
#[derive(Debug)]
pub struct Deferred<T>(pub Box<T>);

impl<T> Deref for Deferred<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Defines the arguments; what the command is said to do stays what its parent says.
fn define<T: Args>(command: Command) -> Command {
    let about = command.get_about().cloned().unwrap_or_default();
    let inherited = command.get_arguments().map(Arg::get_id).cloned();
    let inherited: Vec<_> = inherited.collect();
    let command = T::augment_args(command).about(about).long_about(None);
    // Changing an argument moves it to the end, and help shows what every command takes behind what is its own.
    let last = |command: Command, id: &Id| command.mut_arg(id, |argument| argument);
    inherited.iter().fold(command, last)
}

impl<T: Args> Args for Deferred<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(define::<T>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(|arguments| Self(Box::new(arguments)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
