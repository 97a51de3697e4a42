//! What holds for every runner: discovery, command, environment, directory, status, and stopping.

use std::collections::BTreeSet;

use rustix::process::{Pid, Signal, test_kill_process};
use serde_json::json;

use super::Computer;
use super::fakes::{RUNNERS, game, install, long_game};
use crate::harness::{CTRL_C, SendSignal};

/// The command in front of the program, with `~` for the home.
fn command(runner: &str) -> Vec<&'static str> {
    match runner {
        "bottles" => vec!["~/bin/bottles-cli", "run", "-b", "The Bottle", "-e"],
        "lutris" => vec!["~/.local/share/lutris/runners/wine/lutris-7.2/bin/wine"],
        "heroic" => vec!["~/.config/heroic/tools/wine/Wine-GE/bin/wine"],
        "faugus" => vec!["~/.local/share/faugus-launcher/umu-run"],
        "proton" => vec![
            "~/library/steamapps/common/Sniper/_v2-entry-point",
            "--verb=waitforexitandrun",
            "--",
            "~/library/steamapps/common/Proton 9.0 (Beta)/proton",
            "waitforexitandrun",
        ],
        "crossover" => vec![
            "~/Applications/CrossOver.app/Contents/SharedSupport/CrossOver/bin/wine",
            "--bottle",
            "tt",
        ],
        "umu" => vec!["~/bin/umu-run"],
        _ => vec!["~/bin/wine"],
    }
}

/// The variables that the runner gets, with `~` for the home.
fn variables(runner: &str) -> Vec<(&'static str, &'static str)> {
    match runner {
        "bottles" => vec![],
        "lutris" => vec![("WINEPREFIX", "~/Games/toontown"), ("FROM_FILE", "yes")],
        "heroic" => vec![
            ("WINEPREFIX", "~/Games/Heroic/Prefixes/default/Toontown"),
            ("FROM_FILE", "yes"),
        ],
        "faugus" => vec![
            ("WINEPREFIX", "~/Faugus/toontown"),
            ("GAMEID", "umu-default"),
            ("PROTONPATH", "GE-Proton9-20"),
        ],
        "proton" => vec![
            (
                "STEAM_COMPAT_DATA_PATH",
                "~/.local/share/Steam/steamapps/compatdata/123",
            ),
            ("STEAM_COMPAT_CLIENT_INSTALL_PATH", "~/.local/share/Steam"),
            (
                "STEAM_COMPAT_LIBRARY_PATHS",
                "~/.local/share/Steam:~/library",
            ),
            (
                "STEAM_COMPAT_TOOL_PATHS",
                "~/library/steamapps/common/Proton 9.0 (Beta):~/library/steamapps/common/Sniper",
            ),
            ("STEAM_COMPAT_APP_ID", "0"),
        ],
        "crossover" => vec![("CX_BOTTLE", "tt")],
        "umu" => vec![
            ("WINEPREFIX", "~/Games/umu/umu-default"),
            ("GAMEID", "umu-default"),
            ("PROTONPATH", "GE-Proton"),
        ],
        _ => vec![("WINEPREFIX", "~/.wine")],
    }
}

#[test]
fn a_game_in_a_prefix_is_found_and_run_by_the_runner_of_the_prefix() {
    for (runner, prefix) in RUNNERS {
        for option in [&[][..], &["--runner", runner]] {
            let computer = Computer::new();
            let engine = game(&computer.home, prefix, 7);
            install(&computer.home, runner);
            let found = [runner, runner, prefix].map(ToOwned::to_owned);
            assert_eq!(computer.installs(option), [found]);
            let planned = computer.command(option);
            let program = engine.exe().replace(&computer.path(""), "~/");
            let expected = [command(runner), vec![&program]].concat();
            assert_eq!(planned, expected, "{runner}");

            let ended = computer
                .play(&[&["--json"], option, &["--", "-x"]].concat())
                .env("UMU_LOG", "1")
                .env("PROTON_LOG", "1")
                .env("LUTRIS_DEBUG_ENV", "1")
                .run();
            let is_known = runner != "bottles";
            let status = if is_known { 7 } else { 0 };
            let events = ended.exits(status).events();
            let exited = events.last().expect("an event");
            let unknown = (!is_known).then_some(json!(false));
            assert_eq!(
                (&exited["event"], &exited["status"]),
                (&json!("exited"), &json!(status))
            );
            assert_eq!(exited.get("status_known"), unknown.as_ref(), "{runner}");

            assert_eq!(engine.arguments(), ["-x"], "{runner}");
            assert_eq!(engine.directory(), engine.path.parent().expect("a folder"));
            let environment = engine.environment();
            assert_eq!(environment["TTR_GAMESERVER"], computer.server.gameserver());
            assert_eq!(environment["TTR_PLAYCOOKIE"].len(), 32);
            for (name, value) in variables(runner) {
                let value = value.replace('~', computer.path("").trim_end_matches('/'));
                assert_eq!(environment.get(name), Some(&value), "{runner}: {name}");
            }
            for name in [
                "UMU_LOG",
                "PROTON_LOG",
                "LUTRIS_DEBUG_ENV",
                "PLAYCOOKIE_CODE",
            ] {
                assert!(!environment.contains_key(name), "{runner}: {name}");
            }
        }
    }
}

