//! Completion: the scripts of `completions`, and what the program answers them.

use crate::harness::accounts::account;
use crate::harness::{Home, Program, Scripted};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// Returns a home with accounts of three games and groups. The options of the accounts contain secrets.
fn home() -> Home {
    let home = Home::new();
    let secret = "password-command = \"echo hunter2\"\npost-exit = \"echo hunter2\"";
    home.configure(
        [
            account("alice", "ttr", "hunter2@example.com", secret),
            account("bob", "ttr", "bob", ""),
            account("carol", "ttcc", "carol", ""),
            account("dora", "tlopo", "dora", ""),
            "[groups]\npair = [\"alice\", \"bob\"]\nsea = [\"dora\", \"\\u001b]hunter2\\u0007\"]\n"
                .to_owned(),
        ]
        .concat(),
    );
    home
}

/// Returns the program as the script of a shell runs it, with these words of the command line; the last one is completed.
fn asked(home: &Home, shell: &str, words: &[&str]) -> Program {
    home.program(&[&["--", "playcookie"], words].concat())
        .env("PLAYCOOKIE_COMPLETE", shell)
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
}

/// Returns the candidates for the last word of a command line, without their descriptions.
#[track_caller]
fn candidates(home: &Home, line: &str) -> Vec<String> {
    let words: Vec<_> = line.split(' ').collect();
    let ended = asked(home, "fish", &words).run().exits(0);
    assert_eq!(ended.stderr, "", "{line}");
    assert!(!ended.stdout.contains("hunter2"), "{line}: {ended:#?}");
    let lines = ended.stdout.lines();
    let values = lines.map(|line| line.split('\t').next().unwrap_or_default().to_owned());
    values.collect()
}

#[test]
fn accounts_and_groups_are_those_of_the_game() {
    let home = home();
    for (line, expected) in [
        ("ttr login ", &["alice", "bob", "@pair"][..]),
        ("ttcc update ", &["carol"]),
        ("tlopo exec ", &["dora", "@sea"]),
        ("play ", &["alice", "bob", "carol", "dora", "@pair", "@sea"]),
        ("play alice @s", &["@sea"]),
        ("ttr --group ", &["pair"]),
        ("ttr play --group=p", &["--group=pair"]),
        ("accounts edit ", &["alice", "bob", "carol", "dora"]),
        ("accounts remove alice c", &["carol"]),
        ("accounts rename ", &["alice", "bob", "carol", "dora"]),
        ("stop ", &["alice", "bob", "carol", "dora", "@pair", "@sea"]),
        ("accounts group ", &["pair", "sea"]),
        ("accounts group new ", &["alice", "bob", "carol", "dora"]),
        ("shortcut remove @", &["@pair", "@sea"]),
        (
            "shortcut add ",
            &[
                "alice", "bob", "carol", "dora", "@pair", "@sea", "ttr", "ttcc", "tlopo",
            ],
        ),
        // A rehearsal has no remembered accounts.
        ("rehearse ttr ", &["districts", "status", "update"]),
    ] {
        assert_eq!(candidates(&home, line), expected, "{line}");
    }
    let verbs_and_accounts = candidates(&home, "ttr ");
    for name in ["play", "doodles", "alice", "@pair"] {
        assert!(verbs_and_accounts.iter().any(|it| it == name), "{name}");
    }
}

#[test]
fn games_conditions_and_interfaces_are_completed() {
    let home = home();
    for (line, expected) in [
        ("accounts add ", &["ttr", "ttcc", "tlopo"][..]),
        ("status ", &["ttr", "ttcc", "tlopo"]),
        ("doctor ", &["ttr", "ttcc", "tlopo"]),
        ("rehearse tt", &["ttr", "ttcc"]),
        (
            "scid play ",
            &["soil", "magic", "reef", "scroll", "laser", "squad"],
        ),
        ("scid links --game s", &["soil", "scroll", "squad"]),
        ("scid play soil --driver a", &["adb"]),
        ("ttr --api ", &["current", "documented"]),
        (
            "ttr districts --until invasion=t",
            &["invasion=thwackville"],
        ),
        (
            "ttcc districts --until=invasion=t",
            &["--until=invasion=teslatundra"],
        ),
        ("tlopo districts --until o", &["online"]),
        ("rehearse ttr districts --until i", &["invasion"]),
        ("ttr --color a", &["auto", "always"]),
        ("completions ", &SHELLS),
    ] {
        assert_eq!(candidates(&home, line), expected, "{line}");
    }
}

#[test]
fn options_are_offered_for_a_dash_or_when_there_is_nothing_else() {
    let home = home();
    assert_eq!(candidates(&home, "ttr --pre-"), [""; 0]);
    assert_eq!(candidates(&home, "ttr --sa"), ["--save"]);
    assert!(candidates(&home, "accounts list ").contains(&"--json".to_owned()));
    assert!(!candidates(&home, "ttr ").contains(&"--json".to_owned()));
}

