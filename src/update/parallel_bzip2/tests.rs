use std::io::{BufReader, Write as _};

use bzip2::Compression;
use bzip2::bufread::MultiBzDecoder;
use bzip2::write::BzEncoder;
use proptest::prelude::*;

use super::*;

/// A stream of one block, in which the bits that begin a block occur a second time.
pub(in crate::update) const MAGIC_WITHIN_A_BLOCK: &[u8] = &[
    0x42, 0x5a, 0x68, 0x31, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0xd4, 0x2a, 0x9c, 0x82, 0x00, 0x00,
    0x00, 0x1e, 0x00, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x20, 0x00, 0x23, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x18, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc5,
    0x05, 0x64, 0x99, 0x4d, 0x67, 0xf1, 0x77, 0x24, 0x53, 0x85, 0x09, 0x0d, 0x42, 0xa9, 0xc8, 0x20,
];

fn packed(content: &[u8], level: u32) -> Vec<u8> {
    let mut packer = BzEncoder::new(Vec::new(), Compression::new(level));
    packer.write_all(content).expect("packed");
    packer.finish().expect("packed")
}

/// Bytes that neither repeat nor compress well.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// Unpacks with this many free cores, from packed bytes that arrive `step` at a time.
fn unpacked(packed: &[u8], cores: usize, step: usize) -> io::Result<Vec<u8>> {
    let cores = Arc::new(Cores::new(cores));
    let mut bytes = Vec::new();
    let packed = BufReader::with_capacity(step, packed);
    let mut decoder = ParallelBzip2Decoder::new(packed, &cores);
    decoder.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[test]
fn streams_of_every_level_are_decoded_in_order() {
    let content = noise(250_000);
    for level in [1, 2, 9] {
        let packed = packed(&content, level);
        for cores in [0, 1, 8] {
            assert!(unpacked(&packed, cores, 64 * 1024).expect("decoded") == content);
        }
    }
}

#[test]
fn concatenated_and_empty_streams_are_decoded() {
    let (a, b) = (noise(250_000), b"short".to_vec());
    let streams = [packed(b"", 9), packed(&a, 1), packed(b"", 1), packed(&b, 9)].concat();
    let content = [a, b].concat();
    for step in [1, 7, 100_000] {
        assert!(unpacked(&streams, 2, step).expect("decoded") == content);
    }
    assert_eq!(unpacked(&packed(b"", 9), 2, 10).expect("decoded"), b"");
}

#[test]
fn a_block_that_unpacks_to_more_than_is_kept_is_decoded() {
    // Of one byte only, a block of 100,000 bytes unpacks to 5 MB.
    let content = [noise(100_000), vec![7; 6_000_000], noise(100_000)].concat();
    let packed = packed(&content, 1);
    assert!(unpacked(&packed, 8, 64 * 1024).expect("decoded") == content);
}

#[test]
fn the_start_of_a_block_within_a_block_is_not_taken_for_one() {
    let mut content = Vec::new();
    let mut decoder = MultiBzDecoder::new(MAGIC_WITHIN_A_BLOCK);
    decoder.read_to_end(&mut content).expect("decoded");
    assert_eq!(content, b"#)9,#)9,");
    for cores in [0, 8] {
        assert!(unpacked(MAGIC_WITHIN_A_BLOCK, cores, 64).is_err());
    }
}

#[test]
fn a_file_without_an_end_is_not_searched_for_ever() {
    let mut packed = Cursor::new(b"BZh9\x31\x41\x59\x26\x53\x59".to_vec());
    packed.get_mut().resize(2 * MAX_PACKED_BLOCK, 0);
    let cores = Arc::new(Cores::new(1));
    let mut decoder = ParallelBzip2Decoder::new(BufReader::new(packed), &cores);
    assert!(decoder.read(&mut [0; 10]).is_err());
    let read = decoder.get_ref().get_ref().position();
    assert!(read <= (MAX_PACKED_BLOCK + 64 * 1024) as u64);
}

#[test]
fn a_change_of_any_byte_and_a_cut_anywhere_is_an_error() {
    let whole = packed(&noise(120_000), 1);
    for index in (0..whole.len()).step_by(whole.len() / 16) {
        let mut changed = whole.clone();
        if let Some(byte) = changed.get_mut(index) {
            *byte ^= 0x10;
        }
        assert!(unpacked(&changed, 2, 4096).is_err(), "byte {index}");
        let cut = whole.get(..index).unwrap_or_default();
        assert!(unpacked(cut, 2, 4096).is_err(), "{index} bytes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_is_decoded_is_what_the_sequential_decoder_decodes(
        parts in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..1000), 1_u32..=9, 1_usize..20), 1..4),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
        step in 1_usize..5000,
    ) {
        let streams = parts.iter().map(|(content, level, repeat)| packed(&content.repeat(*repeat), *level));
        let mut streams = streams.collect::<Vec<_>>().concat();
        if is_cut {
            streams.truncate(cut.index(streams.len()));
        }
        let mut expected = Vec::new();
        let sequential = MultiBzDecoder::new(&*streams).read_to_end(&mut expected);
        match unpacked(&streams, 2, step) {
            Ok(content) => prop_assert!(sequential.is_ok() && content == expected),
            Err(_) => prop_assert!(is_cut, "a complete file is not decoded"),
        }
    }
}
