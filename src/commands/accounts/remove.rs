//! `playcookie accounts remove`.

use serde::Serialize;

use super::pending::{forget, is_shared};
use super::{known, tell};
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::signals::Signals;
use crate::cli::accounts::Remove;
use crate::config::{Account, Configuration};
use crate::context::Stop;
use crate::context::{Context, RunError};
use crate::credentials::store::CredentialStore;

/// An account that was removed, as `--json` shows it.
#[derive(Serialize)]
struct Removed<'a> {
    #[serde(rename = "removed")]
    name: &'a str,
    game: &'static str,
    /// Whether the server made the token worthless, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<bool>,
}

pub(crate) async fn run(
    context: &Context,
    credentials: &CredentialStore,
    remove: &Remove,
    signals: &mut Signals,
) -> Result<(), Stop> {
    let mut accounts: Vec<&Account> = Vec::new();
    for name in &remove.names {
        let account = known(&context.configuration, name)?;
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    if accounts.iter().any(|account| !account.kept.is_empty()) {
        tokio::select! {
            biased;
            signal = signals.next() => return Err(Stop::Signal(signal)),
            read_status = credentials.open(context) => drop(read_status.map_err(Failure::from)?),
        }
    }
    for account in accounts {
        let draft = tokio::select! {
            biased;
            signal = signals.next() => return Err(Stop::Signal(signal)),
            draft = context.draft() => draft,
        };
        let subject = LoginTarget::configured(context, account).subject();
        let trouble = |failure| RunError::new(subject.clone(), failure);
        let mut draft = draft.map_err(trouble)?;
        // Somebody else may have removed or changed it meanwhile; what is there now goes.
        let account = known(&draft.document.original, &account.name).map_err(trouble)?;
        let account = account.clone();
        draft.document.remove(&account.name);
        let after = Configuration::read(&draft.document.text()).unwrap_or_default();
        // From here on a signal waits: half of it would be worse. What cannot be written keeps its secrets, and what the
        // store does not let go stays remembered.
        draft.write().map_err(trouble)?;
        let forgotten = forget_all(context, credentials, &account, &after).await;
        if forgotten.is_err() {
            draft.undo().map_err(trouble)?;
        }
        let revoked = forgotten.map_err(trouble)?;
        let removed = Removed {
            name: &account.name,
            game: account.game_id.game().id,
            revoked,
        };
        tell(context, &format!("{} is forgotten", account.name), &removed)?;
    }
    Ok(())
}

/// Forgets everything that is kept for an account which the new configuration does not hold any more.
async fn forget_all(
    context: &Context,
    credentials: &CredentialStore,
    account: &Account,
    after: &Configuration,
) -> Result<Option<bool>, Failure> {
    let mut revoked = None;
    for kept in &account.kept {
        if !is_shared(context, after, account, *kept)? {
            revoked = forget(context, credentials, account, *kept)
                .await?
                .or(revoked);
        }
    }
    Ok(revoked)
}
