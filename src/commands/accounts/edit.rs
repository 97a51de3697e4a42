//! `playcookie accounts edit`.

use super::particulars;
use super::particulars::Secrets;
use super::pending::{Pending, check_free};
use super::{check_name, known, tokens};
use crate::auth::login_plan::{Endpoint, origin};
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::cli::accounts::{Edit, Forgotten};
use crate::cli::usage::wrong;
use crate::config::Account;
use crate::context::{Context, RunError};
use crate::credentials::store::CredentialStore;
use crate::games::CredentialKind;

/// Finds out what is to change; nothing is changed yet.
pub(crate) async fn prepare(
    context: &Context,
    credentials: &CredentialStore,
    edit: &Edit,
) -> Result<Pending, RunError> {
    let nobody = |failure| RunError::new(crate::terminal::event::Subject::default(), failure);
    let account = known(&context.configuration, &edit.name).map_err(nobody)?;
    let subject = LoginTarget::configured(context, account).subject();
    let changed = changed(context, credentials, account, edit).await;
    changed.map_err(|failure| RunError::new(subject, failure))
}

async fn changed(
    context: &Context,
    credentials: &CredentialStore,
    account: &Account,
    edit: &Edit,
) -> Result<Pending, Failure> {
    let asks = edit.particulars.is_empty() && edit.rename.is_none() && edit.forget.is_empty();
    if asks && !context.terminal.can_ask() {
        return Err(wrong(
            format!("nothing is said about what to change of {}", account.name),
            "see `playcookie accounts edit --help`",
        ));
    }
    let typed = &edit.particulars;
    particulars::check(account.game_id.game(), typed)?;
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
    particulars::check_username(&new.username)?;
    if typed.api.is_some() {
        new.options.api.clone_from(&typed.api);
    }
    if typed.toon_slot.is_some() {
        new.options.toon_slot = typed.toon_slot;
    }
    check_free(context, &context.configuration, Some(account), &new)?;
    let secrets = secrets(context, credentials, &new, edit, asks).await?;
    let pending = settle(context, account, new, edit, secrets)?;
    if !pending.gone.is_empty() {
        credentials.open(context).await.map_err(Failure::from)?;
    }
    Ok(pending)
}

/// What the account is in the end: what was typed is kept, a command is in place of a secret or the other way round.
fn settle(
    context: &Context,
    account: &Account,
    mut new: Account,
    edit: &Edit,
    secrets: Vec<(CredentialKind, crate::base::secret::Secret)>,
) -> Result<Pending, Failure> {
    let typed = &edit.particulars;
    let mut gone: Vec<_> = edit
        .forget
        .iter()
        .map(|it| CredentialKind::from(*it))
        .collect();
    if edit.forget.contains(&Forgotten::Password) {
        new.options.password_command = None;
    }
    if edit.forget.contains(&Forgotten::Totp) {
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
    // What is kept for another username, or for another place, is of no use any more.
    let moves = new.username != account.username
        || origin(&LoginTarget::configured(context, account))?
            != origin(&LoginTarget::configured(context, &new))?;
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
    Ok(Pending {
        old: Some(account.clone()),
        new,
        secrets,
        gone,
    })
}

/// What is to be kept: what standard input holds, or a person types.
async fn secrets(
    context: &Context,
    credentials: &CredentialStore,
    new: &Account,
    edit: &Edit,
    asks: bool,
) -> Result<Vec<(CredentialKind, crate::base::secret::Secret)>, Failure> {
    let typed = &edit.particulars;
    let reads = typed.password_stdin || typed.totp_stdin;
    if !reads && !asks {
        return Ok(Vec::new());
    }
    let who = LoginTarget::configured(context, new);
    let place = Endpoint::of(context, &who, None)?;
    let keepable = place.keepable(new.game_id);
    if keepable.is_empty() {
        return Err(particulars::nothing_kept_there());
    }
    credentials.open(context).await.map_err(Failure::from)?;
    let Secrets { password, totp } = if reads {
        particulars::from_input(context, typed).await?
    } else {
        particulars::ask(context, new.game_id.game(), &new.username, "to leave it").await?
    };
    let password = match password {
        Some(password) if keepable.contains(&CredentialKind::Token) => {
            let token = tokens::register(context, &who, &place, password).await?;
            Some((CredentialKind::Token, token))
        }
        password => password.map(|password| (CredentialKind::Password, password)),
    };
    let totp = totp.map(|totp| (CredentialKind::Totp, totp));
    Ok(password.into_iter().chain(totp).collect())
}

/// Refuses to forget what there cannot be.
fn check_forgotten(account: &Account, forgotten: &[Forgotten]) -> Result<(), Failure> {
    let game = account.game_id.game();
    for kept in forgotten.iter().map(|it| CredentialKind::from(*it)) {
        let command = match kept {
            CredentialKind::Password => account.options.password_command.is_some(),
            CredentialKind::Totp => account.options.code_command.is_some(),
            CredentialKind::Token => false,
        };
        if !command && !game.storable().contains(&kept) {
            return Err(wrong(
                format!(
                    "no {} of {} is kept ({})",
                    kept.label(),
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
