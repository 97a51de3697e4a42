//! Access to the secret store of a test.

use playcookie::base::secret::Secret;
use playcookie::credentials::backend::{Backend, CredentialKey};

use super::session::with_a_keyring;
use super::{Home, Program};

/// The account and the server of a secret.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner<'a> {
    pub(crate) game: &'static str,
    pub(crate) username: &'a str,
    pub(crate) root: &'a str,
}

impl Owner<'_> {
    fn key(self, part: &'static str) -> CredentialKey {
        CredentialKey {
            game: self.game,
            origin: self.root.to_owned(),
            username: self.username.to_owned(),
            kind: part,
        }
    }

    /// Stores a secret.
    pub(crate) async fn keep(self, part: &'static str, secret: &str) {
        let vault = Backend::open(false).await.expect("an open store");
        let secret = Secret::new(secret);
        vault.set(&self.key(part), &secret).await.expect("it keeps");
    }

    /// Returns a stored secret.
    pub(crate) async fn kept(self, part: &'static str) -> Option<String> {
        let vault = Backend::open(false).await.expect("an open store");
        let secret = vault.get(&self.key(part)).await.expect("an answer");
        secret.map(|secret| secret.reveal().to_owned())
    }
}

impl Program {
    /// Runs the program on the session bus of this test.
    pub(crate) fn on_the_bus(self) -> Self {
        let bus = "DBUS_SESSION_BUS_ADDRESS";
        let address = std::env::var(bus).expect("a bus");
        self.env(bus, address)
    }
}

/// Runs `act` in an empty home with an unlocked secret store. `test` is the path of the calling test.
pub(crate) fn with_a_store(test: &str, act: impl AsyncFnOnce(Home)) {
    with_a_keyring(test, async |session| {
        let _keyring = session.unlocked();
        act(Home::new()).await;
    });
}
