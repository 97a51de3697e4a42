//! What the definitions of the arguments do not say: examples of each command, and which of the shared options a command
//! leaves out of its help because it refuses or ignores them.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::builder::StyledStr;
use clap::{Arg, Command};

use crate::games::{CredentialKind, Downloads, Game, GameId};

/// The examples of each command: what an example does, and its line. `GAME` stands for each of the three games.
const EXAMPLES: &[(&str, &[(&str, &str)])] = &[
    (
        "",
        &[
            ("Try it without an account", "playcookie rehearse ttr"),
            ("Log in and play; asks for everything", "playcookie ttr"),
            (
                "Remember an account, then play it",
                "playcookie accounts add ttr alice",
            ),
            ("", "playcookie ttr alice"),
            ("See which games are open", "playcookie status"),
        ],
    ),
    ("GAME", PLAY),
    ("GAME play", PLAY),
    (
        "GAME login",
        &[
            (
                "Set the game's variables in this shell",
                "eval \"$(playcookie GAME login -u alice)\"",
            ),
            (
                "The same in fish",
                "playcookie GAME login -u alice --format fish | source",
            ),
        ],
    ),
    (
        "GAME exec",
        &[(
            "Run your own command with the game's variables",
            "playcookie GAME exec -u alice -- ./my-wrapper --fullscreen",
        )],
    ),
    (
        "GAME update",
        &[
            ("Install the game, or update it", "playcookie GAME update"),
            (
                "Show which files are missing or outdated",
                "playcookie GAME update --check -v",
            ),
            (
                "Install it in another directory",
                "playcookie GAME update --game-dir ~/Games/GAME",
            ),
        ],
    ),
    (
        "GAME verify",
        &[("Replace damaged files", "playcookie GAME verify")],
    ),
    (
        "GAME uninstall",
        &[(
            "Remove the game without a question",
            "playcookie GAME uninstall --yes",
        )],
    ),
    (
        "GAME path",
        &[(
            "Go to the game's directory",
            "cd \"$(playcookie GAME path)\"",
        )],
    ),
    (
        "GAME districts",
        &[
            (
                "Show the districts, the fullest first",
                "playcookie GAME districts --sort population",
            ),
            (
                "Watch them, and ask every minute",
                "playcookie GAME districts --watch=60",
            ),
            (
                "Wait until the game is open, then play",
                "playcookie GAME districts --until online && playcookie GAME",
            ),
        ],
    ),
    (
        "ttr fieldoffices",
        &[("Show the field offices", "playcookie ttr fieldoffices")],
    ),
    (
        "ttr sillymeter",
        &[(
            "Show the Silly Meter as JSON",
            "playcookie ttr sillymeter --json",
        )],
    ),
    (
        "ttr doodles",
        &[(
            "Show cheap doodles that rarely get tired",
            "playcookie ttr doodles --trait 'rarely tired' --max-cost 1500",
        )],
    ),
    (
        "play",
        &[
            ("Play the accounts of a group", "playcookie play @evening"),
            ("Play accounts of any game", "playcookie play alice bob"),
        ],
    ),
    (
        "doctor",
        &[
            ("Check everything", "playcookie doctor"),
            (
                "Check why a game does not start",
                "playcookie doctor ttr --offline",
            ),
            (
                "Write a file for a bug report",
                "playcookie doctor --report report.txt",
            ),
        ],
    ),
    (
        "status",
        &[
            ("Show all games", "playcookie status"),
            (
                "Play only when the game is open",
                "playcookie status -q ttr && playcookie ttr alice",
            ),
        ],
    ),
    (
        "rehearse",
        &[
            (
                "Play with a two-factor code and a queue",
                "playcookie rehearse ttr",
            ),
            (
                "See what a refused password looks like",
                "playcookie rehearse ttr --refuse",
            ),
            (
                "Keep the server running for a script",
                "playcookie rehearse --serve --port 4000",
            ),
        ],
    ),
    (
        "rehearse districts",
        &[(
            "Watch invented districts",
            "playcookie rehearse ttr districts",
        )],
    ),
    (
        "rehearse update",
        &[(
            "Install and update with downloads that are cut off",
            "playcookie rehearse ttr update --cut 2000",
        )],
    ),
    (
        "accounts",
        &[
            (
                "Remember an account; asks for its secrets",
                "playcookie accounts add ttr alice",
            ),
            ("Show what is remembered", "playcookie accounts list"),
            (
                "Start two accounts together",
                "playcookie accounts group evening alice bob",
            ),
        ],
    ),
    (
        "accounts add",
        &[
            (
                "Add an account at prompts",
                "playcookie accounts add ttr alice",
            ),
            (
                "Add one whose password another program keeps",
                "playcookie accounts add tlopo bob -u bob --password-command 'pass show tlopo/bob'",
            ),
        ],
    ),
    (
        "accounts edit",
        &[
            ("Change it at prompts", "playcookie accounts edit alice"),
            (
                "Give it another name",
                "playcookie accounts edit alice --rename ally",
            ),
            (
                "Forget the stored password",
                "playcookie accounts edit alice --forget password",
            ),
        ],
    ),
    (
        "accounts group",
        &[
            (
                "Create a group",
                "playcookie accounts group evening alice bob",
            ),
            (
                "Add an account to it",
                "playcookie accounts group evening --add carol",
            ),
            (
                "Forget the group",
                "playcookie accounts group evening --delete",
            ),
        ],
    ),
    (
        "config",
        &[
            (
                "Put a command in front of the game's",
                "playcookie config set ttr.wrapper gamemoderun",
            ),
            ("Open the file in your editor", "playcookie config edit"),
        ],
    ),
    (
        "config get",
        &[("Print one value", "playcookie config get ttr.wrapper")],
    ),
    (
        "config set",
        &[
            (
                "Keep the output of each account's game",
                "playcookie config set ttr.log '~/.local/state/{account}.log'",
            ),
            (
                "Never update before playing",
                "playcookie config set ttr.update false",
            ),
        ],
    ),
    (
        "config unset",
        &[(
            "Return to the default",
            "playcookie config unset ttr.wrapper",
        )],
    ),
    (
        "scid",
        &[
            (
                "Log in, and store the tokens",
                "playcookie scid login alice@example.com --game cr",
            ),
            ("Start a game", "playcookie scid play cr"),
        ],
    ),
    (
        "scid login",
        &[
            (
                "Log in; asks for the PIN from the e-mail",
                "playcookie scid login alice@example.com --game cr",
            ),
            (
                "In two steps, for a script",
                "playcookie scid login alice@example.com --game cr --request-only",
            ),
            (
                "",
                "printf '%s\\n' \"$pin\" | playcookie scid login alice@example.com --pin-stdin --save",
            ),
        ],
    ),
    (
        "scid settings",
        &[("Show the settings", "playcookie scid settings")],
    ),
    (
        "scid settings set",
        &[(
            "Get no advertising by e-mail",
            "playcookie scid settings set marketing off",
        )],
    ),
    (
        "scid tag",
        &[
            ("Convert a tag", "playcookie scid tag '#8PRLVC0J'"),
            ("And back", "playcookie scid tag 14-961148"),
        ],
    ),
    (
        "scid play",
        &[
            ("Start Clash Royale", "playcookie scid play cr"),
            (
                "Run your own command with the tokens",
                "playcookie scid play cr --with-tokens -- ./my-wrapper",
            ),
        ],
    ),
    (
        "man",
        &[
            ("Show a page", "playcookie man ttr login"),
            (
                "Install all pages",
                "playcookie man --into ~/.local/share/man/man1",
            ),
        ],
    ),
];

