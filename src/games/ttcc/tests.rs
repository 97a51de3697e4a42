//! What both interfaces share, and the documented one; `current/tests.rs` has the current one.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::protocol::Ticket;

/// The document's sample, which has no token.
const SAMPLE: &str = r#"{"status": true, "reason": 0, "friendlyreason": "", "token": ""}"#;
const GRANTED: &str = r#"{"status": true, "reason": 0, "friendlyreason": "", "token": "deadbeef"}"#;

fn alice() -> LoginParameters {
    LoginParameters {
        interface: Interface::Documented,
        ..LoginParameters::with_password("alice", "hunter2")
    }
}

fn sent() -> Sent {
    Ttcc::new(alice()).begin().1
}

fn reply(body: &str) -> Result<Step<Ttcc>, Error> {
    Ttcc::reply(sent(), &Reply::new(200, body))
}

fn refused(why: Refusal, reason: i64, said: &str) -> Result<Step<Ttcc>, Error> {
    Err(Error::Refused(why, message(reason, Some(said))))
}

fn not_understood<T>(step: &Result<T, Error>) -> bool {
    matches!(step, Err(Error::NotUnderstood(_)))
}

fn done(variables: &[(&'static str, &str)]) -> Step<Ttcc> {
    let variables = variables
        .iter()
        .map(|(name, value)| (*name, Secret::new(*value)))
        .collect();
    Step::Done(Ticket::new(variables))
}

#[test]
fn the_documented_request_has_username_and_password() {
    let fields = vec![
        ("username", Secret::new("alice")),
        ("password", Secret::new("hunter2")),
    ];
    let (request, _) = Ttcc::new(alice()).begin();
    assert_eq!(request, Request::json("/api/v1/login/", fields));
}

#[test]
fn the_state_after_the_documented_request_has_no_password() {
    let other = LoginParameters {
        credential: Credential::Password(Secret::new("another")),
        ..alice()
    };
    assert_eq!(sent(), Ttcc::new(other).begin().1);
}

#[test]
fn a_documented_success_returns_the_token_and_the_default_game_server() {
    let ticket = [
        ("TT_PLAYCOOKIE", "deadbeef"),
        ("TT_GAMESERVER", "gs.corporateclash.net"),
    ];
    assert_eq!(reply(GRANTED), Ok(done(&ticket)));
    for body in [
        r#"{"status":true,"reason":1000,"token":"deadbeef"}"#,
        r#"{"status":"true","reason":"1000","token":"deadbeef","friendlyreason":null,"new":{}}"#,
        r#"{"status":true,"reason":3,"token":"deadbeef"}"#,
    ] {
        assert_eq!(reply(body), Ok(done(&ticket)), "{body}");
    }
}

#[test]
fn the_fallback_game_server_and_the_toon_slot_are_variables() {
    let parameters = LoginParameters {
        fallback_gameserver: Some("127.0.0.1:8080".to_owned()),
        toon_slot: Some(3),
        ..alice()
    };
    let (_, sent) = Ttcc::new(parameters).begin();
    assert_eq!(
        Ttcc::reply(sent, &Reply::new(200, GRANTED)),
        Ok(done(&[
            ("TT_PLAYCOOKIE", "deadbeef"),
            ("TT_GAMESERVER", "127.0.0.1:8080"),
            ("FORCE_TOON_SLOT", "3"),
        ]))
    );
}

#[test]
fn a_success_without_a_token_is_not_understood() {
    for body in [
        SAMPLE,
        r#"{"status":true}"#,
        r#"{"status":true,"token":null}"#,
        r#"{"status":true,"token":["t"]}"#,
        r#"{"status":true,"token":"t\nTT_GAMESERVER=x"}"#,
    ] {
        assert!(not_understood(&reply(body)), "{body}");
    }
}

#[test]
fn a_refusal_depends_on_its_reason() {
    let with = |reason: &str| {
        reply(&format!(
            r#"{{"status":false,"reason":{reason},"friendlyreason":"Words.","token":""}}"#
        ))
    };
    for (why, reasons) in [
        (Refusal::Account, &[3, 4, 1002, 1003][..]),
        (Refusal::Credentials, &[2]),
        (Refusal::PlayerToken, &[5, 1005]),
    ] {
        for reason in reasons {
            let refused = refused(why, *reason, "Words.");
            assert_eq!(with(&reason.to_string()), refused, "{reason}");
            assert_eq!(with(&format!("\"{reason}\"")), refused, "{reason}");
        }
    }
    for none in ["0", "1000", "null", "\"\"", "[]"] {
        let refused = refused(Refusal::Credentials, 0, "Words.");
        assert_eq!(with(none), refused, "{none}");
    }
    assert_eq!(
        with("1004"),
        Err(Error::Closed(message(1004, Some("Words."))))
    );
    for unknown in [7, 1006, -1] {
        let said = format!("Words. (reason {unknown})");
        let refused = refused(Refusal::Credentials, unknown, &said);
        assert_eq!(with(&unknown.to_string()), refused);
    }
    assert_eq!(
        reply(r#"{"status":"false","reason":7}"#),
        refused(Refusal::Credentials, 7, "reason 7")
    );
}

#[test]
fn too_many_requests_is_try_later_as_a_reason_and_as_an_http_status() {
    let pause = Some(Duration::from_secs(90));
    let body = r#"{"status":false,"reason":429,"friendlyreason":"Slow down."}"#;
    let later = |message| {
        Err(Error::TryLater {
            retry_after: pause,
            message,
        })
    };
    assert_eq!(
        Ttcc::reply(sent(), &Reply::new(200, body).retry_after(pause)),
        later(message(429, Some("Slow down.")))
    );
    assert_eq!(
        Ttcc::reply(sent(), &Reply::new(429, body).retry_after(pause)),
        later(message(429, Some("Slow down.")))
    );
    assert_eq!(
        Ttcc::reply(sent(), &Reply::new(429, "{}").retry_after(pause)),
        later(ServerMessage::default())
    );
    let failed = Ttcc::reply(sent(), &Reply::new(503, "{}"));
    assert!(matches!(failed, Err(Error::ServerFailed { .. })));
}

#[test]
fn a_refusal_may_have_an_http_status() {
    let body = r#"{"status":false,"reason":3,"friendlyreason":"Banned."}"#;
    for status in [401, 403] {
        assert_eq!(
            Ttcc::reply(sent(), &Reply::new(status, body)),
            refused(Refusal::Account, 3, "Banned.")
        );
    }
    let plain = Ttcc::reply(sent(), &Reply::new(401, "Unauthorized"));
    assert!(not_understood(&plain));
}

#[test]
fn escape_sequences_are_removed_from_messages() {
    let body = r#"{"status":false,"reason":2,"friendlyreason":"\u001b[2J\u001b]0;owned\u0007No \u202eentry\r\n"}"#;
    assert_eq!(reply(body), refused(Refusal::Credentials, 2, "No entry"));
}

#[test]
fn a_status_that_is_no_boolean_is_not_understood() {
    for body in [
        "{}",
        r#"{"status":null,"token":"t"}"#,
        r#"{"status":"maybe","token":"t"}"#,
        r#"{"status":[true],"token":"t"}"#,
        r#"{"reason":0,"token":"t"}"#,
        "null",
        "[]",
        "true",
        "",
        "<html>",
        r#"{"status":tr"#,
    ] {
        assert!(not_understood(&reply(body)), "{body}");
    }
}

#[test]
fn the_status_says_whether_the_game_is_open() {
    assert_eq!(Ttcc::status_request(), Request::get("/api/v1/game_info.js"));
    let read_status = |body: &str| {
        let status = Ttcc::read_status(&Reply::new(200, body));
        status.map(|status| status.availability)
    };
    for closed in ["false", "\"false\"", "0"] {
        let body = format!(
            r#"{{"num_toons":76,"production_closed":{closed},"production_closed_reason":"","version":"v1"}}"#
        );
        assert_eq!(read_status(&body), Ok(Availability::Open));
    }
    assert_eq!(
        read_status(r#"{"production_closed":true,"production_closed_reason":"Maintenance."}"#),
        Ok(Availability::Closed(ServerMessage::new(Some(
            "Maintenance."
        ))))
    );
    assert_eq!(
        read_status(r#"{"production_closed":true}"#),
        Ok(Availability::Closed(ServerMessage::default()))
    );
    for body in ["{}", r#"{"production_closed":null}"#, "[]", "<html>"] {
        assert!(not_understood(&read_status(body)), "{body}");
    }
}

proptest! {
    #[test]
    fn mutated_answers_never_panic(sample in prop::sample::select(vec![SAMPLE, GRANTED]),
                                   at in 0_usize..100, byte in any::<u8>(), cut in 0_usize..100) {
        let mut body = sample.as_bytes().to_vec();
        if let Some(place) = body.get_mut(at) {
            *place = byte;
        }
        body.truncate(cut.max(1));
        let reply = Reply::new(200, body);
        let _ = Ttcc::reply(sent(), &reply);
        let _ = Ttcc::read_status(&reply);
    }

    #[test]
    fn fields_of_any_json_type_never_panic(value in prop::sample::select(vec![
        "null", "true", "-1", "1e999", "18446744073709551616", "\"\"", "[]", "{}", "\"\\u0000\"", "0.5",
    ]), status in any::<bool>()) {
        let body = format!(r#"{{"status":{status},"reason":{value},"friendlyreason":{value},"token":{value}}}"#);
        let _ = reply(&body);
    }
}
