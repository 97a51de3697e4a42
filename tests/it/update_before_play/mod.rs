//! `play` updates a game before the login.

mod failures;
mod interrupted;
mod list_from_login;
mod policy;
mod running_games;
mod several_accounts;

use std::path::{Path, PathBuf};

use playcookie::stand_in::{Scenario, Version};

use crate::harness::{Home, Program, StandInServer};

/// The folder of installed games below a home.
const GAMES: &str = ".local/share/playcookie/games";
/// The path of the list of files.
const LIST: &str = "/content/patchmanifest.txt";

/// Starts a server that publishes a version of the small game.
fn published(published: Version) -> StandInServer {
    StandInServer::new(Scenario {
        published,
        ..Scenario::PLAIN
    })
}

/// Returns the directory in which playcookie installs `ttr`.
fn default_dir(home: &Home) -> PathBuf {
    home.path().join(GAMES).join("ttr")
}

/// Creates a home in which playcookie has installed the first version of the small game.
fn installed() -> Home {
    let home = Home::new();
    let server = published(Version::First);
    let update = ["ttr", "update", "--api", &server.root()];
    home.program(&update).run().exits(0);
    assert_eq!(version(&default_dir(&home)), Some(1));
    home
}

/// Returns the version of the small game in a directory, or `None` if it is another game.
fn version(game: &Path) -> Option<u8> {
    let script = std::fs::read_to_string(game.join("TTREngine")).ok()?;
    let (_, rest) = script.split_once("# The stand-in for ttr, version ")?;
    rest.chars().next()?.to_digit(10)?.try_into().ok()
}

/// Returns the requested paths in order.
fn request_paths(server: &StandInServer) -> Vec<String> {
    let requests = server.requests().into_iter();
    requests.map(|request| request.path).collect()
}

/// Returns how often the list of files was requested.
fn list_requests(server: &StandInServer) -> usize {
    request_paths(server)
        .iter()
        .filter(|path| *path == LIST)
        .count()
}

/// Returns `playcookie ttr play -u alice --password-stdin …` at a server.
fn play(home: &Home, server: &StandInServer, more: &[&str]) -> Program {
    home.ttr("play", &server.root(), more)
}

#[test]
fn an_installed_game_is_updated_before_the_login() {
    let home = installed();
    let server = published(Version::Second);
    let ended = play(&home, &server, &["--json"]).run().exits(0);
    assert_eq!(version(&default_dir(&home)), Some(2));
    let mut events = ended.event_names();
    let updates = events.iter().take_while(|name| *name == "update").count();
    assert!(updates > 1, "{events:?}");
    assert_eq!(
        events.split_off(updates),
        ["updated", "login", "ready", "started", "exited"]
    );
    let requested = request_paths(&server);
    let login = requested.iter().position(|path| path == "/api/login");
    let login = login.expect("a login");
    assert_eq!(requested.first().map(String::as_str), Some(LIST));
    assert!(
        requested[..login]
            .iter()
            .any(|path| path.starts_with("/patches/"))
    );
    assert_eq!(requested[login..], ["/api/login", "/gameserver/ttr"]);
}

#[test]
fn text_output_reports_the_update() {
    let home = installed();
    let ended = play(&home, &published(Version::Second), &[]).run().exits(0);
    assert!(ended.stderr.contains("5 of 8 files updated"), "{ended:#?}");
    let ended = play(&home, &published(Version::Second), &[]).run().exits(0);
    assert!(!ended.stderr.contains("up to date"), "{ended:#?}");
}

#[test]
fn an_up_to_date_game_needs_only_the_list() {
    let home = installed();
    let server = published(Version::First);
    play(&home, &server, &[]).run().exits(0);
    assert_eq!(
        request_paths(&server),
        [LIST, "/api/login", "/gameserver/ttr"]
    );
}

#[test]
fn every_file_is_up_to_date_afterwards() {
    let home = installed();
    play(&home, &published(Version::Second), &[]).run().exits(0);
    let check = published(Version::Second);
    let check = [
        "ttr",
        "update",
        "--verify",
        "--check",
        "--api",
        &check.root(),
    ];
    let ended = home.program(&check).run().exits(0);
    let sentence = "Toontown Rewritten: up to date, 8 files in ";
    assert!(ended.stdout.starts_with(sentence), "{ended:#?}");
}
