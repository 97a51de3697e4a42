//! Which account a login is for: a remembered account, a member of a group, or a username.

mod named;

use std::rc::Rc;

use crate::base::base_url::BaseUrl;
use crate::base::failure::{Failure, Reason};
use crate::config::Account;
use crate::config::api::Api;
use crate::config::options::{GameLog, Options};
use crate::context::Context;
use crate::credentials::CredentialOwner;
use crate::endpoint::Endpoint;
use crate::failures::{control_character, input_needed};
use crate::games::{CredentialKind, GameId, Interface};
use crate::launch::search_paths::SearchPaths;
use crate::run_error::RunError;
use crate::terminal::event::{EventKind, Subject};
use named::named_accounts;

/// The account that a login is for.
#[derive(Debug, Clone)]
pub(crate) struct LoginTarget {
    /// The game.
    pub(crate) game_id: GameId,
    /// The remembered account, if it is one.
    pub(crate) account: Option<Account>,
    /// The name that is sent to the server; asked for when it is not known.
    pub(crate) username: Option<String>,
    /// The options that apply: those that were typed, of the account, of the game.
    pub(crate) options: Options,
}

impl LoginTarget {
    /// Returns the target of a remembered account, without options.
    pub(crate) fn remembered(account: &Account) -> Self {
        Self {
            account: Some(account.clone()),
            ..Self::unremembered(account.game_id, Some(account.username.clone()))
        }
    }

    /// Returns the target of a remembered account, with the options of the configuration.
    pub(crate) fn configured(context: &Context, account: &Account) -> Self {
        Self::remembered(account).with_options(context, &Options::default())
    }

    /// Returns the target of a username that is not remembered, or that is asked for.
    pub(crate) fn unremembered(game_id: GameId, username: Option<String>) -> Self {
        Self {
            game_id,
            account: None,
            username,
            options: Options::default(),
        }
    }

    /// Returns the target of requests for public data, which has no account. `api` overrides the configuration.
    pub(crate) fn public(context: &Context, game_id: GameId, api: Option<Api>) -> Self {
        let typed = Options {
            api,
            ..Options::default()
        };
        Self::unremembered(game_id, None).with_options(context, &typed)
    }

    /// Returns the same target with the options that apply: `typed` over those of the account over those of the game.
    pub(crate) fn with_options(mut self, context: &Context, typed: &Options) -> Self {
        let account = self.account.as_ref().map(|account| account.options.clone());
        let configured = account
            .unwrap_or_default()
            .or(context.configuration.game(self.game_id));
        let mut options = typed.clone().or(expand_home(configured));
        // --toon-slot may be typed for accounts of several games; it applies to those with toon slots.
        options.toon_slot = options
            .toon_slot
            .filter(|_| self.game_id.game().toon_slot_variable.is_some());
        self.options = options;
        self
    }

    /// Returns the subject of events about this target.
    pub(crate) fn subject(&self) -> Subject {
        let plain = self.username.as_ref().filter(|name| is_plain(name));
        Subject {
            game: Some(self.game_id.game().into()),
            account: self.account.as_ref().map(|account| account.name.clone()),
            username: plain.cloned(),
        }
    }

    /// Returns the interface that is used.
    pub(crate) fn interface(&self) -> Interface {
        self.options
            .api
            .as_ref()
            .map_or_else(Interface::default, |api| api.interface)
    }

