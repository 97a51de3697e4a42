//! Other processes: finding and starting games, hooks, shell commands, the editor, shortcuts. No other module starts a process.

pub mod command;
pub mod editor;
pub mod find;
pub mod game_process;
pub mod game_processes;
pub mod hook;
pub mod notification;
pub mod output;
pub mod process_identity;
pub mod search_paths;
pub mod shell;
pub mod shortcut;
pub mod variable_format;
