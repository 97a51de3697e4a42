//! Which runner a prefix belongs to, and what the player may choose instead.

use std::os::unix::fs::symlink;

use super::fakes::{game, install, prefix, script};
use super::{Computer, GAME};

/// Returns the program in front, of a game that is named with `--exe`.
fn runner_of(computer: &Computer, prefix: &str, more: &[&str]) -> String {
    let exe = computer.path(&format!("{prefix}/{GAME}/TTREngine64.exe"));
    let options = [&["--exe", exe.as_str()], more].concat();
    computer.command(&options).remove(0)
}

#[test]
fn a_named_program_is_run_by_the_runner_of_its_prefix() {
    for (runner, word) in [
        ("bottles", "bottles-cli"),
        ("proton", "_v2-entry-point"),
        ("umu", "umu-run"),
        ("lutris", "lutris-7.2/bin/wine"),
        ("heroic", "Wine-GE/bin/wine"),
        ("faugus", "umu-run"),
        ("crossover", "CrossOver/bin/wine"),
    ] {
        let computer = Computer::new();
        install(&computer.home, "wine");
        install(&computer.home, runner);
        game(&computer.home, prefix(runner), 0);
        let found = runner_of(&computer, prefix(runner), &[]);
        assert!(found.ends_with(word), "{runner}: {found}");
        // Whoever names another one gets it.
        let found = runner_of(&computer, prefix(runner), &["--runner", "wine"]);
        assert_eq!(found, "~/bin/wine", "{runner}");
    }
}

#[test]
fn a_prefix_that_proton_has_used_is_run_by_umu_else_by_proton() {
    let computer = Computer::new();
    install(&computer.home, "wine");
    install(&computer.home, "proton");
    game(&computer.home, "games/tt", 0);
    computer.home.write("games/tt/version", "GE-Proton9\n");
    assert_eq!(runner_of(&computer, "games/tt", &[]), "~/bin/wine");
    symlink(".", computer.home.path().join("games/tt/pfx")).expect("a link");
    assert!(runner_of(&computer, "games/tt", &[]).ends_with("_v2-entry-point"));
    script(&computer.home, "bin/umu-run", "exit 0");
    for prefix in ["games/tt", "games/tt/pfx"] {
        assert_eq!(runner_of(&computer, prefix, &[]), "~/bin/umu-run");
    }
}

#[test]
fn the_used_proton_is_passed_to_umu() {
    let computer = Computer::new();
    install(&computer.home, "umu");
    let engine = game(&computer.home, prefix("umu"), 0);
    let used = computer.path("tools/GE-Proton9");
    std::fs::create_dir_all(&used).expect("a folder");
    let info = format!("9\n{used}/files/share/fonts/\n");
    computer
        .home
        .write(&format!("{}/config_info", prefix("umu")), info);
    computer.play(&[]).run().exits(0);
    assert_eq!(engine.variable("PROTONPATH"), Some(used));
}

#[test]
fn the_wine_and_the_prefix_are_configured_or_typed() {
    let computer = Computer::new();
    let home = &computer.home;
    install(home, "wine");
    script(home, "mine/wine", "exec \"$@\"");
    let engine = game(home, "my-prefix", 0);
    game(home, ".wine", 0);
    let mine = computer.path("mine/wine");
    assert_eq!(computer.command(&["--wine", &mine])[0], "~/mine/wine");
    assert_eq!(computer.installs(&[])[0][2], ".wine");
    home.configure("[ttr]\nprefix = \"~/my-prefix\"\nwine = \"~/mine/wine\"\n");
    assert_eq!(
        computer.installs(&[]),
        [["prefix", "wine", "my-prefix"].map(ToOwned::to_owned)]
    );
    computer.play(&[]).run().exits(0);
    assert_eq!(
        engine.variable("WINEPREFIX"),
        Some(computer.path("my-prefix"))
    );
    computer
        .play(&["--prefix", "nowhere"])
        .run()
        .fails(72, "nowhere");
    // A game outside of a prefix runs in the named one.
    home.write("game/TTREngine64.exe", "");
    let plan = computer.plan(&["--exe", "game/TTREngine64.exe"]);
    assert_eq!(plan["command"][0], mine);
    assert!(
        plan["variables"]
            .as_array()
            .expect("names")
            .contains(&"WINEPREFIX".into())
    );
}

#[test]
fn a_runner_that_does_not_know_the_prefix_is_refused() {
    let computer = Computer::new();
    game(&computer.home, "games/tt", 0);
    for runner in ["bottles", "lutris", "heroic", "faugus", "crossover"] {
        let exe = computer.path(&format!("games/tt/{GAME}/TTREngine64.exe"));
        let options = ["--exe", &exe, "--runner", runner];
        let ended = computer.play(&options).run().fails(72, runner);
        assert!(ended.hint().contains("--prefix"), "{ended:#?}");
    }
}

#[test]
fn lutris_names_its_wine_by_version() {
    let computer = Computer::new();
    let home = &computer.home;
    install(home, "lutris");
    install(home, "wine");
    install(home, "umu");
    script(home, "mine/wine", "exec \"$@\"");
    script(
        home,
        ".local/share/lutris/runners/proton/GE-Proton9-1/proton",
        "exit 0",
    );
    game(home, prefix("lutris"), 0);
    let custom = computer.path("mine/wine");
    for (wine, program) in [
        ("version: system", "~/bin/wine"),
        ("version: ge-proton", "~/bin/umu-run"),
        ("dxvk: true", "~/bin/umu-run"),
        ("version: GE-Proton9-1", "~/bin/umu-run"),
        ("version: custom\n  custom_wine_path: MINE", "~/mine/wine"),
    ] {
        let wine = wine.replace("MINE", &custom);
        let file = format!(
            "game:\n  prefix: {}\nwine:\n  {wine}\n",
            computer.path(prefix("lutris"))
        );
        home.write(".config/lutris/games/toontown-1600000000.yml", file);
        assert_eq!(
            computer.command(&["--runner", "lutris"])[0],
            program,
            "{wine}"
        );
    }
}

#[test]
fn a_game_beside_the_program_of_a_launcher_is_found_outside_of_its_prefix() {
    let computer = Computer::new();
    install(&computer.home, "heroic");
    let library = serde_json::json!({ "games": [{ "app_name": "abc", "title": "Toontown",
        "install": { "executable": computer.path("Downloads/Toontown/Launcher.exe"), "platform": "Windows" } }] });
    computer.home.write(
        ".config/heroic/sideload_apps/library.json",
        library.to_string(),
    );
    computer
        .home
        .write("Downloads/Toontown/TTREngine64.exe", "");
    let found = ["heroic", "heroic", prefix("heroic")].map(ToOwned::to_owned);
    assert_eq!(computer.installs(&[]), [found]);
}

#[test]
fn installs_are_listed_for_people() {
    let computer = Computer::new();
    install(&computer.home, "wine");
    game(&computer.home, ".wine", 0);
    let listed = computer.program(&["ttr", "installs"]).run().exits(0).stdout;
    let program = computer.path(&format!(".wine/{GAME}/TTREngine64.exe"));
    let prefix = computer.path(".wine");
    assert_eq!(
        listed,
        format!("{program}\n  found: wine, runner: wine, prefix: {prefix}\n")
    );
}
