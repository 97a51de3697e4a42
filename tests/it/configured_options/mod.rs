//! Options in the configuration take effect, and more specific ones have priority.

mod credentials;
mod tilde;

use std::path::Path;

use playcookie::stand_in::Scenario;
use serde_json::Value;

use crate::harness::{Engine, Home, StandInServer};

const ALICE: &str = "[accounts.alice]\ngame = \"ttr\"\nusername = \"alice@example.com\"\n";
const CAROL: &str = "[accounts.carol]\ngame = \"ttcc\"\nusername = \"carol\"\n";

fn server() -> StandInServer {
    StandInServer::new(Scenario::default())
}

/// Returns the plan of `--dry-run --json`.
#[track_caller]
fn plan(home: &Home, words: &[&str]) -> Value {
    let words = [words, &["--dry-run", "--json"]].concat();
    home.program(&words).run().exits(0).events().remove(0)
}

#[test]
fn a_game_directory_is_configured() {
    let home = Home::new();
    let engine = Engine::new(&home, "My Games/ttr/TTREngine");
    home.configure("[ttr]\ngame-dir = \"~/My Games/ttr\"\n");
    let plan = plan(&home, &["ttr", "-u", "x"]);
    assert_eq!(plan["command"][0], engine.exe());
    let directory = engine.path.parent().expect("a folder");
    assert_eq!(plan["directory"], directory.to_str().expect("UTF-8"));
    // A missing directory is an error and not replaced by the default.
    home.configure("[ttr]\ngame-dir = \"~/none\"\n");
    home.write("Games/Toontown Rewritten/TTREngine", "");
    let words = ["ttr", "-u", "x", "--dry-run"];
    home.program(&words).run().fails(72, "none");
}

#[test]
fn the_program_comes_from_option_account_or_game_in_this_order() {
    let home = Home::new();
    for name in ["typed", "own", "games"] {
        home.write(&format!("{name}/TTREngine"), "");
    }
    home.configure(format!(
        "[ttr]\nexe = \"~/games/TTREngine\"\n{ALICE}exe = \"~/own/TTREngine\"\n"
    ));
    let program = |words: &[&str]| {
        let plan = plan(&home, words);
        let path = plan["command"][0].as_str().expect("a path");
        let below = Path::new(path).strip_prefix(home.path());
        below.expect("below the home").display().to_string()
    };
    let typed = home.path().join("typed/TTREngine").display().to_string();
    assert_eq!(
        program(&["ttr", "alice", "--exe", &typed]),
        "typed/TTREngine"
    );
    let folder = home.path().join("typed").display().to_string();
    // A directory and a program from different places are not combined.
    assert_eq!(
        program(&["ttr", "alice", "--game-dir", &folder]),
        "typed/TTREngine"
    );
    assert_eq!(program(&["ttr", "alice"]), "own/TTREngine");
    assert_eq!(program(&["play", "alice"]), "own/TTREngine");
    // Without a name, the only account is used.
    assert_eq!(program(&["ttr"]), "own/TTREngine");
    assert_eq!(program(&["ttr", "-u", "x"]), "games/TTREngine");
}

