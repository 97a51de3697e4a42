//! Checks of one game: its program, what runs it, and its folders.

use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::config::Account;
use crate::context::Context;
use crate::games::{Build, Game, System};
use crate::launch::find::{InstalledGame, find_all};
use crate::launch::game_command;
use crate::launch::program_build::program_build;
use crate::launch::runner::inspection::UmuObstacle;
use crate::launch::runner::{Prefix, Tool};
use crate::launch::search_paths::SearchPaths;
use crate::session::launch_plan::not_passed_on;

use super::check::Check;
use super::folder;

/// Checks the game of a target. The names of the checks do not say whose they are. A missing game is a failure only if it is
/// named.
pub(super) async fn checks(
    context: &Context,
    target: &LoginTarget,
    paths: &SearchPaths,
    is_named: bool,
    is_offline: bool,
) -> Vec<Check> {
    let game = target.game_id.game();
    let found = find_all(game, &target.options.find_options(), paths);
    let installs = match found {
        Ok(installs) => installs,
        Err(failure) if failure.reason == Reason::GameMissing && !is_named => {
            return vec![Check::note("game", failure.message)];
        }
        Err(failure) => {
            return vec![Check::fail(
                "game",
                &with_own_hint(context, target, failure),
            )];
        }
    };
    let Some(installed) = installs.first() else {
        return Vec::new();
    };
    let build = program_build(&installed.program);
    let mut checks = vec![program(target, installed, build, installs.len() - 1)];
    checks.extend(runner(target, installed, build, paths).await);
    if let Some(prefix) = &installed.prefix {
        checks.extend(bottle(game, prefix, paths));
        checks.extend(umu(prefix, paths, is_offline));
        if let Some(path) = &prefix.path {
            checks.extend(folder::prefix("prefix", path));
        }
    }
    checks.extend(folder::directory("directory", &installed.directory));
    checks
}

/// Replaces the hint about a missing game, which names options that `doctor` does not have.
fn with_own_hint(context: &Context, target: &LoginTarget, failure: Failure) -> Failure {
    if failure.reason != Reason::GameMissing {
        return failure;
    }
    let game = target.game_id.game().id;
    let account = target.account.as_ref();
    let has_place =
        |account: &&Account| account.options.exe.is_some() || account.options.game_dir.is_some();
    let owner = match account.filter(has_place) {
        // A name may contain dots.
        Some(account) if account.name.contains('.') => format!("'accounts.\"{}\"'", account.name),
        Some(account) => format!("accounts.{}", account.name),
        None => game.to_owned(),
    };
    let set = |key| {
        let set = format!("config set {owner}.{key}");
        context.config_file.command(&set)
    };
    let hint = if target.options.exe.is_some() {
        format!("name the game's program with {}", set("exe FILE"))
    } else {
        let name = set("game-dir DIR");
        format!(
            "install it with `playcookie {game} update` or with its own launcher, or name its directory with {name}"
        )
    };
    Failure { hint, ..failure }
}

/// Says where the program is, how it was found and how it is built.
fn program(
    target: &LoginTarget,
    installed: &InstalledGame,
    build: Option<Build>,
    others: usize,
) -> Check {
    let build = match build {
        None => "of an unknown build".to_owned(),
        Some(build) => {
            let bits = if build.is_64_bit { 64 } else { 32 };
            let system = match build.system {
                System::Windows => "Windows",
                System::MacOs => "macOS",
                System::Linux => "Linux",
            };
            format!("for {bits}-bit {system}")
        }
    };
    let others = if others == 0 {
        String::new()
    } else {
        let game = target.game_id.game().id;
        let account = target.account.as_ref();
        let account = account.map_or_else(String::new, |account| format!(" {}", account.name));
        format!(", {others} more in `playcookie {game} installs{account}`")
    };
    let (program, origin) = (installed.program.display(), installed.origin);
    let found = format!("{program}, {build}, found: {origin}{others}");
    Check::ok("game", found)
}

/// Checks that what runs the program is there, and that it runs such programs.
async fn runner(
    target: &LoginTarget,
    installed: &InstalledGame,
    build: Option<Build>,
    paths: &SearchPaths,
) -> Vec<Check> {
    let name = "runner";
    let wrapper = target.options.wrapper.as_deref().unwrap_or_default();
    if let Err(failure) = game_command::command(installed, wrapper, &[], paths) {
        return vec![Check::fail(name, &failure)];
    }
    let Some(prefix) = &installed.prefix else {
        return vec![Check::ok(name, "native: this system")];
    };
    // Without the wrapper.
    let (program, directory) = (&installed.program, &installed.directory);
    let command = match prefix.command(program, directory, &[], paths) {
        Ok(command) => command,
        Err(failure) => return vec![Check::fail(name, &failure)],
    };
    let version = prefix.version(&command, paths).await;
    let shown = version.as_deref().unwrap_or("of an unknown version");
    let (runner, tool) = (prefix.runner.name(), command.program.display());
    let mut checks = vec![Check::ok(name, format!("{runner}: {tool}, {shown}"))];
    let is_32_bit = build.is_some_and(|build| !build.is_64_bit);
    if is_32_bit && prefix.lacks_32_bit(&command, version.as_deref()) {
        let failure = Failure::new(
            Reason::GameStart,
            "the program is for 32-bit Windows, and this Wine runs 64-bit programs only",
            "install 32-bit Wine (Debian and Ubuntu: `sudo dpkg --add-architecture i386 && sudo apt update && sudo apt install wine32:i386`), or name another --runner",
        );
        checks.push(Check::fail("32-bit", &failure));
    }
    checks
}

/// Checks that a bottle passes the variables of the game on.
fn bottle(game: &Game, prefix: &Prefix, paths: &SearchPaths) -> Option<Check> {
    if !matches!(prefix.tool, Tool::Bottles(_)) {
        return None;
    }
    let name = "bottle";
    Some(match prefix.withheld_variables(game.variables, paths) {
        Ok(withheld) if withheld.is_empty() => {
            Check::ok(name, "it passes the variables of the game on")
        }
        Ok(withheld) => Check::fail(name, &not_passed_on(game, &withheld)),
        Err(failure) => Check::fail(name, &failure),
    })
}

/// Checks the demands of umu-launcher.
fn umu(prefix: &Prefix, paths: &SearchPaths, is_offline: bool) -> Option<Check> {
    let name = "umu";
    let failed = |message, hint| Failure::new(Reason::GameStart, message, hint);
    Some(match prefix.umu_obstacle(paths)? {
        UmuObstacle::Superuser => {
            let message = "umu-run refuses to run as root";
            Check::fail(name, &failed(message, "run playcookie as your own user"))
        }
        UmuObstacle::NoRuntime if is_offline => {
            let message = "umu-run has no runtime yet, and cannot download it offline";
            let hint = "start the game once with a connection";
            Check::fail(name, &failed(message, hint))
        }
        UmuObstacle::NoRuntime => Check::note(name, "its runtime is downloaded at the first start"),
    })
}
