//! Updates, whose download servers are part of the login.

#[cfg(unix)]
mod playing;

use std::collections::BTreeMap;
#[cfg(unix)]
use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

#[cfg(unix)]
use playcookie::stand_in::Fault;
use playcookie::stand_in::{
    CombinedServer, LoginRefusal, Scenario, ServerRequest, ServerResponse, StandIn, stand_in,
};
use serde_json::{Value, json};

use super::*;
use crate::harness::{ClosedPort, Program, RunOutput};

const LISTS: &str = "/api/v1/launcher/manifest/v3/production/";
/// The requests before the first list and after the last file.
const BEFORE: [&str; 2] = [LOGIN_PATHS[0], LOGIN_PATHS[1]];
const AFTER: &str = LOGIN_PATHS[3];
const BY_PATH: &str = "/cloudflare/";
const BY_KEY: &str = "/storage/";

/// A stand-in for one path that replaces the regular one.
struct Override<F> {
    path: &'static str,
    answer: F,
}

impl<F: FnMut() -> ServerResponse + Send + 'static> StandIn for Override<F> {
    fn serves(&self, path: &str) -> bool {
        path == self.path
    }

    fn answer(&mut self, _: &ServerRequest, _: Duration) -> ServerResponse {
        (self.answer)()
    }

    fn violations(&self) -> &[String] {
        &[]
    }
}

/// Starts a stand-in server that handles the paths that `first` does not serve.
fn with_override<S: StandIn>(first: impl FnOnce(&str) -> S + Send + 'static) -> StandInServer {
    let make = move |address: &str| {
        let player = Path::new(env!("CARGO_BIN_EXE_playcookie"));
        let all = stand_in(Scenario::PLAIN, address, player);
        CombinedServer::new(vec![Box::new(first(address)), Box::new(all)])
    };
    StandInServer::with(make, None)
}

/// Starts a stand-in server whose metadata has these download servers by name and URL. A URL without a host means the
/// stand-in itself.
fn with_download_servers(servers: &[(&str, &str)]) -> StandInServer {
    let servers: Vec<_> = { servers.iter() }
        .map(|(name, base)| ((*name).to_owned(), (*base).to_owned()))
        .collect();
    with_override(move |address| {
        let servers = servers.into_iter().map(|(name, base)| {
            let host = if base.starts_with('/') {
                format!("http://{address}")
            } else {
                String::new()
            };
            json!({ "id": 1, "name": name, "base_url": host + &base, "realm": "production" })
        });
        let servers: Value = servers.collect();
        let realm = json!({ "slug": "production", "hostname": "g", "downloadservers": servers });
        let metadata = json!({ "realms": [realm], "bad_token": false });
        Override {
            path: LOGIN_PATHS[1],
            answer: move || ServerResponse::json(&metadata),
        }
    })
}

/// Returns `ttcc update -u alice --password-stdin --game-dir game …`.
fn update(home: &Home, root: &str, more: &[&str]) -> Program {
    let more = [&["--game-dir", "game"], more].concat();
    home.game("ttcc", "update", root, &more)
}

/// Returns all files below a folder by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut folders = vec![folder.to_owned()];
    let mut found = BTreeMap::new();
    while let Some(inner) = folders.pop() {
        let entries = std::fs::read_dir(inner).into_iter().flatten();
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("below it");
            let name = name.to_str().expect("UTF-8").replace('\\', "/");
            found.insert(name, std::fs::read(path).expect("a file"));
        }
    }
    found
}

/// Returns the game's files in a home.
fn installed(home: &Home) -> BTreeMap<String, Vec<u8>> {
    files(&home.path().join("game"))
}

/// Returns whether a name is that of a partial download.
fn is_part(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default();
    name.starts_with('.') && Path::new(name).extension().is_some_and(|it| it == "part")
}

/// Returns the expected files of the game.
fn game_files() -> BTreeMap<String, Vec<u8>> {
    let (home, server) = (Home::new(), plain());
    update(&home, &server.root(), &[]).run().exits(0);
    installed(&home)
}

