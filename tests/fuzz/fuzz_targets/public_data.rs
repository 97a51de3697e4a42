#![no_main]

#[path = "../src/public_data.rs"]
mod public_data;

libfuzzer_sys::fuzz_target!(|data: &[u8]| public_data::run(data));
