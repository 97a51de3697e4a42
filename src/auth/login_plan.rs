//! A login with everything that can be known before anything is sent.

use std::rc::Rc;

use super::codes::CodeSource;
use super::log_in::{untrusting, usual_root};
use super::password::{PasswordSource, check_username};
use super::remember::RememberPolicy;
use super::target::LoginTarget;
use crate::base::failure::Failure;
use crate::cli::game::{Answers, Server, Who};
use crate::config::Account;
use crate::context::Context;
use crate::credentials::store::{CredentialOwner, CredentialStore};
use crate::games::{CredentialKind, GameId, Interface};
use crate::http::{BaseUrl, Client};
use crate::protocol::driver::WaitLimits;
use crate::update::game::at_login::AtLogin;

/// What was typed about logins and their server.
#[derive(Debug, Clone)]
pub(crate) struct Typed<'a> {
    pub(crate) who: &'a Who,
    pub(crate) answers: &'a Answers,
    pub(crate) server: &'a Server,
    /// Where to log in, when that is not for the options to say: a rehearsal, of which nothing is remembered.
    pub(crate) root: Option<BaseUrl>,
    /// Whether there is but one login, so that the environment's password and code are for it.
    pub(crate) alone: bool,
}

impl Typed<'_> {
    /// Whether an option says where the password comes from.
    pub(crate) fn gives_password(&self) -> bool {
        self.answers.password_stdin || self.answers.password_command.is_some()
    }
}

/// A login that may begin.
pub(crate) struct LoginPlan {
    pub(crate) target: LoginTarget,
    pub(crate) source: PasswordSource,
    /// Where a password comes from when a kept token is no longer good.
    pub(crate) instead: Option<PasswordSource>,
    pub(crate) codes: CodeSource,
    pub(crate) place: Endpoint,
    pub(crate) saving: RememberPolicy,
    pub(crate) wait_limits: WaitLimits,
    /// Whether other runs are to know of it: not of a rehearsal.
    pub(crate) leaves_traces: bool,
    /// What to do with the files once the login tells where they are; nothing unless the caller says so.
    pub(crate) update: Option<AtLogin>,
}

/// Finds out where everything will come from.
///
/// # Errors
/// For whatever is known to be missing: nothing was asked and nothing was sent.
pub(crate) async fn prepare(
    context: &Context,
    credentials: &CredentialStore,
    typed: &Typed<'_>,
    target: LoginTarget,
) -> Result<LoginPlan, Failure> {
    let place = Endpoint::of(context, &target, typed.root.clone())?;
    check_username(&target, &context.terminal)?;
    let keeper = Keeper {
        context,
        credentials,
        kept: kept(&target, &place),
    };
    let given = PasswordSource::given(context, typed.answers, typed.alone)?;
    let (source, instead) = match given {
        Some(given) => (given, None),
        None => keeper.source(&target, &place).await?,
    };
    let mut codes = CodeSource::given(context, typed.answers, typed.alone)?;
    if !codes.has_first() {
        keeper.make_codes(&mut codes, &target, &place).await?;
    }
    codes.fall_back(&target);
    let saving = RememberPolicy::of(context, credentials, typed, &target, &place, &source).await?;
    let wait_limits = WaitLimits {
        queue: typed.server.queue_timeout.map(|limit| limit.0),
        server: typed.server.wait_for_server.map(|limit| limit.0),
    };
    Ok(LoginPlan {
        target,
        source,
        instead,
        codes,
        place,
        saving,
        wait_limits,
        leaves_traces: typed.root.is_none(),
        update: None,
    })
}

/// What is kept for one who logs in there; the documented interface of `ttcc` has no tokens.
fn kept(target: &LoginTarget, place: &Endpoint) -> Vec<CredentialKind> {
    let account = target.account.as_ref();
    let kept = account.map(|account| account.kept.clone());
    let usable = place.keepable(target.game_id);
    let mut kept = kept.unwrap_or_default();
    kept.retain(|kept| usable.contains(kept));
    kept
}

/// What is kept for one login.
struct Keeper<'a> {
    context: &'a Context,
    credentials: &'a CredentialStore,
    kept: Vec<CredentialKind>,
}

