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
use crate::games::GameId;
use crate::launch::places::Places;
use crate::terminal::event::{EventKind, Subject};
use named::named;

/// One who logs in.
#[derive(Debug, Clone)]
pub(crate) struct LoginTarget {
    /// Into which game.
    pub(crate) game_id: GameId,
    /// As which remembered account, if as one.
    pub(crate) account: Option<Account>,
    /// The name that is sent to the server; asked for when it is not known.
    pub(crate) username: Option<String>,
    /// What holds for this login: option, account, game.
    pub(crate) options: Options,
    /// Whether an option leads to another place than the configuration does.
    pub(crate) is_elsewhere: bool,
}

impl LoginTarget {
    /// A remembered account.
    pub(crate) fn remembered(account: &Account) -> Self {
        Self {
            game_id: account.game_id,
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
    pub(crate) fn stranger(game_id: GameId, username: Option<String>) -> Self {
        Self {
            game_id,
            account: None,
            username,
            options: Options::default(),
            is_elsewhere: false,
        }
    }

    /// Nobody in particular, who asks for what everybody is told: where `api` leads, else the configuration.
    pub(crate) fn anybody(context: &Context, game_id: GameId, api: Option<Api>) -> Self {
        let typed = Options {
            api,
            ..Options::default()
        };
        Self::stranger(game_id, None).settled(context, &typed)
    }

    /// Whom events are about.
    pub(crate) fn subject(&self) -> Subject {
        let plain = self.username.as_ref().filter(|name| is_plain(name));
        Subject {
            game: Some(self.game_id.game().into()),
            account: self.account.as_ref().map(|account| account.name.clone()),
            username: plain.cloned(),
        }
    }

    /// The same with what holds for it: what was `typed`, what is set for the account, what is set for the game.
    pub(crate) fn settled(mut self, context: &Context, typed: &Options) -> Self {
        let account = self.account.as_ref().map(|account| account.options.clone());
        let below = account
            .unwrap_or_default()
            .or(context.configuration.game(self.game_id));
        let place = |options: &Options| options.api.as_ref().and_then(|api| api.url.clone());
        self.is_elsewhere = typed.api.is_some() && place(typed) != place(&below);
        let mut options = typed.clone().or(at_home(below));
        // A slot is for one game alone.
        options.toon_slot = options.toon_slot.filter(|_| self.game_id.game().toon_slots);
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

/// Who logs in into `game_id`, or into any game, in the order that was typed; with what was `typed` about all of them.
///
/// # Errors
/// [`Reason::Usage`] for words that name nobody, [`Reason::InputNeeded`] when nobody is named and nobody can be asked.
pub(crate) async fn targets(
    context: &Context,
    game_id: Option<GameId>,
    who: &Who,
    typed: &Options,
) -> Result<Vec<LoginTarget>, Failure> {
    if typed.toon_slot.is_some()
        && let Some(game) = game_id.map(GameId::game)
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
    let mut targets: Vec<LoginTarget> = Vec::new();
    for account in named(context, game_id, who)? {
        let same = |known: &LoginTarget| known.account.as_ref() == Some(account);
        if !targets.iter().any(same) {
            targets.push(LoginTarget::remembered(account));
        }
    }
    if targets.is_empty()
        && let Some(game_id) = game_id
    {
        targets.push(unnamed(context, game_id, who).await?);
    }
    let settled = targets.into_iter();
    Ok(settled
        .map(|target| target.settled(context, typed))
        .collect())
}

/// The only one who logs in, where there can be but one.
///
/// # Errors
/// As [`targets`], and [`Reason::Usage`] for more than one.
pub(crate) async fn target(
    context: &Context,
    game_id: GameId,
    who: &Who,
    typed: &Options,
) -> Result<LoginTarget, Failure> {
    let mut targets = targets(context, Some(game_id), who, typed).await?;
    match (targets.pop(), targets.is_empty()) {
        (Some(target), true) => Ok(target),
        _ => Err(wrong(
            "this command is for one account, and several are named",
            format!(
                "name one, or start them all with `playcookie {} play`",
                game_id.game().id
            ),
        )),
    }
}

/// Who it is when nobody was named: what the option or the environment says, else the only account, else whoever
/// answers.
async fn unnamed(context: &Context, game_id: GameId, who: &Who) -> Result<LoginTarget, Failure> {
    let typed = who
        .username
        .as_ref()
        .or(context.environment.username.as_ref());
    if let Some(name) = typed.filter(|name| !name.is_empty()) {
        if !is_plain(name) {
            return Err(not_plain("the username"));
        }
        return Ok(LoginTarget::stranger(game_id, Some(name.clone())));
    }
    let known: Vec<_> = context.configuration.of_game(game_id).collect();
    let names: Vec<_> = known.iter().map(|account| account.name.as_str()).collect();
    match known.as_slice() {
        [] => Ok(LoginTarget::stranger(game_id, None)),
        [only] => Ok(LoginTarget::remembered(only)),
        _ if context.terminal.can_ask() => choose(context, game_id, &names.join(", ")).await,
        _ => Err(Failure::new(
            Reason::InputNeeded,
            format!(
                "{} has several remembered accounts, and none is named",
                game_id.game().name
            ),
            format!("name one or more of {}", names.join(", ")),
        )),
    }
}

/// Asks which of several accounts it is; another answer is a username.
async fn choose(context: &Context, game_id: GameId, names: &str) -> Result<LoginTarget, Failure> {
    let subject = LoginTarget::stranger(game_id, None).subject();
    context.terminal.event(&subject.event(EventKind::Question {
        kind: "username",
        text: String::new(),
    }));
    let prompt = format!("Account ({names}) or username: ");
    let answer = context.terminal.ask_openly(&prompt).await.map_err(|why| {
        let hint = format!("name one or more of {names}");
        why.failure("an account", "standard input", &hint)
    })?;
    let account = context.configuration.account(&answer);
    Ok(match account.filter(|account| account.game_id == game_id) {
        Some(account) => LoginTarget::remembered(account),
        None => LoginTarget::stranger(game_id, Some(answer)),
    })
}
