#![no_main]

#[path = "../src/prompt_replies.rs"]
mod prompt_replies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| prompt_replies::run(data));
