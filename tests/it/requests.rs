//! The requests of a login, byte for byte.

use crate::harness::failures::{DELAYED, GRANTED, PARTIAL};
use crate::harness::scripted::Request;
use crate::harness::{Home, Reaction, Scripted};

/// Starts a server whose answers lead to each kind of request.
fn whole_way() -> Scripted {
    Scripted::new([
        Reaction::with_headers(200, &[("Set-Cookie", "session=1; Path=/")], PARTIAL),
        Reaction::json(DELAYED),
        Reaction::json(GRANTED),
    ])
}

fn log_in(home: &Home, root: &str) -> Vec<String> {
    let typed = [
        "ttr",
        "login",
        "-u",
        "ä lice&=+%",
        "--password-stdin",
        "--api",
        root,
    ];
    let program = home.program(&typed).stdin(" p&=+% äß \n 12&3 \n");
    let ended = program.run().exits(0);
    ended.stdout.lines().map(ToOwned::to_owned).collect()
}

#[test]
fn each_step_sends_its_fields_in_order_and_nothing_else() {
    let (home, server) = (Home::new(), whole_way());
    log_in(&home, &server.root());
    let bodies: Vec<String> = server
        .finish()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(
        bodies,
        [
            "username=%C3%A4+lice%26%3D%2B%25&password=+p%26%3D%2B%25+%C3%A4%C3%9F+",
            "appToken=12%263&authToken=rt-5ec7e7",
            "queueToken=qt-5ec7e7",
        ]
    );
}

#[test]
fn tokens_are_form_encoded() {
    let odd = |json: &str| Reaction::json(json.replace("-5ec7e7", "&=+% \\u00e4"));
    let server = Scripted::new([odd(PARTIAL), odd(DELAYED), odd(GRANTED)]);
    let lines = log_in(&Home::new(), &server.root());
    let requests = server.finish();
    assert_eq!(
        requests[1].body,
        "appToken=12%263&authToken=rt%26%3D%2B%25+%C3%A4"
    );
    assert_eq!(requests[2].body, "queueToken=qt%26%3D%2B%25+%C3%A4");
    assert_eq!(lines[1], "export TTR_PLAYCOOKIE='ck&=+% ä'");
}

#[test]
fn each_request_is_a_form_with_accept_and_user_agent() {
    let (home, server) = (Home::new(), whole_way());
    let root = server.root();
    log_in(&home, &root);
    for request in server.finish() {
        assert_eq!(request.line, "POST /api/login?format=json HTTP/1.1");
        assert_eq!(
            request.header("content-type"),
            Some("application/x-www-form-urlencoded")
        );
        assert_eq!(request.header("host"), root.strip_prefix("http://"));
        assert_eq!(
            request.header("content-length"),
            Some(request.body.len().to_string().as_str())
        );
        let agent = request.header("user-agent").expect("a user agent");
        let version = concat!("playcookie/", env!("CARGO_PKG_VERSION"), " (+");
        assert!(agent.starts_with(version) && agent.len() <= 100, "{agent}");
    }
}

#[test]
fn no_other_header_is_sent() {
    let (home, server) = (Home::new(), whole_way());
    log_in(&home, &server.root());
    let expected = [
        "accept",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    ];
    for request in server.finish() {
        assert_eq!(names(&request), expected);
    }
}

/// Returns the sorted names of a request's headers.
fn names(request: &Request) -> Vec<&str> {
    let mut names: Vec<&str> = request
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn the_path_of_a_root_is_a_prefix() {
    for suffix in ["/pre/fix", "/pre/fix/"] {
        let (home, server) = (Home::new(), Scripted::new([Reaction::json(GRANTED)]));
        let root = server.root() + suffix;
        home.ttr("login", &root, &[]).run().exits(0);
        let line = server.finish().remove(0).line;
        assert_eq!(line, "POST /pre/fix/api/login?format=json HTTP/1.1");
    }
}

#[test]
fn both_interfaces_send_the_same() {
    for interface in ["current", "documented"] {
        let (home, server) = (Home::new(), Scripted::new([Reaction::json(GRANTED)]));
        let api = format!("{interface}@{}", server.root());
        home.ttr("login", &api, &[]).run().exits(0);
        let request = server.finish().remove(0);
        assert_eq!(request.line, "POST /api/login?format=json HTTP/1.1");
        assert_eq!(request.body, "username=alice&password=hunter2-pw");
    }
}
