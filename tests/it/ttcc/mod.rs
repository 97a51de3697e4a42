//! Toontown: Corporate Clash with both interfaces.

mod outcomes;
#[cfg(unix)]
mod starting;
mod update;

use playcookie::stand_in::Scenario;

use crate::harness::games::{PASSWORD, ends_as};
use crate::harness::{Home, Reaction, Scripted, StandInServer};

const LAUNCHER_TOKEN: &str = "launcher-5ec7e7";
const GAME_TOKEN: &str = "game-5ec7e7";
const REGISTERED: &str = r#"{"status":true,"reason":1000,"toonstep":false,"message":"","token":"launcher-5ec7e7","id":1}"#;
const METADATA: &str =
    r#"{"realms":[{"slug":"production","hostname":"gs.example:7198"}],"bad_token":false}"#;
const GRANTED: &str = r#"{"status":true,"toonstep":false,"message":"","token":"game-5ec7e7"}"#;
const CLOSED: &str = r#"{"status":false,"reason":1004,"toonstep":false,"message":"Maintenance."}"#;
const REVOKED: &str = r#"{"status":true,"bad_token":false}"#;
const OPEN: &str = r#"{"num_toons":76,"production_closed":false}"#;
/// The requests of a login whose token is not stored.
const LOGIN_PATHS: [&str; 4] = [
    "/api/launcher/v1/register",
    "/api/launcher/v1/metadata",
    "/api/launcher/v1/login",
    "/api/launcher/v1/revoke_self",
];

fn plain() -> StandInServer {
    StandInServer::new(Scenario::default())
}

/// Returns the requested paths of a stand-in server.
fn paths(server: &StandInServer) -> Vec<String> {
    let requests = server.requests().into_iter();
    requests.map(|request| request.path).collect()
}

/// Stops a scripted server and returns the requested paths.
#[track_caller]
fn request_paths(server: Scripted) -> Vec<String> {
    let requests = server.finish().into_iter();
    requests.map(|request| request.path().to_owned()).collect()
}

/// Runs `ttcc login --json` and asserts that no secret is printed.
#[track_caller]
fn login(server: &Scripted, more: &[&str]) -> crate::harness::RunOutput {
    let more = [&["--json", "-vv"], more].concat();
    let ended = Home::new()
        .game("ttcc", "login", &server.root(), &more)
        .run();
    // The event `ready` contains the game's token on purpose.
    assert!(!ended.stderr.contains(GAME_TOKEN), "{ended:#?}");
    ended.hides(&[PASSWORD, LAUNCHER_TOKEN])
}

#[test]
fn an_unsaved_token_is_revoked_at_the_end() {
    for verb in ["login", "exec"] {
        let server = plain();
        let command: &[&str] = if verb == "exec" {
            const NOTHING: &[&str] = if cfg!(windows) {
                &["--", "cmd", "/c", "exit 0"]
            } else {
                &["--", "true"]
            };
            NOTHING
        } else {
            &[]
        };
        Home::new()
            .game("ttcc", verb, &server.root(), command)
            .run()
            .exits(0);
        assert_eq!(paths(&server), LOGIN_PATHS, "{verb}");
    }
}

#[test]
fn the_variables_are_those_of_the_interface() {
    let server = plain();
    let names = |api: &str| -> Vec<String> {
        let root = format!("{api}@{}", server.root());
        let ended = Home::new().game("ttcc", "login", &root, &[]).run().exits(0);
        let lines = ended.stdout.lines();
        lines
            .map(|line| {
                let name = line.trim_start_matches("export ");
                name.split('=').next().unwrap_or_default().to_owned()
            })
            .collect()
    };
    assert_eq!(
        names("current"),
        [
            "TT_PLAYCOOKIE",
            "TT_GAMESERVER",
            "LAUNCHER_USER",
            "REALM",
            "SENTRY_ENVIRONMENT"
        ]
    );
    assert_eq!(names("documented"), ["TT_PLAYCOOKIE", "TT_GAMESERVER"]);
}

#[test]
fn requests_are_as_documented() {
    let server = Scripted::new([REGISTERED, METADATA, GRANTED, REVOKED].map(Reaction::json));
    login(&server, &[]).exits(0);
    let requests = server.finish();
    let [register, metadata, entry, revoke] = &requests[..] else {
        panic!("four requests")
    };
    assert_eq!(register.header("content-type"), Some("application/json"));
    assert_eq!(register.header("authorization"), None);
    let body: serde_json::Value = serde_json::from_str(&register.body).expect("JSON");
    assert_eq!(body["username"], "alice");
    assert_eq!(body["password"], PASSWORD);
    let friendly = body["friendly"].as_str().expect("a friendly name");
    assert!(friendly.starts_with("playcookie-") && friendly.len() == 19);
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(3));

    assert_eq!(metadata.line, "GET /api/launcher/v1/metadata HTTP/1.1");
    assert_eq!(entry.line, "POST /api/launcher/v1/login HTTP/1.1");
    assert_eq!(entry.header("x-realm"), Some("production"));
    assert_eq!(revoke.line, "POST /api/launcher/v1/revoke_self HTTP/1.1");
    for request in [metadata, entry, revoke] {
        let bearer = format!("Bearer {LAUNCHER_TOKEN}");
        assert_eq!(request.header("authorization"), Some(bearer.as_str()));
        assert_eq!(request.body, "");
    }
    assert!(
        !requests[1..]
            .iter()
            .any(|it| format!("{it:?}").contains(PASSWORD))
    );
}

