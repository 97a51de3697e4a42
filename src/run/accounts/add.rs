//! `playcookie accounts add`.

use super::super::password::{Source, ask_username, nobody};
use super::super::prepare::Place;
use super::super::remember::taken;
use super::super::safe::{Owner, Safe};
use super::super::{Context, Trouble};
use super::particulars::{self, Secrets};
use super::{Shown, check_name, entrant, tell, tokens};
use crate::accounts::Account;
use crate::accounts::options::Options;
use crate::cli::accounts::{Add, Particulars};
use crate::cli::usage::wrong;
use crate::exit::Failure;
use crate::game::{Kept, Title};
use crate::secret::Secret;

pub(super) async fn run(context: &Context, safe: &Safe, add: &Add) -> anyhow::Result<()> {
    let Some(title) = add.game.title() else {
        return Err(wrong(
            "Supercell ID has no accounts to add: it keeps its tokens by itself",
            "`playcookie scid login EMAIL --game GAME` logs in and keeps them",
        )
        .into());
    };
    let subject = || {
        let typed = add.particulars.username.clone();
        super::Entrant::stranger(title, typed).subject()
    };
    let account = checked(context, title, add).await;
    let account = account.map_err(|failure| Trouble::new(subject(), failure))?;
    let subject = entrant(context, &account).subject();
    remember(context, safe, account, &add.particulars)
        .await
        .map_err(|failure| Trouble::new(subject, failure))?;
    Ok(())
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
    Ok(Account {
        name: add.name.clone(),
        title,
        username,
        kept: Vec::new(),
        options: Options {
            api: typed.api.clone(),
            password_command: typed.password_command.clone(),
            code_command: typed.code_command.clone(),
            toon_slot: typed.toon_slot,
            ..Options::default()
        },
    })
}

/// Keeps the secrets of an account, then remembers it; with what fails, nothing of it stays.
async fn remember(
    context: &Context,
    safe: &Safe,
    mut account: Account,
    typed: &Particulars,
) -> Result<(), Failure> {
    let who = entrant(context, &account);
    let place = Place::of(context, &who, None)?;
    let keepable = place.keepable(account.title);
    let owner = place.owner(account.title, Some(&account.username));
    let mut kept = Vec::new();
    if keepable.contains(&Kept::Token) {
        safe.open(context).await.map_err(Failure::from)?;
        let password = password(context, &account, typed).await?;
        let token = tokens::register(context, &who, &place, password).await?;
        if let Err(failure) = safe.set(context, &owner, Kept::Token, &token).await {
            tokens::revoke(context, &place, &token).await;
            return Err(failure);
        }
        kept.push(Kept::Token);
    } else {
        let secrets = secrets(context, safe, &account, typed, keepable).await?;
        kept = keep(context, safe, &owner, &secrets).await?;
    }
    account.kept = kept;
    let added = context.file.change(|change| {
        if change.before.account(&account.name).is_some() {
            return Err(taken(&account.name));
        }
        change.add(&account);
        Ok(())
    });
    if let Err(failure) = added {
        for kept in &account.kept {
            super::remove::forget(context, safe, &account, *kept).await?;
        }
        return Err(failure);
    }
    say(context, &account)
}

fn say(context: &Context, account: &Account) -> Result<(), Failure> {
    let kept: Vec<_> = account.kept.iter().map(|kept| kept.words()).collect();
    let with = match kept.as_slice() {
        [] => String::new(),
        kept => format!(" (kept in the secret store: {})", kept.join(", ")),
    };
    let sentence = format!(
        "{name} is remembered{with}; `playcookie {game} {name}` starts it",
        name = account.name,
        game = account.title.game().id
    );
    tell(
        context,
        &sentence,
        &Shown::of(&context.configuration, account),
    )
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
            return Err(wrong(
                "the password may not be kept, and this interface has no tokens",
                "use --password-command CMD, or the current interface",
            ));
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

/// Puts secrets into the secret store; gives which.
pub(super) async fn keep(
    context: &Context,
    safe: &Safe,
    owner: &Owner,
    secrets: &Secrets,
) -> Result<Vec<Kept>, Failure> {
    let mut kept = Vec::new();
    let both = [
        (Kept::Password, &secrets.password),
        (Kept::Totp, &secrets.totp),
    ];
    for (what, secret) in both {
        if let Some(secret) = secret {
            safe.set(context, owner, what, secret).await?;
            kept.push(what);
        }
    }
    Ok(kept)
}
