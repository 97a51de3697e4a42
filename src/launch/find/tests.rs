use std::fs;

use super::*;
use crate::games::ttr::GAME;

/// Creates a home directory with these files.
fn home(files: &[&str]) -> (tempfile::TempDir, SearchPaths) {
    let home = tempfile::tempdir().expect("a folder");
    for file in files {
        let path = home.path().join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, "").expect("a file");
    }
    let paths = SearchPaths {
        home: Some(home.path().to_owned()),
        data: Some(home.path().join("data")),
        ..SearchPaths::default()
    };
    (home, paths)
}

#[cfg(target_os = "linux")]
fn found(files: &[&str], options: &FindOptions) -> Option<String> {
    let (home, paths) = home(files);
    let found = find(&GAME, options, &paths).ok()?;
    let below = found.program.strip_prefix(home.path()).expect("below home");
    Some(below.to_string_lossy().replace('\\', "/"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_game_is_expected_where_it_is_found_later() {
    let expected = |game, runner| {
        let found = expected(game, Path::new("/games/x"), runner).expect("a program");
        (found.program.clone(), found.system())
    };
    let plain = ("/games/x/TTREngine".into(), System::Linux);
    assert_eq!(expected(&GAME, Runner::Auto), plain);
    let (program, system) = expected(&GAME, Runner::Wine);
    assert_eq!(system, System::Windows);
    assert_eq!(program, Path::new("/games/x/TTREngine64.exe"));
    for game in [&crate::games::ttcc::GAME, &crate::games::tlopo::GAME] {
        let (_, system) = expected(game, Runner::Auto);
        assert_eq!(system, System::Windows);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn every_usual_place_on_linux_is_searched_in_order() {
    let places = [
        ".var/app/com.toontownrewritten.Launcher/data/TTREngine",
        ".var/app/xyz.xytime.Toontown/data/TTREngine",
        ".var/app/xyz.xytime.Toontown/data/toontown-rewritten/TTREngine",
        "Toontown Rewritten/TTREngine",
        "toontown-rewritten/TTREngine",
        "Games/Toontown Rewritten/TTREngine",
        "Games/toontown-rewritten/TTREngine",
        ".local/share/toontown-rewritten/TTREngine",
        ".local/share/Toontown Rewritten/TTREngine",
    ];
    for first in 0..places.len() {
        let there = places.get(first..).unwrap_or_default();
        assert_eq!(
            found(there, &FindOptions::default()).as_deref(),
            there.first().copied()
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn games_that_this_program_installed_come_first() {
    let files = ["Toontown Rewritten/TTREngine", "data/games/ttr/TTREngine"];
    assert_eq!(
        found(&files, &FindOptions::default()).as_deref(),
        Some("data/games/ttr/TTREngine")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_game_for_windows_is_found_in_a_prefix_and_run_by_wine() {
    let file = ".local/share/wineprefixes/tt/drive_c/Program Files (x86)/Toontown Rewritten/TTREngine64.exe";
    assert_eq!(
        found(&[file], &FindOptions::default()).as_deref(),
        Some(file)
    );
    assert_eq!(
        found(
            &[file],
            &FindOptions {
                runner: Runner::Native,
                ..FindOptions::default()
            }
        ),
        None
    );
    let (home, paths) = home(&[file]);
    let found = find(&GAME, &FindOptions::default(), &paths).expect("found");
    assert_eq!(found.runner(), Runner::Wine);
    assert_eq!(
        found.prefix.and_then(|prefix| prefix.path),
        Some(home.path().join(".local/share/wineprefixes/tt"))
    );
}

#[test]
fn the_directory_is_the_programs_folder_unless_one_is_given() {
    let (home, paths) = home(&["a/Engine.exe", "b/file"]);
    let exe = Some(home.path().join("a/Engine.exe"));
    let mut options = FindOptions {
        exe,
        ..FindOptions::default()
    };
    let found = find(&GAME, &options, &paths).expect("found");
    assert_eq!(found.directory, home.path().join("a"));
    options.game_dir = Some(home.path().join("b"));
    let found = find(&GAME, &options, &paths).expect("found");
    assert_eq!(found.directory, home.path().join("b"));
}

#[test]
fn a_game_that_does_not_exist_is_missing_whatever_the_options() {
    let (home, paths) = home(&[]);
    for options in [
        FindOptions::default(),
        FindOptions {
            game_dir: Some(home.path().to_owned()),
            ..FindOptions::default()
        },
        FindOptions {
            exe: Some(home.path().join("nothing")),
            ..FindOptions::default()
        },
        FindOptions {
            exe: Some(home.path().to_owned()),
            ..FindOptions::default()
        },
    ] {
        let failure = find(&GAME, &options, &paths).expect_err("nothing is there");
        assert_eq!(failure.reason, Reason::GameMissing);
    }
}
