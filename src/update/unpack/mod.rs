//! Decodes, hashes and writes a file on a thread of its own. With a hash of the packed bytes, that is verified before they
//! are decoded; without one, they are decoded while they are downloaded.
//!
//! ```text
//!   network ─▶ ChannelSink ─▶ PackedReader ─▶ decoder ─▶ hasher ─▶ StagedFile ─▶ the file
//!                                  │
//!                                  └▶ PartialDownload, for the next run
//! ```

use std::io::{self, BufRead, ErrorKind, Read, Write as _};
use std::sync::Arc;

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;

use super::file_error::FileError;
use super::folder::{Folder, Stat};
use super::packed_reader::{EndReason, PackedReader};
use super::parallel_bzip2::ParallelBzip2Decoder;
use super::worker_pool::StopFlag;
use crate::manifest::{Hash, Hasher, ManifestFile, Packing};

/// How many bytes are read, decoded and written at a time.
const BLOCK: usize = 256 * 1024;
/// The size limit of a file in bytes, packed and unpacked. A larger file is an attempt to fill the disk.
pub(super) const MAX_FILE_SIZE: u64 = 8 << 30;
/// How many bytes a packed byte may unpack to, on average over a file that exceeds [`RATIO_FREE_SIZE`]. The files of the
/// games unpack to less than 30.
const MAX_RATIO: u64 = 100;
/// The size in bytes up to which a file may have any ratio.
const RATIO_FREE_SIZE: u64 = 64 << 20;
/// The part of the free space that is left free, as a divisor.
const MIN_FREE_PART: u64 = 16;

/// Why a file is corrupt whose packed bytes cannot be decoded.
const UNDECODABLE: &str = "the file cannot be unpacked";

/// The metadata and the hash of a file that was placed.
#[derive(Debug)]
pub(super) struct PlacedFile {
    pub(super) stat: Stat,
    pub(super) hash: Hash,
}

