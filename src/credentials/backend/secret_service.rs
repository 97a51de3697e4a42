//! The Secret Service of Linux and the BSDs (gnome-keyring, `KeePassXC`, `KWallet`), over the session bus.

use std::collections::HashMap;
use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use dbus_secret_service::{EncryptionType, Item, SecretService};

use super::{CredentialKey, Error, SERVICE, TIMEOUT};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;

/// The content type that libsecret uses for a password. `KeePassXC` shows other types as attachments.
const PLAIN_TEXT: &str = "text/plain";

/// The errors of the session bus that mean that no secret service is running.
const MISSING: &[&str] = &[
    "BadAddress",
    "Disconnected",
    "FileNotFound",
    "NameHasNoOwner",
    "NoServer",
    "NotSupported",
    "ServiceUnknown",
    "UnknownInterface",
    "UnknownMethod",
    "UnknownObject",
];

/// A connection that never shows a prompt: the library returns an error instead.
#[derive(Clone)]
pub(super) struct SecretServiceStore(Arc<Mutex<SecretService>>);

impl SecretServiceStore {
    pub(super) fn open(_interactive: bool) -> Result<Self, Error> {
        let service = connect(0)?;
        ensure_unlocked(&service)?;
        Ok(Self(Arc::new(Mutex::new(service))))
    }

    /// Opens the store if its default keyring is unlocked.
    pub(super) fn inspect() -> Result<Self, Error> {
        let service = connect(0)?;
        if service.get_default_collection()?.is_locked()? {
            return Err(Error::Locked);
        }
        Ok(Self(Arc::new(Mutex::new(service))))
    }

    /// Whether there is an entry, locked or not.
    pub(super) fn contains(&self, key: &CredentialKey) -> Result<bool, Error> {
        let service = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = service.search_items(attributes(&key.entry()))?;
        Ok(!found.unlocked.is_empty() || !found.locked.is_empty())
    }

    pub(super) fn get(&self, key: &CredentialKey) -> Result<Option<Secret>, Error> {
        let service = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = find(&service, &key.entry())?;
        let first = found.first();
        first.map(|item| text(item.get_secret()?)).transpose()
    }

    pub(super) fn set(&self, key: &CredentialKey, secret: &Secret) -> Result<(), Error> {
        let service = self.connect_for_change()?;
        let (entry, value) = (key.entry(), secret.reveal().as_bytes());
        let found = find(&service, &entry)?;
        if found.is_empty() {
            let (label, replace) = (key.label(), true);
            service
                .get_default_collection()?
                .create_item(&label, attributes(&entry), value, replace, PLAIN_TEXT)
                .map_err(unconfirmed)?;
        }
        for item in found {
            item.set_secret(value, PLAIN_TEXT)?;
        }
        Ok(())
    }

    pub(super) fn remove(&self, key: &CredentialKey) -> Result<bool, Error> {
        let service = self.connect_for_change()?;
        let found = service.search_items(attributes(&key.entry()))?;
        if !found.locked.is_empty() {
            // A locked entry cannot be removed.
            return Err(Error::Locked);
        }
        for item in &found.unlocked {
            item.delete().map_err(unconfirmed)?;
        }
        Ok(!found.unlocked.is_empty())
    }

    /// Opens a connection that allows prompts. `KeePassXC` creates and deletes an entry through a prompt, even when it
    /// asks the user nothing. No prompt to unlock appears, because everything is unlocked before.
    fn connect_for_change(&self) -> Result<SecretService, Error> {
        ensure_unlocked(&self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        connect(TIMEOUT.as_secs())
    }
}

/// Connects to the service. A prompt may take `prompt_seconds`; with 0, no prompt is shown.
fn connect(prompt_seconds: u64) -> Result<SecretService, Error> {
    let address = env::var_os("DBUS_SESSION_BUS_ADDRESS");
    let runtime = env::var_os("XDG_RUNTIME_DIR");
    if !has_session_bus(address.as_deref(), runtime.as_deref().map(Path::new)) {
        return Err(Error::Missing);
    }
    Ok(SecretService::connect_with_max_prompt_timeout(
        EncryptionType::Dh,
        prompt_seconds,
    )?)
}

/// Returns whether a session bus is running. Without this check, libdbus may start one for an X11 session.
fn has_session_bus(address: Option<&OsStr>, runtime: Option<&Path>) -> bool {
    match address.filter(|address| !address.is_empty()) {
        Some(address) => !address.as_encoded_bytes().starts_with(b"autolaunch:"),
        None => runtime.is_some_and(|runtime| runtime.join("bus").exists()),
    }
}

/// Checks that the default keyring is unlocked. One without a password is unlocked here, which needs no prompt.
fn ensure_unlocked(service: &SecretService) -> Result<(), Error> {
    let collection = service.get_default_collection()?;
    if collection.is_locked()? {
        collection.unlock()?;
        if collection.is_locked()? {
            return Err(Error::Locked);
        }
    }
    Ok(())
}

/// Finds the entries with this name in all keyrings, because the default keyring may have changed.
fn find<'a>(service: &'a SecretService, entry: &str) -> Result<Vec<Item<'a>>, Error> {
    let found = service.search_items(attributes(entry))?;
    if found.unlocked.is_empty() && !found.locked.is_empty() {
        return Err(Error::Locked);
    }
    Ok(found.unlocked)
}

