//! Several accounts: one update for each game, before the first login.

use playcookie::stand_in::Version;

use super::{LIST, default_dir, installed, list_requests, published, request_paths, version};
use crate::harness::accounts::account;
use crate::harness::{Home, Reaction, Scripted, StandInServer};
use crate::wine::{wine, with_wine};

fn configure(home: &Home, root: &str, more: &str) {
    let mut text = format!("[ttr]\napi = \"{root}\"\n[tlopo]\napi = \"{root}\"\n");
    for (name, game) in [("alice", "ttr"), ("bob", "ttr"), ("dora", "tlopo")] {
        let own = format!("password-command = \"echo pw\"\n{more}");
        text += &account(name, game, &format!("{name}-u"), &own);
    }
    home.configure(text);
}

/// Configures alice and bob of `ttr` and dora of `tlopo` at a server.
pub(super) fn pair(home: &Home, server: &StandInServer, more: &str) {
    configure(home, &server.root(), more);
}

#[test]
fn a_game_is_updated_once_for_all_accounts() {
    let (home, server) = (installed(), published(Version::Second));
    pair(&home, &server, "");
    home.program(&["ttr", "alice", "bob"]).run().exits(0);
    assert_eq!(version(&default_dir(&home)), Some(2));
    let requested = request_paths(&server);
    assert_eq!(list_requests(&server), 1);
    let login = requested.iter().position(|path| path == "/api/login");
    let after = &requested[login.expect("a login")..];
    assert!(!after.iter().any(|path| path.starts_with("/patches/")));
    let logins = after.iter().filter(|path| *path == "/api/login");
    assert_eq!(logins.count(), 2);
}

#[test]
fn a_missing_game_is_installed_once_for_all_accounts() {
    let (home, server) = (Home::new(), published(Version::Second));
    // A hook reads what the game could have read.
    let hook = "post-exit = \"cat >read-$PLAYCOOKIE_ACCOUNT\"\n";
    pair(&home, &server, hook);
    let ended = home
        .program(&["ttr", "alice", "bob", "--update"])
        .stdin("a line")
        .run()
        .exits(0);
    for name in ["alice-u", "bob-u"] {
        assert!(
            ended
                .stdout
                .contains(&format!("the play cookie of {name}.")),
            "{ended:#?}"
        );
    }
    for account in ["alice", "bob"] {
        let read = std::fs::read(home.path().join(format!("read-{account}")));
        assert_eq!(read.expect("a file"), b"", "{account}");
    }
    assert_eq!(list_requests(&server), 1);
}

#[test]
fn each_game_is_updated_before_the_first_login() {
    let (home, server) = (Home::new(), published(Version::Second));
    pair(&home, &server, "update = true");
    let _wine = wine(&home);
    with_wine(home.program(&["play", "alice", "dora"]), &home)
        .run()
        .exits(0);
    let requested = request_paths(&server);
    let at = |path: &str| {
        requested
            .iter()
            .position(|it| it == path)
            .expect("it was asked for")
    };
    let login = at("/api/login");
    assert!(
        at(LIST) < login && at("/win64/patcher.json") < login,
        "{requested:?}"
    );
}

#[test]
fn a_failed_update_is_an_error_of_each_account_and_no_login_starts() {
    let home = installed();
    let server = Scripted::new([Reaction::answer(429, "text/plain", "")]);
    configure(&home, &server.root(), "");
    let ended = home
        .program(&["ttr", "alice", "bob", "--json"])
        .run()
        .exits(75);
    let errors: Vec<_> = ended
        .events()
        .iter()
        .map(|event| (event["event"].clone(), event["account"].clone()))
        .collect();
    assert_eq!(
        errors,
        [
            ("error".into(), "alice".into()),
            ("error".into(), "bob".into())
        ]
    );
}
