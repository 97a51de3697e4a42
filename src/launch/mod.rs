//! From "where is the game" to "it ended with this status": the only door to other processes.

pub mod command;
pub mod editor;
pub mod find;
pub mod hook;
pub mod notice;
pub mod output;
pub mod places;
pub mod several;
pub mod shell;
pub mod start;
pub mod variables;
