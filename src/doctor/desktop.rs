//! Checks of the desktop: the display, who can be asked, and variables that make runners write secrets out.

use super::check::Check;
use crate::auth::target::LoginTarget;
use crate::context::Context;
use crate::launch::desktop::{Desktop, PROMPT_PROGRAMS, is_set};
use crate::session::launch_plan::REVEALING;

/// Checks the desktop, and the variables of the environment and of these games.
pub(super) fn checks(context: &Context, targets: &[LoginTarget]) -> Vec<Check> {
    let desktop = Desktop::from_environment();
    let mut checks = Vec::new();
    if cfg!(all(unix, not(target_os = "macos"))) {
        checks.push(display(&desktop));
    }
    let terminal = &context.terminal;
    checks.push(if !terminal.can_ask() {
        Check::note("terminal", "none, so that nobody can be asked here")
    } else if terminal.reads_from_terminal() {
        Check::ok("terminal", "passwords and codes can be asked for here")
    } else {
        Check::ok(
            "terminal",
            "none, passwords and codes are asked for in windows",
        )
    });
    let helpers = desktop.prompt_helpers.join(", ");
    checks.push(if helpers.is_empty() {
        let programs = PROMPT_PROGRAMS.join(", ");
        Check::note("prompt helpers", format!("none of {programs} is installed"))
    } else {
        Check::ok("prompt helpers", helpers)
    });
    if desktop.is_game_mode {
        let found = "this is Steam's Game Mode, which has no terminal";
        checks.push(Check::note("game mode", found));
    }
    checks.push(variables(context, targets));
    checks
}

fn display(desktop: &Desktop) -> Check {
    if desktop.displays.is_empty() {
        return Check::warn(
            "display",
            "neither WAYLAND_DISPLAY nor DISPLAY is set, so that a game has no window",
            "start it in a desktop session",
        );
    }
    if let Some(file) = &desktop.unreadable_authority {
        return Check::warn(
            "display",
            format!("the file of XAUTHORITY cannot be read: {}", file.display()),
            "run `unset XAUTHORITY`, or log in to the desktop again",
        );
    }
    Check::ok("display", desktop.displays.join(" and "))
}

/// Warns of variables that make a runner write all variables out, the game's secrets among them.
fn variables(context: &Context, targets: &[LoginTarget]) -> Check {
    let configured = |name: &str| {
        let mut accounts = context.configuration.accounts.iter();
        targets
            .iter()
            .any(|target| target.options.env.contains_key(name))
            || accounts.any(|account| account.options.env.contains_key(name))
    };
    let set: Vec<_> = REVEALING
        .into_iter()
        .filter(|name| is_set(name) || configured(name))
        .collect();
    if set.is_empty() {
        return Check::ok("variables", "none makes a runner write secrets out");
    }
    let names = set.join(", ");
    Check::warn(
        "variables",
        format!("{names}: a runner writes the game's secrets out, into the file of --log"),
        format!(
            "run `unset {}`, and remove them from `env` in the configuration",
            set.join(" ")
        ),
    )
}
