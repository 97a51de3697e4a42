//! Tests of the binary with real sockets, real terminals and a real secret store.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]
#![cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, unused_imports, reason = "some tests are for Linux only")
)]

mod harness;

mod accounts;
#[cfg(target_os = "linux")]
mod authenticator;
mod broken_connections;
mod closed_stdout;
mod codes;
mod completion;
mod config;
#[cfg(unix)]
mod configured_options;
mod connections;
#[cfg(target_os = "linux")]
mod core_dumps;
#[cfg(target_os = "linux")]
mod credential_store;
#[cfg(unix)]
mod detached_games;
mod districts;
#[cfg(target_os = "linux")]
mod doctor;
#[cfg(unix)]
mod dry_run;
mod exec;
mod exit_statuses;
#[cfg(target_os = "linux")]
mod find_game;
mod full_disk;
mod fuzz_seeds;
mod game_exit_status;
#[cfg(unix)]
mod graphical_prompts;
mod hints;
#[cfg(unix)]
mod hooks;
mod invalid_responses;
mod layering;
mod lenient_parsing;
mod login_formats;
mod manual;
#[cfg(unix)]
mod no_game_started;
#[cfg(target_os = "linux")]
mod no_secret_on_disk;
#[cfg(unix)]
mod notify;
mod passwords;
#[cfg(unix)]
mod prompts;
#[cfg(unix)]
mod queue_display;
mod rehearse;
mod rehearse_districts;
#[cfg(unix)]
mod rehearse_updates;
#[cfg(target_os = "linux")]
mod remembered_accounts;
mod requests;
#[cfg(target_os = "linux")]
mod runners;
#[cfg(unix)]
mod running_game;
#[cfg(target_os = "linux")]
mod running_games;
mod scid;
#[cfg(unix)]
mod several_accounts;
#[cfg(windows)]
#[path = "shortcuts/shell_links.rs"]
mod shell_links;
#[cfg(target_os = "linux")]
mod shortcuts;
#[cfg(unix)]
mod signals_before_start;
mod stand_in_downloads;
#[cfg(unix)]
mod start_game;
mod status;
#[cfg(unix)]
mod streams;
mod successful_logins;
mod tlopo;
mod tls;
mod ttcc;
mod ttr_public_data;
#[cfg(target_os = "linux")]
mod two_factor_secrets;
#[cfg(unix)]
mod unanswered_prompts;
mod untrusted_text;
#[cfg(unix)]
mod update;
#[cfg(target_os = "linux")]
mod update_before_play;
mod usage;
mod usernames;
mod waiting;
#[cfg(unix)]
mod wine;
