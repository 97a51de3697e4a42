//! Decodes the blocks of one bzip2 file on several cores.
//!
//! A bzip2 stream is a row of independent blocks. Each begins with the same 48 bits, at any bit of a byte. They are found
//! while the packed bytes arrive, and each block is decoded as a stream of its own: a header, the block moved to a byte
//! boundary, and a footer with its checksum. Blocks are decoded by the reading thread, and by others on cores that are free.
//!
//! The 48 bits may also occur within a block. Then the part in front of them does not decode, and reading fails. So does
//! anything that is not a row of complete streams: such a file is decoded from its start by the sequential decoder.

use std::collections::VecDeque;
use std::io::{self, BufRead, Cursor, ErrorKind, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use bzip2::bufread::BzDecoder;

use super::core_permit::{CorePermit, Cores, core_count};

/// The bits in front of a block.
const BLOCK: u64 = 0x3141_5926_5359;
/// The bits in front of the checksum of a stream.
const FOOTER: u64 = 0x1772_4538_5090;
/// The number of these bits.
const MAGIC_BITS: usize = 48;
/// The number of bits of a checksum.
const CHECKSUM_BITS: usize = 32;
/// How many packed bytes are searched for the end of a block. A block holds at most 900,000 symbols of at most 20 bits.
const MAX_PACKED_BLOCK: usize = 3 << 20;
/// How many unpacked bytes of a block are kept while it waits for its turn. One that unpacks to more is decoded again by the
/// reading thread, which keeps none.
const MAX_KEPT: u64 = 4 << 20;

/// Reads the unpacked bytes of concatenated bzip2 streams.
///
/// An error means that the file cannot be cut into blocks or is corrupt; which of them, the sequential decoder tells. Bytes
/// that were read before an error may be wrong.
pub struct ParallelBzip2Decoder<R> {
    cutter: Cutter<R>,
    cores: Arc<Cores>,
    /// The blocks that follow the current one, in order.
    blocks: VecDeque<Block>,
    current: Current,
    /// How many blocks are waiting at most.
    max_blocks: usize,
}

/// A block that waits for its turn. `stream` is the block as a stream of its own.
enum Block {
    /// No thread decodes it.
    Waiting(Arc<[u8]>),
    /// Another thread decodes it.
    Decoding {
        stream: Arc<[u8]>,
        result: Receiver<Decoded>,
    },
}

/// What another thread has made of a block.
enum Decoded {
    Bytes(Vec<u8>),
    /// It unpacks to more than [`MAX_KEPT`] bytes.
    TooLarge,
    Corrupt,
}

/// The block that is read.
enum Current {
    None,
    Bytes(Cursor<Vec<u8>>),
    Stream(Box<BzDecoder<Cursor<Arc<[u8]>>>>),
}

impl<R: BufRead> ParallelBzip2Decoder<R> {
    /// Creates a decoder that uses cores which are free.
    pub fn new(packed: R, cores: &Arc<Cores>) -> Self {
        Self {
            cutter: Cutter::new(packed),
            cores: Arc::clone(cores),
            blocks: VecDeque::new(),
            current: Current::None,
            max_blocks: core_count() + 1,
        }
    }

    /// Returns the reader of the packed bytes.
    pub fn get_ref(&self) -> &R {
        &self.cutter.packed
    }

    /// Finds the next block, and more of them while cores are free, and starts threads for those.
    fn read_ahead(&mut self) -> io::Result<()> {
        loop {
            let waiting = |block: &&mut Block| matches!(block, Block::Waiting(_));
            // The first one is left to the reading thread.
            let second = self.blocks.iter_mut().filter(waiting).nth(1);
            if let Some(block) = second {
                let Some(permit) = CorePermit::try_acquire(&self.cores) else {
                    return Ok(());
                };
                if !block.start(permit) {
                    return Ok(());
                }
                continue;
            }
            let has_room = self.blocks.len() < self.max_blocks;
            if !(self.blocks.is_empty() || has_room && self.cores.are_free()) {
                return Ok(());
            }
            match self.cutter.next_block()? {
                Some(stream) => self.blocks.push_back(Block::Waiting(stream.into())),
                None => return Ok(()),
            }
        }
    }

    /// Returns the next block in the form in which it is read; none at the end of the file.
    fn next_block(&mut self) -> io::Result<Option<Current>> {
        self.read_ahead()?;
        let stream = match self.blocks.pop_front() {
            None => return Ok(None),
            Some(Block::Waiting(stream)) => stream,
            Some(Block::Decoding { stream, result }) => match result.recv() {
                Ok(Decoded::Bytes(bytes)) => return Ok(Some(Current::Bytes(Cursor::new(bytes)))),
                Ok(Decoded::TooLarge) => stream,
                Ok(Decoded::Corrupt) | Err(_) => return Err(ErrorKind::InvalidData.into()),
            },
        };
        let decoder = BzDecoder::new(Cursor::new(stream));
        Ok(Some(Current::Stream(Box::new(decoder))))
    }
}

impl<R: BufRead> Read for ParallelBzip2Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let length = match &mut self.current {
                Current::None => 0,
                Current::Bytes(bytes) => bytes.read(buffer)?,
                Current::Stream(decoder) => {
                    let length = decoder.read(buffer)?;
                    // Cores may have become free meanwhile.
                    self.read_ahead()?;
                    length
                }
            };
            if length > 0 {
                return Ok(length);
            }
            match self.next_block()? {
                Some(block) => self.current = block,
                None => return Ok(0),
            }
        }
    }
}

