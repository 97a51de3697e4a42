//! `status`: one row per game, independent of the others.

mod watch;

use std::collections::BTreeMap;
use std::process::Stdio;

use serde_json::{Value, json};

#[cfg(unix)]
use crate::harness::{CTRL_C, Program, SendSignal};
use crate::harness::{ClosedPort, Home, Pages, Reaction, RunOutput, StandInServer};
use playcookie::stand_in::Scenario;

const TTR_OPEN: &str = r#"{"open":true}"#;
const POPULATION: &str = r#"{"totalPopulation":2146,"populationByDistrict":{"Splat Summit":1400,"Gulp Gulch":746},"statusByDistrict":{"Splat Summit":"online","Gulp Gulch":"draining"},"lastUpdated":1651361858}"#;
const INVASIONS: &str = r#"{"error":null,"invasions":{"Splat Summit":{"type":"Tele\u0003marketer","progress":"5939/7300"}},"lastUpdated":1651361860}"#;
const INFO: &str = r#"{"num_toons":80,"production_closed":false,"production_closed_reason":""}"#;
const DISTRICTS: &str = r#"[{"name":"Kazoo Kanyon","online":true,"population":37,"invasion_online":true,"last_update":1651361858,"cogs_attacking":"Middleman","count_defeated":180,"count_total":4913,"remaining_time":2082},{"name":"Anvil Acres","online":false,"population":0,"invasion_online":false,"last_update":1651361000,"cogs_attacking":"None","count_defeated":7,"count_total":0,"remaining_time":0}]"#;
const SYSTEM: &str = r#"{"status":2,"servers":{},"notices":{},"message":"Have fun!"}"#;
const SHARDS: &str = r#"{"401000000":{"available":true,"name":"Abassa","fleet":{},"invasion":{"location":"Tortuga","state":"Main Wave","phase":2,"numPlayers":5,"started":1651361858},"population":12}}"#;

const GAMES: [&str; 3] = ["ttr", "ttcc", "tlopo"];

fn ttr(open: Reaction) -> Pages {
    Pages::new([
        ("/api/status", open),
        ("/api/population", Reaction::json(POPULATION)),
        ("/api/invasions", Reaction::json(INVASIONS)),
    ])
}

fn ttcc(info: Reaction) -> Pages {
    Pages::new([
        ("/api/v1/game_info.js", info),
        ("/api/v1/districts.js", Reaction::json(DISTRICTS)),
    ])
}

fn tlopo(system: Reaction) -> Pages {
    Pages::new([
        ("/system/status/", system),
        ("/shards/", Reaction::json(SHARDS)),
    ])
}

fn all_open() -> [Pages; 3] {
    [
        ttr(Reaction::json(TTR_OPEN)),
        ttcc(Reaction::json(INFO)),
        tlopo(Reaction::json(SYSTEM)),
    ]
}

/// Creates a home with these servers. The servers of other games are unreachable, so that no test uses a real one.
fn home<'r>(roots: impl IntoIterator<Item = (&'r str, String)>) -> Home {
    let mut places = BTreeMap::from(GAMES.map(|game| (game, "http://127.0.0.1:1".to_owned())));
    places.extend(roots);
    let tables = places.iter();
    let tables = tables.map(|(game, root)| format!("[{game}]\napi = \"{root}\"\n"));
    let home = Home::new();
    home.configure(tables.collect::<String>());
    home
}

fn home_of(servers: &[Pages; 3]) -> Home {
    home(GAMES.into_iter().zip(servers.each_ref().map(Pages::root)))
}

/// Runs `playcookie status --json` and returns its rows.
fn rows(home: &Home, more: &[&str], status: i32) -> Vec<Value> {
    let ended = home.program(&[&["status", "--json"], more].concat()).run();
    rows_of(&ended.exits(status))
}

#[track_caller]
fn rows_of(ended: &RunOutput) -> Vec<Value> {
    assert!(!ended.stderr.contains("error:"), "{ended:#?}");
    let [shown] = ended.events().try_into().expect("one object");
    shown["games"].as_array().expect("rows").clone()
}

/// Runs `status` for `ttr` with this answer to its status request. Returns the row and the output.
fn status_row(status: Reaction, more: &[&str]) -> (Value, RunOutput) {
    let server = ttr(status);
    let home = home([("ttr", server.root())]);
    let words = [&["status", "--json", "ttr"], more].concat();
    let ended = home.program(&words).run();
    let [row] = rows_of(&ended).try_into().expect("one row");
    (row, ended)
}