#[test]
fn files_are_offered_where_a_file_is_taken_and_nowhere_else() {
    let home = home();
    home.write("folder/inside", "");
    home.write("file", "");
    for line in [
        "--config fi",
        "ttr --log fi",
        "ttr --exe=fi",
        "ttr exec -- fi",
        "scid play soil -- x fi",
    ] {
        assert!(candidates(&home, line)[0].ends_with("file"), "{line}");
    }
    let folder = format!("folder{}", std::path::MAIN_SEPARATOR);
    assert_eq!(candidates(&home, "ttr --game-dir f"), [folder.as_str()]);
    assert_eq!(candidates(&home, "man --into f"), [folder.as_str()]);
    for line in [
        "fo",
        "ttr fo",
        "ttr -u fo",
        "ttr --password-command fo",
        "ttr --queue-timeout fo",
        "ttr -- fo",
        "ttr login -- al",
        "completions fo",
        "scid login fo",
    ] {
        assert_eq!(candidates(&home, line), [""; 0], "{line}");
    }
}

#[test]
fn accounts_are_read_from_the_configuration_that_is_named() {
    let home = home();
    home.write("other.toml", account("zoe", "ttr", "zoe", ""));
    assert_eq!(candidates(&home, "--config other.toml ttr login "), ["zoe"]);
    assert_eq!(candidates(&home, "ttr login --config=other.toml "), ["zoe"]);
    let named = asked(&home, "fish", &["play", ""]).env("PLAYCOOKIE_CONFIG", "other.toml");
    assert_eq!(named.run().exits(0).stdout, "zoe\tToontown Rewritten\n");
}

#[test]
fn keys_of_the_configuration_are_completed() {
    let home = home();
    let keys = candidates(&home, "config set ttr.w");
    assert_eq!(keys, ["ttr.wine", "ttr.wrapper"]);
    let keys = candidates(&home, "config get accounts.alice.l");
    assert_eq!(keys, ["accounts.alice.log"]);
    assert_eq!(candidates(&home, "accounts show ali"), ["alice"]);
}

#[test]
fn an_invalid_configuration_leaves_the_verbs() {
    let home = Home::new();
    home.configure("[accounts.alice]\ngame = \"hunter2\"\n");
    let verbs = candidates(&home, "tlopo ");
    assert_eq!(
        verbs,
        [
            "play",
            "login",
            "exec",
            "update",
            "verify",
            "uninstall",
            "path",
            "installs",
            "districts"
        ]
    );
}

#[test]
fn nothing_is_sent_and_nothing_is_written() {
    let server = Scripted::untouched();
    let home = Home::new();
    home.configure(format!("[ttr]\napi = \"{}\"\n", server.root()));
    candidates(&home, "ttr districts --until ");
    candidates(&home, "ttr ");
    server.finish();
    assert_eq!(home.beside_the_configuration(), [""; 0]);
}

#[test]
fn every_shell_gets_an_answer_in_its_own_form() {
    let home = home();
    let login = "login\tLog in and print the game's variables instead of starting it\n";
    for (shell, expected) in [
        ("bash", "login"),
        ("elvish", "login"),
        ("fish", login),
        ("powershell", login),
        ("zsh", login.trim_end().replace('\t', ":").as_str()),
    ] {
        let ended = asked(&home, shell, &["ttr", "lo"]).run().exits(0);
        assert_eq!(ended.stdout, expected, "{shell}");
    }
    let unknown = asked(&home, "nushell", &["ttr", "lo"]).run().exits(1);
    assert_eq!((unknown.stdout, unknown.stderr), Default::default());
}

#[test]
fn the_variable_alone_changes_nothing() {
    let home = home();
    let program = home.program(&["config", "path"]);
    let ended = program.env("PLAYCOOKIE_COMPLETE", "bash").run().exits(0);
    assert!(ended.stdout.ends_with("config.toml\n"), "{ended:#?}");
}

#[test]
fn every_shell_has_a_script_that_asks_the_program() {
    let home = Home::new();
    for shell in SHELLS {
        let ended = home.program(&["completions", shell]).run().exits(0);
        for word in ["PLAYCOOKIE_COMPLETE", "playcookie -- ", shell] {
            assert!(ended.stdout.contains(word), "{shell}: {word}");
        }
        assert_eq!(ended.stderr, "");
    }
}

#[test]
fn an_unknown_shell_is_a_usage_error_that_names_the_known_ones() {
    let ended = Home::new()
        .program(&["completions", "nushell"])
        .run()
        .fails(64, "");
    for shell in SHELLS {
        assert!(ended.stderr.contains(shell), "{shell}");
    }
}

#[cfg(unix)]
mod shells {
    use std::path::Path;

    use super::home;
    use crate::harness::{Home, Program, is_installed};

