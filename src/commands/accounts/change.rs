//! A change to an account, written to the secret store and to the configuration: to both, or to neither.
//!
//! ```text
//!   lock the file ──▶ still as it was read? ──▶ remove old secrets ──▶ write the file ──▶ store secrets ──▶ revoke the
//!         │ signal          │ no                  │ fails                 │ fails            │ fails         replaced token
//!         └─────────────────┴──── abandon ◀───────┴─────── restore ◀──────┴──────────────────┘
//! ```
//!
//! The file names every secret that the store has, so that after a kill `accounts` can still remove all of them. An old
//! token is revoked before it is removed. A token that a new one replaces is revoked afterwards, since it is needed when the
//! new one cannot be stored.

use super::AccountRow;
use super::input::Secrets;
use super::stored::{Replaced, check_free, restore, revoke_token, take, unshared};
use crate::auth::revocation::revoke_stored;
use crate::auth::target::{LoginTarget, owner_of};
use crate::base::failure::{Failure, Reason};
use crate::base::signals::Signals;
use crate::config::document::ConfigurationDocument;
use crate::config::file::ConfigurationEdit;
use crate::config::{Account, Configuration};
use crate::context::Context;
use crate::credentials::CredentialOwner;
use crate::games::CredentialKind;
use crate::run_error::RunError;

/// A change to an account. What it needs is checked, typed and registered already.
pub(super) struct AccountChange {
    /// The account as it was read; nothing for a new one.
    pub(super) old: Option<Account>,
    /// The account as it will be.
    pub(super) new: Account,
    /// The secrets to store for it.
    pub(super) secrets: Secrets,
    /// The kinds of old secrets to remove.
    pub(super) gone: Vec<CredentialKind>,
}

impl AccountChange {
    /// Writes the change. A signal stops it only before anything is written.
    ///
    /// # Errors
    /// When it cannot be written; then file and store are unchanged, but an old token may be revoked.
    pub(super) async fn commit(
        self,
        context: &Context,
        signals: &mut Signals,
    ) -> Result<AccountRow, RunError> {
        let edit = signals.or(context.edit_configuration()).await;
        let edit = edit.and_then(|mut edit| {
            self.check(context, &edit.document.original)?;
            self.write(&mut edit.document);
            Ok((edit.edited()?, edit))
        });
        let (after, edit) = match edit {
            Ok(edit) => edit,
            Err(error) => {
                self.abandon(context).await;
                return Err(error);
            }
        };
        match self.apply(context, &edit, &after).await {
            Ok(replaced) => {
                let target = self.target(context);
                for secret in replaced {
                    if let (CredentialKind::Token, Some(token)) = secret {
                        revoke_stored(context, &target, &token).await;
                    }
                }
                Ok(AccountRow::of(context, &after, &self.new))
            }
            Err(failure) => {
                self.abandon(context).await;
                Err(failure.into())
            }
        }
    }

    /// Removes old secrets, writes the file and stores the new secrets: all, or nothing. Returns the secrets that were
    /// replaced.
    async fn apply(
        &self,
        context: &Context,
        edit: &ConfigurationEdit,
        after: &Configuration,
    ) -> Result<Replaced, Failure> {
        let owner = owner_of(context, &self.new)?;
        let (old_owner, gone) = match &self.old {
            Some(old) => (
                owner_of(context, old)?,
                unshared(context, after, old, &self.gone)?,
            ),
            None => (owner.clone(), Vec::new()),
        };
        if let Some(old) = &self.old {
            revoke_token(context, old, &gone).await?;
        }
        let taken = take(context, &old_owner, &gone).await?;
        let stored = match edit.write() {
            Ok(()) => {
                let stored = self.store(context, &owner).await;
                let undone = stored.as_ref().map_or_else(|_| edit.undo(), |_| Ok(()));
                if let Err(failure) = undone {
                    context.terminal.warn(&failure.to_string());
                }
                stored
            }
            Err(failure) => Err(failure),
        };
        if stored.is_err() {
            restore(context, &old_owner, taken).await;
        }
        stored
    }

    /// Refuses to change an account that another process has changed since it was read.
    fn check(&self, context: &Context, before: &Configuration) -> Result<(), Failure> {
        let old = self.old.as_ref();
        if let Some(old) = old.filter(|old| before.account(&old.name) != Some(old)) {
            return Err(Failure::new(
                Reason::TryLater,
                format!("another program has changed {} meanwhile", old.name),
                "nothing was written; run it again",
            ));
        }
        check_free(context, before, old, &self.new)
    }

    /// Stores all secrets, or none. Returns those that were replaced.
    async fn store(&self, context: &Context, owner: &CredentialOwner) -> Result<Replaced, Failure> {
        let mut replaced = Replaced::new();
        for (kind, secret) in &self.secrets {
            match context.credentials.swap(&owner.key(*kind), secret).await {
                Ok(before) => replaced.push((*kind, before)),
                Err(failure) => {
                    restore(context, owner, replaced).await;
                    return Err(failure);
                }
            }
        }
        Ok(replaced)
    }

    /// Writes the differences to the document.
    fn write(&self, document: &mut ConfigurationDocument) {
        let Some(old) = &self.old else {
            return document.add(&self.new);
        };
        let (name, new) = (&old.name, &self.new);
        let texts = |account: &Account| {
            let options = account.options.clone();
            [
                ("username", Some(account.username.clone())),
                ("password-command", options.password_command),
                ("code-command", options.code_command),
                ("api", options.api.map(|api| api.to_string())),
            ]
        };
        for ((key, before), (_, after)) in texts(old).into_iter().zip(texts(new)) {
            if after != before {
                document.set_text(name, key, after.as_deref());
            }
        }
        if new.kept != old.kept {
            document.set_kept(name, &new.kept);
        }
        let slot = new.options.toon_slot;
        if let Some(slot) = slot.filter(|_| slot != old.options.toon_slot) {
            document.set_slot(name, slot);
        }
        if new.name != old.name {
            document.rename(name, &new.name);
        }
    }

    /// Revokes a new token that will not be stored.
    async fn abandon(&self, context: &Context) {
        for (kind, secret) in &self.secrets {
            if *kind == CredentialKind::Token {
                revoke_stored(context, &self.target(context), secret).await;
            }
        }
    }

    fn target(&self, context: &Context) -> LoginTarget {
        LoginTarget::configured(context, &self.new)
    }
}
