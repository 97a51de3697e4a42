//! `ttr fieldoffices`, `sillymeter` and `doodles`: text, JSON and failed requests. The times in the answers are far in the
//! past, so that the output does not depend on the date.

use serde_json::{Value, json};

use playcookie::stand_in::Scenario;

use crate::harness::{ClosedPort, Home, Reaction, RunOutput, Scripted, StandInServer};

const VERBS: [&str; 3] = ["fieldoffices", "sillymeter", "doodles"];
const FIELD_OFFICES: &str = r#"{"lastUpdated":1651361858,"fieldOffices":{"7100":{"department":"x\u001b[31m","difficulty":12344,"annexes":0,"open":false,"expiring":1651361900},"3100":{"department":"s","difficulty":2,"annexes":11,"open":true,"expiring":null},"4200":{"department":"l","difficulty":0,"annexes":1,"open":false,"expiring":null},"9100":{}}}"#;
const SILLY_METER: &str = r#"{"state":"Reward","hp":5000000,"rewards":["Overjoyed Laff Meters","Decreased Fish Rarity"],"rewardDescriptions":["Every toon has a few more laff points than it would have without."],"winner":"Decreased Fish Rarity","rewardPoints":[2000000,3000000],"nextUpdateTimestamp":1651361900,"asOf":99999999999}"#;
const DOODLES: &str = r#"{"Fizzlefield":{"The Brrrgh":[{"dna":"1","traits":["Rarely Tired","Often Hungry"],"cost":1300},{"dna":"2","traits":["Rarely\tBored"],"cost":null}]},"Boingbury":{"Donald's Dock":[{"dna":"3","traits":["Rarely Tired"],"cost":300}]}}"#;

fn page(verb: &str) -> &'static str {
    match verb {
        "fieldoffices" => FIELD_OFFICES,
        "sillymeter" => SILLY_METER,
        _ => DOODLES,
    }
}

/// Runs a verb against a server with its answer.
fn ask(verb: &str, more: &[&str]) -> RunOutput {
    let server = Scripted::new([Reaction::json(page(verb))]);
    ask_at(&server.root(), verb, more).exits(0)
}

fn ask_at(api: &str, verb: &str, more: &[&str]) -> RunOutput {
    let words = [&["ttr", verb, "--api", api], more].concat();
    Home::new().program(&words).run()
}

#[track_caller]
fn object(ended: &RunOutput) -> Value {
    serde_json::from_str(&ended.stdout).expect("one object")
}

#[test]
fn text_output_of_field_offices_is_a_table() {
    let ended = ask("fieldoffices", &[]).prints_plain_text();
    let expected = "\
STREET              DEPARTMENT  STARS     ANNEXES  STATE
Baritone Boulevard  Lawbot      ★               1  closed
Lullaby Lane        ?           ?               ?  ?
Walrus Way          Sellbot     ★★★            11  open
zone 7100           x           12,345 ★        0  closes now
4 field offices, 1 open, 12 annexes left
";
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str()),
        (expected, "")
    );
}

#[test]
fn json_output_has_the_same_field_offices() {
    let shown = object(&ask("fieldoffices", &["--json"]));
    assert_eq!(
        (&shown["game"], &shown["as_of"]),
        (&json!("ttr"), &json!("2022-04-30T23:37:38Z"))
    );
    let zones = shown["field_offices"].as_array().expect("rows").iter();
    let zones: Vec<_> = zones.map(|it| &it["zone"]).collect();
    assert_eq!(zones, ["4200", "9100", "3100", "7100"]);
    let expected = json!({
        "zone": "7100", "street": null, "department": "x", "stars": 12345, "annexes": 0, "open": false,
        "expires": "2022-04-30T23:38:20Z",
    });
    assert_eq!(shown["field_offices"][3], expected);
}

#[test]
fn text_output_shows_the_silly_meter() {
    let ended = ask("sillymeter", &[]).prints_plain_text();
    let expected = "\
The Silly Meter was filled: everybody is rewarded
████████████████████████████████████████
5,000,000 of 5,000,000 points, 100 %
TEAM                      POINTS
Overjoyed Laff Meters  2,000,000
  Every toon has a few more laff points than it would have without.
Decreased Fish Rarity  3,000,000
Winner: Decreased Fish Rarity
Next: the reward ends now
Reported just now
";
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str()),
        (expected, "")
    );
}

#[test]
fn json_output_has_the_same_silly_meter() {
    let shown = object(&ask("sillymeter", &["--json"]));
    let laff = "Every toon has a few more laff points than it would have without.";
    let expected = json!({
        "game": "ttr", "as_of": "5138-11-16T09:46:39Z", "state": "reward", "points": 5_000_000, "full": 5_000_000,
        "teams": [
            {"name": "Overjoyed Laff Meters", "description": laff, "points": 2_000_000},
            {"name": "Decreased Fish Rarity", "description": null, "points": 3_000_000},
        ],
        "winner": "Decreased Fish Rarity", "next_update": "2022-04-30T23:38:20Z",
    });
    assert_eq!(shown, expected);
}

#[test]
fn text_output_of_doodles_is_by_district_and_playground() {
    let ended = ask("doodles", &[]).prints_plain_text();
    let expected = "    TRAITS                       COST
Boingbury
  Donald's Dock
    Rarely Tired                  300
Fizzlefield
  The Brrrgh
    Rarely Tired, Often Hungry  1,300
    Rarely Bored                    ?
3 doodles, cheapest 300 jellybeans
";
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str()),
        (expected, "")
    );
}

