//! One file per command: from its arguments to calls of the application and to output. This file dispatches, and prints
//! the one error.

mod accounts;
mod completions;
mod config;
mod districts;
mod doctor;
mod exec;
mod installed;
mod login;
mod manual;
mod play;
mod ps;
mod rehearse;
mod scid;
mod shortcut;
mod status;
mod stop;
mod ttr;
mod update;

use std::cell::RefCell;
use std::env::VarError;
use std::ffi::OsString;
use std::panic::PanicHookInfo;
use std::path::PathBuf;
use std::rc::Rc;

use crate::base::core_dumps;
use crate::base::failure::{Failure, Reason};
use crate::base::resources;
use crate::base::secret::Secret;
use crate::base::signals::{Signal, Signals, exit_by_signal, handle_stops};
use crate::cli::config::Verb as ConfigVerb;
use crate::cli::game::{Play, Verb};
use crate::cli::ttr::TtrVerb;
use crate::cli::{Cli, Command, ParseStop, accounts as cli_accounts, completion, usage};
use crate::config::file::ConfigFile;
use crate::context::{Context, EnvironmentValues};
use crate::credentials::CredentialStore;
use crate::credentials::backend::STORE_NAME;
use crate::failures::refused;
use crate::games::GameId;
use crate::http::{Limits, trust};
use crate::run_error::RunError;
use crate::state::StateDirectory;
use crate::terminal::event::Subject;
use crate::terminal::results::print;
use crate::terminal::{self, Stream, Terminal, TerminalOptions, echo};

/// Runs the program, and returns its exit status.
pub fn main(arguments: &[OsString]) -> i32 {
    if let [_, version] = arguments
        && (version == "--version" || version == "-V")
    {
        return show(
            &Terminal::new(TerminalOptions::default()),
            usage::VERSION_LINE,
        );
    }
    if asks_for_build(arguments) {
        return show(&Terminal::new(TerminalOptions::default()), &build());
    }
    std::panic::set_hook(Box::new(report_panic));
    if let Some(status) = answer_shell(arguments) {
        return status;
    }
    core_dumps::disable();
    let outcome = std::panic::catch_unwind(|| {
        rehearse::stand_in_game(arguments).unwrap_or_else(|| parse_and_run(arguments))
    });
    echo::restore();
    outcome.unwrap_or(i32::from(Reason::Internal.status()))
}

/// Whether `--version` is typed with `--verbose`, and nothing else.
fn asks_for_build(arguments: &[OsString]) -> bool {
    let mut words = arguments.iter().skip(1).map(|word| word.to_str());
    match (words.next(), words.next(), words.next()) {
        (Some(Some("-vV" | "-Vv")), None, None) => true,
        (Some(one), Some(other), None) => {
            let is_version = |word| matches!(word, Some("--version" | "-V"));
            let is_verbose = |word| matches!(word, Some("--verbose" | "-v"));
            is_version(one) && is_verbose(other) || is_verbose(one) && is_version(other)
        }
        _ => false,
    }
}

/// Returns what a report of a bug needs to know about this program.
fn build() -> String {
    // The script that makes a release names the commit.
    let commit = option_env!("PLAYCOOKIE_COMMIT").unwrap_or("unknown");
    let abi = if cfg!(target_env = "gnu") {
        "-gnu"
    } else if cfg!(target_env = "musl") {
        "-musl"
    } else if cfg!(target_env = "msvc") {
        "-msvc"
    } else {
        ""
    };
    let (processor, system) = (std::env::consts::ARCH, std::env::consts::OS);
    let version = env!("CARGO_PKG_VERSION");
    let roots = trust::source();
    format!(
        "playcookie {version}\ncommit: {commit}\ntarget: {processor}-{system}{abi}\n\
         tls: rustls with ring\ncertificates: {roots}\nsecret store: {STORE_NAME}\n"
    )
}

/// Answers a shell that completes a command line; otherwise returns `None`.
fn answer_shell(arguments: &[OsString]) -> Option<i32> {
    let shell = std::env::var(completion::VARIABLE).ok()?;
    let [_, dashes, words @ ..] = arguments else {
        return None;
    };
    let config_file = config_file(completion::config(words));
    (dashes == "--").then(|| completions::answer(&shell, words, &config_file))
}

fn parse_and_run(arguments: &[OsString]) -> i32 {
    let stop = match Cli::read(arguments) {
        Ok(cli) => return run(cli),
        Err(stop) => stop,
    };
    let typed = |known: &str| usage::own(arguments).any(|word| word == known);
    // The words could not be parsed, so this is a guess.
    let stream = if typed("exec") {
        Stream::Error
    } else {
        Stream::Output
    };
    let terminal = Terminal::new(TerminalOptions {
        json: typed("--json").then_some(stream),
        colour: usage::colour(arguments),
        ..TerminalOptions::default()
    });
    match stop {
        ParseStop::Help(text) if terminal.colours_output() => {
            show(&terminal, &text.ansi().to_string())
        }
        ParseStop::Help(text) => show(&terminal, &text.to_string()),
        ParseStop::Refused(text, failure) => {
            if terminal.json().is_some() {
                terminal.event(&Subject::default().failed(&failure));
            }
            terminal.help(&text.to_string(), &text.ansi().to_string());
            i32::from(failure.reason.status())
        }
        ParseStop::Failed(failure) => fail(&terminal, &failure.into()),
    }
}

