//! `playcookie accounts add`.

use super::change::AccountChange;
use super::check_name;
use super::input::{self, Secrets};
use super::stored::check_free;
use crate::auth::password::PasswordSource;
use crate::auth::registration::register;
use crate::auth::remember::name_taken;
use crate::auth::target::{LoginTarget, ask_username, check_username};
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::cli::accounts::{AccountSettings, Add};
use crate::config::Account;
use crate::config::options::Options;
use crate::context::Context;
use crate::credentials::backend::OTHER_WAYS;
use crate::failures::input_needed;
use crate::games::{CredentialKind, GameId};
use crate::run_error::RunError;

/// Returns the change that adds the account, after asking for what is missing.
pub(super) async fn prepare(context: &Context, add: &Add) -> Result<AccountChange, RunError> {
    let Some(game_id) = add.game.game_id() else {
        return Err(Failure::usage(
            "Supercell ID has no accounts to add: its tokens are stored separately",
            "log in and store them with `playcookie scid login EMAIL --game GAME`",
        )
        .into());
    };
    let unremembered = LoginTarget::unremembered(game_id, add.settings.username.clone());
    let account = account(context, game_id, add).await;
    let account = account.map_err(RunError::about(&unremembered.subject()))?;
    let subject = LoginTarget::configured(context, &account).subject();
    let change = with_secrets(context, account, &add.settings).await;
    change.map_err(RunError::about(&subject))
}

/// Returns the account, without secrets.
async fn account(context: &Context, game_id: GameId, add: &Add) -> Result<Account, Failure> {
    check_name(&add.name)?;
    if context.configuration.account(&add.name).is_some() {
        return Err(name_taken(&add.name));
    }
    let options = &add.settings;
    input::check(game_id.game(), options)?;
    let hint = "give the name that is sent to the game's server with --username NAME";
    let username = match &options.username {
        Some(username) => username.clone(),
        None if context.terminal.can_ask() => ask_username(context, hint).await?,
        None => return Err(input_needed("a username", hint)),
    };
    check_username(&username)?;
    let configured_api = context.configuration.game(game_id).api;
    let account = Account {
        name: add.name.clone(),
        game_id,
        username,
        kept: Vec::new(),
        options: Options {
            // The secrets belong to this origin, even if the game's configuration names another one day.
            api: options.api.clone().or(configured_api),
            password_command: options.password_command.clone(),
            code_command: options.code_command.clone(),
            toon_slot: options.toon_slot,
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
    options: &AccountSettings,
) -> Result<AccountChange, Failure> {
    let target = LoginTarget::configured(context, &account);
    // Opened before anything is asked.
    target.endpoint(context)?;
    let secrets = if target.storable().contains(&CredentialKind::Token) {
        let opened = context.credentials.open().await;
        opened.map_err(|failure| without_given_option(failure, options))?;
        let password = password(context, &account, options).await?;
        let token = register(context, &target, password).await?;
        vec![(CredentialKind::Token, token)]
    } else {
        secrets(context, &target, options).await?
    };
    account.kept = secrets.iter().map(|(kind, _)| *kind).collect();
    Ok(AccountChange {
        old: None,
        new: account,
        secrets,
        gone: Vec::new(),
    })
}

/// Leaves the option that was given out of the hint.
fn without_given_option(mut failure: Failure, options: &AccountSettings) -> Failure {
    if options.password_command.is_some()
        && let Some(hint) = failure.hint.strip_suffix(OTHER_WAYS)
    {
        failure.hint = format!("{hint}, or log in with --password-command CMD --no-save");
    }
    failure
}

/// Returns the password that is used once, to get a launcher token.
async fn password(
    context: &Context,
    account: &Account,
    options: &AccountSettings,
) -> Result<Secret, Failure> {
    match &options.password_command {
        _ if options.password_stdin => input::read_password(context).await,
        Some(command) => {
            let source = PasswordSource::Command(command.clone(), "--password-command");
            let variables = account.game_id.game().variables;
            source.get(context, variables, &account.username).await
        }
        None => input::ask_password(context, &account.username).await,
    }
}

/// Returns the secrets to store: from standard input, else from a prompt when no option says where they come from.
async fn secrets(
    context: &Context,
    target: &LoginTarget,
    options: &AccountSettings,
) -> Result<Secrets, Failure> {
    let is_storable = !target.storable().is_empty();
    if options.password_stdin || options.totp_stdin {
        if !is_storable {
            return Err(input::not_storable());
        }
        context.credentials.open().await?;
        return input::read_secrets(context, options).await;
    }
    let has_command = options.password_command.is_some() || options.code_command.is_some();
    if !is_storable || has_command || !context.terminal.can_ask() {
        return Ok(Secrets::new());
    }
    if let Err(failure) = context.credentials.open().await {
        let hint = &failure.hint;
        let warning = format!("{failure}, so no password is stored; {hint}");
        context.terminal.warn(&warning);
        return Ok(Secrets::new());
    }
    let username = target.username.as_deref().unwrap_or_default();
    input::ask_secrets(context, target.game_id.game(), username, "to keep none").await
}
