//! `playcookie <game> path`, `installs` and `uninstall`: where a game is, and removing what playcookie installed.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::{Context, print};
use crate::auth::target::{LoginTarget, target};
use crate::base::failure::Failure;
use crate::base::quantity::ByteCount;
use crate::base::sanitize::escaped;
use crate::base::signals::Signals;
use crate::cli::update::{GameLocation, GamePath, Uninstall};
use crate::config::options::Options;
use crate::failures::input_needed;
use crate::games::{Game, GameId};
use crate::launch::find::{FindOptions, InstalledGame, find, find_all};
use crate::launch::runner::Runner;
use crate::launch::search_paths::SearchPaths;
use crate::run_error::RunError;
use crate::update::game::Installation;

/// Prints the directory of an installed game.
pub(super) async fn path(
    context: &Context,
    game_id: GameId,
    path: &GamePath,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let found = signals.or(search(context, game_id, path, find)).await?;
    let [directory, program] =
        [&found.directory, &found.program].map(|path| escaped(&path.to_string_lossy()));
    let object = json!({
        "game": game_id.game().id, "directory": directory, "program": program,
    });
    print(&context.terminal, &object, || {
        format!("{}\n", found.directory.display())
    })?;
    Ok(0)
}

/// Lists every install of a game; the first is the one that is started.
pub(super) async fn list(
    context: &Context,
    game_id: GameId,
    path: &GamePath,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let found = signals.or(search(context, game_id, path, find_all)).await?;
    let shown = |path: &Path| escaped(&path.to_string_lossy());
    let prefix = |game: &InstalledGame| Some(shown(game.prefix.as_ref()?.path.as_ref()?));
    let object = |game: &InstalledGame| {
        json!({
            "program": shown(&game.program), "directory": shown(&game.directory),
            "found": game.origin, "runner": game.runner().name(), "prefix": prefix(game),
        })
    };
    let installs: Vec<_> = found.iter().map(object).collect();
    let object = json!({ "game": game_id.game().id, "installs": installs });
    print(&context.terminal, &object, || {
        let mut text = String::new();
        for game in &found {
            let (program, runner) = (shown(&game.program), game.runner().name());
            let _ = write!(
                text,
                "{program}\n  found: {}, runner: {runner}",
                game.origin
            );
            if let Some(prefix) = prefix(game) {
                let _ = write!(text, ", prefix: {prefix}");
            }
            text.push('\n');
        }
        text
    })?;
    Ok(0)
}

/// Looks for the game with the options that apply, and prints what was left out of the search.
async fn search<T, F>(
    context: &Context,
    game_id: GameId,
    path: &GamePath,
    look_for: F,
) -> Result<T, RunError>
where
    F: Fn(&'static Game, &FindOptions, &SearchPaths) -> Result<T, Failure>,
{
    let target = target_of(context, game_id, &path.location, path.runner).await?;
    let paths = SearchPaths::from_environment();
    let found = look_for(game_id.game(), &target.options.find_options(), &paths);
    for warning in paths.warnings.take() {
        context.terminal.warn(&warning);
    }
    found.map_err(RunError::about(&target.subject()))
}

/// Removes an installed game, after asking.
pub(super) async fn uninstall(
    context: &Context,
    game_id: GameId,
    uninstall: &Uninstall,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let location = &uninstall.location;
    let target = signals
        .or(target_of(context, game_id, location, None))
        .await?;
    let removal = remove(context, &target, uninstall.yes);
    let removed = signals.or(removal).await;
    removed.map_err(|error| error.with_subject(&target.subject()))?;
    Ok(0)
}

async fn remove(
    context: &Context,
    target: &LoginTarget,
    is_confirmed: bool,
) -> Result<(), Failure> {
    let (terminal, name) = (&context.terminal, target.game_id.game().name);
    let installation = Installation::find(context, target)?;
    let (files, bytes) = (installation.files, installation.bytes);
    let directory = escaped(&installation.directory.to_string_lossy());
    if !is_confirmed {
        if !terminal.can_ask() {
            return Err(input_needed("a confirmation", "confirm it with --yes"));
        }
        let size = ByteCount(bytes);
        let prompt =
            format!("Remove the {files} files of {name} from {directory} ({size})? [y/N] ");
        if terminal.ask_yes(&prompt).await != Some(true) {
            terminal.say(format_args!("nothing was removed"));
            return Ok(());
        }
    }
    let is_gone = installation.remove().await?;
    let object = json!({
        "game": target.game_id.game().id, "directory": directory, "files": files, "bytes": bytes,
    });
    let rest = if is_gone {
        ""
    } else {
        "; other files are left there"
    };
    terminal.say(format_args!(
        "{name}: {files} files removed from {directory}{rest}"
    ));
    print(terminal, &object, String::new)
}

/// Returns the account whose options apply, if one is named, else the game with its own options.
async fn target_of(
    context: &Context,
    game_id: GameId,
    location: &GameLocation,
    runner: Option<Runner>,
) -> Result<LoginTarget, RunError> {
    let overrides = Options {
        game_dir: location.game_dir.clone(),
        runner,
        ..Options::default()
    };
    if location.accounts.is_empty() {
        return Ok(LoginTarget::unremembered(game_id, None).with_options(context, &overrides));
    }
    target(context, game_id, &location.accounts, None, &overrides).await
}
