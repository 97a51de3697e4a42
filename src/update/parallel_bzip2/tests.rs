use std::io::{BufReader, Write as _};
use std::time::Duration;

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
    assert!(unpacked(&packed(&content, 1), 8, 64 * 1024).expect("decoded") == content);
    let mut corrupt = packed(&vec![7; 6_000_000], 1);
    // A bit of the first block's checksum.
    corrupt[10] ^= 1;
    assert!(unpacked(&corrupt, 8, 64 * 1024).is_err());
}

/// Returns a decoder of this many blocks of 100,000 bytes.
fn decoder_of(
    blocks: usize,
    cores: &Arc<Cores>,
) -> ParallelBzip2Decoder<BufReader<Cursor<Vec<u8>>>> {
    let packed = packed(&noise(blocks * 100_000), 1);
    ParallelBzip2Decoder::new(BufReader::new(Cursor::new(packed)), cores)
}

/// Blocks until all of these cores are free.
fn wait_for_cores(cores: &Arc<Cores>, count: usize) {
    let mut permits: Vec<_> = (0..count).map(|_| CorePermit::new(cores)).collect();
    permits.iter_mut().for_each(CorePermit::acquire);
}

#[test]
fn blocks_are_decoded_on_free_cores() {
    let cores = Arc::new(Cores::new(2));
    let mut decoder = decoder_of(8, &cores);
    decoder.read_ahead().expect("blocks");
    let first = decoder.blocks.front().expect("a block");
    let first = first.recv_timeout(Duration::from_mins(1));
    assert!(matches!(first, Ok(UnpackedBlock::Bytes(_))));
}

#[test]
fn without_a_free_core_a_block_is_cut_when_it_is_read() {
    let mut decoder = decoder_of(8, &Arc::new(Cores::new(0)));
    for _ in 0..8 {
        assert!(decoder.next_block().expect("a block").is_some());
        assert!(decoder.blocks.is_empty() && decoder.waiting.lock().is_empty());
    }
}

#[test]
fn cores_are_free_again_after_a_corrupt_block_and_when_the_decoder_is_dropped() {
    let cores = Arc::new(Cores::new(3));
    let mut decoder = decoder_of(8, &cores);
    decoder.read_ahead().expect("blocks");
    drop(decoder);
    wait_for_cores(&cores, 3);
    let mut corrupt = packed(&noise(800_000), 1);
    let middle = corrupt.len() / 2;
    corrupt[middle] ^= 1;
    let mut decoder = ParallelBzip2Decoder::new(&*corrupt, &cores);
    assert!(decoder.read_to_end(&mut Vec::new()).is_err());
    drop(decoder);
    wait_for_cores(&cores, 3);
}

#[test]
fn a_thread_gives_its_core_to_a_thread_that_waits() {
    let cores = Arc::new(Cores::new(1));
    let decoder = decoder_of(1, &cores);
    let mut blocks = Vec::new();
    let mut waiting = decoder.waiting.lock();
    for _ in 0..2 {
        let (sender, block) = sync_channel(1);
        let (stream, size) = (packed(b"content", 1), 0);
        waiting.push_back(PackedBlock {
            stream,
            size,
            sender,
        });
        blocks.push(block);
    }
    decoder.start_thread(CorePermit::try_acquire(&cores).expect("a core"));
    cores.set_waiting(1);
    drop(waiting);
    assert!(blocks[0].recv_timeout(Duration::from_mins(1)).is_ok());
    // It is dropped at the end of the thread.
    while Arc::strong_count(&decoder.waiting) > 1 {
        thread::yield_now();
    }
    assert_eq!(decoder.waiting.lock().len(), 1);
}

/// Interrupts every other read.
struct Interrupting<R>(R, bool);

impl<R: BufRead> Read for Interrupting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: BufRead> BufRead for Interrupting<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.1 = !self.1;
        if self.1 {
            return Err(ErrorKind::Interrupted.into());
        }
        self.0.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.0.consume(amount);
    }
}

#[test]
fn a_read_that_was_interrupted_can_be_repeated() {
    let content = noise(250_000);
    for cores in [0, 2] {
        let packed = packed(&content, 1);
        let packed = Interrupting(BufReader::with_capacity(50_000, &*packed), false);
        let mut decoder = ParallelBzip2Decoder::new(packed, &Arc::new(Cores::new(cores)));
        let mut bytes = Vec::new();
        decoder.read_to_end(&mut bytes).expect("decoded");
        assert!(bytes == content);
    }
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

/// Returns a bit; zero behind the end.
fn bit(bytes: &[u8], position: usize) -> bool {
    let byte = bytes.get(position / 8).copied().unwrap_or(0);
    byte >> (7 - position % 8) & 1 == 1
}

/// Returns bits as bytes, with zeros up to the end of the last one.
fn bytes_of(bits: &[bool]) -> Vec<u8> {
    let byte = |bits: &[bool]| {
        let bits = (0..8).map(|it| bits.get(it).copied().unwrap_or(false));
        bits.fold(0, |byte, bit| byte << 1 | u8::from(bit))
    };
    bits.chunks(8).map(byte).collect()
}

/// Returns the lowest bits of a number, the highest first.
fn bits_of(number: u64, count: usize) -> Vec<bool> {
    (0..count).rev().map(|it| number >> it & 1 == 1).collect()
}

proptest! {
    #[test]
    fn magic_bits_are_found_wherever_they_begin(
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        magics in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..3),
        start in any::<prop::sample::Index>(),
    ) {
        let mut all: Vec<_> = (0..bytes.len() * 8).map(|it| bit(&bytes, it)).collect();
        for (position, is_block) in magics {
            let magic = bits_of(if is_block { BLOCK } else { FOOTER }, MAGIC_BITS);
            let at = position.index(all.len() + 1);
            let end = all.len().min(at + MAGIC_BITS);
            all.splice(at..end, magic);
        }
        all.truncate(bytes.len() * 8);
        let start = start.index(all.len() + 1);
        let magics = [BLOCK, FOOTER].map(|magic| bits_of(magic, MAGIC_BITS));
        let is_magic = |at: &usize| magics.iter().any(|magic| all[*at..].starts_with(magic));
        let expected = (start..all.len()).find(is_magic);
        prop_assert_eq!(find_magic(&bytes_of(&all), start), expected);
    }

    #[test]
    fn a_block_becomes_a_stream_wherever_it_begins_and_ends(
        bytes in prop::collection::vec(any::<u8>(), 1..60),
        start in any::<prop::sample::Index>(),
        end in any::<prop::sample::Index>(),
        checksum: u32,
    ) {
        let start = start.index(bytes.len() * 8);
        let end = start + end.index(bytes.len() * 8 - start + 1);
        let block = (start..end).map(|it| bit(&bytes, it));
        let footer = [bits_of(FOOTER, MAGIC_BITS), bits_of(checksum.into(), CHECKSUM_BITS)];
        let rest = block.chain(footer.concat()).collect::<Vec<_>>();
        let expected = [b"BZh5".to_vec(), bytes_of(&rest)].concat();
        prop_assert_eq!(own_stream(&bytes, start..end, b'5', checksum), expected);
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