/// Why a file cannot be placed.
#[derive(Debug)]
pub(super) enum UnpackError {
    /// The content is wrong, as described. The partial download is removed.
    Corrupt(&'static str),
    /// The download or the update ended early. The partial download is kept.
    Interrupted,
    /// The disk has no space for the bytes of this mirror, which are not verified. The partial download is removed.
    Full(FileError),
    /// The file cannot be written. The partial download is kept.
    Disk(FileError),
}

impl From<FileError> for UnpackError {
    fn from(error: FileError) -> Self {
        Self::Disk(error)
    }
}

/// Unpacks a file and places it. When the stop flag is set, stores the remaining packed bytes without decoding them.
pub(super) fn unpack(
    folder: &Folder,
    file: &ManifestFile,
    mut reader: PackedReader,
    stop: &StopFlag,
) -> Result<PlacedFile, UnpackError> {
    let mut is_parallel = file.packed.packing == Packing::Bzip2;
    let result = loop {
        let result = unpack_once(folder, file, &mut reader, is_parallel, stop);
        // What the parallel decoder does not decode, the sequential one may.
        if is_parallel && matches!(result, Err(UnpackError::Corrupt(UNDECODABLE))) && reader.drain()
        {
            reader.rewind()?;
            is_parallel = false;
            continue;
        }
        match (reader.end.take(), result) {
            (Some(EndReason::Restart), Err(_)) => reader = reader.restart()?,
            (Some(EndReason::Disconnected), Err(UnpackError::Corrupt(_))) => {
                break Err(UnpackError::Interrupted);
            }
            (Some(EndReason::Disk(error)), _) => break Err(unverified(error)),
            (_, result) => break result,
        }
    };
    let is_resumable = matches!(result, Err(UnpackError::Interrupted | UnpackError::Disk(_)));
    if !is_resumable || reader.partial.is_empty() {
        // After an error, the next run removes the file.
        let _ = reader.partial.remove();
    }
    result
}

/// Unpacks a file until the download ends or restarts.
fn unpack_once(
    folder: &Folder,
    file: &ManifestFile,
    reader: &mut PackedReader,
    is_parallel: bool,
    stop: &StopFlag,
) -> Result<PlacedFile, UnpackError> {
    if let Some(expected) = &file.packed.hash {
        verify(reader, expected, stop)?;
    }
    let disk_error = match file.packed.hash {
        Some(_) => UnpackError::Disk,
        None => unverified,
    };
    let max_size = file.size.unwrap_or(reader.limit);
    let min_free = folder.free_space().unwrap_or(0) / MIN_FREE_PART;
    let is_full = || folder.free_space().is_some_and(|free| free < min_free);
    let mut staged = folder.stage(&file.name, &file.hash)?;
    let mut hasher = Hasher::new(file.hash.algorithm());
    let mut decoder = if is_parallel {
        let cores = Arc::clone(reader.permit.cores());
        Decoder::Parallel(ParallelBzip2Decoder::new(&mut *reader, &cores))
    } else {
        Decoder::new(file.packed.packing, &mut *reader)
    };
    let (mut block, mut size) = (vec![0; BLOCK], 0_u64);
    loop {
        let bytes = read_block(&mut decoder, &mut block)?;
        if bytes.is_empty() {
            break;
        }
        size += bytes.len() as u64;
        let packed_size = decoder.packed().partial.len();
        if size > max_size.min(max_unpacked_size(packed_size)) {
            return Err(UnpackError::Corrupt("the file is too large"));
        }
        if stop.is_set() {
            drop(decoder);
            reader.store_rest();
            return Err(UnpackError::Interrupted);
        }
        hasher.update(bytes);
        let written = if is_full() {
            Err(ErrorKind::StorageFull.into())
        } else {
            staged.write_all(bytes)
        };
        written.map_err(|cause| disk_error(FileError::new(&file.name, cause)))?;
    }
    drop(decoder);
    let is_complete = reader.drain();
    let hash = hasher.finish();
    if !is_complete || !hash.matches(&file.hash) {
        return Err(UnpackError::Corrupt("the hash does not match"));
    }
    // Another thread can decode while the disk syncs the file.
    reader.permit.release();
    let stat = staged.place(file.is_executable)?;
    Ok(PlacedFile { stat, hash })
}

/// Reads all packed bytes, and begins again with the first when they have the expected hash.
fn verify(reader: &mut PackedReader, expected: &Hash, stop: &StopFlag) -> Result<(), UnpackError> {
    const MISMATCH: UnpackError = UnpackError::Corrupt("the hash does not match");
    let mut hasher = Hasher::new(expected.algorithm());
    loop {
        if stop.is_set() {
            reader.store_rest();
            return Err(UnpackError::Interrupted);
        }
        let bytes = reader.fill_buf().map_err(|_| MISMATCH)?;
        if bytes.is_empty() {
            break;
        }
        hasher.update(bytes);
        let length = bytes.len();
        reader.consume(length);
    }
    if !hasher.finish().matches(expected) {
        return Err(MISMATCH);
    }
    Ok(reader.rewind()?)
}

/// Returns how many bytes this many packed bytes may unpack to.
const fn max_unpacked_size(packed_size: u64) -> u64 {
    packed_size
        .saturating_mul(MAX_RATIO)
        .saturating_add(RATIO_FREE_SIZE)
}

/// Converts an error in writing bytes that are not verified. Another mirror may have fewer.
fn unverified(error: FileError) -> UnpackError {
    match error {
        FileError::Full { .. } => UnpackError::Full(error),
        other => UnpackError::Disk(other),
    }
}

/// Reads the next unpacked bytes; none at the end.
fn read_block<'b>(decoder: &mut impl Read, block: &'b mut [u8]) -> Result<&'b [u8], UnpackError> {
    loop {
        match decoder.read(block) {
            Ok(length) => return Ok(block.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Err(UnpackError::Corrupt(UNDECODABLE)),
        }
    }
}

/// Reads unpacked bytes.
pub(super) enum Decoder<R> {
    Parallel(ParallelBzip2Decoder<R>),
    Bzip2(MultiBzDecoder<R>),
    Gzip(Box<MultiGzDecoder<R>>),
}

impl<R: BufRead> Decoder<R> {
    /// Creates a decoder of these packed bytes.
    pub(super) fn new(packing: Packing, packed: R) -> Self {
        match packing {
            Packing::Bzip2 => Self::Bzip2(MultiBzDecoder::new(packed)),
            Packing::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(packed))),
        }
    }

    /// Returns the reader of the packed bytes.
    fn packed(&self) -> &R {
        match self {
            Self::Parallel(decoder) => decoder.get_ref(),
            Self::Bzip2(decoder) => decoder.get_ref(),
            Self::Gzip(decoder) => decoder.get_ref(),
        }
    }
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Parallel(decoder) => decoder.read(buffer),
            Self::Bzip2(decoder) => decoder.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests;
