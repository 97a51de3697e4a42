//! Checks of the configuration, of the secret store, and of the accounts' secrets in it.

use super::check::Check;
use crate::auth::target::owner_of;
use crate::base::sanitize::quoted;
use crate::config::{Account, Configuration};
use crate::context::Context;
use crate::credentials::backend::{Backend, STORE_NAME};
use crate::games::CredentialKind;

/// Checks the secret store, the configuration and the secrets of its accounts.
pub(super) async fn checks(context: &Context) -> Vec<Check> {
    let configuration = context.config_file.load();
    let mut checks = Vec::new();
    let store = match context.credentials.inspect().await {
        Ok(store) => {
            checks.push(Check::ok("secret store", format!("{STORE_NAME}, unlocked")));
            Some(store)
        }
        Err(failure) => {
            checks.push(Check::warn_of("secret store", &failure));
            None
        }
    };
    match configuration {
        Ok(configuration) => {
            checks.push(file(context, &configuration));
            if let Some(store) = store {
                checks.extend(secrets(context, &configuration, store).await);
            }
        }
        Err(failure) => checks.push(Check::fail("configuration", &failure)),
    }
    checks
}

fn file(context: &Context, configuration: &Configuration) -> Check {
    let Ok(path) = context.config_file.path() else {
        return Check::note("configuration", "there is no home directory for one");
    };
    let shown = path.display();
    if !path.exists() {
        return Check::ok("configuration", format!("none at {shown}"));
    }
    if context.config_file.is_readable_by_others() {
        return Check::warn(
            "configuration",
            format!("other users may read {shown}, which names your accounts"),
            format!("run `chmod go-r {}`", quoted(path)),
        );
    }
    let accounts = match configuration.accounts.len() {
        1 => "1 account".to_owned(),
        count => format!("{count} accounts"),
    };
    Check::ok("configuration", format!("{shown}, {accounts}"))
}

/// Checks that the store has the secrets that the configuration names.
async fn secrets(context: &Context, configuration: &Configuration, store: &Backend) -> Vec<Check> {
    let mut checks = Vec::new();
    let keeping = configuration.accounts.iter();
    let keeping: Vec<_> = keeping.filter(|account| !account.kept.is_empty()).collect();
    for account in &keeping {
        for kind in &account.kept {
            checks.extend(secret(context, account, *kind, store).await);
        }
    }
    if checks.is_empty() && !keeping.is_empty() {
        checks.push(Check::ok("accounts", "every kept secret is in the store"));
    }
    checks
}

async fn secret(
    context: &Context,
    account: &Account,
    kind: CredentialKind,
    store: &Backend,
) -> Option<Check> {
    let (name, label) = (&account.name, kind.label());
    let check = format!("account {name}");
    let owner = match owner_of(context, account) {
        Ok(owner) => owner,
        Err(failure) => return Some(Check::warn_of(check, &failure)),
    };
    match store.contains(&owner.key(kind)).await {
        Ok(true) => None,
        Ok(false) => {
            let game = account.game_id.game().id;
            let fix = match kind {
                CredentialKind::Password => {
                    format!("run `playcookie accounts edit {name} --password-stdin`")
                }
                CredentialKind::Totp => {
                    format!("run `playcookie accounts edit {name} --totp-stdin`")
                }
                CredentialKind::Token => {
                    format!("run `playcookie {game} login {name} --save`")
                }
            };
            let found = format!("its {label} is kept, and not in the secret store");
            Some(Check::warn(check, found, fix))
        }
        Err(error) => Some(Check::warn_of(check, &error.into())),
    }
}
