//! All kinds of refusals, and successes that are none.

use std::time::Duration;

use super::*;
use crate::games::scid::reply::{
    read_code_request, read_identity, read_links, read_settings, read_tokens,
};

fn ok(body: &str) -> Reply {
    Reply::new(200, body)
}

/// The message that consists of a word of the protocol, or the one without a word.
fn coded(word: &str) -> ServerMessage {
    let message = ServerMessage::new(Some(word));
    match word {
        "" => message,
        word => message.with_code(ServerCode::Word(word.to_owned()), None),
    }
}

fn refused(why: Refusal, word: &str) -> Error {
    Error::Refused(why, coded(word))
}

/// The error of a reply, which is the same for all five calls.
fn refusal_of(reply: &Reply) -> Option<Error> {
    let refusals = [
        read_code_request(reply).err(),
        read_identity(reply).err(),
        read_tokens(reply).err(),
        read_links(reply).err(),
        read_settings(reply).err(),
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
        Some(Error::NotUnderstood(what) | Error::UnknownRefusal(what, _)) => what,
        other => panic!("understood: {other:?}"),
    }
}

#[test]
fn an_invalid_pin_refuses_the_code_even_when_ok_is_true() {
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
fn a_pin_without_an_account_refuses_the_account() {
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
fn the_documented_errors_have_priority_over_the_status() {
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
fn a_bad_request_is_not_understood() {
    for status in [200, 400, 500] {
        let reply = Reply::new(status, r#"{"ok":false,"error":"bad_request"}"#);
        let what = not_understood(refusal_of(&reply));
        assert_eq!(
            what,
            format!("HTTP {status} that is a refusal: bad_request")
        );
    }
}

#[test]
fn the_meaning_of_other_errors_depends_on_their_words() {
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
        let message = coded(word);
        assert_eq!(
            refusal(word),
            Error::TryLater {
                retry_after: None,
                message
            }
        );
    }
    assert_eq!(refusal("maintenance"), Error::Closed(coded("maintenance")));
}

#[test]
fn an_unknown_error_is_shown_if_it_consists_of_letters() {
    let what = |word: &str| {
        let body = format!(r#"{{"ok":false,"error":"{word}"}}"#);
        not_understood(refusal_of(&ok(&body)))
    };
    assert_eq!(
        what("captcha_required"),
        "HTTP 200 that is a refusal: captcha_required"
    );
    assert_eq!(what("shopping"), "HTTP 200 that is a refusal: shopping");
    for word in [
        "012345 is wrong",
        "eyJh.eyJi.c2ln",
        "me@example.com",
        &"a".repeat(65),
        "\\u0007",
    ] {
        assert_eq!(
            what(word),
            "HTTP 200 that is a refusal with a reason that is not shown",
            "{word}"
        );
    }
}

#[test]
fn the_status_is_used_when_the_error_is_unknown() {
    let body = r#"{"ok":false,"error":"slow_down"}"#;
    let message = coded("slow_down");
    let retry_after = Some(Duration::from_secs(7));
    let reply = Reply::new(429, body).retry_after(retry_after);
    assert_eq!(
        refusal_of(&reply),
        Some(Error::TryLater {
            retry_after,
            message: message.clone()
        })
    );
    let failed = Error::ServerFailed {
        status: Some(502),
        message,
    };
    assert_eq!(refusal_of(&Reply::new(502, body)), Some(failed));
}

#[test]
fn a_refusal_without_a_reason_is_not_understood() {
    for body in [
        r#"{"ok":false}"#,
        r#"{"ok":"false","error":""}"#,
        r#"{"ok":false,"error":{"code":1}}"#,
    ] {
        assert_eq!(
            not_understood(refusal_of(&ok(body))),
            "HTTP 200 that is a refusal without a reason",
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
fn the_meaning_of_an_html_page_depends_on_its_status() {
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
            message: ServerMessage::default(),
        };
        assert_eq!(refusal_of(&Reply::new(status, page)), Some(failed));
    }
    let retry_after = Some(Duration::from_secs(30));
    let later = Error::TryLater {
        retry_after,
        message: ServerMessage::default(),
    };
    assert_eq!(
        refusal_of(&Reply::new(429, page).retry_after(retry_after)),
        Some(later)
    );
}

#[test]
fn a_success_with_the_status_of_a_failure_is_a_failure() {
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
fn a_reply_that_is_no_object_is_not_understood() {
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
fn a_reply_with_a_duplicate_key_is_not_understood() {
    not_understood(refusal_of(&ok(r#"{"ok":true,"ok":false}"#)));
    let body = r#"{"ok":true,"data":{"lang":"en","lang":"de"}}"#;
    not_understood(read_settings(&ok(body)).err());
    assert_eq!(read_code_request(&ok(body)), Ok(()));
}
