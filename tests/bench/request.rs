//! A minimal HTTP request with rustls, written by hand.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// The user agent, which the stand-in server checks.
pub(crate) const USER_AGENT: &str = "playcookie/bench";

/// Requests a path from a local port and prints the body of the answer.
pub(crate) fn get(port: &str, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\n{}\r\n", common_headers(port));
    let answer = exchange(port, &request);
    std::io::stdout().write_all(&answer).expect("a reader");
}

/// Returns the headers of every request.
pub(crate) fn common_headers(port: &str) -> String {
    format!("Host: 127.0.0.1:{port}\r\nUser-Agent: {USER_AGENT}\r\n")
}

/// Sends a request and returns the body of the answer.
pub(crate) fn exchange(port: &str, request: &str) -> Vec<u8> {
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

/// Reads the head of an answer and returns the length of its body.
fn content_length(answer: &mut impl BufRead) -> usize {
    let mut length = None;
    for line in answer.lines() {
        let line = line.expect("a head");
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("content-length")
        {
            length = Some(value.parse().expect("a length"));
        }
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
