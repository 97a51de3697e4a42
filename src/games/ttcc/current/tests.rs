//! The transitions of the current interface, with the replies of the protocol's page.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::games::GameProtocol;
use crate::games::ttcc::Sent as AnySent;
use crate::games::ttcc::message;
use crate::manifest::MirrorAddress;
use crate::protocol::{Login, Queue, QueueReason, ServerMessage, Ticket};

const REGISTERED: &str = r#"{"status":true,"reason":1000,"toonstep":false,"message":"Welcome.","token":"launcher-token","id":7}"#;
const METADATA: &str = r#"{"realms":[
    {"slug":"test","hostname":"gs-tst.example:1","downloadservers":[]},
    {"slug":"production","hostname":"gs-prd.corporateclash.net:7198",
     "downloadservers":[{"id":1,"name":"a","base_url":"https://a.example/","realm":1}]}],"bad_token":false}"#;
const GRANTED: &str =
    r#"{"status":true,"toonstep":false,"message":"Have fun.","token":"game-token"}"#;
const BUSY: &str = r#"{"status":false,"toonstep":false,"message":"A lot of Toons are trying to get in.","token":null}"#;
const BAD_TOKEN: &str = r#"{"error":"Unauthorized","bad_token":true}"#;
const TOONSTEP: &str =
    r#"{"status":false,"toonstep":true,"message":"Check your e-mail.","token":""}"#;

fn parameters() -> LoginParameters {
    LoginParameters::with_password("alice", "hunter2")
}

fn session_of(parameters: LoginParameters) -> LauncherSession {
    let Ttcc::Registration(Registration { account, .. }) = login(parameters) else {
        panic!("no registration");
    };
    LauncherSession {
        token: Secret::new("launcher-token"),
        is_stored: false,
        account,
    }
}

fn session() -> LauncherSession {
    session_of(parameters())
}

fn login_state(gameserver: &str, tries: u32) -> GameLogin {
    GameLogin {
        session: session(),
        gameserver: Secret::new(gameserver),
        tries,
    }
}

fn registration_sent() -> AnySent {
    AnySent::Current(Sent::Registration(session().account))
}

fn metadata_sent() -> AnySent {
    AnySent::Current(Sent::Metadata(session()))
}

fn login_sent(tries: u32) -> AnySent {
    AnySent::Current(Sent::Login(login_state(GAME_SERVER, tries)))
}

/// Every state that takes a reply.
fn all_sent() -> [AnySent; 3] {
    [registration_sent(), metadata_sent(), login_sent(0)]
}

fn reply(sent: AnySent, body: &str) -> Result<Step<Ttcc>, Error> {
    Ttcc::reply(sent, &Reply::new(200, body))
}

fn not_understood(step: &Result<Step<Ttcc>, Error>) -> bool {
    matches!(step, Err(Error::NotUnderstood(_)))
}

fn refused(why: Refusal, said: &str) -> Result<Step<Ttcc>, Error> {
    Err(Error::Refused(why, ServerMessage::new(Some(said))))
}

fn bearer() -> (&'static str, Secret) {
    ("Authorization", Secret::new("Bearer launcher-token"))
}

fn login_request() -> Request {
    Request {
        headers: vec![bearer(), ("x-realm", Secret::new("production"))],
        ..Request::form("/api/launcher/v1/login", Vec::new())
    }
}

/// The step to the login at a game server.
fn login_at(gameserver: &str) -> Step<Ttcc> {
    Step::Send(
        login_request(),
        AnySent::Current(Sent::Login(login_state(gameserver, 0))),
    )
}

/// The step after a reply of a busy server.
fn wait(tries: u32, seconds: u64) -> Step<Ttcc> {
    let message = ServerMessage::new(Some("A lot of Toons are trying to get in."));
    let queue = Queue {
        reason: QueueReason::Busy { tries, message },
        position: None,
        eta: None,
        pause: Duration::from_secs(seconds),
    };
    Step::Wait(queue, login_state(GAME_SERVER, tries))
}

#[test]
fn the_first_request_has_username_password_and_a_friendly_name() {
    let fields = vec![
        ("username", Secret::new("alice")),
        ("password", Secret::new("hunter2")),
        ("friendly", Secret::new("playcookie-0a1b2c3d")),
    ];
    assert_eq!(
        Ttcc::new(parameters()).begin(),
        (
            Request::json("/api/launcher/v1/register", fields),
            registration_sent()
        )
    );
}

