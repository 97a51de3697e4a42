//! Other processes: finding and starting games, hooks, shell commands, programs that ask in windows, the editor, manual pages;
//! and shortcuts. No other module starts a process.

pub mod command;
pub mod desktop;
pub mod editor;
pub mod find;
pub mod folder_access;
pub mod game_command;
pub mod game_process;
pub mod game_processes;
pub mod hook;
mod labelled_lines;
pub mod manual_page;
pub mod notification;
pub mod output;
pub mod process_identity;
pub mod program_build;
pub mod prompt_program;
pub mod runner;
pub mod search_paths;
pub mod shell;
pub mod shortcut;
pub mod variable_format;
