//! The stand-in server of a rehearsal.

use crate::base::base_url::BaseUrl;
use crate::base::failure::{Failure, Reason};
use crate::cli::rehearse::Rehearse;
use crate::cli::values::GameName;
use crate::context::Context;
use crate::stand_in::{self, CombinedServer, Scenario, server};

/// The length of the queue when none is given.
const SHORT_QUEUE: u32 = 3;

/// A stand-in server that runs until it is dropped.
pub(super) struct StandInServer {
    handle: server::SharedServer<CombinedServer>,
    pub(super) address: String,
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
        let stand_in = stand_in::stand_in(scenario, &address, &player);
        let handle = server::SharedServer::new(stand_in, port);
        tokio::spawn(server::accept(listener, handle.clone()));
        Ok(Self { handle, address })
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
    let is_chosen = two_factor || queue.is_some() || refuse || serve;
    let (two_factor, queue) = match rehearse.game {
        _ if is_chosen => (two_factor, queue),
        // The approval of a device would end the rehearsal, and each player in the queue makes a pause longer.
        Some(GameName::Ttcc) => (false, Some(1)),
        _ => (true, Some(SHORT_QUEUE)),
    };
    Scenario {
        two_factor,
        queue,
        refuse,
        published: rehearse.files.published.into(),
        fault: rehearse.files.faults.fault(),
    }
}
