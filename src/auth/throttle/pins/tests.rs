//! The limits, with the time as an argument.

use proptest::prelude::*;

use super::*;
use crate::games::scid::catalog::{GAMES, find};

const ME: &str = "me@example.com";
/// The time of the request of [`requested`].
const THEN: u64 = 1_700_000_000;

fn game(name: &str) -> &'static AndroidGame {
    find(name).expect("a game")
}

/// The time `seconds` after the request.
fn after(seconds: f64) -> Duration {
    Duration::from_secs(THEN) + Duration::from_secs_f64(seconds)
}

fn requested() -> PinThrottle {
    let mut throttle = PinThrottle::default();
    throttle.record_request(ME, game("cr"), after(0.0));
    throttle
}

/// Parses a state file as [`StateDirectory::read_json`](crate::state::StateDirectory::read_json) does.
fn parse(file: &[u8]) -> PinThrottle {
    serde_json::from_slice(file).unwrap_or_default()
}

fn too_soon(seconds: u64) -> PinAction {
    PinAction::TooSoon {
        left: Duration::from_secs(seconds),
    }
}

const FRESH: PinAction = continued(MAX_TRIES);

/// The request of [`requested`] is continued.
const fn continued(tries_left: u8) -> PinAction {
    let [_, _, _, game, ..] = &GAMES;
    PinAction::Continue { game, tries_left }
}

#[test]
fn the_first_request_is_made_at_once() {
    assert_eq!(
        PinThrottle::default().next_action(ME, None, after(0.0)),
        PinAction::Request
    );
    assert_eq!(
        PinThrottle::default().new_request(ME, Duration::ZERO),
        PinAction::Request
    );
}

#[test]
fn a_request_is_continued_for_ten_minutes() {
    for age in [0.0, 30.0, 60.0, 600.0] {
        assert_eq!(
            requested().next_action(ME, None, after(age)),
            FRESH,
            "{age}"
        );
    }
    assert_eq!(
        requested().next_action(ME, None, after(600.1)),
        PinAction::Request
    );
    assert_eq!(
        requested().next_action(ME, None, after(1e9)),
        PinAction::Request
    );
}

#[test]
fn another_request_within_a_minute_is_too_soon() {
    let renew = |age| requested().new_request(ME, after(age));
    assert_eq!(
        [0.0, 1.0, 59.0].map(renew),
        [too_soon(60), too_soon(59), too_soon(1)]
    );
    assert_eq!([0.5, 59.9].map(renew), [too_soon(60), too_soon(1)]);
    assert_eq!([60.0, 599.0, 601.0].map(renew), [PinAction::Request; 3]);
}

#[test]
fn fractions_of_a_second_are_rounded_up() {
    let mut throttle = PinThrottle::default();
    throttle.record_request(ME, game("cr"), after(0.9));
    assert_eq!(throttle.new_request(ME, after(60.5)), too_soon(1));
    assert_eq!(throttle.new_request(ME, after(61.0)), PinAction::Request);
}

#[test]
fn addresses_have_separate_limits() {
    assert_eq!(
        requested().new_request("you@example.com", after(1.0)),
        PinAction::Request
    );
    assert_eq!(
        requested().next_action("you@example.com", None, after(1.0)),
        PinAction::Request
    );
}

#[test]
fn case_and_spaces_of_an_address_are_ignored() {
    assert_eq!(
        requested().new_request(" Me@Example.COM\n", after(1.0)),
        too_soon(59)
    );
}

#[test]
fn three_pins_can_be_tried_for_each_request() {
    let mut throttle = requested();
    for left in [2, 1] {
        assert_eq!(throttle.record_try(ME), left);
        assert_eq!(throttle.next_action(ME, None, after(9.0)), continued(left));
    }
    assert_eq!((throttle.record_try(ME), throttle.record_try(ME)), (0, 0));
    assert_eq!(throttle.next_action(ME, None, after(20.0)), too_soon(40));
    assert_eq!(
        throttle.next_action(ME, None, after(60.0)),
        PinAction::Request
    );
    throttle.record_request(ME, game("cr"), after(60.0));
    assert_eq!(throttle.next_action(ME, None, after(61.0)), FRESH);
}