#[test]
fn a_registration_returns_a_token_with_its_revocation() {
    let launcher_token = LauncherToken {
        token: Secret::new("launcher-token"),
        revocation: Request {
            headers: vec![bearer()],
            ..Request::form("/api/launcher/v1/revoke_self", Vec::new())
        },
    };
    assert_eq!(
        reply(registration_sent(), REGISTERED),
        Ok(Step::Store(launcher_token, session()))
    );
}

#[test]
fn the_metadata_are_requested_once_the_token_is_stored() {
    let request = Request {
        headers: vec![bearer()],
        ..Request::get("/api/launcher/v1/metadata")
    };
    assert_eq!(Ttcc::stored(session()), (request, metadata_sent()));
}

#[test]
fn the_login_names_the_realm_and_uses_the_game_server_of_the_metadata() {
    assert_eq!(
        reply(metadata_sent(), METADATA),
        Ok(login_at("gs-prd.corporateclash.net:7198"))
    );
    let body = r#"{"realms":[null,{"slug":null},{"slug":"production","hostname":"gs.example:7","new":1}]}"#;
    assert_eq!(reply(metadata_sent(), body), Ok(login_at("gs.example:7")));
}

#[test]
fn the_default_game_server_is_used_when_the_metadata_name_none() {
    for body in [
        r#"{"bad_token":false}"#,
        r#"{"realms":null}"#,
        r#"{"realms":[]}"#,
        r#"{"realms":{}}"#,
        r#"{"realms":"production"}"#,
        r#"{"realms":[{"slug":"test","hostname":"gs-tst.example:1"}]}"#,
        r#"{"realms":[{"slug":"production"}]}"#,
        r#"{"realms":[{"slug":"production","hostname":""}]}"#,
        r#"{"realms":[{"slug":"production","hostname":["a"]}]}"#,
        "null",
        "[]",
        "<html>",
        "",
    ] {
        assert_eq!(
            reply(metadata_sent(), body),
            Ok(login_at(GAME_SERVER)),
            "{body}"
        );
    }
    for status in [302, 401, 404, 429, 503] {
        assert_eq!(
            Ttcc::reply(metadata_sent(), &Reply::new(status, "Unauthorized")),
            Ok(login_at(GAME_SERVER)),
            "{status}"
        );
    }
}

#[test]
fn the_fallback_game_server_replaces_the_default() {
    let parameters = LoginParameters {
        fallback_gameserver: Some("127.0.0.1:8080".to_owned()),
        ..parameters()
    };
    let sent = || AnySent::Current(Sent::Metadata(session_of(parameters.clone())));
    let gameserver = |body| match reply(sent(), body) {
        Ok(Step::Send(_, AnySent::Current(Sent::Login(login)))) => login.gameserver,
        other => panic!("{other:?}"),
    };
    assert_eq!(gameserver("{}"), Secret::new("127.0.0.1:8080"));
    assert_eq!(gameserver(METADATA), Secret::new(GAME_SERVER));
}

#[test]
fn a_control_character_in_the_game_server_is_not_understood() {
    let body = r#"{"realms":[{"slug":"production","hostname":"g\nTT_PLAYCOOKIE=x"}]}"#;
    assert!(not_understood(&reply(metadata_sent(), body)));
}

#[test]
fn a_login_returns_five_variables() {
    let variables = [
        ("TT_PLAYCOOKIE", "game-token"),
        ("TT_GAMESERVER", "gs-prd.corporateclash.net:7198"),
        ("LAUNCHER_USER", "alice"),
        ("REALM", "production"),
        ("SENTRY_ENVIRONMENT", "production"),
    ];
    let variables: Fields = variables
        .into_iter()
        .map(|(name, value)| (name, Secret::new(value)))
        .collect();
    let ticket = Ticket::new(variables);
    let welcome = || ticket.clone().with_message(Some("Have fun."));
    for tries in [0, 3] {
        let step = reply(login_sent(tries), GRANTED);
        assert_eq!(step, Ok(Step::Done(welcome())));
    }
    let done = || Ok(Step::Done(ticket.clone()));
    for body in [
        r#"{"success":true,"token":"game-token"}"#,
        r#"{"status":"true","success":null,"toonstep":null,"bad_token":false,"token":"game-token"}"#,
    ] {
        assert_eq!(reply(login_sent(0), body), done(), "{body}");
    }
}