/// The examples of a game and of its verb `play`.
const PLAY: &[(&str, &str)] = &[
    (
        "Log in and play; asks for the password",
        "playcookie GAME -u alice",
    ),
    ("Play a remembered account", "playcookie GAME alice"),
    (
        "Wait while the game is closed",
        "playcookie GAME -u alice --wait-for-server",
    ),
    (
        "Show what would be started, and send nothing",
        "playcookie GAME --dry-run",
    ),
];

/// The options of a login, which an update without a login ignores.
const LOGIN_OPTIONS: [&str; 9] = [
    "username",
    "save",
    "no_save",
    "password_stdin",
    "password_command",
    "code",
    "code_command",
    "wait_for_server",
    "queue_timeout",
];

/// Completes the help of a command: hides what it refuses or ignores, and adds its examples to `--help`; likewise for its
/// subcommands, except that the arguments of deferred ones are not defined yet.
pub(super) fn complete(command: Command) -> Command {
    complete_with(command, &|_| true)
}

/// Completes the help of a command, and of those subcommands whose name or alias is typed.
pub(super) fn complete_typed(command: Command, arguments: &[OsString]) -> Command {
    let is_typed = |command: &Command| {
        let mut names = command.get_all_aliases().chain([command.get_name()]);
        names.any(|name| arguments.iter().any(|word| word == name))
    };
    complete_with(command, &is_typed)
}

fn complete_with(command: Command, is_wanted: &dyn Fn(&Command) -> bool) -> Command {
    let path = path(&command);
    let hidden = hidden(&path);
    let hide = |argument: Arg| {
        let is_hidden = hidden.contains(&argument.get_id().as_str());
        let is_hidden = is_hidden || argument.is_hide_set();
        argument.hide(is_hidden)
    };
    let command = if hidden.is_empty() {
        command
    } else {
        command.mut_args(hide)
    };
    with_examples(command, &path).mut_subcommands(|command| {
        if !is_wanted(&command) {
            return command;
        }
        // The name that clap would give later: a deferred command reads its place from it.
        let words = ["playcookie", &path, command.get_name()].join(" ");
        let words: Vec<_> = words.split_whitespace().collect();
        complete_with(command.display_name(words.join("-")), is_wanted)
    })
}

/// Returns the words of a command behind `playcookie`, such as `ttr login`.
pub(crate) fn path(command: &Command) -> String {
    let name = command.get_display_name();
    let name = name.unwrap_or_else(|| command.get_name());
    let name = name.strip_prefix("playcookie").unwrap_or(name);
    name.trim_start_matches('-').replace('-', " ")
}

