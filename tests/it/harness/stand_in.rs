//! The program's stand-in server in this process. A test fails when a request was a violation.

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

/// The stand-in servers, which record all requests.
struct Recorder {
    server: CombinedServer,
    seen: Arc<Mutex<Vec<ServerRequest>>>,
}

impl StandIn for Recorder {
    fn serves(&self, path: &str) -> bool {
        self.server.serves(path)
    }

    fn answer(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        self.seen.lock().expect("notes").push(request.clone());
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
    server: SharedServer<Recorder>,
    seen: Arc<Mutex<Vec<ServerRequest>>>,
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
        make: impl FnOnce(&str) -> CombinedServer + Send + 'static,
        acceptor: Option<TlsAcceptor>,
    ) -> Self {
        let secure = acceptor.is_some();
        let seen = Arc::<Mutex<Vec<ServerRequest>>>::default();
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
                let server = SharedServer::new(Recorder {
                    server,
                    seen: notes,
                });
                ready
                    .send((address, server.clone()))
                    .expect("the test waits");
                let serving = async {
                    loop {
                        let (connection, _) = listener.accept().await.expect("a connection");
                        // As real servers do: an answer does not wait for the client to confirm what came before it.
                        connection.set_nodelay(true).expect("a socket");
                        let (server, acceptor) = (server.clone(), acceptor.clone());
                        tokio::spawn(async move {
                            match acceptor {
                                None => server.serve(connection).await,
                                Some(acceptor) => {
                                    if let Ok(connection) = acceptor.accept(connection).await {
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
    pub(crate) fn requests(&self) -> Vec<ServerRequest> {
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
                self.server.violations(),
                Vec::<String>::new(),
                "wrong requests to the stand-in server"
            );
        }
    }
}

/// The program that the published game starts.
fn player() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_BIN_EXE_playcookie"))
}
