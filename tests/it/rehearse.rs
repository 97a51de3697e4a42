//! `rehearse`: a login and a game without an account, an installed game or a network.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

use serde_json::Value;

use crate::harness::{Home, InteractiveRun, Program};

/// Returns `rehearse ttr` with a username and a password.
fn rehearse(home: &Home, more: &[&str]) -> Program {
    home.program(
        &[
            &["rehearse", "ttr", "-u", "alice", "--password-stdin"],
            more,
        ]
        .concat(),
    )
    .stdin("anything\n")
}

/// Returns the code in the text of a question.
fn code(question: &Value) -> String {
    let text = question["text"].as_str().expect("a text").to_owned();
    let (_, code) = text.split_once("code is ").expect("a code");
    code.chars().take_while(char::is_ascii_digit).collect()
}

#[track_caller]
fn assert_no_files(home: &Home) {
    let left: Vec<_> = fs::read_dir(home.path()).expect("a home").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn by_default_a_rehearsal_has_a_code_and_a_queue() {
    let home = Home::new();
    let mut run = InteractiveRun::start(rehearse(&home, &["--json"]));
    run.answer("anything");
    let question = run.event("question");
    assert_eq!(question["kind"], "code");
    run.answer(&code(&question));
    assert_eq!(run.event("queued")["position"], 3);
    assert_eq!(run.event("ready")["username"], "alice");
    run.event("started");
    assert_eq!(run.event("exited")["status"], 0);
    assert_eq!(run.ended().code(), Some(0));
    assert_no_files(&home);
}

#[test]
fn a_wrong_code_is_asked_for_again() {
    let home = Home::new();
    let mut run = InteractiveRun::start(rehearse(&home, &["--json", "--two-factor"]));
    run.answer("anything");
    run.event("question");
    run.answer("not a code");
    let question = run.event("question");
    assert!(
        question["text"]
            .as_str()
            .is_some_and(|text| text.contains("wrong")),
        "{question}"
    );
    run.answer(&code(&question));
    assert_eq!(run.event("exited")["status"], 0);
    assert_eq!(run.ended().code(), Some(0));
}

#[test]
fn a_missing_code_fails_as_at_a_real_server() {
    rehearse(&Home::new(), &[]).run().fails(66, "code");
    rehearse(&Home::new(), &["--code", "not a code"])
        .run()
        .fails(77, "code");
}

#[test]
fn the_queue_has_the_requested_length() {
    let ended = rehearse(&Home::new(), &["--json", "--queue", "2"])
        .run()
        .exits(0);
    assert_eq!(
        ended.event_names(),
        ["login", "queued", "queued", "ready", "started", "exited"]
    );
    let positions: Vec<_> = ended.events()[1..3]
        .iter()
        .map(|event| event["position"].clone())
        .collect();
    assert_eq!(positions, [2, 1]);
}

#[test]
fn the_stand_in_game_prints_its_variables_without_the_cookie() {
    let home = Home::new();
    let ended = rehearse(&home, &["--queue", "0", "--", "-x", "two words"])
        .run()
        .exits(0);
    for line in [
        "TTR_GAMESERVER=127.0.0.1:",
        "TTR_PLAYCOOKIE=••• (32 characters)",
        "argument -x",
        "argument two words",
        "accepted the play cookie of alice.",
    ] {
        assert!(ended.stdout.contains(line), "{line}: {ended:#?}");
    }
    assert!(
        ended.stderr.contains("so don't type real ones"),
        "{ended:#?}"
    );
    assert_no_files(&home);
}

#[test]
fn a_refusal_can_be_rehearsed() {
    let home = Home::new();
    let ended = rehearse(&home, &["--json", "--refuse"])
        .run()
        .fails(77, "alice");
    assert_eq!(ended.event_names(), ["login", "error"]);
    assert_eq!(ended.error_event()["reason"], "credentials");
    assert_no_files(&home);
}

#[test]
fn each_reason_of_a_refusal_can_be_rehearsed() {
    for (refusal, status, reason) in [
        ("--refuse=password", 77, "credentials"),
        ("--refuse=banned", 77, "account"),
        ("--refuse=closed", 69, "closed"),
        ("--refuse=busy", 75, "try-later"),
    ] {
        for game in ["ttr", "tlopo"] {
            let home = Home::new();
            let program = home.program(&["rehearse", game, "--json", refusal]);
            let ended = program.run().exits(status);
            assert_eq!(ended.error_event()["reason"], reason, "{game} {refusal}");
            assert_no_files(&home);
        }
    }
    for (refusal, status, reason) in [
        ("--refuse", 77, "account"),
        ("--refuse=banned", 77, "account"),
        ("--refuse=closed", 69, "closed"),
        ("--refuse=busy", 75, "try-later"),
    ] {
        let words = ["rehearse", "scid", "--json", refusal];
        let ended = Home::new().program(&words).run().exits(status);
        assert_eq!(ended.error_event()["reason"], reason, "scid {refusal}");
        assert!(!ended.stderr.contains("playcookie scid"), "{ended:#?}");
    }
    let words = ["rehearse", "scid", "--refuse=banned", "-u", "a"];
    let ended = Home::new().program(&words).run();
    let hint = ended.fails(64, "no e-mail address").hint();
    assert_eq!(hint, "name it: `playcookie rehearse scid -u EMAIL`");
    let words = ["rehearse", "ttr", "--refuse=maybe"];
    Home::new().program(&words).run().fails(64, "maybe");
}

#[test]
fn the_status_can_be_rehearsed() {
    for game in ["ttr", "ttcc", "tlopo"] {
        let home = Home::new();
        let status = |more: &[&str]| {
            let words = [&["rehearse", game, "status", "--json"], more].concat();
            home.program(&words).run()
        };
        let open = &status(&[]).exits(0).events()[0]["games"][0];
        assert_eq!((&open["game"], &open["open"]), (&game.into(), &true.into()));
        let closed = &status(&["--refuse=closed"]).exits(69).events()[0]["games"][0];
        assert_eq!(closed["open"], false);
        assert!(
            closed["words"]
                .as_str()
                .is_some_and(|words| words.contains("maintenance"))
        );
        assert_no_files(&home);
    }
    let words = ["rehearse", "scid", "status"];
    Home::new().program(&words).run().fails(64, "no status");
}

#[test]
fn a_rehearsal_ignores_secrets_in_the_environment() {
    let home = Home::new();
    let run = |arguments: &[&str], stdin: &str| {
        let program = home.program(&[&["rehearse", "ttr", "--two-factor"], arguments].concat());
        let program = program
            .env("PLAYCOOKIE_USERNAME", "real")
            .env("PLAYCOOKIE_PASSWORD", "real-pw");
        program.env("PLAYCOOKIE_CODE", "918273").stdin(stdin).run()
    };
    let ended = run(&["--json"], "").exits(0).hides(&["real"]);
    assert_eq!(ended.events()[0]["username"], "player");
    run(&["-u", "alice", "--password-stdin"], "pw\n").fails(66, "code");
}

#[test]
fn without_a_terminal_a_rehearsal_answers_its_own_questions() {
    let home = Home::new();
    let ended = home.program(&["rehearse", "scid"]).run().exits(0);
    assert!(ended.stdout.contains("player@example.com"), "{ended:#?}");
    for game in ["ttr", "ttcc", "tlopo"] {
        let home = Home::new();
        let ended = home
            .program(&["rehearse", game, "--queue", "1", "--json"])
            .run();
        let names = ended.exits(0).event_names();
        assert_eq!(
            names.last().map(String::as_str),
            Some("exited"),
            "{names:?}"
        );
        assert_no_files(&home);
    }
}

#[test]
fn a_rehearsal_can_be_a_dry_run() {
    let ended = Home::new()
        .program(&["rehearse", "ttr", "--dry-run", "--json"])
        .run()
        .exits(0);
    assert_eq!(ended.event_names(), ["planned"]);
}

#[test]
fn contradictory_options_are_usage_errors() {
    let home = Home::new();
    for (arguments, message) in [
        (&["rehearse"][..], "GAME"),
        (&["rehearse", "ttr", "--api", "documented"], "--api"),
        (&["rehearse", "ttr", "--port", "8000"], "--serve"),
        (&["rehearse", "ttr", "alice"], "remembered accounts"),
        (&["rehearse", "ttr", "--group", "g"], "remembered accounts"),
        (&["rehearse", "ttr", "--save"], "saves nothing"),
    ] {
        home.program(arguments).run().fails(64, message);
    }
}

#[test]
fn a_server_serves_several_logins() {
    let home = Home::new();
    for arguments in [
        &["rehearse", "--serve"][..],
        &["rehearse", "--serve", "ttr"],
    ] {
        let serving = InteractiveRun::start(home.program(arguments));
        let line = serving.line();
        let root = line.strip_prefix("--api ").expect("an option");
        assert!(root.starts_with("http://127.0.0.1:"), "{root}");
        for _ in 0..2 {
            let ended = home
                .ttr("login", root, &["--format", "json"])
                .run()
                .exits(0);
            assert!(ended.stdout.contains("TTR_PLAYCOOKIE"));
        }
    }
    assert_no_files(&home);
}

#[cfg(unix)]
#[test]
fn a_server_prints_each_request_without_its_secrets() {
    let home = Home::new();
    let serve = |more: &[&str]| {
        let words = [&["rehearse", "--serve", "--two-factor"], more].concat();
        home.program(&words)
    };
    let serving = InteractiveRun::start(serve(&["--json"]));
    let api = serving.event("serving")["api"]
        .as_str()
        .expect("a root")
        .to_owned();
    home.ttr("login", &api, &["--code", "nonsense"])
        .run()
        .fails(77, "code");
    let login = serving.event("request");
    assert_eq!(
        (&login["method"], &login["path"]),
        (&"POST".into(), &"/api/login".into())
    );
    let fields = serde_json::json!({"username": "alice", "password": "•••"});
    assert_eq!((&login["fields"], &login["status"]), (&fields, &200.into()));
    assert_eq!(login["complaint"], Value::Null);
    let code = serving.event("request");
    let fields = serde_json::json!({"appToken": "•••", "authToken": "•••"});
    assert_eq!(code["fields"], fields);

    // As sentences.
    let run = serve(&[]).through_a_shell("exec 2>&1; exec \"$@\"");
    let serving = InteractiveRun::start(run);
    let line = serving.line();
    let api = line.strip_prefix("--api ").expect("an option");
    serving.line();
    let _ = home.ttr("login", api, &["--code", "nonsense"]).run();
    assert_eq!(
        serving.line(),
        "POST /api/login username=alice password=•••, HTTP 200"
    );
    status_line(
        api,
        &format!("Host: {}\r\n", api.trim_start_matches("http://")),
    );
    serving.line();
    assert_eq!(
        serving.line(),
        "GET /api/invasions, HTTP 400: the User-Agent header was not that of playcookie"
    );
}

#[test]
fn a_two_factor_server_shows_the_code_in_its_banner() {
    let home = Home::new();
    let serving =
        InteractiveRun::start(home.program(&["rehearse", "--serve", "--two-factor", "--json"]));
    let api = serving.event("serving")["api"]
        .as_str()
        .expect("a root")
        .to_owned();
    let mut login = InteractiveRun::start(home.ttr("login", &api, &["--json"]));
    login.answer("anything");
    let question = login.event("question");
    login.answer(&code(&question));
    let ready = login.event("ready");
    assert!(
        ready["environment"]["TTR_PLAYCOOKIE"].is_string(),
        "{ready}"
    );
    assert_eq!(login.ended().code(), Some(0));
}

#[test]
fn a_port_can_be_chosen_and_a_used_one_is_an_io_error() {
    let home = Home::new();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let serve = || home.program(&["rehearse", "--serve", "--port", &port]);
    serve().run().fails(74, "listen");
}

#[cfg(unix)]
#[test]
fn signals_end_the_server() {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::{Pid, Signal, kill_process};

    let home = Home::new();
    for signal in [Signal::TERM, Signal::INT] {
        let mut serving = InteractiveRun::start(home.program(&["rehearse", "--serve"]));
        serving.line();
        let pid =
            Pid::from_raw(serving.pid().try_into().expect("a process id")).expect("a process id");
        kill_process(pid, signal).expect("it is there");
        assert_eq!(serving.ended().signal(), Some(signal.as_raw()));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_server_listens_on_loopback_only() {
    let home = Home::new();
    let serving = InteractiveRun::start(home.program(&["rehearse", "--serve"]));
    let line = serving.line();
    let (_, port) = line.rsplit_once(':').expect("a port");
    let port = format!(":{:04X}", port.parse::<u16>().expect("a number"));
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"]
        .map(|path| fs::read_to_string(path).unwrap_or_default());
    // State 0A is a listening socket; the second column is its local address.
    let listening = tables
        .iter()
        .flat_map(|table| table.lines())
        .filter_map(|line| {
            let mut columns = line.split_whitespace().skip(1);
            let (address, state) = (columns.next()?, columns.nth(1)?);
            (state == "0A")
                .then(|| address.strip_suffix(&port))
                .flatten()
        });
    assert_eq!(listening.collect::<Vec<_>>(), ["0100007F"]);
}

#[cfg(unix)]
#[test]
fn a_named_game_replaces_the_stand_in_game() {
    let home = Home::new();
    let engine = crate::harness::Engine::with_script(&home, "TTREngine", "exit 3");
    rehearse(&home, &["--queue", "0", "--exe", engine.exe()])
        .run()
        .exits(3);
    assert_eq!(
        engine.variable("TTR_PLAYCOOKIE").map(|cookie| cookie.len()),
        Some(32)
    );
}

#[cfg(unix)]
#[test]
fn the_stand_in_game_can_have_a_wrapper() {
    let home = Home::new();
    let wrapper = [
        "--queue",
        "0",
        "--wrapper",
        "sh -c 'echo wrapped; exec \"$@\"' wrapper",
    ];
    let ended = rehearse(&home, &wrapper).run().exits(0);
    assert!(ended.stdout.contains("wrapped\n"), "{ended:#?}");
    let missing = ["--queue", "0", "--wrapper", "no-such-wrapper"];
    rehearse(&home, &missing).run().fails(72, "no-such-wrapper");
}

#[cfg(unix)]
#[test]
fn the_stand_in_game_prints_each_argument_separately() {
    let home = Home::new();
    let arguments = ["--queue", "0", "--", "--json", "--help", "--password", "x"];
    let ended = rehearse(&home, &arguments).run().exits(0);
    for argument in ["--json", "--help", "--password", "x"] {
        assert!(
            ended.stdout.contains(&format!("argument {argument}\n")),
            "{ended:#?}"
        );
    }
}

/// Sends a request with these header lines to a server, and returns the status line.
fn status_line(root: &str, headers: &str) -> String {
    use std::io::{BufRead, BufReader, Write};
    let address = root.trim_start_matches("http://");
    let mut connection = std::net::TcpStream::connect(address).expect("a server");
    let request = format!("GET /api/invasions HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
    connection.write_all(request.as_bytes()).expect("a request");
    let mut line = String::new();
    BufReader::new(connection)
        .read_line(&mut line)
        .expect("an answer");
    line.trim().to_owned()
}

#[test]
fn the_server_answers_no_page_of_a_browser() {
    let home = Home::new();
    let serving = InteractiveRun::start(home.program(&["rehearse", "--serve"]));
    let line = serving.line();
    let root = &line[line.find("http://").expect("a root")..];
    let (_, port) = root.rsplit_once(':').expect("a port");
    for own in ["127.0.0.1", "localhost"] {
        let headers = format!("Host: {own}:{port}\r\n");
        // The request lacks a `User-Agent`.
        assert_eq!(status_line(root, &headers), "HTTP/1.1 400 Bad Request");
        let headers = format!("{headers}Origin: http://{own}:{port}\r\n");
        assert_eq!(status_line(root, &headers), "HTTP/1.1 403 Forbidden");
    }
    for host in [
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        "127.0.0.1:1".to_owned(),
        "127.0.0.1".to_owned(),
        "localhost".to_owned(),
        String::new(),
    ] {
        let headers = format!("Host: {host}\r\n");
        assert_eq!(
            status_line(root, &headers),
            "HTTP/1.1 403 Forbidden",
            "{host}"
        );
    }
    assert_eq!(status_line(root, ""), "HTTP/1.1 403 Forbidden");
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_that_can_accept_no_connection_does_not_spin() {
    use std::time::Duration;
    const LIMIT: usize = 48;
    /// Clock ticks of 10 ms.
    const FEW: u64 = 10;
    let home = Home::new();
    let limited = format!("ulimit -n {LIMIT}; exec \"$@\"");
    let program = home
        .program(&["rehearse", "--serve"])
        .through_a_shell(&limited);
    let serving = InteractiveRun::start(program);
    let line = serving.line();
    let (_, port) = line.rsplit_once(':').expect("a port");
    let connect = || std::net::TcpStream::connect(format!("127.0.0.1:{port}")).expect("a server");
    let _connections: Vec<_> = (0..LIMIT).map(|_| connect()).collect();
    let process = format!("/proc/{}", serving.pid());
    crate::harness::wait_until("no file is left", || {
        fs::read_dir(format!("{process}/fd")).is_ok_and(|files| files.count() >= LIMIT)
    });
    let ticks = || -> u64 {
        let text = fs::read_to_string(format!("{process}/stat")).expect("a process");
        let (_, fields) = text.rsplit_once(") ").expect("fields");
        let times = fields.split(' ').skip(11).take(2);
        times
            .map(|time| time.parse::<u64>().expect("a number"))
            .sum()
    };
    let before = ticks();
    std::thread::sleep(Duration::from_millis(500));
    assert!(ticks() - before < FEW);
}
