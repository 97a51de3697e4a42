//! Sending a request, and telling those who asked for details about it.

use crate::base::clock;
use crate::base::failure::Reason;
use crate::base::secret::Secret;
use crate::http::{Client, Error};
use crate::protocol::trace;
use crate::protocol::{Reply, Request};
use crate::terminal::Terminal;

/// What to do about a connection that was not made or lost.
pub(crate) const CHECK: &str =
    "check the connection, and HTTPS_PROXY if it is set; --timeout gives it more seconds";

/// The reason of the exit-status table for a request that had no whole answer.
pub(crate) const fn reason(error: &Error) -> Reason {
    match error {
        Error::TooLarge(_) | Error::NotHttp => Reason::NotUnderstood,
        _ => Reason::Network,
    }
}

/// Sends a request once. What was `typed` is masked in what is told of the answer.
pub(crate) async fn send(
    terminal: &Terminal,
    client: &Client,
    request: &Request,
    typed: &[Secret],
) -> Result<Reply, Error> {
    terminal.detail(2, || format!("> {}", trace::describe_request(request)));
    let before = clock::monotonic();
    let outcome = client.send(request).await;
    let taken = clock::monotonic().saturating_sub(before).as_millis();
    terminal.detail(1, || match &outcome {
        Ok(reply) => format!("{}: HTTP {} after {taken} ms", request.path, reply.status),
        Err(error) => format!("{}: {error} after {taken} ms", request.path),
    });
    if let Ok(reply) = &outcome {
        terminal.detail(2, || format!("< {}", trace::describe_reply(reply, typed)));
    }
    outcome
}
