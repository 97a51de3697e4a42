//! One login of one account, as `play`, `login`, `exec` and `update` share it.

use super::effects::LoginEffects;
use super::login_plan::LoginPlan;
use super::password::PasswordSource;
use super::remember::{RememberPolicy, remember};
use super::revocation::revoke_pending;
use super::target::{LoginTarget, ask_username};
use super::throttle;
use crate::base::failure::Failure;
use crate::base::random;
use crate::base::signals::Signals;
use crate::context::Context;
use crate::failures::login::LoginFailures;
use crate::games::{Credential, CredentialKind, GameProtocol, LoginParameters, with_protocol};
use crate::launch::notification;
use crate::protocol::driver::{LoginOutcome, drive};
use crate::run_error::RunError;
use crate::terminal::Terminal;
use crate::terminal::event::EventKind;

/// Logs in, and calls `then` with the target, whose username is known now, and the outcome. A launcher token that is
/// not stored is revoked on every way out, after `then`.
///
/// # Errors
/// When the login or `then` fails, or a signal arrives.
pub(crate) async fn log_in<T, F>(
    context: &Context,
    mut plan: LoginPlan,
    signals: &mut Signals,
    then: F,
) -> Result<T, RunError>
where
    F: AsyncFnOnce(LoginTarget, LoginOutcome, &mut Signals) -> Result<T, RunError>,
{
    let outcome = async {
        // Boxed: the largest future of the program.
        let login = Box::pin(attempt(context, &mut plan));
        let login = signals.or(login).await;
        context.terminal.clear();
        let outcome = login.map_err(|error| error.with_subject(&plan.target.subject()))?;
        then(plan.target.clone(), outcome, signals).await
    };
    let outcome = outcome.await;
    revoke_pending(&mut plan.pending_revocation, &plan.endpoint).await;
    outcome
}

async fn attempt(context: &Context, plan: &mut LoginPlan) -> Result<LoginOutcome, Failure> {
    let wait_limits = plan.wait_limits;
    throttle::check_login(context, &plan.target, wait_limits.server)?;
    let username = find_username(context, plan).await?;
    plan.target.username = Some(username.clone());
    let credential = read_credential(context, plan, &username).await?;
    throttle::wait_for_login(context, &plan.target, wait_limits.server).await?;
    let secret = credential.clone().into_secret();
    let parameters = LoginParameters {
        username: username.clone(),
        credential,
        interface: plan.endpoint.interface,
        fallback_gameserver: plan.endpoint.authority.clone(),
        nonce: random::hex(4),
        toon_slot: plan.target.options.toon_slot,
        wants_update: plan.update.is_some(),
    };
    let mut effects = LoginEffects::new(context, plan);
    let outcome = with_protocol!(effects.plan.target.game_id, Protocol => {
        drive(Protocol::new(parameters), wait_limits, &mut effects).await
    });
    let outcome = match outcome {
        Ok(LoginOutcome::Ticket(ticket)) => {
            let terminal = &context.terminal;
            if let Some(message) = ticket.message.quote(terminal.redactor()) {
                terminal.detail(1, || format!("the server says: \"{message}\""));
            }
            if effects.has_waited && effects.plan.notify {
                notify_admitted(terminal, &effects.plan.target);
            }
            LoginOutcome::Ticket(ticket)
        }
        Ok(outcome) => outcome,
        Err(error) => {
            let (endpoint, target) = (&effects.plan.endpoint, &effects.plan.target);
            if let Some(pause) = effects.asked_to_wait(&error) {
                throttle::postpone_logins(context, target, pause);
            }
            let (service, origin) = (endpoint.service, &endpoint.origin);
            let (account, redactor) = (target.account.as_ref(), context.terminal.redactor());
            let failures = LoginFailures::new(service, origin, &username, account, redactor);
            return Err(failures.of_login(error));
        }
    };
    let (target, kind) = (&plan.target, CredentialKind::Password);
    if let RememberPolicy::Yes(CredentialKind::Password, name) = &plan.remember {
        // A failure was printed, and the login succeeded all the same.
        let _ = remember(context, target, kind, name.as_deref(), &secret).await;
    }
    Ok(outcome)
}

/// Tells the desktop that a wait for admission is over, or rings the bell.
fn notify_admitted(terminal: &Terminal, target: &LoginTarget) {
    let title = format!("{}: admitted", target.subject().label());
    if !notification::show_meanwhile(&title, target.game_id.game().name) {
        terminal.ring();
    }
}

/// Returns the username, asking for it where necessary.
async fn find_username(context: &Context, plan: &LoginPlan) -> Result<String, Failure> {
    let (terminal, mut subject) = (&context.terminal, plan.target.subject());
    terminal.event(&subject.event(EventKind::Login {}));
    let username = if let Some(username) = &plan.target.username {
        username.clone()
    } else {
        terminal.event(&subject.event(EventKind::question("username")));
        ask_username(context).await?
    };
    subject.username = Some(username.clone());
    if matches!(plan.source, PasswordSource::Prompt) {
        terminal.event(&subject.event(EventKind::question("password")));
    }
    Ok(username)
}

/// Returns the password or token, asking for it where necessary, and whether to remember it.
async fn read_credential(
    context: &Context,
    plan: &mut LoginPlan,
    username: &str,
) -> Result<Credential, Failure> {
    if let PasswordSource::Token(token) = &plan.source {
        return Ok(Credential::Token(token.clone()));
    }
    let variables = plan.target.game_id.game().variables;
    let password = plan.source.get(context, variables, username).await?;
    plan.remember.ask(context, &plan.target).await;
    Ok(Credential::Password(password))
}
