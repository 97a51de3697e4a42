//! A server that answers exactly what a test wrote down, however wrong, and remembers what it was sent.
//!
//! It fails the test when it was sent more or fewer requests than were written down.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What the server does with one request.
#[derive(Debug, Clone)]
pub(crate) enum Reaction {
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, then silence until the client goes away.
    Silence(Vec<u8>),
    /// This head, then a body that does not end.
    Endless(Vec<u8>),
}

impl Reaction {
    /// A whole answer with a body.
    pub(crate) fn answer(status: u16, kind: &str, body: impl AsRef<[u8]>) -> Self {
        Self::with_headers(status, &[("Content-Type", kind)], body)
    }

    /// 200 with JSON.
    pub(crate) fn json(body: impl AsRef<[u8]>) -> Self {
        Self::answer(200, "application/json", body)
    }

    /// A whole answer with these headers.
    pub(crate) fn with_headers(
        status: u16,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Self {
        let body = body.as_ref();
        let mut answer = format!(
            "HTTP/1.1 {status} Scripted\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            answer += &format!("{name}: {value}\r\n");
        }
        answer += "\r\n";
        Self::Bytes([answer.as_bytes(), body].concat())
    }
}

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// `POST /api/login?format=json HTTP/1.1`.
    pub(crate) line: String,
    /// Header lines, in lower case up to the colon.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: String,
}

impl Seen {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A server on loopback.
pub(crate) struct Scripted {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    expected: usize,
    thread: Option<JoinHandle<()>>,
}

impl Scripted {
    /// One reaction per request, in order.
    pub(crate) fn new(reactions: impl IntoIterator<Item = Reaction>) -> Self {
        let reactions: Vec<_> = reactions.into_iter().collect();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let (expected, notes) = (reactions.len(), Arc::clone(&seen));
        let thread = std::thread::spawn(move || serve(&listener, reactions, &notes));
        Self {
            address,
            seen,
            expected,
            thread: Some(thread),
        }
    }

    /// A server that no request may reach.
    pub(crate) fn untouched() -> Self {
        Self::new([])
    }

    /// The root for `--api`.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until so many requests came.
    pub(crate) fn wait_for(&self, requests: usize) {
        while self.seen.lock().expect("notes").len() < requests {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }

    /// Ends the server and gives what it was sent; every reaction has to have been used, and no more were wanted.
    #[track_caller]
    pub(crate) fn seen(mut self) -> Vec<Seen> {
        let seen = self.stop();
        assert_eq!(seen.len(), self.expected, "requests: {seen:#?}");
        seen
    }

    fn stop(&mut self) -> Vec<Seen> {
        if let Some(thread) = self.thread.take() {
            // An empty connection is the sign to end.
            drop(TcpStream::connect(self.address));
            thread.join().expect("the server ends");
        }
        self.seen.lock().expect("notes").clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        let unchecked = self.thread.is_some();
        let seen = self.stop();
        if unchecked && !std::thread::panicking() {
            assert_eq!(seen.len(), self.expected, "requests: {seen:#?}");
        }
    }
}

fn serve(listener: &TcpListener, reactions: Vec<Reaction>, notes: &Mutex<Vec<Seen>>) {
    let mut reactions = reactions.into_iter();
    for connection in listener.incoming() {
        let mut connection = connection.expect("a connection");
        let Some(request) = read(&mut connection) else {
            return;
        };
        notes.lock().expect("notes").push(request);
        let reaction = reactions.next().unwrap_or(Reaction::Bytes(Vec::new()));
        // A client that goes away is what some tests are about.
        let _ = react(&mut connection, reaction);
    }
}

fn react(connection: &mut TcpStream, reaction: Reaction) -> std::io::Result<()> {
    match reaction {
        Reaction::Bytes(bytes) => connection.write_all(&bytes),
        Reaction::Silence(bytes) => {
            connection.write_all(&bytes)?;
            std::io::copy(connection, &mut std::io::sink()).map(drop)
        }
        Reaction::Endless(head) => {
            connection.write_all(&head)?;
            loop {
                connection.write_all(&[b'x'; 16 * 1024])?;
            }
        }
    }
}

/// One request; nothing when the connection was closed without one.
fn read(connection: &mut TcpStream) -> Option<Seen> {
    let mut reader = BufReader::new(connection);
    let mut seen = Seen::default();
    reader.read_line(&mut seen.line).ok()?;
    if seen.line.is_empty() {
        return None;
    }
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => seen.headers.push((name.to_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = seen
        .header("content-length")
        .map_or(0, |length| length.parse().expect("a length"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    seen.line.truncate(seen.line.trim_end().len());
    seen.body = String::from_utf8(body).expect("UTF-8");
    Some(seen)
}
