//! `playcookie accounts edit`.

use super::change::AccountChange;
use super::stored::check_free;
use super::typed;
use super::typed::Secrets;
use super::{check_name, known, tokens};
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::cli::accounts::{Edit, SecretName};
use crate::config::Account;
use crate::context::Context;
use crate::games::CredentialKind;
use crate::run_error::RunError;

/// Finds out what changes, and changes nothing yet.
pub(super) async fn prepare(context: &Context, edit: &Edit) -> Result<AccountChange, RunError> {
    let account = known(&context.configuration, &edit.name)?;
    let subject = LoginTarget::configured(context, account).subject();
    let change = changed(context, account, edit).await;
    change.map_err(RunError::about(&subject))
}

async fn changed(
    context: &Context,
    account: &Account,
    edit: &Edit,
) -> Result<AccountChange, Failure> {
    let asks = edit.settings.is_empty() && edit.rename.is_none() && edit.forget.is_empty();
    if asks && !context.terminal.can_ask() {
        return Err(Failure::usage(
            format!("nothing is said about what to change of {}", account.name),
            "see `playcookie accounts edit --help`",
        ));
    }
    let typed = &edit.settings;
    typed::check(account.game_id.game(), typed)?;
    check_forgotten(account, &edit.forget)?;
    let mut new = account.clone();
    if let Some(name) = &edit.rename {
        check_name(name)?;
        new.name.clone_from(name);
    }
    match &typed.username {
        Some(username) => new.username.clone_from(username),
        None if asks => new.username = ask_username(context, account).await?,
        None => {}
    }
    typed::check_username(&new.username)?;
    if typed.api.is_some() {
        new.options.api.clone_from(&typed.api);
    }
    if typed.toon_slot.is_some() {
        new.options.toon_slot = typed.toon_slot;
    }
    check_free(context, &context.configuration, Some(account), &new)?;
    let secrets = secrets(context, &new, edit, asks).await?;
    let change = settle(context, account, new, edit, secrets)?;
    if !change.gone.is_empty() {
        context.credentials.open().await?;
    }
    Ok(change)
}

/// Returns the whole change: typed values are stored, and a command replaces a secret or the other way round.
fn settle(
    context: &Context,
    account: &Account,
    mut new: Account,
    edit: &Edit,
    secrets: Vec<(CredentialKind, Secret)>,
) -> Result<AccountChange, Failure> {
    let typed = &edit.settings;
    let mut gone: Vec<_> = edit
        .forget
        .iter()
        .map(|it| CredentialKind::from(*it))
        .collect();
    if edit.forget.contains(&SecretName::Password) {
        new.options.password_command = None;
    }
    if edit.forget.contains(&SecretName::Totp) {
        new.options.code_command = None;
    }
    if typed.password_command.is_some() {
        new.options
            .password_command
            .clone_from(&typed.password_command);
        gone.push(CredentialKind::Password);
    }
    if typed.code_command.is_some() {
        new.options.code_command.clone_from(&typed.code_command);
        gone.push(CredentialKind::Totp);
    }
    for (kept, _) in &secrets {
        match kept {
            CredentialKind::Password => new.options.password_command = None,
            CredentialKind::Totp => new.options.code_command = None,
            CredentialKind::Token => {}
        }
    }
    // Secrets of another username or origin cannot be used any more.
    let owner = |account| LoginTarget::configured(context, account).owner(context);
    let moves = owner(account)? != owner(&new)?;
    if moves {
        gone.extend(&account.kept);
    }
    let is_new = |kept: &CredentialKind| secrets.iter().any(|(new, _)| new == kept);
    gone.retain(|kept| account.keeps(*kept) && (moves || !is_new(kept)));
    gone.dedup();
    new.kept = CredentialKind::ALL
        .into_iter()
        .filter(|kept| is_new(kept) || (account.keeps(*kept) && !gone.contains(kept)))
        .collect();
    Ok(AccountChange {
        old: Some(account.clone()),
        new,
        secrets,
        gone,
    })
}

/// Returns the secrets to store, from standard input or a person.
async fn secrets(
    context: &Context,
    new: &Account,
    edit: &Edit,
    asks: bool,
) -> Result<Vec<(CredentialKind, Secret)>, Failure> {
    let typed = &edit.settings;
    let reads = typed.password_stdin || typed.totp_stdin;
    if !reads && !asks {
        return Ok(Vec::new());
    }
    let target = LoginTarget::configured(context, new);
    // Opened before anything is asked.
    target.endpoint(context)?;
    let storable = target.storable();
    if storable.is_empty() {
        return Err(typed::nothing_kept_there());
    }
    context.credentials.open().await?;
    let Secrets { password, totp } = if reads {
        typed::from_input(context, typed).await?
    } else {
        typed::ask(context, new.game_id.game(), &new.username, "to leave it").await?
    };
    let password = match password {
        Some(password) if storable.contains(&CredentialKind::Token) => {
            let token = tokens::register(context, &target, password).await?;
            Some((CredentialKind::Token, token))
        }
        password => password.map(|password| (CredentialKind::Password, password)),
    };
    let totp = totp.map(|totp| (CredentialKind::Totp, totp));
    Ok(password.into_iter().chain(totp).collect())
}

/// Refuses to forget what the game does not have.
fn check_forgotten(account: &Account, forgotten: &[SecretName]) -> Result<(), Failure> {
    let game = account.game_id.game();
    for kept in forgotten.iter().map(|it| CredentialKind::from(*it)) {
        let command = match kept {
            CredentialKind::Password => account.options.password_command.is_some(),
            CredentialKind::Totp => account.options.code_command.is_some(),
            CredentialKind::Token => false,
        };
        if !command && !game.keeps().contains(&kept) {
            return Err(Failure::usage(
                format!(
                    "no {} of {} is kept ({})",
                    kept.words(),
                    account.name,
                    game.name
                ),
                "`playcookie accounts list` shows what is",
            ));
        }
    }
    Ok(())
}

async fn ask_username(context: &Context, account: &Account) -> Result<String, Failure> {
    let prompt = format!("Username (Enter for {}): ", clean(&account.username));
    let answer = context.terminal.ask_openly_or_nothing(&prompt).await;
    let answer = answer.map_err(|why| {
        why.failure(
            "a username",
            "standard input",
            "give it with --username NAME",
        )
    })?;
    Ok(answer.unwrap_or_else(|| account.username.clone()))
}
