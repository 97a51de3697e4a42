//! A server that answers exactly what a test wrote down, however wrong, and remembers what it was sent.
//!
//! It fails the test when it was sent more or fewer requests than were written down.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::wait::wait_until;

/// What the server does with one request.
#[derive(Debug, Clone)]
pub(crate) enum Reaction {
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, then silence until the client goes away.
    Silence(Vec<u8>),
    /// These bytes, and the connection stays open for the next request.
    KeepAlive(Vec<u8>),
    /// This head, then a body that does not end.
    Endless(Vec<u8>),
    /// This head, then a byte now and then until the client goes away.
    Drip(Vec<u8>),
    /// Once the other end says so or is gone, what comes then.
    Held(Arc<Mutex<Receiver<()>>>, Box<Reaction>),
}

impl Reaction {
    /// A whole answer with a body.
    pub(crate) fn answer(status: u16, kind: &str, body: impl AsRef<[u8]>) -> Self {
        Self::with_headers(status, &[("Content-Type", kind)], body)
    }

    /// 200 with JSON, and the connection stays open for the next request.
    pub(crate) fn keep_alive_json(body: &str) -> Self {
        let length = body.len();
        let answer = format!("HTTP/1.1 200 Scripted\r\nContent-Length: {length}\r\n\r\n{body}");
        Self::KeepAlive(answer.into_bytes())
    }

    /// 200 with JSON.
    pub(crate) fn json(body: impl AsRef<[u8]>) -> Self {
        Self::answer(200, "application/json", body)
    }

    /// The same, but not before the sender is dropped.
    pub(crate) fn held(self) -> (Self, Sender<()>) {
        let (release, held) = channel();
        (
            Self::Held(Arc::new(Mutex::new(held)), Box::new(self)),
            release,
        )
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
            let _ = write!(answer, "{name}: {value}\r\n");
        }
        answer += "\r\n";
        Self::Bytes([answer.as_bytes(), body].concat())
    }
}

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    /// `POST /api/login?format=json HTTP/1.1`.
    pub(crate) line: String,
    /// Header lines, in lower case up to the colon.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: String,
}

impl Request {
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
    seen: Arc<Mutex<Vec<Request>>>,
    /// Nothing where any number will do.
    expected: Option<usize>,
    thread: Option<JoinHandle<()>>,
}

impl Scripted {
    /// One reaction per request, in order.
    pub(crate) fn new(reactions: impl IntoIterator<Item = Reaction>) -> Self {
        let reactions: Vec<_> = reactions.into_iter().collect();
        let expected = Some(reactions.len());
        Self::start(reactions.into_iter(), expected)
    }

    /// The same reaction to every request, however many come.
    pub(crate) fn always(reaction: Reaction) -> Self {
        Self::start(std::iter::repeat(reaction), None)
    }

    fn start(
        reactions: impl Iterator<Item = Reaction> + Send + 'static,
        expected: Option<usize>,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::<Mutex<Vec<Request>>>::default();
        let notes = Arc::clone(&seen);
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

    /// How many requests came so far.
    pub(crate) fn count(&self) -> usize {
        self.seen.lock().expect("notes").len()
    }

    /// Waits until so many requests came.
    #[track_caller]
    pub(crate) fn wait_for(&self, requests: usize) {
        wait_until(&format!("{requests} requests"), || self.count() >= requests);
    }

    /// Ends the server and gives what it was sent; every reaction has to have been used, and no more were wanted.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Vec<Request> {
        let seen = self.stop();
        self.check(&seen);
        seen
    }

    #[track_caller]
    fn check(&self, seen: &[Request]) {
        let expected = self.expected.unwrap_or(seen.len());
        assert_eq!(seen.len(), expected, "requests: {seen:#?}");
    }

    fn stop(&mut self) -> Vec<Request> {
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
            self.check(&seen);
        }
    }
}

/// A port of this machine that refuses every connection, and that nobody else gets meanwhile.
pub(crate) struct ClosedPort(tokio::net::TcpSocket);

impl ClosedPort {
    /// One that is free.
    pub(crate) fn new() -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        socket.bind(any).expect("a port");
        Self(socket)
    }

    /// The root for `--api`.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.0.local_addr().expect("an address"))
    }
}

fn serve(
    listener: &TcpListener,
    mut reactions: impl Iterator<Item = Reaction>,
    notes: &Mutex<Vec<Request>>,
) {
    for connection in listener.incoming() {
        let mut connection = connection.expect("a connection");
        let Some(mut request) = read(&mut connection) else {
            return;
        };
        loop {
            notes.lock().expect("notes").push(request);
            let reaction = reactions.next().unwrap_or(Reaction::Bytes(Vec::new()));
            let kept = matches!(reaction, Reaction::KeepAlive(_));
            // A client that goes away is what some tests are about.
            let _ = react(&mut connection, reaction);
            match kept.then(|| read(&mut connection)).flatten() {
                Some(next) => request = next,
                None => break,
            }
        }
    }
}

pub(super) fn react(connection: &mut TcpStream, reaction: Reaction) -> std::io::Result<()> {
    match reaction {
        Reaction::Bytes(bytes) | Reaction::KeepAlive(bytes) => connection.write_all(&bytes),
        Reaction::Held(held, then) => {
            // Released or abandoned, it is over.
            let _ = held.lock().expect("a hold").recv();
            react(connection, *then)
        }
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
        Reaction::Drip(head) => {
            connection.write_all(&head)?;
            loop {
                std::thread::sleep(Duration::from_millis(20));
                connection.write_all(b" ")?;
            }
        }
    }
}

/// One request; nothing when the connection was closed without one.
pub(super) fn read(connection: &mut TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(connection);
    let mut seen = Request::default();
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
