//! Complete but invalid answers: each has its status, is requested once and is never printed.

use crate::harness::failures::{DELAYED, Exit, GRANTED, PARTIAL, WITH_CODE, answers, login_fails};
use crate::harness::{Home, Reaction, Scripted};

const NOT_UNDERSTOOD: Exit = (76, "not-understood");
const SERVER_ERROR: Exit = (69, "server-error");
const TRY_LATER: Exit = (75, "try-later");

const HTML: &str = "<!DOCTYPE html><html><p>ck-5ec7e7 hunter2-pw</p></html>";

fn html(status: u16) -> [Reaction; 1] {
    [Reaction::answer(status, "text/html", HTML)]
}

#[test]
fn an_html_page_is_reported_with_its_status() {
    for status in [200, 400, 403, 404] {
        let words = format!("HTTP {status} that is not JSON");
        login_fails(&html(status), &[], NOT_UNDERSTOOD, &words);
    }
}

#[test]
fn a_5xx_status_is_a_server_error_unless_the_body_is_a_documented_answer() {
    for status in [500, 502, 503, 504, 520, 599] {
        let words = format!("HTTP {status}");
        login_fails(&html(status), &[], SERVER_ERROR, &words);
    }
    let answer = |status, body: &str| [Reaction::answer(status, "application/json", body)];
    login_fails(&answer(500, "{}"), &[], SERVER_ERROR, "HTTP 500");
    let closed = r#"{"success":"false","banner":"Closed for maintenance."}"#;
    for status in [429, 503] {
        login_fails(&answer(status, closed), &[], (69, "closed"), "maintenance");
    }
    let server = Scripted::new(answer(500, GRANTED));
    let ended = Home::new().ttr("login", &server.root(), &["--json"]).run();
    assert_eq!(ended.exits(0).event_names(), ["login", "ready"]);
}

