//! Usage errors: clap's own messages, the refusal of `--password VALUE`, and the check of what is typed before a verb.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, Error, Id};

use super::{Cli, GlobalOptions, ParseStop};
use crate::base::failure::Failure;
use crate::base::sanitize::escaped;
use crate::games::{GameId, scid};
use crate::terminal::Colour;

/// The commands and options that are never suggested for a misspelled one.
const DESTRUCTIVE: [&str; 11] = [
    "all",
    "delete",
    "forget",
    "logout",
    "remove",
    "replace",
    "rm",
    "stop",
    "uninstall",
    "unset",
    "yes",
];
/// The options whose value is a number that follows an equals sign.
const WITH_EQUALS: [&str; 2] = ["--wait-for-server", "--watch"];

/// What `--version` prints.
pub const VERSION_LINE: &str = concat!("playcookie ", env!("CARGO_PKG_VERSION"), "\n");

/// Returns the words before `--`, which are for this program and not for a game or another command.
pub fn own(arguments: &[OsString]) -> impl Iterator<Item = &OsString> {
    arguments.iter().skip(1).take_while(|word| *word != "--")
}

/// Returns whether a word asks for help.
pub(super) fn asks_for_help(arguments: &[OsString]) -> bool {
    own(arguments).any(|word| {
        let word = word.to_string_lossy();
        word == "help" || word == "--help" || word.starts_with("-h")
    })
}

/// Returns whether clap shows help for an error.
pub(super) fn shows_help(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// Refuses `--password VALUE`, `--password=VALUE` and `--password-stdin=VALUE`, before clap can print VALUE in a message.
///
/// Behind `--` the option is refused too, unless the words there go to a game or to another command.
pub(super) fn refuse_password(arguments: &[OsString]) -> Result<(), Failure> {
    let is_password = |word: &OsString| {
        let word = word.to_string_lossy();
        word == "--password"
            || word.starts_with("--password=")
            || word.starts_with("--password-stdin=")
    };
    let foreign = || arguments.iter().any(is_password) && !passes_words_on(arguments);
    if !own(arguments).any(is_password) && !foreign() {
        return Ok(());
    }
    Err(Failure::usage(
        "a password is not taken from the command line, where every process could read it",
        "use --password-stdin, --password-command CMD or PLAYCOOKIE_PASSWORD, or let the program ask",
    ))
}

/// Refuses a number behind an option whose value follows an equals sign: it would be an account, or unexpected.
pub(super) fn refuse_value_without_equals(arguments: &[OsString]) -> Result<(), Failure> {
    let words: Vec<_> = own(arguments).map(|word| word.to_string_lossy()).collect();
    let is_number = |word: &str| word.parse::<f64>().is_ok_and(f64::is_finite);
    let stray = words.windows(2).find_map(|pair| match pair {
        [option, value] if WITH_EQUALS.contains(&&**option) && is_number(value) => {
            Some((option, value))
        }
        _ => None,
    });
    let Some((option, value)) = stray else {
        return Ok(());
    };
    Err(Failure::usage(
        format!("{value} is behind {option}, whose value follows an equals sign"),
        format!("write {option}={value}"),
    ))
}

/// Whether the command that is typed passes the words behind `--` on.
fn passes_words_on(arguments: &[OsString]) -> bool {
    typed_command(arguments)
        .get_arguments()
        .any(Arg::is_last_set)
}

/// Returns the innermost command that is typed.
fn typed_command(arguments: &[OsString]) -> Command {
    let mut tree = Cli::tree();
    tree.build();
    let descend = |command, word| Command::find_subcommand(command, word).unwrap_or(command);
    own(arguments).fold(&tree, descend).clone()
}

/// Returns the value of `--color` in arguments that clap refused.
pub fn colour(arguments: &[OsString]) -> Colour {
    let typed = |choice: &str| {
        let words: Vec<_> = own(arguments).collect();
        words.contains(&&OsString::from(format!("--color={choice}")))
            || words.windows(2).any(|pair| pair == ["--color", choice])
    };
    if typed("always") {
        Colour::Always
    } else if typed("never") {
        Colour::Never
    } else {
        Colour::Auto
    }
}

/// Converts an error of clap; its text is kept, except that unprintable characters in typed words are escaped. A value that
/// may be a URL with a password is refused without repeating it.
pub(super) fn parse_stop(mut error: Error, arguments: &[OsString]) -> ParseStop {
    if error.kind() == ErrorKind::DisplayVersion {
        // clap would name the command as well: `playcookie-ttr`.
        return ParseStop::Help(StyledStr::from(VERSION_LINE));
    }
    suggest_command(&mut error, arguments);
    remove_destructive_suggestions(&mut error);
    let mut styled = error.render();
    if !error.use_stderr() {
        return ParseStop::Help(styled);
    }
    if error.context().any(|(_, value)| has_user_info(value)) {
        return ParseStop::Failed(Failure::usage(
            "a URL with a user name or a password is not taken from the command line, where every process could read it",
            "leave out what is in front of the host: https://HOST",
        ));
    }
    let is_printable = |word: &OsString| escaped(&word.to_string_lossy()) == word.to_string_lossy();
    let mut text = styled.to_string();
    if !arguments.iter().all(is_printable) {
        text = text.lines().map(|line| escaped(line) + "\n").collect();
        styled = StyledStr::from(&text);
    }
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let message = paragraph.strip_prefix("error: ");
    let mut lines = text.lines();
    let tip = lines.find_map(|line| line.trim_start().strip_prefix("tip: "));
    let hint = tip.map_or_else(|| see_help(arguments), ToOwned::to_owned);
    let failure = Failure::usage(message.unwrap_or("a command is missing"), hint);
    ParseStop::Refused(styled, failure)
}

/// Suggests the command for a verb whose game is missing, and for a command in capitals.
fn suggest_command(error: &mut Error, arguments: &[OsString]) {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return;
    };
    let words = own(arguments).filter_map(|word| word.to_str());
    let mut words = words.filter(|word| !word.starts_with('-'));
    // The word may belong to another command, or follow the value of an option.
    if words.next() != Some(word.as_str()) {
        return;
    }
    let mut tree = Cli::tree();
    tree.build();
    let small = word.to_lowercase();
    if tree.find_subcommand(&small).is_some() {
        error.insert(
            ContextKind::SuggestedSubcommand,
            ContextValue::String(small),
        );
        return;
    }
    let has_verb = |game: &&str| {
        let game = tree.find_subcommand(game);
        game.is_some_and(|game| game.find_subcommand(word).is_some())
    };
    let games = || {
        GameId::ALL
            .into_iter()
            .map(|game_id| game_id.game().id)
            .chain([scid::ID])
    };
    let typed = words.find(|word| games().any(|game| game == *word));
    // A person may take a suggestion without reading it.
    let is_destructive = DESTRUCTIVE.contains(&word.as_str());
    let any = games().find(has_verb);
    let any = any.map(|game| if is_destructive { "GAME" } else { game });
    if let Some(game) = typed.filter(has_verb).or(any) {
        let tip = format!("name the game in front of it: playcookie {game} {word}");
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(
            ContextKind::Suggested,
            ContextValue::StyledStrs(vec![tip.into()]),
        );
    }
}

