//! The stand-in server of a rehearsal.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::base::base_url::BaseUrl;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::secret::MASK;
use crate::cli::rehearse::{Rehearse, Verb};
use crate::cli::values::GameName;
use crate::context::Context;
use crate::stand_in::{
    self, CombinedServer, Scenario, ServerRequest, ServerResponse, StandIn, server,
};
use crate::terminal::Terminal;
use crate::terminal::event::{EventKind, Subject};

/// The length of the queue when none is given.
const SHORT_QUEUE: u32 = 3;

/// The fields of requests that hold no secret.
const UNMASKED_FIELDS: [&str; 7] = [
    "username",
    "friendly",
    "email",
    "game",
    "env",
    "lang",
    "accept_marketing",
];

/// A stand-in server that runs until it is dropped.
pub(super) struct StandInServer {
    handle: server::SharedServer<ReportingServer>,
    pub(super) address: String,
    /// The requests that were answered.
    requests: UnboundedReceiver<EventKind>,
}

impl StandInServer {
    /// Starts a server at `port`, or at any free port when that is 0.
    ///
    /// # Errors
    /// When the port is taken, or this program cannot find itself.
    pub(super) async fn start(scenario: Scenario, port: u16) -> anyhow::Result<Self> {
        let (listener, address) = server::listen(port).await.map_err(|error| {
            Failure::new(
                Reason::Io,
                format!("the stand-in server cannot listen on this machine ({error})"),
                "name another port with --port N, or none",
            )
        })?;
        let (address, port) = (address.to_string(), address.port());
        let player = std::env::current_exe()?;
        let (reports, requests) = unbounded_channel();
        let server = stand_in::stand_in(scenario, &address, &player);
        let handle = server::SharedServer::new(ReportingServer { server, reports }, port);
        tokio::spawn(server::accept(listener, handle.clone()));
        Ok(Self {
            handle,
            address,
            requests,
        })
    }

    /// Prints each request, for ever.
    pub(super) async fn print_requests(&mut self, terminal: &Terminal, subject: &Subject) {
        while let Some(request) = self.requests.recv().await {
            terminal.event(&subject.event(request));
        }
    }

    /// Returns the root of its URLs.
    pub(super) fn base_url(&self) -> anyhow::Result<BaseUrl> {
        Ok(format!("http://{}", self.address).parse()?)
    }

    /// Prints the errors in the requests that it received.
    pub(super) fn print_complaints(&self, context: &Context) {
        for complaint in self.handle.violations() {
            let terminal = &context.terminal;
            terminal.warn(&format!("the stand-in server complains: {complaint}"));
        }
    }
}

/// Returns the scenario that was asked for, or one with everything that a login of the game passes.
pub(super) fn scenario(rehearse: &Rehearse) -> Scenario {
    let Rehearse {
        two_factor,
        queue,
        refuse,
        serve,
        ..
    } = *rehearse;
    let is_chosen = two_factor || queue.is_some() || refuse.reason.is_some() || serve;
    let (two_factor, queue) = match rehearse.game {
        _ if is_chosen => (two_factor, queue),
        // The approval of a device would end the rehearsal, and each player in the queue makes a pause longer.
        Some(GameName::Ttcc) => (false, Some(1)),
        _ => (true, Some(SHORT_QUEUE)),
    };
    let refuse = match &rehearse.verb {
        Some(Verb::Status(status)) => status.refuse,
        _ => refuse,
    };
    Scenario {
        two_factor,
        queue,
        refuse: refuse.reason.map(Into::into),
        published: rehearse.files.published.into(),
        fault: rehearse.files.faults.fault(),
    }
}

/// The stand-in servers, which report each request with its answer.
struct ReportingServer {
    server: CombinedServer,
    reports: UnboundedSender<EventKind>,
}

impl StandIn for ReportingServer {
    fn serves(&self, path: &str) -> bool {
        self.server.serves(path)
    }

    fn answer(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        let known = self.violations().len();
        let response = self.server.answer(request, now);
        let complaint = self.violations().get(known).cloned();
        // Only --serve prints reports.
        let _ = self.reports.send(EventKind::Request {
            method: clean(&request.method),
            path: clean(&request.path),
            fields: request.fields.iter().map(masked).collect(),
            status: response.status,
            complaint,
        });
        response
    }

    fn violations(&self) -> &[String] {
        self.server.violations()
    }
}

/// Returns a field of a request; its value is masked unless it is known to be no secret.
fn masked((name, value): &(String, String)) -> (String, String) {
    let value = if UNMASKED_FIELDS.contains(&name.as_str()) {
        clean(value)
    } else {
        MASK.to_owned()
    };
    (clean(name), value)
}
