//! Completion in a shell: the script that a shell reads once, and the candidates that the script asks this program for.
//!
//! Everything comes from the definitions of the command line and from config.toml. Nothing is sent, and the secret store is
//! not opened.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use clap::{Arg, Command, ValueHint};
pub use clap_complete::Shell;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use clap_complete::env::{EnvCompleter, Shells};

use super::Cli;
use crate::config::{Account, Configuration, known_keys};
use crate::games::GameId;
use crate::games::scid::catalog;
use crate::games::scid::driver::Driver;
use crate::protocol::districts::fold_name;

/// The environment variable that is set to the name of a shell when its script asks for candidates.
pub const VARIABLE: &str = "PLAYCOOKIE_COMPLETE";
/// Scripts that replace those of clap, which do not complete quoted words or, in bash, words with "=" or "@".
const BASH: &str = include_str!("playcookie.bash");
const ZSH: &str = include_str!("playcookie.zsh");

/// Returns the script that makes a shell ask the program for candidates.
///
/// # Errors
/// When clap cannot write the script.
pub fn script(shell: Shell) -> io::Result<Vec<u8>> {
    const NAME: &str = "playcookie";
    let own = match shell {
        Shell::Bash => BASH,
        Shell::Zsh => ZSH,
        _ => {
            let mut script = Vec::new();
            let completer = completer(&shell.to_string())?;
            completer.write_registration(VARIABLE, NAME, NAME, NAME, &mut script)?;
            return Ok(script);
        }
    };
    Ok(own.replace("VARIABLE", VARIABLE).into_bytes())
}

/// Returns the value of `--config` in the words of an unfinished command line.
pub fn config(words: &[OsString]) -> Option<PathBuf> {
    let separate = words.windows(2).find_map(|pair| match pair {
        [option, path] if option == "--config" => Some(path.into()),
        _ => None,
    });
    let joined = |word: &OsString| Some(word.to_str()?.strip_prefix("--config=")?.into());
    separate.or_else(|| words.iter().find_map(joined))
}

/// Returns the candidates for the last of the words, as the script of the shell reads them.
///
/// # Errors
/// When the shell is unknown, or nothing can be completed.
pub(crate) fn candidates(
    shell: &str,
    words: &[OsString],
    configuration: &Configuration,
) -> io::Result<Vec<u8>> {
    let completer = completer(shell)?;
    let words: Vec<_> = match shell {
        // Their scripts pass words as they are typed.
        "bash" | "fish" => words.iter().map(|word| unquoted(word)).collect(),
        _ => words.to_vec(),
    };
    let last = words.last().map(|word| word.to_string_lossy());
    let candidates = Candidates {
        configuration,
        shows_options: last.is_some_and(|word| word.starts_with('-')),
    };
    let mut tree = Cli::tree();
    tree.build();
    let mut tree = match behind_dashes(&tree, &words) {
        Some(command) => command,
        None => candidates.complete(tree, ""),
    };
    let mut answer = Vec::new();
    completer.write_complete(&mut tree, words, Some(Path::new(".")), &mut answer)?;
    Ok(answer)
}

/// If the last word is behind `--`, returns a command that completes it: with files when the typed command starts another
/// program, else with nothing. clap would complete it as if there was no `--`.
fn behind_dashes(tree: &Command, words: &[OsString]) -> Option<Command> {
    let (_, before) = words.split_last()?;
    let at = before.iter().position(|word| word == "--")?;
    let descend = |command, word| Command::find_subcommand(command, word).unwrap_or(command);
    let typed = before.iter().skip(1).take(at).fold(tree, descend);
    let last = typed
        .get_arguments()
        .find(|argument| argument.is_last_set());
    let hint = match last.map(Arg::get_value_hint) {
        Some(ValueHint::CommandWithArguments) => ValueHint::AnyPath,
        _ => ValueHint::Other,
    };
    let word = Arg::new("word").num_args(0..).value_hint(hint);
    Some(Command::new("playcookie").arg(word))
}

fn completer(shell: &str) -> io::Result<&'static dyn EnvCompleter> {
    const SHELLS: Shells<'_> = Shells::builtins();
    let completer = SHELLS.0.iter().find(|completer| completer.is(shell));
    completer.copied().ok_or(io::ErrorKind::NotFound.into())
}

/// Removes the quotes of a word; that of the last word may be open.
fn unquoted(word: &OsStr) -> OsString {
    let text = word.to_string_lossy();
    let closed = ["", "'", "\""].map(|quote| shlex::split(&format!("{text}{quote}")));
    match closed.into_iter().flatten().next().as_deref() {
        Some([word]) => word.into(),
        _ => word.to_owned(),
    }
}

/// What the values of arguments are completed with.
struct Candidates<'c> {
    configuration: &'c Configuration,
    /// Whether the word is the beginning of an option.
    shows_options: bool,
}

