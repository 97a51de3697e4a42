//! Patches in the BSDIFF40 format: an old content and a patch give a new one.
//!
//! ```text
//!   "BSDIFF40"  length of control  length of difference  length of the new content      8 bytes each
//!   control     bzip2: triples of (add, copy, seek)
//!   difference  bzip2: bytes to add to those of the old content, modulo 256
//!   extra       bzip2: bytes to copy
//! ```
//!
//! Numbers are of 64 bits, lowest byte first, with the sign in the highest bit. The layout is that of Colin Percival's
//! bspatch. Everything is read as a stream, so that the size of the contents does not matter.

use std::io::{self, Read, Seek, SeekFrom, Write};

use bzip2::bufread::MultiBzDecoder;

const MAGIC: &[u8] = b"BSDIFF40";
const HEADER: usize = 32;
/// How many bytes are worked on at a time.
const BLOCK: usize = 64 * 1024;
/// So many triples in a row may make nothing.
const MOST_IDLE: u32 = 1024;

/// A patch that does not fit, or is none. Nothing of it is in the error.
#[derive(Debug, thiserror::Error)]
pub enum BadPatch {
    /// It does not begin as a patch does, or its parts are not as long as it says.
    #[error("it is no patch of the BSDIFF40 format")]
    Header,
    /// It makes more, or less, than it says.
    #[error("it makes a content of another size than it says")]
    Size,
    /// The old content cannot be read, a part of the patch cannot be unpacked, or the new content not be written.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Writes what `patch` makes of `old`. Makes at most `most` bytes. Bytes outside of the old content count as 0, as they
/// do for bspatch.
///
/// # Errors
/// When the patch is none, or makes another size than it says, and whatever reading and writing say.
pub fn apply(
    old: &mut (impl Read + Seek),
    patch: &[u8],
    new: &mut impl Write,
    most: u64,
) -> Result<(), BadPatch> {
    let mut parts = Parts::of(patch)?;
    if parts.size > most {
        return Err(BadPatch::Size);
    }
    let mut old = Old::new(old)?;
    let (mut left, mut idle) = (parts.size, 0_u32);
    while left > 0 {
        let [add, copy, seek] = parts.triple()?;
        let (add, copy) = (length(add)?, length(copy)?);
        idle = if add == 0 && copy == 0 { idle + 1 } else { 0 };
        let made = add.checked_add(copy).ok_or(BadPatch::Size)?;
        left = left.checked_sub(made).ok_or(BadPatch::Size)?;
        if idle > MOST_IDLE {
            return Err(BadPatch::Size);
        }
        mix(&mut old, &mut parts.difference, new, add)?;
        pass(&mut parts.extra, new, copy)?;
        old.skip(seek)?;
    }
    Ok(())
}

type Unpacked<'p> = MultiBzDecoder<&'p [u8]>;

/// The parts of a patch.
struct Parts<'p> {
    control: Unpacked<'p>,
    difference: Unpacked<'p>,
    extra: Unpacked<'p>,
    /// How long the new content is.
    size: u64,
}

impl<'p> Parts<'p> {
    fn of(patch: &'p [u8]) -> Result<Self, BadPatch> {
        let (header, rest) = patch.split_at_checked(HEADER).ok_or(BadPatch::Header)?;
        let numbers = header.strip_prefix(MAGIC).ok_or(BadPatch::Header)?;
        let mut numbers = numbers.as_chunks::<8>().0.iter().copied().map(number);
        let mut next = || length(numbers.next().unwrap_or(-1)).map_err(|_| BadPatch::Header);
        let (control, difference, size) = (next()?, next()?, next()?);
        let split = |bytes: &'p [u8], length: u64| {
            let length = usize::try_from(length).ok();
            length
                .and_then(|length| bytes.split_at_checked(length))
                .ok_or(BadPatch::Header)
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

    /// How many bytes to add, how many to copy, and how far to go on in the old content after that.
    fn triple(&mut self) -> io::Result<[i64; 3]> {
        let mut triple = [[0; 8]; 3];
        for number in &mut triple {
            self.control.read_exact(number)?;
        }
        Ok(triple.map(number))
    }
}

/// The old content, as if there were zeros before and behind it.
struct Old<'o, R> {
    content: &'o mut R,
    size: i64,
    at: i64,
}

impl<'o, R: Read + Seek> Old<'o, R> {
    fn new(content: &'o mut R) -> Result<Self, BadPatch> {
        let size = content.seek(SeekFrom::End(0))?;
        content.rewind()?;
        let size = i64::try_from(size).map_err(|_| BadPatch::Size)?;
        Ok(Self {
            content,
            size,
            at: 0,
        })
    }

    fn skip(&mut self, far: i64) -> Result<(), BadPatch> {
        self.at = self.at.checked_add(far).ok_or(BadPatch::Size)?;
        let inside = u64::try_from(self.at.clamp(0, self.size)).unwrap_or_default();
        self.content.seek(SeekFrom::Start(inside))?;
        Ok(())
    }

    /// Adds the next bytes to `block`, one by one.
    fn add_to(&mut self, block: &mut [u8]) -> Result<(), BadPatch> {
        let length = i64::try_from(block.len()).map_err(|_| BadPatch::Size)?;
        let end = self.at.checked_add(length).ok_or(BadPatch::Size)?;
        let (from, to) = (self.at.clamp(0, self.size), end.clamp(0, self.size));
        let place = |at: i64| usize::try_from(at - self.at).unwrap_or_default();
        let there = block.get_mut(place(from)..place(to)).unwrap_or_default();
        let mut content = vec![0; there.len()];
        self.content.read_exact(&mut content)?;
        for (byte, old) in there.iter_mut().zip(content) {
            *byte = byte.wrapping_add(old);
        }
        self.at = end;
        Ok(())
    }
}

/// The next bytes are those of the old content and of the difference, added.
fn mix(
    old: &mut Old<'_, impl Read + Seek>,
    difference: &mut impl Read,
    new: &mut impl Write,
    length: u64,
) -> Result<(), BadPatch> {
    in_blocks(length, |block| {
        difference.read_exact(block)?;
        old.add_to(block)?;
        Ok(new.write_all(block)?)
    })
}

/// The next bytes are in the patch.
fn pass(extra: &mut impl Read, new: &mut impl Write, length: u64) -> Result<(), BadPatch> {
    in_blocks(length, |block| {
        extra.read_exact(block)?;
        Ok(new.write_all(block)?)
    })
}

fn in_blocks(
    mut left: u64,
    mut work: impl FnMut(&mut [u8]) -> Result<(), BadPatch>,
) -> Result<(), BadPatch> {
    let mut room = vec![0; usize::try_from(left).unwrap_or(BLOCK).min(BLOCK)];
    while left > 0 {
        let length = usize::try_from(left).unwrap_or(BLOCK).min(BLOCK);
        let block = room.get_mut(..length).unwrap_or_default();
        work(block)?;
        left -= length as u64;
    }
    Ok(())
}

/// A number as patches write it: lowest byte first, and a sign.
fn number(bytes: [u8; 8]) -> i64 {
    let raw = u64::from_le_bytes(bytes);
    let size = i64::try_from(raw & (u64::MAX >> 1)).unwrap_or_default();
    if raw >> 63 == 1 { -size } else { size }
}

fn length(number: i64) -> Result<u64, BadPatch> {
    u64::try_from(number).map_err(|_| BadPatch::Size)
}

#[cfg(test)]
mod tests;
