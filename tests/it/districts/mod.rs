//! `districts`: a table, a JSON object, and failed requests.

use serde_json::{Value, json};

#[cfg(unix)]
mod notify;
mod until;
mod watch;

use crate::harness::{ClosedPort, Home, Reaction, RunOutput, Scripted, StandInServer};
use playcookie::stand_in::Scenario;

/// An answer with an invasion in Kazoo Kanyon.
const TTCC: &str = r#"[{"name":"Kazoo Kanyon","online":true,"population":37,"invasion_online":true,"last_update":1651361858,"cogs_attacking":"Middleman","count_defeated":180,"count_total":4913,"remaining_time":2082},{"name":"Anvil Acres","online":false,"population":0,"invasion_online":false,"last_update":1651361858,"cogs_attacking":"None","count_defeated":7,"count_total":0,"remaining_time":0}]"#;
/// An answer with an open district and no invasion.
const QUIET: &str = r#"[{"name":"Kazoo Kanyon","online":true,"population":37,"invasion_online":false,"last_update":1651361800,"cogs_attacking":"None","count_defeated":0,"count_total":0,"remaining_time":0}]"#;
const DOCUMENTED: &str = r#"[{"name":"Kazoo Kanyon","population":"37","invasion_online":"true","last_update":"1651361858","cogs_attacking":"Middleman","count_defeated":"180","count_total":"4913","remaining_time":"2082"}]"#;
const TLOPO: &str = r#"{"401000000":{"available":true,"name":"Abassa","created":1,"fleet":{"started":1,"shipsRemaining":3,"state":"Deployed","type":"Navy Fleet"},"invasion":{},"population":12}}"#;

fn districts(game: &str, server: &Scripted, more: &[&str]) -> RunOutput {
    districts_at(game, &server.root(), more)
}

fn districts_at(game: &str, api: &str, more: &[&str]) -> RunOutput {
    let words = [&[game, "districts", "--api", api], more].concat();
    Home::new().program(&words).run()
}

#[test]
fn text_output_is_one_table() {
    let server = Scripted::new([Reaction::json(TTCC)]);
    let ended = districts("ttcc", &server, &[]).exits(0);
    let expected = "\
DISTRICT      PLAYERS  INVASION   DEFEATED              LEFT
Anvil Acres   offline
Kazoo Kanyon       37  Middleman  180/4913  ░░░░░░░░░░  34 min 42 s
37 playing, 2 districts, 1 invasion
";
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str()),
        (expected, "")
    );
    assert!(
        server.finish()[0]
            .line
            .starts_with("GET /api/v1/districts.js ")
    );
}

#[test]
fn json_output_is_one_object_with_documented_keys() {
    let server = Scripted::new([Reaction::json(TTCC)]);
    let ended = districts("ttcc", &server, &["--json", "--invasions"]).exits(0);
    let shown: Value = serde_json::from_str(&ended.stdout).expect("one object");
    let invasion =
        json!({"cog": "Middleman", "defeated": 180, "total": 4913, "remaining_seconds": 2082});
    let kazoo = json!({"name": "Kazoo Kanyon", "as_of": "2022-04-30T23:37:38Z", "online": true, "population": 37, "invasion": invasion});
    let expected = json!({
        "game": "ttcc", "as_of": "2022-04-30T23:37:38Z", "population": 37, "districts": [kazoo]
    });
    assert_eq!(shown, expected);
}

#[test]
fn the_documented_interface_has_the_same_data_in_other_types() {
    let server = Scripted::new([Reaction::json(DOCUMENTED)]);
    let api = format!("documented@{}", server.root());
    let ended = districts_at("ttcc", &api, &["--json"]).exits(0);
    let shown: Value = serde_json::from_str(&ended.stdout).expect("one object");
    assert_eq!(shown["districts"][0]["population"], 37);
    assert_eq!(shown["districts"][0]["invasion"]["remaining_seconds"], 2082);
    assert!(
        server.finish()[0]
            .line
            .starts_with("GET /api/v1/districts/ ")
    );
}

#[test]
fn an_ocean_has_a_fleet() {
    let server = Scripted::new([Reaction::json(TLOPO), Reaction::json(TLOPO)]);
    let people = districts("tlopo", &server, &[]).exits(0);
    assert!(
        people.stdout.contains("Navy Fleet, 3 ships left"),
        "{people:?}"
    );
    let scripts = districts("tlopo", &server, &["--json"]).exits(0);
    let shown: Value = serde_json::from_str(&scripts.stdout).expect("one object");
    assert_eq!(shown["districts"][0]["fleet"]["ships_remaining"], 3);
    assert!(shown["as_of"].is_string());
}

#[test]
fn the_server_is_configured_and_no_account_is_needed() {
    let (home, server) = (Home::new(), Scripted::new([Reaction::json(TLOPO)]));
    home.configure(format!("[tlopo]\napi = \"{}\"\n", server.root()));
    home.program(&["tlopo", "districts"]).run().exits(0);
}

#[test]
fn each_failed_request_ends_with_its_status() {
    for (reaction, status, words) in [
        (Reaction::answer(503, "text/html", "<html>"), 69, "HTTP 503"),
        (
            Reaction::answer(429, "text/html", "<html>"),
            75,
            "try later",
        ),
        (
            Reaction::answer(200, "text/html", "<html>hunter2"),
            76,
            "answered with",
        ),
        (Reaction::json("{\"error\":\"Down.\"}"), 69, "Down."),
        (Reaction::answer(302, "text/html", ""), 76, "answered with"),
        (
            Reaction::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[".to_vec()),
            68,
            "lost",
        ),
    ] {
        let server = Scripted::new([reaction]);
        let ended = districts("ttcc", &server, &[]);
        ended
            .fails(status, words)
            .hides(&["hunter2", "<html>"])
            .prints_plain_text();
    }
    let port = ClosedPort::new();
    districts_at("ttcc", &port.root(), &[]).fails(68, "cannot be asked");
}

#[test]
fn an_option_of_another_verb_is_a_usage_error() {
    let home = Home::new();
    for words in [
        &["ttr", "districts", "--detach"][..],
        &["ttr", "districts", "--sort", "colour"],
        &["ttr", "districts", "bob"],
    ] {
        home.program(words).run().exits(64);
    }
}

#[test]
fn every_stand_in_server_has_districts() {
    for game in ["ttr", "ttcc", "tlopo"] {
        let server = StandInServer::new(Scenario::default());
        let ended = districts_at(game, &server.root(), &["--json"]).exits(0);
        let shown: Value = serde_json::from_str(&ended.stdout).expect("one object");
        assert_eq!(shown["game"], game);
        let rows = shown["districts"].as_array().expect("rows");
        assert!(rows.iter().any(|row| !row["invasion"].is_null()), "{game}");
        assert!(rows.iter().all(|row| row["name"] != ""), "{game}");
    }
}
