//! What every test of the binary needs: a home, a way to run it, servers to run it against, and a game to start.

#[cfg(unix)]
pub(crate) mod accounts;
pub(crate) mod configuration;
pub(crate) mod conversation;
#[cfg(unix)]
pub(crate) mod engine;
pub(crate) mod failed;
pub(crate) mod games;
#[cfg(unix)]
pub(crate) mod installation;
#[cfg(unix)]
pub(crate) mod mirror;
pub(crate) mod pages;
pub(crate) mod patience;
pub(crate) mod program;
#[cfg(unix)]
pub(crate) mod pty;
#[cfg(unix)]
pub(crate) mod publisher;
pub(crate) mod scripted;
#[cfg(unix)]
pub(crate) mod serving;
#[cfg(target_os = "linux")]
pub(crate) mod session;
pub(crate) mod source;
#[cfg(unix)]
pub(crate) mod stage;
pub(crate) mod stand_in;
#[cfg(target_os = "linux")]
pub(crate) mod store;
pub(crate) mod tls;
#[cfg(unix)]
pub(crate) mod tools;
pub(crate) mod ttr;

pub(crate) use conversation::Conversation;
#[cfg(unix)]
pub(crate) use engine::Engine;
pub(crate) use pages::Pages;
pub(crate) use patience::until;
#[cfg(unix)]
pub(crate) use program::Signalled;
pub(crate) use program::{Ended, Home, Program};
#[cfg(unix)]
pub(crate) use pty::{CTRL_C, CTRL_D, Prompt, Pty};
pub(crate) use scripted::{Reaction, Refusing, Scripted};
pub(crate) use stand_in::StandInServer;
#[cfg(unix)]
pub(crate) use tools::is_installed;