#[test]
fn variables_are_in_no_argument_list_and_the_game_ends_with_its_runner() {
    for (runner, prefix) in RUNNERS {
        let computer = Computer::new();
        let engine = long_game(&computer.home, prefix);
        install(&computer.home, runner);
        let run = computer.play(&["--wrapper", "env A=b"]).start();
        engine.wait_until_started();
        let cookie = engine.variable("TTR_PLAYCOOKIE").expect("a play cookie");
        let lines = argument_lists();
        assert!(
            lines.iter().any(|line| line.contains("TTREngine64.exe")),
            "{runner}"
        );
        assert!(!lines.iter().any(|line| line.contains(&cookie)), "{runner}");
        if runner == "bottles" {
            // The runner ends, and the game goes on.
            engine.finish();
            run.wait().exits(0);
        } else {
            run.signal(Signal::TERM);
            run.wait().exits(143);
        }
    }
}

#[test]
fn ctrl_c_ends_the_game_with_its_runner_except_in_bottles() {
    for (runner, prefix) in RUNNERS {
        let computer = Computer::new();
        let engine = long_game(&computer.home, prefix);
        install(&computer.home, runner);
        let root = computer.server.root();
        let play = computer.program(&["ttr", "-u", "alice", "--api", &root]);
        let play = play.env("PLAYCOOKIE_PASSWORD", "hunter2-pw");
        let mut pty = play.on_a_terminal();
        engine.wait_until_started();
        pty.keys(&[CTRL_C]);
        let ended = pty.wait().exits(130);
        let survives = runner == "bottles";
        let game = Pid::from_raw(engine.pid()).expect("a process id");
        assert_eq!(test_kill_process(game).is_ok(), survives, "{runner}");
        let hint = "Ctrl-C does not end a game that Bottles runs";
        assert_eq!(ended.stderr.contains(hint), survives, "{ended:#?}");
        engine.finish();
    }
}

/// Returns the arguments of every process on this computer.
fn argument_lists() -> BTreeSet<String> {
    let processes = std::fs::read_dir("/proc").expect("processes").flatten();
    let lists = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lists
        .map(|list| String::from_utf8_lossy(&list).into_owned())
        .collect()
}

#[test]
fn a_runner_that_is_not_installed_is_named_before_anything_is_sent() {
    for (runner, prefix) in RUNNERS {
        let computer = Computer::new();
        let engine = game(&computer.home, prefix, 0);
        install(&computer.home, runner);
        let program = command(runner)[0].replace('~', computer.path("").trim_end_matches('/'));
        std::fs::remove_file(program).expect("a program");
        // Another Wine would convert the prefix.
        if runner != "wine" {
            install(&computer.home, "wine");
        }
        let ended = computer.play(&["--json"]).run().fails(72, "install");
        assert_eq!(ended.error_event()["reason"], "game-start", "{runner}");
        assert!(!engine.was_started());
    }
}

#[test]
fn a_log_keeps_what_the_player_asked_the_runner_for() {
    let computer = Computer::new();
    let engine = game(&computer.home, ".wine", 0);
    install(&computer.home, "wine");
    let play = computer.play(&["--log", "log"]).env("PROTON_LOG", "1");
    play.run().exits(0);
    assert_eq!(engine.variable("PROTON_LOG").as_deref(), Some("1"));
}

#[test]
fn what_gamescope_cannot_tell_is_said() {
    let computer = Computer::new();
    game(&computer.home, ".wine", 3);
    install(&computer.home, "wine");
    super::fakes::script(&computer.home, "bin/gamescope", "shift\n\"$@\"\nexit 0");
    let options = ["-v", "--wrapper", "gamescope --"];
    let ended = computer.play(&options).run().exits(0);
    assert!(
        ended.stderr.contains("exit status is not known"),
        "{ended:#?}"
    );
}
