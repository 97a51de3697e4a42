//! Files of other programs that are broken, huge or made to hurt: each ends in a warning, and the search goes on.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use super::Computer;
use super::fakes::{game, install};

#[test]
fn hostile_files_end_in_a_warning_and_the_search_goes_on() {
    let vdf = ".local/share/Steam/steamapps/libraryfolders.vdf";
    let yaml = ".config/lutris/games/x.yml";
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nd: \"open";
    for (file, content) in [
        (vdf, "\"a\" { ".repeat(10_000)),
        (vdf, "x".repeat(2_000_000)),
        (yaml, "[".repeat(10_000)),
        (yaml, "- ".repeat(10_000)),
        (yaml, bomb.to_owned()),
        (yaml, "x".repeat(2_000_000)),
        (yaml, "- [a, b]\n".repeat(40_000)),
        (".config/heroic/GamesConfig/x.json", "[".repeat(10_000)),
        (
            ".local/share/faugus-launcher/games.json",
            "{\"a\"".to_owned(),
        ),
        (".local/share/bottles/data.yml", "a: 'b".to_owned()),
    ] {
        let computer = Computer::new();
        std::fs::create_dir_all(computer.home.path().join(".config/lutris")).expect("a folder");
        install(&computer.home, "wine");
        game(&computer.home, ".wine", 0);
        computer.home.write(file, content);
        let ended = computer.program(&["ttr", "installs"]).run().exits(0);
        assert!(ended.stderr.contains("warning: "), "{file}: {ended:#?}");
        assert!(
            ended.stderr.contains(file) && ended.stdout.contains("/.wine/"),
            "{ended:#?}"
        );
    }
}

#[test]
fn large_files_of_one_runner_do_not_hide_the_games_of_another() {
    let computer = Computer::new();
    let large = format!("\"{}\"", "x".repeat(1_000_000));
    for number in 0..9 {
        let file = format!(".config/heroic/GamesConfig/{number}.json");
        computer.home.write(&file, &large);
    }
    install(&computer.home, "faugus");
    game(&computer.home, super::fakes::prefix("faugus"), 0);
    let ended = computer.program(&["ttr", "installs"]).run().exits(0);
    assert_eq!(
        ended.stderr.matches("too large together").count(),
        1,
        "{ended:#?}"
    );
}

#[test]
fn ten_thousand_prefixes_links_in_a_circle_and_names_that_are_not_utf_8_are_survived() {
    let computer = Computer::new();
    let home = computer.home.path();
    install(&computer.home, "wine");
    let prefixes = home.join(".local/share/wineprefixes");
    std::fs::create_dir_all(&prefixes).expect("a folder");
    for number in 0..10_000 {
        std::fs::create_dir(prefixes.join(number.to_string())).expect("a prefix");
    }
    std::fs::create_dir_all(home.join("Games/umu/x")).expect("a folder");
    symlink("../x", home.join("Games/umu/x/pfx")).expect("a link");
    symlink("loop", home.join("Games/umu/loop")).expect("a link");
    std::fs::create_dir(
        home.join("Games/umu")
            .join(std::ffi::OsStr::from_bytes(b"\xff\xfe")),
    )
    .expect("a folder");
    symlink("other", home.join(".wine")).expect("a link");
    symlink(".wine", home.join("other")).expect("a link");
    computer
        .home
        .write(".config/lutris/games/x.yml", b"game:\n  prefix: /\xff\n");
    let ended = computer
        .program(&["ttr", "installs"])
        .run()
        .fails(72, "was not found");
    assert!(
        ended.stderr.contains("wineprefixes holds more than 1000"),
        "{ended:#?}"
    );
}

#[test]
fn a_native_game_is_started_without_reading_the_files_of_launchers() {
    let computer = Computer::new();
    computer.home.write("Toontown Rewritten/TTREngine", "");
    computer
        .home
        .write(".local/share/bottles/data.yml", "a: 'b");
    let words = ["ttr", "--dry-run"];
    let ended = computer.program(&words).run().exits(0);
    assert!(!ended.stderr.contains("warning: "), "{ended:#?}");
    game(&computer.home, "tt", 0);
    install(&computer.home, "wine");
    let exe = computer.path(&format!("tt/{}/TTREngine64.exe", super::GAME));
    let words = ["ttr", "--dry-run", "--exe", &exe, "--runner", "wine"];
    let ended = computer.program(&words).run().exits(0);
    assert!(!ended.stderr.contains("warning: "), "{ended:#?}");
}