impl Block {
    /// Decodes a waiting block on a thread of its own. Returns whether there is such a thread; without one, it goes on waiting.
    fn start(&mut self, permit: CorePermit) -> bool {
        let Self::Waiting(stream) = self else {
            return false;
        };
        let (stream, packed) = (Arc::clone(stream), Arc::clone(stream));
        let (sender, result) = sync_channel(1);
        let decode = move || {
            let decoded = Decoded::of(&packed);
            drop(permit);
            // The reader may be gone.
            let _ = sender.send(decoded);
        };
        let is_started = thread::Builder::new().spawn(decode).is_ok();
        if is_started {
            *self = Self::Decoding { stream, result };
        }
        is_started
    }
}

impl Decoded {
    fn of(stream: &[u8]) -> Self {
        let mut bytes = Vec::new();
        let mut decoder = BzDecoder::new(stream).take(MAX_KEPT + 1);
        match decoder.read_to_end(&mut bytes) {
            Err(_) => Self::Corrupt,
            Ok(length) if length as u64 > MAX_KEPT => Self::TooLarge,
            Ok(_) => Self::Bytes(bytes),
        }
    }
}

/// Cuts packed bytes into blocks.
struct Cutter<R> {
    packed: R,
    /// The packed bytes from the one in which the next part begins.
    bytes: Vec<u8>,
    /// Where the next part begins, in bits of `bytes`: a block or a footer; outside of a stream, the header of one.
    start: usize,
    stream: Option<OpenStream>,
    /// Whether a stream has ended. A file without one is not complete.
    has_streams: bool,
}

/// The stream that is cut.
struct OpenStream {
    /// The digit of its header.
    level: u8,
    /// The combined checksum of its blocks so far.
    checksum: u32,
}

impl<R: BufRead> Cutter<R> {
    const fn new(packed: R) -> Self {
        Self {
            packed,
            bytes: Vec::new(),
            start: 0,
            stream: None,
            has_streams: false,
        }
    }

