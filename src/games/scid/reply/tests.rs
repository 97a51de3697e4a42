//! The replies, with the document's samples.

use proptest::prelude::*;

use super::*;
use crate::games::scid::tokens::TokenKind;

const VALIDATE: &str = r##"{"ok":true,"data":{"email":"me@example.com","isValid":true,"isBound":true,
    "application":{"application":"scroll-prod","account":"#8PRLVC0J","username":"OJ","progress":[5,820]},
    "system":{"system":"scroll","account":"#8PRLVC0J","username":"OJ","progress":[5,820]}}}"##;
const CONFIRM: &str = r#"{"ok":true,"data":{"scid":"a.b.c","scidToken":"d.e.f","bindToken":"g","email":"me@example.com"}}"#;
const LINKS: &str = r#"{"ok":true,"data":{"attributionId":"835dd13bb5b846279b0d30c9bf41746d","system":"Clash Royale",
    "links":[{"system":"Clash Royale"},{"system":"Unknown"},{"system":"Hay Day"},{"system":"Unknown"},{"system":"Unknown"}]}}"#;
const SETTINGS: &str = r#"{"ok":true,"data":{"created":"2022-03-21T16:02:35.560Z","lang":"en",
    "email_marketing_permission":false,"email_marketing_timestamp":"2022-03-21T16:02:35.560Z",
    "marketing_scope_consents":[
        {"scope_id":"beatstar","scope_localized_name":"Beatstar","scope_consent":true},
        {"scope_id":"hayday","scope_localized_name":"Hay Day","scope_consent":false}]}}"#;

#[expect(
    clippy::unnecessary_wraps,
    reason = "what it is compared with is optional"
)]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn ok(body: &str) -> Reply {
    Reply::new(200, body)
}

fn not_understood(error: Option<Error>) -> String {
    match error {
        Some(Error::NotUnderstood(what)) => what,
        other => panic!("understood: {other:?}"),
    }
}

fn profile(game: &str) -> Profile {
    Profile {
        game: text(game),
        account: text("#8PRLVC0J"),
        username: text("OJ"),
        level: Some(5),
        points: Some(820),
    }
}

#[test]
fn a_code_is_requested_when_ok_is_true() {
    for body in [
        r#"{"ok":true}"#,
        r#"{"ok":"true"}"#,
        r#"{"ok":true,"error":null,"data":null}"#,
        r#"{"ok":true,"data":[],"new":{"a":[1]}}"#,
    ] {
        assert_eq!(read_code_request(&ok(body)), Ok(()), "{body}");
    }
}

#[test]
fn a_pin_has_an_identity() {
    let identity = Identity {
        email: text("me@example.com"),
        application: Some(profile("scroll-prod")),
        system: Some(profile("scroll")),
    };
    assert_eq!(read_identity(&ok(VALIDATE)), Ok(identity));
}

