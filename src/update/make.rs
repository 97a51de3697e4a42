//! Makes a file from the old one and a patch: verified before, verified after.

use std::io::{self, Read, Write};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;

use super::crew::Stop;
use super::folder::{Draft, Folder};
use super::patch;
use super::unpack::Placed;
use crate::manifest::{Hash, Hasher, Packing, Patch, Wanted};

/// The most bytes of an unpacked patch, which is held in memory.
const LARGEST: u64 = 64 << 20;
/// The most that a patch may make.
const LARGEST_FILE: u64 = 8 << 30;

/// Puts what the packed patch makes of the old file in its place.
///
/// # Errors
/// Why not; then the old file stays, and the whole of the new one is to be fetched.
pub(super) fn make(
    folder: &Folder,
    wanted: &Wanted,
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
    let most = wanted.size.unwrap_or(LARGEST_FILE);
    patch::apply(&mut old, &unpacked, &mut hashed, most).map_err(|_| "the patch does not fit")?;
    let hash = hashed.hasher.finish();
    if !hash.keeps(&wanted.hash) {
        return Err("what the patch makes does not have the promised hash");
    }
    // Windows replaces no file that is open.
    drop(old);
    let stat = hashed.draft.place(wanted.is_program).map_err(|_| disk)?;
    Ok(Placed { stat, hash })
}

fn has(bytes: &[u8], promise: &Hash) -> bool {
    let mut hasher = Hasher::new(promise.algorithm());
    hasher.update(bytes);
    hasher.finish().keeps(promise)
}

fn unpacked(packed: &[u8], packing: Packing) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let mut decoder: Box<dyn Read> = match packing {
        Packing::Bzip2 => Box::new(MultiBzDecoder::new(packed)),
        Packing::Gzip => Box::new(MultiGzDecoder::new(packed)),
    };
    let length = decoder
        .by_ref()
        .take(LARGEST + 1)
        .read_to_end(&mut unpacked)?;
    if length as u64 > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(unpacked)
}

/// A draft whose content is hashed while it is written, for as long as somebody waits for it.
struct Hashed<'s> {
    draft: Draft,
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
