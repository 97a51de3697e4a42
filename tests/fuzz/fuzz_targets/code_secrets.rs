#![no_main]

#[path = "../src/code_secrets.rs"]
mod code_secrets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| code_secrets::run(data));