fn run(cli: Cli) -> i32 {
    let stream = match cli.command.verb() {
        // Standard output belongs to the command that is run.
        Some(Verb::Exec(_)) => Stream::Error,
        _ => Stream::Output,
    };
    let mut options = cli.global.terminal_options(stream);
    options.shows_errors = cli.command.starts_game();
    let terminal = Rc::new(Terminal::new(options));
    let outcome = context(&cli, &terminal)
        .map_err(anyhow::Error::from)
        .and_then(|context| dispatch(&context, cli.command));
    match outcome {
        Ok(status) => status,
        Err(error) => match error.downcast_ref() {
            Some(RunError::Interrupted(signal)) => interrupted(&terminal, *signal),
            // As at the end of a watch that nobody reads.
            Some(RunError::OutputClosed) => 0,
            _ => fail(&terminal, &error),
        },
    }
}

/// Reads what the command needs, and nothing else.
fn context(cli: &Cli, terminal: &Rc<Terminal>) -> Result<Context, Failure> {
    terminal.check_prompts()?;
    let environment = match &cli.command {
        Command::Ttr(_) | Command::Ttcc(_) | Command::Tlopo(_) | Command::Play(_) => environment()?,
        _ => EnvironmentValues::default(),
    };
    let config_file = config_file(cli.global.config.clone());
    let configuration = match &cli.command {
        Command::Ps | Command::Rehearse(_) | Command::Completions { .. } | Command::Man { .. } => {
            None
        }
        Command::Config(config) if config.verb != ConfigVerb::Show => None,
        // It reports why the file cannot be read.
        Command::Doctor(_) => config_file.load().ok(),
        // Adding the first account creates the file.
        Command::Accounts(accounts) if matches!(accounts.verb, cli_accounts::Verb::Add(_)) => {
            Some(config_file.load_or_new()?)
        }
        _ => Some(config_file.load()?),
    };
    let secrets = environment.password.iter().chain(&environment.code);
    secrets.for_each(|secret| terminal.redactor().add(secret));
    let timeout = cli.global.timeout;
    Ok(Context {
        terminal: Rc::clone(terminal),
        limits: timeout.map_or_else(Limits::default, Limits::of),
        environment,
        config_file,
        configuration: configuration.unwrap_or_default(),
        credentials: CredentialStore::new(terminal.can_ask(), Rc::clone(terminal.redactor())),
        state: StateDirectory::of_user(),
        base_url: None,
        endpoints: RefCell::default(),
        clients: RefCell::default(),
    })
}

/// Returns the configuration file that the user named, else the default one.
fn config_file(option: Option<PathBuf>) -> ConfigFile {
    let named = std::env::var_os("PLAYCOOKIE_CONFIG").filter(|path| !path.is_empty());
    ConfigFile::new(option.or(named.map(Into::into)))
}

/// Reads the values of this program's own environment variables.
fn environment() -> Result<EnvironmentValues, Failure> {
    let variable = |name| match std::env::var(name) {
        Ok(value) if !value.is_empty() => Ok(Some(value)),
        Err(VarError::NotUnicode(_)) => Err(Failure::usage(
            format!("the value of {name} is not UTF-8"),
            "set it to plain text, or unset it",
        )),
        _ => Ok(None),
    };
    Ok(EnvironmentValues {
        username: variable("PLAYCOOKIE_USERNAME")?,
        password: variable("PLAYCOOKIE_PASSWORD")?.map(Secret::new),
        code: variable("PLAYCOOKIE_CODE")?.map(Secret::new),
    })
}

