//! The transitions of the current interface, with the answers of its page.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::games::GameProtocol;
use crate::games::ttcc::Sent as Either;
use crate::manifest::MirrorAddress;
use crate::protocol::{
    Login, Question, QuestionKind, Queue, QueueReason, Refusal, ServerMessage, Ticket,
};

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

fn player() -> LoginParameters {
    LoginParameters::named("alice", "hunter2")
}

fn launcher_of(player: LoginParameters) -> Launcher {
    let Ttcc::Current(Registration { who, .. }) = login(player) else {
        panic!("a password registers");
    };
    Launcher {
        token: Secret::new("launcher-token"),
        returns: false,
        who,
    }
}

fn launcher() -> Launcher {
    launcher_of(player())
}

fn entry_at(gameserver: &str, tries: u32) -> Entry {
    Entry {
        launcher: launcher(),
        gameserver: Secret::new(gameserver),
        tries,
    }
}

fn registering() -> Either {
    Either::Current(Sent::Registration(Registered(launcher().who)))
}

fn looking() -> Either {
    Either::Current(Sent::Metadata(launcher()))
}

fn knocking(tries: u32) -> Either {
    Either::Current(Sent::Login(entry_at(GAME_SERVER, tries)))
}

/// Every place where an answer may come.
fn everywhere() -> [Either; 3] {
    [registering(), looking(), knocking(0)]
}

fn reply(sent: Either, body: &str) -> Result<Step<Ttcc>, Error> {
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

/// The login at a game server.
fn login_at(gameserver: &str) -> Step<Ttcc> {
    Step::Send(
        login_request(),
        Either::Current(Sent::Login(entry_at(gameserver, 0))),
    )
}

/// The step of a busy server, with so many tries and such a pause.
fn wait(tries: u32, seconds: u64) -> Step<Ttcc> {
    let message = ServerMessage::new(Some("A lot of Toons are trying to get in."));
    let queue = Queue {
        why: QueueReason::Busy { tries, message },
        position: None,
        eta: None,
        pause: Duration::from_secs(seconds),
    };
    Step::Wait(queue, entry_at(GAME_SERVER, tries))
}

#[test]
fn the_first_request_is_json_of_name_password_and_a_friendly_name() {
    let fields = vec![
        ("username", Secret::new("alice")),
        ("password", Secret::new("hunter2")),
        ("friendly", Secret::new("playcookie-0a1b2c3d")),
    ];
    assert_eq!(
        Ttcc::new(player()).begin(),
        (
            Request::json("/api/launcher/v1/register", fields),
            registering()
        )
    );
}

#[test]
fn a_registration_gives_a_token_to_keep_with_the_request_that_revokes_it() {
    let launcher_token = LauncherToken {
        token: Secret::new("launcher-token"),
        revocation: Request {
            headers: vec![bearer()],
            ..Request::form("/api/launcher/v1/revoke_self", Vec::new())
        },
    };
    assert_eq!(
        reply(registering(), REGISTERED),
        Ok(Step::Keep(launcher_token, launcher()))
    );
}

#[test]
fn kept_or_not_the_metadata_comes_next() {
    let request = Request {
        headers: vec![bearer()],
        ..Request::get("/api/launcher/v1/metadata")
    };
    for stored in [true, false] {
        assert_eq!(Ttcc::kept(launcher(), stored), (request.clone(), looking()));
    }
}

#[test]
fn the_login_names_the_realm_and_goes_where_the_metadata_says() {
    assert_eq!(
        reply(looking(), METADATA),
        Ok(login_at("gs-prd.corporateclash.net:7198"))
    );
    let body = r#"{"realms":[null,{"slug":null},{"slug":"production","hostname":"gs.example:7","new":1}]}"#;
    assert_eq!(reply(looking(), body), Ok(login_at("gs.example:7")));
}

#[test]
fn metadata_without_the_realm_or_no_metadata_at_all_leaves_the_server_known_by_heart() {
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
        assert_eq!(reply(looking(), body), Ok(login_at(GAME_SERVER)), "{body}");
    }
    for status in [302, 401, 404, 429, 503] {
        assert_eq!(
            Ttcc::reply(looking(), &Reply::new(status, "Unauthorized")),
            Ok(login_at(GAME_SERVER)),
            "{status}"
        );
    }
}

