//! A token that is not kept is made worthless: once the game has what it needs, or when the login did not get there.

use std::rc::Rc;
use std::time::Duration;

use crate::clock;
use crate::http::Client;
use crate::login::Request;
use crate::terminal::Terminal;

/// The longest that a program which was told to stop stays for a farewell.
const LAST_WORD: Duration = Duration::from_secs(2);

/// The farewell that is owed to a server, if any.
#[derive(Debug, Default)]
pub(super) struct Parting {
    client: Option<Rc<Client>>,
    request: Option<Request>,
}

impl Parting {
    /// Farewells go through this client.
    pub(super) fn through(&mut self, client: Rc<Client>) {
        self.client = Some(client);
    }

    /// A farewell is owed.
    pub(super) fn owe(&mut self, request: Request) {
        self.request = Some(request);
    }

    /// Says it, once; a server that does not listen is mentioned and is no failure.
    pub(super) async fn say(&mut self, terminal: &Terminal) {
        let (Some(client), Some(request)) = (&self.client, self.request.take()) else {
            return;
        };
        terminal.detail(1, || {
            "the launcher token is not kept, so it is revoked".to_owned()
        });
        let said = clock::within(LAST_WORD, client.send(&request)).await;
        if !said.is_some_and(|reply| reply.is_ok_and(|reply| reply.status < 300)) {
            terminal.warn("the launcher token could not be revoked; the account's page on the website lists it");
        }
    }
}
