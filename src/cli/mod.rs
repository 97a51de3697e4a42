//! The command line: the types that clap parses into, one file per command family. Nothing here acts.

pub mod accounts;
pub mod completion;
pub mod config;
pub mod deferred;
pub mod districts;
pub mod doctor;
pub mod game;
pub(crate) mod help;
pub mod options;
pub mod rehearse;
pub mod scid;
pub mod shortcut;
pub mod status;
pub mod stop;
pub mod ttr;
pub mod update;
pub mod usage;
pub mod values;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::StyledStr;
use clap::{
    ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, ValueHint,
};

use crate::base::failure::Failure;
use crate::terminal::{Colour, PromptChoice, Stream, TerminalOptions};
use accounts::AccountsArguments;
use config::ConfigArguments;
use deferred::Deferred;
use doctor::Doctor;
use game::{GameArguments, Play, Verb};
use rehearse::Rehearse;
use scid::ScidArguments;
use shortcut::ShortcutArguments;
use status::Status;
use stop::Stop;
use ttr::{DataVerb, TtrVerb};

/// Logs in to your game accounts and starts the games.
#[derive(Debug, Parser)]
#[command(
    name = "playcookie",
    version,
    propagate_version = true,
    max_term_width = 100,
    infer_subcommands = false,
    after_help = "Try it without an account: playcookie rehearse ttr"
)]
pub struct Cli {
    /// The options that every command takes.
    #[command(flatten)]
    pub global: GlobalOptions,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The options that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalOptions {
    /// Print JSON, one object per line, instead of messages
    #[arg(long, global = true)]
    pub json: bool,
    /// Print only results and errors
    #[arg(short, long, global = true, hide_short_help = true)]
    pub quiet: bool,
    /// Print details; twice: also requests and answers
    ///
    /// Every secret in them is masked.
    #[arg(short, long, global = true, action = ArgAction::Count, hide_short_help = true)]
    pub verbose: u8,
    /// Never prompt; a missing value is an error
    #[arg(long, global = true, hide_short_help = true)]
    pub no_input: bool,
    /// Who asks for a missing value.
    #[arg(
        help = "Who asks for a missing value: auto, terminal, gui (windows) or a PROGRAM [default: auto]",
        long_help = "Who asks for a missing value: auto, terminal, gui (windows) or a PROGRAM [default: auto]\n\n\
            auto: the program in PLAYCOOKIE_ASKPASS; else this terminal; else, where neither standard input nor standard \
            error is a terminal and there is a display, windows of pinentry, kdialog, zenity or SSH_ASKPASS (on macOS of \
            osascript; on Windows there are none). A program gets the prompt as its argument and prints the answer; if it \
            fails, the question is cancelled.",
        long,
        global = true,
        value_name = "HOW",
        value_parser = values::prompt,
        value_hint = ValueHint::CommandName,
        hide_short_help = true
    )]
    pub prompt: Option<PromptChoice>,
    /// Colour messages
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_short_help = true
    )]
    pub color: Color,
    /// The configuration file.
    #[arg(help = "The configuration file [env: PLAYCOOKIE_CONFIG]", long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    pub config: Option<PathBuf>,
    /// How long connecting may take, and how long a server may send nothing [default: 10 and 30]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = values::seconds, hide_short_help = true)]
    pub timeout: Option<Duration>,
}

/// The value of `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Toontown Rewritten
    Ttr(Deferred<GameArguments<TtrVerb>>),
    /// Toontown: Corporate Clash
    Ttcc(Deferred<GameArguments>),
    /// The Legend of Pirates Online
    Tlopo(Deferred<GameArguments>),
    /// Supercell ID
    Scid(Deferred<ScidArguments>),
    /// Start remembered accounts of any game together
    Play(Deferred<Play>),
    /// List, add, edit and remove remembered accounts
    Accounts(Deferred<AccountsArguments>),
    /// List the games that run
    Ps,
    /// End games that run
    Stop(Deferred<Stop>),
    /// Show which games are open, and how many are playing
    Status(Deferred<Status>),
    /// Add shortcuts to the menu, the desktop and Steam
    Shortcut(Deferred<ShortcutArguments>),
    /// Show what is installed, where, and what is missing
    Doctor(Deferred<Doctor>),
    /// Show or edit the configuration
    Config(Deferred<ConfigArguments>),
    /// Log in and play against a built-in stand-in server and game
    Rehearse(Deferred<Rehearse>),
    /// Print a shell's completion script
    #[command(after_long_help = "The line for the start file of the shell:\n\
        bash        source <(playcookie completions bash)\n\
        zsh         source <(playcookie completions zsh), after compinit\n\
        fish        playcookie completions fish | source\n\
        elvish      eval (playcookie completions elvish | slurp)\n\
        powershell  playcookie completions powershell | Out-String | Invoke-Expression")]
    Completions {
        /// The shell that reads the script
        shell: completion::Shell,
    },
    /// Show the manual page of a command
    Man {
        /// The command, such as `ttr login` [default: playcookie itself]
        command: Vec<String>,
        /// Write a page for each command into this folder instead
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "command")]
        into: Option<PathBuf>,
    },
}