#[test]
fn another_root_is_the_game_server_that_is_known_by_heart() {
    let player = LoginParameters {
        elsewhere: Some("127.0.0.1:8080".to_owned()),
        ..player()
    };
    let sent = || Either::Current(Sent::Metadata(launcher_of(player.clone())));
    let gameserver = |body| match reply(sent(), body) {
        Ok(Step::Send(_, Either::Current(Sent::Login(entry)))) => entry.gameserver,
        other => panic!("{other:?}"),
    };
    assert_eq!(gameserver("{}"), Secret::new("127.0.0.1:8080"));
    assert_eq!(gameserver(METADATA), Secret::new(GAME_SERVER));
}

#[test]
fn a_game_server_that_no_variable_can_carry_is_not_understood() {
    let body = r#"{"realms":[{"slug":"production","hostname":"g\nTT_PLAYCOOKIE=x"}]}"#;
    assert!(not_understood(&reply(looking(), body)));
}

#[test]
fn a_login_gives_the_five_variables() {
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
    let done = || Ok(Step::Done(Ticket::new(variables.clone())));
    assert_eq!(reply(knocking(0), GRANTED), done());
    assert_eq!(reply(knocking(3), GRANTED), done());
    for body in [
        r#"{"success":true,"token":"game-token"}"#,
        r#"{"status":"true","success":null,"toonstep":null,"bad_token":false,"token":"game-token"}"#,
    ] {
        assert_eq!(reply(knocking(0), body), done(), "{body}");
    }
}

#[test]
fn a_slot_is_passed_on() {
    let player = LoginParameters {
        toon_slot: Some(0),
        ..player()
    };
    let entry = Entry {
        launcher: launcher_of(player),
        ..entry_at("g", 0)
    };
    let Ok(Step::Done(ticket)) = reply(Either::Current(Sent::Login(entry)), GRANTED) else {
        panic!("no ticket")
    };
    assert_eq!(
        ticket.variables.last(),
        Some(&("FORCE_TOON_SLOT", Secret::new("0")))
    );
}