#[test]
fn each_login_registers_a_different_launcher_name() {
    let server = plain();
    for _ in 0..2 {
        Home::new()
            .game("ttcc", "login", &server.root(), &[])
            .run()
            .exits(0);
    }
    let requests = server.requests();
    let names: Vec<_> = requests
        .iter()
        .flat_map(|request| &request.fields)
        .filter(|(name, _)| name == "friendly")
        .collect();
    assert_eq!(names.len(), 2);
    assert_ne!(names[0], names[1]);
}

#[test]
fn the_documented_interface_is_one_request() {
    let server = plain();
    let root = format!("documented@{}", server.root());
    let ended = Home::new().game("ttcc", "login", &root, &[]).run().exits(0);
    assert_eq!(paths(&server), ["/api/v1/login/"]);
    let gameserver = format!("export TT_GAMESERVER='{}'", server.gameserver());
    assert!(ended.stdout.contains(&gameserver), "{ended:?}");
}

#[test]
fn without_metadata_the_built_in_game_server_is_used() {
    let server = Scripted::new([
        Reaction::json(REGISTERED),
        Reaction::answer(503, "text/html", "<html>"),
        Reaction::json(GRANTED),
        Reaction::json(REVOKED),
    ]);
    let ended = login(&server, &[]).exits(0);
    let here = server.root().replace("http://", "");
    let ready = ended.events().pop().expect("ready");
    assert_eq!(ready["environment"]["TT_GAMESERVER"], here.as_str());
}

#[test]
fn only_the_production_realm_is_used() {
    let metadata = METADATA.replace("production", "test");
    let server = Scripted::new([REGISTERED, &metadata, GRANTED, REVOKED].map(Reaction::json));
    let ended = login(&server, &[]).exits(0);
    let ready = ended.events().pop().expect("ready");
    assert_eq!(
        ready["environment"]["TT_GAMESERVER"],
        server.root().replace("http://", "").as_str()
    );
    assert_eq!(ready["environment"]["REALM"], "production");
}

#[test]
fn a_busy_server_is_retried_without_registering_again() {
    let scenario = Scenario {
        queue: Some(1),
        ..Scenario::default()
    };
    let server = StandInServer::new(scenario);
    let ended = Home::new()
        .game("ttcc", "login", &server.root(), &["--json"])
        .run()
        .exits(0);
    assert_eq!(ended.event_names(), ["login", "waiting", "ready"]);
    assert_eq!(ended.events()[1]["retry_in"], 2.0);
    let expected = [
        LOGIN_PATHS[0],
        LOGIN_PATHS[1],
        LOGIN_PATHS[2],
        LOGIN_PATHS[2],
        LOGIN_PATHS[3],
    ];
    assert_eq!(paths(&server), expected);
}

#[test]
fn a_restarted_login_revokes_its_first_token() {
    let answers = [
        OPEN, REGISTERED, METADATA, CLOSED, REVOKED, OPEN, REGISTERED, METADATA, GRANTED, REVOKED,
    ];
    let server = Scripted::new(answers.map(Reaction::json));
    login(&server, &["--wait-for-server=0.03"]).exits(0);
    let once = [&["/api/v1/game_info.js"], &LOGIN_PATHS[..]].concat();
    assert_eq!(request_paths(server), [&once[..], &once[..]].concat());
}

#[test]
fn a_slot_is_passed_to_the_game_through_either_interface() {
    let server = plain();
    for api in ["current", "documented"] {
        let root = format!("{api}@{}", server.root());
        let more = ["--toon-slot", "3", "--format", "env"];
        let ended = Home::new()
            .game("ttcc", "login", &root, &more)
            .run()
            .exits(0);
        let last = ended.stdout.lines().last();
        assert_eq!(last, Some("FORCE_TOON_SLOT=3"), "{api}");
    }
}

#[test]
fn a_rehearsal_logs_in_and_starts_the_game() {
    let arguments = ["rehearse", "ttcc", "-u", "a", "--password-stdin"];
    let rehearse = |more: &[&str]| {
        let home = Home::new();
        let arguments = [&arguments[..], more].concat();
        home.program(&arguments).stdin("pw\n").run()
    };
    for more in [&[][..], &["--queue", "0", "--toon-slot", "5"][..]] {
        let ended = rehearse(more).exits(0);
        assert!(ended.stdout.contains("the play cookie of a."), "{ended:?}");
        assert!(!ended.stderr.contains("wrong request"), "{ended:?}");
    }
    for (more, status, reason) in [
        ("--refuse", 77, "credentials"),
        ("--refuse=banned", 77, "account"),
        ("--refuse=closed", 69, "closed"),
        ("--two-factor", 77, "approval"),
    ] {
        let ended = rehearse(&[more, "--json"]).exits(status);
        let reason = format!(r#""reason":"{reason}""#);
        assert!(ended.stdout.contains(&reason), "{ended:?}");
    }
}
