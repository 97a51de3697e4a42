//! A login that names another list of files than the one that was used.

use std::time::Duration;

use playcookie::stand_in::{
    CombinedServer, Scenario, ServerRequest, ServerResponse, StandIn, Version, stand_in,
};

use super::{LIST, asked, installed, play, usual, version};
use crate::harness::{Home, StandInServer};

const OTHER: &str = "/content/other.txt";

/// A server whose logins name a list of files, where the second version is published; the usual list is of the first.
struct Moved {
    first: CombinedServer,
    second: CombinedServer,
    named: &'static str,
    is_second: bool,
}

impl StandIn for Moved {
    fn serves(&self, _: &str) -> bool {
        true
    }

    fn answer(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        self.is_second |= request.path == OTHER;
        let is_file = request.path.starts_with("/patches/") || request.path == OTHER;
        let path = if request.path == OTHER {
            LIST
        } else {
            &request.path
        };
        let request = ServerRequest {
            path: path.to_owned(),
            ..request.clone()
        };
        if is_file && self.is_second {
            return self.second.answer(&request, now);
        }
        let mut answer = self.first.answer(&request, now);
        answer.body = answer.body.replace(LIST, self.named);
        answer
    }

    fn violations(&self) -> &[String] {
        self.first.violations()
    }
}

/// A server whose logins name this list.
fn naming(named: &'static str) -> StandInServer {
    let make = move |address: &str| {
        let player = env!("CARGO_BIN_EXE_playcookie").as_ref();
        let [first, second] = [Version::First, Version::Second].map(|published| {
            let scenario = Scenario {
                published,
                ..Scenario::PLAIN
            };
            stand_in(scenario, address, player)
        });
        CombinedServer::new(vec![Box::new(Moved {
            first,
            second,
            named,
            is_second: false,
        })])
    };
    StandInServer::with(make, None)
}

#[test]
fn the_files_are_brought_to_the_list_that_the_login_names_before_the_game_starts() {
    for named in [OTHER, "/content/other"] {
        let (home, server) = (installed(), naming(named));
        let ended = play(&home, &server, &["--json"]).run().exits(0);
        assert_eq!(version(&usual(&home)), Some(2));
        let asked = asked(&server);
        assert_eq!(asked[..3], [LIST, "/api/login", OTHER]);
        assert_eq!(asked.last().map(String::as_str), Some("/gameserver/ttr"));
        let logins = asked.iter().filter(|path| *path == "/api/login");
        assert_eq!(logins.count(), 1);
        let mut events = ended.event_names();
        events.dedup();
        let expected = ["update", "login", "update", "ready", "started", "exited"];
        assert_eq!(events, expected);
    }
}

#[test]
fn the_list_that_was_used_is_not_asked_for_again_however_the_login_writes_it() {
    for named in [LIST, "/content/patchmanifest"] {
        let (home, server) = (installed(), naming(named));
        play(&home, &server, &[]).run().exits(0);
        assert_eq!(asked(&server), [LIST, "/api/login", "/gameserver/ttr"]);
    }
}

#[test]
fn a_list_outside_of_its_place_is_not_followed_and_the_game_not_started() {
    for named in [
        "https://evil.example/content/x.txt",
        "/content/../evil.txt",
        "/evil.txt",
    ] {
        let (home, server) = (installed(), naming(named));
        let ended = play(&home, &server, &[])
            .run()
            .fails(76, "was named by the login");
        assert!(ended.told().1.contains("--no-update"), "{ended:#?}");
        assert_eq!(asked(&server), [LIST, "/api/login"]);
    }
}

#[test]
fn without_an_update_the_list_is_nobodys_business() {
    for named in [OTHER, "https://evil.example/"] {
        let (home, server) = (installed(), naming(named));
        play(&home, &server, &["--no-update"]).run().exits(0);
        assert_eq!(asked(&server), ["/api/login", "/gameserver/ttr"]);
    }
}

#[test]
fn several_who_play_the_same_game_all_get_in() {
    let (home, server) = (installed(), naming(OTHER));
    super::several::pair(&home, &server, "");
    let ended = home.program(&["ttr", "alice", "bob"]).run().exits(0);
    assert_eq!(version(&usual(&home)), Some(2));
    for name in ["alice-u", "bob-u"] {
        assert!(
            ended
                .stdout
                .contains(&format!("the play cookie of {name}.")),
            "{ended:#?}"
        );
    }
}

#[test]
fn a_game_that_was_installed_for_this_is_brought_there_too() {
    let (home, server) = (Home::new(), naming(OTHER));
    play(&home, &server, &["--update"]).run().exits(0);
    assert_eq!(version(&usual(&home)), Some(2));
}