/// Returns what each example of a command does, and its line.
pub(crate) fn examples(path: &str) -> Vec<(String, String)> {
    let (first, verb) = path.split_once(' ').unwrap_or((path, ""));
    let of_any_game = match GameId::named(first) {
        Some(_) => format!("GAME {verb}").trim_end().to_owned(),
        None => path.to_owned(),
    };
    let mut rows = EXAMPLES.iter();
    let row = rows.find(|(known, _)| [path, &of_any_game].contains(known));
    let examples = row.map_or(&[][..], |(_, examples)| examples).iter();
    let examples = examples.map(|(what, line)| ((*what).to_owned(), line.replace("GAME", first)));
    examples.collect()
}

/// Adds the examples of a command below the text that follows its arguments.
fn with_examples(command: Command, path: &str) -> Command {
    let examples = examples(path);
    if examples.is_empty() {
        return command;
    }
    let heading = command.get_styles().get_header();
    let mut text = match command.get_after_help() {
        Some(text) => format!("{}\n\n", text.ansi()),
        None => String::new(),
    };
    // Writing to a string does not fail.
    let _ = write!(text, "{heading}Examples:{heading:#}");
    for (what, line) in examples {
        if !what.is_empty() {
            let _ = write!(text, "\n  {what}:");
        }
        let _ = write!(text, "\n    {line}");
    }
    command.after_long_help(StyledStr::from(text))
}

/// Returns the arguments that a command shares with others and does not use.
fn hidden(path: &str) -> Vec<&'static str> {
    let (first, verb) = path.split_once(' ').unwrap_or((path, ""));
    match (first, verb) {
        ("play", _) => vec!["username"],
        ("rehearse", "") => vec!["accounts", "group", "save", "no_save", "api"],
        ("rehearse", "districts") => vec!["api"],
        _ => GameId::named(first).map_or_else(Vec::new, |game_id| unused(game_id.game(), verb)),
    }
}

/// Returns the arguments that a game does not use.
fn unused(game: &Game, verb: &str) -> Vec<&'static str> {
    let mut unused = Vec::new();
    if game.toon_slot_variable.is_none() {
        unused.push("toon_slot");
    }
    if !game.storable().contains(&CredentialKind::Totp) {
        unused.extend(["code", "code_command"]);
    }
    let is_update = ["update", "verify"].contains(&verb);
    if is_update && game.current.downloads == Downloads::Public {
        unused.extend(LOGIN_OPTIONS);
    }
    if verb == "verify" {
        unused.push("verify");
    }
    unused
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::cli::{Cli, ParseStop};

    /// Returns the words of each `playcookie` in an example.
    fn typed(line: &str) -> Vec<Vec<OsString>> {
        let commands = line.split("playcookie ").skip(1);
        let commands = commands.map(|rest| {
            let end = [" | ", " && ", ")\""].into_iter();
            let end = end.filter_map(|end| rest.find(end)).min();
            let words = shlex::split(rest.get(..end.unwrap_or(rest.len())).expect(rest));
            let words = words.expect(line).into_iter().map(OsString::from);
            std::iter::once("playcookie".into()).chain(words).collect()
        });
        commands.collect()
    }

    #[test]
    fn every_example_is_a_valid_line_of_an_existing_command() {
        let mut tree = Cli::tree();
        tree.build();
        let (mut commands, mut paths) = (vec![&tree], Vec::new());
        while let Some(command) = commands.pop() {
            let path = path(command);
            for (what, line) in examples(&path) {
                assert!(!line.contains("GAME") && !what.ends_with('.'), "{line}");
                for words in typed(&line) {
                    assert!(Cli::read(&words).is_ok(), "{path}: {line}");
                }
            }
            paths.push(path);
            commands.extend(command.get_subcommands());
        }
        for (known, _) in EXAMPLES {
            let path = known.replace("GAME", "ttr");
            assert!(paths.contains(&path), "{known}");
        }
    }

    #[test]
    fn an_option_that_a_command_refuses_or_ignores_is_not_in_its_help() {
        for (line, named, absent) in [
            ("ttr", "--code ", "--toon-slot"),
            ("ttcc login", "--toon-slot", "--code-command"),
            ("ttr update", "--check", "--password-stdin"),
            ("ttcc update", "--password-stdin", "--code-command"),
            ("ttr verify", "--check", "--verify"),
            ("play", "--group", "--username"),
            ("rehearse", "--username", "--group"),
            ("rehearse", "--two-factor", "ACCOUNT"),
            ("rehearse", "--queue", "--api"),
            ("rehearse ttr districts", "--until", "--api"),
        ] {
            let words = ["playcookie"].into_iter().chain(line.split(' '));
            let words: Vec<OsString> = words.chain(["--help"]).map(OsString::from).collect();
            let Err(ParseStop::Help(help)) = Cli::read(&words) else {
                panic!("{line} has no help");
            };
            // `rehearse` names its option --api where it says how to use the server.
            let help = help.to_string().replace("the --api option", "");
            assert!(help.contains(named), "{line}: {named}\n{help}");
            assert!(!help.contains(absent), "{line}: {absent}\n{help}");
        }
    }
}
