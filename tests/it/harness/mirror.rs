//! A server of files on loopback that does what a test tells it to, notes every request, and has a conscience: a test
//! fails when a request was none that a polite client sends.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use super::response::{RequestedRange, Response, StoredFile, serve};
use super::scripted::{Request, read};
use super::wait_until;

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileRequest {
    pub(crate) path: String,
    /// The first byte that was wanted, of a `Range`.
    pub(crate) from: Option<usize>,
    pub(crate) if_range: Option<String>,
}

/// What a path is answered with: first these, in order, then this for ever.
#[derive(Debug, Default)]
struct Script {
    first: VecDeque<Response>,
    then: Option<Response>,
}

#[derive(Default)]
struct Notes {
    files: Mutex<BTreeMap<String, StoredFile>>,
    scripts: Mutex<BTreeMap<String, Script>>,
    /// What every file without a script gets.
    usual: Mutex<Option<Response>>,
    asked: Mutex<Vec<FileRequest>>,
    complaints: Mutex<Vec<String>>,
    connections: AtomicUsize,
    sent: AtomicUsize,
    versions: AtomicUsize,
    is_over: AtomicBool,
}

/// The server.
pub(crate) struct Mirror {
    address: SocketAddr,
    notes: Arc<Notes>,
}

impl Mirror {
    /// One without files.
    pub(crate) fn new() -> Self {
        Self::on(Ipv4Addr::LOCALHOST.into())
    }

    /// One on an address of this machine.
    pub(crate) fn on(address: IpAddr) -> Self {
        let listener = TcpListener::bind((address, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let notes = Arc::<Notes>::default();
        let shared = Arc::clone(&notes);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let notes = Arc::clone(&shared);
                if notes.is_over.load(Ordering::SeqCst) {
                    return;
                }
                notes.connections.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || notes.attend(connection.expect("a connection")));
            }
        });
        Self { address, notes }
    }

    /// The root for `--api`.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Has this content at this path from now on, with a date and a tag of its own.
    pub(crate) fn put(&self, path: &str, content: impl Into<Vec<u8>>) {
        let version = self.notes.versions.fetch_add(1, Ordering::SeqCst) as u64;
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + version * 60);
        let kept = StoredFile {
            content: Arc::new(content.into()),
            tag: format!("\"v{version}\""),
            date: httpdate::fmt_http_date(date),
        };
        let mut files = self.notes.files.lock().expect("notes");
        files.insert(path.to_owned(), kept);
    }

    /// How many bytes it has at this path.
    pub(crate) fn size(&self, path: &str) -> usize {
        self.notes.files.lock().expect("notes")[path].content.len()
    }

    /// The `ETag` of this path.
    pub(crate) fn tag(&self, path: &str) -> String {
        self.notes.files.lock().expect("notes")[path].tag.clone()
    }

    /// The `Last-Modified` of this path.
    pub(crate) fn date(&self, path: &str) -> String {
        self.notes.files.lock().expect("notes")[path].date.clone()
    }

    /// The next requests for this path are served so, and later ones well.
    pub(crate) fn next(&self, path: &str, servings: impl IntoIterator<Item = Response>) {
        let mut scripts = self.notes.scripts.lock().expect("notes");
        let script = scripts.entry(path.to_owned()).or_default();
        script.first.extend(servings);
    }

    /// All further requests for this path are served so.
    pub(crate) fn always(&self, path: &str, serving: Response) {
        let mut scripts = self.notes.scripts.lock().expect("notes");
        scripts.entry(path.to_owned()).or_default().then = Some(serving);
    }

    /// Every file without a script is served so.
    pub(crate) fn default_response(&self, serving: Response) {
        *self.notes.usual.lock().expect("notes") = Some(serving);
    }

    /// All requests so far; forgets them.
    pub(crate) fn take(&self) -> Vec<FileRequest> {
        std::mem::take(&mut self.notes.asked.lock().expect("notes"))
    }

    /// How many requests for this path came and were not taken.
    pub(crate) fn count(&self, path: &str) -> usize {
        let asked = self.notes.asked.lock().expect("notes");
        asked.iter().filter(|asked| asked.path == path).count()
    }

    /// How many connections were made to it, whatever was said on them.
    pub(crate) fn connections(&self) -> usize {
        self.notes.connections.load(Ordering::SeqCst)
    }

    /// How many bytes of bodies it sent so far.
    pub(crate) fn sent(&self) -> usize {
        self.notes.sent.load(Ordering::SeqCst)
    }

    /// Waits until it sent so many.
    #[track_caller]
    pub(crate) fn wait_for_bytes(&self, bytes: usize) {
        wait_until(&format!("{bytes} bytes were sent"), || self.sent() >= bytes);
    }
}