/// Returns the requested paths of files.
fn fetched(server: &StandInServer) -> Vec<String> {
    let mut paths = paths(server);
    paths.retain(|path| path.starts_with(BY_PATH) || path.starts_with(BY_KEY));
    paths
}

/// Returns the tokens of the requests that have one.
fn bearers(server: &StandInServer) -> Vec<String> {
    let requests = server.requests().into_iter();
    let bearers = requests.filter_map(|request| {
        let token = request.authorization.strip_prefix("Bearer ")?;
        Some(token.to_owned())
    });
    bearers.collect()
}

/// Asserts that the last request revokes the token.
#[track_caller]
fn assert_token_revoked(server: &StandInServer) {
    assert_eq!(paths(server).last().map(String::as_str), Some(AFTER));
    let bearers = bearers(server);
    assert_eq!(bearers.len(), 2, "for the metadata and the revocation");
    assert_eq!(bearers[0], bearers[1]);
}

#[track_caller]
fn sentence(ended: &RunOutput) {
    assert!(
        ended
            .stderr
            .contains("its makers document neither the manifest"),
        "{ended:#?}"
    );
}

#[test]
fn a_password_is_enough_to_install_the_game() {
    let (home, server) = (Home::new(), plain());
    let ended = update(&home, &server.root(), &["-vv"]).run().exits(0);
    sentence(&ended);
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("8 of 8 files updated"), "{ended:#?}");
    let files = installed(&home);
    assert_eq!(files.len(), 8, "{:?}", files.keys());
    assert!(files["readme.txt"].starts_with(b"This is the second version."));
    // The list has a `\` in this name.
    assert_eq!(files["resources/default/phase_5.mf"].len(), 4096);
    assert_eq!(files["phase 3/ä.mf"], "säbel ".repeat(300).into_bytes());
    assert_eq!(files["empty.txt"], b"");

    let requested = paths(&server);
    assert_eq!(requested[..2], BEFORE);
    assert!(requested[2..4].iter().all(|path| path.starts_with(LISTS)));
    assert_eq!(fetched(&server).len(), 8);
    assert!(
        !requested.iter().any(|path| path == LOGIN_PATHS[2]),
        "no login"
    );
    assert_token_revoked(&server);
    let token = bearers(&server).pop().expect("a token");
    ended.hides(&[PASSWORD, &token]);
}

#[test]
fn events_report_the_login_and_the_update_without_ready() {
    let (home, server) = (Home::new(), plain());
    let ended = update(&home, &server.root(), &["--json", "-vv"]).run();
    let ended = ended.exits(0);
    let mut names = ended.event_names();
    let last = ended.events().pop().expect("an event");
    assert_eq!((&last["files"], &last["all_files"]), (&json!(8), &json!(8)));
    assert_eq!(last["username"], "alice");
    names.dedup();
    assert_eq!(names, ["login", "update", "updated"]);
    let token = bearers(&server).pop().expect("a token");
    ended.hides(&[PASSWORD, &token]);
}

#[test]
fn a_second_run_finds_nothing_to_fetch() {
    let (home, server) = (Home::new(), plain());
    update(&home, &server.root(), &[]).run().exits(0);
    let before = installed(&home);
    let other = plain();
    for more in [&[][..], &["--verify"]] {
        let ended = update(&home, &other.root(), more).run().exits(0);
        assert!(ended.stderr.contains("up to date, 8 files"), "{ended:#?}");
    }
    assert_eq!(fetched(&other), Vec::<String>::new());
    assert_eq!(installed(&home), before);
}

#[test]
fn files_are_requested_by_path_or_by_key() {
    let whole = game_files();
    for (name, place) in [("EU Cloudflare", BY_PATH), ("eu-1", BY_KEY)] {
        let (home, server) = (Home::new(), with_download_servers(&[(name, place)]));
        update(&home, &server.root(), &[]).run().exits(0);
        assert_eq!(installed(&home), whole, "{place}");
        let fetched = fetched(&server);
        assert!(fetched.iter().all(|path| path.starts_with(place)));
        assert_eq!(fetched.len(), 8);
    }
}

