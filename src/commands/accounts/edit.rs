//! `playcookie accounts edit`.

use super::change::AccountChange;
use super::input::{self, Secrets};
use super::stored::check_free;
use super::{check_name, known};
use crate::auth::registration::register;
use crate::auth::target::{LoginTarget, check_username, owner_of};
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::cli::accounts::{Edit, SecretName};
use crate::config::Account;
use crate::context::Context;
use crate::games::CredentialKind;
use crate::run_error::RunError;

/// Returns the change, after asking for what is missing.
pub(super) async fn prepare(context: &Context, edit: &Edit) -> Result<AccountChange, RunError> {
    let account = known(&context.configuration, &edit.name)?;
    let subject = LoginTarget::configured(context, account).subject();
    let change = change(context, account, edit).await;
    change.map_err(RunError::about(&subject))
}

async fn change(
    context: &Context,
    account: &Account,
    edit: &Edit,
) -> Result<AccountChange, Failure> {
    let options = &edit.settings;
    let asks = options.is_empty() && edit.rename.is_none() && edit.forget.is_empty();
    if asks && !context.terminal.can_ask() {
        return Err(Failure::usage(
            format!("no change to {} is given", account.name),
            "see `playcookie accounts edit --help`",
        ));
    }
    input::check(account.game_id.game(), options)?;
    check_forgotten(account, &edit.forget)?;
    let mut new = account.clone();
    if let Some(name) = &edit.rename {
        check_name(name)?;
        new.name.clone_from(name);
    }
    match &options.username {
        Some(username) => new.username.clone_from(username),
        None if asks => new.username = ask_username(context, account).await?,
        None => {}
    }
    check_username(&new.username)?;
    new.options.api = options.api.clone().or(new.options.api);
    new.options.toon_slot = options.toon_slot.or(new.options.toon_slot);
    check_free(context, &context.configuration, Some(account), &new)?;
    let secrets = secrets(context, &new, edit, asks).await?;
    let change = complete(context, account, new, edit, secrets)?;
    if !change.gone.is_empty() {
        context.credentials.open().await?;
    }
    Ok(change)
}

/// Returns the whole change. A stored secret and a command replace each other.
fn complete(
    context: &Context,
    account: &Account,
    mut new: Account,
    edit: &Edit,
    secrets: Secrets,
) -> Result<AccountChange, Failure> {
    let settings = &edit.settings;
    let is_new = |kind| secrets.iter().any(|(new, _)| *new == kind);
    let is_forgotten = |kind| {
        let mut forgotten = edit.forget.iter();
        forgotten.any(|name| CredentialKind::from(*name) == kind)
    };
    let has_new_command = |kind| match kind {
        CredentialKind::Password => settings.password_command.is_some(),
        CredentialKind::Totp => settings.code_command.is_some(),
        CredentialKind::Token => false,
    };
    // Secrets of another username or origin cannot be used any more.
    let moves = owner_of(context, account)? != owner_of(context, &new)?;
    let (gone, left): (Vec<_>, Vec<_>) = CredentialKind::ALL
        .into_iter()
        .filter(|kind| account.keeps(*kind))
        .partition(|kind| {
            moves || (!is_new(*kind) && (is_forgotten(*kind) || has_new_command(*kind)))
        });
    let kept = CredentialKind::ALL.into_iter();
    new.kept = kept
        .filter(|kind| is_new(*kind) || left.contains(kind))
        .collect();
    let is_replaced = |kind| is_new(kind) || is_forgotten(kind) || has_new_command(kind);
    if is_replaced(CredentialKind::Password) {
        new.options
            .password_command
            .clone_from(&settings.password_command);
    }
    if is_replaced(CredentialKind::Totp) {
        new.options.code_command.clone_from(&settings.code_command);
    }
    Ok(AccountChange {
        old: Some(account.clone()),
        new,
        secrets,
        gone,
    })
}

/// Returns the secrets to store, from standard input or a prompt.
async fn secrets(
    context: &Context,
    new: &Account,
    edit: &Edit,
    asks: bool,
) -> Result<Secrets, Failure> {
    let options = &edit.settings;
    let reads = options.password_stdin || options.totp_stdin;
    if !reads && !asks {
        return Ok(Secrets::new());
    }
    let target = LoginTarget::configured(context, new);
    // Opened before anything is asked.
    target.endpoint(context)?;
    let storable = target.storable();
    if storable.is_empty() {
        return Err(input::not_storable());
    }
    if let Err(failure) = context.credentials.open().await {
        if reads {
            return Err(failure);
        }
        // Other changes need no store.
        let hint = &failure.hint;
        let warning = format!("{failure}, so no secret can be changed; {hint}");
        context.terminal.warn(&warning);
        return Ok(Secrets::new());
    }
    let mut secrets = if reads {
        input::read_secrets(context, options).await?
    } else {
        let (game, effect) = (new.game_id.game(), "to leave it unchanged");
        input::ask_secrets(context, game, &new.username, effect).await?
    };
    if storable.contains(&CredentialKind::Token) {
        for (kind, secret) in &mut secrets {
            if *kind == CredentialKind::Password {
                *secret = register(context, &target, secret.clone()).await?;
                *kind = CredentialKind::Token;
            }
        }
    }
    Ok(secrets)
}

/// Refuses to forget what the game does not have.
fn check_forgotten(account: &Account, forgotten: &[SecretName]) -> Result<(), Failure> {
    let game = account.game_id.game();
    for kind in forgotten.iter().map(|it| CredentialKind::from(*it)) {
        let has_command = match kind {
            CredentialKind::Password => account.options.password_command.is_some(),
            CredentialKind::Totp => account.options.code_command.is_some(),
            CredentialKind::Token => false,
        };
        if !has_command && !game.storable().contains(&kind) {
            let (kind, name) = (kind.label(), &account.name);
            return Err(Failure::usage(
                format!("no {kind} of {name} is stored ({})", game.name),
                "`playcookie accounts list` shows what is stored",
            ));
        }
    }
    Ok(())
}

async fn ask_username(context: &Context, account: &Account) -> Result<String, Failure> {
    const HINT: &str = "give it with --username NAME";
    let prompt = format!("Username (Enter for {}): ", clean(&account.username));
    let answer = context.terminal.ask_openly_or_nothing(&prompt).await;
    let answer = answer.map_err(|why| why.failure("a username", "standard input", HINT))?;
    Ok(answer.unwrap_or_else(|| account.username.clone()))
}
