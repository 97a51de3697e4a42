//! Toontown: Corporate Clash, through both interfaces.

mod outcomes;
#[cfg(unix)]
mod starting;
mod updating;

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
/// The requests of a login whose token is not kept.
const WHOLE: [&str; 4] = [
    "/api/launcher/v1/register",
    "/api/launcher/v1/metadata",
    "/api/launcher/v1/login",
    "/api/launcher/v1/revoke_self",
];

fn plain() -> StandInServer {
    StandInServer::new(Scenario::default())
}

/// The paths that a stand-in was asked for.
fn paths(server: &StandInServer) -> Vec<String> {
    let requests = server.requests().into_iter();
    requests.map(|request| request.path).collect()
}

/// The paths that a scripted server was asked for; every reaction was used.
#[track_caller]
fn asked(server: Scripted) -> Vec<String> {
    let seen = server.seen().into_iter();
    seen.map(|seen| seen.line.split(' ').nth(1).unwrap_or_default().to_owned())
        .collect()
}

/// `ttcc login --json` against these answers; no secret is shown.
#[track_caller]
fn login(server: &Scripted, more: &[&str]) -> crate::harness::Ended {
    let more = [&["--json", "-vv"], more].concat();
    let ended = Home::new()
        .game("ttcc", "login", &server.root(), &more)
        .run();
    // `ready` carries the game's token, which was asked for.
    assert!(!ended.stderr.contains(GAME_TOKEN), "{ended:#?}");
    ended.hides(&[PASSWORD, LAUNCHER_TOKEN])
}

#[test]
fn a_token_that_is_not_kept_is_revoked_at_the_end() {
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
        assert_eq!(paths(&server), WHOLE, "{verb}");
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
fn what_is_sent_is_what_the_page_says() {
    let server = Scripted::new([REGISTERED, METADATA, GRANTED, REVOKED].map(Reaction::json));
    login(&server, &[]).exits(0);
    let seen = server.seen();
    let [register, metadata, entry, revoke] = &seen[..] else {
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
        !seen[1..]
            .iter()
            .any(|it| format!("{it:?}").contains(PASSWORD))
    );
}

#[test]
fn two_launchers_of_an_account_have_names_of_their_own() {
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
fn without_metadata_the_login_goes_on_to_the_server_known_by_heart() {
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
fn a_realm_of_another_name_is_not_gone_to() {
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
fn a_busy_server_is_come_back_to_without_another_password() {
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
    let expected = [WHOLE[0], WHOLE[1], WHOLE[2], WHOLE[2], WHOLE[3]];
    assert_eq!(paths(&server), expected);
}

#[test]
fn a_login_that_starts_anew_leaves_no_token_behind() {
    let answers = [
        OPEN, REGISTERED, METADATA, CLOSED, REVOKED, OPEN, REGISTERED, METADATA, GRANTED, REVOKED,
    ];
    let server = Scripted::new(answers.map(Reaction::json));
    login(&server, &["--wait-for-server=0.03"]).exits(0);
    let once = [&["/api/v1/game_info.js"], &WHOLE[..]].concat();
    assert_eq!(asked(server), [&once[..], &once[..]].concat());
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
fn a_rehearsal_goes_all_the_way() {
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
    for (more, reason) in [("--refuse", "credentials"), ("--two-factor", "approval")] {
        let ended = rehearse(&[more, "--json"]).exits(77);
        let reason = format!(r#""reason":"{reason}""#);
        assert!(ended.stdout.contains(&reason), "{ended:?}");
    }
}