impl Notes {
    fn attend(&self, mut connection: TcpStream) {
        // As real servers do: an answer does not wait for the client to confirm what came before it.
        connection.set_nodelay(true).expect("a socket");
        while let Some(seen) = read(&mut connection) {
            let asked = self.understood(&seen);
            self.asked.lock().expect("notes").push(asked.clone());
            // A client that goes away is what some tests are about.
            if !self.answer(&mut connection, &asked).unwrap_or(false) {
                return;
            }
        }
    }

    fn answer(&self, connection: &mut TcpStream, asked: &FileRequest) -> std::io::Result<bool> {
        let kept = self.files.lock().expect("notes").get(&asked.path).cloned();
        let scripted = self.scripted(&asked.path);
        if kept.is_none() && scripted.is_none() {
            self.complain(format!("{} is not there", asked.path));
        }
        let serving = match (&kept, scripted) {
            (_, Some(serving)) => serving,
            (Some(_), None) => Response::Complete,
            (None, None) => Response::status(404),
        };
        let kept = kept.unwrap_or_else(|| StoredFile {
            content: Arc::default(),
            tag: "\"none\"".to_owned(),
            date: "Thu, 01 Jan 1970 00:00:01 GMT".to_owned(),
        });
        let wish = RequestedRange {
            from: asked.from,
            if_range: asked.if_range.clone(),
        };
        serve(connection, &serving, &kept, &wish, &|bytes| {
            self.sent.fetch_add(bytes, Ordering::SeqCst);
        })
    }

    fn scripted(&self, path: &str) -> Option<Response> {
        let mut scripts = self.scripts.lock().expect("notes");
        let told = scripts
            .get_mut(path)
            .and_then(|script| script.first.pop_front().or_else(|| script.then.clone()));
        told.or_else(|| self.usual.lock().expect("notes").clone())
    }

    /// A request as far as it matters here. Whatever no client of ours should send is noted.
    fn understood(&self, seen: &Request) -> FileRequest {
        let range = seen.header("range");
        let from = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        let asked = FileRequest {
            path: seen.line.split(' ').nth(1).unwrap_or_default().to_owned(),
            from: from.and_then(|from| from.parse().ok()),
            if_range: seen.header("if-range").map(ToOwned::to_owned),
        };
        for what in flaws(seen, &asked) {
            self.complain(format!("{} {what}: {seen:?}", seen.line));
        }
        asked
    }

    fn complain(&self, what: String) {
        self.complaints.lock().expect("notes").push(what);
    }
}

/// What is wrong with a request.
fn flaws(seen: &Request, asked: &FileRequest) -> Vec<&'static str> {
    let FileRequest {
        path,
        from,
        if_range,
    } = asked;
    let agent = seen.header("user-agent").unwrap_or_default();
    let manners = [
        (seen.line.starts_with("GET /"), "is no GET"),
        (seen.body.is_empty(), "has a body"),
        (
            !["//", "..", "\\"].iter().any(|odd| path.contains(odd)),
            "leads elsewhere",
        ),
        (
            from.map_or(seen.header("range").is_none(), |from| from > 0),
            "has an odd range",
        ),
        (
            if_range.is_none() || from.is_some(),
            "has If-Range without Range",
        ),
        (
            !if_range.iter().any(|tag| tag.starts_with("W/")),
            "compares weakly",
        ),
        (agent.starts_with("playcookie/"), "does not say whose it is"),
        (
            seen.header("accept-encoding") == Some("identity"),
            "lets the answer be packed again",
        ),
        (
            seen.header("cookie").is_none() && seen.header("authorization").is_none(),
            "says who asks",
        ),
    ];
    let bad = manners.into_iter().filter(|(is_so, _)| !is_so);
    bad.map(|(_, what)| what).collect()
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.notes.is_over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if !std::thread::panicking() {
            let complaints = self.notes.complaints.lock().expect("notes");
            assert!(
                complaints.is_empty(),
                "the mirror complains: {complaints:#?}"
            );
        }
    }
}
