//! A server with one scripted reaction per request that records the requests.
//!
//! It fails the test when it received more or fewer requests than there are reactions.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::wait::wait_until;

/// The reaction of the server to one request.
#[derive(Debug, Clone)]
pub(crate) enum Reaction {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes and then nothing until the client closes the connection.
    Silence(Vec<u8>),
    /// Sends these bytes and keeps the connection open for the next request.
    KeepAlive(Vec<u8>),
    /// Sends this head and an endless body.
    Endless(Vec<u8>),
    /// Sends this head and then a byte every 20 ms until the client closes the connection.
    Drip(Vec<u8>),
    /// Waits until the sender of the channel was used or dropped, and then reacts.
    Held(Arc<Mutex<Receiver<()>>>, Box<Reaction>),
}

impl Reaction {
    /// Returns an answer with a content type and a body.
    pub(crate) fn answer(status: u16, kind: &str, body: impl AsRef<[u8]>) -> Self {
        Self::with_headers(status, &[("Content-Type", kind)], body)
    }

    /// Returns an answer with status 200 and JSON that keeps the connection open.
    pub(crate) fn keep_alive_json(body: &str) -> Self {
        let length = body.len();
        let answer = format!("HTTP/1.1 200 Scripted\r\nContent-Length: {length}\r\n\r\n{body}");
        Self::KeepAlive(answer.into_bytes())
    }

    /// Returns an answer with status 200 and JSON.
    pub(crate) fn json(body: impl AsRef<[u8]>) -> Self {
        Self::answer(200, "application/json", body)
    }

    /// Returns the same reaction, delayed until the returned sender is dropped.
    pub(crate) fn held(self) -> (Self, Sender<()>) {
        let (release, held) = channel();
        (
            Self::Held(Arc::new(Mutex::new(held)), Box::new(self)),
            release,
        )
    }

    /// Returns an answer with these headers and a body.
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

/// A received request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    /// The request line, such as `POST /api/login?format=json HTTP/1.1`.
    pub(crate) line: String,
    /// The headers with lower-case names.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    /// Returns the requested path.
    pub(crate) fn path(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// Returns the value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A server on loopback with one reaction per request.
pub(crate) struct Scripted {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    /// The number of requests, or `None` for any number.
    expected: Option<usize>,
    thread: Option<JoinHandle<()>>,
}

impl Scripted {
    /// Starts a server with one reaction per request, in order.
    pub(crate) fn new(reactions: impl IntoIterator<Item = Reaction>) -> Self {
        let reactions: Vec<_> = reactions.into_iter().collect();
        let expected = Some(reactions.len());
        Self::start(reactions.into_iter(), expected)
    }

    /// Starts a server with the same reaction to any number of requests.
    pub(crate) fn always(reaction: Reaction) -> Self {
        Self::start(std::iter::repeat(reaction), None)
    }

    fn start(
        reactions: impl Iterator<Item = Reaction> + Send + 'static,
        expected: Option<usize>,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let shared = Arc::clone(&requests);
        let thread = std::thread::spawn(move || serve(&listener, reactions, &shared));
        Self {
            address,
            requests,
            expected,
            thread: Some(thread),
        }
    }

    /// Starts a server that must not receive any request.
    pub(crate) fn untouched() -> Self {
        Self::new([])
    }

    /// Returns the root for `--api`.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns how many requests were received.
    pub(crate) fn count(&self) -> usize {
        self.requests.lock().expect("requests").len()
    }

    /// Waits until this many requests were received.
    #[track_caller]
    pub(crate) fn wait_for(&self, requests: usize) {
        wait_until(&format!("{requests} requests"), || self.count() >= requests);
    }

    /// Stops the server and returns the requests. Asserts that there were as many as reactions.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Vec<Request> {
        let requests = self.stop();
        self.check(&requests);
        requests
    }

    #[track_caller]
    fn check(&self, requests: &[Request]) {
        let expected = self.expected.unwrap_or(requests.len());
        assert_eq!(requests.len(), expected, "requests: {requests:#?}");
    }

    fn stop(&mut self) -> Vec<Request> {
        if let Some(thread) = self.thread.take() {
            // A connection without a request stops the server.
            drop(TcpStream::connect(self.address));
            thread.join().expect("the server ends");
        }
        self.requests.lock().expect("requests").clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        let unchecked = self.thread.is_some();
        let requests = self.stop();
        if unchecked && !std::thread::panicking() {
            self.check(&requests);
        }
    }
}

/// A bound port without a listener, which refuses every connection.
pub(crate) struct ClosedPort(tokio::net::TcpSocket);

impl ClosedPort {
    /// Binds a free port.
    pub(crate) fn new() -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        socket.bind(any).expect("a port");
        Self(socket)
    }

    /// Returns the root for `--api`.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.0.local_addr().expect("an address"))
    }
}

fn serve(
    listener: &TcpListener,
    mut reactions: impl Iterator<Item = Reaction>,
    requests: &Mutex<Vec<Request>>,
) {
    for connection in listener.incoming() {
        let mut connection = connection.expect("a connection");
        let Some(mut request) = read(&mut connection) else {
            return;
        };
        loop {
            requests.lock().expect("requests").push(request);
            let reaction = reactions.next().unwrap_or(Reaction::Bytes(Vec::new()));
            let kept = matches!(reaction, Reaction::KeepAlive(_));
            // In some tests the client closes the connection early.
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
            // A message and a dropped sender both end the wait.
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

/// Reads one request, or `None` if the connection was closed without one.
pub(super) fn read(connection: &mut TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(connection);
    let mut request = Request::default();
    reader.read_line(&mut request.line).ok()?;
    if request.line.is_empty() {
        return None;
    }
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => request
                .headers
                .push((name.to_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = request
        .header("content-length")
        .map_or(0, |length| length.parse().expect("a length"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.line.truncate(request.line.trim_end().len());
    request.body = String::from_utf8(body).expect("UTF-8");
    Some(request)
}
