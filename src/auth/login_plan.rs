//! A login with everything that can be known before anything is sent.

use std::rc::Rc;

use tokio::sync::Notify;

use super::codes::CodeSource;
use super::login_options::LoginOptions;
use super::password::PasswordSource;
use super::remember::RememberPolicy;
use super::target::{LoginTarget, check_username_of, owner_of};
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::games::CredentialKind;
use crate::protocol::Request;
use crate::protocol::driver::WaitLimits;
use crate::update::game::LoginUpdate;

/// A login that can start.
#[derive(Debug)]
pub(crate) struct LoginPlan {
    pub(crate) target: LoginTarget,
    pub(crate) endpoint: Rc<Endpoint>,
    pub(super) source: PasswordSource,
    /// Where a password comes from when the server no longer accepts a stored token.
    pub(super) fallback: Option<PasswordSource>,
    pub(super) codes: CodeSource,
    pub(super) remember: RememberPolicy,
    /// A token that is stored if the player agrees, once the login succeeded.
    pub(super) offered_token: Option<Secret>,
    pub(super) wait_limits: WaitLimits,
    /// Whether to notify the desktop when a wait for admission ends and when the game has started.
    pub(crate) notify: bool,
    /// The update in the middle of the login, for games that name their download servers there.
    pub(crate) update: Option<LoginUpdate>,
    /// The queue and the position in it, in words, while the login is in one.
    pub(super) queue: Option<String>,
    /// Told when nobody reads standard output any more while the login is in the queue.
    pub(super) output_closed: Rc<Notify>,
    /// The request that revokes a launcher token that is not stored, due when the login ends, however it ends.
    pub(super) pending_revocation: Option<Request>,
}

impl LoginPlan {
    /// Finds out where everything comes from.
    ///
    /// # Errors
    /// For whatever is known to be missing; nothing was asked and nothing was sent.
    pub(crate) async fn new(
        context: &Context,
        target: LoginTarget,
        options: &LoginOptions,
    ) -> Result<Self, Failure> {
        check_username_of(context, &target)?;
        let given = PasswordSource::given(context, options)?;
        let is_given = given.is_some();
        let find = async {
            Ok(match given {
                Some(given) => Ok((given, None)),
                None => password_source(context, &target).await,
            })
        };
        // The secret store is asked first, so that it works while the certificates are read. Its answer is not waited for when
        // there are none.
        let (found, endpoint) = tokio::try_join!(biased; find, async { target.endpoint(context) })?;
        if found.is_err() {
            say_where_secrets_are(context, &target)?;
        }
        let (source, fallback) = found?;
        let mut is_stored = matches!(source, PasswordSource::Token(_) | PasswordSource::Known(_));
        let mut codes = CodeSource::given(context, options)?;
        if !codes.has_first()
            && let Some(secret) = stored(context, &target, CredentialKind::Totp).await?
        {
            codes.use_totp(&secret, &target.owner(context)?)?;
            is_stored = true;
        }
        if !is_given && !is_stored {
            say_where_secrets_are(context, &target)?;
        }
        codes.fall_back(&target);
        let remember = RememberPolicy::of(context, &target, options, &source).await?;
        Ok(Self {
            target,
            endpoint,
            source,
            fallback,
            codes,
            remember,
            offered_token: None,
            wait_limits: options.wait_limits,
            notify: options.notify || context.terminal.is_replaced_by_windows(),
            update: None,
            queue: None,
            output_closed: Rc::default(),
            pending_revocation: None,
        })
    }

    /// Returns whether the password was typed at a prompt, and another can be.
    pub(super) fn can_ask_password(&self, context: &Context) -> bool {
        matches!(self.source, PasswordSource::Prompt) && context.terminal.can_ask()
    }
}

/// Returns the source of a password when none is given: what is stored, else the fallback; with the fallback beside a
/// token.
async fn password_source(
    context: &Context,
    target: &LoginTarget,
) -> Result<(PasswordSource, Option<PasswordSource>), Failure> {
    let fallback = PasswordSource::fallback(context, target);
    for (kind, source) in [
        (CredentialKind::Token, PasswordSource::Token as fn(_) -> _),
        (CredentialKind::Password, PasswordSource::Stored),
    ] {
        if !is_stored(target, kind) {
            continue;
        }
        if let Some(secret) = stored(context, target, kind).await? {
            return Ok((source(secret), fallback.ok()));
        }
        if secrets_elsewhere(context, target)?.is_some() {
            continue;
        }
        context.terminal.warn(&format!(
            "the secret store no longer has the {} of {} for {}",
            kind.label(),
            target.subject().label(),
            target.origin(context)?
        ));
    }
    fallback.map(|fallback| (fallback, None))
}

/// Returns a stored secret of the account, if it has one that is used.
async fn stored(
    context: &Context,
    target: &LoginTarget,
    kind: CredentialKind,
) -> Result<Option<Secret>, Failure> {
    if !is_stored(target, kind) {
        return Ok(None);
    }
    let key = target.owner(context)?.key(kind);
    match context.credentials.get(&key).await {
        // The store need not have any for this origin, and a person can answer.
        Err(_) if context.terminal.can_ask() && secrets_elsewhere(context, target)?.is_some() => {
            Ok(None)
        }
        secret => secret,
    }
}

/// Returns the origin for which the secrets of the account are stored, if `--api` names another one.
fn secrets_elsewhere(context: &Context, target: &LoginTarget) -> Result<Option<String>, Failure> {
    let account = target.account.as_ref();
    let Some(account) = account.filter(|account| !account.kept.is_empty()) else {
        return Ok(None);
    };
    let origin = owner_of(context, account)?.origin;
    Ok((origin != target.origin(context)?).then_some(origin))
}

/// Says that the stored secrets of the account are not for this origin, if that is so.
fn say_where_secrets_are(context: &Context, target: &LoginTarget) -> Result<(), Failure> {
    if let Some(elsewhere) = secrets_elsewhere(context, target)? {
        let (label, origin) = (target.subject().label(), target.origin(context)?);
        context.terminal.say(format_args!(
            "{label}: nothing is kept for {origin}, only for {elsewhere}"
        ));
    }
    Ok(())
}

/// Returns whether the account stores a secret of this kind, which the interface accepts and no command replaces.
fn is_stored(target: &LoginTarget, kind: CredentialKind) -> bool {
    let Some(account) = target.account.as_ref().filter(|it| it.keeps(kind)) else {
        return false;
    };
    let command = match kind {
        CredentialKind::Password => account.options.password_command.as_ref(),
        CredentialKind::Totp => account.options.code_command.as_ref(),
        CredentialKind::Token => None,
    };
    target.storable().contains(&kind) && command.is_none_or(String::is_empty)
}
