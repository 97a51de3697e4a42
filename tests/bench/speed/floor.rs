//! The least that a login or a look can be: rustls, one request written by hand, and the same game, or the answer as it is.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;

use crate::stage::{DISTRICTS, USER_AGENT, form};

/// The first argument that makes this program the floor; the port of the server follows, and the game of a login.
pub(crate) const ARGUMENT: &str = "floor";

/// Logs in with the password on standard input, starts the game, and waits for it.
pub(crate) fn log_in_and_start(port: &str, game: &str) {
    let mut password = String::new();
    std::io::stdin()
        .read_line(&mut password)
        .expect("a password");
    let form = form(password.trim_end());
    let request = format!(
        "POST /api/login?format=json HTTP/1.1\r\n{}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        sender(port),
        form.len()
    );
    let answer: Value = serde_json::from_slice(&exchange(port, &request)).expect("JSON");
    let text = |key: &str| answer[key].as_str().expect("a text").to_owned();
    let status = Command::new(game)
        .env("TTR_GAMESERVER", text("gameserver"))
        .env("TTR_PLAYCOOKIE", text("cookie"))
        .status()
        .expect("the game starts");
    assert!(status.success(), "{status}");
}

/// Asks for the districts, and prints the answer as it came.
pub(crate) fn look(port: &str) {
    let request = format!("GET {DISTRICTS} HTTP/1.1\r\n{}\r\n", sender(port));
    let answer = exchange(port, &request);
    std::io::stdout().write_all(&answer).expect("a reader");
}

/// The head of every request.
fn sender(port: &str) -> String {
    format!("Host: 127.0.0.1:{port}\r\nUser-Agent: {USER_AGENT}\r\n")
}

/// Sends a request, and gives the body of its answer.
fn exchange(port: &str, request: &str) -> Vec<u8> {
    let name = ServerName::from(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST));
    let session = ClientConnection::new(Arc::new(trust()), name).expect("a session");
    let socket = TcpStream::connect(format!("127.0.0.1:{port}")).expect("a connection");
    socket.set_nodelay(true).expect("a socket");
    let mut stream = StreamOwned::new(session, socket);
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = BufReader::new(stream);
    let mut body = vec![0; content_length(&mut answer)];
    answer.read_exact(&mut body).expect("an answer");
    body
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
