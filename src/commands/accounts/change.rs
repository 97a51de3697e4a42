//! A change to an account that was checked, asked for and registered; and its way into the secret store and the file:
//! both, or neither.
//!
//! ```text
//!   lock the file ──▶ still as it was read? ──▶ store secrets ──▶ write the file ──▶ remove old secrets
//!         │ signal          │ no                  │ fails            │ fails
//!         └─────────────────┴──── abandon ◀───────┴─── put back ◀────┘
//! ```

use super::AccountRow;
use super::stored::{Stored, check_free, forget, is_shared, owner_of, put_back};
use super::tokens::revoke;
use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::base::signals::Signals;
use crate::config::document::ConfigurationDocument;
use crate::config::{Account, Configuration};
use crate::context::Context;
use crate::credentials::CredentialOwner;
use crate::games::CredentialKind;
use crate::run_error::RunError;

/// A change to an account.
pub(super) struct AccountChange {
    /// The account as it was read; nothing for a new one.
    pub(super) old: Option<Account>,
    /// The account as it will be.
    pub(super) new: Account,
    /// The secrets to store for it.
    pub(super) secrets: Vec<(CredentialKind, Secret)>,
    /// The kinds of old secrets to remove.
    pub(super) gone: Vec<CredentialKind>,
}

impl AccountChange {
    /// Makes the change. A signal ends it only while nothing is changed.
    ///
    /// # Errors
    /// When it cannot be made; then nothing was changed.
    pub(super) async fn commit(
        self,
        context: &Context,
        signals: &mut Signals,
    ) -> Result<AccountRow, RunError> {
        let edit = signals.or(context.edit_configuration()).await;
        let edit = edit.and_then(|edit| match self.check(context, &edit.document.original) {
            Ok(()) => Ok(edit),
            Err(failure) => Err(failure.into()),
        });
        let mut edit = match edit {
            Ok(edit) => edit,
            Err(error) => {
                self.abandon(context).await;
                return Err(error);
            }
        };
        let owner = owner_of(context, &self.new)?;
        let stored = self.store(context, &owner).await?;
        self.write(&mut edit.document);
        if let Err(failure) = edit.write() {
            put_back(context, &owner, stored).await;
            self.abandon(context).await;
            return Err(failure.into());
        }
        let after = Configuration::read(&edit.document.text()).unwrap_or_default();
        self.clean_up(context, &after, stored).await?;
        Ok(AccountRow::of(&after, &self.new))
    }

    /// Refuses to change an account that is not as it was read.
    fn check(&self, context: &Context, before: &Configuration) -> Result<(), Failure> {
        if let Some(old) = &self.old
            && before.account(&old.name) != Some(old)
        {
            return Err(Failure::new(
                Reason::TryLater,
                format!("{} was changed by another program meanwhile", old.name),
                "nothing was written; run it again",
            ));
        }
        check_free(context, before, self.old.as_ref(), &self.new)
    }

    /// Stores the secrets: all, or none.
    async fn store(
        &self,
        context: &Context,
        owner: &CredentialOwner,
    ) -> Result<Vec<Stored>, Failure> {
        let mut stored = Vec::new();
        for (kind, secret) in &self.secrets {
            match context.credentials.swap(&owner.key(*kind), secret).await {
                Ok(before) => stored.push(Stored {
                    kind: *kind,
                    before,
                }),
                Err(failure) => {
                    put_back(context, owner, stored).await;
                    self.abandon(context).await;
                    return Err(failure);
                }
            }
        }
        Ok(stored)
    }

    /// Writes the differences.
    fn write(&self, change: &mut ConfigurationDocument) {
        let Some(old) = &self.old else {
            return change.add(&self.new);
        };
        let (name, new) = (&old.name, &self.new);
        let (before, after) = (&old.options, &new.options);
        if new.username != old.username {
            change.set_text(name, "username", Some(&new.username));
        }
        if new.kept != old.kept {
            change.set_kept(name, &new.kept);
        }
        if after.password_command != before.password_command {
            change.set_text(name, "password-command", after.password_command.as_deref());
        }
        if after.code_command != before.code_command {
            change.set_text(name, "code-command", after.code_command.as_deref());
        }
        if after.api != before.api {
            let api = after.api.as_ref().map(ToString::to_string);
            change.set_text(name, "api", api.as_deref());
        }
        if let Some(slot) = after
            .toon_slot
            .filter(|_| after.toon_slot != before.toon_slot)
        {
            change.set_slot(name, slot);
        }
        if new.name != old.name {
            change.rename(name, &new.name);
        }
    }

    /// Revokes the tokens that were replaced, and removes old secrets.
    async fn clean_up(
        &self,
        context: &Context,
        after: &Configuration,
        stored: Vec<Stored>,
    ) -> Result<(), Failure> {
        for stored in stored {
            if let (CredentialKind::Token, Some(token)) = (stored.kind, stored.before) {
                revoke(context, &self.target(context), &token).await;
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
                revoke(context, &self.target(context), secret).await;
            }
        }
    }

    fn target(&self, context: &Context) -> LoginTarget {
        LoginTarget::configured(context, &self.new)
    }
}
