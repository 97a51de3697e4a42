//! The program as its users meet it: the real binary, against real sockets and a real terminal.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod harness;

mod accounts;
#[cfg(target_os = "linux")]
mod authenticator;
mod bad_answers;
mod bad_words;
mod broken_answers;
#[cfg(target_os = "linux")]
mod code_secrets;
mod codes;
mod config;
#[cfg(unix)]
mod configured;
#[cfg(unix)]
mod credential_backend;
mod detaching;
mod districts;
#[cfg(target_os = "linux")]
mod dumping;
mod exec;
#[cfg(target_os = "linux")]
mod finding;
mod floors;
mod formats;
mod full_disk;
mod game_status;
mod going_well;
mod gone_reader;
#[cfg(unix)]
mod hooks;
mod loose_answers;
mod manual;
mod names;
#[cfg(target_os = "linux")]
mod no_secret_kept;
#[cfg(unix)]
mod nothing_started;
mod outcomes;
mod passwords;
#[cfg(unix)]
mod planning;
#[cfg(unix)]
mod playing;
#[cfg(unix)]
mod prompts;
mod publishing;
mod rehearsing;
mod rehearsing_districts;
#[cfg(unix)]
mod rehearsing_updates;
#[cfg(target_os = "linux")]
mod remembering;
mod requests;
mod scid;
#[cfg(unix)]
mod screen;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod starting;
mod status;
#[cfg(unix)]
mod streams;
mod tlopo;
mod tls;
#[cfg(unix)]
mod together;
mod ttcc;
mod ttr_data;
#[cfg(unix)]
mod unanswered;
#[cfg(unix)]
mod updating;
#[cfg(target_os = "linux")]
mod updating_first;
mod usage;
#[cfg(target_os = "linux")]
mod waiting;
#[cfg(unix)]
mod wine;