    /// What is typed before TAB, and what it becomes.
    const COMPLETED: [(&str, &str); 12] = [
        ("ttr al", "ttr alice "),
        ("ttr lo", "ttr login "),
        ("play @s", "play @sea "),
        ("play alice @pa", "play alice @pair "),
        ("ttr --group=p", "ttr --group=pair "),
        ("scid play so", "scid play soil "),
        ("--color=al", "--color=always "),
        (
            "ttr districts --until invasion=th",
            "ttr districts --until invasion=thwackville ",
        ),
        (
            "ttr districts --until=invasion=th",
            "ttr districts --until=invasion=thwackville ",
        ),
        ("ttr --log a\\ fi", "ttr --log a\\ file "),
        ("ttr --game-dir ~/fol", "ttr --game-dir ~/folder/"),
        ("ttr exec -- fol", "ttr exec -- folder/"),
    ];
    const PROMPT: &str = "ready> ";

    /// Returns a script of the POSIX shell in a home, with the program in its PATH.
    fn script(home: &Home, script: &str) -> Program {
        let program = Path::new(env!("CARGO_BIN_EXE_playcookie"));
        let mut folders = vec![program.parent().expect("a folder").to_owned()];
        folders.extend(std::env::split_paths(
            &std::env::var_os("PATH").unwrap_or_default(),
        ));
        let path = std::env::join_paths(folders).expect("a PATH");
        home.write("a file", "");
        home.write("folder/inside", "");
        home.program(&[])
            .env("PATH", path)
            .env("TERM", "dumb")
            .env("PS1", PROMPT)
            .through_a_shell(script)
    }

    /// Types each line and TAB in an interactive shell, after a line that registers the completion.
    fn assert_completed(start: &str, register: &str) {
        let home = home();
        let mut pty = script(&home, start).on_a_terminal();
        pty.expect(PROMPT);
        pty.line(register);
        for (typed, completed) in COMPLETED {
            pty.expect(PROMPT);
            pty.keys(format!("playcookie {typed}").as_bytes());
            pty.expect(typed.rsplit(' ').next().expect("a word"));
            pty.keys(b"\t");
            let common = completed
                .bytes()
                .zip(typed.bytes())
                .take_while(|(one, other)| one == other)
                .count();
            pty.expect(&completed[common..]);
            // Ctrl-U empties the line.
            pty.keys(b"\x15\r");
        }
    }

    #[test]
    fn bash_completes_what_is_typed() {
        if is_installed("bash") {
            assert_completed(
                "exec bash --norc --noprofile -i",
                "source <(playcookie completions bash)",
            );
        }
    }

    #[test]
    fn zsh_completes_what_is_typed_when_the_script_is_sourced_and_when_it_is_in_a_folder_of_functions()
     {
        if is_installed("zsh") {
            assert_completed(
                "exec zsh -f -i",
                "autoload -U compinit; compinit -D -u; source <(playcookie completions zsh)",
            );
            assert_completed(
                "mkdir functions; playcookie completions zsh >functions/_playcookie; exec zsh -f -i",
                "fpath=(~/functions $fpath); autoload -U compinit; compinit -D -u",
            );
        }
    }

    #[test]
    fn fish_completes_what_is_typed() {
        if !is_installed("fish") {
            return;
        }
        let home = home();
        for (typed, completed) in COMPLETED {
            let complete = "playcookie completions fish | source; complete -C $argv[1]";
            let fish = format!("exec fish --no-config -c '{complete}' \"$1\"");
            let run = script(&home, &format!("set -- \"$TYPED\"; {fish}"));
            let ended = run.env("TYPED", format!("playcookie {typed}")).run();
            let ended = ended.exits(0);
            let word = completed.trim_end().rsplit(' ').next().expect("a word");
            let found: Vec<_> = ended
                .stdout
                .lines()
                .map(|line| line.split('\t').next().unwrap_or_default())
                .collect();
            assert!(
                matches!(found[..], [one] if one.ends_with(word)),
                "{typed}: {ended:#?}"
            );
        }
    }

    #[test]
    fn elvish_gets_the_candidates_for_what_is_typed() {
        if !is_installed("elvish") {
            return;
        }
        let home = home();
        let mut pty = script(&home, "exec elvish -norc").on_a_terminal();
        pty.line("eval (playcookie completions elvish | slurp); echo read''y");
        pty.expect("ready");
        // Paths are for the shell to expand.
        let words = COMPLETED.iter().filter(|(it, _)| !it.contains(['~', '\\']));
        for (typed, completed) in words {
            let completer = "$edit:completion:arg-completer[playcookie]";
            let quoted = typed.replace(' ', "' '");
            pty.line(&format!("echo is' '({completer} playcookie '{quoted}')."));
            let word = completed.trim_end().rsplit(' ').next().expect("a word");
            pty.expect(&format!("is {word}."));
        }
        pty.line("exit");
        pty.wait().exits(0);
    }

    #[test]
    fn shells_accept_their_completion_scripts() {
        let home = Home::new();
        for shell in ["bash", "fish", "zsh"] {
            if is_installed(shell) {
                let check = "playcookie completions $SHELL >completion; exec $SHELL -n completion";
                let ended = script(&home, check).env("SHELL", shell).run().exits(0);
                assert_eq!(ended.stderr, "", "{shell}");
            }
        }
    }
}