#[test]
fn progress_may_be_numbers_or_strings_and_may_be_incomplete() {
    let progress = |json: &str| {
        let body = format!(r#"{{"ok":true,"data":{{"system":{{"progress":{json}}}}}}}"#);
        let system = read_identity(&ok(&body)).ok()?.system?;
        Some((system.level, system.points))
    };
    assert_eq!(progress("[5,820]"), Some((Some(5), Some(820))));
    assert_eq!(progress(r#"["5","820"]"#), Some((Some(5), Some(820))));
    assert_eq!(progress(r#"["5"]"#), Some((Some(5), None)));
    assert_eq!(progress(r#"[null,820,"more"]"#), Some((None, Some(820))));
    assert_eq!(progress("5"), Some((Some(5), None)));
    for json in [
        "null",
        "[]",
        "{}",
        r#"["high",[]]"#,
        "[-1,-2]",
        r#"[{"level":5}]"#,
    ] {
        assert_eq!(progress(json), Some((None, None)), "{json}");
    }
}

#[test]
fn confirming_returns_the_tokens() {
    let tokens = read_tokens(&ok(CONFIRM)).expect("tokens");
    let parts = TokenKind::ALL.map(|kind| tokens.get(kind).map(|token| token.reveal().to_owned()));
    assert_eq!(parts, [text("a.b.c"), text("d.e.f"), text("g")]);
    assert_eq!(tokens.pid(), None);
}

#[test]
fn the_bind_token_may_be_missing() {
    let body =
        r#"{"ok":true,"data":{"scid":"a","scidToken":"b","bindToken":null,"pid":"14-961148"}}"#;
    let tokens = read_tokens(&ok(body)).expect("tokens");
    assert_eq!(tokens.get(TokenKind::BindToken), None);
    assert_eq!(
        tokens.pid().map(|pid| pid.tag().to_string()),
        text("#8PRLVC0J")
    );
}

#[test]
fn a_reply_without_one_of_the_two_tokens_is_not_understood() {
    for data in [
        "null",
        "{}",
        "[]",
        r#"{"scid":"a"}"#,
        r#"{"scidToken":"a"}"#,
        r#"{"scid":"","scidToken":"a"}"#,
        r#"{"scid":["a"],"scidToken":"a"}"#,
        r#"{"scid":"a","scidToken":{"a":1}}"#,
    ] {
        let body = format!(r#"{{"ok":true,"data":{data}}}"#);
        not_understood(read_tokens(&ok(&body)).err());
    }
}

#[test]
fn an_invalid_token_is_not_understood_and_not_repeated() {
    for token in [
        "s3cret s3cret",
        "s3cret\\r\\nX: y",
        "s3crét",
        &"s3cret".repeat(10_000),
    ] {
        let body = format!(r#"{{"ok":true,"data":{{"scid":"{token}","scidToken":"a"}}}}"#);
        let what = not_understood(read_tokens(&ok(&body)).err());
        assert!(!what.contains("s3cr"), "{what}");
    }
}

#[test]
fn only_linked_games_have_names() {
    let links = Links {
        attribution_id: text("835dd13bb5b846279b0d30c9bf41746d"),
        system: text("Clash Royale"),
        links: vec![text("Clash Royale"), None, text("Hay Day"), None, None],
    };
    assert_eq!(read_links(&ok(LINKS)), Ok(links));
}

#[test]
fn links_of_another_form_are_ignored() {
    let links = |json: &str| {
        let body = format!(r#"{{"ok":true,"data":{{"links":{json}}}}}"#);
        read_links(&ok(&body)).map(|links| links.links)
    };
    for json in ["null", "[]", "7", "\"Hay Day\"", "[null,7,[],\"Hay Day\"]"] {
        assert_eq!(links(json), Ok(vec![]), "{json}");
    }
    assert_eq!(
        links(r#"[{},{"system":null},{"system":"UNKNOWN"}]"#),
        Ok(vec![None; 3])
    );
    assert_eq!(links(r#"{"system":"Hay Day"}"#), Ok(vec![text("Hay Day")]));
}

#[test]
fn the_settings_are_read() {
    let consent = |id: &str, name: &str, consent| Consent {
        id: text(id),
        name: text(name),
        consent: Some(consent),
    };
    let settings = Settings {
        created: text("2022-03-21T16:02:35.560Z"),
        lang: text("en"),
        marketing: Some(false),
        marketing_changed: text("2022-03-21T16:02:35.560Z"),
        consents: vec![
            consent("beatstar", "Beatstar", true),
            consent("hayday", "Hay Day", false),
        ],
    };
    assert_eq!(read_settings(&ok(SETTINGS)), Ok(settings));
}

#[test]
fn every_field_of_every_reply_may_be_missing() {
    for body in [
        r#"{"ok":true}"#,
        r#"{"ok":true,"data":null}"#,
        r#"{"ok":true,"data":{}}"#,
        r#"{"data":{}}"#,
    ] {
        assert_eq!(read_identity(&ok(body)), Ok(Identity::default()), "{body}");
        assert_eq!(read_links(&ok(body)), Ok(Links::default()), "{body}");
        assert_eq!(read_settings(&ok(body)), Ok(Settings::default()), "{body}");
    }
    let body = r#"{"ok":true,"data":{"application":{},"system":{},"marketing_scope_consents":[{}],"links":[{}]}}"#;
    let identity = read_identity(&ok(body)).map(|identity| (identity.application, identity.system));
    assert_eq!(
        identity,
        Ok((Some(Profile::default()), Some(Profile::default())))
    );
    assert_eq!(
        read_settings(&ok(body)).map(|read| read.consents),
        Ok(vec![Consent::default()])
    );
}

#[test]
fn control_characters_are_removed_from_texts() {
    let body = r#"{"ok":true,"data":{"system":{"username":"\u001b[2JO\u202eJ\n","account":"\u0007"},
        "lang":"\u001b]0;owned\u0007en","links":[{"system":"\u009b31mHay Day"}]}}"#;
    let system = read_identity(&ok(body))
        .ok()
        .and_then(|identity| identity.system);
    assert_eq!(
        system,
        Some(Profile {
            username: text("OJ"),
            ..Profile::default()
        })
    );
    assert_eq!(
        read_settings(&ok(body)).map(|read| read.lang),
        Ok(text("en"))
    );
    assert_eq!(
        read_links(&ok(body)).map(|links| links.links),
        Ok(vec![text("Hay Day")])
    );
}

proptest! {
    #[test]
    fn mutated_replies_never_panic(sample in prop::sample::select(vec![VALIDATE, CONFIRM, LINKS, SETTINGS]),
                                   status in prop::sample::select(vec![200_u16, 302, 400, 401, 429, 500]),
                                   at in 0_usize..600, byte in any::<u8>(), cut in 0_usize..800) {
        let mut body = sample.as_bytes().to_vec();
        if let Some(changed) = body.get_mut(at) {
            *changed = byte;
        }
        body.truncate(cut.max(1));
        let reply = Reply::new(status, body);
        let _ = (read_code_request(&reply), read_identity(&reply), read_tokens(&reply), read_links(&reply), read_settings(&reply));
    }

    #[test]
    fn fields_of_any_json_type_never_panic(value in prop::sample::select(vec![
        "null", "true", "-1", "1e999", "18446744073709551616", "\"\"", "[]", "{}", "\"\\u0000\"", "0.5", "[[{}]]",
    ]), within in prop::sample::select(vec!["application", "system", "links", "marketing_scope_consents", "data"])) {
        let fields = ["application", "system", "account", "username", "progress", "scid", "scidToken", "pid", "isValid",
            "scope_id", "created", "email_marketing_permission"].map(|name| format!(r#""{name}":{value}"#)).join(",");
        for body in [
            format!(r#"{{"ok":{value},"error":{value},"data":{value}}}"#),
            format!(r#"{{"ok":true,"data":{{{fields}}}}}"#),
            format!(r#"{{"ok":true,"data":{{"{within}":[{{{fields}}}]}}}}"#),
            format!(r#"{{"ok":true,"data":{{"{within}":{{{fields}}}}}}}"#),
        ] {
            let reply = ok(&body);
            let _ = (read_code_request(&reply), read_identity(&reply), read_tokens(&reply), read_links(&reply), read_settings(&reply));
        }
    }
}

#[test]
fn a_real_servers_reply_contains_no_pin() {
    for body in [
        r#"{"ok":true}"#,
        "<html>",
        r#"{"rehearsal_pin":null}"#,
        "[]",
    ] {
        assert_eq!(rehearsal_pin(&Reply::new(200, body)), None, "{body}");
    }
}
