//! Applies a downloaded patch to a file. The patch and the result are verified.

use std::io::{self, Read, Write};

use super::bsdiff;
use super::folder::{Folder, StagedFile};
use super::sink::MAX_PATCH_SIZE;
use super::unpack::{Decoder, MAX_FILE_SIZE, PlacedFile};
use super::worker_pool::StopFlag;
use crate::manifest::{Hash, Hasher, ManifestFile, Packing, Patch};

/// Applies a packed patch to a file and places the result.
///
/// # Errors
/// The reason, when the patch cannot be applied. The file is then unchanged, and must be downloaded as a whole.
pub(super) fn apply_patch(
    folder: &Folder,
    file: &ManifestFile,
    patch: &Patch,
    packed: &[u8],
    stop: &StopFlag,
) -> Result<PlacedFile, &'static str> {
    if let Some(hash) = &patch.packed.hash
        && !has_hash(packed, hash)
    {
        return Err("the hash of the patch does not match");
    }
    let unpacked = unpack_patch(packed, patch.packed.packing).ok();
    let unpacked = unpacked.ok_or("the patch cannot be unpacked")?;
    if !has_hash(&unpacked, &patch.hash) {
        return Err("the hash of the patch does not match");
    }
    let disk = "the patched file cannot be written";
    let mut old = folder
        .open_file(&file.name)
        .map_err(|_| "the outdated file cannot be read")?;
    let staged = folder.stage(&file.name, &file.hash).map_err(|_| disk)?;
    let mut writer = HashingWriter {
        staged,
        hasher: Hasher::new(file.hash.algorithm()),
        stop,
    };
    let max = file.size.unwrap_or(MAX_FILE_SIZE);
    bsdiff::apply(&mut old, &unpacked, &mut writer, max)
        .map_err(|_| "the patch cannot be applied")?;
    let hash = writer.hasher.finish();
    if !hash.matches(&file.hash) {
        return Err("the hash of the patched file does not match");
    }
    // Windows does not replace an open file.
    drop(old);
    let stat = writer.staged.place(file.is_executable).map_err(|_| disk)?;
    Ok(PlacedFile { stat, hash })
}

fn has_hash(bytes: &[u8], expected: &Hash) -> bool {
    Hash::of(expected.algorithm(), bytes).matches(expected)
}

fn unpack_patch(packed: &[u8], packing: Packing) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let mut decoder = Decoder::new(packing, packed).take(MAX_PATCH_SIZE + 1);
    let length = decoder.read_to_end(&mut unpacked)?;
    if length as u64 > MAX_PATCH_SIZE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(unpacked)
}

/// Hashes and writes the content of a staged file, until the stop flag is set.
struct HashingWriter<'s> {
    staged: StagedFile,
    hasher: Hasher,
    stop: &'s StopFlag,
}

impl Write for HashingWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stop.is_set() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let length = self.staged.write(bytes)?;
        self.hasher.update(bytes.get(..length).unwrap_or_default());
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.staged.flush()
    }
}