    /// Returns the next block as a stream of its own; none at the end of the file.
    fn next_block(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let Some(stream) = &self.stream else {
                if self.begin_stream()? {
                    continue;
                }
                return Ok(None);
            };
            let level = stream.level;
            match self.take_bits(self.start, MAGIC_BITS)? {
                FOOTER => self.end_stream()?,
                BLOCK => return self.take_block(level).map(Some),
                _ => return Err(ErrorKind::InvalidData.into()),
            }
        }
    }

    /// Reads the header of a stream. Returns whether there is one.
    fn begin_stream(&mut self) -> io::Result<bool> {
        if self.bytes.len() * 8 == self.start && !self.read_more()? {
            return if self.has_streams {
                Ok(false)
            } else {
                Err(ErrorKind::UnexpectedEof.into())
            };
        }
        let header = self.take_bits(self.start, 32)?.to_be_bytes();
        let [.., b'B', b'Z', b'h', level @ b'1'..=b'9'] = header else {
            return Err(ErrorKind::InvalidData.into());
        };
        self.start += 32;
        self.stream = Some(OpenStream { level, checksum: 0 });
        Ok(true)
    }

    /// Compares the checksum of a stream, and goes on behind its last byte.
    fn end_stream(&mut self) -> io::Result<()> {
        let checksum = self.take_bits(self.start + MAGIC_BITS, CHECKSUM_BITS)?;
        let stream = self.stream.take();
        if stream.is_none_or(|stream| u64::from(stream.checksum) != checksum) {
            return Err(ErrorKind::InvalidData.into());
        }
        self.start = (self.start + MAGIC_BITS + CHECKSUM_BITS).next_multiple_of(8);
        self.has_streams = true;
        Ok(())
    }

    /// Returns the block that begins here, up to the magic bits that follow.
    fn take_block(&mut self, level: u8) -> io::Result<Vec<u8>> {
        let content = self.start + MAGIC_BITS + CHECKSUM_BITS;
        let checksum = self.take_bits(self.start + MAGIC_BITS, CHECKSUM_BITS)?;
        let checksum = u32::try_from(checksum).unwrap_or_default();
        let mut searched = content;
        let end = loop {
            if let Some(end) = find_magic(&self.bytes, searched) {
                break end;
            }
            // Magic bits may begin in the bytes that are there and end in those that follow.
            searched = content.max((self.bytes.len() * 8).saturating_sub(MAGIC_BITS - 1));
            if self.bytes.len() > MAX_PACKED_BLOCK || !self.read_more()? {
                return Err(ErrorKind::InvalidData.into());
            }
        };
        let block = own_stream(&self.bytes, self.start..end, level, checksum);
        if let Some(stream) = &mut self.stream {
            stream.checksum = stream.checksum.rotate_left(1) ^ checksum;
        }
        self.bytes.drain(..end / 8);
        self.start = end % 8;
        Ok(block)
    }

    /// Returns up to 48 bits from a position, after reading them.
    fn take_bits(&mut self, position: usize, count: usize) -> io::Result<u64> {
        while self.bytes.len() * 8 < position + count {
            if !self.read_more()? {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        let end = position + count;
        let bytes = self.bytes.get(position / 8..end.div_ceil(8));
        let bytes = bytes.unwrap_or_default().iter();
        let bits = bytes.fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        Ok(bits >> (end.next_multiple_of(8) - end) & (u64::MAX >> (64 - count)))
    }

    /// Reads more packed bytes. Returns whether there were any.
    fn read_more(&mut self) -> io::Result<bool> {
        let chunk = self.packed.fill_buf()?;
        let length = chunk.len();
        self.bytes.extend_from_slice(chunk);
        self.packed.consume(length);
        Ok(length > 0)
    }
}

/// Returns the position in bits of the first magic bits that begin at `start` or behind it.
fn find_magic(bytes: &[u8], start: usize) -> Option<usize> {
    const MASK: u64 = u64::MAX >> (64 - MAGIC_BITS);
    let mut window = 0_u64;
    let first = start / 8;
    // A plain loop: what is built for size does not inline the adapters of one.
    for (offset, byte) in bytes.get(first..)?.iter().enumerate() {
        let index = first + offset;
        // Every magic that ends in this byte contains the whole byte in front of it.
        let previous = window & 0xff;
        window = window << 8 | u64::from(*byte);
        let is_possible =
            usize::try_from(previous).is_ok_and(|it| INNER_BYTES.get(it) == Some(&true));
        if !is_possible {
            continue;
        }
        for unused in (0..8).rev() {
            let bits = window >> unused & MASK;
            let position = (index * 8 + 8).checked_sub(unused + MAGIC_BITS);
            if (bits == BLOCK || bits == FOOTER) && position >= Some(start) {
                return position;
            }
        }
    }
    None
}

/// Which bytes stand in front of the one in which magic bits end.
#[expect(
    clippy::indexing_slicing,
    reason = "the compiler evaluates it, and would report an overflow"
)]
const INNER_BYTES: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut shift = 1;
    while shift <= 8 {
        bytes[(BLOCK >> shift & 0xff) as usize] = true;
        bytes[(FOOTER >> shift & 0xff) as usize] = true;
        shift += 1;
    }
    bytes
};

/// Returns a block, given by its bits, as a stream: a header, the block, and a footer with its checksum.
fn own_stream(bytes: &[u8], bits: std::ops::Range<usize>, level: u8, checksum: u32) -> Vec<u8> {
    let (first, shift) = (bits.start / 8, bits.start % 8);
    let (whole, rest) = (bits.len() / 8, bits.len() % 8);
    let byte = |index: usize| {
        let pair = [first + index, first + index + 1].map(|it| bytes.get(it).copied().unwrap_or(0));
        (u16::from_be_bytes(pair) << shift).to_be_bytes()[0]
    };
    let mut stream = Vec::with_capacity(whole + 16);
    stream.extend_from_slice(b"BZh");
    stream.push(level);
    // Four bytes at a time: byte by byte takes a tenth of the time of decoding.
    let groups = whole / 4;
    for group in 0..groups {
        let at = first + group * 4;
        let bits = bytes.get(at..at + 8).and_then(|eight| eight.first_chunk());
        let Some(bits) = bits.map(|eight| u64::from_be_bytes(*eight) << shift) else {
            stream.extend((group * 4..group * 4 + 4).map(byte));
            continue;
        };
        let [a, b, c, d, ..] = bits.to_be_bytes();
        stream.extend_from_slice(&[a, b, c, d]);
    }
    stream.extend((groups * 4..whole).map(byte));
    // The rest of the block, the footer, and zeros up to the end of a byte.
    let footer = u128::from(FOOTER) << CHECKSUM_BITS | u128::from(checksum);
    let rest_bits = u128::from(byte(whole)) >> (8 - rest);
    let length = rest + MAGIC_BITS + CHECKSUM_BITS;
    let padding = length.next_multiple_of(8) - length;
    let end = (rest_bits << (MAGIC_BITS + CHECKSUM_BITS) | footer) << padding;
    let end = end.to_be_bytes();
    let unused = end.len() - length.div_ceil(8);
    stream.extend_from_slice(end.get(unused..).unwrap_or_default());
    stream
}

#[cfg(test)]
pub(super) mod tests;