#[test]
fn wrappers_are_configured_and_an_empty_one_disables_them() {
    let home = Home::new();
    let engine = Engine::new(&home, "TTREngine");
    let games = "[ttr]\nexe = \"~/TTREngine\"\nwrapper = [\"env\", \"A=b c\"]\n";
    let command = |own: &str, words: &[&str]| {
        home.configure(format!("{games}{ALICE}{own}"));
        let plan = plan(&home, words);
        let words = plan["command"].as_array().expect("a list").iter();
        let words = words.map(|word| word.as_str().expect("text").to_owned());
        // This test does not check the folder of the wrapper.
        words
            .map(|word| match word.rsplit_once('/') {
                Some((_, name)) => name.to_owned(),
                None => word,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        command("", &["ttr", "alice"]),
        ["env", "A=b c", "TTREngine"]
    );
    assert_eq!(command("wrapper = []\n", &["ttr", "alice"]), ["TTREngine"]);
    assert_eq!(
        command("wrapper = []\n", &["ttr", "-u", "x"]),
        ["env", "A=b c", "TTREngine"]
    );
    assert_eq!(
        command("wrapper = [\"nice\"]\n", &["ttr", "alice"]),
        ["nice", "TTREngine"]
    );
    assert_eq!(
        command(
            "wrapper = [\"nice\"]\n",
            &["ttr", "alice", "--wrapper", "env X=y"]
        ),
        ["env", "X=y", "TTREngine"]
    );
    // The wrapper runs when the game starts, without a shell.
    let server = server();
    home.configure(format!(
        "[ttr]\nexe = \"~/TTREngine\"\napi = \"{}\"\nwrapper = [\"env\", \"A=$(touch ran) 'b\"]\n",
        server.root()
    ));
    home.program(&["ttr", "-u", "x"])
        .env("PLAYCOOKIE_PASSWORD", "pw")
        .run()
        .exits(0);
    assert_eq!(engine.variable("A").as_deref(), Some("$(touch ran) 'b"));
    assert!(!home.path().join("ran").exists());
}

#[test]
fn variables_and_arguments_are_configured() {
    let (home, server) = (Home::new(), server());
    let engine = Engine::new(&home, "TTREngine");
    home.configure(format!(
        "[ttr]\nexe = \"~/TTREngine\"\napi = \"{}\"\nwrapper = \"env 'C=d e'\"\nargs = [\"-a b\"]\n\
         env = {{ A = \"game's\", B = \"game's\", TTR_PLAYCOOKIE = \"mine\" }}\n\
         {ALICE}env = {{ A = \"her own\" }}\n",
        server.root()
    ));
    let plan = plan(&home, &["ttr", "alice"]);
    let names = ["A", "B", "TTR_GAMESERVER", "TTR_PLAYCOOKIE"];
    assert_eq!(plan["variables"], serde_json::json!(names));
    home.program(&["ttr", "alice", "--", "-c"])
        .env("PLAYCOOKIE_PASSWORD", "pw")
        .env("B", "outer")
        .run()
        .exits(0);
    assert_eq!(engine.arguments(), ["-a b", "-c"]);
    for (name, value) in [("A", "her own"), ("B", "game's"), ("C", "d e")] {
        assert_eq!(engine.variable(name).as_deref(), Some(value));
    }
    let cookie = engine.variable("TTR_PLAYCOOKIE").expect("a play cookie");
    assert_ne!(cookie, "mine");
}

#[test]
fn the_runner_is_configured() {
    let home = Home::new();
    let wine = Engine::new(&home, "bin/wine").executable();
    home.write("TTREngine64.exe", "MZ");
    let path = home.path().join("bin").display().to_string();
    let run = |runner: &str, more: &[&str]| {
        home.configure(format!(
            "[ttr]\nexe = \"~/TTREngine64.exe\"\nrunner = \"{runner}\"\n"
        ));
        let words = [&["ttr", "-u", "x", "--dry-run", "--json"], more].concat();
        let program = home.program(&words).env("PATH", &path);
        program.run().exits(0).events().remove(0)["command"][0].clone()
    };
    let exe = home.path().join("TTREngine64.exe").display().to_string();
    assert_eq!(run("wine", &[]), wine.exe());
    assert_eq!(run("native", &[]), exe);
    assert_eq!(run("native", &["--runner", "wine"]), wine.exe());
}

#[test]
fn the_log_is_configured_with_the_account_in_its_name() {
    let home = Home::new();
    let server = server();
    Engine::with_script(&home, "TTREngine", "echo said by the game");
    home.configure(format!(
        "[ttr]\nexe = \"~/TTREngine\"\napi = \"{}\"\nlog = \"~/{{account}}.log\"\n{ALICE}",
        server.root()
    ));
    let play = |words: &[&str]| {
        let ended = home
            .program(words)
            .env("PLAYCOOKIE_PASSWORD", "pw")
            .run()
            .exits(0);
        assert!(!ended.stdout.contains("said by the game"), "{ended:#?}");
        // The stand-in game records only one start.
        std::fs::remove_dir_all(home.path().join("started")).expect("a folder");
    };
    let log = |name: &str| std::fs::read_to_string(home.path().join(name)).ok();
    play(&["ttr", "alice"]);
    assert_eq!(log("alice.log").as_deref(), Some("said by the game\n"));
    play(&["ttr", "-u", "../eve"]);
    assert_eq!(log(".._eve.log").as_deref(), Some("said by the game\n"));
    play(&["ttr", "alice", "--log", "typed"]);
    assert_eq!(log("typed").as_deref(), Some("said by the game\n"));
    assert_eq!(log("alice.log").as_deref(), Some("said by the game\n"));
}

#[test]
fn the_server_comes_from_option_account_or_game_in_this_order() {
    let home = Home::new();
    let typed = server();
    for (words, by_game, by_account) in [
        (&["ttr", "login", "-u", "x"][..], 1, 0),
        (&["ttr", "login", "alice"], 0, 1),
        (&["ttr", "login", "alice", "--api", &typed.root()], 0, 0),
    ] {
        let (game, account) = (server(), server());
        home.configure(format!(
            "[ttr]\napi = \"{}\"\n{ALICE}api = \"{}\"\n",
            game.root(),
            account.root()
        ));
        home.program(words)
            .env("PLAYCOOKIE_PASSWORD", "pw")
            .run()
            .exits(0);
        assert_eq!(
            (game.requests().len(), account.requests().len()),
            (by_game, by_account)
        );
    }
    assert_eq!(typed.requests().len(), 1);
}

#[test]
fn the_interface_is_configured() {
    let (home, server) = (Home::new(), server());
    home.configure(format!("{CAROL}api = \"documented@{}\"\n", server.root()));
    let login = home
        .program(&["ttcc", "login"])
        .env("PLAYCOOKIE_PASSWORD", "pw");
    login.run().exits(0);
    assert_eq!(server.requests()[0].path, "/api/v1/login/");
}

#[test]
fn the_toon_slot_is_configured() {
    let (home, server) = (Home::new(), server());
    let slot = |words: &[&str]| {
        home.configure(format!(
            "[ttcc]\ntoon-slot = 1\napi = \"documented@{}\"\n{CAROL}toon-slot = 0\n",
            server.root()
        ));
        let words = [&["ttcc", "login", "--format", "env"], words].concat();
        let ended = home
            .program(&words)
            .env("PLAYCOOKIE_PASSWORD", "pw")
            .run()
            .exits(0);
        let slot = ended
            .stdout
            .lines()
            .find_map(|line| line.strip_prefix("FORCE_TOON_SLOT="));
        slot.map(ToOwned::to_owned)
    };
    assert_eq!(slot(&["-u", "x"]).as_deref(), Some("1"));
    assert_eq!(slot(&["carol"]).as_deref(), Some("0"));
    assert_eq!(slot(&["carol", "--toon-slot", "5"]).as_deref(), Some("5"));
}

#[test]
fn a_rehearsal_ignores_the_configuration() {
    let home = Home::new();
    home.configure(format!(
        "[ttcc]\nwrapper = [\"no-such-wrapper\"]\npassword-command = \"touch ran\"\npre-launch = \"touch ran\"\n{CAROL}"
    ));
    let rehearse = ["rehearse", "ttcc", "-u", "x", "--password-stdin"];
    home.program(&rehearse).stdin("pw\n").run().exits(0);
    assert!(!home.path().join("ran").exists());
}
