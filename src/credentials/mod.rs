//! The system's secret store: opened when it is first needed, and at most once per run.

pub mod backend;

use std::fmt;
use std::rc::Rc;

use tokio::sync::OnceCell;

use crate::base::failure::{Failure, Reason};
use crate::base::redactor::Redactor;
use crate::base::secret::Secret;
use crate::games::{CredentialKind, GameId};
use backend::{Backend, CredentialKey};

/// The secret store of a run.
#[derive(Default)]
pub(crate) struct CredentialStore {
    backend: OnceCell<Backend>,
    /// Whether the system may show a dialog that unlocks the store.
    is_interactive: bool,
    is_disabled: bool,
    redactor: Rc<Redactor>,
}

/// The account and server that secrets belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CredentialOwner {
    pub(crate) game_id: GameId,
    pub(crate) username: String,
    /// Secrets of one origin are never sent to another.
    pub(crate) origin: String,
}

impl fmt::Display for CredentialOwner {
    /// Writes the owner as the state files name it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let game = self.game_id.game().id;
        write!(formatter, "{game} {} {}", self.username, self.origin)
    }
}

impl CredentialOwner {
    /// Returns the key of one kind of secret.
    pub(crate) fn key(&self, kind: CredentialKind) -> CredentialKey {
        CredentialKey {
            game: self.game_id.game().id,
            origin: self.origin.clone(),
            username: self.username.clone(),
            kind: kind.name(),
        }
    }
}

impl fmt::Debug for CredentialStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CredentialStore")
            .finish_non_exhaustive()
    }
}

impl CredentialStore {
    /// Returns a store that is not opened yet. `redactor` masks the secrets that are read.
    pub(crate) fn new(is_interactive: bool, redactor: Rc<Redactor>) -> Self {
        Self {
            is_interactive,
            redactor,
            ..Self::default()
        }
    }

    /// Returns the store of a rehearsal, which cannot be opened.
    pub(crate) fn disabled() -> Self {
        Self {
            is_disabled: true,
            ..Self::default()
        }
    }

    /// Returns whether the store can be opened at all.
    pub(crate) const fn is_enabled(&self) -> bool {
        !self.is_disabled
    }

    /// Opens the store, or finds that it is open.
    ///
    /// # Errors
    /// When there is none, it is locked, or it does not answer in time.
    pub(crate) async fn open(&self) -> Result<&Backend, Failure> {
        if self.is_disabled {
            return Err(Failure::new(
                Reason::SecretStore,
                "a rehearsal stores no secrets",
                "leave out the options that store one",
            ));
        }
        let open = || Backend::open(self.is_interactive);
        Ok(self.backend.get_or_try_init(open).await?)
    }

    /// Opens the store without unlocking it and without a dialog.
    ///
    /// # Errors
    /// As [`CredentialStore::open`].
    pub(crate) async fn inspect(&self) -> Result<&Backend, Failure> {
        Ok(self.backend.get_or_try_init(Backend::inspect).await?)
    }

    /// Returns the secret of a key, if there is one.
    ///
    /// # Errors
    /// As [`CredentialStore::open`].
    pub(crate) async fn get(&self, key: &CredentialKey) -> Result<Option<Secret>, Failure> {
        let secret = self.open().await?.get(key).await?;
        if let Some(secret) = &secret {
            self.redactor.add(secret);
        }
        Ok(secret)
    }

    /// Stores a secret, and replaces an older one.
    ///
    /// # Errors
    /// As [`CredentialStore::open`], and when the secret is too long.
    pub(crate) async fn set(&self, key: &CredentialKey, secret: &Secret) -> Result<(), Failure> {
        Ok(self.open().await?.set(key, secret).await?)
    }

    /// Stores a secret, and returns the one that it replaced.
    ///
    /// # Errors
    /// As [`CredentialStore::set`]; then nothing was changed.
    pub(crate) async fn swap(
        &self,
        key: &CredentialKey,
        secret: &Secret,
    ) -> Result<Option<Secret>, Failure> {
        let before = self.get(key).await?;
        self.set(key, secret).await?;
        Ok(before)
    }

    /// Removes a secret, and returns it.
    ///
    /// # Errors
    /// As [`CredentialStore::open`].
    pub(crate) async fn take(&self, key: &CredentialKey) -> Result<Option<Secret>, Failure> {
        let before = self.get(key).await?;
        self.remove(key).await?;
        Ok(before)
    }

    /// Undoes a [`CredentialStore::swap`] or [`CredentialStore::take`].
    ///
    /// # Errors
    /// As [`CredentialStore::open`].
    pub(crate) async fn put_back(
        &self,
        key: &CredentialKey,
        before: Option<&Secret>,
    ) -> Result<(), Failure> {
        match before {
            Some(before) => self.set(key, before).await,
            None => self.remove(key).await.map(drop),
        }
    }

    /// Removes a secret, and returns whether there was one.
    ///
    /// # Errors
    /// As [`CredentialStore::open`].
    pub(crate) async fn remove(&self, key: &CredentialKey) -> Result<bool, Failure> {
        Ok(self.open().await?.remove(key).await?)
    }
}
