//! The program's own stand-in server, in this process: stateful, and with a conscience.
//!
//! A test fails when the stand-in had anything to complain about, unless it asked for the complaints.

use std::net::SocketAddr;
use std::sync::mpsc;

use playcookie::stand_in::server::{Desk, listen};
use playcookie::stand_in::{Answer, Received, Scenario, Several, StandIn, stand_in};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

/// The stand-ins, and everything that it was sent.
struct Watched {
    server: Several,
    seen: Arc<Mutex<Vec<Received>>>,
}

impl StandIn for Watched {
    fn serves(&self, path: &str) -> bool {
        self.server.serves(path)
    }

    fn answer(&mut self, request: &Received, now: Duration) -> Answer {
        self.seen.lock().expect("notes").push(request.clone());
        self.server.answer(request, now)
    }

    fn complaints(&self) -> &[String] {
        self.server.complaints()
    }
}

/// A stand-in server on loopback.
pub(crate) struct StandInServer {
    address: SocketAddr,
    secure: bool,
    desk: Desk<Watched>,
    seen: Arc<Mutex<Vec<Received>>>,
    stop: Option<oneshot::Sender<()>>,
}

impl StandInServer {
    /// Plain http.
    pub(crate) fn new(scenario: Scenario) -> Self {
        Self::with(move |address| stand_in(scenario, address, player()), None)
    }

    /// https.
    pub(crate) fn secure(scenario: Scenario, acceptor: TlsAcceptor) -> Self {
        Self::with(
            move |address| stand_in(scenario, address, player()),
            Some(acceptor),
        )
    }

    /// The stand-ins that are made for its address, https where there is an acceptor.
    pub(crate) fn with(
        make: impl FnOnce(&str) -> Several + Send + 'static,
        acceptor: Option<TlsAcceptor>,
    ) -> Self {
        let secure = acceptor.is_some();
        let seen = Arc::<Mutex<Vec<Received>>>::default();
        let notes = Arc::clone(&seen);
        let (ready, address) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let (listener, address) = listen(0).await.expect("a port");
                let server = make(&address.to_string());
                let desk = Desk::new(Watched {
                    server,
                    seen: notes,
                });
                ready.send((address, desk.clone())).expect("the test waits");
                let serving = async {
                    loop {
                        let (connection, _) = listener.accept().await.expect("a connection");
                        // As real servers do: an answer does not wait for the client to confirm what came before it.
                        connection.set_nodelay(true).expect("a socket");
                        let (desk, acceptor) = (desk.clone(), acceptor.clone());
                        tokio::spawn(async move {
                            match acceptor {
                                None => desk.serve(connection).await,
                                Some(acceptor) => {
                                    if let Ok(connection) = acceptor.accept(connection).await {
                                        desk.serve(connection).await;
                                    }
                                }
                            }
                        });
                    }
                };
                tokio::select! { () = serving => {}, _ = stopped => {} }
            });
        });
        let (address, desk) = address.recv().expect("the server is up");
        Self {
            address,
            secure,
            desk,
            seen,
            stop: Some(stop),
        }
    }

    /// The root for `--api`.
    pub(crate) fn root(&self) -> String {
        format!(
            "http{}://{}",
            if self.secure { "s" } else { "" },
            self.address
        )
    }

    /// The game server that it sends games to.
    pub(crate) fn gameserver(&self) -> String {
        self.address.to_string()
    }

    /// The fields of each login request so far.
    pub(crate) fn requests(&self) -> Vec<Received> {
        self.seen.lock().expect("notes").clone()
    }
}

impl Drop for StandInServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if !std::thread::panicking() {
            assert_eq!(
                self.desk.complaints(),
                Vec::<String>::new(),
                "the stand-in complains"
            );
        }
    }
}

/// The program that the published game starts.
fn player() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_BIN_EXE_playcookie"))
}
