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
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use bzip2::bufread::BzDecoder;

use super::core_permit::{CorePermit, Cores};

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
const MAX_KEPT: usize = 2 << 20;
/// How many unpacked bytes a block has per level, unless a byte repeats.
const BLOCK_PER_LEVEL: usize = 100_000;

/// Reads the unpacked bytes of concatenated bzip2 streams.
///
/// An error means that the file cannot be cut into blocks or is corrupt; which of them, the sequential decoder tells. Bytes
/// that were read before an error, or are read after it, may be wrong.
pub struct ParallelBzip2Decoder<R> {
    cutter: Cutter<R>,
    cores: Arc<Cores>,
    /// Shared with each thread that decodes blocks of this file.
    waiting: Arc<WaitingBlocks>,
    /// The receivers of the blocks that follow the current one, in order.
    blocks: VecDeque<Receiver<UnpackedBlock>>,
    current: Option<UnpackedBlock>,
}

/// Blocks that no thread decodes yet, in order.
#[derive(Default)]
struct WaitingBlocks(Mutex<VecDeque<PackedBlock>>);

/// A block as a stream of its own.
struct PackedBlock {
    stream: Vec<u8>,
    /// The usual number of unpacked bytes.
    size: usize,
    sender: SyncSender<UnpackedBlock>,
}

/// A block as it is read.
enum UnpackedBlock {
    /// Its unpacked bytes.
    Bytes(Cursor<Vec<u8>>),
    /// A decoder of it, because there are more than [`MAX_KEPT`].
    Stream(Box<BzDecoder<Cursor<Vec<u8>>>>),
}

impl<R: BufRead> ParallelBzip2Decoder<R> {
    /// Creates a decoder that uses cores which are free.
    pub fn new(packed: R, cores: &Arc<Cores>) -> Self {
        Self {
            cutter: Cutter::new(packed),
            cores: Arc::clone(cores),
            waiting: Arc::default(),
            blocks: VecDeque::new(),
            current: None,
        }
    }

    /// Returns the reader of the packed bytes.
    pub fn get_ref(&self) -> &R {
        &self.cutter.packed
    }

    /// Finds the next block, and more of them while a core is free or other threads decode some: two for each thread. Starts
    /// such threads on free cores.
    fn read_ahead(&mut self) -> io::Result<()> {
        loop {
            // A single block is decoded by this thread.
            if self.waiting.lock().len() > 1
                && let Some(permit) = CorePermit::try_acquire(&self.cores)
            {
                self.start_thread(permit);
            }
            // Each of the other threads has a clone.
            let threads = Arc::strong_count(&self.waiting);
            let has_room = self.blocks.len() < 2 * threads;
            let is_needed = has_room && (threads > 1 || self.cores.are_free());
            if !(self.blocks.is_empty() || is_needed) {
                return Ok(());
            }
            let Some((level, stream)) = self.cutter.next_block()? else {
                return Ok(());
            };
            let (sender, block) = sync_channel(1);
            let size = usize::from(level - b'0') * BLOCK_PER_LEVEL;
            self.waiting.lock().push_back(PackedBlock {
                stream,
                size,
                sender,
            });
            self.blocks.push_back(block);
        }
    }

    /// Decodes waiting blocks on another thread, until none is left, the core is needed for another file, or the decoder is
    /// dropped.
    fn start_thread(&self, permit: CorePermit) {
        let (waiting, cores) = (Arc::clone(&self.waiting), Arc::clone(&self.cores));
        let work = move || {
            let mut permit = Some(permit);
            while permit.is_some()
                && let Some(block) = waiting.take_first()
                && block.unpack()
            {
                // Released first, for a thread that waits for it.
                drop(permit);
                permit = CorePermit::try_acquire(&cores);
            }
        };
        // Without the thread, the reading thread decodes all blocks.
        let _ = thread::Builder::new().spawn(work);
    }

    /// Returns the next block; none at the end of the file. Decodes it, or the blocks that follow while another thread
    /// decodes it.
    fn next_block(&mut self) -> io::Result<Option<UnpackedBlock>> {
        self.read_ahead()?;
        let Some(next) = self.blocks.pop_front() else {
            return Ok(None);
        };
        loop {
            match next.try_recv() {
                Ok(block) => return Ok(Some(block)),
                Err(TryRecvError::Disconnected) => return Err(ErrorKind::InvalidData.into()),
                Err(TryRecvError::Empty) => {}
            }
            let Some(block) = self.waiting.take_first() else {
                let block = next.recv().map_err(|_| ErrorKind::InvalidData)?;
                return Ok(Some(block));
            };
            block.unpack();
        }
    }
}

impl<R: BufRead> Read for ParallelBzip2Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(block) = &mut self.current {
                let length = block.read(buffer)?;
                if length > 0 {
                    return Ok(length);
                }
            }
            self.current = self.next_block()?;
            if self.current.is_none() {
                return Ok(0);
            }
        }
    }
}

impl WaitingBlocks {
    fn lock(&self) -> MutexGuard<'_, VecDeque<PackedBlock>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_first(&self) -> Option<PackedBlock> {
        self.lock().pop_front()
    }
}

