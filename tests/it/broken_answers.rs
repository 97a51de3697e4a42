//! Responses that are incomplete, too long, not HTTP or missing. A password is never sent twice.

use crate::harness::failed::{DELAYED, Exit, PARTIAL, WITH_CODE, login_fails};
use crate::harness::{Home, Reaction, Refusing};

const NETWORK: Exit = (68, "network");
const NOT_UNDERSTOOD: Exit = (76, "not-understood");
/// A short timeout.
const IMPATIENT: [&str; 2] = ["--timeout", "0.3"];

fn head(headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes()
}

fn raw(text: &str) -> [Reaction; 1] {
    [Reaction::Bytes(text.as_bytes().to_vec())]
}

#[test]
fn nothing_is_sent_when_the_connection_is_refused() {
    let refusing = Refusing::new();
    for manner in ["--json", "-vv"] {
        let home = Home::new();
        let program = home.ttr("login", &refusing.root(), &[manner]);
        let ended = program.run().fails_as(NETWORK, "nothing was sent");
        if manner == "--json" {
            assert_eq!(ended.error_of("alice"), "network");
        }
    }
}

#[test]
fn a_connection_that_closes_without_an_answer_is_lost() {
    login_fails(&raw(""), &[], NETWORK, "connection was lost");
}

#[test]
fn a_code_is_not_sent_twice_over_a_connection_that_was_used_before() {
    let reactions = [Reaction::kept_json(PARTIAL), Reaction::Bytes(Vec::new())];
    login_fails(&reactions, &WITH_CODE, NETWORK, "connection was lost");
}

#[test]
fn a_truncated_response_is_a_lost_connection() {
    for cut in [
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"success\":\"true\",\"cookie\":\"ck-5ec7e7",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"success\":\"false\"}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"cookie\":\"ck-5ec7e7",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n{\"success\":\"false\"}\r\n",
    ] {
        login_fails(&raw(cut), &[], NETWORK, "before the answer was complete");
    }
}

#[test]
fn a_response_over_the_size_limit_is_refused() {
    for headers in [
        "",
        "Connection: close\r\n",
        "Content-Length: 99999999999\r\n",
        "Content-Length: 1048577\r\n",
    ] {
        let endless = Reaction::Endless(head(headers));
        login_fails(&[endless], &[], NOT_UNDERSTOOD, "more than 1 MiB");
    }
    let mut chunked = head("Transfer-Encoding: chunked\r\n");
    chunked.extend(b"FFFFFFFFFF\r\n");
    login_fails(
        &[Reaction::Endless(chunked)],
        &[],
        NOT_UNDERSTOOD,
        "more than 1 MiB",
    );
}

#[test]
fn a_response_of_exactly_one_mebibyte_is_read() {
    let refused = |length: usize| {
        let body = r#"{"success":"false","banner":"No."}"#;
        [Reaction::json(
            body.to_owned() + &" ".repeat(length - body.len()),
        )]
    };
    let mebibyte = 1024 * 1024;
    login_fails(&refused(mebibyte), &[], (77, "credentials"), "No.");
    login_fails(
        &refused(mebibyte + 1),
        &[],
        NOT_UNDERSTOOD,
        "more than 1 MiB",
    );
}

#[test]
fn a_silent_server_times_out() {
    for before in [
        Vec::new(),
        b"HTTP/1.1 200".to_vec(),
        head("Content-Length: 100\r\n"),
        [&head("Content-Length: 100\r\n"), &b"{\"success\":"[..]].concat(),
    ] {
        let silence = Reaction::Silence(before);
        login_fails(&[silence], &IMPATIENT, NETWORK, "no answer in time");
    }
}

#[test]
fn a_server_that_sends_slowly_for_ever_times_out() {
    let drip = Reaction::Drip(head("Content-Length: 1000000\r\n"));
    login_fails(&[drip], &IMPATIENT, NETWORK, "no answer in time");
}

#[test]
fn a_code_is_not_sent_twice_to_a_silent_server() {
    let silence = [Reaction::json(PARTIAL), Reaction::Silence(Vec::new())];
    let more = [WITH_CODE, IMPATIENT].concat();
    login_fails(&silence, &more, NETWORK, "no answer in time");
}

#[test]
fn a_response_that_is_not_http_is_not_understood() {
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: ck-5ec7e7\r\n".repeat(1000));
    let bare = format!("{DELAYED}\n");
    for answer in [
        "SSH-2.0-OpenSSH_9.6\r\n",
        "220 mail.example ESMTP\r\n",
        "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}F",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon ck-5ec7e7\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        &bare,
        &many,
    ] {
        login_fails(&raw(answer), &[], NOT_UNDERSTOOD, "not HTTP");
    }
}

#[test]
fn a_head_that_does_not_end_is_not_http() {
    let endless = Reaction::Endless(b"HTTP/1.1 200 OK\r\nA: ".to_vec());
    login_fails(&[endless], &[], NOT_UNDERSTOOD, "not HTTP");
}
