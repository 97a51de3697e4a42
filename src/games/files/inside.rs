//! Where everything in a manifest has to stay, for the games' tests.

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use proptest::sample::select;

use crate::manifest::{Manifest, NameRules, Source};

/// Linux.
pub(crate) const PLAIN: NameRules = NameRules {
    ignores_case: false,
    has_devices: false,
};
/// Windows.
pub(crate) const STRICT: NameRules = NameRules {
    ignores_case: true,
    has_devices: true,
};

/// Names that no list may have, on any system.
pub(crate) const HOSTILE: [&str; 16] = [
    "../x",
    "a/../../x",
    "a/..",
    "./x",
    "/etc/passwd",
    "//server/share",
    "C:/x",
    "C:x",
    "a:stream",
    "a//b",
    "a/",
    "a\u{0}b",
    "a\nb",
    "a\u{202e}b",
    ".x.0123456.part",
    ".x.0123456.new",
];

/// Names of all kinds, put together from what leads elsewhere and what does not.
pub(crate) fn names() -> impl Strategy<Value = String> {
    let parts = select(vec![
        "a", "b.mf", "..", ".", "", "%2e%2e", "%252e", "%2f", "%5c", "%00", "%0a", "%ff", "%",
        "C:", "\\", "..\\..", "nul", "x ", "ü", "\u{202e}", "\0", "?", "#", "Contents", "MacOS",
        "@", "a b",
    ]);
    let between = select(vec!["/", "\\", "", "//", "%2f"]);
    prop::collection::vec((parts, between), 1..5).prop_map(|parts| {
        parts.into_iter().fold(String::new(), |name, (part, next)| {
            format!("{name}{part}{next}")
        })
    })
}

/// Fails when a name or a path of the manifest leads anywhere but below the game's directory and the mirror.
pub(crate) fn assert_inside(manifest: &Manifest) {
    assert!(!manifest.files.is_empty());
    for file in &manifest.files {
        for part in file.name.components() {
            assert_plain(part);
        }
        assert_below(&file.packed.source);
        for patch in file.patches.values() {
            assert_below(&patch.packed.source);
        }
    }
}

fn assert_below(source: &Source) {
    let is_escaped = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/".contains(&byte);
    assert!(source.path.bytes().all(is_escaped), "{source:?}");
    for part in source.path.split('/') {
        let part = percent_decode_str(part).decode_utf8().expect("UTF-8");
        assert_plain(&part);
        assert!(!part.contains('/'), "{source:?}");
    }
    if let Some(key) = &source.key {
        assert!(key.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
    }
}

fn assert_plain(part: &str) {
    assert!(!matches!(part, "" | "." | ".."), "{part:?}");
    assert!(!part.contains(['\\', ':']), "{part:?}");
    assert!(!part.contains(char::is_control), "{part:?}");
}
