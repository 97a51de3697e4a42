//! `playcookie <game>` and `playcookie play`: log in, start the game, wait until it ends; once per account.

use super::Context;
use crate::auth::target::{LoginTarget, targets};
use crate::base::signals::Signals;
use crate::cli::game::Play;
use crate::games::GameId;
use crate::run_error::RunError;
use crate::session::launch_plan::LaunchPlan;
use crate::session::{self, check_several};
use crate::terminal::event::Subject;

/// Plays the accounts that were named, of one game or of any.
pub(super) async fn run(
    context: &Context,
    game_id: Option<GameId>,
    arguments: &Play,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let username = arguments.account.username.as_deref();
    let (names, overrides) = (arguments.account.names(), arguments.overrides());
    let found = targets(context, game_id, &names, username, &overrides);
    let targets = signals.or(found).await?;
    let login = arguments.login_options();
    if targets.len() > 1 {
        let subject = game_id.map(|game_id| Subject::from(game_id.game()));
        let subject = subject.unwrap_or_default();
        check_several(context, &targets, &login, arguments.names_one_game())
            .map_err(RunError::about(&subject))?;
    }
    let launch = arguments.launch_options();
    let plan = |target: &LoginTarget| LaunchPlan::find(context, target, &launch);
    Ok(if launch.dry_run {
        session::dry_run(context, &targets, plan)?
    } else {
        session::run(context, targets, login, plan, signals).await?
    })
}
