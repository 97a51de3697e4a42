#![no_main]

#[path = "../src/content_ranges.rs"]
mod content_ranges;

libfuzzer_sys::fuzz_target!(|data: &[u8]| content_ranges::run(data));
