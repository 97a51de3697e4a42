use proptest::prelude::*;

use super::*;

const SERVICE: &str = "tlopo https://api.tlopo.com";
const SPACING: Duration = Duration::from_secs(2);

const fn at(seconds: u64) -> Duration {
    Duration::from_secs(1_700_000_000 + seconds)
}

fn wait(logins: &mut Logins, now: Duration) -> u64 {
    match logins.reserve(SERVICE, SPACING, now) {
        Turn::After(wait) => wait.as_secs(),
        Turn::TooSoon { left } => panic!("{left:?} are left"),
    }
}

fn too_soon(seconds: u64) -> Turn {
    Turn::TooSoon {
        left: Duration::from_secs(seconds),
    }
}

#[test]
fn logins_at_the_same_time_go_one_after_the_other() {
    let mut logins = Logins::default();
    assert_eq!([0; 3].map(|_| wait(&mut logins, at(0))), [0, 2, 4]);
    assert_eq!(wait(&mut logins, at(5)), 1);
    assert_eq!(wait(&mut logins, at(100)), 0);
}

#[test]
fn services_do_not_wait_for_each_other() {
    let mut logins = Logins::default();
    wait(&mut logins, at(0));
    logins.told(SERVICE, LATER, at(0));
    let other = logins.reserve("tlopo http://127.0.0.1:1", SPACING, at(0));
    assert_eq!(other, Turn::After(Duration::ZERO));
}

#[test]
fn a_game_without_spacing_never_waits() {
    let mut logins = Logins::default();
    logins.reserve(SERVICE, Duration::ZERO, at(30));
    for now in [at(30), at(0)] {
        let turn = logins.reserve(SERVICE, Duration::ZERO, now);
        assert_eq!(turn, Turn::After(Duration::ZERO));
    }
}

#[test]
fn nothing_is_sent_while_the_service_asked_to_wait() {
    let mut logins = Logins::default();
    logins.told(SERVICE, LATER, at(0));
    let before = logins.clone();
    assert_eq!(logins.reserve(SERVICE, SPACING, at(0)), too_soon(60));
    let nearly = at(59) + Duration::from_millis(1);
    assert_eq!(logins.reserve(SERVICE, SPACING, nearly), too_soon(1));
    assert_eq!(logins, before);
    assert_eq!(wait(&mut logins, at(60)), 0);
}

#[test]
fn a_part_of_a_second_is_waited_for_too() {
    let mut logins = Logins::default();
    let half = Duration::from_millis(500);
    logins.told(SERVICE, LATER + half, at(0));
    assert_eq!(logins.reserve(SERVICE, SPACING, at(60)), too_soon(1));
}

#[test]
fn an_hour_at_most_is_believed_and_never_less_than_before() {
    let mut logins = Logins::default();
    logins.told(SERVICE, Duration::MAX, at(0) + Duration::from_millis(1));
    logins.told(SERVICE, LATER, at(1));
    assert_eq!(logins.reserve(SERVICE, SPACING, at(1)), too_soon(3600));
    assert_eq!(wait(&mut logins, at(3601)), 0);
}

#[test]
fn a_clock_that_was_set_back_locks_nobody_out() {
    let mut logins = Logins::default();
    wait(&mut logins, at(10_000));
    logins.told(SERVICE, LONGEST, at(10_000));
    assert_eq!(wait(&mut logins, at(0)), 0);
}

#[test]
fn what_is_too_old_to_matter_is_forgotten() {
    let mut logins = Logins::default();
    wait(&mut logins, at(0));
    logins.told("ttcc https://example.com", LATER, at(0));
    logins.reserve("ttr https://example.com", SPACING, at(3601));
    assert!(!logins.to_json().contains("tlopo"), "{logins:?}");
    assert!(!logins.to_json().contains("ttcc"), "{logins:?}");
    assert!(logins.to_json().contains("ttr"), "{logins:?}");
}

#[test]
fn what_was_remembered_is_read_again() {
    let mut logins = Logins::default();
    wait(&mut logins, at(0) + Duration::from_micros(1));
    logins.told("ttcc https://example.com", LATER, at(0));
    let mut again = Logins::parse(logins.to_json().as_bytes());
    assert_eq!(again, logins);
    let turn = again.reserve(SERVICE, SPACING, at(2));
    assert_eq!(turn, Turn::After(Duration::from_millis(1)));
}

#[test]
fn a_broken_file_is_an_empty_one() {
    for file in [
        &b""[..],
        b"{}",
        b"[]",
        b"null",
        b"\0\xff",
        b"{\"services\":{\"x\":1}}",
        b"{\"services\":{\"x\":{\"last\":-1}}}",
        b"<html>",
    ] {
        assert_eq!(Logins::parse(file), Logins::default());
    }
}

proptest! {
    #[test]
    fn no_file_makes_anybody_wait_for_long(last in any::<u64>(), not_before in any::<u64>(), now in any::<u64>()) {
        let known = Service { last: Some(last), not_before: Some(not_before) };
        let mut logins = Logins { services: [(SERVICE.to_owned(), known)].into() };
        let longest = match logins.reserve(SERVICE, SPACING, Duration::from_millis(now)) {
            Turn::After(wait) => wait,
            Turn::TooSoon { left } => left,
        };
        prop_assert!(longest <= LONGEST + Duration::from_secs(1));
    }
}
