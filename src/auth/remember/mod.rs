//! Whether a login is remembered, and remembering it: the secret in the secret store, the account in config.toml.

pub(crate) mod declined;
pub(crate) mod note;

use super::login_plan::{Place, Typed, owner_of};
use super::password::Source;
use super::target::Entrant;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::cli::usage::wrong;
use crate::config::{Account, Configuration, name};
use crate::context::Context;
use crate::credentials::store::{Owner, Safe};
use crate::games::Kept;
use crate::terminal::event::{Subject, What};
use declined::{decline, has_declined};
use note::note;
pub(crate) use note::unnote;

/// Whether a login is to be remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Saving {
    /// It is not.
    No,
    /// The player will be asked, with the password.
    Offered(Kept),
    /// It is, under this name if one was given.
    Yes(Kept, Option<String>),
}

impl Saving {
    /// What was asked for, what the account has been used to, or what may be offered.
    ///
    /// # Errors
    /// When something is to be kept that cannot be.
    pub(crate) async fn of(
        context: &Context,
        safe: &Safe,
        typed: &Typed<'_>,
        entrant: &Entrant,
        place: &Place,
        source: &Source,
    ) -> Result<Self, Failure> {
        let keepable = place.keepable(entrant.title).first().copied();
        let (Some(kept), None) = (keepable, &typed.root) else {
            return match &typed.who.save {
                Some(_) => Err(nothing_to_keep(entrant)),
                None => Ok(Self::No),
            };
        };
        if let Some(name) = &typed.who.save {
            let owner = place.owner(entrant.title, entrant.username.as_deref());
            check_name(context, &owner, name.as_deref(), typed.alone)?;
            safe.open(context).await?;
            return Ok(Self::Yes(kept, name.clone()));
        }
        if typed.who.no_save {
            return Ok(Self::No);
        }
        let is_token = matches!(source, Source::Token(_));
        let known = entrant.account.as_ref();
        // What an option leads to is another place, of which nothing was said yet.
        let known = known.filter(|_| is_token || !entrant.is_elsewhere);
        if known.is_some_and(|account| account.keeps(kept)) {
            // What takes the place of something that is kept, or should have been, is kept as well.
            return Ok(match (kept, source) {
                (_, Source::Asked) | (Kept::Token, Source::Token(_)) => Self::Yes(kept, None),
                // The configured one; what is typed for once is not kept.
                (Kept::Token, Source::Command(..)) if !typed.gives_password() => {
                    Self::Yes(kept, None)
                }
                _ => Self::No,
            });
        }
        if !matches!(source, Source::Asked)
            || has_declined(entrant.title, entrant.username.as_deref())
        {
            return Ok(Self::No);
        }
        match safe.open(context).await {
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
        entrant: &Entrant,
        owner: &Owner,
        subject: &Subject,
    ) -> Self {
        let Self::Offered(kept) = self else {
            return self;
        };
        if has_declined(entrant.title, Some(&owner.username)) {
            return Self::No;
        }
        let terminal = &context.terminal;
        terminal.event(&subject.event(What::Question {
            kind: "save",
            text: String::new(),
        }));
        let name = name_of(context, &context.configuration, owner);
        let what = match kept {
            Kept::Token => "a launcher token, not the password,",
            _ => "the password",
        };
        let prompt = format!(
            "Remember {} as \"{name}\", with {what} in the secret store? [y/N] ",
            clean(&owner.username)
        );
        match terminal.ask_yes(&prompt).await {
            Some(true) => Self::Yes(kept, Some(name)),
            Some(false) => {
                decline(entrant.title, &owner.username);
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
    safe: &Safe,
    entrant: &Entrant,
    owner: &Owner,
    (kept, name): (Kept, Option<&str>),
    secret: &Secret,
) -> Remembered {
    match keep(context, safe, entrant, owner, (kept, name), secret).await {
        Ok(before) => Remembered::Yes(before.filter(|before| before != secret)),
        Err(failure) => {
            let what = kept.words();
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
    safe: &Safe,
    entrant: &Entrant,
    owner: &Owner,
    (kept, name): (Kept, Option<&str>),
    secret: &Secret,
) -> Result<Option<Secret>, Failure> {
    let mut draft = context.draft().await?;
    let before = safe.swap(context, owner, kept, secret).await?;
    let noted = note(context, &mut draft.change, entrant, owner, kept, name);
    let written = noted.and_then(|new| draft.write().map(|()| new));
    if written.is_err() {
        // As it was; a store that fails now is beyond help.
        let _ = safe.put_back(context, owner, kept, before.as_ref()).await;
    }
    if let Some(name) = written? {
        let game = entrant.title.game().id;
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
    owner: &Owner,
) -> Option<&'c Account> {
    let is_it = |account: &&Account| owner_of(context, account).is_ok_and(|it| it == *owner);
    configuration.of_game(owner.title).find(is_it)
}

/// The name of the account, or one that it could have.
fn name_of(context: &Context, configuration: &Configuration, owner: &Owner) -> String {
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
    owner: &Owner,
    wanted: Option<&str>,
    alone: bool,
) -> Result<(), Failure> {
    let Some(wanted) = wanted else {
        return Ok(());
    };
    if !alone {
        return Err(wrong(
            "--save=NAME is for one account, and several are named",
            "leave the name out: they have names already",
        ));
    }
    let own = same(context, &context.configuration, owner);
    match context.configuration.account(wanted) {
        Some(known) if Some(known) != own => Err(taken(wanted)),
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

fn nothing_to_keep(entrant: &Entrant) -> Failure {
    wrong(
        format!(
            "nothing may be kept of this login at {}",
            entrant.title.game().name
        ),
        "leave --save out",
    )
}
