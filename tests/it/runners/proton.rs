//! Proton: its runtime, its verb, and which one is used.

use super::fakes::{PROTON, game, install, long_game, prefix, script, steam};
use super::{Computer, GAME};
use crate::harness::SendSignal;
use rustix::process::Signal;

#[test]
fn a_runtime_that_is_demanded_and_missing_is_named() {
    let computer = Computer::new();
    game(&computer.home, prefix("proton"), 0);
    steam(&computer.home);
    let manifest = computer
        .home
        .path()
        .join("library/steamapps/appmanifest_1628350.acf");
    std::fs::remove_file(manifest).expect("a manifest");
    let ended = computer
        .play(&[])
        .run()
        .fails(72, "Steam Linux Runtime 3.0 (sniper)");
    assert!(
        ended.hint().contains("steam://install/1628350"),
        "{ended:#?}"
    );
    // The folder's usual name is enough.
    script(
        &computer.home,
        ".local/share/Steam/steamapps/common/SteamLinuxRuntime_sniper/_v2-entry-point",
        super::fakes::RUNTIME,
    );
    computer.play(&[]).run().exits(0);
}

#[test]
fn a_second_client_in_one_prefix_does_not_wait_for_the_first() {
    let computer = Computer::new();
    let engine = long_game(&computer.home, prefix("proton"));
    steam(&computer.home);
    let run = computer.play(&[]).start();
    engine.wait_until_started();
    let verbs = |words: Vec<String>| [words[1].clone(), words[4].clone()];
    assert_eq!(verbs(computer.command(&[])), ["--verb=run", "run"]);
    run.signal(Signal::TERM);
    run.wait().exits(143);
}

#[test]
fn umu_is_told_not_to_wait_in_a_prefix_where_a_game_runs() {
    let computer = Computer::new();
    let engine = long_game(&computer.home, prefix("umu"));
    install(&computer.home, "umu");
    let has_verb = || {
        let plan = computer.plan(&[]);
        plan["variables"]
            .as_array()
            .expect("names")
            .contains(&"PROTON_VERB".into())
    };
    assert!(!has_verb());
    let run = computer.play(&[]).start();
    engine.wait_until_started();
    assert_eq!(engine.variable("PROTON_VERB"), None);
    assert!(has_verb());
    engine.finish();
    run.wait().exits(7);
}

#[test]
fn two_accounts_of_one_run_share_a_prefix() {
    let computer = Computer::new();
    let home = &computer.home;
    // Each game ends once the other one runs.
    let wait = "mkdir -p \"$HOME/both\"; echo >\"$HOME/both/$$\"; left=1000\n\
                while [ $left -gt 0 ]; do set -- \"$HOME\"/both/*; [ $# -ge 2 ] && exit 0; sleep 0.01; left=$((left - 1)); done; exit 9";
    let name = format!("{}/{GAME}/TTREngine64.exe", prefix("proton"));
    script(home, &name, wait);
    steam(home);
    let root = computer.server.root();
    home.configure(format!(
        "[ttr]\napi = \"{root}\"\n[accounts.alice]\ngame = \"ttr\"\nusername = \"alice\"\npassword-command = \"echo x\"\n\
         [accounts.bob]\ngame = \"ttr\"\nusername = \"bob\"\npassword-command = \"echo x\"\n"
    ));
    let events = computer
        .program(&["ttr", "alice", "bob", "--json"])
        .run()
        .exits(0)
        .events();
    let started = events.iter().filter(|event| event["event"] == "started");
    let verbs: Vec<_> = started.map(|event| event["command"][4].clone()).collect();
    assert_eq!(verbs, ["waitforexitandrun", "run"]);
}

#[test]
fn the_proton_is_the_named_one_else_the_configured_one_else_the_used_one() {
    let computer = Computer::new();
    let home = &computer.home;
    game(home, prefix("proton"), 0);
    steam(home);
    let tools = ".local/share/Steam/compatibilitytools.d";
    for (folder, name) in [
        ("GE-Proton9-1", "GE-Proton9-1"),
        ("Folder", "custom-name"),
        ("Used", "used"),
    ] {
        script(home, &format!("{tools}/{folder}/proton"), PROTON);
        let text = format!(
            "\"compatibilitytools\" {{ \"compat_tools\" {{ \"{name}\" {{ \"install_path\" \".\" }} }} }}"
        );
        home.write(&format!("{tools}/{folder}/compatibilitytool.vdf"), text);
    }
    let proton = |options: &[&str]| {
        let command = computer.command(options);
        command
            .iter()
            .rev()
            .nth(2)
            .expect("proton")
            .replace(&format!("~/{tools}/"), "")
    };
    assert!(proton(&[]).ends_with("Proton 9.0 (Beta)/proton"));
    let used = format!(
        "9\n{}/files/share/fonts/\n",
        computer.path(&format!("{tools}/Used"))
    );
    home.write(
        ".local/share/Steam/steamapps/compatdata/123/config_info",
        used,
    );
    assert_eq!(proton(&[]), "Used/proton");
    let mapping = "\"InstallConfigStore\" { \"Software\" { \"Valve\" { \"Steam\" { \"CompatToolMapping\" { \"123\" { \"name\" \"custom-name\" } } } } } }";
    home.write(".local/share/Steam/config/config.vdf", mapping);
    assert_eq!(proton(&[]), "Folder/proton");
    assert_eq!(proton(&["--proton", "GE-Proton9-1"]), "GE-Proton9-1/proton");
    let folder = computer.path(&format!("{tools}/Used"));
    assert_eq!(proton(&["--proton", &folder]), "Used/proton");
    home.configure("[ttr]\nproton = \"used\"\n");
    assert_eq!(proton(&[]), "Used/proton");
    computer
        .play(&["--proton", "GE-Proton1"])
        .run()
        .fails(72, "GE-Proton1");
}

#[test]
fn one_steam_with_two_names_counts_once() {
    let computer = Computer::new();
    game(&computer.home, prefix("proton"), 0);
    install(&computer.home, "proton");
    std::fs::create_dir(computer.home.path().join(".steam")).expect("a folder");
    let link = computer.home.path().join(".steam/steam");
    std::os::unix::fs::symlink("../.local/share/Steam", link).expect("a link");
    assert_eq!(computer.installs(&[]).len(), 1);
}
