//! The transitions, with the document's sample replies.

use proptest::prelude::*;

use super::*;
use crate::protocol::Availability;

const REFUSED: &str = r#"{"status": "1", "message": "Incorrect username and/or password."}"#;
const ASKING: &str =
    r#"{"status": "3", "message": "A two-factor authentication code is required to login."}"#;
const BANNED: &str = r#"{"status": "4", "message": "This account is on hold. Please login to www.piratesonline.co/account/banned_id/ for more information."}"#;
const CLOSED: &str = r#"{"status": "5", "message": "The Legend of Pirates Online is currently closed for an update. We'll be back up soon!"}"#;
const UNVERIFIED: &str = r#"{"status": "8", "message": "This account's email hasn't been verified yet. Please check yer email."}"#;
const NO_PLAYTIME: &str = r#"{"status": "9", "message": "Ye do not have an active session right now.  Ye can sign up for one on our website!"}"#;
const TOO_FAST: &str = r#"{"status": "10", "message": "Ye are trying to login too fast.  Please try again in one minute."}"#;
const UNKNOWN_LOCATION: &str = r#"{"status": "11", "message": "Ye are trying to login from a new location. Please check yer email."}"#;
const GRANTED: &str = r#"{"status": "7", "message": "Have fun!", "token": "12345678abcdefgh", "gameserver": "prod-gs-protected-agent-1.legendofpiratesonline.com"}"#;

fn alice() -> Tlopo {
    Tlopo::new(LoginParameters::with_password("alice", "hunter2"))
}

fn sent(code: bool) -> Sent {
    Sent {
        login: alice(),
        code,
    }
}

fn reply(body: &str) -> Result<Step<Tlopo>, Error> {
    Tlopo::reply(sent(false), &Reply::new(200, body))
}

fn not_understood(step: &Result<Step<Tlopo>, Error>) -> bool {
    matches!(step, Err(Error::NotUnderstood(_)))
}

fn message(said: &str) -> ServerMessage {
    ServerMessage::new(Some(said))
}

/// The message of an answer with a status.
fn coded(status: i64, said: &str) -> ServerMessage {
    message(said).with_code(ServerCode::Number(status), meaning(status))
}

fn refused(why: Refusal, status: i64, said: &str) -> Result<Step<Tlopo>, Error> {
    Err(Error::Refused(why, coded(status, said)))
}

fn failed(status: i64, said: &str) -> Result<Step<Tlopo>, Error> {
    Err(Error::ServerFailed {
        status: None,
        message: coded(status, said),
    })
}

fn ticket() -> Vec<(&'static str, Secret)> {
    vec![
        (
            "TLOPO_GAMESERVER",
            Secret::new("prod-gs-protected-agent-1.legendofpiratesonline.com"),
        ),
        ("TLOPO_PLAYCOOKIE", Secret::new("12345678abcdefgh")),
    ]
}

fn done(variables: Vec<(&'static str, Secret)>) -> Step<Tlopo> {
    Step::Done(Ticket::new(variables))
}

#[test]
fn the_first_request_is_a_form_with_username_and_password() {
    let fields = vec![
        ("username", Secret::new("alice")),
        ("password", Secret::new("hunter2")),
    ];
    assert_eq!(
        alice().begin(),
        (Request::form("/login/", fields), sent(false))
    );
}

#[test]
fn a_code_is_sent_with_username_and_password() {
    let fields = vec![
        ("username", Secret::new("alice")),
        ("password", Secret::new("hunter2")),
        ("gtoken", Secret::new("012345")),
    ];
    assert_eq!(
        Tlopo::answer(Asked(alice()), Secret::new("012345")),
        (Request::form("/login/", fields), sent(true))
    );
}

#[test]
fn a_success_returns_two_unchanged_variables() {
    let done = || {
        Ok(Step::Done(
            Ticket::new(ticket()).with_message(Some("Have fun!")),
        ))
    };
    assert_eq!(reply(GRANTED), done());
    assert_eq!(Tlopo::reply(sent(true), &Reply::new(200, GRANTED)), done());
}

#[test]
fn the_status_may_be_an_integer_and_unknown_keys_are_ignored() {
    let body = r#"{"status":7,"message":null,"token":"12345678abcdefgh","new":[{"a":1}],
        "gameserver":"prod-gs-protected-agent-1.legendofpiratesonline.com"}"#;
    assert_eq!(reply(body), Ok(done(ticket())));
    assert_eq!(
        reply(r#"{"status":1}"#),
        refused(Refusal::Credentials, 1, "")
    );
}

#[test]
fn dist_is_an_optional_third_variable() {
    let with = |dist: &str| {
        reply(&format!(
            r#"{{"status":7,"token":"12345678abcdefgh","dist":{dist},
                "gameserver":"prod-gs-protected-agent-1.legendofpiratesonline.com"}}"#
        ))
    };
    let mut three = ticket();
    three.push(("TLOPO_DIST", Secret::new("d")));
    assert_eq!(with("\"d\""), Ok(done(three)));
    for missing in ["null", "\"\"", "[]", "{}"] {
        assert_eq!(with(missing), Ok(done(ticket())), "{missing}");
    }
    assert!(not_understood(&with("\"d\\ne\"")));
}

