//! Parses arbitrary manifests and lists of mirrors: nothing panics, and all names and paths stay contained.
//!
//! The first byte of an input selects the parser.

use percent_encoding::percent_decode_str;
use playcookie::games::{Build, System, tlopo, ttcc, ttr};
use playcookie::manifest::{Error, Manifest, MirrorAddress, NameRules, Source};
use playcookie::protocol::Reply;

const LINUX: NameRules = NameRules {
    ignores_case: false,
    has_devices: false,
};
const WINDOWS: NameRules = NameRules {
    ignores_case: true,
    has_devices: true,
};

pub(crate) fn run(data: &[u8]) {
    let Some((kind, body)) = data.split_first() else {
        return;
    };
    let systems = [
        (System::Linux, LINUX),
        (System::MacOs, WINDOWS),
        (System::Windows, WINDOWS),
    ];
    for (system, rules) in systems {
        match kind {
            b'0' => assert_contained(ttr::files::manifest(body, system, rules)),
            b'1' => assert_contained(tlopo::files::manifest(body, Build::of(system), rules)),
            b'2' => assert_contained(two_manifests(body, system, rules)),
            _ => {}
        }
    }
    match kind {
        b'3' => assert_protected(ttr::files::mirrors(&Reply::new(200, body)).unwrap_or_default()),
        b'4' => assert_protected(ttcc::files::mirrors(&Reply::new(200, body)).unwrap_or_default()),
        b'5' => assert_below_content(&String::from_utf8_lossy(body)),
        _ => {}
    }
}

/// Parses two manifests with a zero byte between them.
fn two_manifests(body: &[u8], system: System, rules: NameRules) -> Result<Manifest, Error> {
    let mut bodies = body.splitn(2, |byte| *byte == 0);
    let parts = ttcc::files::ManifestPart::all(system)
        .map(|part| (part, bodies.next().unwrap_or_default()));
    ttcc::files::manifest(&parts, system, rules)
}

fn assert_contained(manifest: Result<Manifest, Error>) {
    let Ok(manifest) = manifest else { return };
    for file in &manifest.files {
        file.name.components().for_each(assert_plain);
        assert_below(&file.packed.source);
        file.patches
            .values()
            .for_each(|patch| assert_below(&patch.packed.source));
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
    let key = source.key.iter();
    assert!(
        key.flat_map(|key| key.bytes())
            .all(|byte| byte.is_ascii_hexdigit())
    );
}

fn assert_plain(component: &str) {
    assert!(!matches!(component, "" | "." | ".."), "{component:?}");
    assert!(!component.contains(['\\', ':']), "{component:?}");
    assert!(!component.contains(char::is_control), "{component:?}");
}

fn assert_protected(mirrors: Vec<MirrorAddress>) {
    for MirrorAddress { base_url, .. } in mirrors {
        let base = base_url.to_string();
        let is_invalid = |byte: u8| !byte.is_ascii_graphic() || b"?#\\".contains(&byte);
        assert!(
            !base.ends_with('/') && !base.bytes().any(is_invalid),
            "{base}"
        );
        let is_local = ["127.", "localhost", "[::1]"].iter().any(|host| {
            base.strip_prefix("http://")
                .is_some_and(|rest| rest.starts_with(host))
        });
        assert!(base.starts_with("https://") || is_local, "{base}");
    }
}

fn assert_below_content(named: &str) {
    let Ok(path) = ttr::files::manifest_path(named) else {
        return;
    };
    let file = path.strip_prefix("/content/").expect("below /content/");
    file.split('/').for_each(assert_plain);
    let stem = path.strip_suffix(".txt").expect("a list");
    assert!(!stem.contains(['%', '?', '#', '@']), "{path}");
}
