//! Remembering a login: the secret in the secret store, the account in the configuration.

mod declined;
mod record;

use super::login_options::LoginOptions;
use super::password::PasswordSource;
use super::target::{LoginTarget, owner_of};
use crate::base::clock;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::config::{Account, Configuration, name};
use crate::context::Context;
use crate::credentials::CredentialOwner;
use crate::games::CredentialKind;
use crate::terminal::event::EventKind;
use declined::{decline, has_declined};
pub(crate) use record::record_removed;
use record::record_stored;

/// Whether a login is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RememberPolicy {
    /// Nothing is stored.
    No,
    /// The player is asked once the login succeeded.
    Offer(CredentialKind),
    /// The secret is stored; a new account gets this name, if one is given.
    Yes(CredentialKind, Option<String>),
}

impl RememberPolicy {
    /// Returns the policy of a login: what was typed, what the account stores already, or an offer.
    ///
    /// # Errors
    /// When `--save` was typed and nothing can be stored.
    pub(crate) async fn of(
        context: &Context,
        target: &LoginTarget,
        options: &LoginOptions,
        source: &PasswordSource,
    ) -> Result<Self, Failure> {
        let storable = target.storable().first().copied();
        let Some(kind) = storable.filter(|_| context.credentials.is_enabled()) else {
            return match &options.save {
                Some(_) => Err(nothing_storable(target)),
                None => Ok(Self::No),
            };
        };
        if let Some(name) = &options.save {
            check_name(context, target, name.as_deref(), options.is_one_of_several)?;
            context.credentials.open().await?;
            return Ok(Self::Yes(kind, name.clone()));
        }
        if options.no_save {
            return Ok(Self::No);
        }
        let is_token = matches!(source, PasswordSource::Token(_));
        // Secrets that are stored for another origin say nothing about this one.
        let owner = target.owner(context)?;
        let has_same_owner =
            |account: &&Account| owner_of(context, account).is_ok_and(|it| it == owner);
        let account = target.account.as_ref();
        let account = account.filter(|account| is_token || has_same_owner(account));
        if account.is_some_and(|account| account.keeps(kind)) {
            // A typed password replaces the stored secret, or one that is missing in the store, so it is stored too.
            return Ok(match (kind, source) {
                (_, PasswordSource::Prompt) | (CredentialKind::Token, PasswordSource::Token(_)) => {
                    Self::Yes(kind, None)
                }
                // A configured command; a typed one is for this run only.
                (CredentialKind::Token, PasswordSource::Command(..))
                    if !options.gives_password() =>
                {
                    Self::Yes(kind, None)
                }
                _ => Self::No,
            });
        }
        // A remembered account that is used with another --api is not remembered a second time.
        let is_elsewhere = !target
            .account
            .iter()
            .all(|account| has_same_owner(&account));
        let is_typed = matches!(source, PasswordSource::Prompt);
        if is_elsewhere || !is_typed || has_declined(context, target) {
            return Ok(Self::No);
        }
        match context.credentials.open().await {
            Ok(_) => Ok(Self::Offer(kind)),
            Err(error) => {
                context
                    .terminal
                    .detail(1, || format!("nothing can be remembered: {error}"));
                Ok(Self::No)
            }
        }
    }

    /// Asks the player when the policy is an offer. A refusal is recorded. Without an answer in time, nothing is stored: the
    /// login would be too old for the game.
    pub(crate) async fn ask(&mut self, context: &Context, target: &LoginTarget) {
        let Self::Offer(kind) = *self else {
            return;
        };
        *self = Self::No;
        let (Ok(owner), false) = (target.owner(context), has_declined(context, target)) else {
            return;
        };
        let terminal = &context.terminal;
        terminal.event(&target.subject().event(EventKind::question("save")));
        let name = name_of(context, &context.configuration, &owner);
        let what = match kind {
            CredentialKind::Token => "a launcher token, not the password,",
            _ => "the password",
        };
        let prompt = format!(
            "Remember {} as \"{name}\", with {what} in the secret store? [y/N] ",
            clean(&owner.username)
        );
        match clock::timeout(context.limits.idle, terminal.ask_yes(&prompt)).await {
            Some(Some(true)) => *self = Self::Yes(kind, Some(name)),
            Some(Some(false)) => decline(context, &owner),
            Some(None) => {}
            None => terminal.say(format_args!(
                "no answer, so nothing is remembered; it is offered again at the next login"
            )),
        }
    }
}

