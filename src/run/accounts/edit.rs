//! `playcookie accounts edit`.

use super::super::password::Source;
use super::super::prepare::Place;
use super::super::remember::taken;
use super::super::safe::Safe;
use super::super::{Context, Trouble};
use super::particulars::{self, Secrets};
use super::remove::forget;
use super::{Shown, add, check_name, entrant, known, tell, tokens};
use crate::accounts::Account;
use crate::accounts::change::Change;
use crate::cli::accounts::Edit;
use crate::cli::usage::wrong;
use crate::exit::Failure;
use crate::game::Kept;
use crate::sanitize::clean;

pub(super) async fn run(context: &Context, safe: &Safe, edit: &Edit) -> anyhow::Result<()> {
    let account = known(&context.configuration, &edit.name)?;
    let subject = entrant(context, account).subject();
    let trouble = |failure| Trouble::new(subject.clone(), failure);
    let new = changed(context, safe, account, edit)
        .await
        .map_err(trouble)?;
    let written = context.file.change(|change| {
        // Somebody may have removed it meanwhile, or taken the new name.
        known(&change.before, &account.name)?;
        if let Some(name) = &edit.rename {
            check_free(&change.before, account, name)?;
        }
        write(change, account, &new);
        Ok(())
    });
    written.map_err(trouble)?;
    let sentence = format!("{} is changed", new.name);
    tell(context, &sentence, &Shown::of(&context.configuration, &new)).map_err(trouble)?;
    Ok(())
}

/// The account as it is to be, with its secrets already where they belong.
async fn changed(
    context: &Context,
    safe: &Safe,
    account: &Account,
    edit: &Edit,
) -> Result<Account, Failure> {
    let asks = edit.particulars.is_empty() && edit.rename.is_none() && edit.forget.is_empty();
    if asks && !context.terminal.can_ask() {
        return Err(wrong(
            format!("nothing is said about what to change of {}", account.name),
            "see `playcookie accounts edit --help`",
        ));
    }
    let typed = &edit.particulars;
    particulars::check(account.title.game(), typed)?;
    let mut new = account.clone();
    if let Some(name) = &edit.rename {
        check_name(name)?;
        check_free(&context.configuration, account, name)?;
        new.name.clone_from(name);
    }
    if let Some(username) = &typed.username {
        new.username.clone_from(username);
    } else if asks {
        new.username = ask_username(context, account).await?;
    }
    particulars::check_username(&new.username)?;
    if typed.api.is_some() {
        new.options.api.clone_from(&typed.api);
    }
    if typed.toon_slot.is_some() {
        new.options.toon_slot = typed.toon_slot;
    }
    forget_some(context, safe, account, &mut new, edit).await?;
    if typed.password_command.is_some() {
        new.options
            .password_command
            .clone_from(&typed.password_command);
        drop_kept(context, safe, account, &mut new, Kept::Password).await?;
    }
    if typed.code_command.is_some() {
        new.options.code_command.clone_from(&typed.code_command);
        drop_kept(context, safe, account, &mut new, Kept::Totp).await?;
    }
    keep_new(context, safe, account, &mut new, edit, asks).await?;
    Ok(new)
}

/// Forgets what was asked for, and everything that belongs to a username or a place that the account leaves.
async fn forget_some(
    context: &Context,
    safe: &Safe,
    account: &Account,
    new: &mut Account,
    edit: &Edit,
) -> Result<(), Failure> {
    let moves = new.username != account.username || new.options.api != account.options.api;
    for kept in account.kept.clone() {
        if moves {
            drop_kept(context, safe, account, new, kept).await?;
        }
    }
    for forgotten in &edit.forget {
        let kept = Kept::from(*forgotten);
        match kept {
            Kept::Password => new.options.password_command = None,
            Kept::Totp => new.options.code_command = None,
            Kept::Token => {}
        }
        drop_kept(context, safe, account, new, kept).await?;
    }
    Ok(())
}

async fn drop_kept(
    context: &Context,
    safe: &Safe,
    account: &Account,
    new: &mut Account,
    kept: Kept,
) -> Result<(), Failure> {
    if new.keeps(kept) {
        forget(context, safe, account, kept).await?;
        new.kept.retain(|known| *known != kept);
    }
    Ok(())
}

/// Keeps what was typed; a command in its place goes.
async fn keep_new(
    context: &Context,
    safe: &Safe,
    account: &Account,
    new: &mut Account,
    edit: &Edit,
    asks: bool,
) -> Result<(), Failure> {
    let typed = &edit.particulars;
    let who = entrant(context, new);
    let place = Place::of(context, &who, None)?;
    let keepable = place.keepable(new.title);
    let owner = place.owner(new.title, Some(&new.username));
    let reads = typed.password_stdin || typed.totp_stdin;
    if !reads && !asks {
        return Ok(());
    }
    if keepable.is_empty() {
        return Err(wrong(
            "the password may not be kept, and this interface has no tokens",
            "use --password-command CMD, or the current interface",
        ));
    }
    safe.open(context).await.map_err(Failure::from)?;
    let secrets = if reads {
        particulars::from_input(context, typed).await?
    } else if keepable.contains(&Kept::Token) {
        let password = Source::Asked.get(&context.terminal, &[], &new.username);
        Secrets {
            password: Some(password.await?),
            totp: None,
        }
    } else {
        particulars::ask(context, new.title.game(), &new.username, "to leave it").await?
    };
    let kept = match secrets.password {
        Some(password) if keepable.contains(&Kept::Token) => {
            let token = tokens::register(context, &who, &place, password).await?;
            drop_kept(context, safe, account, new, Kept::Token).await?;
            safe.set(context, &owner, Kept::Token, &token).await?;
            vec![Kept::Token]
        }
        _ => add::keep(context, safe, &owner, &secrets).await?,
    };
    for kept in kept {
        match kept {
            Kept::Password => new.options.password_command = None,
            Kept::Totp => new.options.code_command = None,
            Kept::Token => {}
        }
        if !new.keeps(kept) {
            new.kept.push(kept);
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

/// Refuses a new name that belongs to another account.
fn check_free(
    configuration: &crate::accounts::Configuration,
    account: &Account,
    name: &str,
) -> Result<(), Failure> {
    let other = |known: &Account| !known.name.eq_ignore_ascii_case(&account.name);
    match configuration.account(name).filter(|known| other(known)) {
        Some(_) => Err(taken(name)),
        None => Ok(()),
    }
}

/// Writes what is different.
fn write(change: &mut Change, old: &Account, new: &Account) {
    let name = &old.name;
    let (before, after) = (&old.options, &new.options);
    if new.username != old.username {
        change.set_text(name, "username", Some(&new.username));
    }
    if new.kept != old.kept {
        change.set_kept(name, &new.kept);
    }
    if after.password_command != before.password_command {
        change.set_text(name, "password-command", after.password_command.as_deref());
    }
    if after.code_command != before.code_command {
        change.set_text(name, "code-command", after.code_command.as_deref());
    }
    if after.api != before.api {
        let api = after.api.as_ref().map(ToString::to_string);
        change.set_text(name, "api", api.as_deref());
    }
    if let Some(slot) = after
        .toon_slot
        .filter(|_| after.toon_slot != before.toon_slot)
    {
        change.set_slot(name, slot);
    }
    if new.name != old.name {
        change.rename(name, &new.name);
    }
}
