//! The certificates that a login trusts. Nothing is sent to any other server.

use std::path::Path;

use playcookie::stand_in::Scenario;
use rcgen::{CertificateParams, date_time_ymd};

use crate::harness::failed::Exit;
use crate::harness::tls::Authority;
use crate::harness::{Home, Program, Reaction, Scripted, StandInServer};

const NETWORK: Exit = (68, "network");
const CONFIGURATION: Exit = (78, "configuration");
/// The variables that name a proxy.
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

/// Starts a server with a certificate of this authority.
fn server(authority: &Authority, parameters: &CertificateParams) -> StandInServer {
    StandInServer::secure(Scenario::default(), authority.acceptor_for(parameters))
}

/// Returns `ttr login --json`, which trusts only the authority.
fn trusting(home: &Home, authority: &Authority, root: &str) -> Program {
    let program = home.ttr("login", root, &["--json"]);
    program.env("SSL_CERT_FILE", authority.file(home))
}

/// Asserts that the program fails and the server receives nothing.
#[track_caller]
fn sends_nothing(program: Program, server: &StandInServer, exit: Exit, words: &str) {
    let ended = program.run().fails_as(exit, words);
    assert_eq!(ended.error_event()["reason"], exit.1);
    assert_eq!(server.requests(), []);
}

#[test]
fn an_authority_in_a_file_is_trusted() {
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
fn authorities_in_folders_are_trusted() {
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
fn nothing_is_sent_to_a_server_of_an_unknown_authority() {
    let home = Home::new();
    let server = server(&Authority::new(), &loopback());
    let program = home.ttr("login", &server.root(), &["--json"]);
    sends_nothing(program, &server, NETWORK, "nothing was sent");
}

#[test]
fn nothing_is_sent_to_a_server_of_another_authority() {
    let (home, known) = (Home::new(), Authority::new());
    // An authority can have the name of another.
    for name in ["throw-away", "another"] {
        let server = server(&Authority::named(name), &loopback());
        let program = trusting(&home, &known, &server.root());
        sends_nothing(program, &server, NETWORK, "nothing was sent");
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
        sends_nothing(program, &server, NETWORK, "nothing was sent");
    }
}

#[test]
fn a_certificate_out_of_its_validity_period_is_refused() {
    let (home, authority) = (Home::new(), Authority::new());
    for (from, to) in [(2000, 2001), (2900, 2901)] {
        let mut parameters = loopback();
        parameters.not_before = date_time_ymd(from, 1, 1);
        parameters.not_after = date_time_ymd(to, 1, 1);
        let server = server(&authority, &parameters);
        let program = trusting(&home, &authority, &server.root());
        sends_nothing(program, &server, NETWORK, "nothing was sent");
    }
}

#[test]
fn the_error_of_a_certificate_is_described() {
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
        sends_nothing(program, &server, NETWORK, words);
    }
    let plain = StandInServer::new(Scenario::default());
    let root = plain.root().replace("http:", "https:");
    let program = trusting(&home, &authority, &root);
    sends_nothing(program, &plain, NETWORK, "not TLS");
}

#[test]
fn the_hint_for_an_untrusted_server_names_the_variable() {
    let (home, authority) = (Home::new(), Authority::new());
    let server = server(&Authority::named("another"), &loopback());
    let program = trusting(&home, &authority, &server.root());
    sends_nothing(program, &server, NETWORK, "SSL_CERT_FILE");
}

#[test]
fn a_file_without_a_certificate_is_an_error() {
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
        sends_nothing(program, &server, CONFIGURATION, "SSL_CERT_FILE");
    }
}

#[test]
fn a_folder_without_a_certificate_is_an_error() {
    let home = Home::new();
    let server = server(&Authority::new(), &loopback());
    for folder in [home.path(), Path::new("/no/such/folder")] {
        let program = home.ttr("login", &server.root(), &["--json"]);
        let program = program.env("SSL_CERT_DIR", folder);
        sends_nothing(program, &server, CONFIGURATION, "SSL_CERT_DIR");
    }
}

#[test]
fn nothing_is_sent_to_a_server_without_tls() {
    let (home, authority) = (Home::new(), Authority::new());
    let server = StandInServer::new(Scenario::default());
    let root = server.root().replace("http:", "https:");
    let program = trusting(&home, &authority, &root);
    sends_nothing(program, &server, NETWORK, "nothing was sent");
}

#[test]
fn a_handshake_without_an_answer_times_out() {
    let (home, authority) = (Home::new(), Authority::new());
    let silent = Scripted::untouched();
    let root = silent.root().replace("http:", "https:");
    let program = trusting(&home, &authority, &root).args(["--timeout", "0.3"]);
    let ended = program.run().fails_as(NETWORK, "nothing was sent");
    assert_eq!(ended.error_of("alice"), "network");
    silent.seen();
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
    proxy.seen();
}

#[test]
fn a_proxy_for_a_remote_server_receives_no_secret() {
    let (home, authority) = (Home::new(), Authority::new());
    let refused = || Reaction::answer(502, "text/html", "ck-5ec7e7");
    // A failure to connect is retried once.
    let proxy = Scripted::new([refused(), refused()]);
    let program = trusting(&home, &authority, "https://game.invalid");
    let program = program.env("HTTPS_PROXY", proxy.root());
    let ended = program.run().fails_as(NETWORK, "HTTPS_PROXY");
    assert_eq!(ended.error_of("alice"), "network");
    for seen in proxy.seen() {
        assert_eq!(seen.line, "CONNECT game.invalid:443 HTTP/1.1");
        assert_eq!(seen.body, "");
    }
}
