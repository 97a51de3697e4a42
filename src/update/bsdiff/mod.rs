//! Patches in the BSDIFF40 format, which turn an old content into a new one.
//!
//! ```text
//!   "BSDIFF40"  length of control  length of difference  length of the new content      8 bytes each
//!   control     bzip2: triples of (add, copy, seek)
//!   difference  bzip2: bytes to add to those of the old content, modulo 256
//!   extra       bzip2: bytes to copy
//! ```
//!
//! Numbers have 64 bits, little-endian, with the sign in the highest bit. The format is that of Colin Percival's bspatch.
//! Old and new content are streamed and never in memory as a whole.

use std::io::{self, Read, Seek, SeekFrom, Write};

use bzip2::bufread::MultiBzDecoder;

const MAGIC: &[u8] = b"BSDIFF40";
const HEADER: usize = 32;
/// How many bytes are processed at a time.
const BLOCK: usize = 64 * 1024;
/// The limit of consecutive triples that produce no bytes.
const MAX_IDLE: u32 = 1024;

/// Why a patch cannot be applied. Contains nothing of the patch.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    /// The header is missing, or its lengths exceed the patch.
    #[error("the patch is not in the BSDIFF40 format")]
    Header,
    /// A number is out of range, or the new content is larger than the header says or than allowed.
    #[error("the patch has an invalid size")]
    Size,
    /// The old content cannot be read, a part of the patch cannot be unpacked, or the new content cannot be written.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Applies `patch` to `old` and writes the new content, of at most `max` bytes, to `new`. As in bspatch, bytes outside of
/// the old content are 0.
///
/// # Errors
/// When the patch is invalid or the new content is too large, and errors of reading and writing.
pub fn apply(
    old: &mut (impl Read + Seek),
    patch: &[u8],
    new: &mut impl Write,
    max: u64,
) -> Result<(), PatchError> {
    let mut reader = PatchReader::new(patch)?;
    if reader.size > max {
        return Err(PatchError::Size);
    }
    let mut old = OldContent::new(old)?;
    let (mut left, mut idle) = (reader.size, 0_u32);
    while left > 0 {
        let [add, copy, seek] = reader.triple()?;
        let (add, copy) = (length(add)?, length(copy)?);
        idle = if add == 0 && copy == 0 { idle + 1 } else { 0 };
        let length = add.checked_add(copy).ok_or(PatchError::Size)?;
        left = left.checked_sub(length).ok_or(PatchError::Size)?;
        if idle > MAX_IDLE {
            return Err(PatchError::Size);
        }
        add_bytes(&mut old, &mut reader.difference, new, add)?;
        copy_bytes(&mut reader.extra, new, copy)?;
        old.seek(seek)?;
    }
    Ok(())
}

type Decoder<'p> = MultiBzDecoder<&'p [u8]>;

/// Reads the parts of a patch.
struct PatchReader<'p> {
    control: Decoder<'p>,
    difference: Decoder<'p>,
    extra: Decoder<'p>,
    /// The size of the new content in bytes.
    size: u64,
}

impl<'p> PatchReader<'p> {
    fn new(patch: &'p [u8]) -> Result<Self, PatchError> {
        let (header, rest) = patch.split_at_checked(HEADER).ok_or(PatchError::Header)?;
        let numbers = header.strip_prefix(MAGIC).ok_or(PatchError::Header)?;
        let mut numbers = numbers.as_chunks::<8>().0.iter().copied().map(number);
        let mut next = || length(numbers.next().unwrap_or(-1)).map_err(|_| PatchError::Header);
        let (control, difference, size) = (next()?, next()?, next()?);
        let split = |bytes: &'p [u8], length: u64| {
            let length = usize::try_from(length).ok();
            length
                .and_then(|length| bytes.split_at_checked(length))
                .ok_or(PatchError::Header)
        };
        let (control, rest) = split(rest, control)?;
        let (difference, extra) = split(rest, difference)?;
        Ok(Self {
            control: MultiBzDecoder::new(control),
            difference: MultiBzDecoder::new(difference),
            extra: MultiBzDecoder::new(extra),
            size,
        })
    }

    /// Reads how many bytes to add, how many to copy, and how far to seek in the old content afterwards.
    fn triple(&mut self) -> io::Result<[i64; 3]> {
        let mut triple = [[0; 8]; 3];
        for number in &mut triple {
            self.control.read_exact(number)?;
        }
        Ok(triple.map(number))
    }
}

