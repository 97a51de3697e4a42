//! The test harness: homes, runs of the program, servers and stand-in games.

pub(crate) mod accounts;
pub(crate) mod configuration;
#[cfg(unix)]
pub(crate) mod engine;
pub(crate) mod failures;
#[cfg(unix)]
pub(crate) mod fixture;
pub(crate) mod games;
#[cfg(unix)]
pub(crate) mod installation;
pub(crate) mod interactive;
#[cfg(unix)]
pub(crate) mod mirror;
pub(crate) mod pages;
pub(crate) mod program;
#[cfg(unix)]
pub(crate) mod pty;
#[cfg(unix)]
pub(crate) mod publisher;
#[cfg(unix)]
pub(crate) mod response;
pub(crate) mod scripted;
#[cfg(target_os = "linux")]
pub(crate) mod session;
pub(crate) mod source;
pub(crate) mod stand_in;
#[cfg(target_os = "linux")]
pub(crate) mod store;
pub(crate) mod tls;
#[cfg(unix)]
pub(crate) mod tools;
pub(crate) mod ttr;
pub(crate) mod wait;
#[cfg(unix)]
pub(crate) mod yaml_bomb;

#[cfg(unix)]
pub(crate) use engine::Engine;
pub(crate) use interactive::InteractiveRun;
pub(crate) use pages::Pages;
#[cfg(unix)]
pub(crate) use program::SendSignal;
pub(crate) use program::{Home, Program, RunOutput};
#[cfg(unix)]
pub(crate) use pty::{CTRL_C, CTRL_D, Prompt, Pty};
pub(crate) use scripted::{ClosedPort, Reaction, Scripted};
pub(crate) use stand_in::StandInServer;
#[cfg(unix)]
pub(crate) use tools::is_installed;
pub(crate) use wait::wait_until;
#[cfg(unix)]
pub(crate) use yaml_bomb::yaml_bomb;