/// Removes suggestions of commands and options that would lose something. A person may take a suggestion without reading it.
fn remove_destructive_suggestions(error: &mut Error) {
    let is_harmless = |word: &String| !DESTRUCTIVE.contains(&word.trim_start_matches('-'));
    for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg] {
        let harmless = match error.remove(kind) {
            Some(ContextValue::Strings(mut words)) => {
                words.retain(is_harmless);
                (!words.is_empty()).then_some(ContextValue::Strings(words))
            }
            Some(ContextValue::String(word)) => {
                is_harmless(&word).then_some(ContextValue::String(word))
            }
            other => other,
        };
        if let Some(harmless) = harmless {
            error.insert(kind, harmless);
        }
    }
}

/// Whether a typed word may be a URL with a user name or a password, which need not be well-formed.
fn has_user_info(value: &ContextValue) -> bool {
    let ContextValue::String(word) = value else {
        return false;
    };
    let rest = word.split_once(':').map(|(_, rest)| rest);
    rest.is_some_and(|rest| rest.contains('@'))
}

fn see_help(arguments: &[OsString]) -> String {
    let command = typed_command(arguments);
    let name = command.get_bin_name().unwrap_or("playcookie");
    format!("see `{name} --help`")
}

/// The positional argument of `rehearse` that belongs before a verb.
const GAME: &str = "game";

/// Refuses an option of `play` or an account before a verb: `ttr -u alice login` would play, or lose the option.
pub(super) fn options_before_verb(tree: &Command, matches: &ArgMatches) -> Result<(), Failure> {
    let Some((name, game)) = matches.subcommand() else {
        return Ok(());
    };
    let (Some(command), Some((verb, _))) = (tree.find_subcommand(name), game.subcommand()) else {
        return Ok(());
    };
    let global = GlobalOptions::augment_args(Command::new("global"));
    let is_typed = |id: &&Id| {
        game.value_source(id.as_str()) == Some(ValueSource::CommandLine)
            && *id != GAME
            && argument(&global, id).is_none()
    };
    // The id of a group has no argument.
    let mut typed = game.ids().filter(is_typed);
    let Some(stray) = typed.find_map(|id| argument(command, id)) else {
        return Ok(());
    };
    let shown = match stray.get_long() {
        Some(long) => format!("--{long}"),
        None => "an account".to_owned(),
    };
    let verb_command = command.find_subcommand(verb);
    let hint = match verb_command.and_then(|command| argument(command, stray.get_id())) {
        Some(_) => format!("put it behind: playcookie {name} {verb} …"),
        None => format!("leave it out: {verb} does not take it"),
    };
    Err(Failure::usage(
        format!("{shown} is in front of the verb {verb}"),
        hint,
    ))
}

fn argument<'c>(command: &'c Command, id: &Id) -> Option<&'c Arg> {
    command
        .get_arguments()
        .find(|argument| argument.get_id() == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_with_an_equals_sign_are_those_that_clap_knows() {
        let mut tree = Cli::tree();
        tree.build();
        let (mut commands, mut found) = (vec![&tree], Vec::new());
        while let Some(command) = commands.pop() {
            let arguments = command.get_arguments();
            let numbers = arguments.filter(|argument| {
                let names = argument.get_value_names().unwrap_or_default();
                let is_number = names
                    .iter()
                    .any(|name| ["MINUTES", "SECONDS"].contains(&name.as_str()));
                is_number && argument.is_require_equals_set()
            });
            found
                .extend(numbers.filter_map(|argument| Some(format!("--{}", argument.get_long()?))));
            commands.extend(command.get_subcommands());
        }
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, WITH_EQUALS);
    }
}
