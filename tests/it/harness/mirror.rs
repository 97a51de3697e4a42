//! A file server on loopback with scripted responses that records and checks its requests.
//!
//! The test fails when a request breaks one of the rules in [`violations`].

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use super::response::{RequestedRange, Response, StoredFile, serve};
use super::scripted::{Request, read};
use super::wait_until;

/// A received request for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileRequest {
    pub(crate) path: String,
    /// The first byte of the `Range`.
    pub(crate) from: Option<usize>,
    pub(crate) if_range: Option<String>,
}

/// The responses for a path: first these in order, then this one for all further requests.
#[derive(Debug, Default)]
struct Script {
    first: VecDeque<Response>,
    then: Option<Response>,
}

#[derive(Default)]
struct State {
    files: Mutex<BTreeMap<String, StoredFile>>,
    scripts: Mutex<BTreeMap<String, Script>>,
    /// The response for files without a script.
    default: Mutex<Option<Response>>,
    requests: Mutex<Vec<FileRequest>>,
    violations: Mutex<Vec<String>>,
    connections: AtomicUsize,
    sent: AtomicUsize,
    versions: AtomicUsize,
    is_over: AtomicBool,
}

/// A file server on loopback.
pub(crate) struct Mirror {
    address: SocketAddr,
    state: Arc<State>,
}

impl Mirror {
    /// Starts a mirror without files.
    pub(crate) fn new() -> Self {
        Self::on(Ipv4Addr::LOCALHOST.into())
    }

    /// Starts a mirror on an address of this machine.
    pub(crate) fn on(address: IpAddr) -> Self {
        let listener = TcpListener::bind((address, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let state = Arc::clone(&shared);
                if state.is_over.load(Ordering::SeqCst) {
                    return;
                }
                state.connections.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || state.handle(connection.expect("a connection")));
            }
        });
        Self { address, state }
    }

    /// Returns the root for `--api`.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sets the content of a path, with a new date and tag.
    pub(crate) fn put(&self, path: &str, content: impl Into<Vec<u8>>) {
        let version = self.state.versions.fetch_add(1, Ordering::SeqCst) as u64;
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + version * 60);
        let file = StoredFile {
            content: Arc::new(content.into()),
            tag: format!("\"v{version}\""),
            date: httpdate::fmt_http_date(date),
        };
        let mut files = self.state.files.lock().expect("state");
        files.insert(path.to_owned(), file);
    }

    /// Returns the size of the content of a path.
    pub(crate) fn size(&self, path: &str) -> usize {
        self.state.files.lock().expect("state")[path].content.len()
    }

    /// Returns the `ETag` of a path.
    pub(crate) fn tag(&self, path: &str) -> String {
        self.state.files.lock().expect("state")[path].tag.clone()
    }

    /// Returns the `Last-Modified` of a path.
    pub(crate) fn date(&self, path: &str) -> String {
        self.state.files.lock().expect("state")[path].date.clone()
    }

    /// Adds responses for the next requests for a path. Later requests get a correct response.
    pub(crate) fn next(&self, path: &str, responses: impl IntoIterator<Item = Response>) {
        let mut scripts = self.state.scripts.lock().expect("state");
        let script = scripts.entry(path.to_owned()).or_default();
        script.first.extend(responses);
    }

    /// Sets the response for all further requests for a path.
    pub(crate) fn always(&self, path: &str, response: Response) {
        let mut scripts = self.state.scripts.lock().expect("state");
        scripts.entry(path.to_owned()).or_default().then = Some(response);
    }

    /// Sets the response for files without a script.
    pub(crate) fn default_response(&self, response: Response) {
        *self.state.default.lock().expect("state") = Some(response);
    }

    /// Returns the requests since the last call.
    pub(crate) fn take(&self) -> Vec<FileRequest> {
        std::mem::take(&mut self.state.requests.lock().expect("state"))
    }

    /// Returns how many requests for a path were received since the last call of [`Self::take`].
    pub(crate) fn count(&self, path: &str) -> usize {
        let requests = self.state.requests.lock().expect("state");
        requests
            .iter()
            .filter(|request| request.path == path)
            .count()
    }

    /// Returns the number of connections.
    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Returns how many bytes of bodies were sent.
    pub(crate) fn sent(&self) -> usize {
        self.state.sent.load(Ordering::SeqCst)
    }

    /// Waits until this many bytes of bodies were sent.
    #[track_caller]
    pub(crate) fn wait_for_bytes(&self, bytes: usize) {
        wait_until(&format!("{bytes} bytes were sent"), || self.sent() >= bytes);
    }
}

