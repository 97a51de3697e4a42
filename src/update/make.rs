//! Makes a file from the old one and a patch: verified before, verified after.

use std::io::{self, Read, Write};

use super::crew::Stop;
use super::folder::{Folder, StagedFile};
use super::patch;
use super::sinks::LARGEST_PATCH;
use super::unpack::{LARGEST, Placed, decoder};
use crate::manifest::{Hash, Hasher, ManifestFile, Packing, Patch};

/// Puts what the packed patch makes of the old file in its place.
///
/// # Errors
/// Why not; then the old file stays, and the whole of the new one is to be fetched.
pub(super) fn make(
    folder: &Folder,
    wanted: &ManifestFile,
    patch: &Patch,
    packed: &[u8],
    stop: &Stop,
) -> Result<Placed, &'static str> {
    if let Some(promise) = &patch.packed.hash
        && !has(packed, promise)
    {
        return Err("the patch does not have the promised hash");
    }
    let unpacked = unpacked(packed, patch.packed.packing).ok();
    let unpacked = unpacked.ok_or("the patch cannot be unpacked")?;
    if !has(&unpacked, &patch.hash) {
        return Err("the patch does not have the promised hash");
    }
    let disk = "the disk does not take what the patch makes";
    let mut old = folder
        .read(&wanted.name)
        .map_err(|_| "the old file cannot be read")?;
    let draft = folder.draft(&wanted.name, &wanted.hash).map_err(|_| disk)?;
    let mut hashed = Hashed {
        draft,
        hasher: Hasher::new(wanted.hash.algorithm()),
        stop,
    };
    let most = wanted.size.unwrap_or(LARGEST);
    patch::apply(&mut old, &unpacked, &mut hashed, most).map_err(|_| "the patch does not fit")?;
    let hash = hashed.hasher.finish();
    if !hash.matches(&wanted.hash) {
        return Err("what the patch makes does not have the promised hash");
    }
    // Windows replaces no file that is open.
    drop(old);
    let stat = hashed.draft.place(wanted.is_executable).map_err(|_| disk)?;
    Ok(Placed { stat, hash })
}

fn has(bytes: &[u8], promise: &Hash) -> bool {
    Hash::of(promise.algorithm(), bytes).matches(promise)
}

fn unpacked(packed: &[u8], packing: Packing) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let decoder = decoder(packing, packed);
    let length = decoder.take(LARGEST_PATCH + 1).read_to_end(&mut unpacked)?;
    if length as u64 > LARGEST_PATCH {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(unpacked)
}

/// A draft whose content is hashed while it is written, for as long as somebody waits for it.
struct Hashed<'s> {
    draft: StagedFile,
    hasher: Hasher,
    stop: &'s Stop,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stop.is_told() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let length = self.draft.write(bytes)?;
        self.hasher.update(bytes.get(..length).unwrap_or_default());
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.draft.flush()
    }
}