#[test]
fn a_success_without_a_token_is_not_understood() {
    for sent in [registering, || knocking(0)] {
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
fn a_launcher_token_that_no_header_can_carry_is_not_understood() {
    let body = r#"{"status":true,"token":"jetón"}"#;
    assert!(not_understood(&reply(registering(), body)));
    assert!(matches!(reply(knocking(0), body), Ok(Step::Done(_))));
}

#[test]
fn toonstep_wants_this_place_to_be_approved() {
    for sent in [registering(), knocking(0)] {
        assert_eq!(
            reply(sent, TOONSTEP),
            refused(Refusal::Approval, "Check your e-mail.")
        );
    }
}

#[test]
fn a_bad_token_is_signed_out_wherever_it_is_said() {
    for status in [200, 401, 403] {
        for sent in everywhere() {
            assert_eq!(
                Ttcc::reply(sent, &Reply::new(status, BAD_TOKEN)),
                refused(Refusal::SignedOut, "")
            );
        }
    }
    let body = r#"{"bad_token":true,"realms":{},"message":"Gone."}"#;
    assert_eq!(reply(looking(), body), refused(Refusal::SignedOut, "Gone."));
}

#[test]
fn unauthorized_without_json_is_not_understood() {
    for sent in [registering(), knocking(0)] {
        let step = Ttcc::reply(sent, &Reply::new(401, "Unauthorized"));
        assert!(not_understood(&step));
    }
}

#[test]
fn a_lot_of_toons_is_a_reason_to_come_back_with_longer_pauses() {
    for (tries, seconds) in [2, 4, 8, 16, 32, 60, 60].into_iter().enumerate() {
        let tries = u32::try_from(tries).expect("few");
        assert_eq!(reply(knocking(tries), BUSY), Ok(wait(tries + 1, seconds)));
    }
    assert_eq!(reply(knocking(u32::MAX), BUSY), Ok(wait(u32::MAX, 60)));
}

#[test]
fn coming_back_is_the_same_login_again() {
    assert_eq!(
        Ttcc::poll(entry_at(GAME_SERVER, 2)),
        (login_request(), knocking(2))
    );
}

#[test]
fn a_longer_pause_that_the_server_asks_for_is_kept_and_a_very_long_one_ends_the_login() {
    let asking = |seconds| {
        let pause = Some(Duration::from_secs(seconds));
        Ttcc::reply(knocking(0), &Reply::new(200, BUSY).retry_after(pause))
    };
    assert_eq!(asking(1), Ok(wait(1, 2)));
    assert_eq!(asking(45), Ok(wait(1, 45)));
    assert!(matches!(asking(61), Err(Error::TryLater { .. })));
}

#[test]
fn a_lot_of_toons_at_the_registration_is_try_later_since_the_password_is_posted_once() {
    let message = ServerMessage::new(Some("A lot of Toons are trying to get in."));
    let retry_after = None;
    assert_eq!(
        reply(registering(), BUSY),
        Err(Error::TryLater {
            retry_after,
            message
        })
    );
}

#[test]
fn a_token_counts_more_than_words_about_toons() {
    let body = r#"{"status":true,"message":"A lot of Toons are waiting for you.","token":"t"}"#;
    assert!(matches!(reply(knocking(0), body), Ok(Step::Done(_))));
}

#[test]
fn a_refusal_is_what_its_number_says_at_both_steps() {
    let body = |reason: &str| {
        format!(
            r#"{{"status":false,"reason":{reason},"toonstep":false,"message":"No.","token":""}}"#
        )
    };
    for sent in [registering, || knocking(1)] {
        for reason in ["3", "4", "1002", "\"1003\""] {
            assert_eq!(
                reply(sent(), &body(reason)),
                refused(Refusal::Account, "No.")
            );
        }
        for (reason, message) in [("2", "No."), ("null", "No."), ("7", "No. (reason 7)")] {
            assert_eq!(
                reply(sent(), &body(reason)),
                refused(Refusal::Credentials, message)
            );
        }
        assert_eq!(
            reply(sent(), &body("1004")),
            Err(Error::Closed(ServerMessage::new(Some("No."))))
        );
        assert!(matches!(
            reply(sent(), &body("429")),
            Err(Error::TryLater { .. })
        ));
    }
}

#[test]
fn what_says_neither_yes_nor_no_is_not_understood() {
    for sent in [registering, || knocking(0)] {
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
fn nothing_that_is_kept_between_requests_shows_a_secret() {
    let shown = format!("{:?} {:?}", everywhere(), Ttcc::new(player()));
    for secret in ["hunter2", "launcher-token"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

proptest! {
    #[test]
    fn a_friendly_name_is_3_to_100_plain_characters(nonce in any::<String>()) {
        let name = friendly(&nonce);
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
        for sent in everywhere() {
            let _ = Ttcc::reply(sent, &Reply::new(status, body.clone()));
        }
    }

    #[test]
    fn fields_of_any_json_type_never_panic(value in prop::sample::select(vec![
        "null", "true", "-1", "1e999", "18446744073709551616", "\"\"", "[]", "{}", "\"\\u0000\"", "0.5", "[{}]",
    ]), status in any::<bool>()) {
        let body = format!(r#"{{"status":{status},"success":{value},"reason":{value},"message":{value},"token":{value},
            "realms":{value},"toonstep":"no"}}"#);
        for sent in everywhere() {
            let _ = reply(sent, &body);
        }
    }
}

/// The same launcher with a token from an earlier login.
fn returning() -> Launcher {
    Launcher {
        returns: true,
        ..launcher()
    }
}

#[test]
fn a_kept_token_is_used_without_a_password() {
    let player = LoginParameters {
        proof: Credential::Token(Secret::new("launcher-token")),
        ..player()
    };
    let request = Request {
        headers: vec![bearer()],
        ..Request::get("/api/launcher/v1/metadata")
    };
    assert_eq!(
        Ttcc::new(player).begin(),
        (request, Either::Current(Sent::Metadata(returning())))
    );
}

#[test]
fn a_kept_token_that_is_no_longer_good_is_forgotten_and_the_password_asked_for() {
    let question = Question {
        kind: QuestionKind::Password,
        message: ServerMessage::default(),
        again: false,
    };
    let entry = Entry {
        launcher: returning(),
        ..entry_at(GAME_SERVER, 0)
    };
    for sent in [Sent::Metadata(returning()), Sent::Login(entry)] {
        let asked = SignedOut(returning().who);
        assert_eq!(
            reply(Either::Current(sent), BAD_TOKEN),
            Ok(Step::Forget(question.clone(), asked))
        );
    }
    let (request, sent) = Ttcc::answer(SignedOut(returning().who), Secret::new("hunter2"));
    assert_eq!((request, sent), Ttcc::new(player()).begin());
}

#[test]
fn a_kept_token_whose_place_is_not_approved_is_not_forgotten() {
    let sent = Either::Current(Sent::Metadata(returning()));
    assert_eq!(
        reply(sent, METADATA).map(|step| matches!(step, Step::Send(..))),
        Ok(true)
    );
    let entry = Entry {
        launcher: returning(),
        ..entry_at(GAME_SERVER, 0)
    };
    assert_eq!(
        reply(Either::Current(Sent::Login(entry)), TOONSTEP),
        refused(Refusal::Approval, "Check your e-mail.")
    );
}

/// The metadata of a player who wants an update.
fn looking_for_files() -> Either {
    let player = LoginParameters {
        updates: true,
        ..player()
    };
    Either::Current(Sent::Metadata(launcher_of(player)))
}

/// The step to the update, from these servers, on the way to this game server.
fn update(mirrors: &[(&str, bool)], gameserver: &str) -> Step<Ttcc> {
    let mirrors = mirrors
        .iter()
        .map(|(base, by_key)| MirrorAddress::at(base, *by_key).expect("a mirror"));
    let entry = Entry {
        launcher: launcher_of(LoginParameters {
            updates: true,
            ..player()
        }),
        ..entry_at(gameserver, 0)
    };
    Step::Update(mirrors.collect(), entry)
}

#[test]
fn a_player_who_wants_an_update_has_it_before_the_login() {
    let expected = update(
        &[("https://a.example/", true)],
        "gs-prd.corporateclash.net:7198",
    );
    assert_eq!(reply(looking_for_files(), METADATA), Ok(expected));
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
    assert_eq!(reply(looking_for_files(), body), Ok(expected));
}

#[test]
fn once_the_files_are_up_to_date_the_login_is_as_ever() {
    assert_eq!(
        Ttcc::updated(entry_at("g", 0)),
        (
            login_request(),
            Either::Current(Sent::Login(entry_at("g", 0)))
        )
    );
}

#[test]
fn metadata_without_download_servers_end_an_update_and_no_other_login() {
    for body in [
        "{}",
        r#"{"realms":[]}"#,
        r#"{"realms":[{"slug":"production","hostname":"g"}]}"#,
        r#"{"realms":[{"slug":"production","downloadservers":[{"base_url":"ftp://a.example/"}]}]}"#,
        r#"{"realms":[{"slug":"test","downloadservers":[{"base_url":"https://a.example/"}]}]}"#,
        "<html>",
    ] {
        let step = reply(looking_for_files(), body);
        assert!(not_understood(&step), "{body}");
        assert!(matches!(reply(looking(), body), Ok(Step::Send(..))));
    }
    let failed = Ttcc::reply(looking_for_files(), &Reply::new(503, ""));
    assert!(matches!(failed, Err(Error::ServerFailed { .. })));
}

#[test]
fn a_kept_token_that_is_no_longer_good_is_forgotten_before_an_update_too() {
    let launcher = Launcher {
        returns: true,
        ..launcher_of(LoginParameters {
            updates: true,
            ..player()
        })
    };
    let who = launcher.who.clone();
    let step = reply(Either::Current(Sent::Metadata(launcher)), BAD_TOKEN);
    let Ok(Step::Forget(_, asked)) = step else {
        panic!("{step:?}")
    };
    assert_eq!(asked, SignedOut(who));
}