impl State {
    fn handle(&self, mut connection: TcpStream) {
        // Real servers disable Nagle's algorithm, too.
        connection.set_nodelay(true).expect("a socket");
        while let Some(request) = read(&mut connection) {
            let wanted = self.parse(&request);
            self.requests.lock().expect("state").push(wanted.clone());
            // In some tests the client closes the connection early.
            if !self.answer(&mut connection, &wanted).unwrap_or(false) {
                return;
            }
        }
    }

    fn answer(&self, connection: &mut TcpStream, wanted: &FileRequest) -> std::io::Result<bool> {
        let file = self.files.lock().expect("state").get(&wanted.path).cloned();
        let scripted = self.scripted(&wanted.path);
        if file.is_none() && scripted.is_none() {
            self.report(format!("{} is not there", wanted.path));
        }
        let response = match (&file, scripted) {
            (_, Some(response)) => response,
            (Some(_), None) => Response::Complete,
            (None, None) => Response::status(404),
        };
        let file = file.unwrap_or_else(|| StoredFile {
            content: Arc::default(),
            tag: "\"none\"".to_owned(),
            date: "Thu, 01 Jan 1970 00:00:01 GMT".to_owned(),
        });
        let range = RequestedRange {
            from: wanted.from,
            if_range: wanted.if_range.clone(),
        };
        serve(connection, &response, &file, &range, &|bytes| {
            self.sent.fetch_add(bytes, Ordering::SeqCst);
        })
    }

    fn scripted(&self, path: &str) -> Option<Response> {
        let mut scripts = self.scripts.lock().expect("state");
        let scripted = scripts
            .get_mut(path)
            .and_then(|script| script.first.pop_front().or_else(|| script.then.clone()));
        scripted.or_else(|| self.default.lock().expect("state").clone())
    }

    /// Parses a request and records its violations.
    fn parse(&self, request: &Request) -> FileRequest {
        let range = request.header("range");
        let from = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        let wanted = FileRequest {
            path: request.path().to_owned(),
            from: from.and_then(|from| from.parse().ok()),
            if_range: request.header("if-range").map(ToOwned::to_owned),
        };
        for what in violations(request, &wanted) {
            self.report(format!("{} {what}: {request:?}", request.line));
        }
        wanted
    }

    fn report(&self, what: String) {
        self.violations.lock().expect("state").push(what);
    }
}

/// Returns the rules that a request breaks.
fn violations(request: &Request, wanted: &FileRequest) -> Vec<&'static str> {
    let FileRequest {
        path,
        from,
        if_range,
    } = wanted;
    let agent = request.header("user-agent").unwrap_or_default();
    let rules = [
        (request.line.starts_with("GET /"), "is not a GET request"),
        (request.body.is_empty(), "has a body"),
        (
            !["//", "..", "\\"].iter().any(|odd| path.contains(odd)),
            "has an unsafe path",
        ),
        (
            from.map_or(request.header("range").is_none(), |from| from > 0),
            "has an invalid range",
        ),
        (
            if_range.is_none() || from.is_some(),
            "has If-Range without Range",
        ),
        (
            !if_range.iter().any(|tag| tag.starts_with("W/")),
            "has a weak validator",
        ),
        (agent.starts_with("playcookie/"), "has another user agent"),
        (
            request.header("accept-encoding") == Some("identity"),
            "accepts compression",
        ),
        (
            request.header("cookie").is_none() && request.header("authorization").is_none(),
            "has credentials",
        ),
    ];
    let broken = rules.into_iter().filter(|(is_met, _)| !is_met);
    broken.map(|(_, what)| what).collect()
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if !std::thread::panicking() {
            let violations = self.state.violations.lock().expect("state");
            assert!(
                violations.is_empty(),
                "the mirror has complaints: {violations:#?}"
            );
        }
    }
}
