#![no_main]

#[path = "../src/redactor.rs"]
mod redactor;

libfuzzer_sys::fuzz_target!(|data: &[u8]| redactor::run(data));