#[test]
fn the_toon_slot_is_a_variable() {
    let parameters = LoginParameters {
        toon_slot: Some(0),
        ..parameters()
    };
    let login = GameLogin {
        session: session_of(parameters),
        ..login_state("g", 0)
    };
    let Ok(Step::Done(ticket)) = reply(AnySent::Current(Sent::Login(login)), GRANTED) else {
        panic!("no ticket")
    };
    assert_eq!(
        ticket.variables.last(),
        Some(&("FORCE_TOON_SLOT", Secret::new("0")))
    );
}

#[test]
fn a_success_without_a_token_is_not_understood() {
    for sent in [registration_sent, || login_sent(0)] {
        for body in [
            r#"{"status":true}"#,
            r#"{"status":true,"token":""}"#,
            r#"{"status":true,"token":null}"#,
            r#"{"status":true,"token":{"a":"b"}}"#,
            r#"{"status":true,"token":"t\r\nx-realm: test"}"#,
        ] {
            assert!(not_understood(&reply(sent(), body)), "{body}");
        }
    }
}

#[test]
fn a_launcher_token_that_is_not_ascii_is_not_understood() {
    let body = r#"{"status":true,"token":"jetón"}"#;
    assert!(not_understood(&reply(registration_sent(), body)));
    assert!(matches!(reply(login_sent(0), body), Ok(Step::Done(_))));
}

#[test]
fn toonstep_requires_an_approval() {
    for sent in [registration_sent(), login_sent(0)] {
        assert_eq!(
            reply(sent, TOONSTEP),
            refused(Refusal::Approval, "Check your e-mail.")
        );
    }
}

#[test]
fn a_bad_token_is_signed_out_in_every_reply() {
    for status in [200, 401, 403] {
        for sent in all_sent() {
            assert_eq!(
                Ttcc::reply(sent, &Reply::new(status, BAD_TOKEN)),
                refused(Refusal::SignedOut, "")
            );
        }
    }
    let body = r#"{"bad_token":true,"realms":{},"message":"Gone."}"#;
    assert_eq!(
        reply(metadata_sent(), body),
        refused(Refusal::SignedOut, "Gone.")
    );
}

#[test]
fn unauthorized_without_json_is_not_understood() {
    for sent in [registration_sent(), login_sent(0)] {
        let step = Ttcc::reply(sent, &Reply::new(401, "Unauthorized"));
        assert!(not_understood(&step));
    }
}

#[test]
fn a_busy_server_makes_the_login_wait_with_growing_pauses() {
    for (tries, seconds) in [2, 4, 8, 16, 32, 60, 60].into_iter().enumerate() {
        let tries = u32::try_from(tries).expect("few");
        assert_eq!(reply(login_sent(tries), BUSY), Ok(wait(tries + 1, seconds)));
    }
    assert_eq!(reply(login_sent(u32::MAX), BUSY), Ok(wait(u32::MAX, 60)));
}

#[test]
fn a_poll_repeats_the_login() {
    assert_eq!(
        Ttcc::poll(login_state(GAME_SERVER, 2)),
        (login_request(), login_sent(2))
    );
}

#[test]
fn a_longer_retry_after_is_used_and_a_very_long_one_ends_the_login() {
    let asking = |seconds| {
        let pause = Some(Duration::from_secs(seconds));
        Ttcc::reply(login_sent(0), &Reply::new(200, BUSY).retry_after(pause))
    };
    assert_eq!(asking(1), Ok(wait(1, 2)));
    assert_eq!(asking(45), Ok(wait(1, 45)));
    assert!(matches!(asking(61), Err(Error::TryLater { .. })));
}

#[test]
fn a_busy_server_ends_a_registration_because_the_password_is_sent_once() {
    let message = ServerMessage::new(Some("A lot of Toons are trying to get in."));
    let retry_after = None;
    assert_eq!(
        reply(registration_sent(), BUSY),
        Err(Error::TryLater {
            retry_after,
            message
        })
    );
}

#[test]
fn a_reply_with_a_token_is_not_busy() {
    let body = r#"{"status":true,"message":"A lot of Toons are waiting for you.","token":"t"}"#;
    assert!(matches!(reply(login_sent(0), body), Ok(Step::Done(_))));
}

