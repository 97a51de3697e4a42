//! Program, arguments, wrapper and environment of a game.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use playcookie::stand_in::Scenario;

use crate::harness::{Engine, Home, Scripted, StandInServer, ttr};

const AWKWARD: [&str; 10] = [
    "two  words",
    "it's \"quoted\"",
    "Ünïcödé ✓ “so”",
    "-v",
    "--json",
    "--",
    "$(touch ran)",
    "`touch ran`; touch ran",
    "* ~ $HOME \\",
    "",
];

#[test]
fn the_x_bit_is_set_for_a_game_without_it() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::new(&home, "TTREngine");
    let mode = || {
        fs::metadata(&engine.path)
            .expect("a file")
            .permissions()
            .mode()
            & 0o777
    };
    fs::set_permissions(&engine.path, fs::Permissions::from_mode(0o640)).expect("a mode");
    let exe = ["--exe", engine.exe()];
    home.ttr("play", &server.root(), &exe).run().exits(0);
    assert!(engine.was_started());
    assert_eq!(mode(), 0o750);
}

#[test]
fn a_program_that_cannot_be_run_is_a_start_failure() {
    for content in [
        "\u{1}\u{2}\u{3} neither a program nor a script",
        "#!/no/such/interpreter\n",
    ] {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        home.write("TTREngine", content);
        let ended = home.ttr("play", &server.root(), &["--json", "--exe", "TTREngine"]);
        let ended = ended.run().fails(72, "TTREngine");
        assert_eq!(ended.event_names(), ["login", "ready", "error"]);
        assert_eq!(ended.error_event()["reason"], "game-start");
    }
}

#[test]
fn arguments_are_passed_unchanged() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::new(&home, "TTREngine");
    home.ttr("play", &server.root(), &["--exe", engine.exe(), "--"])
        .args(AWKWARD)
        .run()
        .exits(0);
    assert_eq!(engine.arguments(), AWKWARD);
    assert!(!home.path().join("ran").exists());
}

#[test]
fn a_wrapper_is_split_like_a_shell_command_and_run_without_one() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::new(&home, "TTREngine");
    let wrapper = r#"env 'A=two words' "B=it's" 'C=$(touch ran)' D=$HOME\;touch\ ran E=`touch"#;
    let options = [
        "--json",
        "--wrapper",
        wrapper,
        "--exe",
        engine.exe(),
        "--",
        "-x",
    ];
    let ended = home.ttr("play", &server.root(), &options).run().exits(0);
    for (name, value) in [
        ("A", "two words"),
        ("B", "it's"),
        ("C", "$(touch ran)"),
        ("D", "$HOME;touch ran"),
        ("E", "`touch"),
    ] {
        assert_eq!(engine.variable(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(engine.arguments(), ["-x"]);
    assert!(!home.path().join("ran").exists());
    let events = ended.events();
    let started = events.iter().find(|event| event["event"] == "started");
    let command = started.expect("it was started")["command"]
        .as_array()
        .expect("words");
    assert!(
        command[0].as_str().expect("a word").ends_with("/env"),
        "{command:?}"
    );
    assert_eq!(command[6], engine.exe());
}

#[test]
fn a_wrapper_is_found_relative_to_the_current_directory() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::new(&home, "game/TTREngine");
    let wrapper = home.write("wrap", "#!/bin/sh\nWRAPPED=yes exec \"$@\"\n");
    fs::set_permissions(wrapper, fs::Permissions::from_mode(0o755)).expect("a mode");
    let options = ["--wrapper", "./wrap", "--exe", engine.exe()];
    home.ttr("play", &server.root(), &options).run().exits(0);
    assert_eq!(engine.variable("WRAPPED").as_deref(), Some("yes"));
    assert_eq!(engine.directory(), home.path().join("game"));
}

#[test]
fn an_unusable_wrapper_fails_before_anything_is_sent() {
    for (wrapper, status, words) in [
        ("no-such-wrapper -x", 72, "no-such-wrapper"),
        ("./nowhere/wrap", 72, "./nowhere/wrap"),
        ("'open", 64, "--wrapper"),
        ("", 64, "--wrapper"),
    ] {
        let (home, server) = (Home::new(), Scripted::untouched());
        let engine = Engine::new(&home, "TTREngine");
        let options = ["--exe", engine.exe(), "--wrapper", wrapper];
        home.ttr("play", &server.root(), &options)
            .run()
            .fails(status, words);
        assert!(!engine.was_started());
    }
}

#[test]
fn the_game_gets_its_variables_and_no_playcookie_variables() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::new(&home, "TTREngine");
    home.program(&["ttr", "--api", &server.root(), "--exe", engine.exe()])
        .env("PLAYCOOKIE_USERNAME", "alice")
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        .env("PLAYCOOKIE_CODE", "123456")
        .env("PLAYCOOKIE_CONFIG", home.write("elsewhere.toml", ""))
        .env("PLAYCOOKIE_SOMETHING_ELSE", "x")
        .env("MESA_DEBUG", "of the player")
        .env("TTR_PLAYCOOKIE", "stale")
        .env("TTR_GAMESERVER", "stale.example.com")
        .run()
        .exits(0);
    let environment = engine.environment();
    let ours: Vec<_> = environment
        .keys()
        .filter(|name| name.starts_with("PLAYCOOKIE"))
        .collect();
    assert_eq!(ours, Vec::<&String>::new());
    assert!(
        !environment
            .values()
            .any(|value| value.contains("hunter2-pw"))
    );
    assert_eq!(environment["MESA_DEBUG"], "of the player");
    assert_eq!(environment["TTR_GAMESERVER"], server.gameserver());
    assert_eq!(environment["TTR_PLAYCOOKIE"].len(), 32);
}

#[test]
fn values_are_passed_to_the_game_unchanged() {
    let (gameserver, cookie) = ("a'b \"c\" \\ $(touch ran):7198", "‘ü’ = % ! `x` ");
    let home = Home::new();
    let server = Scripted::new([ttr::grant(gameserver, cookie)]);
    let engine = Engine::new(&home, "TTREngine");
    let exe = ["--exe", engine.exe()];
    home.ttr("play", &server.root(), &exe).run().exits(0);
    assert_eq!(
        engine.variable("TTR_GAMESERVER").as_deref(),
        Some(gameserver)
    );
    assert_eq!(engine.variable("TTR_PLAYCOOKIE").as_deref(), Some(cookie));
}

#[cfg(target_os = "linux")]
#[test]
fn no_secret_is_in_a_command_line() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::long_running(&home, "TTREngine", 0);
    let options = ["--wrapper", "nice", "--exe", engine.exe(), "--", "-x"];
    let running = home.ttr("play", &server.root(), &options).start();
    engine.wait_until_started();
    let cookie = engine.variable("TTR_PLAYCOOKIE").expect("a cookie");
    for (pid, word) in [
        (running.pid().to_string(), "playcookie"),
        (engine.pid().to_string(), "TTREngine"),
    ] {
        let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).expect("an argument vector");
        assert!(line.contains(word), "{line}");
        assert!(
            !line.contains(&cookie) && !line.contains("hunter2-pw"),
            "{line}"
        );
    }
    engine.finish();
    running.wait().exits(0).hides(&[&cookie, "hunter2-pw"]);
}
