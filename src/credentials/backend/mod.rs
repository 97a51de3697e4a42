//! The one secret store: the Secret Service, the Keychain, or the Credential Manager; never a file.
//!
//! It is opened only when something is kept or looked up, answers within a few seconds or not at all, and shows no
//! prompt on Linux: whether to unlock is the person's business, in their own keyring program.

#[cfg(any(target_os = "macos", windows, test))]
#[cfg_attr(
    not(any(target_os = "macos", windows)),
    allow(dead_code, reason = "tested everywhere, used on two systems")
)]
mod entries;
mod key;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;

use std::time::Duration;

use crate::base::blocking;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;

pub use key::CredentialKey;
use system::Store;

#[cfg(any(target_os = "macos", windows))]
use entries as system;
#[cfg(all(unix, not(target_os = "macos")))]
use secret_service as system;

/// The service that every entry is filed under.
const SERVICE: &str = "playcookie";

/// How long a store may take to answer.
const LIMIT: Duration = Duration::from_secs(3);

/// The same where a person may be looking at the store's dialog.
const LIMIT_OF_A_DIALOG: Duration = Duration::from_mins(1);

/// The most bytes of one secret: what the Credential Manager takes.
const MOST: usize = 2_560;

/// Why the store could not do what it was asked to. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is none: no session bus, no service on it, no keyring in the service.
    #[error("no secret store was found")]
    Missing,
    /// It is there, and a person has to unlock it.
    #[error("the secret store is locked")]
    Locked,
    /// It did not answer in time.
    #[error("the secret store did not answer in time")]
    Silent,
    /// The secret is longer than some store takes.
    #[error("the secret is too long for a secret store: more than {MOST} bytes")]
    TooLong,
    /// Anything else, in the store's words.
    #[error("the secret store failed: {0}")]
    Failed(String),
}

impl Error {
    /// What a person can do about it.
    const fn hint(&self) -> &'static str {
        match self {
            Self::Missing if cfg!(target_os = "macos") => {
                "make a login keychain in Keychain Access, or do without: --password-command CMD, at a login also --no-save"
            }
            Self::Missing if cfg!(windows) => {
                "log on to Windows itself, not over a network, or do without: --password-command CMD, at a login also --no-save"
            }
            Self::Missing => {
                "install and start gnome-keyring, KeePassXC or KWallet, with a default keyring in it, or do without: \
                 --password-command CMD, at a login also --no-save"
            }
            Self::Locked if cfg!(any(target_os = "macos", windows)) => {
                "unlock it and run again, or do without: --password-command CMD, at a login also --no-save"
            }
            Self::Locked => {
                "unlock it in your keyring program and run again (KeePassXC may also have to let programs read without \
                 confirming), or do without: --password-command CMD, at a login also --no-save"
            }
            Self::Silent => {
                "see whether your keyring program waits for an answer, or do without: --password-command CMD, at a login also --no-save"
            }
            Self::TooLong => {
                "nothing was stored; do without: --password-command CMD, at a login also --no-save"
            }
            Self::Failed(_) => {
                "look into your keyring program, or do without: --password-command CMD, at a login also --no-save"
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(Reason::SecretStore, error.to_string(), error.hint())
    }
}

/// A store that has answered.
pub struct Backend {
    store: Store,
    limit: Duration,
}

impl Backend {
    /// Opens the store of this system and sees that it answers. `interactive` says that a person is at the terminal, who
    /// may be shown a dialog on macOS; elsewhere none appears.
    ///
    /// # Errors
    /// When there is no store, when it is locked, or when it does not answer within 3 s (60 s with a dialog).
    pub async fn open(interactive: bool) -> Result<Self, Error> {
        let limit = limit(interactive);
        let store = in_time(limit, move || Store::open(interactive)).await?;
        Ok(Self { store, limit })
    }

    /// What is stored under `key`, or nothing.
    ///
    /// # Errors
    /// When the store was locked since, went away, does not answer, or holds something that is not text.
    pub async fn get(&self, key: &CredentialKey) -> Result<Option<Secret>, Error> {
        let (store, key) = (self.store.clone(), key.clone());
        in_time(self.limit, move || store.get(&key)).await
    }

    /// Stores `secret` under `key`, in place of what was there.
    ///
    /// # Errors
    /// When the secret is longer than 2,560 bytes, and as [`Backend::get`].
    pub async fn set(&self, key: &CredentialKey, secret: &Secret) -> Result<(), Error> {
        if length(secret.reveal(), cfg!(windows)) > MOST {
            return Err(Error::TooLong);
        }
        let (store, key, secret) = (self.store.clone(), key.clone(), secret.clone());
        in_time(self.limit, move || store.set(&key, &secret)).await
    }

    /// Forgets what is stored under `key`; says whether there was something.
    ///
    /// # Errors
    /// As [`Backend::get`].
    pub async fn remove(&self, key: &CredentialKey) -> Result<bool, Error> {
        let (store, key) = (self.store.clone(), key.clone());
        in_time(self.limit, move || store.remove(&key)).await
    }
}

/// Asks the store on a thread, and only so long.
async fn in_time<T: Send + 'static>(
    limit: Duration,
    ask: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    clock::timeout(limit, blocking::run_on_thread(ask))
        .await
        .ok_or(Error::Silent)?
        .unwrap_or_else(|| Err(Error::Failed("it could not be asked".to_owned())))
}

const fn limit(interactive: bool) -> Duration {
    if interactive && cfg!(target_os = "macos") {
        LIMIT_OF_A_DIALOG
    } else {
        LIMIT
    }
}

/// The bytes that a store counts: Windows keeps UTF-16.
fn length(text: &str, wide: bool) -> usize {
    if wide {
        text.encode_utf16().count() * 2
    } else {
        text.len()
    }
}

#[cfg(test)]
mod tests;
