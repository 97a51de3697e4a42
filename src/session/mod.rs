//! Playing: from a list of accounts to the exit status of their games. One account is the list with one element.
//!
//! ```text
//!   plan and prepare all ─▶ update each game ─▶ log in 1 ─▶ start 1 ─▶ log in 2 ─▶ start 2 … ─▶ wait for all
//!         │                       │                │ try-later: the rest is not tried           │ signals: to the games
//!   one is not ready:       one fails:             │ signal: no further login
//!   nothing is sent         none begins            ▼ other failure: the next one is tried
//! ```
//!
//! The `pre-launch` command of an account runs before the update of its game, or else before its login.

mod account_run;
pub(crate) mod hooks;
pub(crate) mod launch_plan;
pub(crate) mod played;
pub(crate) mod running_games;
mod supervisor;

use crate::auth::login_options::LoginOptions;
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::signals::Signals;
use crate::context::Context;
use crate::run_error::RunError;
use launch_plan::{LaunchPlan, is_shared_log};
use supervisor::Supervisor;

/// Logs in each target and starts what `plan` returns for it, then waits for all games. Returns the exit status: that of
/// the first program, in the order of `targets`, that did not end with 0. Failures of several accounts are printed.
///
/// # Errors
/// The failure of a single account, and [`RunError::Interrupted`].
pub(crate) async fn run(
    context: &Context,
    targets: Vec<LoginTarget>,
    mut login: LoginOptions,
    plan: impl Fn(&LoginTarget) -> Result<LaunchPlan, Failure>,
    signals: &mut Signals,
) -> Result<i32, RunError> {
    login.is_one_of_several = targets.len() > 1;
    let plan = |target: &LoginTarget| {
        let launch = plan(target)?;
        Ok(if login.is_one_of_several {
            launch.into_one_of_several(target.subject().label())
        } else {
            launch
        })
    };
    let mut supervisor = Supervisor::new(context, &plan, &targets);
    // Boxed: each is as large as a login.
    let prepared = Box::pin(supervisor.prepare(targets, &login));
    signals.or(prepared).await?;
    if !supervisor.has_failed() {
        Box::pin(supervisor.update(signals)).await?;
    }
    if !supervisor.has_failed() {
        supervisor.log_in_all(signals).await?;
        supervisor.wait(signals).await?;
    }
    Ok(supervisor.status())
}

/// Prints what would be started for each target.
///
/// # Errors
/// The failure of a single account.
pub(crate) fn dry_run(
    context: &Context,
    targets: &[LoginTarget],
    plan: impl Fn(&LoginTarget) -> Result<LaunchPlan, Failure>,
) -> Result<i32, RunError> {
    let mut supervisor = Supervisor::new(context, &plan, targets);
    for (index, target) in targets.iter().enumerate() {
        let printed = plan(target).and_then(|plan| plan.print(context, target));
        if let Err(failure) = printed {
            supervisor.fail(index, RunError::failed(&target.subject(), failure))?;
        }
    }
    Ok(supervisor.status())
}

/// Refuses options that several accounts cannot share.
///
/// # Errors
/// [`Reason::Usage`](crate::base::failure::Reason::Usage).
pub(crate) fn check_several(
    context: &Context,
    targets: &[LoginTarget],
    login: &LoginOptions,
    names_one_game: bool,
) -> Result<(), Failure> {
    let one = |option: &str, hint: &str| {
        Err(Failure::usage(
            format!("{option} is for one account, and several are named"),
            hint,
        ))
    };
    if login.password_stdin {
        return one(
            "--password-stdin",
            "store the passwords with `playcookie accounts edit NAME`, or name one account at a time",
        );
    }
    if login.code.is_some() || login.code_command.is_some() {
        return one(
            "a code",
            "store the two-factor secrets with `playcookie accounts edit NAME --totp-stdin`",
        );
    }
    if targets.iter().any(is_shared_log) {
        return one(
            "a log",
            "put {account} into its name: each gets its own then",
        );
    }
    let mut games = targets.iter().map(|target| target.game_id);
    let first = games.next();
    if names_one_game && games.any(|game_id| Some(game_id) != first) {
        return Err(Failure::usage(
            "--exe, --game-dir and --api are for one game, and accounts of several are named",
            format!(
                "set them in the configuration: {}",
                context.config_file.command("config edit")
            ),
        ));
    }
    Ok(())
}