#[test]
fn a_refusal_depends_on_its_reason_in_both_replies() {
    let body = |reason: &str| {
        format!(
            r#"{{"status":false,"reason":{reason},"toonstep":false,"message":"No.","token":""}}"#
        )
    };
    for sent in [registration_sent, || login_sent(1)] {
        let with = |reason: i64| reply(sent(), &body(&reason.to_string()));
        let refused =
            |why, reason, said: &str| Err(Error::Refused(why, message(reason, Some(said))));
        for reason in [3, 4, 1002, 1003] {
            assert_eq!(with(reason), refused(Refusal::Account, reason, "No."));
        }
        assert_eq!(with(2), refused(Refusal::Credentials, 2, "No."));
        let text = reply(sent(), &body("\"1003\""));
        assert_eq!(text, refused(Refusal::Account, 1003, "No."));
        let failed = Ttcc::reply(sent(), &Reply::new(503, "{}"));
        assert!(matches!(failed, Err(Error::ServerFailed { .. })));
        let none = reply(sent(), &body("null"));
        assert_eq!(none, refused(Refusal::Credentials, 0, "No."));
        let unknown = refused(Refusal::Credentials, 7, "No. (reason 7)");
        assert_eq!(with(7), unknown);
        assert_eq!(with(1004), Err(Error::Closed(message(1004, Some("No.")))));
        assert!(matches!(
            reply(sent(), &body("429")),
            Err(Error::TryLater { .. })
        ));
    }
}

#[test]
fn a_reply_without_a_boolean_status_is_not_understood() {
    for sent in [registration_sent, || login_sent(0)] {
        for body in [
            "{}",
            r#"{"token":"t"}"#,
            r#"{"status":"maybe","token":"t"}"#,
            r#"{"status":null,"token":"t"}"#,
            "null",
            "[]",
            "",
            "<html>",
            r#"{"status":tru"#,
        ] {
            assert!(not_understood(&reply(sent(), body)), "{body}");
        }
    }
}

