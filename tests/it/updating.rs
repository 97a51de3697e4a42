//! `update` with faults of servers, disks and directories: every file stays complete, the status is right, and no leftovers
//! remain.

mod broken_connections;
mod cache;
mod concurrent_runs;
#[cfg(target_os = "linux")]
mod disk_space;
mod hostile_manifests;
mod installing;
mod interrupted;
mod killed;
mod links;
mod mirrors;
mod patches;
mod progress;
mod server_errors;

use crate::harness::publisher::{Publisher, noise};

/// A game of four files in three folders: a program, a compressible file and two incompressible ones.
fn game() -> Publisher {
    Publisher::of(&[
        ("TTREngine", b"#!/bin/sh\n"),
        ("resources/default/phase_3.mf", &noise(3, 60_000)),
        ("resources/phase 4+ü.mf", &b"four ".repeat(9_000)),
        ("winter_snow.mf", &noise(5, 30_000)),
    ])
}

/// A game of one incompressible file.
fn one(length: usize) -> Publisher {
    Publisher::of(&[("a.mf", &noise(1, length))])
}
