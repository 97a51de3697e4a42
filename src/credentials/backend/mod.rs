//! Access to the secret store of the system: the Secret Service, the Keychain or the Credential Manager; never a file.
//!
//! Every call to the store has a time limit. On Linux no prompt of the store is shown: the user unlocks it in a keyring
//! program.

mod credential_key;
#[cfg(any(target_os = "macos", windows, test))]
#[cfg_attr(
    not(any(target_os = "macos", windows)),
    allow(dead_code, reason = "tested everywhere, used on two systems")
)]
mod keyring;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;

use std::time::Duration;

use crate::base::blocking;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;

pub use credential_key::CredentialKey;
#[cfg(any(target_os = "macos", windows))]
use keyring::KeyringStore as SystemStore;
#[cfg(all(unix, not(target_os = "macos")))]
use secret_service::SecretServiceStore as SystemStore;

/// The service name of every entry.
const SERVICE: &str = "playcookie";

/// The name of the system's store.
pub(crate) const STORE_NAME: &str = if cfg!(target_os = "macos") {
    "Keychain"
} else if cfg!(windows) {
    "Credential Manager"
} else {
    "Secret Service"
};

/// How long the store may take to answer.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How long the store may take to answer when it may show a dialog.
const DIALOG_TIMEOUT: Duration = Duration::from_mins(1);

/// The size limit of a secret in bytes, which is that of the Credential Manager.
const MAX_LENGTH: usize = 2_560;

/// The end of every hint: what works without a secret store.
pub(crate) const OTHER_WAYS: &str = ", or use --password-command CMD, and --no-save at a login";

/// An error of the secret store. Contains no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no store: no session bus, no service on the bus, or no keyring in the service.
    #[error("no secret store was found")]
    Missing,
    /// The store is locked, and the user has to unlock it.
    #[error("the secret store is locked")]
    Locked,
    /// The store did not answer in time.
    #[error("the secret store did not answer in time")]
    Timeout,
    /// The secret exceeds the size limit.
    #[error("the secret is too long for a secret store: more than {MAX_LENGTH} bytes")]
    TooLong,
    /// Any other error, with the message of the store.
    #[error("the secret store failed: {0}")]
    Failed(String),
}

impl Error {
    /// Returns what the user can do about the error, apart from [`OTHER_WAYS`].
    const fn hint(&self) -> &'static str {
        match self {
            Self::Missing if cfg!(target_os = "macos") => {
                "create a login keychain in Keychain Access"
            }
            Self::Missing if cfg!(windows) => "log on to Windows itself, not over a network",
            Self::Missing => {
                "install and start gnome-keyring, KeePassXC or KWallet, with a default keyring in it"
            }
            Self::Locked if cfg!(any(target_os = "macos", windows)) => "unlock it and run again",
            Self::Locked => {
                "unlock it in your keyring program and run again (in KeePassXC, also allow programs to read without \
                 confirmation)"
            }
            Self::Timeout => "check whether your keyring program is waiting for an answer",
            Self::TooLong => "store a shorter one",
            Self::Failed(_) => "check your keyring program",
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let hint = [error.hint(), OTHER_WAYS].concat();
        Self::new(Reason::SecretStore, error.to_string(), hint)
    }
}

/// An open secret store.
pub struct Backend {
    store: SystemStore,
    timeout: Duration,
}

impl Backend {
    /// Opens the store of this system and checks that it answers. With `interactive`, macOS may show a dialog.
    ///
    /// # Errors
    /// When there is no store, when it is locked, or when it does not answer within 3 s (60 s with a dialog).
    pub async fn open(interactive: bool) -> Result<Self, Error> {
        let timeout = timeout(interactive);
        let store = call(timeout, move || SystemStore::open(interactive)).await?;
        Ok(Self { store, timeout })
    }

    /// Opens the store of this system without unlocking it and without a dialog.
    ///
    /// # Errors
    /// As [`Backend::open`].
    pub async fn inspect() -> Result<Self, Error> {
        let store = call(TIMEOUT, SystemStore::inspect).await?;
        let timeout = TIMEOUT;
        Ok(Self { store, timeout })
    }

    /// Returns whether a secret is stored under `key`, without reading it where the store allows that.
    ///
    /// # Errors
    /// As [`Backend::get`].
    pub async fn contains(&self, key: &CredentialKey) -> Result<bool, Error> {
        let (store, key) = (self.store.clone(), key.clone());
        call(self.timeout, move || store.contains(&key)).await
    }

    /// Returns the secret stored under `key`, or `None`.
    ///
    /// # Errors
    /// When the store is locked, is gone, does not answer in time, or contains something that is not text.
    pub async fn get(&self, key: &CredentialKey) -> Result<Option<Secret>, Error> {
        let (store, key) = (self.store.clone(), key.clone());
        call(self.timeout, move || store.get(&key)).await
    }

    /// Stores `secret` under `key` and replaces an older secret.
    ///
    /// # Errors
    /// When the secret is longer than 2,560 bytes, and as [`Backend::get`].
    pub async fn set(&self, key: &CredentialKey, secret: &Secret) -> Result<(), Error> {
        if length(secret.reveal(), cfg!(windows)) > MAX_LENGTH {
            return Err(Error::TooLong);
        }
        let (store, key, secret) = (self.store.clone(), key.clone(), secret.clone());
        call(self.timeout, move || store.set(&key, &secret)).await
    }

    /// Removes the secret stored under `key`. Returns whether there was one.
    ///
    /// # Errors
    /// As [`Backend::get`].
    pub async fn remove(&self, key: &CredentialKey) -> Result<bool, Error> {
        let (store, key) = (self.store.clone(), key.clone());
        call(self.timeout, move || store.remove(&key)).await
    }
}

/// Calls the store on a thread of its own and waits for at most `timeout`.
async fn call<T: Send + 'static>(
    timeout: Duration,
    request: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    clock::timeout(timeout, blocking::run_on_thread(request))
        .await
        .ok_or(Error::Timeout)?
        .unwrap_or_else(|error| Err(Error::Failed(error.to_string())))
}

const fn timeout(interactive: bool) -> Duration {
    if interactive && cfg!(target_os = "macos") {
        DIALOG_TIMEOUT
    } else {
        TIMEOUT
    }
}

/// Returns the size in bytes as the store counts it: the Credential Manager stores UTF-16 (`is_utf16`).
fn length(text: &str, is_utf16: bool) -> usize {
    if is_utf16 {
        text.encode_utf16().count() * 2
    } else {
        text.len()
    }
}

#[cfg(test)]
mod tests;
