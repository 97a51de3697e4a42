//! The pace, at times that are made up.

use proptest::prelude::*;

use super::*;
use crate::games::scid::catalog::{GAMES, find};

const ME: &str = "me@example.com";
/// When the request of [`asked`] was made.
const THEN: u64 = 1_700_000_000;

fn game(name: &str) -> &'static Game {
    find(name).expect("a game")
}

/// `seconds` after the request.
fn after(seconds: f64) -> Duration {
    Duration::from_secs(THEN) + Duration::from_secs_f64(seconds)
}

fn asked() -> Pacing {
    let mut pacing = Pacing::default();
    pacing.requested(ME, game("cr"), after(0.0));
    pacing
}

fn too_soon(seconds: u64) -> Plan {
    Plan::TooSoon {
        left: Duration::from_secs(seconds),
    }
}

const FRESH: Plan = Plan::Continue { tries_left: TRIES };

#[test]
fn without_a_request_one_is_made() {
    assert_eq!(Pacing::default().plan(ME, None, after(0.0)), Plan::Request);
    assert_eq!(Pacing::default().renew(ME, Duration::ZERO), Plan::Request);
}

#[test]
fn a_request_is_continued_for_ten_minutes() {
    for age in [0.0, 30.0, 60.0, 600.0] {
        assert_eq!(asked().plan(ME, None, after(age)), FRESH, "{age}");
    }
    assert_eq!(asked().plan(ME, None, after(600.1)), Plan::Request);
    assert_eq!(asked().plan(ME, None, after(1e9)), Plan::Request);
}

#[test]
fn another_request_within_a_minute_is_too_soon_and_says_how_long() {
    let renew = |age| asked().renew(ME, after(age));
    assert_eq!(
        [0.0, 1.0, 59.0].map(renew),
        [too_soon(60), too_soon(59), too_soon(1)]
    );
    assert_eq!([0.5, 59.9].map(renew), [too_soon(60), too_soon(1)]);
    assert_eq!([60.0, 599.0, 601.0].map(renew), [Plan::Request; 3]);
}

#[test]
fn a_request_in_the_middle_of_a_second_is_not_taken_for_an_older_one() {
    let mut pacing = Pacing::default();
    pacing.requested(ME, game("cr"), after(0.9));
    assert_eq!(pacing.renew(ME, after(60.5)), too_soon(1));
    assert_eq!(pacing.renew(ME, after(61.0)), Plan::Request);
}

#[test]
fn another_address_has_a_pace_of_its_own() {
    assert_eq!(asked().renew("you@example.com", after(1.0)), Plan::Request);
    assert_eq!(
        asked().plan("you@example.com", None, after(1.0)),
        Plan::Request
    );
}

#[test]
fn an_address_is_the_same_however_it_is_typed() {
    assert_eq!(asked().renew(" Me@Example.COM\n", after(1.0)), too_soon(59));
}

#[test]
fn a_pin_is_tried_three_times_and_then_a_new_one_is_needed() {
    let mut pacing = asked();
    for left in [2, 1] {
        assert_eq!(pacing.tried(ME), left);
        assert_eq!(
            pacing.plan(ME, None, after(9.0)),
            Plan::Continue { tries_left: left }
        );
    }
    assert_eq!((pacing.tried(ME), pacing.tried(ME)), (0, 0));
    assert_eq!(pacing.plan(ME, None, after(20.0)), too_soon(40));
    assert_eq!(pacing.plan(ME, None, after(60.0)), Plan::Request);
    pacing.requested(ME, game("cr"), after(60.0));
    assert_eq!(pacing.plan(ME, None, after(61.0)), FRESH);
}

#[test]
fn a_pin_that_was_used_up_is_not_continued_and_still_counts_for_the_pace() {
    let mut pacing = asked();
    pacing.used(ME);
    assert_eq!(pacing.plan(ME, None, after(20.0)), too_soon(40));
    assert_eq!(pacing.plan(ME, None, after(90.0)), Plan::Request);
}

#[test]
fn a_request_for_another_game_is_not_continued() {
    assert_eq!(asked().plan(ME, Some(game("cr")), after(61.0)), FRESH);
    assert_eq!(
        asked().plan(ME, Some(game("hd")), after(61.0)),
        Plan::Request
    );
    assert_eq!(
        asked().plan(ME, Some(game("hd")), after(20.0)),
        too_soon(40)
    );
    assert_eq!(asked().game(ME, after(61.0)), Some("scroll"));
    assert_eq!(asked().game(ME, after(601.0)), None);
}

#[test]
fn a_try_without_a_request_leaves_none() {
    assert_eq!(Pacing::default().tried(ME), 0);
}

#[test]
fn old_requests_are_forgotten_when_a_new_one_is_made() {
    let mut pacing = asked();
    pacing.requested("you@example.com", game("cr"), after(601.0));
    assert_eq!(pacing.requests.len(), 1);
}

#[test]
fn a_clock_that_was_set_back_does_not_lock_anybody_out() {
    let before = |seconds| Duration::from_secs(THEN - seconds);
    assert_eq!(asked().renew(ME, before(5)), too_soon(60));
    assert_eq!(asked().renew(ME, before(3600)), Plan::Request);
    assert_eq!(asked().plan(ME, None, Duration::ZERO), Plan::Request);
}

#[test]
fn the_state_file_is_small_and_comes_back_as_it_went() {
    let mut pacing = asked();
    pacing.tried(ME);
    let file = pacing.to_json();
    assert_eq!(
        file,
        r#"{"requests":{"me@example.com":{"asked_at":1700000000,"game":"scroll","tries":1}}}"#
    );
    assert_eq!(Pacing::parse(file.as_bytes()), pacing);
    assert_eq!(
        Pacing::parse(Pacing::default().to_json().as_bytes()),
        Pacing::default()
    );
}

#[test]
fn a_broken_state_file_is_nothing_known() {
    for file in [
        "",
        "null",
        "[]",
        "7",
        "<html>",
        "{}",
        r#"{"requests":{"a":{}}}"#,
        r#"{"requests":{"a":{"asked_at":-1}}}"#,
        r#"{"requests":{"me@example.com":{"asked_at":1700000000,"game":"scr"#,
        "\u{0}\u{0}",
        "{\"requests\":null}",
    ] {
        assert_eq!(Pacing::parse(file.as_bytes()), Pacing::default(), "{file}");
    }
}

#[test]
fn a_state_file_full_of_huge_numbers_does_no_harm() {
    let file = r#"{"requests":{"me@example.com":{"asked_at":18446744073709551615,"game":"","tries":255}}}"#;
    let mut pacing = Pacing::parse(file.as_bytes());
    assert_eq!(pacing.plan(ME, None, after(0.0)), Plan::Request);
    assert_eq!(pacing.plan(ME, None, Duration::MAX), too_soon(60));
    assert_eq!(pacing.tried(ME), 0);
}

proptest! {
    #[test]
    fn no_state_and_no_time_make_planning_panic(file in any::<Vec<u8>>(), asked_at in any::<u64>(), tries in any::<u8>(),
                                                seconds in any::<u64>(), nanos in 0_u32..1_000_000_000) {
        let _ = Pacing::parse(&file);
        let file = format!(r#"{{"requests":{{"a":{{"asked_at":{asked_at},"game":"reef","tries":{tries}}}}}}}"#);
        let mut pacing = Pacing::parse(file.as_bytes());
        let now = Duration::new(seconds, nanos);
        for game in GAMES.iter().map(Some).chain([None]) {
            let _ = pacing.plan("a", game, now);
        }
        pacing.requested("b", &GAMES[0], now);
        pacing.tried("a");
    }
}
