//! How many connections are opened.

use playcookie::stand_in::Scenario;

use crate::harness::stand_in::Connection;
use crate::harness::tls::Authority;
use crate::harness::{Home, InteractiveRun, StandInServer};

const ONE: [Connection; 1] = [Connection::Plain];

#[test]
fn a_watch_uses_one_connection() {
    let server = StandInServer::new(Scenario::default());
    let root = server.root();
    for (game, before) in [("ttr", 0), ("tlopo", 1)] {
        let home = Home::new();
        let words = [game, "districts", "--watch=0.1", "--json", "--api", &root];
        let watch = InteractiveRun::start(home.program(&words));
        for _ in 0..5 {
            watch.line();
        }
        assert_eq!(server.connections()[before..], ONE, "{game}");
    }
}

#[test]
fn a_watch_of_the_status_uses_one_connection() {
    let server = StandInServer::new(Scenario::default());
    let home = Home::new();
    let words = [
        "status",
        "ttr",
        "--watch=0.1",
        "--json",
        "--api",
        &server.root(),
    ];
    let watch = InteractiveRun::start(home.program(&words));
    for _ in 0..5 {
        watch.line();
    }
    assert_eq!(server.connections(), ONE);
    assert!(server.requests().len() >= 15);
}

#[test]
fn the_status_uses_one_connection_per_game() {
    let server = StandInServer::new(Scenario::default());
    let home = Home::new();
    let games = ["ttr", "ttcc", "tlopo"];
    let tables = games.map(|game| format!("[{game}]\napi = \"{}\"\n", server.root()));
    home.configure(tables.concat());
    home.program(&["status"]).run().exits(0);
    assert_eq!(server.requests().len(), 7);
    // The games share one origin here, and are asked at once.
    assert!(
        server.connections().len() <= games.len(),
        "{:?}",
        server.connections()
    );
}

#[test]
fn a_login_uses_one_connection() {
    for game in ["ttr", "ttcc", "tlopo"] {
        let server = StandInServer::new(Scenario {
            queue: Some(1),
            ..Scenario::default()
        });
        let home = Home::new();
        home.game(game, "login", &server.root(), &[]).run().exits(0);
        assert_eq!(server.connections(), ONE, "{game}");
    }
}

#[cfg(unix)]
#[test]
fn an_update_resumes_the_session_of_its_first_connection() {
    let authority = Authority::new();
    let acceptor = authority.acceptor(&["127.0.0.1"]);
    let server = StandInServer::secure(Scenario::default(), acceptor);
    let home = Home::new();
    let folder = home.path().join("game");
    let folder = folder.to_str().expect("UTF-8");
    let words = [
        "ttr",
        "update",
        "--game-dir",
        folder,
        "--api",
        &server.root(),
    ];
    let program = home.program(&words);
    program
        .env("SSL_CERT_FILE", authority.file(&home))
        .run()
        .exits(0);
    let connections = server.connections();
    assert_eq!(connections.first(), Some(&Connection::Full));
    // Each ticket of the server is used once, so that not every connection has one.
    assert!(
        connections.contains(&Connection::Resumed),
        "{connections:?}"
    );
}
