//! A token that is not kept is made worthless: once the game has what it needs, or when the login did not get there.

use std::rc::Rc;
use std::time::Duration;

use crate::base::clock;
use crate::endpoint::exchange;
use crate::http::Client;
use crate::protocol::Request;
use crate::terminal::Terminal;

/// The longest that a program which was told to stop stays for a farewell.
const REVOKE_TIMEOUT: Duration = Duration::from_secs(2);

/// The farewell that is owed to a server, if any.
#[derive(Debug, Default)]
pub(crate) struct PendingRevocation {
    client: Option<Rc<Client>>,
    request: Option<Request>,
}

impl PendingRevocation {
    /// Farewells go through this client.
    pub(crate) fn through(&mut self, client: Rc<Client>) {
        self.client = Some(client);
    }

    /// A farewell is owed.
    pub(crate) fn owe(&mut self, request: Request) {
        self.request = Some(request);
    }

    /// Nothing else is owed than this.
    pub(crate) fn owe_only(&mut self, request: Option<Request>) {
        self.request = request;
    }

    /// Says it, once; a server that does not listen is mentioned and is no failure.
    pub(crate) async fn revoke(&mut self, terminal: &Terminal) {
        let (Some(client), Some(request)) = (&self.client, self.request.take()) else {
            return;
        };
        terminal.detail(1, || {
            "a launcher token that is not kept is revoked".to_owned()
        });
        revoke(terminal, client, &request, REVOKE_TIMEOUT).await;
    }
}

/// Makes a token worthless; gives whether the server did. One that does not is mentioned, and is no failure.
pub(crate) async fn revoke(
    terminal: &Terminal,
    client: &Client,
    request: &Request,
    wait_limits: Duration,
) -> bool {
    let said = clock::timeout(wait_limits, exchange::send(terminal, client, request, &[])).await;
    // A token that the server knows no more is as good as revoked.
    let is_done =
        said.is_some_and(|reply| reply.is_ok_and(|it| it.status < 300 || it.status == 401));
    if !is_done {
        terminal.warn(
            "the launcher token could not be revoked; the account's page on the website lists it",
        );
    }
    is_done
}
