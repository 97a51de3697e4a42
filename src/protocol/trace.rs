//! Requests and answers as `-vv` shows them: names, shapes and sizes, and no value that could be a secret.

use std::fmt::Write as _;

use serde_json::Value;

use crate::base::redact::redact;
use crate::base::sanitize::shorten_to;
use crate::base::secret::{MASK, Secret};
use crate::protocol::{Method, Reply, Request};

/// Fields whose values say how a login goes and never who logs in.
const HARMLESS: [&str; 12] = [
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
/// The longest value of such a field that is shown.
const LONGEST_VALUE: usize = 24;
/// The longest text that is made of one answer.
const LONGEST_ANSWER: usize = 2000;

/// `POST /api/login?format=json username=••• password=•••`.
pub fn request(request: &Request) -> String {
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

/// `HTTP 200 {"success":"partial","banner":"•••"}`, or how many bytes were not JSON. What was `typed` is masked wherever it comes
/// back.
pub fn reply(reply: &Reply, typed: &[Secret]) -> String {
    let body = match serde_json::from_slice::<Value>(reply.bytes()) {
        Ok(value) => value_masked(&value, false),
        Err(_) => format!("{} bytes that are not JSON", reply.bytes().len()),
    };
    // Masked before it is cut, or the cut would hide the end of a secret and show its beginning.
    let body = shorten_to(&redact(&body, typed), LONGEST_ANSWER);
    format!("HTTP {} {body}", reply.status)
}

fn value_masked(value: &Value, harmless: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) if harmless => number.to_string(),
        Value::String(text) if harmless && is_word(text, LONGEST_VALUE) => format!("\"{text}\""),
        Value::Number(_) => MASK.to_owned(),
        Value::String(_) => format!("\"{MASK}\""),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| value_masked(item, false)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| {
                let shown = if is_word(key, LONGEST_VALUE) {
                    key.as_str()
                } else {
                    MASK
                };
                format!(
                    "\"{shown}\":{}",
                    value_masked(value, HARMLESS.contains(&key.as_str()))
                )
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
    }
}

/// Whether a text is short and plain: a keyword, not a sentence or a token.
fn is_word(text: &str, longest: usize) -> bool {
    text.len() <= longest
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-.".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_shows_its_names_and_no_value() {
        let fields = vec![
            ("username", Secret::new("alice")),
            ("password", Secret::new("hunter2")),
        ];
        let shown = request(&Request::form("/api/login?format=json", fields));
        assert_eq!(
            shown,
            "POST /api/login?format=json username=••• password=•••"
        );
    }

    #[test]
    fn an_answer_shows_how_the_login_goes_and_no_token() {
        let body = r#"{"success":"delayed","eta":60,"position":"15","queueToken":"deadbeef","pin":123456,"open":true,"x":null}"#;
        let shown = reply(&Reply::new(200, body), &[]);
        assert_eq!(
            shown,
            r#"HTTP 200 {"eta":60,"open":true,"pin":•••,"position":"15","queueToken":"•••","success":"delayed","x":null}"#
        );
    }

    #[test]
    fn nested_values_and_odd_names_are_masked() {
        let shown = reply(
            &Reply::new(
                200,
                r#"{"a":[{"b":"s3cret"},7,"s3cret"],"a name with s3cret in it":1}"#,
            ),
            &[],
        );
        assert!(!shown.contains("s3cret") && !shown.contains('7'), "{shown}");
    }

    #[test]
    fn a_secret_across_the_cut_is_masked() {
        let body = format!(
            "{{\"a\":[{}],\"error\":\"hunter2\"}}",
            vec!["true"; 396].join(",")
        );
        let typed = [Secret::new("hunter2")];
        for pad in 0..20 {
            let body = body.replacen("\"a\"", &format!("\"{}\"", "a".repeat(pad + 1)), 1);
            let shown = reply(&Reply::new(200, body), &typed);
            assert!(!shown.contains("hun"), "{shown}");
        }
    }

    #[test]
    fn what_is_not_json_is_counted_and_not_shown() {
        assert_eq!(
            reply(&Reply::new(503, "<html>s3cret"), &[]),
            "HTTP 503 12 bytes that are not JSON"
        );
    }
}
