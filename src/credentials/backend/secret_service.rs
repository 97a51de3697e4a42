//! The Secret Service of Linux and the BSDs (gnome-keyring, `KeePassXC`, `KWallet`), over the session bus.

use std::collections::HashMap;
use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use dbus_secret_service::{EncryptionType, Item, SecretService};

use super::{CredentialKey, Error, LIMIT, SERVICE};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;

/// The type that libsecret gives a password; `KeePassXC` shows others as attachments.
const PLAIN_TEXT: &str = "text/plain";

/// What the session bus says when nobody there keeps secrets.
const NOBODY_THERE: &[&str] = &[
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

/// A connection on which no prompt is ever shown: the library gives up before it would ask for one.
#[derive(Clone)]
pub(super) struct Store(Arc<Mutex<SecretService>>);

impl Store {
    pub(super) fn open(_interactive: bool) -> Result<Self, Error> {
        let service = connect(0)?;
        see_that_it_is_open(&service)?;
        Ok(Self(Arc::new(Mutex::new(service))))
    }

    pub(super) fn get(&self, key: &CredentialKey) -> Result<Option<Secret>, Error> {
        let service = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = find(&service, &key.entry())?;
        let first = found.first();
        first.map(|item| text(item.get_secret()?)).transpose()
    }

    pub(super) fn set(&self, key: &CredentialKey, secret: &Secret) -> Result<(), Error> {
        let service = self.to_change()?;
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
        let service = self.to_change()?;
        let found = service.search_items(attributes(&key.entry()))?;
        if !found.locked.is_empty() {
            // One that is left would not be forgotten.
            return Err(Error::Locked);
        }
        for item in &found.unlocked {
            item.delete().map_err(unconfirmed)?;
        }
        Ok(!found.unlocked.is_empty())
    }

    /// A connection for a change. `KeePassXC` makes and deletes an entry in the guise of a prompt, even when it asks
    /// nothing, so that prompts must be let through; one for unlocking does not come up, since all is unlocked.
    fn to_change(&self) -> Result<SecretService, Error> {
        see_that_it_is_open(&self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        connect(LIMIT.as_secs())
    }
}

/// Connects; prompts are waited for that long, and with 0 not even shown.
fn connect(seconds_for_a_prompt: u64) -> Result<SecretService, Error> {
    let address = env::var_os("DBUS_SESSION_BUS_ADDRESS");
    let runtime = env::var_os("XDG_RUNTIME_DIR");
    if !has_a_bus(address.as_deref(), runtime.as_deref().map(Path::new)) {
        return Err(Error::Missing);
    }
    Ok(SecretService::connect_with_max_prompt_timeout(
        EncryptionType::Dh,
        seconds_for_a_prompt,
    )?)
}

/// Whether a session bus is there to be asked. Without one, libdbus may start one for an X11 session.
fn has_a_bus(address: Option<&OsStr>, runtime: Option<&Path>) -> bool {
    match address.filter(|address| !address.is_empty()) {
        Some(address) => !address.as_encoded_bytes().starts_with(b"autolaunch:"),
        None => runtime.is_some_and(|runtime| runtime.join("bus").exists()),
    }
}

/// Sees that new entries could be made. What has no password is unlocked, which needs no prompt.
fn see_that_it_is_open(service: &SecretService) -> Result<(), Error> {
    let collection = service.get_default_collection()?;
    if collection.is_locked()? {
        collection.unlock()?;
        if collection.is_locked()? {
            return Err(Error::Locked);
        }
    }
    Ok(())
}

/// The entries of that name, in whatever keyring they are: the default one may have changed.
fn find<'a>(service: &'a SecretService, entry: &str) -> Result<Vec<Item<'a>>, Error> {
    let found = service.search_items(attributes(entry))?;
    if found.unlocked.is_empty() && !found.locked.is_empty() {
        return Err(Error::Locked);
    }
    Ok(found.unlocked)
}

/// A prompt in the course of a change is no lock: the person was asked to confirm it, and did not.
fn unconfirmed(error: dbus_secret_service::Error) -> Error {
    match error {
        dbus_secret_service::Error::Prompt => {
            Error::Failed("the change was not confirmed".to_owned())
        }
        other => other.into(),
    }
}

/// What an entry is found by; `secret-tool search service playcookie` lists them.
fn attributes(entry: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", entry)])
}

/// A stored value as a secret; what is not text is wiped.
fn text(value: Vec<u8>) -> Result<Secret, Error> {
    String::from_utf8(value).map(Secret::new).map_err(|error| {
        drop(zeroize::Zeroizing::new(error.into_bytes()));
        Error::Failed("what is stored is not text".to_owned())
    })
}

impl From<dbus_secret_service::Error> for Error {
    fn from(error: dbus_secret_service::Error) -> Self {
        use dbus_secret_service::Error as Theirs;
        match error {
            Theirs::Dbus(error) => from_the_bus(
                error.name().unwrap_or_default(),
                error.message().unwrap_or_default(),
            ),
            // A prompt would have been needed.
            Theirs::Locked | Theirs::Prompt => Self::Locked,
            // There is no default keyring.
            Theirs::NoResult | Theirs::Unavailable => Self::Missing,
            other => Self::Failed(clean(&other.to_string())),
        }
    }
}

/// What an error of the bus, or of the service on it, says by its name.
fn from_the_bus(name: &str, message: &str) -> Error {
    let kind = name.strip_prefix("org.freedesktop.DBus.Error.");
    match kind.unwrap_or(name) {
        "org.freedesktop.Secret.Error.IsLocked" => Error::Locked,
        "NoReply" | "Timeout" | "TimedOut" => Error::Silent,
        kind if NOBODY_THERE.contains(&kind) || kind.starts_with("Spawn.") => Error::Missing,
        _ => Error::Failed(clean(message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bus_is_one_that_is_named_or_one_that_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let has =
            |address: &str, runtime: Option<&Path>| has_a_bus(Some(OsStr::new(address)), runtime);
        assert!(has("unix:path=/run/user/1000/bus", None));
        assert!(!has("autolaunch:", None) && !has("autolaunch:scope=user", Some(folder.path())));
        assert!(!has_a_bus(None, None) && !has_a_bus(None, Some(folder.path())));
        std::fs::write(folder.path().join("bus"), "").expect("a file");
        assert!(has_a_bus(None, Some(folder.path())) && has("", Some(folder.path())));
    }

    #[test]
    fn what_is_not_text_is_no_secret_and_is_not_shown() {
        assert_eq!(text(b"hunter2".to_vec()), Ok(Secret::new("hunter2")));
        let refused = text(b"hunter2\xff".to_vec());
        assert_eq!(
            refused,
            Err(Error::Failed("what is stored is not text".to_owned()))
        );
    }

    #[test]
    fn errors_of_the_bus_are_told_apart() {
        let on_the_bus = |name: &str| {
            from_the_bus(
                &format!("org.freedesktop.DBus.Error.{name}"),
                "\u{1b}[2Jno\n",
            )
        };
        assert_eq!(on_the_bus("ServiceUnknown"), Error::Missing);
        assert_eq!(on_the_bus("Spawn.ChildExited"), Error::Missing);
        assert_eq!(on_the_bus("NoReply"), Error::Silent);
        assert_eq!(on_the_bus("AccessDenied"), Error::Failed("no".to_owned()));
        assert_eq!(
            from_the_bus("org.freedesktop.Secret.Error.IsLocked", ""),
            Error::Locked
        );
        assert_eq!(from_the_bus("", ""), Error::Failed(String::new()));
    }
}
