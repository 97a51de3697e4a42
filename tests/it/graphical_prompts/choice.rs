//! Who is asked.

use crate::harness::{Home, Program, Prompt, StandInServer};

use super::{
    ANSWER, PASSWORD, PINENTRY, TWO_FACTOR, asked_programs, assert_logged_in, fake, login,
};

/// Returns a home with every program, and a login there.
fn login_with_all(server: &StandInServer) -> (Home, Program) {
    let home = Home::new();
    fake(&home, "pinentry", PINENTRY);
    for program in ["kdialog", "zenity", "ssh-ask"] {
        fake(&home, program, ANSWER);
    }
    let login = login(&home, server).env("SSH_ASKPASS", home.path().join("bin/ssh-ask"));
    (home, login)
}

#[test]
fn secrets_are_asked_for_by_pinentry_and_names_where_they_are_seen() {
    let server = StandInServer::new(TWO_FACTOR);
    let (home, login) = login_with_all(&server);
    login.run().exits(0);
    assert_eq!(asked_programs(&home), ["kdialog", "pinentry", "pinentry"]);
}

#[test]
fn in_game_mode_kdialog_asks() {
    for desktop in ["gamescope", "KDE:gamescope"] {
        let server = StandInServer::new(TWO_FACTOR);
        let (home, login) = login_with_all(&server);
        login.env("XDG_CURRENT_DESKTOP", desktop).run().exits(0);
        assert_eq!(asked_programs(&home), ["kdialog"; 3]);
    }
}

#[test]
fn each_program_is_asked_where_those_before_it_are_missing() {
    let programs = ["pinentry", "kdialog", "zenity", "ssh-ask"];
    for (index, expected) in programs.into_iter().enumerate() {
        let server = StandInServer::new(TWO_FACTOR);
        let (home, login) = login_with_all(&server);
        for missing in &programs[..index] {
            std::fs::remove_file(home.path().join("bin").join(missing)).expect("it was there");
        }
        let display = ["DISPLAY", "WAYLAND_DISPLAY"][index % 2];
        let login = login.env("DISPLAY", "").env(display, "0");
        login.args(["-u", "alice"]).run().exits(0);
        assert_eq!(asked_programs(&home), [expected; 2]);
        assert_logged_in(&home, &server);
    }
}

#[test]
fn nobody_is_asked_without_a_display_or_with_no_input() {
    for (option, display) in [
        (&[][..], ""),
        (&["--no-input"], ":0"),
        (&["--no-input", "--prompt", "gui"], ":0"),
        (&["--no-input", "--prompt", "ssh-ask"], ":0"),
        (&["--prompt", "terminal"], ":0"),
    ] {
        let server = StandInServer::new(TWO_FACTOR);
        let (home, login) = login_with_all(&server);
        let login = login.env("DISPLAY", display).args(option);
        login.run().fails(66, "nobody can be asked");
        assert_eq!(asked_programs(&home), [""; 0]);
    }
}

#[test]
fn a_script_in_a_terminal_opens_no_window() {
    for script in [r#""$@" </dev/null"#, r#"echo | "$@""#] {
        let server = StandInServer::new(TWO_FACTOR);
        let (home, login) = login_with_all(&server);
        let pty = login.through_a_shell(script).on_a_terminal();
        pty.wait().fails(66, "nobody can be asked");
        assert_eq!(asked_programs(&home), [""; 0]);
    }
}

#[test]
fn the_terminal_is_asked_before_windows_unless_they_are_chosen() {
    let server = StandInServer::new(TWO_FACTOR);
    let (home, login) = login_with_all(&server);
    let mut pty = login.on_a_terminal();
    Prompt::Username.wait(&mut pty);
    drop(pty);
    assert_eq!(asked_programs(&home), [""; 0]);
    let (home, login) = login_with_all(&server);
    let pty = login.args(["--prompt", "gui"]).on_a_terminal();
    pty.wait().exits(0).hides(&[PASSWORD]);
    assert_eq!(asked_programs(&home), ["kdialog", "pinentry", "pinentry"]);
}

#[test]
fn a_pipe_is_still_read() {
    let server = StandInServer::new(TWO_FACTOR);
    let (home, login) = login_with_all(&server);
    let login = login.args(["-u", "alice", "--password-stdin"]);
    let ended = login.stdin(format!("{PASSWORD}\n")).run();
    ended.fails(66, "nobody can be asked");
    assert_eq!(asked_programs(&home), [""; 0]);
    assert_eq!(server.requests().len(), 1);
}
