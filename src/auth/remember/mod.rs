//! Whether a login is remembered, and remembering it: the secret in the secret store, the account in config.toml.

pub(crate) mod declined;
pub(crate) mod note;

use super::login_plan::{Endpoint, Typed, owner_of};
use super::password::PasswordSource;
use super::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::cli::usage::wrong;
use crate::config::{Account, Configuration, name};
use crate::context::Context;
use crate::credentials::store::{CredentialOwner, CredentialStore};
use crate::games::CredentialKind;
use crate::terminal::event::{EventKind, Subject};
use declined::{decline, has_declined};
use note::note;
pub(crate) use note::unnote;

/// Whether a login is to be remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RememberPolicy {
    /// It is not.
    No,
    /// The player will be asked, with the password.
    Offered(CredentialKind),
    /// It is, under this name if one was given.
    Yes(CredentialKind, Option<String>),
}

impl RememberPolicy {
    /// What was asked for, what the account has been used to, or what may be offered.
    ///
    /// # Errors
    /// When something is to be kept that cannot be.
    pub(crate) async fn of(
        context: &Context,
        credentials: &CredentialStore,
        typed: &Typed<'_>,
        target: &LoginTarget,
        place: &Endpoint,
        source: &PasswordSource,
    ) -> Result<Self, Failure> {
        let keepable = place.keepable(target.game_id).first().copied();
        let (Some(kept), None) = (keepable, &typed.root) else {
            return match &typed.who.save {
                Some(_) => Err(nothing_to_keep(target)),
                None => Ok(Self::No),
            };
        };
        if let Some(name) = &typed.who.save {
            let owner = place.owner(target.game_id, target.username.as_deref());
            check_name(context, &owner, name.as_deref(), typed.alone)?;
            credentials.open(context).await?;
            return Ok(Self::Yes(kept, name.clone()));
        }
        if typed.who.no_save {
            return Ok(Self::No);
        }
        let is_token = matches!(source, PasswordSource::Token(_));
        let known = target.account.as_ref();
        // What an option leads to is another place, of which nothing was said yet.
        let known = known.filter(|_| is_token || !target.is_elsewhere);
        if known.is_some_and(|account| account.keeps(kept)) {
            // What takes the place of something that is kept, or should have been, is kept as well.
            return Ok(match (kept, source) {
                (_, PasswordSource::Asked) | (CredentialKind::Token, PasswordSource::Token(_)) => {
                    Self::Yes(kept, None)
                }
                // The configured one; what is typed for once is not kept.
                (CredentialKind::Token, PasswordSource::Command(..)) if !typed.gives_password() => {
                    Self::Yes(kept, None)
                }
                _ => Self::No,
            });
        }
        if !matches!(source, PasswordSource::Asked)
            || has_declined(target.game_id, target.username.as_deref())
        {
            return Ok(Self::No);
        }
        match credentials.open(context).await {
            Ok(_) => Ok(Self::Offered(kept)),
            Err(error) => {
                context
                    .terminal
                    .detail(1, || format!("nothing can be remembered: {error}"));
                Ok(Self::No)
            }
        }
    }

    /// Asks whether to remember, where that is offered. A no is remembered.
    pub(crate) async fn ask(
        self,
        context: &Context,
        target: &LoginTarget,
        owner: &CredentialOwner,
        subject: &Subject,
    ) -> Self {
        let Self::Offered(kept) = self else {
            return self;
        };
        if has_declined(target.game_id, Some(&owner.username)) {
            return Self::No;
        }
        let terminal = &context.terminal;
        terminal.event(&subject.event(EventKind::Question {
            kind: "save",
            text: String::new(),
        }));
        let name = name_of(context, &context.configuration, owner);
        let what = match kept {
            CredentialKind::Token => "a launcher token, not the password,",
            _ => "the password",
        };
        let prompt = format!(
            "Remember {} as \"{name}\", with {what} in the secret store? [y/N] ",
            clean(&owner.username)
        );
        match terminal.ask_yes(&prompt).await {
            Some(true) => Self::Yes(kept, Some(name)),
            Some(false) => {
                decline(target.game_id, &owner.username);
                Self::No
            }
            None => Self::No,
        }
    }
}