#[test]
fn text_output_is_one_table() {
    let servers = all_open();
    let ended = home_of(&servers).program(&["status"]).run().exits(0);
    let ended = ended.prints_plain_text();
    assert_eq!(ended.stderr, "");
    let lines: Vec<&str> = ended.stdout.lines().collect();
    let [head, ttr, ttcc, tlopo, words] = lines.try_into().expect("five lines");
    assert_eq!(
        head,
        "GAME                          STATE  PLAYERS  DISTRICTS  INVASIONS  AGE"
    );
    for (line, row) in [
        (
            ttr,
            "Toontown Rewritten            open      2146     1 of 2          1  ",
        ),
        (
            ttcc,
            "Toontown: Corporate Clash     open        80     1 of 2          1  ",
        ),
        (
            tlopo,
            "The Legend of Pirates Online  open        12     1 of 1          1  ",
        ),
        (words, "  \"Have fun!\""),
    ] {
        assert!(line.starts_with(row), "{line:?}");
    }
}

#[test]
fn json_output_is_one_object_in_the_order_of_the_command_line() {
    let servers = all_open();
    let rows = rows(&home_of(&servers), &["tlopo", "ttcc", "ttr", "ttcc"], 0);
    let column = |key: &str| rows.iter().map(|row| row[key].clone()).collect::<Vec<_>>();
    assert_eq!(column("game"), GAMES);
    assert_eq!(column("open"), [true; 3]);
    assert_eq!(column("exit"), [0; 3]);
    assert_eq!(column("reason"), [Value::Null, Value::Null, Value::Null]);
    assert_eq!(
        column("words"),
        [json!(null), json!(null), json!("Have fun!")]
    );
    assert_eq!(column("population"), [2146, 80, 12]);
    assert_eq!(column("districts_online"), [1; 3]);
    assert_eq!(column("districts"), [2, 2, 1]);
    let telemarketer = json!([{"district": "Splat Summit", "cog": "Telemarketer", "defeated": 5939, "total": 7300,
        "remaining_seconds": null}]);
    assert_eq!(rows[0]["invasions"], telemarketer);
    assert_eq!(rows[1]["invasions"][0]["district"], "Kazoo Kanyon");
    assert_eq!(rows[2]["invasions"][0]["location"], "Tortuga");
    assert_eq!(rows[0]["as_of"], "2022-04-30T23:37:38Z");
    assert!(rows[0]["age_seconds"].as_u64() > Some(1_000_000));
    assert!(rows[2]["as_of"].is_string() && rows[2]["age_seconds"] == 0);
}

#[test]
fn a_closed_game_is_shown_with_its_message_and_is_no_error() {
    let closed = r#"{"open":false,"banner":"Back\u001b[2J at \u202enoon."}"#;
    let (row, ended) = status_row(Reaction::json(closed), &[]);
    ended.exits(69).prints_plain_text();
    assert_eq!(
        (&row["open"], &row["words"]),
        (&json!(false), &json!("Back at noon."))
    );
    assert_eq!(
        row["message"],
        "Toontown Rewritten is closed: \"Back at noon.\""
    );
    assert_eq!(
        (&row["reason"], &row["exit"]),
        (&json!("closed"), &json!(69))
    );
    let closed = r#"{"num_toons":0,"production_closed":true,"production_closed_reason":"Shh."}"#;
    let server = ttcc(Reaction::json(closed));
    let home = home([("ttcc", server.root())]);
    let ended = home.program(&["status", "ttcc"]).run().exits(69);
    assert_eq!(ended.stderr, "");
    assert!(ended.stdout.contains("  closed "), "{ended:#?}");
    assert!(ended.stdout.ends_with("\n  \"Shh.\"\n"), "{ended:#?}");
}

#[test]
fn each_failed_request_is_a_row_with_its_reason() {
    for (reaction, status, reason) in [
        (
            Reaction::answer(503, "text/html", "<html>"),
            69,
            "server-error",
        ),
        (Reaction::answer(502, "text/plain", ""), 69, "server-error"),
        (
            Reaction::answer(429, "text/html", "<html>"),
            75,
            "try-later",
        ),
        (
            Reaction::answer(200, "text/html", "<html>hunter2"),
            76,
            "not-understood",
        ),
        (Reaction::answer(302, "text/html", ""), 76, "not-understood"),
        (
            Reaction::json("{\"banner\":\"hunter2\"}"),
            76,
            "not-understood",
        ),
        (Reaction::Bytes(Vec::new()), 68, "network"),
    ] {
        let (row, ended) = status_row(reaction, &[]);
        let ended = ended.exits(status).hides(&["hunter2", "<html>"]);
        assert_eq!(ended.stderr, "");
        assert_eq!(
            (&row["reason"], &row["exit"]),
            (&json!(reason), &json!(status))
        );
        assert_eq!(row["open"], Value::Null);
        for key in ["message", "hint"] {
            assert!(
                row[key].as_str().is_some_and(|text| !text.is_empty()),
                "{row}"
            );
        }
        assert_eq!(row["population"], 2146, "what was told is there");
    }
}

