//! Descriptions of requests and replies for `-vv`: names and sizes, and no value that may be a secret.

use std::fmt::Write as _;

use serde_json::Value;

use crate::base::redactor::Redactor;
use crate::base::sanitize::shorten_to;
use crate::base::secret::{MASK, Secret};
use crate::protocol::{Method, Reply, Request};

/// Fields whose values are never secret: they say how the login proceeds.
const UNMASKED_FIELDS: [&str; 12] = [
    "success",
    "status",
    "reason",
    "eta",
    "position",
    "open",
    "ok",
    "isValid",
    "isBound",
    "toonstep",
    "bad_token",
    "error",
];
/// The maximum length of a name or of the value of an unmasked field.
const MAX_WORD: usize = 24;
/// The maximum length of the description of a body, in characters.
const MAX_BODY: usize = 2000;

/// Describes a request: `POST /api/login?format=json username=••• password=•••`.
pub fn describe_request(request: &Request) -> String {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let names = request
        .headers
        .iter()
        .chain(&request.fields)
        .map(|(name, _)| name);
    names.fold(format!("{method} {}", request.path), |mut line, name| {
        let _ = write!(line, " {name}={MASK}");
        line
    })
}

/// Describes a reply: `HTTP 200 {"success":"partial","banner":"•••"}`, or its size when the body is not JSON. The
/// secrets of `redactor` are masked everywhere.
pub fn describe_reply(reply: &Reply, redactor: &Redactor) -> String {
    let body = match serde_json::from_slice::<Value>(reply.bytes()) {
        Ok(value) => masked(&value, false),
        Err(_) => format!("{} bytes that are not JSON", reply.bytes().len()),
    };
    // Masking comes first: a secret that was cut in two would not be found.
    let body = shorten_to(&redactor.redact(&body), MAX_BODY);
    format!("HTTP {} {body}", reply.status)
}

/// Returns the tokens in a reply: the texts and numbers of the fields whose name says so. A reply with more than 32 is no
/// login's, and each token costs time whenever a text is redacted.
pub fn tokens(reply: &Reply) -> Vec<Secret> {
    const MAX_TOKENS: usize = 32;
    let mut tokens = Vec::new();
    if let Ok(value) = serde_json::from_slice(reply.bytes()) {
        collect_tokens(value, false, &mut tokens);
    }
    tokens.truncate(MAX_TOKENS);
    tokens
}

fn collect_tokens(value: Value, is_token: bool, tokens: &mut Vec<Secret>) {
    match value {
        Value::String(text) if is_token => tokens.push(Secret::new(text)),
        Value::Number(number) if is_token => tokens.push(Secret::new(number.to_string())),
        Value::Array(items) => {
            for item in items {
                collect_tokens(item, is_token, tokens);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_token = is_token || is_token_name(&name);
                collect_tokens(value, is_token, tokens);
            }
        }
        _ => {}
    }
}

/// Whether a field of this name has a token: the names of the three desktop games contain one of two words, and the main
/// token of Supercell ID is in `scid`.
fn is_token_name(name: &str) -> bool {
    let lowercase = name.to_ascii_lowercase();
    let has_word = ["token", "cookie"]
        .iter()
        .any(|word| lowercase.contains(word));
    (has_word || lowercase == "scid") && !UNMASKED_FIELDS.contains(&name)
}

/// Formats a JSON value without its texts and numbers; with `unmasked`, a number or a short word is kept.
fn masked(value: &Value, unmasked: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) if unmasked => number.to_string(),
        Value::String(text) if unmasked && is_word(text) => format!("\"{text}\""),
        Value::Number(_) => MASK.to_owned(),
        Value::String(_) => format!("\"{MASK}\""),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| masked(item, false)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| {
                let name = if is_word(key) { key } else { MASK };
                let value = masked(value, UNMASKED_FIELDS.contains(&key.as_str()));
                format!("\"{name}\":{value}")
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
    }
}

/// Whether a text is a short keyword rather than a sentence or a token.
fn is_word(text: &str) -> bool {
    text.len() <= MAX_WORD
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-.".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_described_by_its_names_without_values() {
        let fields = vec![
            ("username", Secret::new("alice")),
            ("password", Secret::new("hunter2")),
        ];
        let shown = describe_request(&Request::form("/api/login?format=json", fields));
        assert_eq!(
            shown,
            "POST /api/login?format=json username=••• password=•••"
        );
    }

    #[test]
    fn a_reply_is_described_with_its_status_fields_and_without_tokens() {
        let body = r#"{"success":"delayed","eta":60,"position":"15","queueToken":"deadbeef","pin":123456,"open":true,"x":null}"#;
        let shown = describe_reply(&Reply::new(200, body), &Redactor::default());
        assert_eq!(
            shown,
            r#"HTTP 200 {"eta":60,"open":true,"pin":•••,"position":"15","queueToken":"•••","success":"delayed","x":null}"#
        );
    }

    #[test]
    fn nested_values_and_unusual_names_are_masked() {
        let body = r#"{"a":[{"b":"s3cret"},7,"s3cret"],"a name with s3cret in it":1}"#;
        let shown = describe_reply(&Reply::new(200, body), &Redactor::default());
        assert!(!shown.contains("s3cret") && !shown.contains('7'), "{shown}");
    }

    #[test]
    fn a_secret_is_masked_before_the_body_is_shortened() {
        let body = format!(
            "{{\"a\":[{}],\"error\":\"hunter2\"}}",
            vec!["true"; 396].join(",")
        );
        let redactor = Redactor::default();
        redactor.add(&Secret::new("hunter2"));
        for pad in 0..20 {
            let body = body.replacen("\"a\"", &format!("\"{}\"", "a".repeat(pad + 1)), 1);
            let shown = describe_reply(&Reply::new(200, body), &redactor);
            assert!(!shown.contains("hun"), "{shown}");
        }
    }

    #[test]
    fn the_tokens_of_a_reply_are_found_at_any_depth() {
        let body = r#"{"success":"true","cookie":"c","responseToken":12,"bad_token":"no","data":[{"tokens":{"a":["t"]}}]}"#;
        let tokens = tokens(&Reply::new(200, body));
        let tokens: Vec<_> = tokens.iter().map(Secret::reveal).collect();
        assert_eq!(tokens, ["c", "t", "12"]);
        assert_eq!(super::tokens(&Reply::new(200, "<html>")), []);
    }

    #[test]
    fn a_body_that_is_not_json_is_described_by_its_size() {
        assert_eq!(
            describe_reply(&Reply::new(503, "<html>s3cret"), &Redactor::default()),
            "HTTP 503 12 bytes that are not JSON"
        );
    }
}
