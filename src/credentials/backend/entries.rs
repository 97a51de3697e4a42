//! The Keychain of macOS and the Credential Manager of Windows, which are asked in the same words.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error as Theirs};

use super::{CredentialKey, Error, SERVICE};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;

/// The store of this system.
#[derive(Clone)]
pub(super) struct Store(Arc<CredentialStore>);

impl Store {
    /// Opens it, and looks for an entry that is never there: both stores open without touching anything.
    pub(super) fn open(interactive: bool) -> Result<Self, Error> {
        let store = Self(system::store(interactive)?);
        let probe = CredentialKey {
            game: "none",
            origin: String::new(),
            account: String::new(),
            part: "probe",
        };
        store.get(&probe).map(|_| store)
    }

    pub(super) fn get(&self, key: &CredentialKey) -> Result<Option<Secret>, Error> {
        present(self.entry(key)?.get_password().map(Secret::new))
    }

    pub(super) fn set(&self, key: &CredentialKey, secret: &Secret) -> Result<(), Error> {
        Ok(self.entry(key)?.set_password(secret.reveal())?)
    }

    pub(super) fn remove(&self, key: &CredentialKey) -> Result<bool, Error> {
        present(self.entry(key)?.delete_credential()).map(|removed| removed.is_some())
    }

    fn entry(&self, key: &CredentialKey) -> Result<Entry, Error> {
        let entry = key.entry();
        let target = format!("{SERVICE}|{entry}");
        let details = system::details(&target);
        Ok(self.0.build(SERVICE, &entry, details.as_ref())?)
    }
}

/// Nothing where there is no entry.
fn present<T>(answer: Result<T, Theirs>) -> Result<Option<T>, Error> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(Theirs::NoEntry) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl From<Theirs> for Error {
    fn from(error: Theirs) -> Self {
        match error {
            Theirs::PlatformFailure(cause) | Theirs::NoStorageAccess(cause)
                if system::is_locked(&*cause) =>
            {
                Self::Locked
            }
            Theirs::PlatformFailure(cause) if system::is_missing(&*cause) => Self::Missing,
            Theirs::NoStorageAccess(_) | Theirs::NoDefaultStore => Self::Missing,
            Theirs::TooLong(..) => Self::TooLong,
            // Holds the value itself.
            Theirs::BadEncoding(value) | Theirs::BadDataFormat(value, _) => {
                drop(zeroize::Zeroizing::new(value));
                Self::Failed("what is stored is not text".to_owned())
            }
            other => Self::Failed(clean(&other.to_string())),
        }
    }
}

#[cfg(target_os = "macos")]
mod system {
    use std::collections::HashMap;
    use std::error::Error;
    use std::sync::Arc;

    use apple_native_keyring_store::keychain;
    use keyring_core::{CredentialStore, Error as Theirs};
    use security_framework::base;
    use security_framework::os::macos::keychain::SecKeychain;

    /// `errSecInteractionNotAllowed`, `errSecInteractionRequired`, `errSecAuthFailed`, `errSecUserCanceled`.
    const LOCKED: &[i32] = &[-25_308, -25_315, -25_293, -128];

    /// `errSecNoDefaultKeychain`.
    const MISSING: &[i32] = &[-25_307];

    pub(super) fn store(interactive: bool) -> Result<Arc<CredentialStore>, Theirs> {
        if !interactive && let Ok(no_dialogs) = SecKeychain::disable_user_interaction() {
            // Nobody is looking, for as long as the program runs.
            std::mem::forget(no_dialogs);
        }
        let store: Arc<CredentialStore> = keychain::Store::new()?;
        Ok(store)
    }

    /// The Keychain files an entry under its service and its account.
    pub(super) fn details(_target: &str) -> Option<HashMap<&str, &str>> {
        None
    }

    pub(super) fn is_locked(cause: &(dyn Error + 'static)) -> bool {
        has_code(cause, LOCKED)
    }

    pub(super) fn is_missing(cause: &(dyn Error + 'static)) -> bool {
        has_code(cause, MISSING)
    }

    fn has_code(cause: &(dyn Error + 'static), codes: &[i32]) -> bool {
        cause
            .downcast_ref::<base::Error>()
            .is_some_and(|error| codes.contains(&error.code()))
    }
}

#[cfg(windows)]
mod system {
    use std::collections::HashMap;
    use std::error::Error;
    use std::sync::Arc;

    use keyring_core::{CredentialStore, Error as Theirs};

    pub(super) fn store(_interactive: bool) -> Result<Arc<CredentialStore>, Theirs> {
        let store: Arc<CredentialStore> = windows_native_keyring_store::Store::new()?;
        Ok(store)
    }

    /// The Credential Manager files an entry under its target alone, and keeps it on this machine.
    pub(super) fn details(target: &str) -> Option<HashMap<&str, &str>> {
        Some(HashMap::from([
            ("target", target),
            ("persistence", "Local"),
        ]))
    }

    /// It is open for as long as the person is logged on.
    pub(super) fn is_locked(_cause: &(dyn Error + 'static)) -> bool {
        false
    }

    /// A missing logon session has an error of its own.
    pub(super) fn is_missing(_cause: &(dyn Error + 'static)) -> bool {
        false
    }
}

/// A store in memory, so that what both systems share is tested on every system.
#[cfg(not(any(target_os = "macos", windows)))]
mod system {
    use std::collections::HashMap;
    use std::error::Error;
    use std::sync::Arc;

    use keyring_core::{CredentialStore, Error as Theirs, mock};

    pub(super) fn store(_interactive: bool) -> Result<Arc<CredentialStore>, Theirs> {
        let store: Arc<CredentialStore> = mock::Store::new()?;
        Ok(store)
    }

    pub(super) fn details(_target: &str) -> Option<HashMap<&str, &str>> {
        None
    }

    pub(super) fn is_locked(cause: &(dyn Error + 'static)) -> bool {
        cause.to_string() == "locked"
    }

    pub(super) fn is_missing(cause: &(dyn Error + 'static)) -> bool {
        cause.to_string() == "missing"
    }
}
