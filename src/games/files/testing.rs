//! Names and assertions for the tests of the games' manifests.

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use proptest::sample::select;

use crate::manifest::{Manifest, NameRules, Source};

/// The rules of Linux.
pub(crate) const LINUX: NameRules = NameRules {
    ignores_case: false,
    has_devices: false,
};
/// The rules of Windows.
pub(crate) const WINDOWS: NameRules = NameRules {
    ignores_case: true,
    has_devices: true,
};

/// Names that are refused on every system.
pub(crate) const UNSAFE_NAMES: [&str; 16] = [
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

/// Generates names from components and separators, safe and unsafe ones.
pub(crate) fn names() -> impl Strategy<Value = String> {
    let components = select(vec![
        "a", "b.mf", "..", ".", "", "%2e%2e", "%252e", "%2f", "%5c", "%00", "%0a", "%ff", "%",
        "C:", "\\", "..\\..", "nul", "x ", "ü", "\u{202e}", "\0", "?", "#", "Contents", "MacOS",
        "@", "a b",
    ]);
    let separators = select(vec!["/", "\\", "", "//", "%2f"]);
    prop::collection::vec((components, separators), 1..5).prop_map(|parts| {
        parts
            .into_iter()
            .fold(String::new(), |name, (component, separator)| {
                format!("{name}{component}{separator}")
            })
    })
}

/// Asserts that every name stays below the game's directory, and every path below the mirror's base.
pub(crate) fn assert_contained(manifest: &Manifest) {
    assert!(!manifest.files.is_empty());
    for file in &manifest.files {
        file.name.components().for_each(assert_plain);
        assert_below(&file.packed.source);
        for patch in file.patches.values() {
            assert_below(&patch.packed.source);
        }
    }
}

fn assert_below(source: &Source) {
    let is_escaped = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/".contains(&byte);
    assert!(source.path.bytes().all(is_escaped), "{source:?}");
    for component in source.path.split('/') {
        let component = percent_decode_str(component).decode_utf8().expect("UTF-8");
        assert_plain(&component);
        assert!(!component.contains('/'), "{source:?}");
    }
    if let Some(key) = &source.key {
        assert!(key.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
    }
}

fn assert_plain(component: &str) {
    assert!(!matches!(component, "" | "." | ".."), "{component:?}");
    assert!(!component.contains(['\\', ':']), "{component:?}");
    assert!(!component.contains(char::is_control), "{component:?}");
}
