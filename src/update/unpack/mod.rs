//! Decodes, hashes and writes a file on a thread of its own while it is downloaded.
//!
//! ```text
//!   network ─▶ ChannelSink ─▶ PackedReader ─▶ decoder ─▶ hasher ─▶ StagedFile ─▶ the file
//!                                  │
//!                                  └▶ PartialDownload, for the next run
//! ```

use std::io::{BufRead, ErrorKind, Read, Write as _};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;

use super::file_error::FileError;
use super::folder::{Folder, Stat};
use super::packed_reader::{EndReason, PackedReader};
use super::worker_pool::StopFlag;
use crate::manifest::{Hash, Hasher, ManifestFile, Packing};

/// How many bytes are read, decoded and written at a time.
const BLOCK: usize = 256 * 1024;
/// The size limit of a file in bytes, packed and unpacked. A larger file is an attempt to fill the disk.
pub(super) const MAX_FILE_SIZE: u64 = 8 << 30;

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
    /// The file cannot be written.
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
    let result = loop {
        let result = unpack_once(folder, file, &mut reader, stop);
        match (reader.end.take(), result) {
            (Some(EndReason::Restart), Err(_)) => reader = reader.restart(&file.packed)?,
            (Some(EndReason::Disconnected), Err(UnpackError::Corrupt(_))) => {
                break Err(UnpackError::Interrupted);
            }
            (Some(EndReason::Disk(error)), _) => break Err(error.into()),
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
    stop: &StopFlag,
) -> Result<PlacedFile, UnpackError> {
    let max_size = file.size.unwrap_or(reader.limit);
    let mut staged = folder.stage(&file.name, &file.hash)?;
    let mut hasher = Hasher::new(file.hash.algorithm());
    let mut decoder = decoder(file.packed.packing, &mut *reader);
    let (mut block, mut size) = (vec![0; BLOCK], 0_u64);
    loop {
        let bytes = read_block(&mut decoder, &mut block)?;
        if bytes.is_empty() {
            break;
        }
        size += bytes.len() as u64;
        if size > max_size {
            return Err(UnpackError::Corrupt("the file is too large"));
        }
        if stop.is_set() {
            drop(decoder);
            reader.store_rest();
            return Err(UnpackError::Interrupted);
        }
        hasher.update(bytes);
        staged
            .write_all(bytes)
            .map_err(|cause| FileError::new(&file.name, cause))?;
    }
    drop(decoder);
    let is_complete = reader.drain();
    let hash = hasher.finish();
    let has_hashes = reader.has_hash(file.packed.hash.as_ref()) && hash.matches(&file.hash);
    if !is_complete || !has_hashes {
        return Err(UnpackError::Corrupt("the hash does not match"));
    }
    // Another thread can decode while the disk syncs the file.
    reader.permit.release();
    let stat = staged.place(file.is_executable)?;
    Ok(PlacedFile { stat, hash })
}

/// Reads the next unpacked bytes; none at the end.
fn read_block<'b>(decoder: &mut impl Read, block: &'b mut [u8]) -> Result<&'b [u8], UnpackError> {
    loop {
        match decoder.read(block) {
            Ok(length) => return Ok(block.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Err(UnpackError::Corrupt("the file cannot be unpacked")),
        }
    }
}

/// Returns a reader of the unpacked bytes.
pub(super) fn decoder<'r>(packing: Packing, packed: impl BufRead + 'r) -> Box<dyn Read + 'r> {
    match packing {
        Packing::Bzip2 => Box::new(MultiBzDecoder::new(packed)),
        Packing::Gzip => Box::new(MultiGzDecoder::new(packed)),
    }
}

#[cfg(test)]
mod tests;