#[test]
fn a_used_pin_ends_a_request_that_still_delays_the_next_one() {
    let mut throttle = requested();
    throttle.record_use(ME);
    assert_eq!(throttle.next_action(ME, None, after(20.0)), too_soon(40));
    assert_eq!(
        throttle.next_action(ME, None, after(90.0)),
        PinAction::Request
    );
}

#[test]
fn a_request_for_another_game_is_not_continued() {
    assert_eq!(
        requested().next_action(ME, Some(game("cr")), after(61.0)),
        FRESH
    );
    assert_eq!(
        requested().next_action(ME, Some(game("hd")), after(61.0)),
        PinAction::Request
    );
    assert_eq!(
        requested().next_action(ME, Some(game("hd")), after(20.0)),
        too_soon(40)
    );
    let same_game = |seconds| requested().next_action(ME, Some(game("cr")), after(seconds));
    assert_eq!(
        [same_game(61.0), same_game(601.0)],
        [FRESH, PinAction::Request]
    );
}

#[test]
fn without_a_request_no_tries_are_left() {
    assert_eq!(PinThrottle::default().record_try(ME), 0);
}

#[test]
fn a_new_request_removes_expired_ones() {
    let mut throttle = requested();
    throttle.record_request("you@example.com", game("cr"), after(601.0));
    assert_eq!(throttle.requests.len(), 1);
}

#[test]
fn a_clock_that_was_set_back_does_not_block_requests() {
    let before = |seconds| Duration::from_secs(THEN - seconds);
    assert_eq!(requested().new_request(ME, before(5)), too_soon(60));
    assert_eq!(
        requested().new_request(ME, before(3600)),
        PinAction::Request
    );
    assert_eq!(
        requested().next_action(ME, None, Duration::ZERO),
        PinAction::Request
    );
}

#[test]
fn the_state_file_is_written_and_parsed() {
    let mut throttle = requested();
    throttle.record_try(ME);
    let file = serde_json::to_string(&throttle).expect("JSON");
    assert_eq!(
        file,
        r#"{"requests":{"me@example.com":{"asked_at":1700000000,"game":"scroll","tries":1}}}"#
    );
    assert_eq!(parse(file.as_bytes()), throttle);
    let empty = serde_json::to_string(&PinThrottle::default()).expect("JSON");
    assert_eq!(parse(empty.as_bytes()), PinThrottle::default());
}

#[test]
fn an_invalid_state_file_counts_as_empty() {
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
        assert_eq!(parse(file.as_bytes()), PinThrottle::default(), "{file}");
    }
}

#[test]
fn huge_numbers_in_a_state_file_are_harmless() {
    let file = r#"{"requests":{"me@example.com":{"asked_at":18446744073709551615,"game":"","tries":255}}}"#;
    let mut throttle = parse(file.as_bytes());
    assert_eq!(
        throttle.next_action(ME, None, after(0.0)),
        PinAction::Request
    );
    assert_eq!(throttle.next_action(ME, None, Duration::MAX), too_soon(60));
    assert_eq!(throttle.record_try(ME), 0);
}

proptest! {
    #[test]
    fn no_state_and_no_time_make_it_panic(file in any::<Vec<u8>>(), asked_at in any::<u64>(), tries in any::<u8>(),
                                                seconds in any::<u64>(), nanos in 0_u32..1_000_000_000) {
        let _ = parse(&file);
        let file = format!(r#"{{"requests":{{"a":{{"asked_at":{asked_at},"game":"reef","tries":{tries}}}}}}}"#);
        let mut throttle = parse(file.as_bytes());
        let now = Duration::new(seconds, nanos);
        for game in GAMES.iter().map(Some).chain([None]) {
            let _ = throttle.next_action("a", game, now);
        }
        throttle.record_request("b", &GAMES[0], now);
        throttle.record_try("a");
    }
}
