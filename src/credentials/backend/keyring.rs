//! The Keychain of macOS and the Credential Manager of Windows, both through the crate `keyring_core`.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error as KeyringError};

use super::{CredentialKey, Error, SERVICE};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;

/// The store of this system.
#[derive(Clone)]
pub(super) struct KeyringStore(Arc<CredentialStore>);

impl KeyringStore {
    /// Opens the store and looks up an entry that does not exist, because opening alone accesses neither store.
    pub(super) fn open(interactive: bool) -> Result<Self, Error> {
        let store = Self(system::store(interactive)?);
        let probe = CredentialKey {
            game: "none",
            origin: String::new(),
            username: String::new(),
            kind: "probe",
        };
        store.get(&probe).map(|_| store)
    }

    /// Opens the store without a dialog.
    pub(super) fn inspect() -> Result<Self, Error> {
        Self::open(false)
    }

    pub(super) fn contains(&self, key: &CredentialKey) -> Result<bool, Error> {
        Ok(self.get(key)?.is_some())
    }

    pub(super) fn get(&self, key: &CredentialKey) -> Result<Option<Secret>, Error> {
        optional(self.entry(key)?.get_password().map(Secret::new))
    }

    pub(super) fn set(&self, key: &CredentialKey, secret: &Secret) -> Result<(), Error> {
        Ok(self.entry(key)?.set_password(secret.reveal())?)
    }

    pub(super) fn remove(&self, key: &CredentialKey) -> Result<bool, Error> {
        optional(self.entry(key)?.delete_credential()).map(|removed| removed.is_some())
    }

    fn entry(&self, key: &CredentialKey) -> Result<Entry, Error> {
        let entry = key.entry();
        let target = format!("{SERVICE}|{entry}");
        let details = system::details(&target);
        Ok(self.0.build(SERVICE, &entry, details.as_ref())?)
    }
}

/// Returns `None` when there is no entry.
fn optional<T>(result: Result<T, KeyringError>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(KeyringError::NoEntry) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl From<KeyringError> for Error {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::PlatformFailure(cause) | KeyringError::NoStorageAccess(cause)
                if system::is_locked(&*cause) =>
            {
                Self::Locked
            }
            KeyringError::PlatformFailure(cause) if system::is_missing(&*cause) => Self::Missing,
            KeyringError::NoStorageAccess(_) | KeyringError::NoDefaultStore => Self::Missing,
            KeyringError::TooLong(..) => Self::TooLong,
            // Both contain the stored value.
            KeyringError::BadEncoding(value) | KeyringError::BadDataFormat(value, _) => {
                drop(zeroize::Zeroizing::new(value));
                Self::Failed("the stored value is not text".to_owned())
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
    use keyring_core::{CredentialStore, Error as KeyringError};
    use security_framework::base;
    use security_framework::os::macos::keychain::SecKeychain;

    /// `errSecInteractionNotAllowed`, `errSecInteractionRequired`, `errSecAuthFailed`, `errSecUserCanceled`.
    const LOCKED: &[i32] = &[-25_308, -25_315, -25_293, -128];

    /// `errSecNoDefaultKeychain`.
    const MISSING: &[i32] = &[-25_307];

    pub(super) fn store(interactive: bool) -> Result<Arc<CredentialStore>, KeyringError> {
        if !interactive && let Ok(no_dialogs) = SecKeychain::disable_user_interaction() {
            // No dialog is shown until the program ends.
            std::mem::forget(no_dialogs);
        }
        let store: Arc<CredentialStore> = keychain::Store::new()?;
        Ok(store)
    }

    /// The Keychain identifies an entry by its service and its account.
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

    use keyring_core::{CredentialStore, Error as KeyringError};

    pub(super) fn store(_interactive: bool) -> Result<Arc<CredentialStore>, KeyringError> {
        let store: Arc<CredentialStore> = windows_native_keyring_store::Store::new()?;
        Ok(store)
    }

    /// The Credential Manager identifies an entry by its target alone; `Local` keeps the entry on this machine.
    pub(super) fn details(target: &str) -> Option<HashMap<&str, &str>> {
        Some(HashMap::from([
            ("target", target),
            ("persistence", "Local"),
        ]))
    }

    /// The Credential Manager is unlocked while the user is logged on.
    pub(super) fn is_locked(_cause: &(dyn Error + 'static)) -> bool {
        false
    }

    /// A missing logon session is reported as `NoStorageAccess`.
    pub(super) fn is_missing(_cause: &(dyn Error + 'static)) -> bool {
        false
    }
}

/// A store in memory, so that the code shared by both systems is tested on every system.
#[cfg(not(any(target_os = "macos", windows)))]
mod system {
    use std::collections::HashMap;
    use std::error::Error;
    use std::sync::Arc;

    use keyring_core::{CredentialStore, Error as KeyringError, mock};

    pub(super) fn store(_interactive: bool) -> Result<Arc<CredentialStore>, KeyringError> {
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
