//! Toontown: Corporate Clash, through both interfaces.

use playcookie::rehearsal::Scenario;

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
            &["--", env!("CARGO_BIN_EXE_playcookie"), "--version"]
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
fn a_login_that_fails_after_the_registration_revokes_the_token() {
    for (answers, status) in [
        (&[REGISTERED, METADATA, CLOSED, REVOKED][..], 69),
        (&[REGISTERED, METADATA, "<html>", REVOKED][..], 76),
        (&[REGISTERED, "{}", r#"{"status":true}"#, REVOKED][..], 76),
    ] {
        let server = Scripted::new(answers.iter().map(Reaction::json));
        login(&server, &[]).exits(status);
        assert_eq!(asked(server), WHOLE);
    }
}

#[test]
fn a_connection_that_is_lost_ends_the_login_and_the_token_is_revoked() {
    let lost = || Reaction::Bytes(Vec::new());
    let server = Scripted::new([Reaction::json(REGISTERED), lost(), Reaction::json(REVOKED)]);
    login(&server, &[]).exits(68);
    assert_eq!(asked(server), [WHOLE[0], WHOLE[1], WHOLE[3]]);
    let server = Scripted::new([
        Reaction::json(REGISTERED),
        Reaction::json(METADATA),
        lost(),
        Reaction::json(REVOKED),
    ]);
    login(&server, &[]).exits(68);
    assert_eq!(asked(server), WHOLE);
}

#[test]
fn a_token_that_cannot_be_revoked_is_mentioned_and_no_failure() {
    let gone = r#"{"error":"Unauthorized","bad_token":true}"#;
    let server = Scripted::new([
        Reaction::json(REGISTERED),
        Reaction::json(METADATA),
        Reaction::json(GRANTED),
        Reaction::answer(401, "application/json", gone),
    ]);
    let ended = login(&server, &[]).exits(0);
    assert!(ended.stderr.contains("warning: "), "{ended:?}");
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
fn every_outcome_of_the_registration_ends_as_its_row_says() {
    for (answer, status, reason) in [
        (r#""reason":2"#, 77, "credentials"),
        (r#""reason":3"#, 77, "account"),
        (r#""reason":"1003""#, 77, "account"),
        (r#""reason":1004"#, 69, "closed"),
        (r#""reason":429"#, 75, "try-later"),
        (r#""reason":7"#, 77, "credentials"),
        (r#""toonstep":true"#, 77, "approval"),
        (r#""message":"A lot of Toons!""#, 75, "try-later"),
        (r#""bad_token":true"#, 77, "signed-out"),
    ] {
        let answer = format!(r#"{{"status":false,{answer}}}"#);
        ends_as("ttcc", "current", &[&answer], status, reason);
    }
    for odd in ["{}", "null", r#"{"status":true,"token":""}"#, "<html>"] {
        ends_as("ttcc", "current", &[odd], 76, "not-understood");
    }
}

#[test]
fn every_outcome_of_the_login_ends_as_its_row_says() {
    for (answer, status, reason) in [
        (r#""reason":4"#, 77, "account"),
        (r#""reason":1004"#, 69, "closed"),
        (r#""reason":429"#, 75, "try-later"),
        (r#""reason":9"#, 77, "credentials"),
        (r#""toonstep":true"#, 77, "approval"),
        (r#""bad_token":true"#, 77, "signed-out"),
    ] {
        let answer = format!(r#"{{"status":false,{answer}}}"#);
        let answers = [REGISTERED, METADATA, &answer, REVOKED];
        ends_as("ttcc", "current", &answers, status, reason);
    }
    let bad = r#"{"bad_token":true}"#;
    ends_as(
        "ttcc",
        "current",
        &[REGISTERED, bad, REVOKED],
        77,
        "signed-out",
    );
}

#[test]
fn every_outcome_of_the_documented_login_ends_as_its_row_says() {
    for (number, status, reason) in [
        (2, 77, "credentials"),
        (3, 77, "account"),
        (4, 77, "account"),
        (5, 77, "credentials"),
        (429, 75, "try-later"),
        (1002, 77, "account"),
        (1003, 77, "account"),
        (1004, 69, "closed"),
        (1005, 77, "credentials"),
        (1006, 77, "credentials"),
    ] {
        let answer = format!(r#"{{"status":false,"reason":{number},"friendlyreason":"Hm."}}"#);
        ends_as("ttcc", "documented", &[&answer], status, reason);
    }
    let sample = r#"{"status": true, "reason": 0, "friendlyreason": "", "token": ""}"#;
    ends_as("ttcc", "documented", &[sample], 76, "not-understood");
}

#[test]
fn an_unknown_number_is_shown_with_the_words() {
    let answer = r#"{"status":false,"reason":1006,"friendlyreason":"Not today."}"#;
    let server = Scripted::new([Reaction::json(answer)]);
    let root = format!("documented@{}", server.root());
    Home::new()
        .game("ttcc", "login", &root, &[])
        .run()
        .fails(77, "Not today. (reason 1006)");
}

#[test]
fn a_401_is_read_by_its_json_and_plain_text_is_not_understood() {
    let gone = r#"{"error":"Unauthorized","bad_token":true}"#;
    for (body, status) in [(gone, 77), ("Unauthorized", 76)] {
        let server = Scripted::new([
            Reaction::json(REGISTERED),
            Reaction::json(METADATA),
            Reaction::answer(401, "text/plain", body),
            Reaction::json(REVOKED),
        ]);
        login(&server, &[]).exits(status);
    }
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
fn a_slot_that_no_game_has_is_wrong() {
    let server = Scripted::untouched();
    let with = |game: &str, slot: &str| {
        let home = Home::new();
        let more = ["--toon-slot", slot];
        home.game(game, "login", &server.root(), &more)
            .run()
            .exits(64);
    };
    with("ttcc", "6");
    with("ttcc", "-1");
    with("ttr", "1");
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
        assert!(ended.stdout.contains("let a in"), "{ended:?}");
        assert!(!ended.stderr.contains("complains"), "{ended:?}");
    }
    for (more, reason) in [("--refuse", "credentials"), ("--two-factor", "approval")] {
        let ended = rehearse(&[more, "--json"]).exits(77);
        let reason = format!(r#""reason":"{reason}""#);
        assert!(ended.stdout.contains(&reason), "{ended:?}");
    }
}

#[cfg(unix)]
mod starting {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::{Pid, Signal, kill_process};

    use super::*;
    use crate::harness::Engine;
    use crate::harness::games::plays_with_wine;

    #[test]
    fn the_token_is_revoked_right_after_the_start_and_not_after_the_end() {
        let server = Scripted::new([REGISTERED, METADATA, GRANTED, REVOKED].map(Reaction::json));
        let home = Home::new();
        let over = home.path().join("over");
        let script = format!("while [ ! -e '{}' ]; do sleep 0.01; done", over.display());
        let engine = Engine::doing(&home, "clash/CorporateClash", &script);
        let more = ["--no-update", "--exe", engine.exe()];
        let run = home.game("ttcc", "play", &server.root(), &more).start();
        server.wait_for(4);
        engine.wait_until_started();
        std::fs::write(over, "").expect("a file");
        run.wait().exits(0);
        assert_eq!(asked(server), WHOLE);
        assert_eq!(
            engine.variable("TT_PLAYCOOKIE").as_deref(),
            Some(GAME_TOKEN)
        );
        assert_eq!(
            engine.variable("TT_GAMESERVER").as_deref(),
            Some("gs.example:7198")
        );
        assert_eq!(engine.variable("LAUNCHER_USER").as_deref(), Some("alice"));
        assert_eq!(engine.variable("REALM").as_deref(), Some("production"));
        assert_eq!(
            engine.variable("SENTRY_ENVIRONMENT").as_deref(),
            Some("production")
        );
        assert_eq!(engine.variable("FORCE_TOON_SLOT"), None);
        let shown = format!("{:?}", engine.environment());
        assert!(!shown.contains(PASSWORD) && !shown.contains(LAUNCHER_TOKEN));
    }

    #[test]
    fn a_login_that_is_interrupted_revokes_the_token_once() {
        let server = Scripted::new([
            Reaction::json(REGISTERED),
            Reaction::json(METADATA),
            Reaction::Silence(Vec::new()),
            Reaction::json(REVOKED),
        ]);
        let home = Home::new();
        let run = home.game("ttcc", "login", &server.root(), &[]).start();
        server.wait_for(3);
        let pid = i32::try_from(run.pid()).ok().and_then(Pid::from_raw);
        kill_process(pid.expect("a process id"), Signal::INT).expect("it still runs");
        let ended = run.wait();
        assert_eq!(
            ended.status.signal(),
            Some(Signal::INT.as_raw()),
            "{ended:?}"
        );
        assert_eq!(asked(server), WHOLE);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_install_inside_a_wine_prefix_is_found_and_runs_in_its_own_folder() {
        let server = plain();
        for exe in [
            ".wine/drive_c/users/alice/AppData/Local/Corporate Clash/CorporateClash.exe",
            ".wine/drive_c/Program Files/Corporate Clash/CORPORATECLASH.EXE",
            ".local/share/wineprefixes/tt/drive_c/Program Files (x86)/Corporate Clash/corporateclash.exe",
        ] {
            let environment = plays_with_wine("ttcc", exe, &server.root());
            assert_eq!(environment["TT_GAMESERVER"], server.gameserver());
        }
    }

    #[test]
    fn a_program_for_windows_runs_in_its_own_folder_wherever_it_was_named() {
        let server = plain();
        let home = Home::new();
        let exe = home.write("elsewhere/CorporateClash.exe", "MZ");
        home.write("dir/file", "");
        let (wine, path) = crate::harness::games::wine(&home);
        let directory = home.path().join("dir");
        home.game("ttcc", "play", &server.root(), &["--no-update"])
            .args(["--exe".as_ref(), exe.as_os_str()])
            .args(["--game-dir".as_ref(), directory.as_os_str()])
            .env("PATH", path)
            .run()
            .exits(0);
        assert_eq!(wine.directory(), home.path().join("elsewhere"));
    }
}
