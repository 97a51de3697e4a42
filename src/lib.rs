//! playcookie: one launcher for the accounts of four games.
//!
//! ```text
//!   main ── cli (what can be typed) ── commands (one file each: arguments → calls → output)
//!                                         │
//!   application     session/   auth/   districts/   status/   doctor/   update/game/   scid/
//!                                         │
//!   adapters        http/  terminal/  launch/  credentials/  config/  state  update/
//!                                         │
//!   protocol        games/{ttr,ttcc,tlopo,scid}   protocol/ (contract and driver)   manifest/   totp/
//!                                         │
//!   base/           clock, random, secret, sanitize, redactor, lenient, timestamp, blocking, signals, failure
//! ```
//!
//! Dependencies point down only; `tests/it/layering.rs` enforces that.
//!
//! | module | holds |
//! |---|---|
//! | [`cli`] | the command line as clap types |
//! | [`commands`] | one file per command; dispatches, and prints the one error |
//! | `context` | the surroundings of a run: terminal, configuration, secret store, state directory, endpoints |
//! | `run_error` | how a run ends early: a failure with its subject, or a signal |
//! | `endpoint` | where a service's requests go, and the HTTP client |
//! | `failures` | the sentence and the hint of every login and update error; a game's own sentences for its codes are in `games/NAME` |
//! | [`session`] | playing: from a list of accounts to the exit status of their games |
//! | [`auth`] | one login: account, password, codes, remembering, revocation, throttling |
//! | [`districts`], [`status`] | public data: fetching, watching, tables |
//! | `doctor` | what is installed and what is missing: checks as values, and the report for a bug report |
//! | [`scid`] | what is peculiar to Supercell ID |
//! | [`update`] | the update engine; `update::game` joins it to a game |
//! | [`launch`] | finding the game (its usual directories are in `games/NAME`), runners, the command as a value, processes, hooks |
//! | [`credentials`], [`config`], [`state`] | the secret store, `config.toml`, the state directory |
//! | [`http`], [`terminal`] | the HTTP client; standard input, output and error |
//! | [`protocol`] | the contract of a login, and the loop that drives it |
//! | [`games`], [`manifest`], [`totp`] | each game's facts (origins, intervals, directories), protocol, public data and manifests; manifests; one-time codes |
//! | [`base`] | utilities |
//! | [`stand_in`] | the built-in servers and game of `rehearse`, also used by tests |
//!
//! Where to change what is in the first table of `.github/CONTRIBUTING.md`.

#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used,
        reason = "a test that cannot go on has failed"
    )
)]

pub mod auth;
pub mod base;
pub mod cli;
pub mod commands;
pub mod config;
pub(crate) mod context;
pub mod credentials;
pub mod districts;
pub(crate) mod doctor;
pub mod endpoint;
pub(crate) mod failures;
pub mod games;
pub mod http;
pub mod launch;
pub mod manifest;
pub mod protocol;
pub(crate) mod run_error;
pub mod scid;
pub mod session;
pub mod stand_in;
pub mod state;
pub mod status;
pub mod terminal;
pub mod totp;
pub mod update;
