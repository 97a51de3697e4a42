//! The stand-in server of a rehearsal.

use crate::base::failure::{Failure, Reason};
use crate::cli::rehearse::Rehearse;
use crate::cli::values::GameName;
use crate::context::Context;
use crate::http::BaseUrl;
use crate::stand_in::{self, CombinedServer, Scenario, server};

/// How many players are in front in the queue when nothing else was asked for.
const SHORT_QUEUE: u32 = 3;

/// A stand-in server that runs until it is dropped.
pub(super) struct StandInServer {
    server: server::SharedServer<CombinedServer>,
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
        let address = address.to_string();
        let player = std::env::current_exe()?;
        let server = server::SharedServer::new(stand_in::stand_in(scenario, &address, &player));
        tokio::spawn(server::accept(listener, server.clone()));
        Ok(Self { server, address })
    }

    /// Returns the root of its URLs.
    pub(super) fn base_url(&self) -> anyhow::Result<BaseUrl> {
        Ok(format!("http://{}", self.address).parse()?)
    }

    /// Prints what was wrong with the requests that it received.
    pub(super) fn print_complaints(&self, context: &Context) {
        for complaint in self.server.violations() {
            let terminal = &context.terminal;
            terminal.warn(&format!("the stand-in server complains: {complaint}"));
        }
    }
}

/// Returns what happens: what was asked for, else everything that a login of the game can survive, once.
pub(super) fn scenario(rehearse: &Rehearse) -> Scenario {
    let Rehearse {
        two_factor,
        queue,
        refuse,
        serve,
        ..
    } = *rehearse;
    let files = Scenario {
        published: rehearse.files.published.into(),
        fault: rehearse.files.faults.fault(),
        ..Scenario::default()
    };
    if two_factor || queue.is_some() || refuse || serve {
        return Scenario {
            two_factor,
            queue,
            refuse,
            ..files
        };
    }
    match rehearse.game {
        // Approving the device would end the rehearsal, and each player in front makes a pause longer.
        Some(GameName::Ttcc) => Scenario {
            queue: Some(1),
            ..files
        },
        _ => Scenario {
            two_factor: true,
            queue: Some(SHORT_QUEUE),
            ..files
        },
    }
}
