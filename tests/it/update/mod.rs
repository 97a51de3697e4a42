//! `update` with faults of servers, disks and users. Each run leaves complete files and no temporary ones.

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
mod uninstall;

use crate::harness::publisher::{Publisher, noise};

/// Publishes a game of four files in two folders, with a program, a compressible and an incompressible file.
fn game() -> Publisher {
    Publisher::of(&[
        ("TTREngine", b"#!/bin/sh\n"),
        ("resources/default/phase_3.mf", &noise(3, 60_000)),
        ("resources/phase 4+ü.mf", &b"four ".repeat(9_000)),
        ("winter_snow.mf", &noise(5, 30_000)),
    ])
}

/// Publishes a game of one incompressible file.
fn one(length: usize) -> Publisher {
    Publisher::of(&[("a.mf", &noise(1, length))])
}
