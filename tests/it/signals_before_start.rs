//! Signals before a game runs: in the queue, during a wait for the server, during a request and during a command.

use rustix::process::{Pid, Signal, test_kill_process};

use crate::harness::{CTRL_C, Home, Program, Reaction, Scripted, SendSignal, wait_until};

const DELAYED: &str = r#"{"success":"delayed","eta":"60","position":"15","queueToken":"q1"}"#;

/// Starts a server that puts a login into the queue and then answers with a long `Retry-After`.
fn long_queue() -> Scripted {
    Scripted::new([Reaction::json(DELAYED), busy()])
}

fn busy() -> Reaction {
    Reaction::with_headers(429, &[("Retry-After", "100")], "")
}

/// Returns a login that waits in the queue after its second request.
fn login(home: &Home, server: &Scripted) -> Program {
    let login = home.program(&["ttr", "login", "-u", "alice", "--api", &server.root()]);
    login.env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
}

#[test]
fn each_signal_ends_the_queue_at_once_and_nothing_more_is_sent() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let (home, server) = (Home::new(), long_queue());
        let started = login(&home, &server).start();
        server.wait_for(2);
        started.signal(signal);
        let ended = started.wait().dies_of(signal);
        assert_eq!(ended.stdout, "");
        assert!(!ended.stderr.contains("error:"), "{ended:#?}");
        assert_eq!(server.finish().len(), 2);
    }
}

#[test]
fn each_signal_ends_a_request_to_a_silent_server() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let (home, server) = (Home::new(), Scripted::new([Reaction::Silence(Vec::new())]));
        let started = login(&home, &server).start();
        server.wait_for(1);
        started.signal(signal);
        started.wait().dies_of(signal);
    }
}

#[test]
fn a_signal_ends_a_wait_for_the_server() {
    let (home, server) = (Home::new(), Scripted::new([busy()]));
    let started = login(&home, &server).args(["--wait-for-server"]).start();
    server.wait_for(1);
    started.signal(Signal::INT);
    started.wait().dies_of(Signal::INT);
}

#[test]
fn a_shell_gets_128_plus_the_number_of_the_signal() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let (home, server) = (Home::new(), long_queue());
        let script =
            r#"sh -c 'echo $$ >pid.new; mv pid.new pid; exec "$@"' sh "$@"; echo "status $?""#;
        let started = login(&home, &server).through_a_shell(script).start();
        server.wait_for(2);
        pid_in(&home, "pid").signal(signal);
        let ended = started.wait().exits(0);
        assert_eq!(ended.stdout, format!("status {}\n", 128 + signal.as_raw()));
    }
}

#[test]
fn ctrl_c_in_the_queue_stops_a_surrounding_shell_loop() {
    let (home, server) = (Home::new(), long_queue());
    // The shell continues its loop after a command that exits with 130, but not after one killed by the signal.
    let script = r#"exec bash -c 'for i in 1 2 3; do "$@"; done' bash "$@""#;
    let mut pty = login(&home, &server)
        .through_a_shell(script)
        .on_a_terminal();
    server.wait_for(2);
    pty.expect("in queue");
    pty.keys(&[CTRL_C]);
    pty.wait().dies_of(Signal::INT);
    assert_eq!(server.finish().len(), 2);
}

#[test]
fn ctrl_c_in_the_queue_restores_the_terminal() {
    let (home, server) = (Home::new(), long_queue());
    let mut run = login(&home, &server).under_a_shell();
    server.wait_for(2);
    run.pty.expect("in queue");
    run.pty.keys(&[CTRL_C]);
    let (status, pty) = run.wait();
    assert_eq!(status, 130);
    assert!(pty.is_restored());
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_from_the_start_stays_ignored() {
    let ignoring = [
        (r#"trap "" INT; exec "$@""#, Signal::INT),
        (r#"trap "" TERM; exec "$@""#, Signal::TERM),
        (r#"exec nohup "$@""#, Signal::HUP),
    ];
    for (script, signal) in ignoring {
        let ticket = r#"{"success":"true","gameserver":"127.0.0.1","cookie":"c00kie"}"#;
        let (answer, release) = Reaction::json(ticket).held();
        let (home, server) = (Home::new(), Scripted::new([answer]));
        let started = login(&home, &server).through_a_shell(script).start();
        server.wait_for(1);
        let status = std::fs::read_to_string(format!("/proc/{}/status", started.pid()));
        let status = status.expect("its status");
        assert!(is_in("SigIgn:", signal, &status), "{signal:?}: {status}");
        started.signal(signal);
        drop(release);
        started.wait().exits(0);
    }
}

/// Returns whether a signal mask in a process' status contains a signal.
#[cfg(target_os = "linux")]
fn is_in(mask: &str, signal: Signal, status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix(mask));
    let mask = u64::from_str_radix(mask.expect("a mask").trim(), 16).expect("a mask");
    mask & (1 << (signal.as_raw() - 1)) != 0
}

#[test]
fn a_hanging_password_command_ends_with_the_program() {
    for option in ["--password-command", "--code-command"] {
        let partial = r#"{"success":"partial","banner":"Code?","responseToken":"t1"}"#;
        let is_code = option == "--code-command";
        let (home, server) = (
            Home::new(),
            Scripted::new(is_code.then(|| Reaction::json(partial))),
        );
        let login = home.program(&["ttr", "login", "-u", "alice", "--api", &server.root()]);
        let login = if is_code {
            login.env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        } else {
            login
        };
        let hangs = "echo $$ >pid.new; mv pid.new pid; exec sleep 600";
        let started = login.args([option, hangs]).start();
        let command = pid_in(&home, "pid");
        started.signal(Signal::INT);
        started.wait().dies_of(Signal::INT);
        wait_until("the end of the command", || !command.runs());
    }
}

#[test]
fn ctrl_c_ends_a_hanging_password_command_and_the_program() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let hangs = "echo $$ >pid.new; mv pid.new pid; sleep 600; true";
    let login = home.program(&["ttr", "login", "-u", "alice", "--api", &server.root()]);
    let mut pty = login.args(["--password-command", hangs]).on_a_terminal();
    let command = pid_in(&home, "pid");
    pty.keys(&[CTRL_C]);
    pty.wait().dies_of(Signal::INT);
    wait_until("the end of the command", || !command.runs());
}

/// A process that wrote its id to a file.
struct Process(u32);

impl Process {
    fn runs(&self) -> bool {
        let pid = i32::try_from(self.0).ok().and_then(Pid::from_raw);
        test_kill_process(pid.expect("a process id")).is_ok()
    }
}

impl SendSignal for Process {
    fn pid(&self) -> u32 {
        self.0
    }
}

/// Waits for the process that writes its id to a file of the home.
fn pid_in(home: &Home, name: &str) -> Process {
    let path = home.path().join(name);
    wait_until("a process id", || path.exists());
    let pid = std::fs::read_to_string(path).expect("a process id");
    Process(pid.trim().parse().expect("a process id"))
}