#[test]
fn an_unreachable_download_server_is_replaced_by_the_next() {
    let gone = ClosedPort::new();
    let base = format!("{}/", gone.root());
    let servers = [("cloudflare-1", base.as_str()), ("eu-1", BY_KEY)];
    let (home, server) = (Home::new(), with_download_servers(&servers));
    update(&home, &server.root(), &[]).run().exits(0);
    assert_eq!(installed(&home), game_files());
}

#[test]
fn an_update_fails_when_no_server_has_a_file() {
    let empty = Scripted::always(Reaction::answer(404, "text/html", "<html>"));
    let base = format!("{}/", empty.root());
    let servers = [("cloudflare-1", base.as_str()), ("eu-1", base.as_str())];
    let (home, server) = (Home::new(), with_download_servers(&servers));
    let ended = update(&home, &server.root(), &[]).run();
    let ended = ended.fails(69, "the server does not have it");
    assert!(installed(&home).keys().all(|name| is_part(name)));
    assert_token_revoked(&server);
    let token = bearers(&server).pop().expect("a token");
    ended.hides(&[PASSWORD, &token]);
}

#[test]
fn metadata_without_a_download_server_is_not_understood() {
    let (home, server) = (Home::new(), with_download_servers(&[]));
    let ended = update(&home, &server.root(), &["--json"]).run();
    let ended = ended.fails(76, "names no download server");
    assert_eq!(ended.error_event()["reason"], "not-understood");
    assert_eq!(paths(&server), [BEFORE[0], BEFORE[1], AFTER]);
    assert!(!home.path().join("game").exists());
}

#[test]
fn a_wrong_password_fails_before_any_file_is_requested() {
    let server = StandInServer::new(Scenario {
        refuse: Some(LoginRefusal::Password),
        ..Scenario::PLAIN
    });
    let home = Home::new();
    let ended = update(&home, &server.root(), &["--json"]).run();
    let ended = ended.fails(77, "alice").hides(&[PASSWORD]);
    assert_eq!(ended.error_event()["reason"], "credentials");
    assert_eq!(paths(&server), [LOGIN_PATHS[0]]);
    assert!(!home.path().join("game").exists());
}

#[test]
fn check_needs_no_login() {
    let (home, server) = (Home::new(), plain());
    let check = |more: &[&str]| {
        let arguments = ["ttcc", "update", "--check", "-v", "--game-dir", "game"];
        let root = server.root();
        let arguments = [&arguments[..], &["--api", &root], more].concat();
        home.program(&arguments).run()
    };
    let ended = check(&[]).exits(10);
    sentence(&ended);
    let lines: Vec<_> = ended.stdout.lines().collect();
    assert_eq!(lines.len(), 9, "{lines:?}");
    assert!(lines.contains(&"fetch  resources/default/phase_5.mf"));
    assert!(!home.path().join("game").exists());
    let events = check(&["--json"]).exits(10).events();
    assert_eq!((events.len(), &events[0]["files"]), (2, &json!(8)));
    let requested = paths(&server);
    assert!(requested.iter().all(|path| path.starts_with(LISTS)));

    update(&home, &server.root(), &[]).run().exits(0);
    let ended = check(&[]).exits(0);
    assert!(ended.stdout.contains("up to date, 8 files"), "{ended:#?}");
}

#[test]
fn the_documented_interface_has_nothing_to_download() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let root = format!("documented@{}", server.root());
    for more in [&[][..], &["--check"]] {
        let ended = update(&home, &root, more).run();
        ended.fails(64, "the documented interface of Toontown: Corporate Clash");
    }
}

#[test]
fn a_missing_password_fails_before_anything_is_sent() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let arguments = ["ttcc", "update", "-u", "alice", "--api", &server.root()];
    home.program(&arguments).run().fails(66, "a password");
}

