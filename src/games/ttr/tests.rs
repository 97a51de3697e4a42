//! The transitions, with the document's sample replies.

use proptest::prelude::*;

use super::*;

const REFUSED: &str =
    r#"{"success":"false","banner":"Your account has not yet been activated or is disabled."}"#;
const PARTIAL: &str = r#"{"success":"partial","banner":"Please enter an authenticator token.","responseToken":"deadbeef0x321"}"#;
const DELAYED: &str =
    r#"{"success":"delayed","eta":"60","position":"15","queueToken":"deafbeefdeafbeef0x321"}"#;
const GRANTED: &str = r#"{"success":"true","gameserver":"gameserver-alpha.toontownrewritten.com","cookie":"deadbeefdeafbeef0x123"}"#;

fn reply(sent: Sent, body: &str) -> Result<Step<Ttr>, Error> {
    Ttr::reply(sent, &Reply::new(200, body))
}

fn queued(token: &str, polls: u32) -> Queued {
    Queued {
        queue_token: Secret::new(token),
        polls,
    }
}

fn not_understood(step: &Result<Step<Ttr>, Error>) -> bool {
    matches!(step, Err(Error::NotUnderstood(_)))
}

fn refused(why: Refusal, message: &str) -> Result<Step<Ttr>, Error> {
    Err(Error::Refused(why, ServerMessage::new(Some(message))))
}

fn ticket() -> Ticket {
    Ticket::new(vec![
        (
            "TTR_GAMESERVER",
            Secret::new("gameserver-alpha.toontownrewritten.com"),
        ),
        ("TTR_PLAYCOOKIE", Secret::new("deadbeefdeafbeef0x123")),
    ])
}

#[test]
fn the_first_request_has_username_and_password_and_asks_for_json() {
    let (request, sent) = Ttr::new(LoginParameters::with_password("alice", "hunter2")).begin();
    let fields = vec![
        ("username", Secret::new("alice")),
        ("password", Secret::new("hunter2")),
    ];
    assert_eq!(request, Request::form("/api/login?format=json", fields));
    assert_eq!(sent, Sent::Credentials);
}

#[test]
fn a_code_is_sent_with_the_response_token_only() {
    let (request, sent) = Ttr::answer(
        Asked {
            response_token: Secret::new("deadbeef0x321"),
        },
        Secret::new("012345"),
    );
    let fields = vec![
        ("appToken", Secret::new("012345")),
        ("authToken", Secret::new("deadbeef0x321")),
    ];
    assert_eq!((request.fields, sent), (fields, Sent::Code));
}

#[test]
fn a_poll_has_the_queue_token_only() {
    let (request, sent) = Ttr::poll(queued("q", 3));
    assert_eq!(request.fields, vec![("queueToken", Secret::new("q"))]);
    assert_eq!(sent, Sent::Poll(queued("q", 3)));
}

#[test]
fn a_success_returns_two_unchanged_variables() {
    assert_eq!(reply(Sent::Credentials, GRANTED), Ok(Step::Done(ticket())));
}

#[test]
fn a_success_may_follow_a_code_or_a_queue() {
    assert_eq!(reply(Sent::Code, GRANTED), Ok(Step::Done(ticket())));
    assert_eq!(
        reply(Sent::Poll(queued("q", 1)), GRANTED),
        Ok(Step::Done(ticket()))
    );
}

#[test]
fn success_may_be_a_boolean_and_unknown_keys_are_ignored() {
    let body = r#"{"success":true,"ip":null,"gameserver":"gameserver-alpha.toontownrewritten.com",
        "cookie":"deadbeefdeafbeef0x123","manifest":"/content/patchmanifest","new":{"a":[1]}}"#;
    let ticket = Ticket {
        manifest: Some("/content/patchmanifest".to_owned()),
        ..ticket()
    };
    assert_eq!(reply(Sent::Credentials, body), Ok(Step::Done(ticket)));
    assert_eq!(
        reply(Sent::Credentials, r#"{"success":false}"#),
        refused(Refusal::Credentials, "")
    );
}

#[test]
fn a_game_server_may_have_a_port() {
    let body = r#"{"success":"true","gameserver":"gs.example:7198","cookie":"c"}"#;
    let Ok(Step::Done(ticket)) = reply(Sent::Credentials, body) else {
        panic!("no ticket")
    };
    assert_eq!(
        ticket.variables.first(),
        Some(&("TTR_GAMESERVER", Secret::new("gs.example:7198")))
    );
}

#[test]
fn a_success_without_a_cookie_or_a_game_server_is_not_understood() {
    for body in [
        r#"{"success":"true"}"#,
        r#"{"success":"true","gameserver":"g"}"#,
        r#"{"success":"true","cookie":"c"}"#,
        r#"{"success":"true","gameserver":"g","cookie":""}"#,
        r#"{"success":"true","gameserver":null,"cookie":"c"}"#,
        r#"{"success":"true","gameserver":["g"],"cookie":"c"}"#,
    ] {
        assert!(not_understood(&reply(Sent::Credentials, body)), "{body}");
    }
}

