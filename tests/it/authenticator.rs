//! Codes at the stand-in server, which accepts those of its published two-factor secret.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use playcookie::base::clock;
use playcookie::base::secret::Secret;
use playcookie::stand_in::{CODE_SECRET, Scenario};
use playcookie::totp::Totp;

use crate::harness::{Home, InteractiveRun, StandInServer};

const TWO_FACTOR: Scenario = Scenario {
    two_factor: true,
    ..Scenario::PLAIN
};

/// Returns the current code of a secret.
fn current_code(secret: &str) -> String {
    let totp = Totp::parse(&Secret::new(secret)).expect("a code secret");
    let step = clock::since_epoch().as_secs() / totp.period();
    totp.code(step).reveal().to_owned()
}

#[test]
fn a_code_of_the_published_secret_is_accepted_once() {
    for game in ["ttr", "tlopo"] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let code = current_code(CODE_SECRET);
        let login = || {
            home.game(game, "login", &server.root(), &["--json", "--code", &code])
                .run()
        };
        let ended = login().exits(0);
        assert_eq!(ended.event_names(), ["login", "question", "ready"]);
        let ended = login().fails(77, "code").hides(&[&code]);
        assert_eq!(ended.error_event()["reason"], "code");
    }
}

#[test]
fn another_player_and_another_game_may_use_the_same_code() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    let code = current_code(CODE_SECRET);
    for (game, username) in [("ttr", "alice"), ("ttr", "bob"), ("tlopo", "alice")] {
        let root = server.root();
        let arguments = [
            game, "login", "--api", &root, "-u", username, "--code", &code,
        ];
        home.program(&arguments)
            .env("PLAYCOOKIE_PASSWORD", "pw")
            .run()
            .exits(0);
    }
}

#[test]
fn a_two_factor_server_puts_its_secret_into_its_event() {
    let home = Home::new();
    let serve = |more: &[&str]| {
        let arguments = [&["rehearse", "--serve", "--json"], more].concat();
        let serving = InteractiveRun::start(home.program(&arguments));
        (serving.event("serving"), serving)
    };
    let (event, _serving) = serve(&["--two-factor"]);
    let api = event["api"].as_str().expect("a root");
    let secret = event["code_secret"].as_str().expect("a code secret");
    home.ttr("login", api, &["--code", &current_code(secret)])
        .run()
        .exits(0);

    let (event, _serving) = serve(&[]);
    assert_eq!(event.get("code_secret"), None, "{event}");
}

#[test]
fn a_two_factor_server_prints_its_secret_on_standard_error() {
    let home = Home::new();
    let output = |more: &[&str]| {
        let arguments = [&["rehearse", "--serve"], more].concat();
        let mut command = home.program(&arguments).into_command();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut serving = command.spawn().expect("the program starts");
        let mut output = BufReader::new(serving.stdout.take().expect("its output"));
        let mut line = String::new();
        output.read_line(&mut line).expect("UTF-8");
        let root = line.trim_end().strip_prefix("--api ");
        // The server answers after it has printed everything. The result is checked after the server was stopped.
        let more = ["--code", &current_code(CODE_SECRET)];
        let ended = home.ttr("login", root.unwrap_or_default(), &more).run();
        serving.kill().expect("it runs");
        serving.wait().expect("its end");
        ended.exits(0);
        let (mut rest, mut errors) = (String::new(), String::new());
        output.read_to_string(&mut rest).expect("UTF-8");
        let mut stream = serving.stderr.take().expect("its errors");
        stream.read_to_string(&mut errors).expect("UTF-8");
        assert_eq!(rest, "");
        let is_request = |line: &&str| line.starts_with("POST ");
        errors
            .lines()
            .filter(|line| !is_request(line))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let line = output(&["--two-factor"]);
    assert!(
        line.starts_with(&format!("two-factor secret: {CODE_SECRET} "))
            && line.lines().count() == 1,
        "{line}"
    );
    assert_eq!(output(&[]), "");
    assert_eq!(output(&["--two-factor", "--quiet"]), "");
}
