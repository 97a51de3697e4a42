//! Bottles: variables that a bottle does not pass on, sandboxes, Flatpak.

use super::Computer;
use super::fakes::{BOTTLES, FLATPAK, bottle, game, install, prefix, script};

#[test]
fn a_bottle_that_withholds_variables_is_refused_until_it_is_allowed() {
    let computer = Computer::new();
    let (home, folder) = (&computer.home, prefix("bottles"));
    let engine = game(home, folder, 0);
    install(home, "bottles");
    bottle(home, folder, "- HOME\n- TTR_PLAYCOOKIE\n");
    let file = home.path().join(folder).join("bottle.yml");
    let before = std::fs::read_to_string(&file).expect("a file");

    let ended = computer.play(&["--json"]).run().fails(72, "TTR_GAMESERVER");
    assert!(!ended.error().contains("TTR_PLAYCOOKIE") && ended.hint().contains("--allow-bottle"));
    computer.plan(&["--allow-bottle"]);
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), before);
    assert!(!engine.was_started());

    computer.play(&["--allow-bottle"]).run().exits(0);
    let after = std::fs::read_to_string(&file).expect("a file");
    assert_eq!(
        after,
        before.replace("- TTR_PLAYCOOKIE\n", "- TTR_PLAYCOOKIE\n- TTR_GAMESERVER\n")
    );
    let copy = home
        .path()
        .join(folder)
        .join("bottle.yml.before-playcookie");
    assert_eq!(std::fs::read_to_string(copy).expect("a copy"), before);
    assert_eq!(
        engine.variable("TTR_GAMESERVER"),
        Some(computer.server.gameserver())
    );
    // From now on it is allowed.
    computer.plan(&[]);
}

#[test]
fn a_sandboxed_bottle_is_refused() {
    let computer = Computer::new();
    let folder = prefix("bottles");
    let engine = game(&computer.home, folder, 0);
    install(&computer.home, "bottles");
    let name = format!("{folder}/bottle.yml");
    let text = std::fs::read_to_string(computer.home.path().join(&name)).expect("a file");
    computer
        .home
        .write(&name, text.replace("sandbox: false", "sandbox: true"));
    for options in [&[][..], &["--allow-bottle"]] {
        computer.play(options).run().fails(72, "sandbox");
    }
    assert!(!engine.was_started());
}

#[test]
fn a_bottle_of_flatpak_is_run_by_flatpak_and_never_detached() {
    let computer = Computer::new();
    let folder = ".var/app/com.usebottles.bottles/data/bottles/bottles/Folder";
    let engine = game(&computer.home, folder, 0);
    bottle(
        &computer.home,
        folder,
        "- TTR_GAMESERVER\n- TTR_PLAYCOOKIE\n",
    );
    script(&computer.home, "bin/flatpak", FLATPAK);
    script(&computer.home, "in-flatpak/bottles-cli", BOTTLES);
    // That of this system has other bottles.
    script(&computer.home, "bin/bottles-cli", "exit 1");
    computer.play(&["--detach"]).run().fails(64, "--detach");
    assert!(!engine.was_started());
    script(&computer.home, "bin/gamemoderun", "exec \"$@\"");
    let arguments = ["-x", "--", "a b", "$HOME;'\"`*", ""];
    let options = [&["--wrapper", "gamemoderun", "--"][..], &arguments].concat();
    let ended = computer.play(&options).run().exits(0);
    assert!(
        ended.stderr.contains("gamemoderun has no effect"),
        "{ended:#?}"
    );
    assert_eq!(engine.arguments(), arguments);
    assert_eq!(
        engine.variable("TTR_PLAYCOOKIE").map(|cookie| cookie.len()),
        Some(32)
    );
}

#[test]
fn bottles_are_found_in_a_folder_of_the_players_choice_and_behind_a_placeholder() {
    let computer = Computer::new();
    let home = &computer.home;
    script(home, "bin/bottles-cli", BOTTLES);
    home.write(
        ".local/share/bottles/data.yml",
        format!("custom_bottles_path: {}\n", computer.path("mine")),
    );
    let elsewhere = format!("Path: {}\n", computer.path("elsewhere"));
    home.write(
        ".local/share/bottles/bottles/Link/placeholder.yml",
        elsewhere,
    );
    for folder in ["mine/One", "elsewhere"] {
        bottle(home, folder, "");
        game(home, folder, 0);
    }
    let found = |folder: &str| ["bottles", "bottles", folder].map(ToOwned::to_owned);
    assert_eq!(
        computer.installs(&[]),
        [found("elsewhere"), found("mine/One")]
    );
}
