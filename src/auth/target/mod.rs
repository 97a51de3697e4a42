//! Whose logins these are: remembered accounts, groups of them, or a username.

pub(crate) mod named;

use super::password::{is_plain, not_plain};
use crate::base::failure::{Failure, Reason};
use crate::cli::game::Who;
use crate::cli::usage::wrong;
use crate::config::Account;
use crate::config::api::Api;
use crate::config::options::Options;
use crate::context::Context;
use crate::games::Title;
use crate::launch::places::Places;
use crate::terminal::event::{Subject, What};
use named::named;

/// One who logs in.
#[derive(Debug, Clone)]
pub(crate) struct Entrant {
    /// Into which game.
    pub(crate) title: Title,
    /// As which remembered account, if as one.
    pub(crate) account: Option<Account>,
    /// The name that is sent to the server; asked for when it is not known.
    pub(crate) username: Option<String>,
    /// What holds for this login: option, account, game.
    pub(crate) options: Options,
    /// Whether an option leads to another place than the configuration does.
    pub(crate) is_elsewhere: bool,
}

impl Entrant {
    /// A remembered account.
    pub(crate) fn remembered(account: &Account) -> Self {
        Self {
            title: account.title,
            account: Some(account.clone()),
            username: Some(account.username.clone()),
            options: Options::default(),
            is_elsewhere: false,
        }
    }

    /// A remembered account with what the configuration sets for it.
    pub(crate) fn configured(context: &Context, account: &Account) -> Self {
        Self::remembered(account).settled(context, &Options::default())
    }

    /// A username that is not remembered, or will be asked for.
    pub(crate) fn stranger(title: Title, username: Option<String>) -> Self {
        Self {
            title,
            account: None,
            username,
            options: Options::default(),
            is_elsewhere: false,
        }
    }

    /// Nobody in particular, who asks for what everybody is told: where `api` leads, else the configuration.
    pub(crate) fn anybody(context: &Context, title: Title, api: Option<Api>) -> Self {
        let typed = Options {
            api,
            ..Options::default()
        };
        Self::stranger(title, None).settled(context, &typed)
    }

    /// Whom events are about.
    pub(crate) fn subject(&self) -> Subject {
        let plain = self.username.as_ref().filter(|name| is_plain(name));
        Subject {
            game: Some(self.title.game().into()),
            account: self.account.as_ref().map(|account| account.name.clone()),
            username: plain.cloned(),
        }
    }

    /// The same with what holds for it: what was `typed`, what is set for the account, what is set for the game.
    pub(crate) fn settled(mut self, context: &Context, typed: &Options) -> Self {
        let account = self.account.as_ref().map(|account| account.options.clone());
        let below = account
            .unwrap_or_default()
            .over(&context.configuration.game(self.title));
        let place = |options: &Options| options.api.as_ref().and_then(|api| api.root.clone());
        self.is_elsewhere = typed.api.is_some() && place(typed) != place(&below);
        let mut options = typed.clone().over(&at_home(below));
        // A slot is for one game alone.
        options.toon_slot = options.toon_slot.filter(|_| self.title.game().toon_slots);
        self.options = options;
        self
    }
}

/// Paths of the configuration as they are on this system.
fn at_home(mut options: Options) -> Options {
    let places = Places::here();
    for path in [&mut options.game_dir, &mut options.exe, &mut options.log] {
        let written = path.as_ref().and_then(|path| path.to_str());
        let found = match written {
            Some("~") => places.home.clone(),
            Some(written) => places.expand(written),
            None => None,
        };
        if found.is_some() {
            *path = found;
        }
    }
    options
}

/// Who logs in into `title`, or into any game, in the order that was typed; with what was `typed` about all of them.
///
/// # Errors
/// [`Reason::Usage`] for words that name nobody, [`Reason::InputNeeded`] when nobody is named and nobody can be asked.
pub(crate) async fn entrants(
    context: &Context,
    title: Option<Title>,
    who: &Who,
    typed: &Options,
) -> Result<Vec<Entrant>, Failure> {
    if typed.toon_slot.is_some()
        && let Some(game) = title.map(Title::game)
        && !game.toon_slots
    {
        return Err(wrong(
            format!(
                "--toon-slot is not for {}, which lets no toon be chosen beforehand",
                game.name
            ),
            "leave it out",
        ));
    }
    let mut entrants: Vec<Entrant> = Vec::new();
    for account in named(context, title, who)? {
        let same = |known: &Entrant| known.account.as_ref() == Some(account);
        if !entrants.iter().any(same) {
            entrants.push(Entrant::remembered(account));
        }
    }
    if entrants.is_empty()
        && let Some(title) = title
    {
        entrants.push(unnamed(context, title, who).await?);
    }
    let settled = entrants.into_iter();
    Ok(settled
        .map(|entrant| entrant.settled(context, typed))
        .collect())
}

/// The only one who logs in, where there can be but one.
///
/// # Errors
/// As [`entrants`], and [`Reason::Usage`] for more than one.
pub(crate) async fn entrant(
    context: &Context,
    title: Title,
    who: &Who,
    typed: &Options,
) -> Result<Entrant, Failure> {
    let mut entrants = entrants(context, Some(title), who, typed).await?;
    match (entrants.pop(), entrants.is_empty()) {
        (Some(entrant), true) => Ok(entrant),
        _ => Err(wrong(
            "this command is for one account, and several are named",
            format!(
                "name one, or start them all with `playcookie {} play`",
                title.game().id
            ),
        )),
    }
}

/// Who it is when nobody was named: what the option or the environment says, else the only account, else whoever
/// answers.
async fn unnamed(context: &Context, title: Title, who: &Who) -> Result<Entrant, Failure> {
    let typed = who
        .username
        .as_ref()
        .or(context.environment.username.as_ref());
    if let Some(name) = typed.filter(|name| !name.is_empty()) {
        if !is_plain(name) {
            return Err(not_plain("the username"));
        }
        return Ok(Entrant::stranger(title, Some(name.clone())));
    }
    let known: Vec<_> = context.configuration.of_game(title).collect();
    let names: Vec<_> = known.iter().map(|account| account.name.as_str()).collect();
    match known.as_slice() {
        [] => Ok(Entrant::stranger(title, None)),
        [only] => Ok(Entrant::remembered(only)),
        _ if context.terminal.can_ask() => choose(context, title, &names.join(", ")).await,
        _ => Err(Failure::new(
            Reason::InputNeeded,
            format!(
                "{} has several remembered accounts, and none is named",
                title.game().name
            ),
            format!("name one or more of {}", names.join(", ")),
        )),
    }
}

/// Asks which of several accounts it is; another answer is a username.
async fn choose(context: &Context, title: Title, names: &str) -> Result<Entrant, Failure> {
    let subject = Entrant::stranger(title, None).subject();
    context.terminal.event(&subject.event(What::Question {
        kind: "username",
        text: String::new(),
    }));
    let prompt = format!("Account ({names}) or username: ");
    let answer = context.terminal.ask_openly(&prompt).await.map_err(|why| {
        let hint = format!("name one or more of {names}");
        why.failure("an account", "standard input", &hint)
    })?;
    let account = context.configuration.account(&answer);
    Ok(match account.filter(|account| account.title == title) {
        Some(account) => Entrant::remembered(account),
        None => Entrant::stranger(title, Some(answer)),
    })
}