/// Stores a secret and adds the account to the configuration: both, or neither. Returns the secret that was replaced.
///
/// # Errors
/// When it is not stored; the reason is printed, since it does not fail the login.
pub(crate) async fn remember(
    context: &Context,
    target: &LoginTarget,
    kind: CredentialKind,
    name: Option<&str>,
    secret: &Secret,
) -> Result<Option<Secret>, ()> {
    let before = store(context, target, kind, name, secret).await;
    let before = before.map_err(|failure| {
        let (what, hint) = (kind.label(), &failure.hint);
        let terminal = &context.terminal;
        terminal.warn(&format!("the {what} is not stored: {failure}; {hint}"));
    })?;
    Ok(before.filter(|before| before != secret))
}

async fn store(
    context: &Context,
    target: &LoginTarget,
    kind: CredentialKind,
    name: Option<&str>,
    secret: &Secret,
) -> Result<Option<Secret>, Failure> {
    let mut edit = context.edit_configuration().await?;
    let key = target.owner(context)?.key(kind);
    let new = record_stored(context, &mut edit.document, target, kind, name)?;
    // Before the secret, so that after a kill `accounts` can still reach it.
    edit.write()?;
    let before = context.credentials.swap(&key, secret).await;
    if before.is_err() {
        // The first failure is the one that is reported.
        let _ = edit.undo();
    }
    let before = before?;
    if let Some(name) = new.as_deref().or(name) {
        let game = target.game_id.game().id;
        context.terminal.say(format_args!(
            "remembered: `playcookie {game} {name}` starts it from now on"
        ));
    }
    Ok(before)
}

/// Returns the remembered account of an owner, whatever its name.
fn account_of<'c>(
    context: &Context,
    configuration: &'c Configuration,
    owner: &CredentialOwner,
) -> Option<&'c Account> {
    configuration
        .of_game(owner.game_id)
        .find(|account| owner_of(context, account).is_ok_and(|it| it == *owner))
}

/// Returns the name of an owner's account, or one that a new account could have.
fn name_of(context: &Context, configuration: &Configuration, owner: &CredentialOwner) -> String {
    let is_taken = |name: &str| configuration.account(name).is_some();
    match account_of(context, configuration, owner) {
        Some(account) => account.name.clone(),
        None => name::from_username(&owner.username, is_taken),
    }
}

/// Refuses a name for a new account that is taken.
fn check_name(
    context: &Context,
    target: &LoginTarget,
    name: Option<&str>,
    is_one_of_several: bool,
) -> Result<(), Failure> {
    let Some(name) = name else {
        return Ok(());
    };
    if is_one_of_several {
        return Err(Failure::usage(
            "--save=NAME is for one account, and several are named",
            "leave the name out: they have names already",
        ));
    }
    let own = account_of(context, &context.configuration, &target.owner(context)?);
    match context.configuration.account(name) {
        Some(known) if Some(known) != own => Err(name_taken(name)),
        None if own.is_some() => Err(Failure::usage(
            "--save=NAME is for an account that is not remembered yet",
            "give it another name with `playcookie accounts edit NAME --rename NEW`",
        )),
        _ => Ok(()),
    }
}

/// The failure when another account has the name.
pub(crate) fn name_taken(name: &str) -> Failure {
    Failure::usage(
        format!("an account named \"{name}\" is remembered already"),
        format!(
            "choose another name, or change that account with `playcookie accounts edit {name}`"
        ),
    )
}

fn nothing_storable(target: &LoginTarget) -> Failure {
    let game = target.game_id.game().name;
    let message = format!("no secret of this login to {game} may be stored");
    Failure::usage(message, "leave --save out")
}
