//! Logins that name another list of files than the one that was used.

use std::time::Duration;

use playcookie::stand_in::{
    CombinedServer, Scenario, ServerRequest, ServerResponse, StandIn, Version, stand_in,
};

use super::{LIST, default_dir, installed, play, request_paths, version};
use crate::harness::{Home, StandInServer};

const OTHER: &str = "/content/other.txt";

/// A server with the first version in its default list and the second version in the list that its logins name.
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

/// Starts a server whose logins name this list.
fn with_named_list(named: &'static str) -> StandInServer {
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
fn the_list_of_the_login_is_installed_before_the_game_starts() {
    for named in [OTHER, "/content/other"] {
        let (home, server) = (installed(), with_named_list(named));
        let ended = play(&home, &server, &["--json"]).run().exits(0);
        assert_eq!(version(&default_dir(&home)), Some(2));
        let requested = request_paths(&server);
        assert_eq!(requested[..3], [LIST, "/api/login", OTHER]);
        assert_eq!(
            requested.last().map(String::as_str),
            Some("/gameserver/ttr")
        );
        let logins = requested.iter().filter(|path| *path == "/api/login");
        assert_eq!(logins.count(), 1);
        let mut events = ended.event_names();
        events.dedup();
        let expected = "update login update updated ready started exited";
        assert_eq!(events.join(" "), expected);
    }
}

#[test]
fn the_same_list_in_another_spelling_is_not_requested_again() {
    for named in [LIST, "/content/patchmanifest"] {
        let (home, server) = (installed(), with_named_list(named));
        play(&home, &server, &[]).run().exits(0);
        assert_eq!(
            request_paths(&server),
            [LIST, "/api/login", "/gameserver/ttr"]
        );
    }
}

#[test]
fn a_list_outside_the_content_path_is_refused_and_no_game_started() {
    for named in [
        "https://evil.example/content/x.txt",
        "/content/../evil.txt",
        "/evil.txt",
    ] {
        let (home, server) = (installed(), with_named_list(named));
        let ended = play(&home, &server, &[])
            .run()
            .fails(76, "was named by the login");
        assert!(ended.hint().contains("--no-update"), "{ended:#?}");
        assert_eq!(request_paths(&server), [LIST, "/api/login"]);
    }
}

#[test]
fn without_an_update_the_list_of_the_login_is_ignored() {
    for named in [OTHER, "https://evil.example/"] {
        let (home, server) = (installed(), with_named_list(named));
        play(&home, &server, &["--no-update"]).run().exits(0);
        assert_eq!(request_paths(&server), ["/api/login", "/gameserver/ttr"]);
    }
}

#[test]
fn several_accounts_of_one_game_all_log_in() {
    let (home, server) = (installed(), with_named_list(OTHER));
    super::several_accounts::pair(&home, &server, "");
    let ended = home.program(&["ttr", "alice", "bob"]).run().exits(0);
    assert_eq!(version(&default_dir(&home)), Some(2));
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
fn a_newly_installed_game_gets_the_list_of_the_login_too() {
    let (home, server) = (Home::new(), with_named_list(OTHER));
    play(&home, &server, &["--update"]).run().exits(0);
    assert_eq!(version(&default_dir(&home)), Some(2));
}