    /// Returns the kinds of secrets that may be stored for this target.
    pub(crate) fn storable(&self) -> &'static [CredentialKind] {
        self.game_id.game().api(self.interface()).storable
    }

    /// Returns the base URL that replaces the game's hosts, if there is one.
    pub(crate) fn base_url_override(&self, context: &Context) -> Option<BaseUrl> {
        context.base_url_override(&self.api())
    }

    /// Returns whether a server on this machine replaces the game's own.
    pub(crate) fn is_local(&self, context: &Context) -> bool {
        self.base_url_override(context)
            .is_some_and(|base_url| base_url.loopback_address().is_some())
    }

    /// Returns the endpoint of this target, opened once per run.
    ///
    /// # Errors
    /// When no certificate authority can be loaded, the proxy cannot be used, or no thread can be started.
    pub(crate) fn endpoint(&self, context: &Context) -> Result<Rc<Endpoint>, Failure> {
        let (game, api) = (self.game_id.game(), self.api());
        let known = game.api(api.interface);
        context.endpoint(game.name, known.origin, &api, known.warning)
    }

    /// Returns the origin that requests are sent to.
    ///
    /// # Errors
    /// When a known host is malformed, which is a bug.
    pub(crate) fn origin(&self, context: &Context) -> Result<String, Failure> {
        let host = self.game_id.game().api(self.interface()).origin;
        Ok(context.base_url(host, &self.api())?.origin())
    }

    /// Returns the owner of the secrets that are stored for this target.
    ///
    /// # Errors
    /// As [`LoginTarget::origin`].
    pub(crate) fn owner(&self, context: &Context) -> Result<CredentialOwner, Failure> {
        Ok(CredentialOwner {
            game_id: self.game_id,
            username: self.username.clone().unwrap_or_default(),
            origin: self.origin(context)?,
        })
    }

    /// Returns the interface with its base URL, by the options.
    pub(crate) fn api(&self) -> Api {
        self.options.api.clone().unwrap_or_default()
    }
}

/// Returns the owner of the stored secrets of an account.
///
/// # Errors
/// As [`LoginTarget::origin`].
pub(crate) fn owner_of(context: &Context, account: &Account) -> Result<CredentialOwner, Failure> {
    LoginTarget::configured(context, account).owner(context)
}

/// Expands `~` in the paths of the configuration.
fn expand_home(mut options: Options) -> Options {
    let search_paths = SearchPaths::from_environment();
    let log = match &mut options.log {
        Some(GameLog::File(file)) => Some(file),
        _ => None,
    };
    let paths = [
        options.game_dir.as_mut(),
        options.exe.as_mut(),
        options.prefix.as_mut(),
        options.wine.as_mut(),
        options.proton.as_mut(),
        log,
    ];
    for path in paths.into_iter().flatten() {
        let found = match path.to_str() {
            Some("~") => search_paths.home.clone(),
            Some(written) => search_paths.expand(written),
            None => None,
        };
        if let Some(found) = found {
            *path = found;
        }
    }
    options
}

/// Returns the targets that `names` (accounts and `@groups`) or `username` stand for, in the order typed. Without a
/// game, accounts of any game are found. `typed` are the options that apply to all of them.
///
/// # Errors
/// [`Reason::Usage`] for unknown names, [`Reason::InputNeeded`] when none is named and nobody can be asked.
pub(crate) async fn targets(
    context: &Context,
    game_id: Option<GameId>,
    names: &[String],
    username: Option<&str>,
    typed: &Options,
) -> Result<Vec<LoginTarget>, RunError> {
    let found = find(context, game_id, names, username, typed).await;
    found.map_err(|failure| {
        let known = username.map(ToOwned::to_owned);
        let unremembered =
            game_id.map(|game_id| LoginTarget::unremembered(game_id, known).subject());
        RunError::failed(&unremembered.unwrap_or_default(), failure)
    })
}

async fn find(
    context: &Context,
    game_id: Option<GameId>,
    names: &[String],
    username: Option<&str>,
    typed: &Options,
) -> Result<Vec<LoginTarget>, Failure> {
    if typed.toon_slot.is_some()
        && let Some(game) = game_id.map(GameId::game)
        && game.toon_slot_variable.is_none()
    {
        return Err(Failure::usage(
            format!(
                "--toon-slot is not for {}, which has no toon slots",
                game.name
            ),
            "leave it out",
        ));
    }
    let mut targets: Vec<LoginTarget> = Vec::new();
    for account in named_accounts(context, game_id, names, username)? {
        if !targets
            .iter()
            .any(|known| known.account.as_ref() == Some(account))
        {
            targets.push(LoginTarget::remembered(account));
        }
    }
    if targets.is_empty()
        && let Some(game_id) = game_id
    {
        targets.push(unnamed(context, game_id, username).await?);
    }
    let targets = targets.into_iter();
    Ok(targets
        .map(|target| target.with_options(context, typed))
        .collect())
}

