#![no_main]

#[path = "../src/bzip2_blocks.rs"]
mod bzip2_blocks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bzip2_blocks::run(data));
