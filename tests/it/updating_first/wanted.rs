//! Whose files are brought up to date, and when: what was typed, what is set, what this program installed.

use std::fmt::Write as _;

use playcookie::stand_in::Version;
use playcookie::state::StateDirectory;
use playcookie::update::cache::Cache;
use playcookie::update::directory_key::directory_key;

use super::{LIST, asked, installed, looks, play, published, usual, version};
use crate::harness::accounts::account;
use crate::harness::{Ended, Engine, Home, StandInServer};

/// Alice plays at a server, with these lines for her game and for her.
fn alice(home: &Home, server: &StandInServer, game: &str, own: &str, typed: &[&str]) -> Ended {
    let mut text = format!("[ttr]\napi = \"{}\"\n{game}\n", server.root());
    let own = format!("password-command = \"echo pw\"\n{own}");
    let _ = write!(text, "{}", account("alice", "ttr", "alice-u", &own));
    home.configure(text);
    home.program(&[&["ttr", "alice"], typed].concat()).run()
}

#[test]
fn what_is_nearest_says_whether_an_installed_game_is_brought_up_to_date() {
    let (yes, no) = ("update = true", "update = false");
    for (game, own, typed, wanted) in [
        ("", "", "", true),
        ("", "", "--no-update", false),
        (no, "", "", false),
        ("", no, "", false),
        (yes, no, "", false),
        (no, yes, "", true),
        (no, no, "--update", true),
        (yes, yes, "--no-update", false),
    ] {
        let (home, server) = (installed(), published(Version::Second));
        let typed: Vec<_> = [typed].into_iter().filter(|it| !it.is_empty()).collect();
        alice(&home, &server, game, own, &typed).exits(0);
        let expected = if wanted { 2 } else { 1 };
        assert_eq!(
            version(&usual(&home)),
            Some(expected),
            "{game} {own} {typed:?}"
        );
        assert_eq!(looks(&server), usize::from(wanted));
    }
}

#[test]
fn what_others_installed_is_left_alone_unless_the_player_wants_it_otherwise() {
    for (own, typed, wanted) in [
        ("", &[][..], false),
        ("update = true", &[], true),
        ("", &["--update"], true),
    ] {
        let home = Home::new();
        let engine = Engine::new(&home, "Toontown Rewritten/TTREngine");
        let server = published(Version::Second);
        alice(&home, &server, "", own, typed).exits(0);
        let there = home.path().join("Toontown Rewritten");
        assert_eq!(version(&there), wanted.then_some(2), "{own} {typed:?}");
        assert_eq!(looks(&server), usize::from(wanted));
        assert_eq!(engine.was_started(), !wanted);
        assert!(!usual(&home).exists());
    }
}

#[test]
fn a_missing_game_is_installed_when_the_player_wants_that() {
    for typed in [&["--update"][..], &["--update", "--game-dir", "some/where"]] {
        let (home, server) = (Home::new(), published(Version::Second));
        let ended = play(&home, &server, typed).run().exits(0);
        let place = match typed {
            [_] => usual(&home),
            _ => home.path().join("some/where"),
        };
        assert_eq!(version(&place), Some(2));
        assert!(ended.stdout.contains("let alice in"), "{ended:#?}");
        // From now on it is one that this program installed.
        let newer = published(Version::First);
        play(&home, &newer, &typed[1..]).run().exits(0);
        assert_eq!(version(&place), Some(1));
    }
    let (home, server) = (Home::new(), published(Version::Second));
    alice(
        &home,
        &server,
        "update = true\ngame-dir = \"~/here\"",
        "",
        &[],
    )
    .exits(0);
    assert_eq!(version(&home.path().join("here")), Some(2));
}

#[test]
fn a_missing_game_is_not_installed_by_itself() {
    let (home, server) = (Home::new(), published(Version::Second));
    for typed in [&[][..], &["--no-update"], &["--update", "--exe", "no/such"]] {
        let ended = play(&home, &server, typed).run();
        ended.fails(72, "Toontown Rewritten");
    }
    let ended = play(&home, &server, &[]).run();
    assert!(
        ended.told().1.contains("playcookie ttr update"),
        "{ended:#?}"
    );
    assert_eq!(asked(&server), Vec::<String>::new());
    assert!(!usual(&home).exists());
}

#[test]
fn a_dry_run_brings_nothing_up_to_date() {
    let (home, server) = (installed(), published(Version::Second));
    for typed in [&["--dry-run"][..], &["--dry-run", "--update"]] {
        play(&home, &server, typed).run().exits(0);
    }
    let nowhere = ["--dry-run", "--update", "--game-dir", "nowhere"];
    play(&home, &server, &nowhere).run().fails(72, "nowhere");
    assert_eq!(version(&usual(&home)), Some(1));
    assert_eq!(asked(&server), Vec::<String>::new());
}

#[test]
fn the_two_options_exclude_each_other() {
    let home = Home::new();
    let both = ["ttr", "--update", "--no-update"];
    home.program(&both).run().fails(64, "--no-update");
}

#[test]
fn nothing_is_asked_for_without_a_password_to_go_on_with() {
    let (home, server) = (installed(), published(Version::Second));
    let play = ["ttr", "-u", "alice", "--api", &server.root(), "--update"];
    home.program(&play).run().fails(66, "a password");
    assert_eq!(asked(&server), Vec::<String>::new());
}

/// Lets the program believe that it installed a game.
fn is_ours(home: &Home, engine: &Engine) {
    let state = StateDirectory::at(home.path().join(".local/state/playcookie"));
    let mut cache = Cache::default();
    cache.installed = true;
    let directory = engine.path.parent().expect("a folder");
    cache
        .store(&state, &directory_key(directory))
        .expect("it is kept");
}

#[test]
fn a_rehearsal_leaves_an_installed_game_alone() {
    let home = Home::new();
    let engine = Engine::new(&home, "games/TTREngine");
    is_ours(&home, &engine);
    let words = ["rehearse", "ttr", "--queue", "0", "-u", "alice"];
    let named = ["--password-stdin", "--json", "--exe", engine.exe()];
    let run = home.program(&[&words[..], &named].concat());
    let ended = run.stdin("anything\n").run().exits(0);
    let events = ended.event_names();
    assert_eq!(
        events.first().map(String::as_str),
        Some("login"),
        "{events:?}"
    );
    assert!(engine.was_started());
}

#[test]
fn corporate_clash_is_never_brought_up_to_date_by_itself() {
    // Of both it is known that this program installed them; the other game shows that this is known.
    for (game, lists) in [("ttcc", 0), ("ttr", 1)] {
        let home = Home::new();
        let engine = Engine::new(&home, "games/program");
        is_ours(&home, &engine);
        let server = published(Version::Second);
        let more = ["--exe", engine.exe(), "--no-save"];
        home.game(game, "play", &server.root(), &more)
            .run()
            .exits(0);
        let is_list = |path: &&String| path.contains("/manifest/") || *path == LIST;
        assert_eq!(
            asked(&server).iter().filter(is_list).count(),
            lists,
            "{game}"
        );
    }
}