#[test]
fn a_game_server_may_have_a_port() {
    for name in ["gs.example:7198", "10.0.0.1", "anywhere"] {
        let body = format!(r#"{{"status":7,"token":"c","gameserver":"{name}"}}"#);
        assert_eq!(
            reply(&body),
            Ok(done(vec![
                ("TLOPO_GAMESERVER", Secret::new(name)),
                ("TLOPO_PLAYCOOKIE", Secret::new("c"))
            ]))
        );
    }
}

#[test]
fn a_success_without_a_token_or_a_game_server_is_not_understood() {
    for body in [
        r#"{"status":"7"}"#,
        r#"{"status":"7","token":"c"}"#,
        r#"{"status":"7","gameserver":"g"}"#,
        r#"{"status":"7","gameserver":"g","token":""}"#,
        r#"{"status":"7","gameserver":null,"token":"c"}"#,
        r#"{"status":"7","gameserver":["g"],"token":"c"}"#,
    ] {
        assert!(not_understood(&reply(body)), "{body}");
    }
}

#[test]
fn a_control_character_in_a_variable_is_not_understood() {
    for body in [
        r#"{"status":7,"gameserver":"g\nTLOPO_PLAYCOOKIE=x","token":"c"}"#,
        r#"{"status":7,"gameserver":"g","token":"c\u0000d"}"#,
    ] {
        assert!(not_understood(&reply(body)), "{body}");
    }
}

#[test]
fn status_3_asks_for_a_code_with_the_servers_message() {
    let question = Question {
        kind: QuestionKind::Code,
        message: message("A two-factor authentication code is required to login."),
        again: false,
    };
    assert_eq!(reply(ASKING), Ok(Step::Ask(question, Asked(alice()))));
}

#[test]
fn status_3_after_a_code_means_that_it_was_refused() {
    let Ok(Step::Ask(question, asked)) = Tlopo::reply(sent(true), &Reply::new(200, ASKING)) else {
        panic!("no question")
    };
    assert_eq!((question.again, asked), (true, Asked(alice())));
}

#[test]
fn status_1_refuses_the_credentials() {
    let said = "Incorrect username and/or password.";
    assert_eq!(reply(REFUSED), refused(Refusal::Credentials, 1, said));
}

#[test]
fn statuses_4_6_8_and_9_refuse_the_account() {
    let rows = [
        (
            4,
            BANNED,
            "This account is on hold. Please login to www.piratesonline.co/account/banned_id/ for more information.",
        ),
        (6, r#"{"status":"6","message":"No."}"#, "No."),
        (
            8,
            UNVERIFIED,
            "This account's email hasn't been verified yet. Please check yer email.",
        ),
        (
            9,
            NO_PLAYTIME,
            "Ye do not have an active session right now. Ye can sign up for one on our website!",
        ),
    ];
    for (status, body, said) in rows {
        let refused = refused(Refusal::Account, status, said);
        assert_eq!(reply(body), refused, "{body}");
    }
}

#[test]
fn status_5_is_closed() {
    let said =
        "The Legend of Pirates Online is currently closed for an update. We'll be back up soon!";
    assert_eq!(reply(CLOSED), Err(Error::Closed(coded(5, said))));
}

#[test]
fn status_10_is_try_later_after_a_minute_or_retry_after() {
    let said = "Ye are trying to login too fast. Please try again in one minute.";
    let later = |seconds| {
        Err(Error::TryLater {
            retry_after: Some(Duration::from_secs(seconds)),
            message: coded(10, said),
        })
    };
    assert_eq!(reply(TOO_FAST), later(60));
    let header = Reply::new(200, TOO_FAST).retry_after(Some(Duration::from_secs(7)));
    assert_eq!(Tlopo::reply(sent(false), &header), later(7));
}

#[test]
fn status_11_requires_an_approval() {
    let said = "Ye are trying to login from a new location. Please check yer email.";
    assert_eq!(
        reply(UNKNOWN_LOCATION),
        refused(Refusal::Approval, 11, said)
    );
}

#[test]
fn statuses_0_and_2_are_failures_of_the_server() {
    assert_eq!(reply(r#"{"status":"0","message":"Oh."}"#), failed(0, "Oh."));
    assert_eq!(reply(r#"{"status":2}"#), failed(2, ""));
}

#[test]
fn an_unknown_status_is_a_failure_of_the_server_with_its_number() {
    assert_eq!(
        reply(r#"{"status":"12","message":"Shiver me timbers."}"#),
        failed(12, "Shiver me timbers. (status 12)")
    );
    assert_eq!(reply(r#"{"status":-1}"#), failed(-1, "status -1"));
}

#[test]
fn a_refusal_may_have_an_http_status() {
    let reply = |status| Tlopo::reply(sent(false), &Reply::new(status, r#"{"status":1}"#));
    assert_eq!(reply(401), refused(Refusal::Credentials, 1, ""));
    assert!(not_understood(&reply(302)));
    assert_eq!(reply(429), refused(Refusal::Credentials, 1, ""));
    assert_eq!(reply(503), refused(Refusal::Credentials, 1, ""));
    let reply = |status| Tlopo::reply(sent(false), &Reply::new(status, "{}"));
    assert!(matches!(reply(429), Err(Error::TryLater { .. })));
    assert!(matches!(
        reply(503),
        Err(Error::ServerFailed {
            status: Some(503),
            ..
        })
    ));
}

#[test]
fn escape_sequences_are_removed_from_messages() {
    let body = r#"{"status":1,"message":"\u001b[2J\u001b]0;owned\u0007No \u202eentry\r\n"}"#;
    assert_eq!(reply(body), refused(Refusal::Credentials, 1, "No entry"));
}

#[test]
fn a_status_that_is_no_integer_is_not_understood() {
    for body in [
        "{}",
        r#"{"status":null}"#,
        r#"{"status":""}"#,
        r#"{"status":true}"#,
        r#"{"status":"seven"}"#,
        r#"{"status":7.5}"#,
        r#"{"status":[7]}"#,
        r#"{"status":1e300}"#,
        r#"{"message":"Have fun!","token":"t","gameserver":"g"}"#,
    ] {
        assert!(not_understood(&reply(body)), "{body}");
    }
}

#[test]
fn a_reply_that_is_no_object_is_not_understood() {
    for body in [
        "null",
        "[]",
        "7",
        "\"7\"",
        "",
        "<html>",
        r#"{"status": "7", "mess"#,
        "status = 7\nmessage = Have fun!\n",
    ] {
        assert!(not_understood(&reply(body)), "{body}");
    }
}

#[test]
fn the_debug_output_of_states_does_not_contain_the_password() {
    let shown = format!("{:?} {:?}", sent(true), Asked(alice()));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn the_status_says_whether_the_game_is_open() {
    assert_eq!(Tlopo::status_request(), Request::get("/system/status/"));
    let read_status = |body: &str| {
        let status = Tlopo::read_status(&Reply::new(200, body));
        status.map(|status| status.availability)
    };
    for status in ["1", "2", "\"1\""] {
        let body = format!(
            r#"{{"status":{status},"servers":{{"web":[{{"name":"w","status":1}}],"oceans":[]}},"notices":{{}},"message":"Fine."}}"#
        );
        assert_eq!(read_status(&body), Ok(Availability::Open));
    }
    for status in [3, 5] {
        assert_eq!(
            read_status(&format!(r#"{{"status":{status},"message":"Back soon."}}"#)),
            Ok(Availability::Closed(message("Back soon.")))
        );
    }
    for body in ["{}", r#"{"status":0}"#, r#"{"status":7}"#, "[]", "<html>"] {
        assert!(
            matches!(read_status(body), Err(Error::NotUnderstood(_))),
            "{body}"
        );
    }
}

#[test]
fn the_documented_interface_has_a_warning() {
    assert!(GAME.current.warning.is_none());
    assert!(
        GAME.documented
            .warning
            .is_some_and(|warning| warning.contains("piratesonline.co"))
    );
}

proptest! {
    #[test]
    fn mutated_answers_never_panic(sample in prop::sample::select(vec![REFUSED, ASKING, CLOSED, TOO_FAST, GRANTED]),
                                   at in 0_usize..200, byte in any::<u8>(), cut in 0_usize..200, code in any::<bool>()) {
        let mut body = sample.as_bytes().to_vec();
        if let Some(place) = body.get_mut(at) {
            *place = byte;
        }
        body.truncate(cut.max(1));
        let reply = Reply::new(200, body);
        let _ = Tlopo::reply(sent(code), &reply);
        let _ = Tlopo::read_status(&reply);
    }

    #[test]
    fn fields_of_any_json_type_never_panic(value in prop::sample::select(vec![
        "null", "true", "-1", "1e999", "18446744073709551616", "\"\"", "[]", "{}", "\"\\u0000\"", "0.5",
    ]), status in -20_i64..20) {
        let body = format!(r#"{{"status":{status},"message":{value},"token":{value},"gameserver":{value},"dist":{value}}}"#);
        let _ = reply(&body);
        let body = format!(r#"{{"status":{value},"message":{value}}}"#);
        let _ = reply(&body);
    }
}
