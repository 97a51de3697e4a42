//! Whether a login is remembered, and remembering it: the secret in the secret store, the account in config.toml.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::password::Source;
use super::prepare::{Place, Typed};
use super::safe::{Owner, Safe};
use super::who::Entrant;
use crate::accounts::options::Options;
use crate::accounts::{Account, Configuration, name};
use crate::cli::usage::wrong;
use crate::event::{Subject, What};
use crate::exit::Failure;
use crate::game::Kept;
use crate::sanitize::clean;
use crate::secret::Secret;
use crate::state::State;

/// The state file of those who said no: games with usernames.
const FILE: &str = "declined.json";

/// Whether a login is to be remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Saving {
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
    pub(super) async fn of(
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
            check_name(context, entrant, name.as_deref(), typed.alone)?;
            safe.open(context).await?;
            return Ok(Self::Yes(kept, name.clone()));
        }
        if typed.who.no_save {
            return Ok(Self::No);
        }
        let known = entrant.account.as_ref();
        if known.is_some_and(|account| account.keeps(kept)) {
            // What takes the place of something that is kept, or should have been, is kept as well.
            return Ok(match (kept, source) {
                (_, Source::Asked) | (Kept::Token, Source::Token(_) | Source::Command(..)) => {
                    Self::Yes(kept, None)
                }
                _ => Self::No,
            });
        }
        if !matches!(source, Source::Asked) || has_declined(entrant) {
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
    pub(super) async fn ask(
        self,
        context: &Context,
        entrant: &Entrant,
        username: &str,
        subject: &Subject,
    ) -> Self {
        let Self::Offered(kept) = self else {
            return self;
        };
        if has_declined(&Entrant::stranger(entrant.title, Some(username.to_owned()))) {
            return Self::No;
        }
        let terminal = &context.terminal;
        terminal.event(&subject.event(What::Question {
            kind: "save",
            text: String::new(),
        }));
        let name = name_of(&context.configuration, entrant, username);
        let what = match kept {
            Kept::Token => "a launcher token, not the password,",
            _ => "the password",
        };
        let prompt = format!(
            "Remember {} as \"{name}\", with {what} in the secret store? [y/N] ",
            clean(username)
        );
        match terminal.ask_yes(&prompt).await {
            Some(true) => Self::Yes(kept, Some(name)),
            Some(false) => {
                decline(entrant, username);
                Self::No
            }
            None => Self::No,
        }
    }
}

/// Keeps a secret and remembers the account. What goes wrong is told, and is no failure of the login; gives whether the
/// secret is kept.
pub(super) async fn remember(
    context: &Context,
    safe: &Safe,
    entrant: &Entrant,
    owner: &Owner,
    (kept, name): (Kept, Option<&str>),
    secret: &Secret,
) -> bool {
    let stored = safe.set(context, owner, kept, secret).await;
    if let Err(failure) = stored {
        let what = kept.words();
        context.terminal.warn(&format!(
            "the {what} is not kept: {failure}; {}",
            failure.hint
        ));
        return false;
    }
    match note(context, entrant, &owner.username, kept, name) {
        Ok(Some(name)) => context.terminal.say(format_args!(
            "remembered: `playcookie {} {name}` starts it from now on",
            entrant.title.game().id
        )),
        Ok(None) => {}
        Err(failure) => context.terminal.warn(&format!(
            "the account is not remembered: {failure}; {}",
            failure.hint
        )),
    }
    true
}

/// Writes down that something is kept for an account, which is made if it is not there. Gives the name of an account for
/// which that is new.
fn note(
    context: &Context,
    entrant: &Entrant,
    username: &str,
    kept: Kept,
    wanted: Option<&str>,
) -> Result<Option<String>, Failure> {
    context.file.change(|change| {
        let known = same(&change.before, entrant, username).cloned();
        if let Some(account) = known {
            if account.keeps(kept) {
                return Ok(None);
            }
            let all: Vec<_> = account.kept.iter().copied().chain([kept]).collect();
            change.set_kept(&account.name, &all);
            return Ok(Some(account.name));
        }
        let name = wanted.map_or_else(
            || name_of(&change.before, entrant, username),
            ToOwned::to_owned,
        );
        if change.before.account(&name).is_some() {
            return Err(taken(&name));
        }
        // Where it is, unless the configuration of the game says so already.
        let usual = context.configuration.game(entrant.title).api;
        let api = entrant.options.api.clone();
        let options = Options {
            api: api.filter(|api| Some(api) != usual.as_ref()),
            ..Options::default()
        };
        change.add(&Account {
            name: name.clone(),
            title: entrant.title,
            username: username.to_owned(),
            kept: vec![kept],
            options,
        });
        Ok(Some(name))
    })
}

/// Writes down that something is no longer kept for an account.
pub(super) fn unnote(context: &Context, name: &str, gone: Kept) -> Result<(), Failure> {
    context.file.change(|change| {
        if let Some(account) = change.before.account(name) {
            let left = account.kept.iter().copied().filter(|kept| *kept != gone);
            let left: Vec<_> = left.collect();
            change.set_kept(name, &left);
        }
        Ok(())
    })
}

/// The account that is remembered for this login, whatever its name.
fn same<'c>(
    configuration: &'c Configuration,
    entrant: &Entrant,
    username: &str,
) -> Option<&'c Account> {
    match &entrant.account {
        Some(account) => configuration.account(&account.name),
        None => configuration
            .of_game(entrant.title)
            .find(|account| account.username == username),
    }
}

/// The name of the account, or one that it could have.
fn name_of(configuration: &Configuration, entrant: &Entrant, username: &str) -> String {
    same(configuration, entrant, username).map_or_else(
        || name::derived(username, |name| configuration.account(name).is_some()),
        |account| account.name.clone(),
    )
}

/// Refuses a name for a new account that belongs to another.
fn check_name(
    context: &Context,
    entrant: &Entrant,
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
    let username = entrant.username.as_deref().unwrap_or_default();
    let own = same(&context.configuration, entrant, username);
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
pub(super) fn taken(name: &str) -> Failure {
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

type Declined = BTreeMap<String, BTreeSet<String>>;

fn has_declined(entrant: &Entrant) -> bool {
    let file = State::here().read(FILE);
    let declined = file.map(|file| parse(&file)).unwrap_or_default();
    let names = declined.get(entrant.title.game().id);
    let username = entrant.username.as_ref();
    username.is_some_and(|username| names.is_some_and(|names| names.contains(username)))
}

/// What cannot be written is asked again.
fn decline(entrant: &Entrant, username: &str) {
    let _ = State::here().update(FILE, |file| {
        let mut declined = file.map(parse).unwrap_or_default();
        let names = declined.entry(entrant.title.game().id.to_owned());
        names.or_default().insert(username.to_owned());
        serde_json::to_vec(&declined).unwrap_or_default()
    });
}

/// A broken file is nothing known.
fn parse(file: &[u8]) -> Declined {
    serde_json::from_slice(file).unwrap_or_default()
}