/// What became of a secret that was to be kept.
pub(crate) enum Remembered {
    /// It is not kept, which was told.
    No,
    /// It is, in place of one that was there.
    Yes(Option<Secret>),
}

/// Keeps a secret and remembers the account: both, or nothing. What goes wrong is told, and is no failure of the login.
pub(crate) async fn remember(
    context: &Context,
    credentials: &CredentialStore,
    target: &LoginTarget,
    owner: &CredentialOwner,
    (kept, name): (CredentialKind, Option<&str>),
    secret: &Secret,
) -> Remembered {
    match keep(context, credentials, target, owner, (kept, name), secret).await {
        Ok(before) => Remembered::Yes(before.filter(|before| before != secret)),
        Err(failure) => {
            let what = kept.label();
            let hint = &failure.hint;
            context
                .terminal
                .warn(&format!("the {what} is not kept: {failure}; {hint}"));
            Remembered::No
        }
    }
}

async fn keep(
    context: &Context,
    credentials: &CredentialStore,
    target: &LoginTarget,
    owner: &CredentialOwner,
    (kept, name): (CredentialKind, Option<&str>),
    secret: &Secret,
) -> Result<Option<Secret>, Failure> {
    let mut draft = context.draft().await?;
    let before = credentials.swap(context, owner, kept, secret).await?;
    let noted = note(context, &mut draft.change, target, owner, kept, name);
    let written = noted.and_then(|new| draft.write().map(|()| new));
    if written.is_err() {
        // As it was; a store that fails now is beyond help.
        let _ = credentials
            .put_back(context, owner, kept, before.as_ref())
            .await;
    }
    if let Some(name) = written? {
        let game = target.game_id.game().id;
        context.terminal.say(format_args!(
            "remembered: `playcookie {game} {name}` starts it from now on"
        ));
    }
    Ok(before)
}

/// The account that is remembered with this username at this place, whatever its name.
fn same<'c>(
    context: &Context,
    configuration: &'c Configuration,
    owner: &CredentialOwner,
) -> Option<&'c Account> {
    let is_it = |account: &&Account| owner_of(context, account).is_ok_and(|it| it == *owner);
    configuration.of_game(owner.game_id).find(is_it)
}

/// The name of the account, or one that it could have.
fn name_of(context: &Context, configuration: &Configuration, owner: &CredentialOwner) -> String {
    same(context, configuration, owner).map_or_else(
        || {
            let is_taken = |name: &str| configuration.account(name).is_some();
            name::derived(&owner.username, is_taken)
        },
        |account| account.name.clone(),
    )
}

/// Refuses a name for a new account that belongs to another.
fn check_name(
    context: &Context,
    owner: &CredentialOwner,
    kind: Option<&str>,
    alone: bool,
) -> Result<(), Failure> {
    let Some(kind) = kind else {
        return Ok(());
    };
    if !alone {
        return Err(wrong(
            "--save=NAME is for one account, and several are named",
            "leave the name out: they have names already",
        ));
    }
    let own = same(context, &context.configuration, owner);
    match context.configuration.account(kind) {
        Some(known) if Some(known) != own => Err(taken(kind)),
        None if own.is_some() => Err(wrong(
            "--save=NAME is for an account that is not remembered yet",
            "`playcookie accounts edit NAME --rename NEW` gives it another name",
        )),
        _ => Ok(()),
    }
}

/// A name that belongs to another account.
pub(crate) fn taken(name: &str) -> Failure {
    wrong(
        format!("an account named \"{name}\" is remembered already"),
        "choose another name; `playcookie accounts list` shows them",
    )
}

fn nothing_to_keep(target: &LoginTarget) -> Failure {
    wrong(
        format!(
            "nothing may be kept of this login at {}",
            target.game_id.game().name
        ),
        "leave --save out",
    )
}
