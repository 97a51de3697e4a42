//! Wrong arguments, in sentences that never repeat a word that was typed: it may be a password.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, Error};

use super::{Everywhere, Help, ParseStop};
use crate::base::failure::{Failure, Reason};
use crate::terminal::Colour;

/// A usage failure.
pub fn wrong(message: impl Into<String>, hint: impl Into<String>) -> Failure {
    Failure::new(Reason::Usage, message, hint)
}

/// Refuses `--password VALUE` wherever it stands, before anything else could be wrong with it.
pub(super) fn no_password(arguments: &[OsString]) -> Result<(), Failure> {
    let mut words = own(arguments).filter_map(|word| word.to_str());
    if words.any(|word| word == "--password" || word.starts_with("--password=")) {
        return Err(wrong(
            "a password is not taken from the command line, where every process could read it",
            "use --password-stdin, --password-command CMD or PLAYCOOKIE_PASSWORD, or let the program ask",
        ));
    }
    Ok(())
}

/// The words that are for this program, not for a game or a command.
pub fn own(arguments: &[OsString]) -> impl Iterator<Item = &OsString> {
    arguments.iter().skip(1).take_while(|word| *word != "--")
}

/// The known word that was probably meant.
pub fn did_you_mean<'w>(typed: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    const CLOSE: f64 = 0.8;
    let near = known
        .map(|word| (strsim::jaro_winkler(typed, word), word))
        .filter(|(nearness, _)| *nearness > CLOSE);
    near.max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

/// Which argument a word is, counted from 1; one that is no option's value, where there is a choice.
pub fn ordinal(word: &str, arguments: &[OsString]) -> Option<usize> {
    let words: Vec<_> = arguments
        .iter()
        .map(|word| word.to_string_lossy())
        .collect();
    let places = |is: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let numbered = words.iter().enumerate().skip(1);
        numbered
            .filter(|(_, typed)| is(typed))
            .map(|(at, _)| at)
            .collect()
    };
    let same = places(&|typed| {
        typed == word
            || typed
                .strip_prefix(word)
                .is_some_and(|rest| rest.starts_with('='))
    });
    let is_value = |at: &&usize| {
        words
            .get(**at - 1)
            .is_some_and(|before| before.starts_with('-'))
    };
    let letter = word
        .strip_prefix('-')
        .filter(|letter| letter.chars().count() == 1);
    let inside = || {
        let letter = letter?;
        let cluster = |typed: &str| {
            typed.starts_with('-') && !typed.starts_with("--") && typed.contains(letter)
        };
        places(&cluster).first().copied()
    };
    same.iter()
        .find(|at| !is_value(at))
        .or(same.first())
        .copied()
        .or_else(inside)
}

/// What `--color` says, where nothing could be parsed.
pub fn colour(arguments: &[OsString]) -> Colour {
    let mut words = own(arguments).filter_map(|word| word.to_str());
    let mut choice = None;
    while let Some(word) = words.next() {
        choice = word.strip_prefix("--color=").or(choice);
        if word == "--color" {
            choice = words.next();
        }
    }
    match choice {
        Some("always") => Colour::Always,
        Some("never") => Colour::Never,
        _ => Colour::Auto,
    }
}

/// What a clap error means to the player.
pub(super) fn stop(error: &Error, arguments: &[OsString]) -> ParseStop {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ParseStop::Shown(rendered(error)),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => ParseStop::Help(rendered(error)),
        _ => ParseStop::Wrong(wrong(sentence(error, arguments), hint(error))),
    }
}

/// Help, plain and coloured.
fn rendered(error: &Error) -> Help {
    let text = error.render();
    Help {
        plain: text.to_string(),
        coloured: text.ansi().to_string(),
    }
}

fn sentence(error: &Error, arguments: &[OsString]) -> String {
    let option = || option(error).unwrap_or_else(|| "an option".to_owned());
    match error.kind() {
        ErrorKind::UnknownArgument => unexpected(error, arguments),
        ErrorKind::InvalidSubcommand => {
            let word = context(error, ContextKind::InvalidSubcommand)
                .and_then(single)
                .unwrap_or_default();
            match ordinal(&word, arguments) {
                Some(at) => format!("argument {at} is neither a game nor a command"),
                None => "there is no such game or command".to_owned(),
            }
        }
        ErrorKind::InvalidValue
            if context(error, ContextKind::InvalidValue)
                .and_then(single)
                .is_some_and(|value| value.is_empty()) =>
        {
            format!("{} needs a value", option())
        }
        ErrorKind::InvalidValue => format!("the value of {} is not one that it takes", option()),
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(flaw) => format!("the value of {} is not one that it takes: {flaw}", option()),
            None => format!("the value of {} is not one that it takes", option()),
        },
        ErrorKind::NoEquals => format!("the value of {} is joined to it with \"=\"", option()),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{} has too many or too few values", option())
        }
        ErrorKind::ArgumentConflict => conflict(error),
        ErrorKind::MissingRequiredArgument => match context(error, ContextKind::InvalidArg) {
            Some(ContextValue::Strings(missing)) => {
                let missing: Vec<String> = missing.iter().map(|it| choice(it)).collect();
                format!("{} is missing", missing.join(" and "))
            }
            _ => "an argument is missing".to_owned(),
        },
        ErrorKind::MissingSubcommand => "a command is missing".to_owned(),
        ErrorKind::InvalidUtf8 => "an argument is not UTF-8".to_owned(),
        _ => "these arguments do not go together".to_owned(),
    }
}