impl PackedBlock {
    /// Decodes the block and sends it. Returns `false` if it is corrupt, or the decoder of the file was dropped.
    fn unpack(self) -> bool {
        let mut bytes = Vec::with_capacity(self.size);
        let mut decoder = BzDecoder::new(Cursor::new(self.stream));
        let mut kept = decoder.by_ref().take(MAX_KEPT as u64 + 1);
        let Ok(length) = kept.read_to_end(&mut bytes) else {
            return false;
        };
        let block = if length > MAX_KEPT {
            let stream = decoder.into_inner().into_inner();
            UnpackedBlock::Stream(Box::new(BzDecoder::new(Cursor::new(stream))))
        } else {
            UnpackedBlock::Bytes(Cursor::new(bytes))
        };
        self.sender.send(block).is_ok()
    }
}

impl Read for UnpackedBlock {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Bytes(bytes) => bytes.read(buffer),
            Self::Stream(decoder) => decoder.read(buffer),
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

    /// Returns the level of the next block, and the block as a stream of its own; none at the end of the file.
    fn next_block(&mut self) -> io::Result<Option<(u8, Vec<u8>)>> {
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
                BLOCK => return Ok(Some((level, self.take_block(level)?))),
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
        Ok(read_bits(&self.bytes, position, count))
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

/// Returns up to 48 bits from a position. The bytes that contain them must be there.
fn read_bits(bytes: &[u8], position: usize, count: usize) -> u64 {
    let end = position + count;
    let bytes = bytes.get(position / 8..end.div_ceil(8));
    let bytes = bytes.unwrap_or_default().iter();
    let bits = bytes.fold(0, |bits, byte| bits << 8 | u64::from(*byte));
    bits >> (end.next_multiple_of(8) - end) & (u64::MAX >> (64 - count))
}

/// Returns the position in bits of the first magic bits that begin at `start` or behind it.
fn find_magic(bytes: &[u8], start: usize) -> Option<usize> {
    let last = (bytes.len() * 8).checked_sub(MAGIC_BITS)?;
    let is_magic =
        |position: &usize| matches!(read_bits(bytes, *position, MAGIC_BITS), BLOCK | FOOTER);
    // At least five bytes of a magic are whole, and one of the four pairs in them begins at a multiple of four bytes.
    let mut pair = start / 32 * 4;
    while let Some([high, low]) = bytes.get(pair..pair + 2) {
        if is_pair_of_magic(u16::from_be_bytes([*high, *low])) {
            let first = start.max((pair * 8).saturating_sub(MAGIC_BITS - 16));
            let magic = (first..=last.min(pair * 8)).find(is_magic);
            if magic.is_some() {
                return magic;
            }
        }
        pair += 4;
    }
    None
}

/// Returns whether these 16 bits occur in magic bits.
fn is_pair_of_magic(pair: u16) -> bool {
    let bits = PAIRS.get(usize::from(pair / 64));
    bits.is_some_and(|bits| bits >> (pair % 64) & 1 == 1)
}

/// The groups of 16 bits that occur in magic bits, a bit for each.
#[expect(
    clippy::indexing_slicing,
    reason = "the compiler evaluates it, and would report an overflow"
)]
const PAIRS: [u64; 1024] = {
    let mut pairs = [0; 1024];
    let mut shift = 0;
    while shift <= MAGIC_BITS - 16 {
        let (block, footer) = (BLOCK >> shift & 0xffff, FOOTER >> shift & 0xffff);
        pairs[(block / 64) as usize] |= 1 << (block % 64);
        pairs[(footer / 64) as usize] |= 1 << (footer % 64);
        shift += 1;
    }
    pairs
};

/// Returns a block, given by its bits, as a stream: a header, the block, and a footer with its checksum.
fn own_stream(bytes: &[u8], block: Range<usize>, level: u8, checksum: u32) -> Vec<u8> {
    let (first, shift) = (block.start / 8, block.start % 8);
    let (whole, rest) = (block.len() / 8, block.len() % 8);
    let bytes = bytes.get(first..).unwrap_or_default();
    let byte = |index: usize| {
        let pair = [index, index + 1].map(|it| bytes.get(it).copied().unwrap_or(0));
        (u16::from_be_bytes(pair) << shift).to_be_bytes()[0]
    };
    let mut stream = Vec::with_capacity(whole + 16);
    stream.extend_from_slice(b"BZh");
    stream.push(level);
    // Eight bytes at a time: byte by byte takes a twentieth of the time of decoding.
    let groups = bytes.as_chunks::<8>().0.windows(2).take(whole / 8);
    for group in groups {
        let [eight, next] = group else { break };
        let sixteen =
            u128::from(u64::from_be_bytes(*eight)) << 64 | u128::from(u64::from_be_bytes(*next));
        stream.extend_from_slice(&(sixteen << shift).to_be_bytes()[..8]);
    }
    let done = stream.len() - 4;
    stream.extend((done..whole).map(byte));
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
