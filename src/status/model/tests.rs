use serde_json::{Value, json};

use super::*;
use crate::games::GameId;
use crate::protocol::ServerMessage;
use crate::protocol::districts::CogInvasion;

fn status(game_id: GameId, server: Result<Availability, Reason>) -> GameStatus {
    let server = server.map(|availability| ServerStatus {
        availability,
        message: ServerMessage::default(),
        population: None,
        details: None,
    });
    let server = server.map_err(|reason| Failure::new(reason, "It failed.", "Do something."));
    GameStatus::new(game_id.game(), server, None, 0)
}

fn closed_with(words: &str) -> Availability {
    Availability::Closed(ServerMessage::new(Some(words)))
}

fn district(name: &str, online: Option<bool>, invasion: Option<Invasion>) -> District {
    District {
        name: name.to_owned(),
        online,
        invasion,
        ..District::default()
    }
}

fn table(as_of: Option<u64>, districts: Vec<District>) -> DistrictTable {
    DistrictTable {
        game: "ttcc",
        invasions_missing: false,
        as_of,
        population: Some(12),
        districts,
    }
}

fn written(status: &GameStatus) -> Value {
    serde_json::to_value(status).expect("JSON")
}

#[test]
fn a_row_has_every_key_of_the_contract() {
    let districts = vec![
        district("Anvil Acres", Some(false), None),
        district(
            "Kazoo Kanyon",
            Some(true),
            Some(Invasion::Cogs(CogInvasion {
                cog: Some("Middleman".to_owned()),
                ..CogInvasion::default()
            })),
        ),
    ];
    let server = ServerStatus {
        availability: Availability::Open,
        message: ServerMessage::new(Some("Have\u{1b}[2J fun!")),
        population: Some(76),
        details: None,
    };
    let table = table(Some(1_651_361_858), districts);
    let status = GameStatus::new(GameId::Ttcc.game(), Ok(server), Some(&table), 1_651_361_900);
    let invasion = json!({
        "district": "Kazoo Kanyon", "cog": "Middleman", "defeated": null, "total": null, "remaining_seconds": null
    });
    let expected = json!({
        "game": "ttcc", "open": true, "words": "Have fun!", "reason": null, "message": null, "hint": null, "exit": 0,
        "population": 76, "districts_online": 1, "districts": 2, "invasions": [invasion],
        "as_of": "2022-04-30T23:37:38Z", "age_seconds": 42
    });
    assert_eq!(written(&status), expected);
}

#[test]
fn a_failed_row_says_what_an_error_event_says_and_the_rest_is_unknown() {
    let closed = written(&status(GameId::Ttr, Ok(closed_with("Until\u{202e} noon."))));
    let expected = json!({
        "game": "ttr", "open": false, "words": "Until noon.", "reason": "closed",
        "message": "Toontown Rewritten is closed: \"Until noon.\"",
        "hint": "try again later; `playcookie ttr --wait-for-server` waits until it is open", "exit": 69,
        "population": null, "districts_online": null, "districts": null, "invasions": null, "as_of": null,
        "age_seconds": null
    });
    assert_eq!(closed, expected);
    let lost = written(&status(GameId::Ttr, Err(Reason::Network)));
    let keys = ["open", "reason", "message", "hint", "exit"].map(|key| lost[key].clone());
    let expected = [
        json!(null),
        json!("network"),
        json!("It failed."),
        json!("Do something."),
        json!(68),
    ];
    assert_eq!(keys, expected);
}

#[test]
fn districts_that_do_not_say_whether_they_are_online_are_not_offline() {
    let counted = |online: &[Option<bool>]| {
        let districts: Vec<_> = online.iter().map(|it| district("a", *it, None)).collect();
        crate::status::model::online(&districts)
    };
    assert_eq!(counted(&[None, None]), None);
    assert_eq!(counted(&[Some(false), Some(false)]), Some(0));
    assert_eq!(counted(&[Some(true), None]), Some(1));
    assert_eq!(counted(&[]), Some(0));
}

#[test]
fn a_count_from_the_future_is_new_and_one_without_a_time_has_no_age() {
    let aged = |as_of| {
        let server = Err(Failure::new(Reason::ServerError, "It failed.", "Wait."));
        let table = table(as_of, Vec::new());
        let status = GameStatus::new(GameId::Ttr.game(), server, Some(&table), 99);
        (status.as_of, status.age_seconds)
    };
    assert_eq!(aged(Some(100)), (Some(100), Some(0)));
    assert_eq!(aged(Some(90)), (Some(90), Some(9)));
    assert_eq!(aged(None), (None, None));
}

#[test]
fn what_a_game_says_of_its_players_counts_before_the_sum_of_its_districts() {
    let population = |said| {
        let server = ServerStatus {
            availability: Availability::Open,
            message: ServerMessage::default(),
            population: said,
            details: None,
        };
        let table = table(None, Vec::new());
        GameStatus::new(GameId::Ttr.game(), Ok(server), Some(&table), 0).population
    };
    assert_eq!(
        (population(Some(80)), population(None)),
        (Some(80), Some(12))
    );
}

#[test]
fn unreachable_counts_before_closed_and_closed_before_anything_else() {
    let ending = |doors: &[Result<Availability, Reason>]| {
        let games = doors.iter().cloned();
        let games = games
            .map(|availability| status(GameId::Ttr, availability))
            .collect();
        StatusTable { games }.reason()
    };
    let (lost, failed) = (Err(Reason::Network), Err(Reason::ServerError));
    let (odd, later) = (Err(Reason::NotUnderstood), Err(Reason::TryLater));
    assert_eq!(
        ending(&[Ok(Availability::Open), Ok(Availability::Open)]),
        None
    );
    assert_eq!(
        ending(&[odd.clone(), failed.clone(), lost]),
        Some(Reason::Network)
    );
    assert_eq!(
        ending(&[odd.clone(), Ok(closed_with(""))]),
        Some(Reason::Closed)
    );
    assert_eq!(ending(&[later.clone(), failed]), Some(Reason::ServerError));
    assert_eq!(
        ending(&[Ok(Availability::Open), odd.clone(), later.clone()]),
        Some(Reason::NotUnderstood)
    );
    assert_eq!(ending(&[later, odd]), Some(Reason::TryLater));
}
