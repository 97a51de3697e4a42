#![no_main]

#[path = "../src/login_answers.rs"]
mod login_answers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| login_answers::run(data));
