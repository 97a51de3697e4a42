//! Successful logins with each verb.

use playcookie::stand_in::Scenario;

use crate::harness::{Home, StandInServer};

#[test]
fn an_account_without_a_queue_is_exactly_one_request() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let ended = home.ttr("login", &server.root(), &[]).run().exits(0);
    assert_eq!(server.requests().len(), 1);
    let mut lines = ended.stdout.lines();
    assert_eq!(
        lines.next(),
        Some(format!("export TTR_GAMESERVER='{}'", server.gameserver()).as_str())
    );
    assert!(
        lines
            .next()
            .is_some_and(|line| line.starts_with("export TTR_PLAYCOOKIE='"))
    );
    assert_eq!(lines.next(), None);
}

#[cfg(unix)]
#[test]
fn a_game_is_started_with_its_two_variables_in_its_own_directory() {
    use crate::harness::Engine;

    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::new(&home, "Toontown Rewritten/TTREngine");
    home.ttr("play", &server.root(), &["--no-update"])
        .run()
        .exits(0);
    assert_eq!(engine.variable("TTR_GAMESERVER"), Some(server.gameserver()));
    assert_eq!(
        engine.variable("TTR_PLAYCOOKIE").map(|cookie| cookie.len()),
        Some(32)
    );
    assert_eq!(engine.arguments(), Vec::<String>::new());
    assert_eq!(engine.directory(), home.path().join("Toontown Rewritten"));
    assert_eq!(server.requests().len(), 1);
}
