//! Any name of a file or address of a mirror is refused or stays below the game's directory and server.

use playcookie::manifest::{FileName, MirrorAddress, NameRules, Source};

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for is_windows in [false, true] {
        let rules = NameRules {
            ignores_case: is_windows,
            has_devices: is_windows,
        };
        let Ok(name) = FileName::new(text, rules) else {
            continue;
        };
        name.components().for_each(assert_plain);
        assert!(!name.escaped().contains(char::is_control), "{text:?}");
        assert_path(&Source::new("content", &name, ".bz2").path);
    }
    if let Ok(source) = Source::from_encoded(text) {
        assert_path(&source.path);
    }
    if let Some(mirror) = MirrorAddress::parse(text, false) {
        let base = mirror.base_url.to_string();
        assert!(base.starts_with("http"), "{base:?}");
        assert!(!base.contains(['?', '#', '\\']), "{base:?}");
        let server = base.split('/').nth(2).expect("a server");
        assert!(!server.contains('@'), "{base:?}");
    }
}

fn assert_plain(component: &str) {
    assert!(!matches!(component, "" | "." | ".."), "{component:?}");
    assert!(!component.contains(['/', '\\', ':']), "{component:?}");
    assert!(!component.contains(char::is_control), "{component:?}");
}

fn assert_path(path: &str) {
    for component in path.split('/') {
        let component = percent_encoding::percent_decode_str(component);
        assert_plain(&component.decode_utf8().expect("UTF-8"));
    }
}
