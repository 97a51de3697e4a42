//! Whatever a server sends as a list of files or of mirrors: nothing panics, and no name or path leads elsewhere.
//!
//! ```text
//! cargo install cargo-fuzz
//! cd tests/fuzz && mkdir -p corpus/manifests
//! RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir . manifests corpus/manifests seeds/manifests -- \
//!     -max_total_time=60 -max_len=4096 -dict=manifests.dict
//! ```
//!
//! With `cargo +nightly` in place of `RUSTC_BOOTSTRAP=1 cargo` where there is one. What is found is kept in `corpus`, what
//! goes wrong in `artifacts`; `seeds` are the samples of the protocols' pages.
//!
//! The first byte says what the others are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use playcookie::games::{System, tlopo, ttcc, ttr};
use playcookie::protocol::Reply;
use playcookie::manifest::{Error, Manifest, MirrorAddress, Rules, Source};

const PLAIN: Rules = Rules {
    ignores_case: false,
    has_devices: false,
};
const STRICT: Rules = Rules {
    ignores_case: true,
    has_devices: true,
};

fuzz_target!(|data: &[u8]| {
    let Some((kind, body)) = data.split_first() else {
        return;
    };
    let systems = [
        (System::Linux, PLAIN),
        (System::MacOs, STRICT),
        (System::Windows, STRICT),
    ];
    for (system, rules) in systems {
        match kind {
            b'0' => inside(ttr::files::manifest(body, system, rules)),
            b'1' => inside(tlopo::files::manifest(body, system, rules)),
            b'2' => inside(of_two_lists(body, system, rules)),
            _ => {}
        }
    }
    match kind {
        b'3' => guarded(ttr::files::mirrors(&Reply::new(200, body)).unwrap_or_default()),
        b'4' => guarded(ttcc::files::mirrors(&Reply::new(200, body)).unwrap_or_default()),
        b'5' => below_content(&String::from_utf8_lossy(body)),
        _ => {}
    }
});

/// The two lists with a zero byte between them.
fn of_two_lists(body: &[u8], system: System, rules: Rules) -> Result<Manifest, Error> {
    let mut lists = body.splitn(2, |byte| *byte == 0);
    let bodies =
        ttcc::files::Part::all(system).map(|part| (part, lists.next().unwrap_or_default()));
    ttcc::files::manifest(&bodies, system, rules)
}

fn inside(manifest: Result<Manifest, Error>) {
    let Ok(manifest) = manifest else { return };
    for file in &manifest.files {
        file.name.parts().for_each(plain);
        below(&file.packed.source);
        file.patches
            .values()
            .for_each(|patch| below(&patch.packed.source));
    }
}

fn below(source: &Source) {
    let is_escaped = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/".contains(&byte);
    assert!(source.path.bytes().all(is_escaped), "{source:?}");
    for part in source.path.split('/') {
        let part = percent_decode_str(part).decode_utf8().expect("UTF-8");
        plain(&part);
        assert!(!part.contains('/'), "{source:?}");
    }
    let key = source.key.iter();
    assert!(
        key.flat_map(|key| key.bytes())
            .all(|byte| byte.is_ascii_hexdigit())
    );
}

fn plain(part: &str) {
    assert!(!matches!(part, "" | "." | ".."), "{part:?}");
    assert!(!part.contains(['\\', ':']), "{part:?}");
    assert!(!part.contains(char::is_control), "{part:?}");
}

fn guarded(mirrors: Vec<MirrorAddress>) {
    for MirrorAddress { base, .. } in mirrors {
        let odd = |byte: u8| !byte.is_ascii_graphic() || b"?#\\".contains(&byte);
        assert!(base.ends_with('/') && !base.bytes().any(odd), "{base}");
        let is_here = ["127.", "localhost", "[::1]"].iter().any(|host| {
            base.strip_prefix("http://")
                .is_some_and(|rest| rest.starts_with(host))
        });
        assert!(base.starts_with("https://") || is_here, "{base}");
    }
}

fn below_content(named: &str) {
    let Ok(path) = ttr::files::manifest_path(named) else {
        return;
    };
    let file = path.strip_prefix("/content/").expect("below /content/");
    file.split('/').for_each(plain);
    assert!(
        path.ends_with(".txt") && !path.contains(['%', '?', '#', '@']),
        "{path}"
    );
}