#[test]
fn a_control_character_in_a_variable_is_not_understood() {
    for body in [
        r#"{"success":"true","gameserver":"g\nTTR_PLAYCOOKIE=x","cookie":"c"}"#,
        r#"{"success":"true","gameserver":"g","cookie":"c\u0000d"}"#,
    ] {
        assert!(not_understood(&reply(Sent::Credentials, body)), "{body}");
    }
}

#[test]
fn partial_asks_for_a_code_with_the_servers_message() {
    let question = Question {
        kind: QuestionKind::Code,
        message: ServerMessage::new(Some("Please enter an authenticator token.")),
        again: false,
    };
    let asked = Asked {
        response_token: Secret::new("deadbeef0x321"),
    };
    assert_eq!(
        reply(Sent::Credentials, PARTIAL),
        Ok(Step::Ask(question, asked))
    );
}

#[test]
fn partial_after_a_code_means_that_it_was_refused_and_has_a_new_token() {
    let body = r#"{"success":"partial","banner":"Invalid. Try again.","responseToken":"newer"}"#;
    let Ok(Step::Ask(question, asked)) = reply(Sent::Code, body) else {
        panic!("no question")
    };
    assert!(question.again);
    assert_eq!(asked.response_token, Secret::new("newer"));
}

#[test]
fn a_question_may_follow_a_queue() {
    let Ok(Step::Ask(question, _)) = reply(Sent::Poll(queued("q", 4)), PARTIAL) else {
        panic!("no question")
    };
    assert!(!question.again);
}

#[test]
fn partial_without_a_token_is_not_understood() {
    assert!(not_understood(&reply(
        Sent::Credentials,
        r#"{"success":"partial","banner":"b"}"#
    )));
}

#[test]
fn delayed_waits_with_position_eta_and_token() {
    let queue = Queue {
        reason: QueueReason::Queue,
        position: Some(15),
        eta: Some(60),
        pause: Duration::from_millis(400),
    };
    let waiting = Ok(Step::Wait(queue, queued("deafbeefdeafbeef0x321", 0)));
    assert_eq!(reply(Sent::Credentials, DELAYED), waiting);
    assert_eq!(reply(Sent::Code, DELAYED), waiting);
}

#[test]
fn position_and_eta_may_be_numbers() {
    let body = r#"{"success":"delayed","eta":0,"position":0,"queueToken":"q"}"#;
    let queue = Queue {
        reason: QueueReason::Queue,
        position: Some(0),
        eta: Some(0),
        pause: Duration::from_millis(400),
    };
    assert_eq!(
        reply(Sent::Credentials, body),
        Ok(Step::Wait(queue, queued("q", 0)))
    );
}

#[test]
fn a_reply_without_a_queue_token_keeps_the_previous_one() {
    let body = r#"{"success":"delayed","eta":"30","position":"7"}"#;
    let queue = Queue {
        reason: QueueReason::Queue,
        position: Some(7),
        eta: Some(30),
        pause: Duration::from_secs(1),
    };
    assert_eq!(
        reply(Sent::Poll(queued("q", 0)), body),
        Ok(Step::Wait(queue, queued("q", 1)))
    );
}

#[test]
fn the_queue_token_may_change() {
    let body = r#"{"success":"delayed","queueToken":"newer"}"#;
    let queue = Queue {
        reason: QueueReason::Queue,
        position: None,
        eta: None,
        pause: Duration::from_secs(2),
    };
    assert_eq!(
        reply(Sent::Poll(queued("q", 1)), body),
        Ok(Step::Wait(queue, queued("newer", 2)))
    );
}

#[test]
fn delayed_without_any_token_is_not_understood() {
    assert!(not_understood(&reply(
        Sent::Credentials,
        r#"{"success":"delayed","eta":"0"}"#
    )));
}