#[test]
fn doodles_are_filtered_by_traits_and_cost() {
    for (more, costs) in [
        (&[][..], json!([300, 1300, null])),
        (&["--trait", "RARELY-tired"], json!([300, 1300])),
        (&["--trait", "rarely", "--trait", "hungry"], json!([1300])),
        (&["--trait", "rarely", "--max-cost", "1299"], json!([300])),
        (&["--max-cost", "299"], json!([])),
    ] {
        let shown = object(&ask("doodles", &[more, &["--json"]].concat()));
        assert!(shown["as_of"].is_string(), "{shown}");
        let rows = shown["doodles"].as_array().expect("rows").iter();
        let left: Vec<_> = rows.map(|it| it["cost"].clone()).collect();
        assert_eq!(json!(left), costs, "{more:?}");
        let people = ask("doodles", more).stdout;
        let total = format!("{} doodle", left.len());
        let last = people.lines().last();
        assert!(
            last.is_some_and(|last| last.starts_with(&total)),
            "{people}"
        );
    }
}

#[test]
fn each_failed_request_ends_with_its_status() {
    for verb in VERBS {
        for (reaction, status, words) in [
            (Reaction::answer(503, "text/html", "<html>"), 69, "HTTP 503"),
            (Reaction::answer(429, "text/html", ""), 75, "try later"),
            (
                Reaction::answer(200, "text/html", "<html>hunter2"),
                76,
                "answered with",
            ),
            (Reaction::json("7"), 76, "answered with"),
            (Reaction::json("{\"error\":\"Down.\"}"), 69, "Down."),
            (
                Reaction::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[".to_vec()),
                68,
                "lost",
            ),
        ] {
            let server = Scripted::new([reaction]);
            let ended = ask_at(&server.root(), verb, &["--json"]);
            let ended = ended.fails(status, words).hides(&["hunter2", "<html>"]);
            let event = ended.error_event();
            assert_eq!(
                (&event["exit"], &event["game"]),
                (&json!(status), &json!("ttr"))
            );
        }
        let port = ClosedPort::new();
        ask_at(&port.root(), verb, &[]).fails(68, "cannot be asked");
    }
}

#[test]
fn no_other_game_has_these_verbs() {
    let home = Home::new();
    for verb in VERBS {
        let ours = home.program(&["ttr", "--help"]).run().exits(0);
        assert!(ours.stdout.contains(verb));
        for game in ["ttcc", "tlopo"] {
            let help = home.program(&[game, "--help"]).run().exits(0);
            assert!(!help.stdout.contains(verb), "{help:?}");
            for words in [
                &[game, verb][..],
                &[game, verb, "--json"],
                &[game, verb, "--trait", "x"],
                &[game, "--no-input", verb],
            ] {
                let ended = home.program(words).run().fails(64, "is a verb of ttr");
                let (_, hint) = ended.error_and_hint();
                assert!(hint.contains(&format!("playcookie ttr {verb}")), "{hint}");
            }
        }
    }
}

#[test]
fn what_makes_no_sense_is_a_usage_error() {
    let home = Home::new();
    for words in [
        &["doodles", "--trait", "?!"][..],
        &["doodles", "--max-cost", "low"],
        &["doodles", "bob"],
        &["sillymeter", "--trait", "x"],
        &["fieldoffices", "--watch"],
    ] {
        let ended = home.program(&[&["ttr"], words].concat()).run();
        ended.fails(64, "");
    }
}

#[test]
fn the_stand_in_has_all_public_data_and_no_account_is_needed() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    home.configure(format!("[ttr]\napi = \"{}\"\n", server.root()));
    for (verb, rows) in VERBS.iter().zip(["field_offices", "teams", "doodles"]) {
        let shown = object(&home.program(&["ttr", verb, "--json"]).run().exits(0));
        let rows = shown[rows].as_array().expect("rows");
        assert!(!rows.is_empty() && shown["as_of"].is_string(), "{shown}");
    }
}

#[cfg(unix)]
mod on_a_terminal {
    use rustix::process::Signal;

    use super::*;
    use crate::harness::{CTRL_C, Program};

    fn program(home: &Home, verb: &str, server: &Scripted) -> Program {
        home.program(&["ttr", verb, "--api", &server.root()])
    }

    #[test]
    fn lines_fit_the_width_and_are_coloured_on_request() {
        let home = Home::new();
        for (verb, striking) in [
            ("fieldoffices", "\u{1b}[35mWalrus Way"),
            ("sillymeter", "\u{1b}[35mDecreased Fish Rarity"),
            ("doodles", "\u{1b}[1mFizzlefield"),
        ] {
            for columns in [80, 40] {
                let server = Scripted::new([Reaction::json(page(verb))]);
                let narrow = format!(r#"stty cols {columns}; exec "$@""#);
                let narrow = program(&home, verb, &server).through_a_shell(&narrow);
                let screen = narrow.on_a_terminal().wait().exits(0).stderr;
                let widest = screen.lines().map(|line| line.chars().count()).max();
                assert!(
                    widest.is_some_and(|widest| (20..=columns).contains(&widest)),
                    "{screen}"
                );
            }
            let server = Scripted::new([Reaction::json(page(verb))]);
            let coloured = program(&home, verb, &server)
                .env("NO_COLOR", "")
                .on_a_terminal();
            let screen = coloured.wait().exits(0).stderr;
            assert!(screen.contains(striking), "{screen:?}");
        }
    }

    #[test]
    fn ctrl_c_ends_the_wait_for_an_answer() {
        let home = Home::new();
        for verb in VERBS {
            let (held, release) = Reaction::json(page(verb)).held();
            let server = Scripted::new([held]);
            let mut pty = program(&home, verb, &server).on_a_terminal();
            server.wait_for(1);
            pty.keys(&[CTRL_C]);
            pty.wait().dies_of(Signal::INT);
            drop(release);
        }
    }
}
