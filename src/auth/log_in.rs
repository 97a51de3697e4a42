//! One login of one account, as `play`, `login`, `exec` and `update` share it.

use std::rc::Rc;

use super::effects::LoginEffects;
use super::failures::LoginFailures;
use super::games;
use super::login_plan::LoginPlan;
use super::password::PasswordSource;
use super::remember::{RememberPolicy, remember};
use super::revocation::PendingRevocation;
use super::target::{LoginTarget, ask_username};
use super::throttle;
use crate::base::failure::Failure;
use crate::base::random;
use crate::base::signals::Signals;
use crate::context::Context;
use crate::games::{Credential, CredentialKind, LoginParameters};
use crate::protocol::driver::LoginOutcome;
use crate::run_error::RunError;
use crate::terminal::event::{EventKind, Subject};

/// Logs in, and calls `then` with the target, whose username is known now, and the outcome. A launcher token that is
/// not stored is revoked on every way out, after `then`.
///
/// # Errors
/// When the login or `then` fails, or a signal arrives.
pub(crate) async fn log_in<T, F>(
    context: &Context,
    plan: LoginPlan,
    signals: &mut Signals,
    then: F,
) -> Result<T, RunError>
where
    F: AsyncFnOnce(LoginTarget, LoginOutcome, &mut Signals) -> Result<T, RunError>,
{
    let mut revocation = PendingRevocation::new(Rc::clone(&plan.endpoint));
    let outcome = async {
        let mut subject = plan.target.subject();
        // Boxed: the largest future of the program.
        let login = Box::pin(attempt(context, plan, &mut subject, &mut revocation));
        let login = signals.or(login).await;
        context.terminal.clear();
        let (target, outcome) = login.map_err(|error| error.with_subject(&subject))?;
        then(target, outcome, signals).await
    };
    let outcome = outcome.await;
    revocation.revoke(&context.terminal).await;
    outcome
}

async fn attempt(
    context: &Context,
    plan: LoginPlan,
    subject: &mut Subject,
    revocation: &mut PendingRevocation,
) -> Result<(LoginTarget, LoginOutcome), Failure> {
    let LoginPlan {
        mut target,
        endpoint,
        source,
        fallback,
        codes,
        remember: policy,
        wait_limits,
        update,
    } = plan;
    let game = target.game_id.game();
    throttle::check_login(context, game, &endpoint.origin, wait_limits.server)?;
    let username = identify(context, &target, &source, subject).await?;
    target.username = Some(username.clone());
    let (credential, policy) = authenticate(context, &target, source, policy, subject).await?;
    throttle::wait_for_login(context, game, &endpoint.origin, subject, wait_limits.server).await?;
    let secret = credential.clone().into_secret();
    let parameters = LoginParameters {
        username,
        credential,
        interface: endpoint.interface,
        fallback_gameserver: endpoint.authority.clone(),
        nonce: random::hex(4),
        toon_slot: target.options.toon_slot,
        wants_update: update.is_some(),
    };
    let mut effects = LoginEffects {
        context,
        target: &target,
        subject,
        endpoint: Rc::clone(&endpoint),
        codes,
        fallback,
        remember: policy.clone(),
        update,
        revocation,
        secrets: vec![secret.clone()],
        position: None,
        is_429: false,
    };
    let outcome = games::log_in(target.game_id, parameters, wait_limits, &mut effects).await;
    let outcome = outcome.map_err(|error| {
        if let Some(pause) = effects.asked_to_wait(&error) {
            throttle::record(&context.state, game, &endpoint.origin, pause);
        }
        let username = target.username.as_deref().unwrap_or_default();
        LoginFailures::new(
            game.name,
            &endpoint.origin,
            username,
            target.account.as_ref(),
        )
        .of_login(error, &effects.secrets)
    })?;
    if let RememberPolicy::Yes(CredentialKind::Password, name) = policy {
        let kind = CredentialKind::Password;
        // A failure was printed, and the login succeeded all the same.
        let _ = remember(context, &target, kind, name.as_deref(), &secret).await;
    }
    Ok((target, outcome))
}

/// Returns the username, asking for it where necessary.
async fn identify(
    context: &Context,
    target: &LoginTarget,
    source: &PasswordSource,
    subject: &mut Subject,
) -> Result<String, Failure> {
    let terminal = &context.terminal;
    terminal.event(&subject.event(EventKind::Login {}));
    let username = if let Some(username) = &target.username {
        username.clone()
    } else {
        terminal.event(&subject.event(EventKind::question("username")));
        ask_username(context).await?
    };
    subject.username = Some(username.clone());
    if matches!(source, PasswordSource::Prompt) {
        terminal.event(&subject.event(EventKind::question("password")));
    }
    Ok(username)
}

/// Returns the password or token, asking for it where necessary, and whether to remember it.
async fn authenticate(
    context: &Context,
    target: &LoginTarget,
    source: PasswordSource,
    policy: RememberPolicy,
    subject: &Subject,
) -> Result<(Credential, RememberPolicy), Failure> {
    if let PasswordSource::Token(token) = source {
        return Ok((Credential::Token(token), policy));
    }
    let username = target.username.as_deref().unwrap_or_default();
    let variables = target.game_id.game().variables;
    let password = source.get(context, variables, username).await?;
    let policy = policy.ask(context, target, subject).await;
    Ok((Credential::Password(password), policy))
}
