//! Prompts on a terminal that are not answered.

use playcookie::stand_in::Scenario;
use rustix::process::Signal;

use crate::harness::{CTRL_C, CTRL_D, Home, Prompt, SendSignal, StandInServer};

const TWO_FACTOR: Scenario = Scenario {
    two_factor: true,
    ..Scenario::PLAIN
};

#[test]
fn ctrl_d_at_a_prompt_is_no_answer() {
    for prompt in Prompt::ALL {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let mut pty = prompt.login(&home, &server.root()).on_a_terminal();
        prompt.wait(&mut pty);
        pty.keys(&[CTRL_D]);
        let ended = pty.wait().exits(66);
        assert_eq!(ended.stderr.matches(prompt.text()).count(), 1, "{ended:#?}");
        assert_eq!(server.requests().len(), prompt.requests());
    }
}

#[test]
fn after_an_empty_answer_the_prompt_is_repeated_a_few_times() {
    for prompt in Prompt::ALL {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let mut pty = prompt.login(&home, &server.root()).on_a_terminal();
        for _ in 0..3 {
            prompt.wait(&mut pty);
            pty.line("");
        }
        pty.wait().exits(66);
        assert_eq!(server.requests().len(), prompt.requests());
    }
}

#[test]
fn a_repeated_prompt_accepts_an_answer() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let mut pty = Prompt::Username
        .login(&home, &server.root())
        .on_a_terminal();
    for (prompt, answer) in [
        (Prompt::Username, "alice"),
        (Prompt::Password, "hunter2-pw"),
    ] {
        prompt.wait(&mut pty);
        pty.line("");
        prompt.wait(&mut pty);
        pty.line(answer);
    }
    pty.wait().exits(0);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn closing_the_terminal_at_a_prompt_ends_the_program() {
    use std::os::unix::process::ExitStatusExt;
    for prompt in Prompt::ALL {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let mut pty = prompt.login(&home, &server.root()).on_a_terminal();
        prompt.wait(&mut pty);
        pty.close();
        let status = pty.wait().status;
        // End of input and signal arrive at the same time.
        assert!(
            status.code() == Some(66) || status.signal() == Some(Signal::HUP.as_raw()),
            "{prompt:?}: {status}"
        );
        assert_eq!(server.requests().len(), prompt.requests());
    }
}

#[test]
fn closing_the_terminal_is_no_answer_when_sighup_is_ignored() {
    for prompt in Prompt::ALL {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let login = prompt.login(&home, &server.root());
        let ignoring = login.through_a_shell(r#"trap "" HUP; exec "$@""#);
        let mut pty = ignoring.on_a_terminal();
        prompt.wait(&mut pty);
        pty.close();
        pty.wait().exits(66);
        assert_eq!(server.requests().len(), prompt.requests());
    }
}

/// The signals that end a program that does not handle them.
const ENDING: [Signal; 7] = [
    Signal::TERM,
    Signal::HUP,
    Signal::INT,
    Signal::QUIT,
    Signal::ALARM,
    Signal::USR1,
    Signal::XCPU,
];

#[test]
fn a_signal_at_a_prompt_restores_the_terminal() {
    for prompt in Prompt::ALL {
        for signal in ENDING {
            let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
            let mut run = prompt.login(&home, &server.root()).under_a_shell();
            prompt.wait(&mut run.pty);
            run.signal(signal);
            let (status, pty) = run.wait();
            assert_eq!(status, 128 + signal.as_raw(), "{prompt:?}");
            assert!(pty.is_restored(), "{prompt:?} {signal:?}");
        }
    }
}

#[test]
fn sigterm_at_a_hidden_prompt_ends_the_program_by_the_signal() {
    for prompt in Prompt::HIDDEN {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let mut pty = prompt.login(&home, &server.root()).on_a_terminal();
        prompt.wait(&mut pty);
        pty.signal(Signal::TERM);
        pty.wait().dies_of(Signal::TERM);
        assert_eq!(server.requests().len(), prompt.requests());
    }
}

#[test]
fn ctrl_d_at_a_prompt_restores_the_terminal() {
    for prompt in Prompt::ALL {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let mut run = prompt.login(&home, &server.root()).under_a_shell();
        prompt.wait(&mut run.pty);
        run.pty.keys(&[CTRL_D]);
        let (status, pty) = run.wait();
        assert_eq!(status, 66, "{prompt:?}");
        assert!(pty.is_restored(), "{prompt:?}");
    }
}

#[test]
fn ctrl_c_at_a_prompt_ends_the_program_by_the_signal() {
    // More than once: the key ends the reading and raises the signal at the same moment.
    for prompt in [Prompt::ALL; 4].concat() {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let mut pty = prompt.login(&home, &server.root()).on_a_terminal();
        prompt.wait(&mut pty);
        pty.keys(&[CTRL_C]);
        let ended = pty.wait().dies_of(Signal::INT);
        assert!(!ended.stderr.contains("error:"), "{ended:#?}");
        assert_eq!(server.requests().len(), prompt.requests());
    }
}

#[test]
fn ctrl_c_at_a_prompt_restores_the_terminal() {
    // More than once: the key ends the reading and raises the signal at the same moment.
    for prompt in [Prompt::ALL; 4].concat() {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let mut run = prompt.login(&home, &server.root()).under_a_shell();
        prompt.wait(&mut run.pty);
        run.pty.keys(&[CTRL_C]);
        let (status, pty) = run.wait();
        assert_eq!(status, 130, "{prompt:?}");
        assert!(pty.is_restored(), "{prompt:?}");
    }
}

#[test]
fn the_error_after_a_prompt_starts_a_new_line() {
    for prompt in Prompt::ALL {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let mut pty = prompt.login(&home, &server.root()).on_a_terminal();
        prompt.wait(&mut pty);
        pty.keys(&[CTRL_D]);
        pty.wait().fails(66, "");
    }
}
