//! This program's directories, by the conventions of the system.

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};

/// Returns the directories of this program; none without a home directory.
pub fn app_directories() -> Option<impl AppStrategy> {
    let arguments = AppStrategyArgs {
        app_name: "playcookie".to_owned(),
        ..AppStrategyArgs::default()
    };
    choose_app_strategy(arguments).ok()
}
