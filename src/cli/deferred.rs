//! Arguments that clap defines only once their command is typed: those of all commands together cost more
//! instructions than the rest of `--help`.

use std::ops::Deref;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Id};

use super::help;

/// The arguments of a command, defined once it is typed.
#[derive(Debug)]
pub struct Deferred<T>(pub Box<T>);

impl<T> Deref for Deferred<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Defines the arguments, keeps the description that the parent gave, and moves inherited arguments to the end of
/// `--help`; `-h` leaves them out. Completes its help.
fn define<T: Args>(command: Command) -> Command {
    let about = command.get_about().cloned().unwrap_or_default();
    let inherited: Vec<Id> = command
        .get_arguments()
        .map(|it| it.get_id().clone())
        .collect();
    let command = T::augment_args(command).about(about).long_about(None);
    // An argument that is changed moves to the end.
    let move_to_end =
        |command: Command, id: &Id| command.mut_arg(id, |argument| argument.hide_short_help(true));
    help::complete(inherited.iter().fold(command, move_to_end))
}

impl<T: Args> Args for Deferred<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(define::<T>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
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