/// Returns the target of a command that takes one account only.
///
/// # Errors
/// As [`targets`], and [`Reason::Usage`] for more than one.
pub(crate) async fn target(
    context: &Context,
    game_id: GameId,
    names: &[String],
    username: Option<&str>,
    typed: &Options,
) -> Result<LoginTarget, RunError> {
    let mut targets = targets(context, Some(game_id), names, username, typed).await?;
    match (targets.pop(), targets.is_empty()) {
        (Some(target), true) => Ok(target),
        _ => Err(RunError::failed(
            &game_id.game().into(),
            Failure::usage(
                "this command is for one account, and several are named",
                format!(
                    "name one, or start them all with `playcookie {} play`",
                    game_id.game().id
                ),
            ),
        )),
    }
}

/// Returns the target when no account is named: the username of the option or the environment, else the only account,
/// else whatever a person answers.
async fn unnamed(
    context: &Context,
    game_id: GameId,
    username: Option<&str>,
) -> Result<LoginTarget, Failure> {
    // An empty variable is as none. An empty option is a mistake of a script, and not the only account.
    let variable = context.environment.username.as_deref();
    if let Some(name) = username.or(variable.filter(|name| !name.is_empty())) {
        check_username(name)?;
        return Ok(LoginTarget::unremembered(game_id, Some(name.to_owned())));
    }
    let known: Vec<_> = context.configuration.of_game(game_id).collect();
    let names: Vec<_> = known.iter().map(|account| account.name.as_str()).collect();
    match known.as_slice() {
        [] => Ok(LoginTarget::unremembered(game_id, None)),
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

/// Refuses a username that no server accepts.
///
/// # Errors
/// [`Reason::Usage`].
pub(crate) fn check_username(username: &str) -> Result<(), Failure> {
    if !is_plain(username) {
        return Err(control_character("the username"));
    }
    if username.trim().is_empty() {
        let hint = "give it with --username NAME";
        return Err(Failure::usage("the username is empty", hint));
    }
    Ok(())
}

/// Asks which of several accounts is meant; any other answer is a username.
async fn choose(context: &Context, game_id: GameId, names: &str) -> Result<LoginTarget, Failure> {
    let subject = Subject::from(game_id.game());
    context
        .terminal
        .event(&subject.event(EventKind::question("username")));
    let prompt = format!("Account ({names}) or username: ");
    let answer = context.terminal.ask_openly(&prompt).await.map_err(|why| {
        let hint = format!("name one or more of {names}");
        why.failure("an account", "standard input", &hint)
    })?;
    let account = context.configuration.account(&answer);
    Ok(match account.filter(|account| account.game_id == game_id) {
        Some(account) => LoginTarget::remembered(account),
        None => LoginTarget::unremembered(game_id, Some(answer)),
    })
}

/// How else a username can be given.
pub(crate) const USERNAME_OPTIONS: &str = "give one with --username NAME or PLAYCOOKIE_USERNAME";

/// Asks for a username. The hint says how else it can be given.
///
/// # Errors
/// When nobody answers.
pub(crate) async fn ask_username(context: &Context, hint: &str) -> Result<String, Failure> {
    let answer = context.terminal.ask_openly("Username: ").await;
    answer.map_err(|why| why.failure("a username", "standard input", hint))
}

/// Refuses a username that is malformed, or missing where nobody can be asked.
///
/// # Errors
/// [`Reason::Usage`], [`Reason::InputNeeded`].
pub(crate) fn check_username_of(context: &Context, target: &LoginTarget) -> Result<(), Failure> {
    match &target.username {
        Some(name) => check_username(name),
        None if !context.terminal.can_ask() => Err(input_needed("a username", USERNAME_OPTIONS)),
        _ => Ok(()),
    }
}

/// Returns whether a name has no control character, which an environment variable or a form cannot carry.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.chars().any(char::is_control)
}
