//! Every place where the files of a runner may be.

use super::Computer;
use super::fakes::game;

/// A file with its content, the prefix that it leads to, and the runner; `HOME` stands for the home.
const PLACES: [(&str, &str, &str, &str); 16] = [
    (
        ".var/app/com.usebottles.bottles/data/bottles/bottles/X/bottle.yml",
        "Name: X\n",
        ".var/app/com.usebottles.bottles/data/bottles/bottles/X",
        "bottles",
    ),
    (
        ".local/share/lutris/games/x.yml",
        "game: {prefix: HOME/p}",
        "p",
        "lutris",
    ),
    (
        ".var/app/net.lutris.Lutris/config/lutris/games/x.yml",
        "game: {exe: HOME/p/drive_c/x.exe}\nwine: {version: x}",
        "p",
        "lutris",
    ),
    (
        ".var/app/net.lutris.Lutris/data/lutris/games/x.yml",
        "game: {prefix: ~/p}",
        "p",
        "lutris",
    ),
    (
        ".var/app/com.heroicgameslauncher.hgl/config/heroic/GamesConfig/x.json",
        "{\"x\":{\"winePrefix\":\"HOME/p\"}}",
        "p",
        "heroic",
    ),
    (
        "Games/Heroic/Prefixes/shared/x",
        "",
        "Games/Heroic/Prefixes/shared",
        "heroic",
    ),
    (
        ".config/faugus-launcher/games.json",
        "[{\"prefix\":\"HOME/p\"}]",
        "p",
        "faugus",
    ),
    (
        ".var/app/io.github.Faugus.faugus-launcher/data/faugus-launcher/games.json",
        "[{\"prefix\":\"HOME/p\"}]",
        "p",
        "faugus",
    ),
    (
        ".steam/steam/config/x",
        "",
        ".steam/steam/steamapps/compatdata/7/pfx",
        "proton",
    ),
    (
        ".steam/debian-installation/config/x",
        "",
        ".steam/debian-installation/steamapps/compatdata/7/pfx",
        "proton",
    ),
    (
        "snap/steam/common/.local/share/Steam/config/x",
        "",
        "snap/steam/common/.local/share/Steam/steamapps/compatdata/7/pfx",
        "proton",
    ),
    (
        ".var/app/com.valvesoftware.Steam/.local/share/Steam/config/x",
        "",
        ".var/app/com.valvesoftware.Steam/.local/share/Steam/steamapps/compatdata/7/pfx",
        "proton",
    ),
    (
        ".var/app/com.valvesoftware.Steam/data/Steam/config/x",
        "",
        ".var/app/com.valvesoftware.Steam/data/Steam/steamapps/compatdata/7/pfx",
        "proton",
    ),
    (
        ".local/share/Steam/steamapps/libraryfolders.vdf",
        "\"LibraryFolders\" { \"TimeNextStatsReport\" \"1\" \"1\" \"HOME/lib\" }",
        "lib/steamapps/compatdata/4294967295/pfx",
        "proton",
    ),
    ("Games/umu/x/y", "", "Games/umu/x", "umu"),
    (
        ".local/share/faugus-launcher/games.json",
        "[1, {}, {\"prefix\":\"\"}, {\"prefix\":\"HOME/p\",\"path\":\"x\"}]",
        "p",
        "faugus",
    ),
];

#[test]
fn prefixes_are_found_wherever_a_runner_keeps_its_files() {
    for (file, content, prefix, runner) in PLACES {
        let computer = Computer::new();
        let home = computer.path("");
        let content = content.replace("HOME", home.trim_end_matches('/'));
        computer.home.write(file, content);
        game(&computer.home, prefix, 0);
        let found = [runner, runner, prefix].map(ToOwned::to_owned);
        assert_eq!(computer.installs(&[]), [found], "{file}");
    }
}

#[test]
fn a_game_of_lutris_that_is_not_for_windows_and_a_folder_that_is_no_prefix_are_left_out() {
    let computer = Computer::new();
    let home = &computer.home;
    home.write(
        ".local/share/lutris/games/x.yml",
        "game: {exe: /usr/bin/x}\nname: drive_c",
    );
    game(home, "Games/x", 0);
    game(home, ".local/share/Steam/steamapps/compatdata/x/pfx", 0);
    computer
        .program(&["ttr", "installs"])
        .run()
        .fails(72, "was not found");
}

#[test]
fn the_folders_of_xdg_are_honoured() {
    let computer = Computer::new();
    let home = &computer.home;
    let content = format!("[{{\"prefix\":\"{}\"}}]", computer.path("p"));
    home.write("data/faugus-launcher/games.json", content);
    game(home, "p", 0);
    let installs = ["ttr", "installs", "--runner", "faugus"];
    computer.program(&installs).run().fails(72, "was not found");
    let program = computer.program(&installs);
    program
        .env("XDG_DATA_HOME", computer.path("data"))
        .run()
        .exits(0);
}
