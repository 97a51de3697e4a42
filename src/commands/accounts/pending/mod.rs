//! What is to become of an account, once everything was checked, asked for and registered; and its way into the secret
//! store and the file, of which both happens or nothing.
//!
//! ```text
//!   lock the file ──▶ still as it was? ──▶ keep secrets ──▶ write the file ──▶ forget what went
//!         │ Ctrl-C          │ no               │ fails           │ fails
//!         └─────────────────┴── abandon ◀──────┴── put back ◀────┘
//! ```

pub(crate) mod holdings;

use crate::context::Context;

use super::Shown;
use crate::auth::login_plan::owner_of;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::base::signals::Signals;
use crate::config::document::ConfigDocument;
use crate::config::{Account, Configuration};
use crate::context::Stop;
use crate::credentials::store::{CredentialOwner, CredentialStore};
use crate::games::CredentialKind;
use holdings::{Stored, put_back, revoke};
pub(crate) use holdings::{check_free, forget, is_shared};

/// A change to an account that may be made.
pub(crate) struct Pending {
    /// The account as it was read; nothing for a new one.
    pub(crate) old: Option<Account>,
    /// The account as it is to be.
    pub(crate) new: Account,
    /// What is to be kept for it.
    pub(crate) secrets: Vec<(CredentialKind, Secret)>,
    /// What of the old one is to be forgotten.
    pub(crate) gone: Vec<CredentialKind>,
}

impl Pending {
    /// Makes the change. A signal ends it only as long as nothing was changed.
    pub(crate) async fn commit(
        self,
        context: &Context,
        credentials: &CredentialStore,
        signals: &mut Signals,
    ) -> Result<Shown, Stop> {
        let draft = tokio::select! {
            biased;
            signal = signals.next() => Err(Stop::Signal(signal)),
            draft = context.draft() => draft.map_err(Stop::Failure),
        };
        let checked = draft.and_then(
            |draft| match self.check(context, &draft.document.original) {
                Ok(()) => Ok(draft),
                Err(failure) => Err(Stop::Failure(failure)),
            },
        );
        let mut draft = match checked {
            Ok(draft) => draft,
            Err(stop) => {
                self.abandon(context).await;
                return Err(stop);
            }
        };
        let owner = owner_of(context, &self.new)?;
        let stored = self.store(context, credentials, &owner).await?;
        self.write(&mut draft.document);
        if let Err(failure) = draft.write() {
            put_back(context, credentials, &owner, stored).await;
            self.abandon(context).await;
            return Err(failure.into());
        }
        let after = Configuration::read(&draft.document.text()).unwrap_or_default();
        self.clean_up(context, credentials, &after, stored).await?;
        Ok(Shown::of(&after, &self.new))
    }

    /// Refuses to change what is not as it was read.
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

    /// Keeps the secrets; with one that cannot be kept, none is.
    async fn store(
        &self,
        context: &Context,
        credentials: &CredentialStore,
        owner: &CredentialOwner,
    ) -> Result<Vec<Stored>, Failure> {
        let mut stored = Vec::new();
        for (kept, secret) in &self.secrets {
            match credentials.swap(context, owner, *kept, secret).await {
                Ok(before) => stored.push(Stored {
                    kept: *kept,
                    before,
                }),
                Err(failure) => {
                    put_back(context, credentials, owner, stored).await;
                    self.abandon(context).await;
                    return Err(failure);
                }
            }
        }
        Ok(stored)
    }

    /// Writes what is different.
    fn write(&self, change: &mut ConfigDocument) {
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

    /// Revokes the tokens that were replaced, and forgets what went.
    async fn clean_up(
        &self,
        context: &Context,
        credentials: &CredentialStore,
        after: &Configuration,
        stored: Vec<Stored>,
    ) -> Result<(), Failure> {
        for stored in stored {
            if let (CredentialKind::Token, Some(token)) = (stored.kept, stored.before) {
                revoke(context, &self.new, &token).await;
            }
        }
        let Some(old) = &self.old else {
            return Ok(());
        };
        for kept in &self.gone {
            if !is_shared(context, after, old, *kept)? {
                forget(context, credentials, old, *kept).await?;
            }
        }
        Ok(())
    }

    /// Makes a new token worthless that will not be kept.
    async fn abandon(&self, context: &Context) {
        for (kept, secret) in &self.secrets {
            if *kept == CredentialKind::Token {
                revoke(context, &self.new, secret).await;
            }
        }
    }
}
