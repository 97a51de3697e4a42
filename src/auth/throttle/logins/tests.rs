use proptest::prelude::*;

use super::*;

const SERVICE: &str = "tlopo https://api.tlopo.com";
const SPACING: Duration = Duration::from_secs(2);

const fn at(seconds: u64) -> Duration {
    Duration::from_secs(1_700_000_000 + seconds)
}

fn wait(logins: &mut Logins, now: Duration) -> u64 {
    match logins.reserve(SERVICE, SPACING, now) {
        Reservation::After(wait) => wait.as_secs(),
        Reservation::TooSoon { left } => panic!("{left:?} are left"),
    }
}

fn json(logins: &Logins) -> String {
    serde_json::to_string(logins).expect("JSON")
}

fn too_soon(seconds: u64) -> Reservation {
    Reservation::TooSoon {
        left: Duration::from_secs(seconds),
    }
}

#[test]
fn simultaneous_logins_are_spaced() {
    let mut logins = Logins::default();
    assert_eq!([0; 3].map(|_| wait(&mut logins, at(0))), [0, 2, 4]);
    assert_eq!(wait(&mut logins, at(5)), 1);
    assert_eq!(wait(&mut logins, at(100)), 0);
}

#[test]
fn services_do_not_wait_for_each_other() {
    let mut logins = Logins::default();
    wait(&mut logins, at(0));
    logins.postpone(SERVICE, DEFAULT_RETRY, at(0));
    let other = logins.reserve("tlopo http://127.0.0.1:1", SPACING, at(0));
    assert_eq!(other, Reservation::After(Duration::ZERO));
}

#[test]
fn a_game_without_spacing_never_waits() {
    let mut logins = Logins::default();
    logins.reserve(SERVICE, Duration::ZERO, at(30));
    for now in [at(30), at(0)] {
        let reservation = logins.reserve(SERVICE, Duration::ZERO, now);
        assert_eq!(reservation, Reservation::After(Duration::ZERO));
    }
}

#[test]
fn no_login_is_sent_while_the_server_asked_to_wait() {
    let mut logins = Logins::default();
    logins.postpone(SERVICE, DEFAULT_RETRY, at(0));
    let before = logins.clone();
    assert_eq!(logins.reserve(SERVICE, SPACING, at(0)), too_soon(60));
    let nearly = at(59) + Duration::from_millis(1);
    assert_eq!(logins.reserve(SERVICE, SPACING, nearly), too_soon(1));
    assert_eq!(logins, before);
    assert_eq!(wait(&mut logins, at(60)), 0);
}

#[test]
fn fractions_of_a_second_are_rounded_up() {
    let mut logins = Logins::default();
    let half = Duration::from_millis(500);
    logins.postpone(SERVICE, DEFAULT_RETRY + half, at(0));
    assert_eq!(logins.reserve(SERVICE, SPACING, at(60)), too_soon(1));
}

#[test]
fn a_wait_is_an_hour_at_most_and_never_shortened() {
    let mut logins = Logins::default();
    logins.postpone(SERVICE, Duration::MAX, at(0) + Duration::from_millis(1));
    logins.postpone(SERVICE, DEFAULT_RETRY, at(1));
    assert_eq!(logins.reserve(SERVICE, SPACING, at(1)), too_soon(3600));
    assert_eq!(wait(&mut logins, at(3601)), 0);
}

#[test]
fn a_clock_that_was_set_back_blocks_no_login() {
    let mut logins = Logins::default();
    wait(&mut logins, at(10_000));
    logins.postpone(SERVICE, MAX_RETRY, at(10_000));
    assert_eq!(wait(&mut logins, at(0)), 0);
}

#[test]
fn old_logins_are_removed() {
    let mut logins = Logins::default();
    wait(&mut logins, at(0));
    logins.postpone("ttcc https://example.com", DEFAULT_RETRY, at(0));
    logins.reserve("ttr https://example.com", SPACING, at(3601));
    assert!(!json(&logins).contains("tlopo"), "{logins:?}");
    assert!(!json(&logins).contains("ttcc"), "{logins:?}");
    assert!(json(&logins).contains("ttr"), "{logins:?}");
}

#[test]
fn logins_are_read_as_they_were_written() {
    let mut logins = Logins::default();
    wait(&mut logins, at(0) + Duration::from_micros(1));
    logins.postpone("ttcc https://example.com", DEFAULT_RETRY, at(0));
    let mut read: Logins = serde_json::from_str(&json(&logins)).expect("logins");
    assert_eq!(read, logins);
    let reservation = read.reserve(SERVICE, SPACING, at(2));
    assert_eq!(reservation, Reservation::After(Duration::from_millis(1)));
}

proptest! {
    #[test]
    fn no_state_causes_a_long_wait(last in any::<u64>(), not_before in any::<u64>(), now in any::<u64>()) {
        let known = ServiceLogins { last: Some(last), not_before: Some(not_before) };
        let mut logins = Logins { services: [(SERVICE.to_owned(), known)].into() };
        let longest = match logins.reserve(SERVICE, SPACING, Duration::from_millis(now)) {
            Reservation::After(wait) => wait,
            Reservation::TooSoon { left } => left,
        };
        prop_assert!(longest <= MAX_RETRY + Duration::from_secs(1));
    }
}
