//! Brings a game's files up to date: what a manifest promises is compared with what is there, and what is missing is
//! fetched, verified and put in its place.
//!
//! ```text
//!   manifest ─▶ check ─▶ fetch ─▶ unpack ─▶ folder
//!               what is  one at   one       the game's directory, and nothing
//!               missing  a worker thread    outside of it
//! ```
//!
//! A file is whole or not there: it is written under another name, synced, verified and renamed.

pub mod patch;
