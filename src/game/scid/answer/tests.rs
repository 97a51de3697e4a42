//! The answers, with the document's own samples.

use std::time::Duration;

use proptest::prelude::*;

use super::super::tokens::Part;
use super::*;

const VALIDATED: &str = r##"{"ok":true,"data":{"email":"me@example.com","isValid":true,"isBound":true,
    "application":{"application":"scroll-prod","account":"#8PRLVC0J","username":"OJ","progress":[5,820]},
    "system":{"system":"scroll","account":"#8PRLVC0J","username":"OJ","progress":[5,820]}}}"##;
const CONFIRMED: &str = r#"{"ok":true,"data":{"scid":"a.b.c","scidToken":"d.e.f","bindToken":"g","email":"me@example.com"}}"#;
const LINKED: &str = r#"{"ok":true,"data":{"attributionId":"835dd13bb5b846279b0d30c9bf41746d","system":"Clash Royale",
    "links":[{"system":"Clash Royale"},{"system":"Unknown"},{"system":"Hay Day"},{"system":"Unknown"},{"system":"Unknown"}]}}"#;
const SETTINGS: &str = r#"{"ok":true,"data":{"created":"2022-03-21T16:02:35.560Z","lang":"en",
    "email_marketing_permission":false,"email_marketing_timestamp":"2022-03-21T16:02:35.560Z",
    "marketing_scope_consents":[
        {"scope_id":"beatstar","scope_localized_name":"Beatstar","scope_consent":true},
        {"scope_id":"hayday","scope_localized_name":"Hay Day","scope_consent":false}]}}"#;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn ok(body: &str) -> Reply {
    Reply::new(200, body)
}

fn refused(why: Refusal, words: &str) -> Error {
    Error::Refused(why, Words::new(Some(words)))
}

