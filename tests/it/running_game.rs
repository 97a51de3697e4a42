//! Signals during a running game.

use rustix::process::Signal;

use crate::harness::{CTRL_C, Engine, Home, Program, Reaction, Scripted, SendSignal, wait_until};

fn server() -> Scripted {
    let ticket = r#"{"success":"true","gameserver":"127.0.0.1","cookie":"c00kie"}"#;
    Scripted::new([Reaction::json(ticket)])
}

fn play(home: &Home, server: &Scripted, engine: &Engine) -> Program {
    let play = home.program(&["ttr", "play", "-u", "alice", "--no-update"]);
    play.args(["--api", &server.root(), "--exe", engine.exe()])
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
}

/// Creates a game that runs `first` and then waits for a file `quit`.
fn running(home: &Home, first: &str) -> Engine {
    let folder = home.path().display();
    // The count ends the game if the test fails.
    let script = format!(
        "{first}\n: >'{folder}/ready'\ni=0\nwhile [ $i -lt 2400 ] && ! [ -e '{folder}/quit' ]; do\n\
         sleep 0.05; i=$((i + 1)); done\nexit 3"
    );
    Engine::with_script(home, "engine", &script)
}

fn wait_until_ready(home: &Home) {
    wait_until("a running game", || home.path().join("ready").exists());
}

#[test]
fn a_signal_is_passed_on_and_the_status_is_the_games() {
    for (first, signal, status) in [
        ("trap 'exit 7' TERM", Signal::TERM, 7),
        ("trap 'exit 7' HUP", Signal::HUP, 7),
        ("", Signal::TERM, 143),
        ("", Signal::HUP, 129),
    ] {
        let (home, server) = (Home::new(), server());
        let engine = running(&home, first);
        let started = play(&home, &server, &engine).start();
        wait_until_ready(&home);
        started.signal(signal);
        started.wait().exits(status);
    }
}

#[test]
fn a_signal_that_the_game_ignores_ends_neither() {
    for signal in [Signal::TERM, Signal::HUP] {
        let (home, server) = (Home::new(), server());
        let engine = running(&home, "trap : TERM HUP");
        let started = play(&home, &server, &engine).start();
        wait_until_ready(&home);
        started.signal(signal);
        home.write("quit", "");
        started.wait().exits(3);
    }
}

#[test]
fn sigint_to_the_launcher_alone_is_not_passed_on() {
    let (home, server) = (Home::new(), server());
    let engine = running(&home, "trap 'exit 5' INT");
    let started = play(&home, &server, &engine).start();
    wait_until_ready(&home);
    started.signal(Signal::INT);
    home.write("quit", "");
    started.wait().exits(3);
}

#[test]
fn ctrl_c_is_handled_by_the_game_and_the_launcher_waits() {
    let (home, server) = (Home::new(), server());
    let engine = running(&home, "trap 'exit 5' INT");
    let mut pty = play(&home, &server, &engine).on_a_terminal();
    wait_until_ready(&home);
    pty.keys(&[CTRL_C]);
    let ended = pty.wait().exits(5);
    assert!(ended.stderr.contains("ended with status 5"), "{ended:#?}");
}

#[test]
fn a_game_that_dies_of_ctrl_c_ends_with_130() {
    let (home, server) = (Home::new(), server());
    let engine = running(&home, "");
    let mut pty = play(&home, &server, &engine).on_a_terminal();
    wait_until_ready(&home);
    pty.keys(&[CTRL_C]);
    pty.wait().exits(130);
}

#[test]
fn a_game_that_ignores_ctrl_c_continues_with_the_launcher() {
    let (home, server) = (Home::new(), server());
    let engine = running(&home, "trap '' INT");
    let mut pty = play(&home, &server, &engine).on_a_terminal();
    wait_until_ready(&home);
    for _ in 0..2 {
        pty.keys(&[CTRL_C]);
        // The terminal echoes the key after it has sent the signal.
        pty.expect("^C");
    }
    home.write("quit", "");
    pty.wait().exits(3);
}

#[test]
fn a_command_of_exec_gets_signals_like_a_game() {
    let (home, server) = (Home::new(), server());
    let engine = running(&home, "trap 'exit 7' TERM");
    let exec = home.program(&["ttr", "exec", "-u", "alice", "--api", &server.root()]);
    let exec = exec.env("PLAYCOOKIE_PASSWORD", "hunter2-pw");
    let started = exec.args(["--", "sh", engine.exe()]).start();
    wait_until_ready(&home);
    started.signal(Signal::TERM);
    started.wait().exits(7);
}

#[cfg(target_os = "linux")]
#[test]
fn a_game_inherits_no_signal_ignored_or_blocked() {
    let (home, server) = (Home::new(), server());
    let status = home.path().join("status");
    let copies = format!("exec cat /proc/self/status >'{}'", status.display());
    let engine = Engine::with_script(&home, "engine", &copies);
    play(&home, &server, &engine).run().exits(0);
    let status = std::fs::read_to_string(status).expect("the game's status");
    for mask in ["SigIgn:", "SigBlk:"] {
        let bits = status.lines().find_map(|line| line.strip_prefix(mask));
        let bits = u64::from_str_radix(bits.expect("a mask").trim(), 16).expect("a mask");
        // The C library reserves two signals above these.
        assert_eq!(bits & 0x7fff_ffff, 0, "{mask} {status}");
    }
}
