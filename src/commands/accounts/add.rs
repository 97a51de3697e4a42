//! `playcookie accounts add`.

use super::particulars;
use super::particulars::Secrets;
use super::pending::{Pending, check_free};
use super::{check_name, tokens};
use crate::auth::login_plan::Place;
use crate::auth::password::{Source, ask_username, nobody};
use crate::auth::remember::taken;
use crate::auth::target::Entrant;
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::cli::accounts::{Add, Particulars};
use crate::cli::usage::wrong;
use crate::config::Account;
use crate::config::options::Options;
use crate::context::{Context, Trouble};
use crate::credentials::store::Safe;
use crate::games::{Kept, Title};
use crate::terminal::event::Subject;

/// Finds out what is to be remembered; nothing is yet.
pub(crate) async fn prepare(context: &Context, safe: &Safe, add: &Add) -> Result<Pending, Trouble> {
    let Some(title) = add.game.title() else {
        let failure = wrong(
            "Supercell ID has no accounts to add: it keeps its tokens by itself",
            "`playcookie scid login EMAIL --game GAME` logs in and keeps them",
        );
        return Err(Trouble::new(Subject::default(), failure));
    };
    let typed = add.particulars.username.clone();
    let stranger = Entrant::stranger(title, typed);
    let account = checked(context, title, add).await;
    let account = account.map_err(|failure| Trouble::new(stranger.subject(), failure))?;
    let subject = Entrant::configured(context, &account).subject();
    let pending = pending(context, safe, account, &add.particulars).await;
    pending.map_err(|failure| Trouble::new(subject, failure))
}

/// The account, of which nothing is kept yet.
async fn checked(context: &Context, title: Title, add: &Add) -> Result<Account, Failure> {
    check_name(&add.name)?;
    if context.configuration.account(&add.name).is_some() {
        return Err(taken(&add.name));
    }
    let typed = &add.particulars;
    particulars::check(title.game(), typed)?;
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
        title,
        username,
        kept: Vec::new(),
        options: Options {
            // What is kept is for this place, whatever the configuration of the game says one day.
            api: typed
                .api
                .clone()
                .or_else(|| context.configuration.game(title).api),
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
    safe: &Safe,
    mut account: Account,
    typed: &Particulars,
) -> Result<Pending, Failure> {
    let who = Entrant::configured(context, &account);
    let place = Place::of(context, &who, None)?;
    let keepable = place.keepable(account.title);
    let secrets = if keepable.contains(&Kept::Token) {
        safe.open(context).await.map_err(Failure::from)?;
        let password = password(context, &account, typed).await?;
        vec![(
            Kept::Token,
            tokens::register(context, &who, &place, password).await?,
        )]
    } else {
        let Secrets { password, totp } = secrets(context, safe, &account, typed, keepable).await?;
        let password = password.map(|password| (Kept::Password, password));
        let totp = totp.map(|totp| (Kept::Totp, totp));
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
    typed: &Particulars,
) -> Result<Secret, Failure> {
    if typed.password_stdin {
        let secrets = particulars::from_input(context, typed).await?;
        return Ok(secrets.password.unwrap_or_default());
    }
    match &typed.password_command {
        Some(command) => {
            let source = Source::Command(command.clone(), "--password-command");
            let variables = account.title.game().variables;
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
    safe: &Safe,
    account: &Account,
    typed: &Particulars,
    keepable: &[Kept],
) -> Result<Secrets, Failure> {
    if keepable.is_empty() {
        if typed.password_stdin || typed.totp_stdin {
            return Err(particulars::nothing_kept_there());
        }
        return Ok(Secrets::default());
    }
    if typed.password_stdin || typed.totp_stdin {
        safe.open(context).await.map_err(Failure::from)?;
        return particulars::from_input(context, typed).await;
    }
    let is_told = typed.password_command.is_some() || typed.code_command.is_some();
    if is_told || !context.terminal.can_ask() {
        return Ok(Secrets::default());
    }
    if let Err(error) = safe.open(context).await {
        let failure = Failure::from(error);
        context.terminal.warn(&format!(
            "{failure}, so no password is kept; {}",
            failure.hint
        ));
        return Ok(Secrets::default());
    }
    let game = account.title.game();
    particulars::ask(context, game, &account.username, "to keep none").await
}
