use std::io::Cursor;

use proptest::prelude::*;
use qbsdiff::{Bsdiff, ParallelScheme};

use super::*;

const MAX: u64 = 1 << 20;

/// Creates a patch with the crate qbsdiff.
fn diff(old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut patch = Vec::new();
    let diff = Bsdiff::new(old, new).parallel_scheme(ParallelScheme::Never);
    diff.compare(Cursor::new(&mut patch)).expect("a patch");
    patch
}

fn applied(old: &[u8], patch: &[u8]) -> Result<Vec<u8>, PatchError> {
    let mut new = Vec::new();
    apply(&mut Cursor::new(old), patch, &mut new, MAX).map(|()| new)
}

/// Creates a patch from its parts, for a new content of `size` bytes.
fn patch(triples: &[[i64; 3]], difference: &[u8], extra: &[u8], size: i64) -> Vec<u8> {
    let bytes = |number: i64| {
        let sign = u64::from(number < 0) << 63;
        (number.unsigned_abs() | sign).to_le_bytes()
    };
    let pack = |bytes: &[u8]| {
        let mut packer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        packer.write_all(bytes).expect("packed");
        packer.finish().expect("packed")
    };
    let control: Vec<u8> = triples.iter().flatten().copied().flat_map(bytes).collect();
    let (control, difference) = (pack(&control), pack(difference));
    let lengths =
        [control.len(), difference.len()].map(|length| i64::try_from(length).expect("short"));
    let mut patch = MAGIC.to_vec();
    for number in lengths.into_iter().chain([size]) {
        patch.extend(bytes(number));
    }
    [patch, control, difference, pack(extra)].concat()
}

#[test]
fn a_patch_of_another_tool_is_applied() {
    let old: Vec<u8> = (0..300_000_u32)
        .map(|at| (at.wrapping_mul(at) >> 7).to_le_bytes()[0])
        .collect();
    let mut new = old.clone();
    new.splice(1000..1010, b"something else".iter().copied());
    new.extend_from_slice(&old[..70_000]);
    assert_eq!(applied(&old, &diff(&old, &new)).expect("applied"), new);
    assert_eq!(applied(&old, &diff(&old, b"")).expect("applied"), b"");
    assert_eq!(applied(b"", &diff(b"", &new)).expect("applied"), new);
}

#[test]
fn bytes_outside_of_the_old_content_are_zero() {
    let before = patch(&[[0, 1, -2], [4, 0, 0]], &[1, 1, 1, 1], b"x", 5);
    assert_eq!(applied(b"ab", &before).expect("applied"), b"x\x01\x01bc");
    let behind = patch(&[[4, 0, 0]], &[1, 1, 1, 1], b"", 4);
    assert_eq!(applied(b"ab", &behind).expect("applied"), b"bc\x01\x01");
}

#[test]
fn a_truncated_patch_is_refused() {
    let patch = diff(b"old content", b"new content");
    for length in [0, 7, 8, 31, 32, 40, patch.len() / 2] {
        assert!(
            applied(b"old content", &patch[..length]).is_err(),
            "{length}"
        );
    }
    assert!(matches!(applied(b"", &[b'x'; 99]), Err(PatchError::Header)));
}

#[test]
fn invalid_lengths_are_refused() {
    for at in [8, 16, 24] {
        for length in [
            i64::MAX.to_le_bytes(),
            u64::MAX.to_le_bytes(),
            999_u64.to_le_bytes(),
        ] {
            let mut patch = diff(b"old content", b"new content");
            patch[at..at + 8].copy_from_slice(&length);
            assert!(applied(b"old content", &patch).is_err(), "{at}");
        }
    }
}

#[test]
fn the_new_content_has_the_size_in_the_header_and_at_most_the_limit() {
    for triples in [
        &[[0, 9, 0]][..],
        &[[0, -1, 0]],
        &[[-1, 0, 0]],
        &[[i64::MAX, i64::MAX, 0]],
        &[[0, 1, i64::MAX], [1, 0, i64::MAX], [1, 0, 0]],
        &[[0, 2, 0]],
    ] {
        let patch = patch(triples, &[0; 9], &[0; 9], 8);
        assert!(applied(b"ab", &patch).is_err(), "{triples:?}");
    }
    let large = patch(&[[0, 1, 0]], b"", b"", i64::try_from(MAX).unwrap() + 1);
    assert!(matches!(applied(b"", &large), Err(PatchError::Size)));
}

#[test]
fn a_patch_that_produces_no_bytes_is_refused() {
    let patch = patch(&vec![[0, 0, 1]; 5000], b"", b"", 1);
    assert!(matches!(applied(b"ab", &patch), Err(PatchError::Size)));
}

proptest! {
    #[test]
    fn a_patch_between_any_two_contents_is_applied(old: Vec<u8>, new: Vec<u8>) {
        prop_assert_eq!(applied(&old, &diff(&old, &new)).expect("applied"), new);
    }

    #[test]
    fn no_patch_causes_a_panic(mut patch: Vec<u8>, at: usize, byte: u8, old: Vec<u8>) {
        let _ = applied(&old, &patch);
        let real = diff(b"old content", &old);
        patch.splice(..0, real);
        let at = at % patch.len();
        patch[at] = byte;
        let _ = applied(b"old content", &patch);
    }

    #[test]
    fn no_triples_cause_a_panic(triples: Vec<[i64; 3]>, size: i64) {
        let _ = applied(b"old content", &patch(&triples, &[1; 64], &[2; 64], size));
    }
}
