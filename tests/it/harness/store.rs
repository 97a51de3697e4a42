//! Direct access to the secret store of a test.

use playcookie::base::secret::Secret;
use playcookie::credentials::backend::{Backend, CredentialKey};

use super::session::with_a_keyring;
use super::{Home, Program};

/// The secrets of one account in the store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoredSecrets<'a> {
    pub(crate) game: &'static str,
    pub(crate) username: &'a str,
    pub(crate) root: &'a str,
}

impl StoredSecrets<'_> {
    fn key(self, kind: &'static str) -> CredentialKey {
        CredentialKey {
            game: self.game,
            origin: self.root.to_owned(),
            username: self.username.to_owned(),
            kind,
        }
    }

    /// Stores a secret.
    pub(crate) async fn set(self, kind: &'static str, secret: &str) {
        let store = Backend::open(false).await.expect("an open store");
        let secret = Secret::new(secret);
        store.set(&self.key(kind), &secret).await.expect("stored");
    }

    /// Returns a secret of the store.
    pub(crate) async fn get(self, kind: &'static str) -> Option<String> {
        let store = Backend::open(false).await.expect("an open store");
        let secret = store.get(&self.key(kind)).await.expect("an answer");
        secret.map(|secret| secret.reveal().to_owned())
    }
}

impl Program {
    /// Uses the session bus of this test.
    pub(crate) fn on_the_bus(self) -> Self {
        let bus = "DBUS_SESSION_BUS_ADDRESS";
        let address = std::env::var(bus).expect("a bus");
        self.env(bus, address)
    }
}

/// Runs `act` with an empty home and an unlocked secret store. `test` is the path of the calling test.
pub(crate) fn with_a_store(test: &str, act: impl AsyncFnOnce(Home)) {
    with_a_keyring(test, async |session| {
        let _keyring = session.unlocked();
        act(Home::new()).await;
    });
}