impl Candidates<'_> {
    /// Adds the candidates to the arguments of a command and its subcommands. `path` is the names of the command.
    fn complete(&self, command: Command, path: &str) -> Command {
        let command = command.mut_args(|argument| {
            let is_hidden = !argument.is_positional() && !self.shows_options;
            match self.values(path, &argument) {
                // clap offers what is hidden only when there is nothing else.
                None if is_hidden => argument.hide(true),
                None => argument,
                Some(values) => {
                    let candidate = |(value, help): &(String, String)| {
                        CompletionCandidate::new(value).help(Some(help.clone().into()))
                    };
                    let candidates = move || values.iter().map(candidate).collect();
                    let is_hidden = is_hidden || argument.is_hide_set();
                    argument
                        .add(ArgValueCandidates::new(candidates))
                        .hide(is_hidden)
                }
            }
        });
        command.mut_subcommands(|command| {
            let path = format!("{path} {}", command.get_name());
            self.complete(command, path.trim_start())
        })
    }

    /// Returns the candidates for the value of an argument with their descriptions. They are chosen by the name of the value
    /// in the help.
    fn values(&self, path: &str, argument: &Arg) -> Option<Vec<(String, String)>> {
        let first = path.split(' ').next().unwrap_or_default();
        let game = GameId::named(first);
        let value = argument.get_value_names()?.first()?.as_str();
        Some(match (first, path, value) {
            // A rehearsal has no remembered accounts.
            ("rehearse", _, "ACCOUNT" | "GROUP" | "INTERFACE|URL") => return None,
            (
                _,
                "accounts edit" | "accounts group" | "accounts remove" | "accounts rename"
                | "accounts show",
                "NAME",
            ) => self.accounts(None),
            ("shortcut", _, "NAME") => {
                let game = |game: GameId| candidate(game.game().id, game.game().name);
                let games = GameId::ALL.map(game).into();
                [self.accounts(None), self.groups(None, "@"), games].concat()
            }
            ("config", _, "KEY") => self.keys(),
            (_, _, "ACCOUNT") => [self.accounts(game), self.groups(game, "@")].concat(),
            (_, _, "GROUP") => self.groups(game, ""),
            (_, _, "CONDITION") => conditions(game),
            (_, _, "INTERFACE|URL") => vec![
                candidate("current", "as maintained clients use it"),
                candidate("documented", "as the makers describe it"),
            ],
            ("scid", _, "GAME") => {
                let game = |game: &catalog::AndroidGame| candidate(game.code, game.name);
                catalog::GAMES.iter().map(game).collect()
            }
            ("scid", _, "DRIVER") => Driver::ALL
                .map(|driver| candidate(driver.name(), ""))
                .into(),
            _ => return None,
        })
    }

    /// Returns the remembered accounts, of one game if there is one.
    fn accounts(&self, game: Option<GameId>) -> Vec<(String, String)> {
        let accounts = self.configuration.accounts.iter();
        let accounts = accounts.filter(|account| game.is_none_or(|game| account.game_id == game));
        accounts
            .map(|account| candidate(&account.name, account.game_id.game().name))
            .collect()
    }

    /// Returns the keys that a configuration may have: of games, of the remembered accounts, and groups.
    fn keys(&self) -> Vec<(String, String)> {
        let accounts = self.configuration.accounts.iter();
        let names: Vec<_> = accounts.map(|account| account.name.as_str()).collect();
        let groups = self.configuration.groups.iter();
        let groups = groups.map(|(name, _)| format!("groups.{name}"));
        let keys = known_keys(&names).into_iter().chain(groups);
        keys.map(|key| candidate(&key, "")).collect()
    }

    /// Returns the groups with a prefix; if there is a game, those with an account of it.
    fn groups(&self, game: Option<GameId>, prefix: &str) -> Vec<(String, String)> {
        let groups = self.configuration.groups.iter();
        let groups = groups.filter_map(|(name, members)| {
            // Other words in a group may be anything.
            let account = |member: &String| self.configuration.account(member);
            let members: Vec<_> = members.iter().filter_map(account).collect();
            let is_of_game = |member: &&Account| game.is_none_or(|game| member.game_id == game);
            let names: Vec<_> = members.iter().map(|member| member.name.as_str()).collect();
            let group = candidate(&format!("{prefix}{name}"), &names.join(", "));
            members.iter().any(is_of_game).then_some(group)
        });
        groups.collect()
    }
}

/// Returns the conditions of `--until`, with the known districts of a game.
fn conditions(game: Option<GameId>) -> Vec<(String, String)> {
    let districts = game.map_or(&[][..], |game| game.game().district_names);
    let named = |district: &&str| candidate(&format!("invasion={}", fold_name(district)), district);
    let general = [
        candidate("invasion", "any invasion"),
        candidate("online", "the game is open"),
    ];
    let named = districts.iter().map(named);
    general.into_iter().chain(named).collect()
}

/// A value with its description.
fn candidate(value: &str, help: &str) -> (String, String) {
    (value.to_owned(), help.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_loses_its_quotes_even_when_one_is_open() {
        for (word, expected) in [
            ("alice", "alice"),
            ("", ""),
            ("'a b", "a b"),
            ("\"a b", "a b"),
            ("a\\ b", "a b"),
            ("#a", "#a"),
        ] {
            assert_eq!(unquoted(OsStr::new(word)), expected, "{word}");
        }
    }
}
