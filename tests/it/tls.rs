//! Trusted certificates. Nothing is sent to an untrusted server.

use std::ffi::OsStr;
use std::path::Path;

use playcookie::stand_in::Scenario;
use rcgen::{CertificateParams, date_time_ymd};

use crate::harness::failures::Exit;
use crate::harness::tls::Authority;
use crate::harness::{Home, Program, Reaction, Scripted, StandInServer};

const NETWORK: Exit = (68, "network");
const CONFIGURATION: Exit = (78, "configuration");
/// All variables that name a proxy.
const PROXIES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

fn loopback() -> CertificateParams {
    let names = ["127.0.0.1", "localhost"].map(ToOwned::to_owned);
    CertificateParams::new(names).expect("parameters")
}

/// Starts a server with a certificate of this authority, made from these parameters.
fn server(authority: &Authority, parameters: &CertificateParams) -> StandInServer {
    StandInServer::secure(Scenario::default(), authority.acceptor_for(parameters))
}

/// Returns `ttr login --json` that trusts only this authority.
fn trusting(home: &Home, authority: &Authority, root: &str) -> Program {
    let program = home.ttr("login", root, &["--json"]);
    program.env("SSL_CERT_FILE", authority.file(home))
}

/// Asserts that a run fails before the server receives a request.
#[track_caller]
fn assert_sends_nothing(program: Program, server: &StandInServer, exit: Exit, words: &str) {
    let ended = program.run().fails_as(exit, words);
    assert_eq!(ended.error_event()["reason"], exit.1);
    assert_eq!(server.requests(), []);
}

