//! `playcookie accounts add`.

use super::particulars;
use super::particulars::Secrets;
use super::pending::{Pending, check_free};
use super::{check_name, tokens};
use crate::auth::login_plan::Endpoint;
use crate::auth::password::{PasswordSource, ask_username, nobody};
use crate::auth::remember::taken;
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::cli::accounts::{AccountSettings, Add};
use crate::cli::usage::wrong;
use crate::config::Account;
use crate::config::options::Options;
use crate::context::{Context, RunError};
use crate::credentials::store::CredentialStore;
use crate::games::{CredentialKind, GameId};
use crate::terminal::event::Subject;

/// Finds out what is to be remembered; nothing is yet.
pub(crate) async fn prepare(
    context: &Context,
    credentials: &CredentialStore,
    add: &Add,
) -> Result<Pending, RunError> {
    let Some(game_id) = add.game.game_id() else {
        let failure = wrong(
            "Supercell ID has no accounts to add: it keeps its tokens by itself",
            "`playcookie scid login EMAIL --game GAME` logs in and keeps them",
        );
        return Err(RunError::new(Subject::default(), failure));
    };
    let typed = add.settings.username.clone();
    let stranger = LoginTarget::stranger(game_id, typed);
    let account = checked(context, game_id, add).await;
    let account = account.map_err(|failure| RunError::new(stranger.subject(), failure))?;
    let subject = LoginTarget::configured(context, &account).subject();
    let pending = pending(context, credentials, account, &add.settings).await;
    pending.map_err(|failure| RunError::new(subject, failure))
}

/// The account, of which nothing is kept yet.
async fn checked(context: &Context, game_id: GameId, add: &Add) -> Result<Account, Failure> {
    check_name(&add.name)?;
    if context.configuration.account(&add.name).is_some() {
        return Err(taken(&add.name));
    }
    let typed = &add.settings;
    particulars::check(game_id.game(), typed)?;
    let username = match &typed.username {
        Some(username) => username.clone(),
        None if context.terminal.can_ask() => ask_username(&context.terminal).await?,
        None => {
            return Err(nobody(
                "a username",
                "give the name that is sent to the game's server with --username NAME",
            ));
        }
    };
    particulars::check_username(&username)?;
    let account = Account {
        name: add.name.clone(),
        game_id,
        username,
        kept: Vec::new(),
        options: Options {
            // What is kept is for this place, whatever the configuration of the game says one day.
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

/// The account with its secrets.
async fn pending(
    context: &Context,
    credentials: &CredentialStore,
    mut account: Account,
    typed: &AccountSettings,
) -> Result<Pending, Failure> {
    let who = LoginTarget::configured(context, &account);
    let place = Endpoint::of(context, &who, None)?;
    let keepable = place.keepable(account.game_id);
    let secrets = if keepable.contains(&CredentialKind::Token) {
        credentials.open(context).await.map_err(Failure::from)?;
        let password = password(context, &account, typed).await?;
        vec![(
            CredentialKind::Token,
            tokens::register(context, &who, &place, password).await?,
        )]
    } else {
        let Secrets { password, totp } =
            secrets(context, credentials, &account, typed, keepable).await?;
        let password = password.map(|password| (CredentialKind::Password, password));
        let totp = totp.map(|totp| (CredentialKind::Totp, totp));
        password.into_iter().chain(totp).collect()
    };
    account.kept = secrets.iter().map(|(kept, _)| *kept).collect();
    Ok(Pending {
        old: None,
        new: account,
        secrets,
        gone: Vec::new(),
    })
}

/// The password that is used once, for a token.
async fn password(
    context: &Context,
    account: &Account,
    typed: &AccountSettings,
) -> Result<Secret, Failure> {
    if typed.password_stdin {
        let secrets = particulars::from_input(context, typed).await?;
        return Ok(secrets.password.unwrap_or_default());
    }
    match &typed.password_command {
        Some(command) => {
            let source = PasswordSource::Command(command.clone(), "--password-command");
            let variables = account.game_id.game().variables;
            source
                .get(&context.terminal, variables, &account.username)
                .await
        }
        None => particulars::ask_once(context, &account.username).await,
    }
}

/// What is to be kept: what standard input holds, else what a person types who gave no option about it.
async fn secrets(
    context: &Context,
    credentials: &CredentialStore,
    account: &Account,
    typed: &AccountSettings,
    keepable: &[CredentialKind],
) -> Result<Secrets, Failure> {
    if keepable.is_empty() {
        if typed.password_stdin || typed.totp_stdin {
            return Err(particulars::nothing_kept_there());
        }
        return Ok(Secrets::default());
    }
    if typed.password_stdin || typed.totp_stdin {
        credentials.open(context).await.map_err(Failure::from)?;
        return particulars::from_input(context, typed).await;
    }
    let is_told = typed.password_command.is_some() || typed.code_command.is_some();
    if is_told || !context.terminal.can_ask() {
        return Ok(Secrets::default());
    }
    if let Err(error) = credentials.open(context).await {
        let failure = Failure::from(error);
        context.terminal.warn(&format!(
            "{failure}, so no password is kept; {}",
            failure.hint
        ));
        return Ok(Secrets::default());
    }
    let game = account.game_id.game();
    particulars::ask(context, game, &account.username, "to keep none").await
}
