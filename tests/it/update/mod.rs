//! `update`, through every fault that a server, a disk or a player can bring: each ends in whole files, the right status,
//! and nothing left behind.

mod broken_connections;
mod concurrent_runs;
#[cfg(target_os = "linux")]
mod disk_space;
mod hash_cache;
mod hostile_lists;
mod install;
mod interrupted;
mod killed;
mod links;
mod mirrors;
mod output;
mod patches;
mod server_errors;

use crate::harness::publisher::{Publisher, noise};

/// A game of four files in two folders: one that a person starts, one that packs well, one that does not.
fn game() -> Publisher {
    Publisher::of(&[
        ("TTREngine", b"#!/bin/sh\n"),
        ("resources/default/phase_3.mf", &noise(3, 60_000)),
        ("resources/phase 4+ü.mf", &b"four ".repeat(9_000)),
        ("winter_snow.mf", &noise(5, 30_000)),
    ])
}

/// A game of one file that does not pack.
fn one(length: usize) -> Publisher {
    Publisher::of(&[("a.mf", &noise(1, length))])
}