#[test]
fn a_server_of_a_named_authority_is_trusted() {
    let (home, authority) = (Home::new(), Authority::new());
    let server = server(&authority, &loopback());
    let address = server.root();
    let name = address.replace("127.0.0.1", "localhost");
    for root in [&address, &name] {
        let ended = trusting(&home, &authority, root).run().exits(0);
        assert_eq!(ended.event_names(), ["login", "ready"]);
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn authorities_can_be_named_as_folders() {
    let (home, authority) = (Home::new(), Authority::new());
    let server = server(&authority, &loopback());
    let folder = authority.file(&home);
    let folder = folder.parent().expect("a folder");
    let empty = home.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    let both = std::env::join_paths([empty.as_path(), folder]).expect("a list");
    for folders in [folder.as_os_str(), &both] {
        let program = home.ttr("login", &server.root(), &[]);
        program.env("SSL_CERT_DIR", folders).run().exits(0);
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_file_and_a_folder_are_trusted_together() {
    let (home, one, other) = (Home::new(), Authority::new(), Authority::new());
    let folder = Home::new();
    other.file(&folder);
    for authority in [&one, &other] {
        let server = server(authority, &loopback());
        let program = trusting(&home, &one, &server.root());
        program.env("SSL_CERT_DIR", folder.path()).run().exits(0);
    }
}

#[test]
fn a_server_of_an_unknown_authority_is_sent_nothing() {
    let home = Home::new();
    let server = server(&Authority::new(), &loopback());
    let program = home.ttr("login", &server.root(), &["--json"]);
    assert_sends_nothing(program, &server, NETWORK, "nothing was sent");
}

#[test]
fn a_server_of_another_authority_than_the_named_one_is_sent_nothing() {
    let (home, known) = (Home::new(), Authority::new());
    // The other authority has the same name and another key.
    for name in ["throw-away", "another"] {
        let server = server(&Authority::named(name), &loopback());
        let program = trusting(&home, &known, &server.root());
        assert_sends_nothing(program, &server, NETWORK, "nothing was sent");
    }
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let (home, authority) = (Home::new(), Authority::new());
    let acceptor = |name| authority.acceptor(&[name]);
    for (name, host) in [
        ("www.toontownrewritten.com", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("127.0.0.1", "localhost"),
        ("*.localhost", "localhost"),
    ] {
        let server = StandInServer::secure(Scenario::default(), acceptor(name));
        let root = server.root().replace("127.0.0.1", host);
        let program = trusting(&home, &authority, &root);
        assert_sends_nothing(program, &server, NETWORK, "nothing was sent");
    }
}

#[test]
fn an_expired_or_future_certificate_is_refused() {
    let (home, authority) = (Home::new(), Authority::new());
    for (from, to) in [(2000, 2001), (2900, 2901)] {
        let mut parameters = loopback();
        parameters.not_before = date_time_ymd(from, 1, 1);
        parameters.not_after = date_time_ymd(to, 1, 1);
        let server = server(&authority, &parameters);
        let program = trusting(&home, &authority, &server.root());
        assert_sends_nothing(program, &server, NETWORK, "nothing was sent");
    }
}

#[test]
fn certificate_errors_are_explained() {
    let (home, authority) = (Home::new(), Authority::new());
    let with = |change: fn(&mut CertificateParams)| {
        let mut parameters = loopback();
        change(&mut parameters);
        parameters
    };
    let expired = with(|it| it.not_after = date_time_ymd(2001, 1, 1));
    let early = with(|it| it.not_before = date_time_ymd(2900, 1, 1));
    let misnamed = CertificateParams::new(["a.example".to_owned()]).expect("parameters");
    let stranger = Authority::named("another");
    for (authority_of_server, parameters, words) in [
        (&authority, expired, "has expired"),
        (&authority, early, "is not valid yet"),
        (&authority, misnamed, "is for another name"),
        (&stranger, loopback(), "unknown authority"),
    ] {
        let server = server(authority_of_server, &parameters);
        let program = trusting(&home, &authority, &server.root());
        assert_sends_nothing(program, &server, NETWORK, words);
    }
    let deaf = StandInServer::new(Scenario::default());
    let root = deaf.root().replace("http:", "https:");
    let program = trusting(&home, &authority, &root);
    assert_sends_nothing(program, &deaf, NETWORK, "not TLS");
}

#[test]
fn the_hint_says_how_to_trust_a_server() {
    let (home, authority) = (Home::new(), Authority::new());
    let server = server(&Authority::named("another"), &loopback());
    let program = trusting(&home, &authority, &server.root());
    assert_sends_nothing(program, &server, NETWORK, "SSL_CERT_FILE");
}

#[test]
fn a_file_without_a_certificate_is_a_wrong_configuration() {
    let home = Home::new();
    let server = server(&Authority::new(), &loopback());
    let empty = home.write("empty.pem", "");
    let text = home.write("text.pem", "not a certificate\n");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let broken = home.write("broken.pem", broken);
    let missing = home.path().join("missing.pem");
    for file in [&empty, &text, &broken, &missing, home.path()] {
        let program = home.ttr("login", &server.root(), &["--json"]);
        let program = program.env("SSL_CERT_FILE", file);
        assert_sends_nothing(program, &server, CONFIGURATION, "SSL_CERT_FILE");
    }
}

#[test]
fn a_folder_without_a_certificate_is_a_wrong_configuration() {
    let home = Home::new();
    let server = server(&Authority::new(), &loopback());
    for folder in [home.path(), Path::new("/no/such/folder")] {
        let program = home.ttr("login", &server.root(), &["--json"]);
        let program = program.env("SSL_CERT_DIR", folder);
        assert_sends_nothing(program, &server, CONFIGURATION, "SSL_CERT_DIR");
    }
}

#[test]
fn a_server_without_tls_is_sent_nothing() {
    let (home, authority) = (Home::new(), Authority::new());
    let server = StandInServer::new(Scenario::default());
    let root = server.root().replace("http:", "https:");
    let program = trusting(&home, &authority, &root);
    assert_sends_nothing(program, &server, NETWORK, "nothing was sent");
}

#[test]
fn a_server_without_a_handshake_times_out() {
    let (home, authority) = (Home::new(), Authority::new());
    let silent = Scripted::untouched();
    let root = silent.root().replace("http:", "https:");
    let program = trusting(&home, &authority, &root).args(["--timeout", "0.3"]);
    let ended = program.run().fails_as(NETWORK, "nothing was sent");
    assert_eq!(ended.reason_for("alice"), "network");
    silent.finish();
}

#[test]
fn no_proxy_is_used_for_this_machine() {
    let (home, authority) = (Home::new(), Authority::new());
    let proxy = Scripted::untouched();
    let plain = StandInServer::new(Scenario::default());
    let secure = server(&authority, &loopback());
    for root in [plain.root(), secure.root()] {
        for host in ["127.0.0.1", "localhost"] {
            for scheme in ["http", "socks5"] {
                let address = proxy.root().replace("http", scheme);
                let root = root.replace("127.0.0.1", host);
                let program = trusting(&home, &authority, &root);
                let set = |program: Program, name| program.env(name, &address);
                PROXIES.into_iter().fold(program, set).run().exits(0);
            }
        }
    }
    assert_eq!((plain.requests().len(), secure.requests().len()), (4, 4));
    proxy.finish();
}

#[test]
fn a_proxy_gets_a_connect_request_and_no_secret() {
    let (home, authority) = (Home::new(), Authority::new());
    let refused = || Reaction::answer(502, "text/html", "ck-5ec7e7");
    // A failed connection is tried once more.
    let proxy = Scripted::new([refused(), refused()]);
    let program = trusting(&home, &authority, "https://game.invalid");
    let program = program.env("HTTPS_PROXY", proxy.root());
    let ended = program.run().fails_as(NETWORK, "HTTPS_PROXY");
    assert_eq!(ended.reason_for("alice"), "network");
    for request in proxy.finish() {
        assert_eq!(request.line, "CONNECT game.invalid:443 HTTP/1.1");
        assert_eq!(request.body, "");
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_a_wrong_configuration() {
    let (home, authority) = (Home::new(), Authority::new());
    let run = |name: &str, value: &OsStr| {
        let program = trusting(&home, &authority, "https://game.invalid").env(name, value);
        // Windows has one variable, whatever the case of its name.
        let name = if cfg!(windows) {
            name.to_uppercase()
        } else {
            name.to_owned()
        };
        let ended = program.run().fails_as(CONFIGURATION, &name);
        assert_eq!(ended.reason_for("alice"), "configuration", "{value:?}");
        ended.hides(&["s3cret"]);
    };
    for value in [
        "htp://alice:s3cret@proxy.example:3128",
        "ftp://proxy.example:3128",
        "socks://proxy.example:1080",
        "socks6://proxy.example:1080",
        "file:///etc/passwd",
        "http:///",
        "http://",
        "//proxy.example:3128",
        "://proxy.example:3128",
        "http://:3128",
        "http://alice:s3cret@",
        "http://alice:s3cret@:3128",
        "http://proxy.example:99999",
        "http://proxy.example:0",
        "http://proxy.example:port",
        "http://proxy.example:3128:3128",
        "proxy.example:port",
        "http://[::1:3128",
        "http://proxy example:3128",
        " http://proxy.example:3128",
        "http://proxy.example:3128\n",
        "http://proxy{}.example:3128",
        "socks5://pröxy.example:1080",
        "socks5:proxy.example",
        "/",
        "*",
    ] {
        run("HTTPS_PROXY", value.as_ref());
    }
    for name in ["https_proxy", "ALL_PROXY", "all_proxy"] {
        run(name, "ftp://proxy.example".as_ref());
    }
    #[cfg(unix)]
    run(
        "HTTPS_PROXY",
        std::os::unix::ffi::OsStrExt::from_bytes(b"http://\xff:3128"),
    );
}

#[test]
fn every_form_of_a_proxy_is_used() {
    let (home, authority) = (Home::new(), Authority::new());
    let is_used = |set: &dyn Fn(Program, &str) -> Program| {
        let refused = || Reaction::answer(502, "text/html", "no");
        let proxy = Scripted::new([refused(), refused()]);
        let program = trusting(&home, &authority, "https://game.invalid");
        let root = proxy.root();
        set(program, root.trim_start_matches("http://"))
            .run()
            .exits(68);
        for request in proxy.finish() {
            assert_eq!(request.line, "CONNECT game.invalid:443 HTTP/1.1");
        }
    };
    for (before, after) in [
        ("", ""),
        ("http://", ""),
        ("HTTP://", "/a/path?b{}#c"),
        ("http://alice:pa%20ss@", ""),
        ("alice:p@ss@", "/"),
    ] {
        is_used(&|program, proxy| program.env("HTTPS_PROXY", format!("{before}{proxy}{after}")));
    }
    is_used(&|program, proxy| program.env("HTTPS_PROXY", "").env("https_proxy", proxy));
    is_used(&|program, proxy| program.env("ALL_PROXY", proxy).env("REQUEST_METHOD", "GET"));
}