/// One of several options, which the parser writes as `<--one|--other>`, as people do.
fn choice(missing: &str) -> String {
    let options = missing
        .strip_prefix('<')
        .and_then(|it| it.strip_suffix('>'));
    match options.filter(|options| options.starts_with("--")) {
        Some(options) => options.replace("|--", " or --"),
        None => missing.to_owned(),
    }
}

/// A stray word or an unknown option, by its place.
fn unexpected(error: &Error, arguments: &[OsString]) -> String {
    let word = context(error, ContextKind::InvalidArg)
        .and_then(single)
        .unwrap_or_default();
    match ordinal(&word, arguments) {
        Some(at) => format!("unexpected argument {at}"),
        None => "unexpected argument".to_owned(),
    }
}

fn conflict(error: &Error) -> String {
    let one = option(error).unwrap_or_else(|| "an option".to_owned());
    match context(error, ContextKind::PriorArg) {
        Some(ContextValue::String(other)) if *other == one => format!("{one} is given twice"),
        Some(ContextValue::String(other)) => format!("{one} cannot be used with {other}"),
        Some(ContextValue::Strings(others)) => {
            format!("{one} cannot be used with {}", others.join(" and "))
        }
        _ => format!("{one} cannot be used with another option that is there"),
    }
}

fn hint(error: &Error) -> String {
    let suggested = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let meant = suggested
        .iter()
        .find_map(|kind| match context(error, *kind)? {
            ContextValue::String(word) => Some(word.clone()),
            ContextValue::Strings(words) => words.first().cloned(),
            _ => None,
        });
    match (meant, context(error, ContextKind::ValidValue)) {
        (Some(word), _) => format!("did you mean \"{word}\"? See `playcookie --help`"),
        (None, Some(ContextValue::Strings(values))) if !values.is_empty() => {
            format!("it takes {}", values.join(", "))
        }
        _ => "see `playcookie --help`, or --help after a command".to_owned(),
    }
}

/// The option that an error is about, as it is defined, not as it was typed.
fn option(error: &Error) -> Option<String> {
    match context(error, ContextKind::InvalidArg)? {
        ContextValue::String(option) => Some(option.clone()),
        ContextValue::Strings(options) => options.first().cloned(),
        _ => None,
    }
}

fn context(error: &Error, kind: ContextKind) -> Option<&ContextValue> {
    error.get(kind)
}

