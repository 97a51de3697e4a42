//! A stand-in mirror on loopback. A test controls its responses, and fails when a request breaks the rules for clients.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use super::scripted::{Seen, read};
use super::serving::{RangeRequest, Serving, StoredFile, serve};
use super::until;

/// A request for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileRequest {
    pub(crate) path: String,
    /// The first byte of `Range`.
    pub(crate) from: Option<usize>,
    pub(crate) if_range: Option<String>,
}

/// The responses for a path: those of `first` in order, and then always `then`.
#[derive(Debug, Default)]
struct Script {
    first: VecDeque<Serving>,
    then: Option<Serving>,
}

#[derive(Default)]
struct State {
    files: Mutex<BTreeMap<String, StoredFile>>,
    scripts: Mutex<BTreeMap<String, Script>>,
    /// The response for files without a script.
    usual: Mutex<Option<Serving>>,
    asked: Mutex<Vec<FileRequest>>,
    violations: Mutex<Vec<String>>,
    connections: AtomicUsize,
    sent: AtomicUsize,
    versions: AtomicUsize,
    is_over: AtomicBool,
}

/// A stand-in mirror, which stops when it is dropped.
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

    /// Returns the base URL for `--api`.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stores a file, with a date and a tag of its own.
    pub(crate) fn put(&self, path: &str, content: impl Into<Vec<u8>>) {
        let version = self.state.versions.fetch_add(1, Ordering::SeqCst) as u64;
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + version * 60);
        let kept = StoredFile {
            content: Arc::new(content.into()),
            tag: format!("\"v{version}\""),
            date: httpdate::fmt_http_date(date),
        };
        let mut files = self.state.files.lock().expect("a lock");
        files.insert(path.to_owned(), kept);
    }

    /// Returns the size of a file.
    pub(crate) fn size(&self, path: &str) -> usize {
        self.state.files.lock().expect("a lock")[path].content.len()
    }

    /// Returns the `ETag` of a file.
    pub(crate) fn tag(&self, path: &str) -> String {
        self.state.files.lock().expect("a lock")[path].tag.clone()
    }

    /// Returns the `Last-Modified` of a file.
    pub(crate) fn date(&self, path: &str) -> String {
        self.state.files.lock().expect("a lock")[path].date.clone()
    }

    /// Sets the responses for the next requests of a path.
    pub(crate) fn next(&self, path: &str, servings: impl IntoIterator<Item = Serving>) {
        let mut scripts = self.state.scripts.lock().expect("a lock");
        let script = scripts.entry(path.to_owned()).or_default();
        script.first.extend(servings);
    }

    /// Sets the response for all later requests of a path.
    pub(crate) fn always(&self, path: &str, serving: Serving) {
        let mut scripts = self.state.scripts.lock().expect("a lock");
        scripts.entry(path.to_owned()).or_default().then = Some(serving);
    }

    /// Sets the response for files without a script.
    pub(crate) fn usually(&self, serving: Serving) {
        *self.state.usual.lock().expect("a lock") = Some(serving);
    }

    /// Returns and clears the recorded requests.
    pub(crate) fn take(&self) -> Vec<FileRequest> {
        std::mem::take(&mut self.state.asked.lock().expect("a lock"))
    }

    /// Returns the number of recorded requests of a path.
    pub(crate) fn count(&self, path: &str) -> usize {
        let asked = self.state.asked.lock().expect("a lock");
        asked.iter().filter(|asked| asked.path == path).count()
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
        until(&format!("{bytes} bytes were sent"), || self.sent() >= bytes);
    }
}

impl State {
    fn handle(&self, mut connection: TcpStream) {
        // As in real servers, so that a response does not wait for the client's acknowledgement.
        connection.set_nodelay(true).expect("a socket");
        while let Some(seen) = read(&mut connection) {
            let asked = self.parse(&seen);
            self.asked.lock().expect("a lock").push(asked.clone());
            // Some tests end the client early.
            if !self.answer(&mut connection, &asked).unwrap_or(false) {
                return;
            }
        }
    }

    fn answer(&self, connection: &mut TcpStream, asked: &FileRequest) -> std::io::Result<bool> {
        let kept = self.files.lock().expect("a lock").get(&asked.path).cloned();
        let scripted = self.scripted(&asked.path);
        if kept.is_none() && scripted.is_none() {
            self.report(format!("{} is not there", asked.path));
        }
        let serving = match (&kept, scripted) {
            (_, Some(serving)) => serving,
            (Some(_), None) => Serving::Well,
            (None, None) => Serving::status(404),
        };
        let kept = kept.unwrap_or_else(|| StoredFile {
            content: Arc::default(),
            tag: "\"none\"".to_owned(),
            date: "Thu, 01 Jan 1970 00:00:01 GMT".to_owned(),
        });
        let wish = RangeRequest {
            from: asked.from,
            if_range: asked.if_range.clone(),
        };
        serve(connection, &serving, &kept, &wish, &|bytes| {
            self.sent.fetch_add(bytes, Ordering::SeqCst);
        })
    }

    fn scripted(&self, path: &str) -> Option<Serving> {
        let mut scripts = self.scripts.lock().expect("a lock");
        let told = scripts
            .get_mut(path)
            .and_then(|script| script.first.pop_front().or_else(|| script.then.clone()));
        told.or_else(|| self.usual.lock().expect("a lock").clone())
    }

    /// Parses a request and records its violations of the rules.
    fn parse(&self, seen: &Seen) -> FileRequest {
        let range = seen.header("range");
        let from = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        let asked = FileRequest {
            path: seen.line.split(' ').nth(1).unwrap_or_default().to_owned(),
            from: from.and_then(|from| from.parse().ok()),
            if_range: seen.header("if-range").map(ToOwned::to_owned),
        };
        for what in violations(seen, &asked) {
            self.report(format!("{} {what}: {seen:?}", seen.line));
        }
        asked
    }

    fn report(&self, what: String) {
        self.violations.lock().expect("a lock").push(what);
    }
}

/// Returns the violations of a request.
fn violations(seen: &Seen, asked: &FileRequest) -> Vec<&'static str> {
    let FileRequest {
        path,
        from,
        if_range,
    } = asked;
    let agent = seen.header("user-agent").unwrap_or_default();
    let rules = [
        (seen.line.starts_with("GET /"), "is not a GET"),
        (seen.body.is_empty(), "has a body"),
        (
            !["//", "..", "\\"].iter().any(|odd| path.contains(odd)),
            "has an unsafe path",
        ),
        (
            from.map_or(seen.header("range").is_none(), |from| from > 0),
            "has an unexpected range",
        ),
        (
            if_range.is_none() || from.is_some(),
            "has If-Range without Range",
        ),
        (
            !if_range.iter().any(|tag| tag.starts_with("W/")),
            "has a weak tag",
        ),
        (agent.starts_with("playcookie/"), "has another user agent"),
        (
            seen.header("accept-encoding") == Some("identity"),
            "accepts a content encoding",
        ),
        (
            seen.header("cookie").is_none() && seen.header("authorization").is_none(),
            "identifies the user",
        ),
    ];
    let broken = rules.into_iter().filter(|(holds, _)| !holds);
    broken.map(|(_, what)| what).collect()
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if !std::thread::panicking() {
            let violations = self.state.violations.lock().expect("a lock");
            assert!(violations.is_empty(), "{violations:#?}");
        }
    }
}
