//! playcookie: one launcher for the accounts of four games.
//!
//! ```text
//!            main ── cli ── run                                                what was typed, wired together
//!                        ╱   │
//!                  drive   rehearsal                                           log in; try it without an account
//!                 ╱     ╲
//!            login      http · terminal · launch · vault · accounts · state    the doors to the world
//!              │
//!   game/{ttr,ttcc,tlopo,scid}                                                 pure: replies in, steps out
//! ```

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
pub mod endpoint;
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