fn single(value: &ContextValue) -> Option<String> {
    match value {
        ContextValue::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// What `rehearse` is about: the one argument that belongs in front of a verb.
const GAME: &str = "game";

/// An option or an account in front of a verb: `ttr -u alice login` would silently play, or lose the option.
pub(super) fn options_before_verb(tree: &Command, matches: &ArgMatches) -> Result<(), Failure> {
    let Some((name, game)) = matches.subcommand() else {
        return Ok(());
    };
    let Some((verb, _)) = game.subcommand() else {
        return Ok(());
    };
    let everywhere = Everywhere::augment_args(Command::new("everywhere"));
    let typed = |id: &&clap::Id| game.value_source(id.as_str()) == Some(ValueSource::CommandLine);
    let command = tree.find_subcommand(name);
    let Some((stray, known)) = game
        .ids()
        .filter(typed)
        .filter(|id| id.as_str() != GAME && argument(Some(&everywhere), id).is_none())
        // A group's id is no argument.
        .find_map(|id| Some((id, argument(command, id)?)))
    else {
        return Ok(());
    };
    let shown = match known.get_long() {
        Some(long) => format!("--{long} stands"),
        None => "an account stands".to_owned(),
    };
    let verbs = command.and_then(|command| command.find_subcommand(verb));
    let hint = if argument(verbs, stray).is_some() {
        format!("put it behind: playcookie {name} {verb} …")
    } else {
        format!("leave it out: {verb} does not take it")
    };
    Err(wrong(format!("{shown} in front of the verb {verb}"), hint))
}

/// The argument of a command that has this id.
fn argument<'c>(command: Option<&'c Command>, id: &clap::Id) -> Option<&'c clap::Arg> {
    command?
        .get_arguments()
        .find(|argument| argument.get_id() == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;

    fn failure(line: &str) -> Failure {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        match Cli::read(&arguments) {
            Err(ParseStop::Wrong(failure)) => failure,
            other => panic!("{line}: {other:?}"),
        }
    }

    fn accepted(line: &str) -> Cli {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        Cli::read(&arguments).unwrap_or_else(|stop| panic!("{line}: {stop:?}"))
    }

    #[test]
    fn stray_words_are_named_by_their_place() {
        assert_eq!(
            failure("playcookie completions bash hunter2").message,
            "unexpected argument 3"
        );
        assert_eq!(
            failure("playcookie ttr --hunter2").message,
            "unexpected argument 2"
        );
        assert_eq!(
            failure("playcookie ttr -phunter2").message,
            "unexpected argument 2"
        );
        assert_eq!(
            failure("playcookie ttr --passwort=hunter2").message,
            "unexpected argument 2"
        );
        assert_eq!(
            failure("playcookie hunter2").message,
            "argument 1 is neither a game nor a command"
        );
    }

    #[test]
    fn no_wrong_argument_is_repeated() {
        for line in [
            "playcookie hunter2",
            "playcookie ttr --hunter2",
            "playcookie ttr login --format hunter2",
            "playcookie ttr --queue-timeout hunter2",
            "playcookie ttr --api https://hunter2@example.com",
            "playcookie ttr --password hunter2",
            "playcookie ttr --password=hunter2",
            "playcookie ttr login --password hunter2 --json",
            "playcookie ttr --password-stdin=hunter2",
            "playcookie ttr --wait-for-server=hunter2",
            "playcookie ttr --runner hunter2",
            "playcookie ttr --timeout hunter2",
            "playcookie completions hunter2",
            "playcookie rehearse hunter2",
            "playcookie rehearse ttr --port hunter2",
        ] {
            let failure = failure(line);
            assert_eq!(failure.reason, Reason::Usage, "{line}");
            assert!(
                !failure.message.contains("hunter2") && !failure.hint.contains("hunter2"),
                "{line}: {failure:?}"
            );
        }
    }

    #[test]
    fn a_password_on_the_command_line_gets_its_own_message() {
        for line in [
            "playcookie ttr --password x",
            "playcookie ttr login --password=x",
            "playcookie ttr --password",
        ] {
            assert!(failure(line).hint.contains("--password-command"), "{line}");
        }
    }

    #[test]
    fn an_option_or_an_account_in_front_of_a_verb_is_refused() {
        assert_eq!(
            failure("playcookie ttr -u alice login").message,
            "--username stands in front of the verb login"
        );
        assert_eq!(
            failure("playcookie ttr --detach play").message,
            "--detach stands in front of the verb play"
        );
        assert!(
            failure("playcookie ttr -u alice login")
                .hint
                .contains("put it behind")
        );
        assert!(
            failure("playcookie rehearse ttr --refuse districts")
                .hint
                .contains("leave it out")
        );
        accepted("playcookie rehearse ttr districts");
    }

    #[test]
    fn options_that_every_command_takes_may_stand_anywhere() {
        for line in [
            "playcookie --json ttr login",
            "playcookie ttr --json login",
            "playcookie ttr login --json",
        ] {
            assert!(accepted(line).everywhere.json, "{line}");
        }
    }

    #[test]
    fn an_unknown_option_is_met_with_the_one_that_was_meant() {
        assert!(
            failure("playcookie ttr --usrname x")
                .hint
                .contains("--username")
        );
        assert!(failure("playcookie tttr").hint.contains("ttr"));
    }

    #[test]
    fn a_wrong_value_is_met_with_those_that_are_taken() {
        assert!(
            failure("playcookie ttr login --format x")
                .hint
                .contains("powershell")
        );
    }

    #[test]
    fn options_that_exclude_each_other_are_both_named() {
        let failure = failure("playcookie ttr --password-stdin --password-command x");
        assert!(
            failure.message.contains("--password-stdin")
                && failure.message.contains("--password-command")
        );
    }

    #[test]
    fn what_is_missing_is_named_with_every_choice() {
        for option in ["--notify", "--give-up=1"] {
            assert_eq!(
                failure(&format!("playcookie ttr districts {option}")).message,
                "--watch[=<SECONDS>] or --until <CONDITION> is missing"
            );
        }
    }

    #[test]
    fn json_excludes_the_formats_for_shells() {
        failure("playcookie ttr login --json --format sh");
        accepted("playcookie ttr login --json --format json");
        accepted("playcookie ttr login --json");
    }
}