fn dispatch(context: &Context, command: Command) -> anyhow::Result<i32> {
    if let Command::Completions { shell } = command {
        return completions::script(context, shell);
    }
    resources::check_files().map_err(|error| refused(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| refused(&error))?;
    let outcome = runtime.block_on(async {
        let mut signals = Signals::catch().map_err(|error| refused(&error))?;
        handle_stops(terminal::suspend, terminal::resume).map_err(|error| refused(&error))?;
        run_async(context, command, &mut signals).await
    });
    // A thread may still read a prompt; it is not waited for.
    runtime.shutdown_background();
    outcome
}

async fn run_async(
    context: &Context,
    command: Command,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    match command {
        Command::Ttr(arguments) => {
            let verb = match arguments.0.verb {
                Some(TtrVerb::Data(verb)) => return ttr::run(context, &verb, signals).await,
                Some(TtrVerb::Shared(verb)) => Some(verb),
                None => None,
            };
            game(context, GameId::Ttr, &arguments.0.play, verb, signals).await
        }
        Command::Ttcc(arguments) => {
            let (play, verb) = (arguments.0.play, arguments.0.verb);
            game(context, GameId::Ttcc, &play, verb, signals).await
        }
        Command::Tlopo(arguments) => {
            let (play, verb) = (arguments.0.play, arguments.0.verb);
            game(context, GameId::Tlopo, &play, verb, signals).await
        }
        Command::Play(play) => play::run(context, None, &play, signals).await,
        Command::Accounts(arguments) => {
            Ok(accounts::run(context, arguments.0.verb, signals).await?)
        }
        Command::Ps => {
            ps::run(context)?;
            Ok(0)
        }
        Command::Stop(stop) => {
            stop::run(context, &stop, signals).await?;
            Ok(0)
        }
        Command::Doctor(doctor) => doctor::run(context, &doctor, signals).await,
        Command::Status(status) => status::run(context, &status, signals).await,
        Command::Shortcut(arguments) => {
            shortcut::run(context, &arguments.0.verb, signals).await?;
            Ok(0)
        }
        Command::Config(arguments) => config::run(context, arguments.0.verb, signals).await,
        Command::Rehearse(rehearse) => rehearse::run(context, &rehearse, signals).await,
        Command::Scid(arguments) => scid::run(context, &arguments, signals).await,
        Command::Man { command, into } => {
            manual::man(context, &command, into.as_deref(), signals).await
        }
        Command::Completions { .. } => Ok(0),
    }
}

async fn game(
    context: &Context,
    game_id: GameId,
    play: &Play,
    verb: Option<Verb>,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    match verb {
        None => play::run(context, Some(game_id), play, signals).await,
        Some(Verb::Play(play)) => play::run(context, Some(game_id), &play, signals).await,
        Some(Verb::Login(login)) => login::run(context, game_id, &login, signals).await,
        Some(Verb::Exec(exec)) => exec::run(context, game_id, &exec, signals).await,
        Some(Verb::Update(update)) => update::run(context, game_id, &update, signals).await,
        Some(Verb::Verify(mut update)) => {
            update.0.verify = true;
            update::run(context, game_id, &update, signals).await
        }
        Some(Verb::Uninstall(uninstall)) => {
            installed::uninstall(context, game_id, &uninstall, signals).await
        }
        Some(Verb::Path(path)) => installed::path(context, game_id, &path, signals).await,
        Some(Verb::Installs(path)) => installed::list(context, game_id, &path, signals).await,
        Some(Verb::Districts(districts)) => {
            districts::run(context, game_id, &districts, signals).await
        }
    }
}

/// Prints a text, which fails only when it cannot be written.
fn show(terminal: &Terminal, text: &str) -> i32 {
    match terminal.result(text.as_bytes()) {
        Ok(()) => 0,
        Err(error) => fail(terminal, &error.into()),
    }
}

/// Ends the program by the signal that interrupted it.
fn interrupted(terminal: &Terminal, signal: Signal) -> i32 {
    terminal.clear();
    echo::restore();
    exit_by_signal(signal)
}

/// Prints the one error, and returns its exit status.
fn fail(terminal: &Terminal, error: &anyhow::Error) -> i32 {
    let (subject, failure) = match (error.downcast_ref(), error.downcast_ref()) {
        (Some(RunError::Failed { subject, failure }), _) => ((**subject).clone(), failure.clone()),
        (_, Some(failure)) => (Subject::default(), Failure::clone(failure)),
        _ => (Subject::default(), unexpected(error)),
    };
    terminal.report(&subject, &failure);
    i32::from(failure.reason.status())
}

/// Returns the failure for an error that no command expects: a limit of the system was reached, or there is a bug.
fn unexpected(error: &anyhow::Error) -> Failure {
    match error.downcast_ref() {
        Some(error) if resources::is_limit(error) => refused(error),
        _ => Failure::bug(&error.to_string()),
    }
}

/// Prints the location of a panic only; its message may contain a secret.
fn report_panic(panic: &PanicHookInfo<'_>) {
    let location = panic
        .location()
        .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    echo::restore();
    Terminal::new(TerminalOptions::default())
        .failure(&Failure::bug(&format!("it stopped at {location}")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_nobody_expected_is_reported_as_a_bug() {
        assert_eq!(
            fail(
                &Terminal::new(TerminalOptions::default()),
                &anyhow::anyhow!("odd")
            ),
            70
        );
    }

    #[cfg(unix)]
    #[test]
    fn an_unexpected_error_of_the_system_is_a_bug_unless_a_limit_was_reached() {
        use rustix::io::Errno;
        for (error, reason) in [
            (Errno::MFILE, Reason::Io),
            (Errno::NFILE, Reason::Io),
            (Errno::AGAIN, Reason::Io),
            (Errno::NOENT, Reason::Internal),
            (Errno::ACCESS, Reason::Internal),
        ] {
            let failure = unexpected(&std::io::Error::from(error).into());
            assert_eq!(failure.reason, reason, "{error}");
        }
    }

    #[test]
    fn a_failure_keeps_its_status_whoever_it_happened_to() {
        let failure = Failure::new(Reason::Closed, "closed", "wait");
        let terminal = Terminal::new(TerminalOptions::default());
        assert_eq!(fail(&terminal, &failure.clone().into()), 69);
        assert_eq!(fail(&terminal, &RunError::from(failure).into()), 69);
    }
}
