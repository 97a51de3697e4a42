#![no_main]

#[path = "../src/manifests.rs"]
mod manifests;

libfuzzer_sys::fuzz_target!(|data: &[u8]| manifests::run(data));
