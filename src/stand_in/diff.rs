//! Creates patches in the format BSDIFF40 of `bsdiff` 4, which are small when two files differ in one place.
//!
//! ```text
//! BSDIFF40 | length of control | length of difference | length of the new file      8 bytes each
//! control      bzip2: repeated (bytes to add, bytes to insert, bytes to skip), 8 bytes each
//! difference   bzip2: the bytes that are added to old bytes
//! extra        bzip2: the bytes that are inserted
//! ```

use std::io::Write as _;

use bytes::Bytes;

/// A step of a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    /// How many old bytes are kept, with a difference added to each.
    add: usize,
    /// How many new bytes are inserted.
    insert: usize,
    /// How many old bytes are dropped.
    skip: usize,
}

/// Returns the patch from `old` to `new`. The common beginning and end are kept; as many bytes between them as both files
/// have are stored as differences.
pub(super) fn patch(old: &[u8], new: &[u8]) -> Vec<u8> {
    let prefix = common_length(old.iter(), new.iter());
    let [_, old_rest] = split(old, prefix);
    let [_, new_rest] = split(new, prefix);
    let suffix = common_length(old_rest.iter().rev(), new_rest.iter().rev());
    let old_middle = old_rest.len().saturating_sub(suffix);
    let new_middle = new_rest.len().saturating_sub(suffix);
    let both = old_middle.min(new_middle);
    let [inserted, _] = split(new_rest, new_middle);
    let [_, inserted] = split(inserted, both);
    let steps = [
        Step {
            add: prefix.saturating_add(both),
            insert: inserted.len(),
            skip: old_middle.saturating_sub(both),
        },
        Step {
            add: suffix,
            insert: 0,
            skip: 0,
        },
    ];
    let mut difference = vec![0; prefix];
    let middle = old_rest.iter().zip(new_rest).take(both);
    difference.extend(middle.map(|(old, new)| new.wrapping_sub(*old)));
    difference.resize(difference.len().saturating_add(suffix), 0);
    encode(&steps, &difference, inserted, new.len())
}

fn encode(steps: &[Step], difference: &[u8], extra: &[u8], length: usize) -> Vec<u8> {
    let control = steps.iter().flat_map(|it| [it.add, it.insert, it.skip]);
    let control: Vec<u8> = control.flat_map(number).collect();
    let [control, difference, extra] = [&control, difference, extra].map(bzip2);
    let head = [control.len(), difference.len(), length].map(number);
    let mut patch = b"BSDIFF40".to_vec();
    patch.extend(head.iter().flatten());
    for block in [control, difference, extra] {
        patch.extend_from_slice(&block);
    }
    patch
}

/// Encodes a number, which is not negative, for a patch.
fn number(number: usize) -> [u8; 8] {
    (number as u64).to_le_bytes()
}

/// Returns how many bytes are equal before the first difference.
fn common_length<'b>(
    one: impl Iterator<Item = &'b u8>,
    other: impl Iterator<Item = &'b u8>,
) -> usize {
    one.zip(other).take_while(|(a, b)| a == b).count()
}

fn split(bytes: &[u8], at: usize) -> [&[u8]; 2] {
    let (before, after) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
    [before, after]
}

/// Compresses bytes with bzip2.
pub(super) fn bzip2(bytes: &[u8]) -> Bytes {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    // Writing to a vector does not fail.
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    packed.unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(old: &[u8], new: &[u8]) -> Vec<u8> {
        let patch = patch(old, new);
        let mut made = Vec::new();
        let patch = qbsdiff::Bspatch::new(&patch).expect("a patch");
        patch.apply(old, &mut made).expect("it fits");
        made
    }

    #[test]
    fn a_patch_turns_the_old_file_into_the_new_one() {
        for (old, new) in [
            ("the same", "the same"),
            ("", "all of it is new"),
            ("nothing is left", ""),
            ("a middle that changes", "a MIDDLE that changes"),
            ("a middle", "a middle that grows"),
            ("a longer middle goes", "a middle goes"),
            ("aaaa", "aa"),
            ("aa", "aaaa"),
            ("one thing", "another"),
        ] {
            let made = applied(old.as_bytes(), new.as_bytes());
            assert_eq!(String::from_utf8(made).as_deref(), Ok(new), "from {old:?}");
        }
    }

    #[test]
    fn a_patch_is_small_when_little_changed() {
        let old: Vec<u8> = (0..20_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut new = old.clone();
        new.splice(40_000..40_003, *b"changed");
        assert!(patch(&old, &new).len() < 300);
        assert_eq!(applied(&old, &new), new);
    }
}