impl Keeper<'_> {
    /// What is kept, else what is left; with what is left beside a token.
    async fn source(
        &self,
        target: &LoginTarget,
        place: &Endpoint,
    ) -> Result<(PasswordSource, Option<PasswordSource>), Failure> {
        let left = PasswordSource::left(self.context, target);
        for (kept, wrap) in [
            (CredentialKind::Token, PasswordSource::Token as fn(_) -> _),
            (CredentialKind::Password, PasswordSource::Known),
        ] {
            if !self.kept.contains(&kept) || Self::has_own_command(target, kept) {
                continue;
            }
            let owner = place.owner(target.game_id, target.username.as_deref());
            if let Some(secret) = self.credentials.get(self.context, &owner, kept).await? {
                return Ok((wrap(secret), left.ok()));
            }
            let what = kept.words();
            let name = target.subject().label();
            self.context.terminal.warn(&format!(
                "the secret store no longer has the {what} of {name} for {}",
                place.origin
            ));
        }
        left.map(|left| (left, None))
    }

    /// Whether the account has a command in the place of a secret; a token is not in the place of one.
    fn has_own_command(target: &LoginTarget, kept: CredentialKind) -> bool {
        let own = target.account.as_ref().map(|account| &account.options);
        let command = own.and_then(|own| match kept {
            CredentialKind::Password => own.password_command.as_ref(),
            CredentialKind::Totp => own.code_command.as_ref(),
            CredentialKind::Token => None,
        });
        command.is_some_and(|command| !command.is_empty())
    }

    async fn make_codes(
        &self,
        codes: &mut CodeSource,
        target: &LoginTarget,
        place: &Endpoint,
    ) -> Result<(), Failure> {
        if !self.kept.contains(&CredentialKind::Totp)
            || Self::has_own_command(target, CredentialKind::Totp)
        {
            return Ok(());
        }
        let owner = place.owner(target.game_id, target.username.as_deref());
        match self
            .credentials
            .get(self.context, &owner, CredentialKind::Totp)
            .await?
        {
            Some(secret) => codes.make(&secret, &owner),
            None => Ok(()),
        }
    }
}

/// Where the secrets of one who logs in are sent.
pub(crate) fn origin(target: &LoginTarget) -> Result<String, Failure> {
    let api = target.options.api.clone().unwrap_or_default();
    Ok(root_of(target, api.interface, api.url)?.origin())
}

/// What was named, else what the game's interface names.
fn root_of(
    target: &LoginTarget,
    interface: Interface,
    named: Option<BaseUrl>,
) -> Result<BaseUrl, Failure> {
    let usual = target.game_id.game().api(interface).host;
    named.map_or_else(|| usual_root(usual), Ok)
}

/// Whose secrets those of a remembered account are.
pub(crate) fn owner_of(context: &Context, account: &Account) -> Result<CredentialOwner, Failure> {
    Ok(CredentialOwner {
        game_id: account.game_id,
        username: account.username.clone(),
        origin: origin(&LoginTarget::configured(context, account))?,
    })
}

/// Where a login goes.
pub(crate) struct Endpoint {
    pub(crate) interface: Interface,
    pub(crate) origin: String,
    /// Host and port, when they are not the game's own.
    pub(crate) elsewhere: Option<String>,
    pub(crate) client: Rc<Client>,
}

impl Endpoint {
    /// What was named, else what the game's interface names; with whatever a player should know about that.
    pub(crate) fn of(
        context: &Context,
        target: &LoginTarget,
        root: Option<BaseUrl>,
    ) -> Result<Self, Failure> {
        let api = target.options.api.clone().unwrap_or_default();
        let known = target.game_id.game().api(api.interface);
        let named = root.or(api.url);
        let elsewhere = named.as_ref().map(BaseUrl::authority);
        if let Some(warning) = known.warning.filter(|_| named.is_none()) {
            context.terminal.warn(warning);
        }
        let root = root_of(target, api.interface, named)?;
        let origin = root.origin();
        let client = Client::new(root, context.limits).map_err(|why| untrusting(&why))?;
        Ok(Self {
            interface: api.interface,
            origin,
            elsewhere,
            client: Rc::new(client),
        })
    }

    /// Whose secrets are kept for this place.
    pub(crate) fn owner(&self, game_id: GameId, username: Option<&str>) -> CredentialOwner {
        CredentialOwner {
            game_id,
            username: username.unwrap_or_default().to_owned(),
            origin: self.origin.clone(),
        }
    }

    /// What may be kept of a login here.
    pub(crate) fn keepable(&self, game_id: GameId) -> &'static [CredentialKind] {
        game_id.game().api(self.interface).keeps
    }
}
