//! The fuzz targets accept their seeds.

#[path = "../fuzz/src/bzip2_blocks.rs"]
mod bzip2_blocks;
#[path = "../fuzz/src/code_secrets.rs"]
mod code_secrets;
#[path = "../fuzz/src/configurations.rs"]
mod configurations;
#[path = "../fuzz/src/content_ranges.rs"]
mod content_ranges;
#[path = "../fuzz/src/file_names.rs"]
mod file_names;
#[path = "../fuzz/src/login_answers.rs"]
mod login_answers;
#[path = "../fuzz/src/manifests.rs"]
mod manifests;
#[path = "../fuzz/src/patches.rs"]
mod patches;
#[path = "../fuzz/src/prompt_replies.rs"]
mod prompt_replies;
#[path = "../fuzz/src/public_data.rs"]
mod public_data;
#[path = "../fuzz/src/redactor.rs"]
mod redactor;
#[path = "../fuzz/src/steam_shortcuts.rs"]
mod steam_shortcuts;
#[path = "../fuzz/src/tokens.rs"]
mod tokens;

use std::fs;
use std::path::Path;

type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 13] = [
    ("bzip2_blocks", bzip2_blocks::run),
    ("code_secrets", code_secrets::run),
    ("configurations", configurations::run),
    ("content_ranges", content_ranges::run),
    ("file_names", file_names::run),
    ("login_answers", login_answers::run),
    ("manifests", manifests::run),
    ("patches", patches::run),
    ("prompt_replies", prompt_replies::run),
    ("public_data", public_data::run),
    ("redactor", redactor::run),
    ("steam_shortcuts", steam_shortcuts::run),
    ("tokens", tokens::run),
];

/// Runs each target with its seeds, and with the seeds cut at any byte.
#[test]
fn every_fuzz_target_accepts_its_seeds() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds");
    for (name, run) in TARGETS {
        for entry in fs::read_dir(seeds.join(name)).expect("seeds") {
            let seed = fs::read(entry.expect("an entry").path()).expect("a seed");
            (0..=seed.len()).for_each(|length| run(&seed[..length]));
        }
    }
}