#[cfg(unix)]
#[test]
fn an_unusable_directory_fails_before_anything_is_sent() {
    let (home, server) = (Home::new(), Scripted::untouched());
    home.write("game/CorporateClash.exe", "MZ");
    let running = std::fs::File::open(home.path().join("game")).expect("a folder");
    running.lock_shared().expect("a lock");
    let ended = update(&home, &server.root(), &[]).run();
    ended.fails(75, "is running");

    let home = Home::new();
    home.write("game", "a file");
    let ended = update(&home, &server.root(), &[]).run();
    ended.fails(74, "cannot be used");
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_files_arrive_revokes_the_token_and_leaves_whole_files() {
    use crate::harness::{SendSignal, wait_until};

    let server = StandInServer::new(Scenario {
        fault: Fault {
            slow: NonZeroU32::new(1),
            ..Fault::NONE
        },
        ..Scenario::PLAIN
    });
    let home = Home::new();
    let run = update(&home, &server.root(), &["-vv"]).start();
    let game = home.path().join("game");
    wait_until("a small file is there", || game.join("readme.txt").exists());
    run.signal(rustix::process::Signal::INT);
    let ended = run.wait().dies_of(rustix::process::Signal::INT);
    assert_token_revoked(&server);
    let token = bearers(&server).pop().expect("a token");
    ended.hides(&[PASSWORD, &token]);
    let whole = game_files();
    for (name, content) in installed(&home) {
        assert!(
            is_part(&name) || Some(&content) == whole.get(&name),
            "{name}"
        );
    }
    assert!(!game.join("phase_4.mf").exists());
    update(&home, &plain().root(), &[]).run().exits(0);
    assert_eq!(installed(&home), whole);
}

#[cfg(target_os = "linux")]
#[test]
fn a_stored_token_updates_without_a_password_and_is_not_revoked() {
    use crate::harness::store::{StoredSecrets, with_a_store};

    let name = "ttcc::update::a_stored_token_updates_without_a_password_and_is_not_revoked";
    with_a_store(name, async |home| {
        let server = plain();
        let root = server.root();
        let first = update(&home, &root, &["--save=carol"]).on_the_bus();
        first.run().exits(0);
        let owner = StoredSecrets {
            game: "ttcc",
            username: "alice",
            root: &root,
        };
        let token = owner.get("token").await.expect("a token");
        let saved = paths(&server);
        assert!(!saved.iter().any(|path| path == AFTER), "{saved:?}");

        std::fs::remove_file(home.path().join("game/phase_7.mf")).expect("a file");
        let arguments = ["ttcc", "update", "carol", "--game-dir", "game", "-vv"];
        let again = home.program(&arguments).args(["--api", &root]).on_the_bus();
        again.run().exits(0).hides(&[&token]);
        let requested = paths(&server).split_off(saved.len());
        let (lists, rest): (Vec<_>, Vec<_>) =
            { requested.into_iter() }.partition(|path| path.starts_with(LISTS));
        assert_eq!(lists.len(), 2);
        assert_eq!(
            rest,
            [LOGIN_PATHS[1], "/cloudflare/resources/phase_7.mf.gz"]
        );
        assert_eq!(owner.get("token").await, Some(token));
    });
}

#[cfg(target_os = "linux")]
#[test]
fn the_game_is_installed_in_the_data_directory() {
    let (home, server) = (Home::new(), plain());
    home.game("ttcc", "update", &server.root(), &[])
        .run()
        .exits(0);
    let usual = home.path().join(".local/share/playcookie/games/ttcc");
    assert_eq!(files(&usual).len(), 8);
}

#[cfg(unix)]
#[test]
fn check_uses_the_directory_of_the_only_account() {
    let (home, server) = (Home::new(), plain());
    update(&home, &server.root(), &[]).run().exits(0);
    let directory = format!("game-dir = {:?}", home.path().join("game"));
    let carol = crate::harness::accounts::account("carol", "ttcc", "carol-u", &directory);
    home.configure(carol);
    let arguments = ["ttcc", "update", "--check", "--api", &server.root()];
    let ended = home.program(&arguments).run().exits(0);
    assert!(ended.stdout.contains("up to date, 8 files"), "{ended:#?}");
}
