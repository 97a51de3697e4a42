//! The program as its users meet it: the real binary, against real sockets and a real terminal.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod harness;

mod floors;
mod going_well;
mod tlopo;
mod ttcc;