/// Why the command line led to no command.
#[derive(Debug)]
pub enum ParseStop {
    /// Help or the version was requested; the text goes to standard output.
    Help(StyledStr),
    /// clap refused the arguments; its text goes to standard error, and the failure into an `error` event.
    Refused(StyledStr, Failure),
    /// A check that clap does not make failed.
    Failed(Failure),
}

impl From<Failure> for ParseStop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Cli {
    /// Returns the definitions of the command line. Those of most commands are completed once the command is typed.
    pub fn tree() -> clap::Command {
        help::complete(Self::command())
    }

    /// Reads the command line.
    ///
    /// # Errors
    /// See [`ParseStop`]. No text in it contains what follows `--password`.
    pub fn read(arguments: &[OsString]) -> Result<Self, ParseStop> {
        usage::refuse_password(arguments)?;
        DataVerb::refuse_for_other_games(arguments)?;
        usage::refuse_value_without_equals(arguments)?;
        let refused = |error| usage::parse_stop(error, arguments);
        // What only help shows takes a fifth of a login's own instructions.
        let asks_for_help = usage::asks_for_help(arguments);
        let mut tree = if asks_for_help {
            help::complete_typed(Self::command(), arguments)
        } else {
            Self::command()
        };
        let mut matches = tree.try_get_matches_from_mut(arguments);
        if !asks_for_help && matches.as_ref().is_err_and(usage::shows_help) {
            tree = help::complete_typed(Self::command(), arguments);
            matches = tree.try_get_matches_from_mut(arguments);
        }
        let matches = matches.map_err(refused)?;
        usage::options_before_verb(&tree, &matches)?;
        let cli = Self::from_arg_matches(&matches).map_err(refused)?;
        cli.check()?;
        Ok(cli)
    }

    /// Checks what clap cannot check.
    fn check(&self) -> Result<(), Failure> {
        match (&self.command, self.command.verb()) {
            (_, Some(verb)) => verb.check(self.global.json),
            (Command::Rehearse(rehearse), None) => rehearse.check(),
            (Command::Play(play), None) => play.check_names(),
            (Command::Status(status), None) => status.check(),
            (Command::Doctor(doctor), None) => doctor.check(),
            _ => Ok(()),
        }
    }
}

impl Command {
    /// Whether the command starts a game, as a shortcut does.
    pub fn starts_game(&self) -> bool {
        let plays = |verb: Option<&Verb>| matches!(verb, None | Some(Verb::Play(_)));
        match self {
            Self::Ttr(arguments) => match &arguments.verb {
                Some(TtrVerb::Data(_)) => false,
                Some(TtrVerb::Shared(verb)) => plays(Some(verb)),
                None => true,
            },
            Self::Ttcc(_) | Self::Tlopo(_) => plays(self.verb()),
            Self::Play(_) | Self::Rehearse(_) => true,
            Self::Scid(arguments) => matches!(arguments.verb, scid::Verb::Play(_)),
            _ => false,
        }
    }

    /// Returns the verb of a game; none for other commands and for a verb that only one game has.
    pub fn verb(&self) -> Option<&Verb> {
        match self {
            Self::Ttr(arguments) => match &arguments.verb {
                Some(TtrVerb::Shared(verb)) => Some(verb),
                Some(TtrVerb::Data(_)) | None => None,
            },
            Self::Ttcc(arguments) | Self::Tlopo(arguments) => arguments.verb.as_ref(),
            Self::Scid(_)
            | Self::Play(_)
            | Self::Accounts(_)
            | Self::Ps
            | Self::Stop(_)
            | Self::Status(_)
            | Self::Shortcut(_)
            | Self::Doctor(_)
            | Self::Config(_)
            | Self::Rehearse(_)
            | Self::Completions { .. }
            | Self::Man { .. } => None,
        }
    }
}

impl GlobalOptions {
    /// Returns the options of the terminal. `events` is the stream for events as JSON.
    pub fn terminal_options(&self, events: Stream) -> TerminalOptions {
        let colour = match self.color {
            Color::Auto => Colour::Auto,
            Color::Always => Colour::Always,
            Color::Never => Colour::Never,
        };
        TerminalOptions {
            json: self.json.then_some(events),
            quiet: self.quiet,
            verbosity: self.verbose,
            no_input: self.no_input,
            prompt: self.prompt.clone().unwrap_or_default(),
            shows_errors: false,
            colour,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::name;

    #[test]
    fn clap_finds_no_error_in_the_definitions() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_shows_global_options_after_those_of_the_command() {
        let mut tree = Cli::tree();
        tree.build();
        let game = tree.find_subcommand_mut("ttr").expect("a game");
        let help = game.render_long_help().to_string();
        let at = |heading: &str| help.find(heading).expect(heading);
        assert!(at("\nStart:") < at("\nGlobal options:"), "{help}");
        assert!(help.starts_with("Toontown Rewritten"), "{help}");
    }

    #[test]
    fn no_account_may_have_the_name_of_a_command() {
        let mut tree = Cli::command();
        tree.build();
        let mut commands = vec![tree];
        while let Some(command) = commands.pop() {
            for verb in command.get_subcommands() {
                let name = verb.get_name();
                assert!(name::RESERVED.contains(&name), "{name}");
                commands.push(verb.clone());
            }
        }
    }
}
