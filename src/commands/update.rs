//! `playcookie <game> update`: installs a game, or updates its files.

use super::Context;
use crate::auth::log_in::log_in;
use crate::auth::login_plan::LoginPlan;
use crate::auth::target::{LoginTarget, target};
use crate::base::failure::Failure;
use crate::base::signals::Signals;
use crate::cli::update::Update;
use crate::config::options::Options;
use crate::games::{Downloads, GameId};
use crate::protocol::driver::LoginOutcome;
use crate::run_error::RunError;
use crate::update::WorkerPool;
use crate::update::check::Depth;
use crate::update::game::{GameUpdate, LoginUpdate, directory_of};

/// The exit status of `--check` when files are missing or outdated.
const OUTDATED: i32 = 10;

pub(super) async fn run(
    context: &Context,
    game_id: GameId,
    update: &Update,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let target = signals.or(target_of(context, game_id, update)).await?;
    let subject = target.subject();
    let outcome = run_for(context, target, update, signals).await;
    Ok(outcome.map_err(|error| error.with_subject(&subject))?)
}

/// Returns the account whose options apply, if one is named; where a login is needed, the account that logs in.
async fn target_of(
    context: &Context,
    game_id: GameId,
    update: &Update,
) -> Result<LoginTarget, RunError> {
    let overrides = Options {
        game_dir: update.game_dir.clone(),
        runner: update.runner,
        ..update.account.overrides(&update.server)
    };
    let (names, username) = (update.account.names(), update.account.username.as_deref());
    let logs_in = matches!(game_id.game().current.downloads, Downloads::AtLogin { .. });
    // `--check` does not log in, so it asks no question about which account it is.
    let is_clear = !update.check || context.configuration.of_game(game_id).nth(1).is_none();
    if !names.is_empty() || (logs_in && is_clear) {
        return target(context, game_id, &names, username, &overrides).await;
    }
    let unremembered = LoginTarget::unremembered(game_id, username.map(ToOwned::to_owned));
    Ok(unremembered.with_options(context, &overrides))
}

/// Updates or checks the files, and returns the exit status.
async fn run_for(
    context: &Context,
    target: LoginTarget,
    update: &Update,
    signals: &mut Signals,
) -> Result<i32, RunError> {
    let directory = directory_of(&target)?;
    let depth = if update.verify {
        Depth::Full
    } else {
        Depth::Quick
    };
    let at_login = LoginUpdate::new(context, &target, directory.clone(), depth, true)?;
    // The lists of files are public, so `--check` needs no login.
    if let Some(at_login) = at_login.filter(|_| !update.check) {
        update_at_login(context, target, at_login, update, signals).await?;
        return Ok(0);
    }
    let pool = WorkerPool::default();
    let mut game_update = GameUpdate::new(context, &target, &directory)?;
    game_update.depth = depth;
    let work = async {
        if update.check {
            let check = game_update.check().await?;
            game_update.print_check(&check)?;
            return Ok::<_, Failure>(if check.outdated.is_empty() {
                0
            } else {
                OUTDATED
            });
        }
        let summary = game_update.run(&pool).await?;
        game_update.print(&summary);
        Ok(0)
    };
    // The pool is dropped last: workers finish their current file first.
    signals.or_closed(&context.terminal, work).await
}

/// Updates in the middle of a login, and ends there.
async fn update_at_login(
    context: &Context,
    target: LoginTarget,
    at_login: LoginUpdate,
    update: &Update,
    signals: &mut Signals,
) -> Result<(), RunError> {
    at_login.check(context, &target)?;
    let options = update
        .account
        .login_options(&update.credentials, &update.server);
    let mut plan = signals
        .or(LoginPlan::new(context, target, &options))
        .await?;
    plan.update = Some(at_login);
    log_in(
        context,
        plan,
        signals,
        async |_, outcome, _| match outcome {
            LoginOutcome::Updated => Ok(()),
            LoginOutcome::Ticket(_) => {
                Err(Failure::bug("the login did not end with the update").into())
            }
        },
    )
    .await
}
