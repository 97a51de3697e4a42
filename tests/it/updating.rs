//! `update`, through every fault that a server, a disk or a player can bring: each ends in whole files, the right status,
//! and nothing left behind.

mod breaks;
mod hostile;
mod installing;
mod interrupted;
mod killed;
mod links;
mod mirrors;
mod patches;
mod refused;
mod remembered;
#[cfg(target_os = "linux")]
mod room;
mod telling;
mod together;

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