#[test]
fn unreachable_has_priority_over_closed_and_closed_over_not_understood() {
    let port = ClosedPort::new();
    let odd = tlopo(Reaction::json("[]"));
    let closed = ttcc(Reaction::json(r#"{"production_closed":true}"#));
    let home = home([
        ("ttr", port.root()),
        ("ttcc", closed.root()),
        ("tlopo", odd.root()),
    ]);
    let ended = home.program(&["status"]).run().exits(68);
    assert_eq!(ended.stderr, "");
    for words in [
        "Toontown Rewritten            unreachable ",
        "Toontown: Corporate Clash     closed ",
        "The Legend of Pirates Online  not understood ",
        "\n  Toontown Rewritten cannot be asked at ",
        "\n  hint: check the connection",
    ] {
        assert!(ended.stdout.contains(words), "{words:?}: {ended:#?}");
    }
    drop(closed);
    home.program(&["status", "tlopo"]).run().exits(76);
}

#[test]
fn a_server_error_has_priority_over_not_understood() {
    let failed = Pages::new([
        ("/system/status/", Reaction::answer(500, "text/html", "")),
        ("/shards/", Reaction::json(SHARDS)),
    ]);
    let odd = ttr(Reaction::json("[]"));
    let home = home([("ttr", odd.root()), ("tlopo", failed.root())]);
    home.program(&["status", "ttr", "tlopo"]).run().exits(69);
}

#[test]
fn missing_data_is_unknown_and_no_failure() {
    let down = Reaction::answer(503, "text/html", "<html>");
    let server = Pages::new([
        ("/api/status", Reaction::json(TTR_OPEN)),
        ("/api/population", Reaction::json(POPULATION)),
        ("/api/invasions", down.clone()),
    ]);
    let home_here = home([("ttr", server.root())]);
    let ended = home_here
        .program(&["status", "ttr", "--json"])
        .run()
        .exits(0);
    let row = &rows_of(&ended)[0];
    assert_eq!(
        (&row["open"], &row["invasions"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(row["districts"], 2);
    let warning = "warning: the invasions of Toontown Rewritten are not known: ";
    assert!(ended.stderr.starts_with(warning), "{ended:#?}");
    let server = Pages::new([
        ("/system/status/", Reaction::json(SYSTEM)),
        ("/shards/", down),
    ]);
    let home = home([("tlopo", server.root())]);
    let ended = home.program(&["status", "tlopo"]).run().exits(0);
    assert!(
        ended
            .stdout
            .contains("open         ?          ?          ?  ?\n"),
        "{ended:#?}"
    );
    assert!(
        ended.stderr.contains("warning: the oceans of "),
        "{ended:#?}"
    );
}

#[test]
fn an_error_of_the_system_is_a_message_while_an_ocean_is_available() {
    let system = r#"{"status":4,"message":"Storms.","notices":{"7":"Reefs."},
        "servers":{"oceans":[{"name":"Abassa","status":1}]}}"#;
    let server = tlopo(Reaction::json(system));
    let home = home([("tlopo", server.root())]);
    let row = &rows(&home, &["tlopo"], 0)[0];
    assert_eq!(row["open"], true);
    assert_eq!(row["words"], "Storms. (status 4)");
    let servers = json!({"oceans": [{"name": "Abassa", "status": 1}]});
    assert_eq!(
        (&row["servers"], &row["notices"]),
        (&servers, &json!({"7": "Reefs."}))
    );
}

#[test]
fn a_typed_api_replaces_that_of_the_configuration() {
    let server = ttr(Reaction::json(TTR_OPEN));
    let row = &rows(&home([]), &["ttr", "--api", &server.root()], 0)[0];
    assert_eq!(row["open"], true);
}

#[test]
fn only_named_games_are_requested() {
    let servers = all_open();
    let rows = rows(&home_of(&servers), &["ttcc", "ttcc"], 0);
    assert_eq!(rows.len(), 1);
    let counts = servers.map(|server| server.into_requested().len());
    assert_eq!(counts, [0, 2, 0]);
}

#[test]
fn every_game_of_the_stand_in_is_open() {
    let server = StandInServer::new(Scenario::default());
    let home = home(GAMES.map(|game| (game, server.root())));
    for row in rows(&home, &[], 0) {
        assert_eq!(row["open"], true);
        assert!(row["population"].as_u64() > Some(0), "{row}");
        assert!(row["districts_online"].as_u64() > Some(0), "{row}");
    }
    assert_eq!(server.requests().len(), 7);
}

#[test]
fn a_silent_game_does_not_delay_other_requests() {
    let (silent, release) = Reaction::json(TTR_OPEN).held();
    let servers = [
        ttr(silent),
        ttcc(Reaction::json(INFO)),
        tlopo(Reaction::json(SYSTEM)),
    ];
    let home = home_of(&servers);
    let run = home.program(&["status", "--json"]).start();
    for server in &servers {
        server.wait();
    }
    drop(release);
    let rows = rows_of(&run.wait().exits(0));
    let games: Vec<_> = rows.iter().map(|row| row["game"].clone()).collect();
    assert_eq!(games, GAMES);
}

#[test]
fn a_silent_game_becomes_unreachable() {
    let (row, ended) = status_row(Reaction::Silence(Vec::new()), &["--timeout", "0.3"]);
    ended.exits(68);
    assert_eq!(row["reason"], "network");
}

#[test]
fn a_reader_that_closes_after_one_line_is_no_error() {
    let servers = all_open();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let home = home_of(&servers);
    let mut command = home.program(&["status"]).into_command();
    command.stdin(Stdio::null()).stdout(writer);
    let output = command.stderr(Stdio::piped()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn invalid_arguments_are_usage_errors() {
    let home = home([]);
    let run = |words: &[&str]| home.program(&[&["status"], words].concat()).run();
    run(&["scid"]).fails(64, "Supercell ID");
    run(&["ttr", "scid"]).fails(64, "Supercell ID");
    run(&["tttr"]).fails(64, "'tttr'");
    for games in [&[][..], &["ttr", "tlopo"]] {
        let words = [games, &["--api", "http://127.0.0.1:1"]].concat();
        run(&words).fails(64, "--api is for one game");
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_an_error() {
    let home = Home::new();
    home.configure("[ttr]\ncolour = 1\n");
    home.program(&["status"]).run().fails(78, "colour");
}

/// Stores a request of another run for the districts of Corporate Clash, this many seconds in the future.
#[cfg(target_os = "linux")]
fn store_request_time(home: &Home, root: &str, seconds: u64) {
    use std::time::SystemTime;

    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let last = (now.expect("a time").as_secs() + seconds) * 1000;
    let looks = json!({"services": {format!("ttcc {root}"): {"last": last}}});
    home.write(".local/state/playcookie/looks.json", looks.to_string());
}

#[cfg(target_os = "linux")]
#[test]
fn districts_wait_for_the_interval_of_another_run_and_ctrl_c_ends_the_wait() {
    let server = ttcc(Reaction::json(INFO));
    let home = home([("ttcc", server.root())]);
    // Times up to a minute in the future are believed.
    store_request_time(&home, &server.root(), 55);
    let run = home.program(&["status", "ttcc"]).start();
    server.wait_for("/api/v1/game_info.js");
    run.signal(rustix::process::Signal::INT);
    let ended = run.wait().dies_of(rustix::process::Signal::INT);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""));
    assert_eq!(server.into_requested(), ["/api/v1/game_info.js"]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_time_of_a_districts_request_is_stored() {
    let server = ttcc(Reaction::json(INFO));
    let home = home([("ttcc", server.root())]);
    rows(&home, &["ttcc"], 0);
    let looks = home.path().join(".local/state/playcookie/looks.json");
    let looks = std::fs::read_to_string(looks).expect("stored times");
    assert!(
        looks.contains(&format!("ttcc {}", server.root())),
        "{looks}"
    );
}

#[cfg(unix)]
#[test]
fn a_terminal_gets_colours_and_ctrl_c_ends_the_requests() {
    let (silent, _held) = Reaction::json(TTR_OPEN).held();
    let server = ttr(silent);
    let home_here = home([("ttr", server.root())]);
    let mut pty = home_here.program(&["status", "ttr"]).on_a_terminal();
    server.wait();
    pty.keys(&[CTRL_C]);
    pty.wait().dies_of(rustix::process::Signal::INT);

    let server = ttr(Reaction::json(TTR_OPEN));
    let home = home([("ttr", server.root())]);
    let program: Program = home.program(&["status", "ttr"]);
    let mut pty = program.env("NO_COLOR", "").on_a_terminal();
    pty.expect("\u{1b}[32mopen\u{1b}[0m");
    pty.wait().exits(0);
}