/// The old content, with zeros before and after it.
struct OldContent<'o, R> {
    content: &'o mut R,
    size: i64,
    offset: i64,
}

impl<'o, R: Read + Seek> OldContent<'o, R> {
    fn new(content: &'o mut R) -> Result<Self, PatchError> {
        let size = content.seek(SeekFrom::End(0))?;
        content.rewind()?;
        let size = i64::try_from(size).map_err(|_| PatchError::Size)?;
        Ok(Self {
            content,
            size,
            offset: 0,
        })
    }

    fn seek(&mut self, distance: i64) -> Result<(), PatchError> {
        self.offset = self.offset.checked_add(distance).ok_or(PatchError::Size)?;
        let inside = u64::try_from(self.offset.clamp(0, self.size)).unwrap_or_default();
        self.content.seek(SeekFrom::Start(inside))?;
        Ok(())
    }

    /// Adds the next bytes to those of `block`, modulo 256.
    fn add_to(&mut self, block: &mut [u8]) -> Result<(), PatchError> {
        let length = i64::try_from(block.len()).map_err(|_| PatchError::Size)?;
        let end = self.offset.checked_add(length).ok_or(PatchError::Size)?;
        let (from, to) = (self.offset.clamp(0, self.size), end.clamp(0, self.size));
        let index = |at: i64| usize::try_from(at - self.offset).unwrap_or_default();
        let inside = block.get_mut(index(from)..index(to)).unwrap_or_default();
        let mut content = vec![0; inside.len()];
        self.content.read_exact(&mut content)?;
        for (byte, old) in inside.iter_mut().zip(content) {
            *byte = byte.wrapping_add(old);
        }
        self.offset = end;
        Ok(())
    }
}

/// Writes the sum of bytes of the old content and the difference.
fn add_bytes(
    old: &mut OldContent<'_, impl Read + Seek>,
    difference: &mut impl Read,
    new: &mut impl Write,
    length: u64,
) -> Result<(), PatchError> {
    in_blocks(length, |block| {
        difference.read_exact(block)?;
        old.add_to(block)?;
        Ok(new.write_all(block)?)
    })
}

/// Writes bytes of the patch.
fn copy_bytes(extra: &mut impl Read, new: &mut impl Write, length: u64) -> Result<(), PatchError> {
    in_blocks(length, |block| {
        extra.read_exact(block)?;
        Ok(new.write_all(block)?)
    })
}

fn in_blocks(
    mut left: u64,
    mut process: impl FnMut(&mut [u8]) -> Result<(), PatchError>,
) -> Result<(), PatchError> {
    let mut buffer = vec![0; usize::try_from(left).unwrap_or(BLOCK).min(BLOCK)];
    while left > 0 {
        let length = usize::try_from(left).unwrap_or(BLOCK).min(BLOCK);
        let block = buffer.get_mut(..length).unwrap_or_default();
        process(block)?;
        left -= length as u64;
    }
    Ok(())
}

/// Decodes a number.
fn number(bytes: [u8; 8]) -> i64 {
    let raw = u64::from_le_bytes(bytes);
    let value = i64::try_from(raw & (u64::MAX >> 1)).unwrap_or_default();
    if raw >> 63 == 1 { -value } else { value }
}

fn length(number: i64) -> Result<u64, PatchError> {
    u64::try_from(number).map_err(|_| PatchError::Size)
}

#[cfg(test)]
mod tests;
