//! What is installed, where, and what is missing: the checks of `doctor`, which change nothing, ask nobody and log in nowhere.
//!
//! ```text
//!   game  folder  desktop  accounts  network   ──▶ Check   ──▶ list (text or JSON, exit status)
//!                                                          ──▶ report (names, paths and secrets masked)
//! ```

mod accounts;
mod check;
mod desktop;
mod folder;
mod game;
mod list;
mod network;
pub(crate) mod report;

use crate::auth::target::LoginTarget;
use crate::context::Context;
use crate::games::GameId;
use crate::launch::search_paths::SearchPaths;
use check::Check;
pub(crate) use list::CheckList;

/// Checks what these games need, or, if there are none, what every game needs; for an account with settings of its own, what
/// differs from its game. With `is_offline`, no server is asked.
pub(crate) async fn examine(context: &Context, named: &[GameId], is_offline: bool) -> CheckList {
    let games = GameId::ALL.into_iter();
    let games = games.filter(|game_id| named.is_empty() || named.contains(game_id));
    let targets: Vec<_> = games
        .map(|game_id| LoginTarget::public(context, game_id, None))
        .collect();
    let paths = SearchPaths::from_environment();
    let mut checks = Vec::new();
    for target in &targets {
        let is_named = named.contains(&target.game_id);
        let common = game::checks(context, target, &paths, is_named, is_offline).await;
        let mut own = Vec::new();
        for account in context.configuration.of_game(target.game_id) {
            let other = LoginTarget::configured(context, account);
            if other.options.find_options() != target.options.find_options()
                || other.options.wrapper != target.options.wrapper
            {
                let mut found = game::checks(context, &other, &paths, is_named, is_offline).await;
                found.retain(|check| !common.iter().any(|it| it.says_same(check)));
                own.extend(found.into_iter().map(|check| check.of(&account.name)));
            }
        }
        let game = target.game_id.game().id;
        checks.extend(common.into_iter().map(|check| check.of(game)));
        checks.append(&mut own);
    }
    for warning in paths.warnings.take() {
        let fix = "look at that file with its own program, or name the game with --exe FILE";
        checks.push(Check::warn("search", warning, fix));
    }
    checks.extend(desktop::checks(context, &targets));
    checks.extend(accounts::checks(context).await);
    checks.extend(network::checks(context, &targets, is_offline).await);
    CheckList { checks }
}
