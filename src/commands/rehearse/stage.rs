//! The stand-in of a rehearsal, up as long as that lasts.

use crate::base::failure::{Failure, Reason};
use crate::cli::rehearse::Rehearse;
use crate::cli::values::GameName;
use crate::context::Context;
use crate::http::Root;
use crate::stand_in;
use crate::stand_in::{CombinedServer, Scenario, server};

/// Players in front when nothing else was asked for.
const SHORT_LINE: u32 = 3;

/// A stand-in that is up.
pub(crate) struct Stage {
    server: server::SharedServer<CombinedServer>,
    pub(crate) address: String,
}

impl Stage {
    /// One where `scenario` happens, at `port` or any free one.
    ///
    /// # Errors
    /// When the port is taken, or this program cannot find itself.
    pub(crate) async fn open(scenario: Scenario, port: u16) -> anyhow::Result<Self> {
        let (listener, address) = server::listen(port).await.map_err(|error| {
            let message = format!("the stand-in server cannot listen on this machine ({error})");
            Failure::new(
                Reason::Io,
                message,
                "name another port with --port N, or none",
            )
        })?;
        let address = address.to_string();
        let player = std::env::current_exe()?;
        let server = server::SharedServer::new(stand_in::stand_in(scenario, &address, &player));
        tokio::spawn(server::accept(listener, server.clone()));
        Ok(Self { server, address })
    }

    /// Where its answers come from.
    ///
    /// # Errors
    /// When its address is none.
    pub(crate) fn root(&self) -> anyhow::Result<Root> {
        Ok(format!("http://{}", self.address).parse()?)
    }

    /// Tells what was wrong with what it was asked.
    pub(crate) fn complain(&self, context: &Context) {
        for violation in self.server.violations() {
            context.terminal.warn(&format!(
                "wrong request to the stand-in server: {violation}"
            ));
        }
    }
}

/// What happens: what was asked for, else everything once that the game's login goes on from.
pub(crate) fn scenario(rehearse: &Rehearse) -> Scenario {
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
        // A place that has to be approved first would end the rehearsal, and each one in front is a longer pause.
        Some(GameName::Ttcc) => Scenario {
            queue: Some(1),
            ..files
        },
        _ => Scenario {
            two_factor: true,
            queue: Some(SHORT_LINE),
            ..files
        },
    }
}
