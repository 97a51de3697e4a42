//! One login of one account, as `play`, `login`, `exec` and `update` share it.

use std::rc::Rc;

use super::effects::{LoginEffects, store_token};
use super::login_plan::LoginPlan;
use super::password::PasswordSource;
use super::remember::{RememberPolicy, remember};
use super::revocation::revoke_pending;
use super::target::{LoginTarget, USERNAME_OPTIONS, ask_username};
use super::throttle;
use crate::base::failure::Failure;
use crate::base::random;
use crate::base::signals::{Signal, Signals};
use crate::context::Context;
use crate::failures::login::LoginFailures;
use crate::games::{Credential, CredentialKind, GameProtocol, LoginParameters, with_protocol};
use crate::launch::notification;
use crate::protocol::driver::{self, LoginOutcome, drive};
use crate::protocol::{Error, Refusal};
use crate::run_error::RunError;
use crate::terminal::Terminal;
use crate::terminal::event::EventKind;

/// How often a wrong password may be typed in one login.
const MAX_PASSWORDS: u32 = 3;

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
    let output_closed = Rc::clone(&plan.output_closed);
    let outcome = async {
        // Boxed: the largest future of the program.
        let login = Box::pin(attempt(context, &mut plan));
        let login = tokio::select! {
            login = signals.or(login) => login,
            () = output_closed.notified() => Err(RunError::OutputClosed),
        };
        context.terminal.clear();
        if let (
            Err(RunError::Interrupted(Signal::Interrupt) | RunError::OutputClosed),
            Some(queue),
        ) = (&login, plan.queue.take())
        {
            let prefix = plan.target.subject().prefix();
            context.terminal.say(format_args!("{prefix}: left {queue}"));
        }
        let outcome = login.map_err(|error| error.with_subject(&plan.target.subject()))?;
        then(plan.target.clone(), outcome, signals).await
    };
    let outcome = outcome.await;
    revoke_pending(&mut plan.pending_revocation, &plan.endpoint).await;
    outcome
}

/// Logs in, and offers to remember the login once it succeeded. A wrong password that was typed may be typed again.
async fn attempt(context: &Context, plan: &mut LoginPlan) -> Result<LoginOutcome, Failure> {
    throttle::check_login(context, &plan.target, plan.wait_limits.server)?;
    let username = find_username(context, plan).await?;
    plan.target.username = Some(username.clone());
    let mut passwords = 1;
    let (outcome, secret) = loop {
        let credential = read_credential(context, plan, &username).await?;
        throttle::wait_for_login(context, &plan.target, plan.wait_limits.server).await?;
        let secret = credential.clone().into_secret();
        let error = match drive_login(context, plan, credential, &username).await {
            Ok(outcome) => break (outcome, secret),
            Err(error) => error,
        };
        match &error {
            driver::Error::Login(Error::Refused(Refusal::Credentials, message))
                if passwords < MAX_PASSWORDS && plan.can_ask_password(context) =>
            {
                let text = message.quote(context.terminal.redactor());
                let question = EventKind::Question {
                    kind: "password",
                    text: text.unwrap_or_default(),
                    again: true,
                };
                context
                    .terminal
                    .event(&plan.target.subject().event(question));
            }
            _ => return Err(login_failure(context, plan, &username, error)),
        }
        revoke_pending(&mut plan.pending_revocation, &plan.endpoint).await;
        passwords += 1;
    };
    if let LoginOutcome::Ticket(ticket) = &outcome {
        let terminal = &context.terminal;
        if let Some(message) = ticket.message.quote(terminal.redactor()) {
            terminal.detail(1, || format!("the server says: \"{message}\""));
        }
    }
    plan.remember.ask(context, &plan.target).await;
    match &plan.remember {
        RememberPolicy::Yes(CredentialKind::Password, name) => {
            let (target, kind) = (&plan.target, CredentialKind::Password);
            // A failure was printed, and the login succeeded all the same.
            let _ = remember(context, target, kind, name.as_deref(), &secret).await;
        }
        RememberPolicy::Yes(CredentialKind::Token, _) => {
            if let Some(token) = plan.offered_token.take() {
                store_token(context, plan, &token).await;
            }
        }
        _ => {}
    }
    Ok(outcome)
}

/// Runs the login protocol once.
async fn drive_login(
    context: &Context,
    plan: &mut LoginPlan,
    credential: Credential,
    username: &str,
) -> Result<LoginOutcome, driver::Error<Failure>> {
    let wait_limits = plan.wait_limits;
    let parameters = LoginParameters {
        username: username.to_owned(),
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
    match &outcome {
        Ok(LoginOutcome::Ticket(_)) if effects.has_waited && effects.plan.notify => {
            notify_admitted(&context.terminal, &effects.plan.target);
        }
        Ok(_) => {}
        Err(error) => {
            if let Some(pause) = effects.asked_to_wait(error) {
                throttle::postpone_logins(context, &effects.plan.target, pause);
            }
        }
    }
    outcome
}

/// Returns the failure for an error of the login protocol.
fn login_failure(
    context: &Context,
    plan: &LoginPlan,
    username: &str,
    error: driver::Error<Failure>,
) -> Failure {
    let (endpoint, account) = (&plan.endpoint, plan.target.account.as_ref());
    let (service, origin) = (endpoint.service, &endpoint.origin);
    let redactor = context.terminal.redactor();
    LoginFailures::new(service, origin, username, account, redactor).of_login(error)
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
        ask_username(context, USERNAME_OPTIONS).await?
    };
    subject.username = Some(username.clone());
    if matches!(plan.source, PasswordSource::Prompt) {
        terminal.event(&subject.event(EventKind::question("password")));
    }
    Ok(username)
}

/// Returns the password or token, asking for it where necessary.
async fn read_credential(
    context: &Context,
    plan: &LoginPlan,
    username: &str,
) -> Result<Credential, Failure> {
    let subject = plan.target.subject();
    match &plan.source {
        PasswordSource::Token(token) => {
            (context.terminal).say_stored(&subject, CredentialKind::Token.label());
            return Ok(Credential::Token(token.clone()));
        }
        PasswordSource::Stored(_) => {
            (context.terminal).say_stored(&subject, CredentialKind::Password.label());
        }
        _ => {}
    }
    let variables = plan.target.game_id.game().variables;
    let password = plan.source.get(context, variables, username).await?;
    Ok(Credential::Password(password))
}
