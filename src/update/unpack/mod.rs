//! The thread of one file: what arrives is kept, decoded, hashed and written at once.
//!
//! ```text
//!   network ─▶ Feed ─▶ Arriving ─▶ decoder ─▶ hash ─▶ Draft ─▶ the file
//!                        │
//!                        └▶ .NAME.HASH.part, for the next run
//! ```

use std::io::{BufRead, ErrorKind, Read, Write as _};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use tokio::sync::mpsc::Receiver;

use super::arriving::{Arrival, Arriving, End};
use super::crew::Stop;
use super::folder::{Folder, Part, Stat};
use super::trouble::FileError;
use super::turn::Turn;
use crate::manifest::{Hash, Hasher, ManifestFile, Packing};

/// How many bytes are read, decoded and written at a time.
const BLOCK: usize = 256 * 1024;
/// The most that a file may be, packed or not: what is larger was made to fill a disk.
pub(super) const LARGEST: u64 = 8 << 30;

/// A file that is in its place.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) stat: Stat,
    pub(super) hash: Hash,
}

/// Why a file is not in its place.
#[derive(Debug)]
pub(super) enum UnpackError {
    /// What arrived is not what was promised; what was kept of it is gone.
    Corrupt(&'static str),
    /// Nobody sends any more; what arrived is kept.
    Cut,
    /// The disk.
    Disk(FileError),
}

impl From<FileError> for UnpackError {
    fn from(trouble: FileError) -> Self {
        Self::Disk(trouble)
    }
}

/// Takes what arrives until the file is in its place. What an earlier run kept comes first. Told to stop, it keeps what
/// arrived and decodes no more of it.
pub(super) fn unpack(
    folder: &Folder,
    wanted: &ManifestFile,
    part: Part,
    arrivals: Receiver<Arrival>,
    turn: Turn,
    stop: &Stop,
) -> Result<Placed, UnpackError> {
    let arriving = Arriving::new(part, arrivals, turn, &wanted.packed, LARGEST)?;
    unpack_within(LARGEST, folder, wanted, arriving, stop)
}

/// The same where neither the packed nor the unpacked file may be larger.
fn unpack_within(
    most: u64,
    folder: &Folder,
    wanted: &ManifestFile,
    mut arriving: Arriving,
    stop: &Stop,
) -> Result<Placed, UnpackError> {
    let outcome = loop {
        let outcome = whole(folder, wanted, &mut arriving, most, stop);
        match (arriving.end.take(), outcome) {
            (Some(End::Anew), Err(_)) => arriving = arriving.anew(&wanted.packed, most)?,
            (Some(End::Cut), Err(UnpackError::Corrupt(_))) => break Err(UnpackError::Cut),
            (Some(End::Disk(trouble)), _) => break Err(trouble.into()),
            (_, outcome) => break outcome,
        }
    };
    let is_of_use = matches!(outcome, Err(UnpackError::Cut | UnpackError::Disk(_)))
        && !arriving.part.is_empty();
    if !is_of_use {
        // Left behind, it is cleared away by the next run.
        let _ = arriving.part.discard();
    }
    outcome
}

/// One go at the whole file.
fn whole(
    folder: &Folder,
    wanted: &ManifestFile,
    arriving: &mut Arriving,
    most: u64,
    stop: &Stop,
) -> Result<Placed, UnpackError> {
    let mut draft = folder.draft(&wanted.name, &wanted.hash)?;
    let mut hasher = Hasher::new(wanted.hash.algorithm());
    let mut decoder = decoder(wanted.packed.packing, &mut *arriving);
    let (mut block, mut size) = (vec![0; BLOCK], 0_u64);
    loop {
        let bytes = next_of(&mut decoder, &mut block)?;
        if bytes.is_empty() {
            break;
        }
        size += bytes.len() as u64;
        if size > wanted.size.unwrap_or(most) {
            return Err(UnpackError::Corrupt("it is larger than it should be"));
        }
        if stop.is_told() {
            drop(decoder);
            arriving.put_away();
            return Err(UnpackError::Cut);
        }
        hasher.update(bytes);
        draft
            .write_all(bytes)
            .map_err(|cause| FileError::new(&wanted.name, cause))?;
    }
    drop(decoder);
    let is_whole = arriving.drain();
    let hash = hasher.finish();
    if !is_whole || !arriving.keeps(wanted.packed.hash.as_ref()) || !hash.matches(&wanted.hash) {
        return Err(UnpackError::Corrupt("it does not have the promised hash"));
    }
    // The disk takes its time.
    arriving.turn.give_up();
    let stat = draft.place(wanted.is_executable)?;
    Ok(Placed { stat, hash })
}

/// The next unpacked bytes; none at the end.
fn next_of<'b>(decoder: &mut impl Read, block: &'b mut [u8]) -> Result<&'b [u8], UnpackError> {
    loop {
        match decoder.read(block) {
            Ok(length) => return Ok(block.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Err(UnpackError::Corrupt("it cannot be unpacked")),
        }
    }
}

/// What unpacks bytes as they are read.
pub(super) fn decoder<'r>(packing: Packing, packed: impl BufRead + 'r) -> Box<dyn Read + 'r> {
    match packing {
        Packing::Bzip2 => Box::new(MultiBzDecoder::new(packed)),
        Packing::Gzip => Box::new(MultiGzDecoder::new(packed)),
    }
}

#[cfg(test)]
mod tests;