#[test]
fn json_with_a_4xx_status_is_read() {
    let refused = Reaction::answer(403, "application/json", r#"{"success":"false"}"#);
    login_fails(&[refused], &[], (77, "credentials"), "alice");
}

#[test]
fn a_429_is_reported_with_its_retry_after() {
    let limited = |after: &str| {
        let headers = [("Retry-After", after), ("Content-Type", "text/html")];
        [Reaction::with_headers(429, &headers, HTML)]
    };
    login_fails(&html(429), &[], TRY_LATER, "try again in a few minutes");
    login_fails(&limited("120"), &[], TRY_LATER, "try again in 2 min");
    login_fails(&limited("7262"), &[], TRY_LATER, "try again in 2 h 1 min");
    for nonsense in ["soon", "-5", "", "1.5", "99999999999999999999999"] {
        let words = "try again in a few minutes";
        login_fails(&limited(nonsense), &[], TRY_LATER, words);
    }
    // The remaining time is a large number of hours that changes every second.
    for far in ["18446744073709551615", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        login_fails(&limited(far), &[], TRY_LATER, " h");
    }
}

#[test]
fn a_retry_after_date_is_shown_as_a_duration() {
    let headers = [("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")];
    let server = Scripted::new([Reaction::with_headers(429, &headers, "")]);
    let ended = Home::new().ttr("login", &server.root(), &[]).run();
    let ended = ended.exits(75);
    let (_, hint) = ended.error_and_hint();
    let hours = hint
        .split_once("try again in ")
        .and_then(|(_, rest)| rest.split_once(" h"))
        .and_then(|(hours, _)| hours.parse::<u64>().ok());
    let centuries = 78 * 100 * 365 * 24;
    assert!(hours > Some(centuries), "{hint}");
}

#[test]
fn invalid_json_is_not_understood() {
    let cut = r#"{"success":"true","gameserver":"gs.example","cookie":"ck-5ec7e7"#;
    let deep = format!("{}{}", r#"{"success":"#, "[".repeat(100_000));
    for body in ["", " ", cut, "success=true\ncookie=ck-5ec7e7", &deep] {
        login_fails(&answers([body]), &[], NOT_UNDERSTOOD, "is not JSON");
    }
    let not_text = Reaction::json(b"{\"success\":\"\xff\xfe\"}");
    login_fails(&[not_text], &[], NOT_UNDERSTOOD, "is not JSON");
    let nothing = Reaction::answer(204, "application/json", "");
    login_fails(&[nothing], &[], NOT_UNDERSTOOD, "HTTP 204");
}

#[test]
fn json_of_another_shape_is_not_understood() {
    for body in [
        "null",
        "[]",
        "7",
        "\"ck-5ec7e7\"",
        "[{\"success\":\"true\"}]",
    ] {
        login_fails(&answers([body]), &[], NOT_UNDERSTOOD, "HTTP 200");
    }
    for body in [
        "{}",
        r#"{"success":null}"#,
        r#"{"success":"maybe","cookie":"ck-5ec7e7"}"#,
        r#"{"success":["true"],"cookie":"ck-5ec7e7"}"#,
        r#"{"SUCCESS":"true","cookie":"ck-5ec7e7"}"#,
        r#"{"Success":"true","responseToken":"rt-5ec7e7"}"#,
    ] {
        login_fails(&answers([body]), &[], NOT_UNDERSTOOD, "success");
    }
}

#[test]
fn an_answer_without_its_required_fields_is_not_understood() {
    let partial = r#"{"success":"partial","banner":"A token, please."}"#;
    login_fails(
        &answers([partial]),
        &WITH_CODE,
        NOT_UNDERSTOOD,
        "responseToken",
    );
    let delayed = r#"{"success":"delayed","eta":"0","position":"0"}"#;
    login_fails(&answers([delayed]), &[], NOT_UNDERSTOOD, "queueToken");
    let late = answers([PARTIAL, delayed]);
    login_fails(&late, &WITH_CODE, NOT_UNDERSTOOD, "queueToken");
    for (fields, missing) in [
        (r#""gameserver":"gs.example""#, "cookie"),
        (r#""gameserver":"gs.example","cookie":"""#, "cookie"),
        (
            r#""gameserver":"gs.example","cookie":{"a":"ck-5ec7e7"}"#,
            "cookie",
        ),
        (r#""cookie":"ck-5ec7e7""#, "gameserver"),
        (r#""gameserver":null,"cookie":"ck-5ec7e7""#, "gameserver"),
    ] {
        let granted = format!("{{\"success\":\"true\",{fields}}}");
        login_fails(&answers([&granted]), &[], NOT_UNDERSTOOD, missing);
    }
}

#[test]
fn variables_with_control_characters_are_refused() {
    for (gameserver, cookie, which) in [
        ("gs.example\\nLD_PRELOAD=/tmp/x", "ck-5ec7e7", "gameserver"),
        ("gs.example\\r", "ck-5ec7e7", "gameserver"),
        ("gs.example", "ck-5ec7e7\\u0000x", "cookie"),
        ("gs.example", "ck-5ec7e7\\u001b[31m", "cookie"),
        ("gs.example", "ck-5ec7e7\\u007f", "cookie"),
        ("gs.example", "ck-5ec7e7\\u0085", "cookie"),
    ] {
        let granted =
            format!(r#"{{"success":"true","gameserver":"{gameserver}","cookie":"{cookie}"}}"#);
        let words = format!("control character in {which}");
        login_fails(&answers([&granted]), &[], NOT_UNDERSTOOD, &words);
    }
    let long = "ck-5ec7e7".repeat(1000);
    let granted = format!(r#"{{"success":"true","gameserver":"gs","cookie":"{long}"}}"#);
    login_fails(&answers([&granted]), &[], NOT_UNDERSTOOD, "cookie");
}

#[test]
fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let other = Scripted::untouched();
        let elsewhere = other.root().replace("127.0.0.1", "localhost");
        let tls = other.root().replace("http:", "https:");
        for target in [
            &other.root(),
            &elsewhere,
            &tls,
            "/api/login?format=json",
            "",
        ] {
            let headers = [("Location", target), ("Content-Type", "text/html")];
            let redirect = Reaction::with_headers(status, &headers, HTML);
            login_fails(&[redirect], &[], NOT_UNDERSTOOD, "redirect");
        }
        other.finish();
    }
}

#[test]
fn a_redirect_of_a_code_is_not_followed() {
    let other = Scripted::untouched();
    let redirect = Reaction::with_headers(307, &[("Location", &other.root())], "");
    let reactions = [Reaction::json(PARTIAL), redirect];
    login_fails(&reactions, &WITH_CODE, NOT_UNDERSTOOD, "redirect");
    other.finish();
}

#[test]
fn one_odd_answer_in_the_queue_keeps_the_position() {
    let other = Scripted::untouched();
    let redirect = Reaction::with_headers(307, &[("Location", &other.root())], "");
    let [page, forbidden, limited] = [html(200), html(403), html(429)].map(|[page]| page);
    for odd in [page, forbidden, limited, redirect] {
        let reactions = [Reaction::json(DELAYED), odd, Reaction::json(GRANTED)];
        let (home, server) = (Home::new(), Scripted::new(reactions));
        let ended = home.ttr("login", &server.root(), &["--json"]).run();
        let names = ended.exits(0).event_names();
        assert_eq!(names, ["login", "queued", "waiting", "ready"]);
        let requests = server.finish();
        assert_eq!(requests[1].body, requests[2].body);
    }
    other.finish();
}

#[test]
fn invalid_answers_to_later_requests_get_the_same_statuses() {
    let code_then = |last: &Reaction| [Reaction::json(PARTIAL), last.clone()];
    let [page, broken, limited] = [html(200), html(503), html(429)].map(|[reaction]| reaction);
    login_fails(&code_then(&page), &WITH_CODE, NOT_UNDERSTOOD, "not JSON");
    login_fails(&code_then(&broken), &WITH_CODE, SERVER_ERROR, "HTTP 503");
    login_fails(&code_then(&limited), &WITH_CODE, TRY_LATER, "try again");
}
