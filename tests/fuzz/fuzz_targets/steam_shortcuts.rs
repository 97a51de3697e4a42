#![no_main]

#[path = "../src/steam_shortcuts.rs"]
mod steam_shortcuts;

libfuzzer_sys::fuzz_target!(|data: &[u8]| steam_shortcuts::run(data));
