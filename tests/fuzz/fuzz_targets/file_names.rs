#![no_main]

#[path = "../src/file_names.rs"]
mod file_names;

libfuzzer_sys::fuzz_target!(|data: &[u8]| file_names::run(data));
