//! The secret store as a run uses it: opened when it is needed, once, and asked for what belongs to an account.

use std::fmt;
use std::rc::Rc;

use tokio::sync::OnceCell;

use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::context::Context;
use crate::credentials::backend;
use crate::credentials::backend::{Backend, CredentialKey};
use crate::games::{CredentialKind, GameId};

/// The secret store of a run.
#[derive(Default)]
pub(crate) struct CredentialStore {
    vault: OnceCell<Rc<Backend>>,
}

/// Whose secrets, and where they are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CredentialOwner {
    pub(crate) game_id: GameId,
    pub(crate) username: String,
    /// Another root never receives what was kept for the usual one.
    pub(crate) origin: String,
}

impl fmt::Display for CredentialOwner {
    /// As small files in the state directory name it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let game = self.game_id.game().id;
        write!(formatter, "{game} {} {}", self.username, self.origin)
    }
}

impl CredentialOwner {
    fn key(&self, kept: CredentialKind) -> CredentialKey {
        CredentialKey {
            game: self.game_id.game().id,
            origin: self.origin.clone(),
            username: self.username.clone(),
            kind: kept.name(),
        }
    }
}

impl CredentialStore {
    /// Opens the store, or finds that it is open.
    ///
    /// # Errors
    /// When there is none, it is locked, or it does not answer in time.
    pub(crate) async fn open(&self, context: &Context) -> Result<Rc<Backend>, backend::Error> {
        let interactive = context.terminal.can_ask();
        let open = async || Backend::open(interactive).await.map(Rc::new);
        self.vault.get_or_try_init(open).await.cloned()
    }

    /// What is kept, if it is.
    ///
    /// # Errors
    /// As [`CredentialStore::open`].
    pub(crate) async fn get(
        &self,
        context: &Context,
        owner: &CredentialOwner,
        kept: CredentialKind,
    ) -> Result<Option<Secret>, Failure> {
        let vault = self.open(context).await?;
        Ok(vault.get(&owner.key(kept)).await?)
    }

    /// Keeps something, in place of what was kept.
    ///
    /// # Errors
    /// As [`CredentialStore::open`], and when it is too long.
    pub(crate) async fn set(
        &self,
        context: &Context,
        owner: &CredentialOwner,
        kept: CredentialKind,
        secret: &Secret,
    ) -> Result<(), Failure> {
        let vault = self.open(context).await?;
        Ok(vault.set(&owner.key(kept), secret).await?)
    }

    /// Keeps something; gives what was there before.
    ///
    /// # Errors
    /// As [`CredentialStore::set`]; then nothing was changed.
    pub(crate) async fn swap(
        &self,
        context: &Context,
        owner: &CredentialOwner,
        kept: CredentialKind,
        secret: &Secret,
    ) -> Result<Option<Secret>, Failure> {
        let before = self.get(context, owner, kept).await?;
        self.set(context, owner, kept, secret).await?;
        Ok(before)
    }

    /// Undoes a [`CredentialStore::swap`].
    ///
    /// # Errors
    /// As [`CredentialStore::open`].
    pub(crate) async fn put_back(
        &self,
        context: &Context,
        owner: &CredentialOwner,
        kept: CredentialKind,
        before: Option<&Secret>,
    ) -> Result<(), Failure> {
        match before {
            Some(before) => self.set(context, owner, kept, before).await,
            None => self.remove(context, owner, kept).await.map(drop),
        }
    }

    /// Forgets something; gives whether it was there.
    ///
    /// # Errors
    /// As [`CredentialStore::open`].
    pub(crate) async fn remove(
        &self,
        context: &Context,
        owner: &CredentialOwner,
        kept: CredentialKind,
    ) -> Result<bool, Failure> {
        let vault = self.open(context).await?;
        Ok(vault.remove(&owner.key(kept)).await?)
    }
}
