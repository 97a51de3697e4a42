//! A server with one reaction per path that handles connections concurrently.
//!
//! Its `Drop` fails the test unless exactly the known paths were requested.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::scripted::{Reaction, react, read};
use super::wait::wait_until;

/// A server on loopback with one reaction per path.
pub(crate) struct Pages {
    address: SocketAddr,
    known: BTreeMap<&'static str, Reaction>,
    requested: Arc<Mutex<Vec<String>>>,
    stops: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Pages {
    /// Starts a server with these paths. Each can be requested any number of times.
    pub(crate) fn new(pages: impl IntoIterator<Item = (&'static str, Reaction)>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let known: BTreeMap<_, _> = pages.into_iter().collect();
        let (requested, stops) = (Arc::<Mutex<Vec<String>>>::default(), Arc::default());
        let (pages, paths, stop) = (known.clone(), Arc::clone(&requested), Arc::clone(&stops));
        let thread = std::thread::spawn(move || serve(&listener, &pages, &paths, &stop));
        Self {
            address,
            known,
            requested,
            stops,
            thread: Some(thread),
        }
    }

    /// Returns the root for `--api`.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until every page was requested.
    #[track_caller]
    pub(crate) fn wait(&self) {
        wait_until("every page is asked for", || {
            self.requested().len() == self.known.len()
        });
    }

    /// Waits until this page was requested.
    #[track_caller]
    pub(crate) fn wait_for(&self, page: &str) {
        wait_until(page, || self.requested().iter().any(|path| path == page));
    }

    /// Returns the requested paths, sorted and without duplicates.
    pub(crate) fn requested(&self) -> Vec<String> {
        let mut requested = self.requested.lock().expect("paths").clone();
        requested.sort_unstable();
        requested.dedup();
        requested
    }

    /// Stops the server and returns the requested paths without checking them.
    pub(crate) fn into_requested(mut self) -> Vec<String> {
        self.stop();
        self.requested()
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
            assert_eq!(
                self.requested(),
                self.known.keys().copied().collect::<Vec<_>>()
            );
        }
    }
}

fn serve(
    listener: &TcpListener,
    pages: &BTreeMap<&'static str, Reaction>,
    paths: &Arc<Mutex<Vec<String>>>,
    stops: &AtomicBool,
) {
    for connection in listener.incoming() {
        let mut connection = connection.expect("a connection");
        if stops.load(Ordering::SeqCst) {
            return;
        }
        let (pages, paths) = (pages.clone(), Arc::clone(paths));
        std::thread::spawn(move || {
            let Some(request) = read(&mut connection) else {
                return;
            };
            let path = request.path();
            paths.lock().expect("paths").push(path.to_owned());
            if let Some(reaction) = pages.get(path) {
                // In some tests the client closes the connection early.
                let _ = react(&mut connection, reaction.clone());
            }
        });
    }
}
