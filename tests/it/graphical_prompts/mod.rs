//! Questions where there is no terminal: programs on the `PATH` stand for those of the desktop.

#[cfg(not(target_os = "macos"))]
mod answers;
mod askpass;
#[cfg(not(target_os = "macos"))]
mod choice;
#[cfg(not(target_os = "macos"))]
mod errors;
#[cfg(target_os = "linux")]
mod real_programs;
mod signals;

use std::path::PathBuf;

use playcookie::stand_in::Scenario;

use crate::harness::{Home, Program, StandInServer};

const TWO_FACTOR: Scenario = Scenario {
    two_factor: true,
    ..Scenario::PLAIN
};
/// The password that the programs answer with.
const PASSWORD: &str = "hunter2 %pw";
/// Answers like a player, by what the window says. The stand-in's message contains the code.
const ANSWER: &str = r#"text="$*"
case "$text" in
*"code is "*) text=${text##*code is }; echo "${text%%.*}";;
*Password*) echo 'hunter2 %pw';;
*Username*) echo alice;;
esac"#;
/// The same in the words of pinentry, which records the lines that it reads.
const PINENTRY: &str = r#"echo "OK Pleased to meet you"
while read -r word rest; do
    echo "$word $rest" >>"$HOME/lines"
    case "$word" in
    SETDESC) text=$rest; echo OK;;
    SETPROMPT) text="$text $rest"; echo OK;;
    OPTION) echo "ERR 83886254 Unknown option <Pinentry>";;
    GETPIN) echo "S PASSWORD_FROM_CACHE"; case "$text" in
        *"code is "*) text=${text##*code is }; echo "D ${text%%.*}";;
        *Password*) echo "D hunter2 "; echo "D %25pw";;
        *) echo "D alice";;
        esac; echo OK;;
    BYE) echo "OK closing connection"; exit;;
    *) echo OK;;
    esac
done"#;

/// Writes a program that records its arguments and its secret variables, and then runs a script.
fn fake(home: &Home, name: &str, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let record = r#"record=$(printf '%s|' "${0##*/}" "$@" "${PLAYCOOKIE_PASSWORD-}${PLAYCOOKIE_CODE-}")
printf '%s\n--\n' "$record" >>"$HOME/asked""#;
    let text = format!("#!/bin/sh\n{record}\n{script}\n");
    let path = home.write(&format!("bin/{name}"), text);
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&path, mode).expect("a mode");
    path
}

/// Returns the program without a terminal, with a display, and with the programs of [`fake`] only.
fn without_a_terminal(home: &Home, arguments: &[&str]) -> Program {
    let program = home.program(arguments);
    let bin = home.path().join("bin");
    program.env("PATH", bin).env("DISPLAY", ":not-there")
}

/// Returns `ttr login` that has to ask for everything.
fn login(home: &Home, server: &StandInServer) -> Program {
    without_a_terminal(home, &["ttr", "login", "--api", &server.root()])
}

/// Returns the name and the arguments of each program that was run.
fn asked(home: &Home) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(home.path().join("asked")).unwrap_or_default();
    let runs = text.split_terminator("\n--\n");
    let words = |run: &str| {
        let words = run.split('|').map(ToOwned::to_owned);
        let mut words: Vec<String> = words.collect();
        let secrets = words.split_off(words.len() - 2);
        assert_eq!(secrets, ["", ""], "secret variables");
        words
    };
    runs.map(words).collect()
}

/// Returns the names of the programs that were run.
fn asked_programs(home: &Home) -> Vec<String> {
    asked(home).iter().map(|words| words[0].clone()).collect()
}

/// Asserts that a login with username, password and code was sent, and that no secret was an argument.
#[track_caller]
fn assert_logged_in(home: &Home, server: &StandInServer) {
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        requests[0].exact_fields(["username", "password"]),
        Some(["alice", PASSWORD])
    );
    assert!(!asked(home).concat().concat().contains("hunter2"));
}
