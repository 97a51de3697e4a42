//! The least that a login can be: rustls, one request written by hand, the same game.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;

use crate::stage::{USER_AGENT, form};

/// The first argument that makes this program the floor; the port of the server and the game follow.
pub(crate) const ARGUMENT: &str = "floor";

/// Logs in with the password on standard input, starts the game, and waits for it.
pub(crate) fn log_in_and_start(port: &str, game: &str) {
    let mut password = String::new();
    std::io::stdin()
        .read_line(&mut password)
        .expect("a password");
    let answer = post(port, &form(password.trim_end()));
    let text = |key: &str| answer[key].as_str().expect("a text").to_owned();
    let status = Command::new(game)
        .env("TTR_GAMESERVER", text("gameserver"))
        .env("TTR_PLAYCOOKIE", text("cookie"))
        .status()
        .expect("the game starts");
    assert!(status.success(), "{status}");
}

fn post(port: &str, form: &str) -> Value {
    let name = ServerName::from(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST));
    let session = ClientConnection::new(Arc::new(trust()), name).expect("a session");
    let socket = TcpStream::connect(format!("127.0.0.1:{port}")).expect("a connection");
    socket.set_nodelay(true).expect("a socket");
    let mut stream = StreamOwned::new(session, socket);
    let request = format!(
        "POST /api/login?format=json HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: {USER_AGENT}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = BufReader::new(stream);
    let mut body = vec![0; content_length(&mut answer)];
    answer.read_exact(&mut body).expect("an answer");
    serde_json::from_slice(&body).expect("JSON")
}

/// Reads the head of an answer, for the length of its body.
fn content_length(answer: &mut impl BufRead) -> usize {
    let mut length = None;
    for line in answer.lines() {
        let line = line.expect("a head");
        if line.is_empty() {
            break;
        }
        let value = line.strip_prefix("content-length: ");
        length = value
            .map(|value| value.parse().expect("a length"))
            .or(length);
    }
    length.expect("a length")
}

fn trust() -> ClientConfig {
    let bundle = std::env::var_os("SSL_CERT_FILE").expect("a bundle");
    let pem = std::fs::read(bundle).expect("a bundle");
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok));
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
