//! When a game is updated: options, configuration, and who installed it.

use std::fmt::Write as _;

use playcookie::stand_in::Version;
use playcookie::state::StateDirectory;
use playcookie::update::cache::Cache;
use playcookie::update::directory_key::directory_key;

use super::{LIST, default_dir, installed, list_requests, play, published, request_paths, version};
use crate::harness::accounts::account;
use crate::harness::{Engine, Home, RunOutput, StandInServer};

/// Runs `play` for Alice with these lines for her game and her account in the configuration.
fn alice(home: &Home, server: &StandInServer, game: &str, own: &str, typed: &[&str]) -> RunOutput {
    let mut text = format!("[ttr]\napi = \"{}\"\n{game}\n", server.root());
    let own = format!("password-command = \"echo pw\"\n{own}");
    let _ = write!(text, "{}", account("alice", "ttr", "alice-u", &own));
    home.configure(text);
    home.program(&[&["ttr", "alice"], typed].concat()).run()
}

#[test]
fn option_account_and_game_decide_on_the_update_in_this_order() {
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
            version(&default_dir(&home)),
            Some(expected),
            "{game} {own} {typed:?}"
        );
        assert_eq!(list_requests(&server), usize::from(wanted));
    }
}

#[test]
fn games_installed_by_others_are_updated_on_request_only() {
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
        assert_eq!(list_requests(&server), usize::from(wanted));
        assert_eq!(engine.was_started(), !wanted);
        assert!(!default_dir(&home).exists());
    }
}

#[test]
fn a_missing_game_is_installed_on_request() {
    for typed in [&["--update"][..], &["--update", "--game-dir", "some/where"]] {
        let (home, server) = (Home::new(), published(Version::Second));
        let ended = play(&home, &server, typed).run().exits(0);
        let place = match typed {
            [_] => default_dir(&home),
            _ => home.path().join("some/where"),
        };
        assert_eq!(version(&place), Some(2));
        assert!(
            ended.stdout.contains("accepted the play cookie of alice"),
            "{ended:#?}"
        );
        // The game now counts as installed by playcookie.
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
fn a_missing_game_is_not_installed_by_default() {
    let (home, server) = (Home::new(), published(Version::Second));
    for typed in [&[][..], &["--no-update"], &["--update", "--exe", "no/such"]] {
        let ended = play(&home, &server, typed).run();
        ended.fails(72, "Toontown Rewritten");
    }
    let ended = play(&home, &server, &[]).run();
    assert!(ended.hint().contains("playcookie ttr update"), "{ended:#?}");
    assert_eq!(request_paths(&server), Vec::<String>::new());
    assert!(!default_dir(&home).exists());
}

#[test]
fn a_dry_run_updates_nothing() {
    let (home, server) = (installed(), published(Version::Second));
    for typed in [&["--dry-run"][..], &["--dry-run", "--update"]] {
        play(&home, &server, typed).run().exits(0);
    }
    let nowhere = ["--dry-run", "--update", "--game-dir", "nowhere"];
    play(&home, &server, &nowhere).run().fails(72, "nowhere");
    assert_eq!(version(&default_dir(&home)), Some(1));
    assert_eq!(request_paths(&server), Vec::<String>::new());
}

#[test]
fn the_two_options_exclude_each_other() {
    let home = Home::new();
    let both = ["ttr", "--update", "--no-update"];
    home.program(&both).run().fails(64, "--no-update");
}

#[test]
fn without_a_password_nothing_is_requested() {
    let (home, server) = (installed(), published(Version::Second));
    let play = ["ttr", "-u", "alice", "--api", &server.root(), "--update"];
    home.program(&play).run().fails(66, "a password");
    assert_eq!(request_paths(&server), Vec::<String>::new());
}

/// Marks a game as installed by playcookie.
fn mark_as_installed(home: &Home, engine: &Engine) {
    let state = StateDirectory::at(home.path().join(".local/state/playcookie"));
    let mut cache = Cache::default();
    cache.installed = true;
    let directory = engine.path.parent().expect("a folder");
    cache
        .store(&state, &directory_key(directory))
        .expect("it is kept");
}

#[test]
fn a_rehearsal_does_not_update_an_installed_game() {
    let home = Home::new();
    let engine = Engine::new(&home, "games/TTREngine");
    mark_as_installed(&home, &engine);
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
fn corporate_clash_is_not_updated_by_default() {
    // Both games are marked as installed by playcookie. The other game shows that the mark works.
    for (game, lists) in [("ttcc", 0), ("ttr", 1)] {
        let home = Home::new();
        let engine = Engine::new(&home, "games/program");
        mark_as_installed(&home, &engine);
        let server = published(Version::Second);
        let more = ["--exe", engine.exe(), "--no-save"];
        home.game(game, "play", &server.root(), &more)
            .run()
            .exits(0);
        let is_list = |path: &&String| path.contains("/manifest/") || *path == LIST;
        assert_eq!(
            request_paths(&server).iter().filter(is_list).count(),
            lists,
            "{game}"
        );
    }
}
