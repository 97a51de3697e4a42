//! Applying any patch does not panic and makes a file of the declared size within the limit, or fails.
//!
//! If the first byte is `0`, the rest is a patch. Otherwise the rest is three numbers of two bytes and the three parts of a
//! patch, which this target compresses.

use std::io::{Cursor, Write};

use bzip2::Compression;
use bzip2::write::BzEncoder;
use playcookie::update::bsdiff::apply;

const OLD: &[u8] = b"what a game had before, and what a patch adds to";
const MOST: u64 = 1 << 16;

pub(crate) fn run(data: &[u8]) {
    let Some((kind, body)) = data.split_first() else {
        return;
    };
    let patch = if *kind == b'0' {
        body.to_vec()
    } else {
        let Some(patch) = packed(body) else { return };
        patch
    };
    let mut new = Vec::new();
    let outcome = apply(&mut Cursor::new(OLD), &patch, &mut new, MOST);
    assert!(new.len() as u64 <= MOST, "more than it may make");
    if outcome.is_ok() {
        let said = patch[24..32].try_into().expect("eight bytes");
        let size = new.len() as u64;
        assert_eq!(u64::from_le_bytes(said), size, "another size than it says");
    }
}

/// Makes a patch from two lengths, the declared size and the bytes of its parts.
fn packed(body: &[u8]) -> Option<Vec<u8>> {
    let (lengths, rest) = body.split_at_checked(6)?;
    let [control, difference, size] =
        [0, 2, 4].map(|at| usize::from(u16::from_le_bytes([lengths[at], lengths[at + 1]])));
    let (control, rest) = rest.split_at_checked(control % 512)?;
    let (difference, extra) = rest.split_at_checked(difference % 1024)?;
    let pack = |bytes: &[u8]| {
        let mut packer = BzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(bytes).ok()?;
        packer.finish().ok()
    };
    let (control, difference, extra) = (pack(control)?, pack(difference)?, pack(extra)?);
    let mut patch = b"BSDIFF40".to_vec();
    for number in [control.len(), difference.len(), size] {
        patch.extend((number as u64).to_le_bytes());
    }
    Some([patch, control, difference, extra].concat())
}
