//! The stand-in server of `rehearse`, run in the test's process.
//!
//! The test fails when the stand-in has complaints about requests.

use std::net::SocketAddr;
use std::sync::mpsc;

use playcookie::stand_in::server::{SharedServer, listen};
use playcookie::stand_in::{
    CombinedServer, Scenario, ServerRequest, ServerResponse, StandIn, stand_in,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::HandshakeKind;

/// A stand-in server that records its requests.
struct RecordingServer {
    server: CombinedServer,
    requests: Arc<Mutex<Vec<ServerRequest>>>,
}

impl StandIn for RecordingServer {
    fn serves(&self, path: &str) -> bool {
        self.server.serves(path)
    }

    fn answer(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        self.requests
            .lock()
            .expect("requests")
            .push(request.clone());
        self.server.answer(request, now)
    }

    fn violations(&self) -> &[String] {
        self.server.violations()
    }
}

/// A stand-in server on loopback.
pub(crate) struct StandInServer {
    address: SocketAddr,
    secure: bool,
    server: SharedServer<RecordingServer>,
    requests: Arc<Mutex<Vec<ServerRequest>>>,
    connections: Arc<Mutex<Vec<Connection>>>,
    stop: Option<oneshot::Sender<()>>,
}

/// An accepted connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// Without TLS.
    Plain,
    /// With TLS and a full handshake.
    Full,
    /// With TLS and a resumed session.
    Resumed,
}

impl StandInServer {
    /// Starts a stand-in with HTTP.
    pub(crate) fn new(scenario: Scenario) -> Self {
        Self::with(move |address| stand_in(scenario, address, player()), None)
    }

    /// Starts a stand-in with HTTPS.
    pub(crate) fn secure(scenario: Scenario, acceptor: TlsAcceptor) -> Self {
        Self::with(
            move |address| stand_in(scenario, address, player()),
            Some(acceptor),
        )
    }

    /// Starts the stand-in that `make` returns for an address, with HTTPS if there is an acceptor.
    pub(crate) fn with(
        make: impl FnOnce(&str) -> CombinedServer + Send + 'static,
        acceptor: Option<TlsAcceptor>,
    ) -> Self {
        let secure = acceptor.is_some();
        let requests = Arc::<Mutex<Vec<ServerRequest>>>::default();
        let shared = Arc::clone(&requests);
        let connections = Arc::<Mutex<Vec<Connection>>>::default();
        let accepted = Arc::clone(&connections);
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
                let server = RecordingServer {
                    server,
                    requests: shared,
                };
                let server = SharedServer::new(server, address.port());
                ready
                    .send((address, server.clone()))
                    .expect("the test waits");
                let serving = async {
                    loop {
                        let (connection, _) = listener.accept().await.expect("a connection");
                        // Real servers disable Nagle's algorithm, too.
                        connection.set_nodelay(true).expect("a socket");
                        let (server, acceptor) = (server.clone(), acceptor.clone());
                        let accepted = Arc::clone(&accepted);
                        let record = move |kind| accepted.lock().expect("connections").push(kind);
                        tokio::spawn(async move {
                            match acceptor {
                                None => {
                                    record(Connection::Plain);
                                    server.serve(connection).await;
                                }
                                Some(acceptor) => {
                                    if let Ok(connection) = acceptor.accept(connection).await {
                                        record(match connection.get_ref().1.handshake_kind() {
                                            Some(HandshakeKind::Resumed) => Connection::Resumed,
                                            _ => Connection::Full,
                                        });
                                        server.serve(connection).await;
                                    }
                                }
                            }
                        });
                    }
                };
                tokio::select! { () = serving => {}, _ = stopped => {} }
            });
        });
        let (address, server) = address.recv().expect("the server is up");
        Self {
            address,
            secure,
            server,
            requests,
            connections,
            stop: Some(stop),
        }
    }

    /// Returns the root for `--api`.
    pub(crate) fn root(&self) -> String {
        format!(
            "http{}://{}",
            if self.secure { "s" } else { "" },
            self.address
        )
    }

    /// Returns the address of the game server in its tickets.
    pub(crate) fn gameserver(&self) -> String {
        self.address.to_string()
    }

    /// Returns the accepted connections.
    pub(crate) fn connections(&self) -> Vec<Connection> {
        self.connections.lock().expect("connections").clone()
    }

    /// Returns the received requests.
    pub(crate) fn requests(&self) -> Vec<ServerRequest> {
        self.requests.lock().expect("requests").clone()
    }
}

impl Drop for StandInServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if !std::thread::panicking() {
            assert_eq!(
                self.server.violations(),
                Vec::<String>::new(),
                "the stand-in has complaints"
            );
        }
    }
}

/// Returns the program that the published game starts.
fn player() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_BIN_EXE_playcookie"))
}
