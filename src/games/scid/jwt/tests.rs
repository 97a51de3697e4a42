//! Tokens with invalid signatures, which are not checked.

use proptest::prelude::*;

use super::*;

fn token(payload: &str) -> Secret {
    let part = |json: &str| BASE64URL_NOPAD.encode(json.as_bytes());
    Secret::new(format!(
        "{}.{}.c2ln",
        part(r#"{"alg":"ES256"}"#),
        part(payload)
    ))
}

fn claims(payload: &str) -> Result<Claims, TokenError> {
    Claims::decode(&token(payload))
}

fn refusal(token: impl Into<String>) -> Option<TokenError> {
    Claims::decode(&Secret::new(token)).err()
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "what it is compared with is optional"
)]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn the_documented_claims_are_decoded() {
    let payload =
        r#"{"game":"scroll","pid":"14-961148","env":"prod","iat":1647878555,"scid":"835dd13b"}"#;
    let expected = Claims {
        game: text("scroll"),
        pid: text("14-961148"),
        env: text("prod"),
        scid: text("835dd13b"),
        issued_at: Some(1_647_878_555),
        ..Claims::default()
    };
    let read = claims(payload);
    assert_eq!(read, Ok(expected));
    let tag = read
        .ok()
        .and_then(|claims| claims.player())
        .map(|pid| pid.tag().to_string());
    assert_eq!(tag, text("#8PRLVC0J"));
}

#[test]
fn registered_claims_are_decoded_and_unknown_ones_ignored() {
    let payload =
        r#"{"exp":"1650470555","sub":7,"iss":"id","aud":["a",null,"b",{}],"new":{"a":[1]}}"#;
    let expected = Claims {
        expires_at: Some(1_650_470_555),
        subject: text("7"),
        issuer: text("id"),
        audience: vec!["a".to_owned(), "b".to_owned()],
        ..Claims::default()
    };
    assert_eq!(claims(payload), Ok(expected));
}

#[test]
fn the_audience_may_be_a_string_or_a_list() {
    let audience = |payload: &str| claims(payload).map(|claims| claims.audience);
    assert_eq!(audience(r#"{"aud":"a"}"#), Ok(vec!["a".to_owned()]));
    assert_eq!(
        audience(r#"{"aud":["a","b"]}"#),
        Ok(vec!["a".to_owned(), "b".to_owned()])
    );
    assert_eq!(audience(r#"{"aud":null}"#), Ok(vec![]));
}

#[test]
fn every_claim_may_be_missing_or_of_another_type() {
    assert_eq!(claims("{}"), Ok(Claims::default()));
    for value in ["null", "[]", "{}", "\"\"", "[{\"a\":1}]"] {
        let payload = format!(
            r#"{{"game":{value},"pid":{value},"env":{value},"scid":{value},"iat":{value},"exp":{value},
            "sub":{value},"iss":{value},"aud":{value}}}"#
        );
        assert_eq!(claims(&payload), Ok(Claims::default()), "{value}");
    }
}

#[test]
fn control_characters_are_removed_from_claims() {
    let read = claims(r#"{"scid":"\u001b[2Ja\u202eb","pid":"1-\u00072"}"#);
    let read = read.map(|claims| (claims.scid, claims.pid));
    assert_eq!(read, Ok((text("ab"), text("1-2"))));
}

#[test]
fn a_token_has_three_parts() {
    for token in ["", "e30", "e30.e30", "e30.e30.e30.e30", "...", "a b"] {
        assert_eq!(refusal(token), Some(TokenError::NotThreeParts), "{token}");
    }
    assert_eq!(refusal("e30.e30."), None);
}

#[test]
fn the_claims_are_base64url_without_padding() {
    for payload in ["e30=", "e3!0", "e3 0", "e+/0", "{}", "é", "e", "e31"] {
        assert_eq!(
            refusal(format!("a.{payload}.b")),
            Some(TokenError::NotBase64Url),
            "{payload}"
        );
    }
}

#[test]
fn claims_that_are_no_object_are_refused() {
    for payload in [
        "null",
        "[]",
        "7",
        "\"text\"",
        "true",
        "",
        "{",
        "{}{}",
        "<html>",
        r#"["scroll","1-2"]"#,
    ] {
        assert_eq!(claims(payload), Err(TokenError::NotAnObject), "{payload}");
    }
    assert_eq!(
        claims(&format!("{}{}", "[".repeat(3000), "]".repeat(3000))),
        Err(TokenError::NotAnObject)
    );
    assert_eq!(
        claims(&format!("{{\"a\":{}", "[".repeat(3000))),
        Err(TokenError::NotAnObject)
    );
}

#[test]
fn a_token_of_more_than_sixteen_kibibytes_is_refused() {
    let claims = |length: usize| {
        let token = format!("e30.e30.{}", "a".repeat(length - 8));
        Claims::decode(&Secret::new(token))
    };
    assert_eq!(claims(MAX_LENGTH), Ok(Claims::default()));
    assert_eq!(claims(MAX_LENGTH + 1), Err(TokenError::TooLong));
    assert_eq!(claims(1024 * 1024), Err(TokenError::TooLong));
}

proptest! {
    #[test]
    fn no_token_makes_decoding_panic(token in any::<String>(), payload in any::<Vec<u8>>()) {
        let _ = Claims::decode(&Secret::new(token));
        let _ = Claims::decode(&Secret::new(format!("a.{}.b", BASE64URL_NOPAD.encode(&payload))));
    }
}