#[test]
fn the_pauses_grow_up_to_the_eta() {
    let pauses = |eta| {
        (0..8)
            .map(|polls| poll_pause(polls, eta).as_secs_f32())
            .collect::<Vec<_>>()
    };
    assert_eq!(pauses(Some(0)), [0.4, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0, 5.0]);
    assert_eq!(
        pauses(Some(12)),
        [0.4, 1.0, 2.0, 4.0, 8.0, 12.0, 12.0, 12.0]
    );
    assert_eq!(
        pauses(Some(600)),
        [0.4, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    );
    assert_eq!(pauses(None), pauses(Some(600)));
    assert_eq!(poll_pause(u32::MAX, None), Duration::from_secs(30));
}

#[test]
fn the_banner_of_a_disabled_account_refuses_the_account() {
    let message = "Your account has not yet been activated or is disabled.";
    assert_eq!(
        reply(Sent::Credentials, REFUSED),
        refused(Refusal::Account, message)
    );
    assert_eq!(
        reply(Sent::Code, REFUSED),
        refused(Refusal::Account, message)
    );
    assert_eq!(
        reply(
            Sent::Credentials,
            r#"{"success":"false","banner":"You are BANNED."}"#
        ),
        refused(Refusal::Account, "You are BANNED.")
    );
}

#[test]
fn the_banner_of_a_closed_game_is_closed() {
    for message in ["Toontown is closed.", "Down for Maintenance!"] {
        let body = format!(r#"{{"success":"false","banner":"{message}"}}"#);
        assert_eq!(
            reply(Sent::Credentials, &body),
            Err(Error::Closed(ServerMessage::new(Some(message))))
        );
    }
}

#[test]
fn another_refusal_after_a_code_refuses_the_code() {
    let body = r#"{"success":"false","banner":"That code has expired."}"#;
    assert_eq!(
        reply(Sent::Code, body),
        refused(Refusal::Code, "That code has expired.")
    );
}

#[test]
fn another_refusal_refuses_the_credentials() {
    let body = r#"{"success":"false","banner":"Incorrect username and/or password."}"#;
    assert_eq!(
        reply(Sent::Credentials, body),
        refused(Refusal::Credentials, "Incorrect username and/or password.")
    );
    assert_eq!(
        reply(Sent::Credentials, r#"{"success":"false"}"#),
        refused(Refusal::Credentials, "")
    );
    assert_eq!(
        reply(Sent::Credentials, r#"{"success":"false","banner":null}"#),
        refused(Refusal::Credentials, "")
    );
}

#[test]
fn a_refusal_while_queued_ends_the_wait() {
    assert_eq!(
        reply(Sent::Poll(queued("q", 2)), r#"{"success":"false"}"#),
        refused(Refusal::Credentials, "")
    );
}

#[test]
fn escape_sequences_are_removed_from_banners() {
    let body = r#"{"success":"false","banner":"\u001b[2J\u001b]0;owned\u0007No \u202eentry\r\n"}"#;
    assert_eq!(
        reply(Sent::Credentials, body),
        refused(Refusal::Credentials, "No entry")
    );
}

#[test]
fn an_unknown_value_of_success_is_not_understood() {
    for body in [
        "{}",
        r#"{"success":"maybe"}"#,
        r#"{"success":7}"#,
        r#"{"success":null}"#,
        r#"{"success":["true"]}"#,
    ] {
        assert!(not_understood(&reply(Sent::Credentials, body)), "{body}");
    }
}

#[test]
fn a_reply_that_is_no_object_is_not_understood() {
    for body in [
        "null",
        "[]",
        "\"true\"",
        "true",
        "7",
        "",
        "<html>",
        r#"{"success":"tr"#,
        "success=true\ncookie=c\n",
    ] {
        assert!(not_understood(&reply(Sent::Credentials, body)), "{body}");
    }
}

#[test]
fn the_status_says_whether_the_game_is_open() {
    let read_status = |body: &str| {
        let status = Ttr::read_status(&Reply::new(200, body));
        status.map(|status| status.availability)
    };
    assert_eq!(read_status(r#"{"open":true}"#), Ok(Availability::Open));
    assert_eq!(
        read_status(r#"{"open":"true","banner":null}"#),
        Ok(Availability::Open)
    );
    assert_eq!(
        read_status(r#"{"open":false,"banner":"Back at noon."}"#),
        Ok(Availability::Closed(ServerMessage::new(Some(
            "Back at noon."
        ))))
    );
    for body in [
        "{}",
        r#"{"open":null}"#,
        r#"{"open":"soon"}"#,
        "[]",
        "<html>",
    ] {
        assert!(
            matches!(read_status(body), Err(Error::NotUnderstood(_))),
            "{body}"
        );
    }
}

proptest! {
    #[test]
    fn mutated_answers_never_panic(sample in prop::sample::select(vec![REFUSED, PARTIAL, DELAYED, GRANTED]),
                                   at in 0_usize..200, byte in any::<u8>(), cut in 0_usize..200) {
        let mut body = sample.as_bytes().to_vec();
        if let Some(place) = body.get_mut(at) {
            *place = byte;
        }
        body.truncate(cut.max(1));
        for sent in [Sent::Credentials, Sent::Code, Sent::Poll(queued("q", u32::MAX))] {
            let _ = Ttr::reply(sent, &Reply::new(200, body.clone()));
        }
    }

    #[test]
    fn fields_of_any_json_type_never_panic(value in prop::sample::select(vec![
        "null", "true", "-1", "1e999", "18446744073709551616", "\"\"", "[]", "{}", "\"\\u0000\"", "0.5",
    ]), success in prop::sample::select(vec!["true", "partial", "delayed", "false"])) {
        let body = format!(r#"{{"success":"{success}","banner":{value},"responseToken":{value},"eta":{value},
            "position":{value},"queueToken":{value},"gameserver":{value},"cookie":{value}}}"#);
        let _ = reply(Sent::Credentials, &body);
    }
}
