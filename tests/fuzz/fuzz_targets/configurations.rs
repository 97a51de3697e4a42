#![no_main]

#[path = "../src/configurations.rs"]
mod configurations;

libfuzzer_sys::fuzz_target!(|data: &[u8]| configurations::run(data));
