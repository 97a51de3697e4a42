//! Files of other programs that are malformed or huge: each ends in a warning, and the search goes on.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use super::Computer;
use super::fakes::{game, install};
use crate::harness::yaml_bomb;

const VDF: &str = ".local/share/Steam/steamapps/libraryfolders.vdf";
const YAML: &str = ".config/lutris/games/x.yml";
const JSON: &str = ".config/heroic/GamesConfig/x.json";

/// Returns a computer with a game in the default prefix of Wine.
fn computer() -> Computer {
    let computer = Computer::new();
    for folder in [VDF, YAML, JSON] {
        let folder = computer.home.path().join(folder);
        std::fs::create_dir_all(folder.parent().expect("a folder")).expect("a folder");
    }
    install(&computer.home, "wine");
    game(&computer.home, ".wine", 0);
    computer
}

/// Asserts that the game is found all the same, and that there is exactly this warning about a file.
#[track_caller]
fn assert_left_out(computer: &Computer, file: &str, why: &str) {
    let ended = computer.program(&["ttr", "installs"]).run().exits(0);
    let path = computer.path(file);
    let warning = format!("warning: {path} is left out of the search for games ({why})\n");
    assert_eq!(ended.stderr, warning);
    assert!(ended.stdout.contains("/.wine/"), "{ended:#?}");
}

/// Asserts that a file is read without a warning.
#[track_caller]
fn assert_read(computer: &Computer) {
    let ended = computer.program(&["ttr", "installs"]).run().exits(0);
    assert_eq!(ended.stderr, "");
}

#[test]
fn hostile_files_end_in_a_warning_and_the_search_goes_on() {
    let deep = "it is nested too deeply, or too large";
    for (file, content, why) in [
        (VDF, "\"a\" { ".repeat(10_000), deep),
        (VDF, "a \"b".to_owned(), "a quote is not closed"),
        (YAML, "[".repeat(10_000), "it is not YAML"),
        (YAML, "- ".repeat(10_000), deep),
        (YAML, yaml_bomb() + "d: \"open", "it is not YAML"),
        (YAML, "- [a, b]\n".repeat(40_000), "it is too large"),
        (JSON, "[".repeat(10_000), "it is not JSON"),
        (JSON, "{\"a\"".to_owned(), "it is not JSON"),
    ] {
        let computer = computer();
        computer.home.write(file, content);
        assert_left_out(&computer, file, why);
    }
}

/// The depth of tables, the size of a file and the number of entries of a folder bound the work, and each is reached here.
#[test]
fn what_is_as_deep_and_as_large_as_a_file_may_be_is_read() {
    let computer = computer();
    let tables = |depth: usize| "a { ".repeat(depth) + &"} ".repeat(depth);
    computer.home.write(VDF, tables(32));
    assert_read(&computer);
    computer.home.write(VDF, tables(33));
    assert_left_out(&computer, VDF, "it is nested too deeply, or too large");
    computer.home.write(VDF, " ".repeat(1024 * 1024));
    assert_read(&computer);
    // The search ends: no more than that is read of a file without an end.
    let zeros = std::fs::File::create(computer.path(VDF)).expect("a file");
    zeros.set_len(1 << 40).expect("a file with a hole");
    assert_left_out(&computer, VDF, "file too large");
    std::fs::remove_file(computer.path(VDF)).expect("a file");
    symlink("/dev/zero", computer.path(VDF)).expect("a link");
    assert_left_out(&computer, VDF, "it is not a file");
    std::fs::remove_file(computer.path(VDF)).expect("a file");

    let lists = yaml_bomb();
    computer.home.write(YAML, &lists);
    assert_read(&computer);
    let comment = "#".repeat(256 * 1024 - lists.len());
    computer.home.write(YAML, lists.clone() + &comment);
    assert_read(&computer);
    computer.home.write(YAML, lists + &comment + "#");
    assert_left_out(&computer, YAML, "it is too large");
}

#[test]
fn large_files_of_one_runner_do_not_hide_the_games_of_another() {
    // The files that are read whole, and those of which only the beginning is read.
    for (size, left_out) in [(1_000_000, 0), (2_000_000, 3)] {
        let computer = Computer::new();
        let large = format!("\"{}\"", "x".repeat(size));
        for number in 0..9 {
            let file = format!(".config/heroic/GamesConfig/{number}.json");
            computer.home.write(&file, &large);
        }
        install(&computer.home, "faugus");
        game(&computer.home, super::fakes::prefix("faugus"), 0);
        let ended = computer.program(&["ttr", "installs"]).run().exits(0);
        let count = |words| ended.stderr.matches(words).count();
        assert_eq!(count("too large together"), 1, "{ended:#?}");
        assert_eq!(count("file too large"), left_out, "{ended:#?}");
    }
}

#[test]
fn ten_thousand_prefixes_links_in_a_circle_and_names_that_are_not_utf_8_are_survived() {
    let computer = Computer::new();
    let home = computer.home.path();
    install(&computer.home, "wine");
    let prefixes = home.join(".local/share/wineprefixes");
    std::fs::create_dir_all(&prefixes).expect("a folder");
    let create = |numbers: std::ops::Range<u32>| {
        for number in numbers {
            std::fs::create_dir(prefixes.join(number.to_string())).expect("a prefix");
        }
    };
    create(0..1000);
    let ended = computer.program(&["ttr", "installs"]).run();
    let ended = ended.fails(72, "was not found");
    assert!(!ended.stderr.contains("holds more"), "{ended:#?}");
    create(1000..10_000);
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
