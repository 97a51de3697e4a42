//! `playcookie accounts add`.

use super::change::AccountChange;
use super::stored::check_free;
use super::typed;
use super::typed::Secrets;
use super::{check_name, tokens};
use crate::auth::failures::input_needed;
use crate::auth::password::PasswordSource;
use crate::auth::remember::taken;
use crate::auth::target::{LoginTarget, ask_username};
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::cli::accounts::{AccountSettings, Add};
use crate::config::Account;
use crate::config::options::Options;
use crate::context::Context;
use crate::games::{CredentialKind, GameId};
use crate::run_error::RunError;

/// Finds out what is remembered, and changes nothing yet.
pub(super) async fn prepare(context: &Context, add: &Add) -> Result<AccountChange, RunError> {
    let Some(game_id) = add.game.game_id() else {
        return Err(Failure::usage(
            "Supercell ID has no accounts to add: it keeps its tokens by itself",
            "`playcookie scid login EMAIL --game GAME` logs in and keeps them",
        )
        .into());
    };
    let stranger = LoginTarget::stranger(game_id, add.settings.username.clone());
    let account = checked(context, game_id, add).await;
    let account = account.map_err(RunError::about(&stranger.subject()))?;
    let subject = LoginTarget::configured(context, &account).subject();
    let change = with_secrets(context, account, &add.settings).await;
    change.map_err(RunError::about(&subject))
}

/// Returns the account, without secrets.
async fn checked(context: &Context, game_id: GameId, add: &Add) -> Result<Account, Failure> {
    check_name(&add.name)?;
    if context.configuration.account(&add.name).is_some() {
        return Err(taken(&add.name));
    }
    let typed = &add.settings;
    typed::check(game_id.game(), typed)?;
    let username = match &typed.username {
        Some(username) => username.clone(),
        None if context.terminal.can_ask() => ask_username(context).await?,
        None => {
            return Err(input_needed(
                "a username",
                "give the name that is sent to the game's server with --username NAME",
            ));
        }
    };
    typed::check_username(&username)?;
    let account = Account {
        name: add.name.clone(),
        game_id,
        username,
        kept: Vec::new(),
        options: Options {
            // The secrets belong to this origin, even if the game's configuration names another one day.
            api: typed
                .api
                .clone()
                .or_else(|| context.configuration.game(game_id).api),
            password_command: typed.password_command.clone(),
            code_command: typed.code_command.clone(),
            toon_slot: typed.toon_slot,
            ..Options::default()
        },
    };
    check_free(context, &context.configuration, None, &account)?;
    Ok(account)
}

/// Adds the secrets.
async fn with_secrets(
    context: &Context,
    mut account: Account,
    typed: &AccountSettings,
) -> Result<AccountChange, Failure> {
    let target = LoginTarget::configured(context, &account);
    // Opened before anything is asked.
    target.endpoint(context)?;
    let storable = target.storable();
    let secrets = if storable.contains(&CredentialKind::Token) {
        context.credentials.open().await?;
        let password = password(context, &account, typed).await?;
        vec![(
            CredentialKind::Token,
            tokens::register(context, &target, password).await?,
        )]
    } else {
        let Secrets { password, totp } = secrets(context, &account, typed, storable).await?;
        let password = password.map(|password| (CredentialKind::Password, password));
        let totp = totp.map(|totp| (CredentialKind::Totp, totp));
        password.into_iter().chain(totp).collect()
    };
    account.kept = secrets.iter().map(|(kept, _)| *kept).collect();
    Ok(AccountChange {
        old: None,
        new: account,
        secrets,
        gone: Vec::new(),
    })
}

/// Returns the password that is used once, for a token.
async fn password(
    context: &Context,
    account: &Account,
    typed: &AccountSettings,
) -> Result<Secret, Failure> {
    if typed.password_stdin {
        let secrets = typed::from_input(context, typed).await?;
        return Ok(secrets.password.unwrap_or_default());
    }
    match &typed.password_command {
        Some(command) => {
            let source = PasswordSource::Command(command.clone(), "--password-command");
            let variables = account.game_id.game().variables;
            source.get(context, variables, &account.username).await
        }
        None => typed::ask_once(context, &account.username).await,
    }
}

/// Returns the secrets to store: from standard input, else from a person who gave no option about them.
async fn secrets(
    context: &Context,
    account: &Account,
    typed: &AccountSettings,
    storable: &[CredentialKind],
) -> Result<Secrets, Failure> {
    if storable.is_empty() {
        if typed.password_stdin || typed.totp_stdin {
            return Err(typed::nothing_kept_there());
        }
        return Ok(Secrets::default());
    }
    if typed.password_stdin || typed.totp_stdin {
        context.credentials.open().await?;
        return typed::from_input(context, typed).await;
    }
    let is_told = typed.password_command.is_some() || typed.code_command.is_some();
    if is_told || !context.terminal.can_ask() {
        return Ok(Secrets::default());
    }
    if let Err(failure) = context.credentials.open().await {
        context.terminal.warn(&format!(
            "{failure}, so no password is stored; {}",
            failure.hint
        ));
        return Ok(Secrets::default());
    }
    let game = account.game_id.game();
    typed::ask(context, game, &account.username, "to keep none").await
}