/// What each of the five readers refuses a reply with; they agree on everything that is in the envelope.
fn refusal_of(reply: &Reply) -> Option<Error> {
    let refusals = [
        code_requested(reply).err(),
        validated(reply).err(),
        confirmed(reply).err(),
        linked(reply).err(),
        settings_read(reply).err(),
    ];
    let [first, ..] = &refusals;
    assert!(
        refusals.iter().all(|refusal| refusal == first),
        "{refusals:?}"
    );
    first.clone()
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
fn a_code_is_requested_when_the_server_agrees() {
    for body in [
        r#"{"ok":true}"#,
        r#"{"ok":"true"}"#,
        r#"{"ok":true,"error":null,"data":null}"#,
        r#"{"ok":true,"data":[],"new":{"a":[1]}}"#,
    ] {
        assert_eq!(code_requested(&ok(body)), Ok(()), "{body}");
    }
}

#[test]
fn a_pin_shows_whose_it_is() {
    let identity = Identity {
        email: text("me@example.com"),
        application: Some(profile("scroll-prod")),
        system: Some(profile("scroll")),
    };
    assert_eq!(validated(&ok(VALIDATED)), Ok(identity));
}

#[test]
fn progress_may_be_numbers_or_texts_or_less_than_both() {
    let progress = |json: &str| {
        let body = format!(r#"{{"ok":true,"data":{{"system":{{"progress":{json}}}}}}}"#);
        let system = validated(&ok(&body)).ok()?.system?;
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
fn an_invalid_pin_is_the_code_even_when_the_server_says_ok() {
    for body in [
        r#"{"ok":true,"data":{"isValid":false}}"#,
        r#"{"ok":true,"data":{"isValid":"false","isBound":false}}"#,
        r#"{"ok":false,"data":{"isValid":false,"isBound":true}}"#,
        r#"{"data":{"isValid":false}}"#,
    ] {
        for status in [200, 400, 503] {
            assert_eq!(
                refusal_of(&Reply::new(status, body)),
                Some(refused(Refusal::Code, "")),
                "{body}"
            );
        }
    }
}

#[test]
fn a_pin_that_is_bound_to_nobody_is_the_account() {
    for body in [
        r#"{"ok":true,"data":{"isValid":true,"isBound":false}}"#,
        r#"{"ok":true,"data":{"isBound":"false"}}"#,
    ] {
        assert_eq!(
            refusal_of(&ok(body)),
            Some(refused(Refusal::Account, "")),
            "{body}"
        );
    }
}

#[test]
fn confirming_gives_the_tokens() {
    let tokens = confirmed(&ok(CONFIRMED)).expect("tokens");
    let parts = Part::ALL.map(|part| tokens.part(part).map(|token| token.reveal().to_owned()));
    assert_eq!(parts, [text("a.b.c"), text("d.e.f"), text("g")]);
    assert_eq!(
        (tokens.email(), tokens.pid()),
        (Some("me@example.com"), None)
    );
}

#[test]
fn the_token_for_games_and_what_goes_with_it_may_be_missing() {
    let body =
        r#"{"ok":true,"data":{"scid":"a","scidToken":"b","bindToken":null,"pid":"14-961148"}}"#;
    let tokens = confirmed(&ok(body)).expect("tokens");
    assert_eq!((tokens.part(Part::BindToken), tokens.email()), (None, None));
    assert_eq!(
        tokens.pid().map(|pid| pid.tag().to_string()),
        text("#8PRLVC0J")
    );
}

#[test]
fn without_the_tokens_that_requests_need_confirming_is_not_understood() {
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
        not_understood(confirmed(&ok(&body)).err());
    }
}

#[test]
fn a_token_that_no_header_carries_is_not_understood_and_not_repeated() {
    for token in [
        "s3cret s3cret",
        "s3cret\\r\\nX: y",
        "s3crét",
        &"s3cret".repeat(10_000),
    ] {
        let body = format!(r#"{{"ok":true,"data":{{"scid":"{token}","scidToken":"a"}}}}"#);
        let what = not_understood(confirmed(&ok(&body)).err());
        assert!(!what.contains("s3cr"), "{what}");
    }
}

#[test]
fn a_linked_game_has_a_name_and_the_others_have_none() {
    let links = Links {
        attribution_id: text("835dd13bb5b846279b0d30c9bf41746d"),
        system: text("Clash Royale"),
        links: vec![text("Clash Royale"), None, text("Hay Day"), None, None],
    };
    assert_eq!(linked(&ok(LINKED)), Ok(links));
}

#[test]
fn links_of_another_shape_are_left_out() {
    let links = |json: &str| {
        let body = format!(r#"{{"ok":true,"data":{{"links":{json}}}}}"#);
        linked(&ok(&body)).map(|links| links.links)
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
    assert_eq!(settings_read(&ok(SETTINGS)), Ok(settings));
}

#[test]
fn every_field_of_every_answer_may_be_missing() {
    for body in [
        r#"{"ok":true}"#,
        r#"{"ok":true,"data":null}"#,
        r#"{"ok":true,"data":{}}"#,
        r#"{"data":{}}"#,
    ] {
        assert_eq!(validated(&ok(body)), Ok(Identity::default()), "{body}");
        assert_eq!(linked(&ok(body)), Ok(Links::default()), "{body}");
        assert_eq!(settings_read(&ok(body)), Ok(Settings::default()), "{body}");
    }
    let body = r#"{"ok":true,"data":{"application":{},"system":{},"marketing_scope_consents":[{}],"links":[{}]}}"#;
    let identity = validated(&ok(body)).map(|identity| (identity.application, identity.system));
    assert_eq!(
        identity,
        Ok((Some(Profile::default()), Some(Profile::default())))
    );
    assert_eq!(
        settings_read(&ok(body)).map(|read| read.consents),
        Ok(vec![Consent::default()])
    );
}

#[test]
fn foreign_texts_are_plain_when_shown() {
    let body = r#"{"ok":true,"data":{"system":{"username":"\u001b[2JO\u202eJ\n","account":"\u0007"},
        "lang":"\u001b]0;owned\u0007en","links":[{"system":"\u009b31mHay Day"}]}}"#;
    let system = validated(&ok(body))
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
        settings_read(&ok(body)).map(|read| read.lang),
        Ok(text("en"))
    );
    assert_eq!(
        linked(&ok(body)).map(|links| links.links),
        Ok(vec![text("Hay Day")])
    );
}

#[test]
fn unauthorized_in_plain_text_is_signed_out_whatever_the_status() {
    for body in [
        "Unauthorized",
        "Unauthorized\n",
        " unauthorized",
        "\"Unauthorized\"",
    ] {
        for status in [200, 302, 401, 403, 429, 500] {
            let refusal = refusal_of(&Reply::new(status, body));
            assert_eq!(
                refusal,
                Some(refused(Refusal::SignedOut, "")),
                "{status} {body}"
            );
        }
    }
}

#[test]
fn the_known_error_words_decide_whatever_the_status() {
    for (word, why) in [
        ("unauthorized", Refusal::SignedOut),
        ("incorrect_pin", Refusal::Code),
        ("binding_not_found", Refusal::Account),
    ] {
        for status in [200, 302, 400, 401, 404, 429, 500] {
            for ok in ["false", "\"false\"", "null", "true"] {
                let body = format!(r#"{{"ok":{ok},"error":"{word}"}}"#);
                let refusal = refusal_of(&Reply::new(status, body));
                assert_eq!(refusal, Some(refused(why, word)), "{status} {word}");
            }
        }
    }
}

#[test]
fn a_bad_request_is_not_understood_and_says_so() {
    for status in [200, 400, 500] {
        let reply = Reply::new(status, r#"{"ok":false,"error":"bad_request"}"#);
        let what = not_understood(refusal_of(&reply));
        assert_eq!(what, format!("HTTP {status} that says no: bad_request"));
    }
}

#[test]
fn other_error_words_mean_what_their_parts_suggest() {
    let refusal = |word: &str| {
        let body = format!(r#"{{"ok":false,"error":"{word}"}}"#);
        refusal_of(&ok(&body)).expect("a refusal")
    };
    for word in ["expired_pin", "PIN_EXPIRED", "pin expired"] {
        assert_eq!(refusal(word), refused(Refusal::Code, word));
    }
    assert_eq!(
        refusal("invalid_email"),
        refused(Refusal::Credentials, "invalid_email")
    );
    assert_eq!(
        refusal("account_banned"),
        refused(Refusal::Account, "account_banned")
    );
    for word in ["too_many_requests", "rate_limit", "rate-limited"] {
        let words = Words::new(Some(word));
        assert_eq!(
            refusal(word),
            Error::TryLater {
                retry_after: None,
                words
            }
        );
    }
    assert_eq!(
        refusal("maintenance"),
        Error::Closed(Words::new(Some("maintenance")))
    );
}

#[test]
fn an_error_word_that_means_nothing_is_shown_if_it_is_a_word() {
    let what = |word: &str| {
        let body = format!(r#"{{"ok":false,"error":"{word}"}}"#);
        not_understood(refusal_of(&ok(&body)))
    };
    assert_eq!(
        what("captcha_required"),
        "HTTP 200 that says no: captcha_required"
    );
    assert_eq!(what("shopping"), "HTTP 200 that says no: shopping");
    for word in [
        "012345 is wrong",
        "eyJh.eyJi.c2ln",
        "me@example.com",
        &"a".repeat(65),
        "\\u0007",
    ] {
        assert_eq!(
            what(word),
            "HTTP 200 that says no in words that are not shown",
            "{word}"
        );
    }
}

#[test]
fn the_status_decides_when_the_error_word_is_not_known() {
    let body = r#"{"ok":false,"error":"slow_down"}"#;
    let words = Words::new(Some("slow_down"));
    let retry_after = Some(Duration::from_secs(7));
    let reply = Reply::new(429, body).retry_after(retry_after);
    assert_eq!(
        refusal_of(&reply),
        Some(Error::TryLater {
            retry_after,
            words: words.clone()
        })
    );
    let failed = Error::ServerFailed {
        status: Some(502),
        words,
    };
    assert_eq!(refusal_of(&Reply::new(502, body)), Some(failed));
}

#[test]
fn a_no_without_a_word_is_not_understood() {
    for body in [
        r#"{"ok":false}"#,
        r#"{"ok":"false","error":""}"#,
        r#"{"ok":false,"error":{"code":1}}"#,
    ] {
        assert_eq!(
            not_understood(refusal_of(&ok(body))),
            "HTTP 200 that says no, and not why",
            "{body}"
        );
    }
    for body in [
        "{}",
        r#"{"ok":null}"#,
        r#"{"ok":"maybe"}"#,
        r#"{"ok":[true]}"#,
        r#"{"ok":"maybe","data":{}}"#,
    ] {
        not_understood(refusal_of(&ok(body)));
    }
}

#[test]
fn a_page_instead_of_an_answer_goes_by_its_status() {
    let page = "<html><title>403 Forbidden</title>Unauthorized s3cret</html>";
    for status in [200, 301, 307, 401, 403, 404] {
        let what = not_understood(refusal_of(&Reply::new(status, page)));
        assert!(
            what.contains(&status.to_string()) && !what.contains("s3cret"),
            "{what}"
        );
    }
    for status in [500, 502, 503] {
        let failed = Error::ServerFailed {
            status: Some(status),
            words: Words::none(),
        };
        assert_eq!(refusal_of(&Reply::new(status, page)), Some(failed));
    }
    let retry_after = Some(Duration::from_secs(30));
    let later = Error::TryLater {
        retry_after,
        words: Words::none(),
    };
    assert_eq!(
        refusal_of(&Reply::new(429, page).retry_after(retry_after)),
        Some(later)
    );
}

#[test]
fn a_yes_with_the_status_of_a_failure_is_none() {
    let body = r#"{"ok":true,"data":{"scid":"a","scidToken":"b"}}"#;
    assert!(matches!(
        refusal_of(&Reply::new(429, body)),
        Some(Error::TryLater { .. })
    ));
    assert!(matches!(
        refusal_of(&Reply::new(500, body)),
        Some(Error::ServerFailed { .. })
    ));
    not_understood(refusal_of(&Reply::new(302, body)));
}

#[test]
fn what_is_no_object_is_not_understood() {
    for body in [
        "null",
        "[]",
        "[true]",
        "\"ok\"",
        "true",
        "7",
        "",
        " ",
        r#"{"ok":tr"#,
        "ok=true",
        "\u{feff}{}",
        "{\"ok\":true}x",
    ] {
        not_understood(refusal_of(&ok(body)));
    }
    let deep = format!("{{\"ok\":true,\"data\":{}", "[".repeat(100_000));
    not_understood(refusal_of(&ok(&deep)));
}

#[test]
fn an_answer_that_says_something_twice_is_not_understood() {
    not_understood(refusal_of(&ok(r#"{"ok":true,"ok":false}"#)));
}

proptest! {
    #[test]
    fn mutated_answers_never_panic(sample in prop::sample::select(vec![VALIDATED, CONFIRMED, LINKED, SETTINGS]),
                                   status in prop::sample::select(vec![200_u16, 302, 400, 401, 429, 500]),
                                   at in 0_usize..600, byte in any::<u8>(), cut in 0_usize..800) {
        let mut body = sample.as_bytes().to_vec();
        if let Some(place) = body.get_mut(at) {
            *place = byte;
        }
        body.truncate(cut.max(1));
        let reply = Reply::new(status, body);
        let _ = (code_requested(&reply), validated(&reply), confirmed(&reply), linked(&reply), settings_read(&reply));
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
            let _ = (code_requested(&reply), validated(&reply), confirmed(&reply), linked(&reply), settings_read(&reply));
        }
    }
}
