//! `playcookie <game> exec`: runs a command with the game's variables in its environment.

use super::Context;
use crate::auth::target::{LoginTarget, target};
use crate::base::signals::Signals;
use crate::cli::game::Exec;
use crate::games::GameId;
use crate::launch::command::{LaunchCommand, find_program};
use crate::session;
use crate::session::hooks::Hooks;
use crate::session::launch_plan::LaunchPlan;

pub(super) async fn run(
    context: &Context,
    game_id: GameId,
    exec: &Exec,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let (who, username) = (&exec.account, exec.account.username.as_deref());
    let (names, overrides) = (who.names(), who.overrides(&exec.server));
    let target = signals
        .or(target(context, game_id, &names, username, &overrides))
        .await?;
    let plan = |_: &LoginTarget| {
        let mut command = LaunchCommand::of(exec.command.iter().cloned());
        let hint = "check its name, or give its whole path; nothing was sent";
        command.program = find_program(&command.program, hint)?;
        command.input = !exec.credentials.password_stdin;
        Ok(LaunchPlan {
            command,
            hooks: Hooks::default(),
            files: None,
        })
    };
    let login = who.login_options(&exec.credentials, &exec.server);
    Ok(session::run(context, vec![target], login, plan, signals).await?)
}
