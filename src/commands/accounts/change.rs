//! A change to an account, written to the secret store and to the configuration: to both, or to neither.
//!
//! ```text
//!   lock the file ──▶ still as it was read? ──▶ store secrets ──▶ write the file ──▶ remove old secrets
//!         │ signal          │ no                  │ fails            │ fails
//!         └─────────────────┴──── abandon ◀───────┴─── restore ◀─────┘
//! ```

use super::AccountRow;
use super::input::Secrets;
use super::stored::{Replaced, check_free, forget, is_shared, restore};
use crate::auth::revocation::revoke_stored;
use crate::auth::target::{LoginTarget, owner_of};
use crate::base::failure::{Failure, Reason};
use crate::base::signals::Signals;
use crate::config::document::ConfigurationDocument;
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
    /// When it cannot be written; then nothing has changed.
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
        let owner = owner_of(context, &self.new)?;
        let replaced = self.store(context, &owner).await?;
        if let Err(failure) = edit.write() {
            restore(context, &owner, replaced).await;
            self.abandon(context).await;
            return Err(failure.into());
        }
        self.clean_up(context, &after, replaced).await?;
        Ok(AccountRow::of(&after, &self.new))
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
                    self.abandon(context).await;
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

    /// Revokes the tokens that were replaced, and removes old secrets.
    async fn clean_up(
        &self,
        context: &Context,
        after: &Configuration,
        replaced: Replaced,
    ) -> Result<(), Failure> {
        for secret in replaced {
            if let (CredentialKind::Token, Some(token)) = secret {
                revoke_stored(context, &self.target(context), &token).await;
            }
        }
        let Some(old) = &self.old else {
            return Ok(());
        };
        for kind in &self.gone {
            if !is_shared(context, after, old, *kind)? {
                forget(context, old, *kind).await?;
            }
        }
        Ok(())
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