#[test]
fn the_debug_output_of_states_contains_no_secret() {
    let shown = format!("{:?} {:?}", all_sent(), Ttcc::new(parameters()));
    for secret in ["hunter2", "launcher-token"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

proptest! {
    #[test]
    fn a_friendly_name_has_3_to_100_graphic_characters(nonce in any::<String>()) {
        let name = friendly_name(&nonce);
        prop_assert!((3..=100).contains(&name.len()) && name.chars().all(|it| it.is_ascii_graphic()), "{name:?}");
    }

    #[test]
    fn mutated_answers_never_panic(sample in prop::sample::select(vec![REGISTERED, METADATA, GRANTED, BUSY, BAD_TOKEN]),
                                   at in 0_usize..200, byte in any::<u8>(), cut in 0_usize..300, status in 200_u16..600) {
        let mut body = sample.as_bytes().to_vec();
        if let Some(place) = body.get_mut(at) {
            *place = byte;
        }
        body.truncate(cut.max(1));
        for sent in all_sent() {
            let _ = Ttcc::reply(sent, &Reply::new(status, body.clone()));
        }
    }

    #[test]
    fn fields_of_any_json_type_never_panic(value in prop::sample::select(vec![
        "null", "true", "-1", "1e999", "18446744073709551616", "\"\"", "[]", "{}", "\"\\u0000\"", "0.5", "[{}]",
    ]), status in any::<bool>()) {
        let body = format!(r#"{{"status":{status},"success":{value},"reason":{value},"message":{value},"token":{value},
            "realms":{value},"toonstep":"no"}}"#);
        for sent in all_sent() {
            let _ = reply(sent, &body);
        }
    }
}

/// The session with a token from an earlier login.
fn stored_session() -> LauncherSession {
    LauncherSession {
        is_stored: true,
        ..session()
    }
}

#[test]
fn a_stored_token_is_used_without_a_password() {
    let parameters = LoginParameters {
        credential: Credential::Token(Secret::new("launcher-token")),
        ..parameters()
    };
    let request = Request {
        headers: vec![bearer()],
        ..Request::get("/api/launcher/v1/metadata")
    };
    assert_eq!(
        Ttcc::new(parameters).begin(),
        (request, AnySent::Current(Sent::Metadata(stored_session())))
    );
}

#[test]
fn an_invalid_stored_token_is_deleted_and_the_password_asked_for() {
    let question = Question {
        kind: QuestionKind::Password,
        message: ServerMessage::default(),
        again: false,
    };
    let login = GameLogin {
        session: stored_session(),
        ..login_state(GAME_SERVER, 0)
    };
    for sent in [Sent::Metadata(stored_session()), Sent::Login(login)] {
        let asked = PasswordQuestion(stored_session().account);
        assert_eq!(
            reply(AnySent::Current(sent), BAD_TOKEN),
            Ok(Step::DeleteToken(question.clone(), asked))
        );
    }
    let (request, sent) = Ttcc::answer(
        PasswordQuestion(stored_session().account),
        Secret::new("hunter2"),
    );
    assert_eq!((request, sent), Ttcc::new(parameters()).begin());
}

#[test]
fn a_stored_token_is_kept_when_the_device_has_to_be_approved() {
    let sent = AnySent::Current(Sent::Metadata(stored_session()));
    assert_eq!(
        reply(sent, METADATA).map(|step| matches!(step, Step::Send(..))),
        Ok(true)
    );
    let login = GameLogin {
        session: stored_session(),
        ..login_state(GAME_SERVER, 0)
    };
    assert_eq!(
        reply(AnySent::Current(Sent::Login(login)), TOONSTEP),
        refused(Refusal::Approval, "Check your e-mail.")
    );
}

fn with_update() -> LoginParameters {
    LoginParameters {
        wants_update: true,
        ..parameters()
    }
}

/// The request for the metadata of a login with an update.
fn update_metadata_sent() -> AnySent {
    AnySent::Current(Sent::Metadata(session_of(with_update())))
}

/// The step to an update from these servers before the login at a game server.
fn update(mirrors: &[(&str, bool)], gameserver: &str) -> Step<Ttcc> {
    let mirrors = mirrors
        .iter()
        .map(|(base, by_key)| MirrorAddress::parse(base, *by_key).expect("a mirror"));
    let login = GameLogin {
        session: session_of(with_update()),
        ..login_state(gameserver, 0)
    };
    Step::Update(mirrors.collect(), login)
}

#[test]
fn an_update_comes_before_the_login() {
    let expected = update(
        &[("https://a.example/", true)],
        "gs-prd.corporateclash.net:7198",
    );
    assert_eq!(reply(update_metadata_sent(), METADATA), Ok(expected));
    let body = r#"{"realms":[
        {"slug":"test","downloadservers":[{"name":"t","base_url":"https://t.example/"}]},
        {"slug":"production","downloadservers":[{"name":"Cloudflare 2","base_url":"https://c.example/x"},
                                                {"name":"a","base_url":"https://a.example/"}]}]}"#;
    let expected = update(
        &[
            ("https://c.example/x/", false),
            ("https://a.example/", true),
        ],
        GAME_SERVER,
    );
    assert_eq!(reply(update_metadata_sent(), body), Ok(expected));
}

#[test]
fn the_login_follows_an_update() {
    assert_eq!(
        Ttcc::updated(login_state("g", 0)),
        (
            login_request(),
            AnySent::Current(Sent::Login(login_state("g", 0)))
        )
    );
}

#[test]
fn metadata_without_download_servers_end_only_logins_with_an_update() {
    for body in [
        "{}",
        r#"{"realms":[]}"#,
        r#"{"realms":[{"slug":"production","hostname":"g"}]}"#,
        r#"{"realms":[{"slug":"production","downloadservers":[{"base_url":"ftp://a.example/"}]}]}"#,
        r#"{"realms":[{"slug":"test","downloadservers":[{"base_url":"https://a.example/"}]}]}"#,
        "<html>",
    ] {
        let step = reply(update_metadata_sent(), body);
        assert!(not_understood(&step), "{body}");
        assert!(matches!(reply(metadata_sent(), body), Ok(Step::Send(..))));
    }
    let failed = Ttcc::reply(update_metadata_sent(), &Reply::new(503, ""));
    assert!(matches!(failed, Err(Error::ServerFailed { .. })));
}

#[test]
fn an_invalid_stored_token_is_deleted_before_an_update_too() {
    let session = LauncherSession {
        is_stored: true,
        ..session_of(with_update())
    };
    let account = session.account.clone();
    let step = reply(AnySent::Current(Sent::Metadata(session)), BAD_TOKEN);
    let Ok(Step::DeleteToken(_, asked)) = step else {
        panic!("{step:?}")
    };
    assert_eq!(asked, PasswordQuestion(account));
}