/// Converts an error of a change. Here `Prompt` does not mean that the keyring is locked, but that the user did not
/// confirm the change.
fn unconfirmed(error: dbus_secret_service::Error) -> Error {
    match error {
        dbus_secret_service::Error::Prompt => {
            Error::Failed("the change was not confirmed".to_owned())
        }
        other => other.into(),
    }
}

/// Returns the attributes that identify an entry. `secret-tool search service playcookie` lists all entries.
fn attributes(entry: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", entry)])
}

/// Converts a stored value to a secret. A value that is not text is zeroized.
fn text(value: Vec<u8>) -> Result<Secret, Error> {
    String::from_utf8(value).map(Secret::new).map_err(|error| {
        drop(zeroize::Zeroizing::new(error.into_bytes()));
        Error::Failed("the stored value is not text".to_owned())
    })
}

impl From<dbus_secret_service::Error> for Error {
    fn from(error: dbus_secret_service::Error) -> Self {
        use dbus_secret_service::Error as ServiceError;
        match error {
            ServiceError::Dbus(error) => from_dbus(
                error.name().unwrap_or_default(),
                error.message().unwrap_or_default(),
            ),
            // Both mean that a prompt is needed to unlock.
            ServiceError::Locked | ServiceError::Prompt => Self::Locked,
            // There is no default keyring.
            ServiceError::NoResult | ServiceError::Unavailable => Self::Missing,
            other => Self::Failed(clean(&other.to_string())),
        }
    }
}

/// Converts an error of the bus, or of the service on it, by its name.
fn from_dbus(name: &str, message: &str) -> Error {
    let kind = name.strip_prefix("org.freedesktop.DBus.Error.");
    match kind.unwrap_or(name) {
        "org.freedesktop.Secret.Error.IsLocked" => Error::Locked,
        "NoReply" | "Timeout" | "TimedOut" => Error::Timeout,
        kind if MISSING.contains(&kind) || kind.starts_with("Spawn.") => Error::Missing,
        _ => Error::Failed(clean(message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_bus_has_an_address_or_a_socket_in_the_runtime_directory() {
        let folder = tempfile::tempdir().expect("a folder");
        let has = |address: &str, runtime: Option<&Path>| {
            has_session_bus(Some(OsStr::new(address)), runtime)
        };
        assert!(has("unix:path=/run/user/1000/bus", None));
        assert!(!has("autolaunch:", None) && !has("autolaunch:scope=user", Some(folder.path())));
        assert!(!has_session_bus(None, None) && !has_session_bus(None, Some(folder.path())));
        std::fs::write(folder.path().join("bus"), "").expect("a file");
        assert!(has_session_bus(None, Some(folder.path())) && has("", Some(folder.path())));
    }

    #[test]
    fn a_value_that_is_not_text_is_refused_and_not_shown() {
        assert_eq!(text(b"hunter2".to_vec()), Ok(Secret::new("hunter2")));
        let refused = text(b"hunter2\xff".to_vec());
        assert_eq!(
            refused,
            Err(Error::Failed("the stored value is not text".to_owned()))
        );
    }

    #[test]
    fn each_error_of_the_bus_has_its_own_variant() {
        let dbus = |name: &str| {
            from_dbus(
                &format!("org.freedesktop.DBus.Error.{name}"),
                "\u{1b}[2Jno\n",
            )
        };
        assert_eq!(dbus("ServiceUnknown"), Error::Missing);
        assert_eq!(dbus("Spawn.ChildExited"), Error::Missing);
        assert_eq!(dbus("NoReply"), Error::Timeout);
        assert_eq!(dbus("AccessDenied"), Error::Failed("no".to_owned()));
        assert_eq!(
            from_dbus("org.freedesktop.Secret.Error.IsLocked", ""),
            Error::Locked
        );
        assert_eq!(from_dbus("", ""), Error::Failed(String::new()));
    }
}
