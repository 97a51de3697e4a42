//! A server that answers each path with what a test wrote down for it, all connections at once.
//!
//! It fails the test when a path was asked for that was not written down, or one that was written down was not.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::scripted::{Reaction, react, read};
use super::wait::wait_until;

/// A server on loopback.
pub(crate) struct Pages {
    address: SocketAddr,
    known: BTreeMap<&'static str, Reaction>,
    seen: Arc<Mutex<Vec<String>>>,
    stops: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Pages {
    /// One reaction for each path, however often it is asked for.
    pub(crate) fn new(pages: impl IntoIterator<Item = (&'static str, Reaction)>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let known: BTreeMap<_, _> = pages.into_iter().collect();
        let (seen, stops) = (Arc::<Mutex<Vec<String>>>::default(), Arc::default());
        let (pages, notes, stop) = (known.clone(), Arc::clone(&seen), Arc::clone(&stops));
        let thread = std::thread::spawn(move || serve(&listener, &pages, &notes, &stop));
        Self {
            address,
            known,
            seen,
            stops,
            thread: Some(thread),
        }
    }

    /// The root for `--api`.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until every page was asked for.
    #[track_caller]
    pub(crate) fn wait(&self) {
        wait_until("every page is asked for", || {
            self.asked().len() == self.known.len()
        });
    }

    /// Waits until this page was asked for.
    #[track_caller]
    pub(crate) fn wait_for(&self, page: &str) {
        wait_until(page, || self.asked().iter().any(|path| path == page));
    }

    /// The paths that were asked for so far, each once, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        let mut seen = self.seen.lock().expect("notes").clone();
        seen.sort_unstable();
        seen.dedup();
        seen
    }

    /// Ends the server without a look at what was asked for, and gives it.
    pub(crate) fn into_asked(mut self) -> Vec<String> {
        self.stop();
        self.asked()
    }

    fn stop(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.stops.store(true, Ordering::SeqCst);
            drop(TcpStream::connect(self.address));
            thread.join().expect("the server ends");
        }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        let unchecked = self.thread.is_some();
        self.stop();
        if unchecked && !std::thread::panicking() {
            assert_eq!(self.asked(), self.known.keys().copied().collect::<Vec<_>>());
        }
    }
}

fn serve(
    listener: &TcpListener,
    pages: &BTreeMap<&'static str, Reaction>,
    notes: &Arc<Mutex<Vec<String>>>,
    stops: &AtomicBool,
) {
    for connection in listener.incoming() {
        let mut connection = connection.expect("a connection");
        if stops.load(Ordering::SeqCst) {
            return;
        }
        let (pages, notes) = (pages.clone(), Arc::clone(notes));
        std::thread::spawn(move || {
            let Some(request) = read(&mut connection) else {
                return;
            };
            let path = request.line.split(' ').nth(1).unwrap_or_default();
            notes.lock().expect("notes").push(path.to_owned());
            if let Some(reaction) = pages.get(path) {
                // A client that goes away is what some tests are about.
                let _ = react(&mut connection, reaction.clone());
            }
        });
    }
}
