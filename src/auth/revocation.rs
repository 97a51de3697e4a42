//! Revoking launcher tokens that are not stored.

use std::rc::Rc;
use std::time::Duration;

use crate::base::clock;
use crate::endpoint::Endpoint;
use crate::protocol::Request;
use crate::terminal::Terminal;

/// How long revoking a token may take after a login or an interrupt.
const REVOKE_TIMEOUT: Duration = Duration::from_secs(2);

/// The token of one login that must be revoked when the login ends, however it ends.
#[derive(Debug)]
pub(crate) struct PendingRevocation {
    endpoint: Rc<Endpoint>,
    request: Option<Request>,
}

impl PendingRevocation {
    /// Nothing has to be revoked yet.
    pub(crate) const fn new(endpoint: Rc<Endpoint>) -> Self {
        Self {
            endpoint,
            request: None,
        }
    }

    /// Sets the request that revokes the token, or that there is none to revoke.
    pub(crate) fn set(&mut self, request: Option<Request>) {
        self.request = request;
    }

    /// Revokes the token, once. A failure is printed, and fails nothing.
    pub(crate) async fn revoke(&mut self, terminal: &Terminal) {
        let Some(request) = self.request.take() else {
            return;
        };
        terminal.detail(1, || {
            "a launcher token that is not stored is revoked".to_owned()
        });
        revoke(terminal, &self.endpoint, &request, REVOKE_TIMEOUT).await;
    }
}

/// Sends the request that revokes a token, and returns whether the server revoked it. A failure is printed.
pub(crate) async fn revoke(
    terminal: &Terminal,
    endpoint: &Endpoint,
    request: &Request,
    timeout: Duration,
) -> bool {
    let reply = clock::timeout(timeout, endpoint.send(request, &[])).await;
    // A token that the server does not know is as good as revoked.
    let is_revoked =
        reply.is_some_and(|reply| reply.is_ok_and(|it| it.status < 300 || it.status == 401));
    if !is_revoked {
        terminal.warn(
            "the launcher token could not be revoked; the account's page on the website lists it",
        );
    }
    is_revoked
}
