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

pub mod accounts;
pub mod api;
pub mod aside;
pub mod cli;
pub mod clock;
pub mod district;
pub mod drive;
pub mod event;
pub mod exit;
pub mod files;
pub mod game;
pub mod guard;
pub mod http;
pub mod launch;
pub mod login;
pub mod loose;
pub mod manifest;
pub mod mask;
pub mod moment;
pub mod pace;
pub mod random;
pub mod rehearsal;
pub mod run;
pub mod sanitize;
pub mod secret;
pub mod signals;
pub mod state;
pub mod status;
pub mod steps;
pub mod terminal;
pub mod totp;
pub mod update;
pub mod vault;
pub mod words;
