//! Compares a game's files with its manifest.

use std::io::Read as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::cache::Cache;
use super::core_permit::core_count;
use super::file_error::FileError;
use super::folder::{Folder, Stat};
use crate::base::clock;
use crate::manifest::{Hash, Hasher, Manifest, ManifestFile};

/// How many bytes are read at a time.
const CHUNK: usize = 256 * 1024;

/// How thoroughly files are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Files whose metadata are as in the cache are not read.
    Quick,
    /// Every file is read.
    Full,
}

/// A missing or outdated file of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutdatedFile {
    /// The index in [`Manifest::files`].
    pub index: usize,
    /// The hash of the existing file, if it was computed. It always is when the manifest has patches for the file.
    pub old_hash: Option<Hash>,
}

/// The result of checking a file.
enum FileState {
    Current,
    Outdated(Option<Hash>),
    /// The file of this size must be read.
    Unknown(u64),
}

/// The hash of a file that was read.
struct FileHash {
    hash: Hash,
    /// The metadata, unless they changed during reading.
    stat: Option<Stat>,
    /// When reading began, since 1970.
    seen: Duration,
}

/// Returns the missing and outdated files of a manifest, in its order. Adds the computed hashes to the cache; changes no
/// file.
///
/// # Errors
/// The error of the first file, in the order of the manifest, that cannot be checked.
pub fn check(
    folder: &Folder,
    manifest: &Manifest,
    cache: &mut Cache,
    depth: Depth,
) -> Result<Vec<OutdatedFile>, FileError> {
    let mut outdated = Vec::new();
    let mut unknown = Vec::new();
    let stats = folder.stats(manifest.files.iter().map(|file| &file.name));
    for ((index, file), stat) in manifest.files.iter().enumerate().zip(stats) {
        match check_metadata(file, stat?, cache, depth) {
            FileState::Current => {}
            FileState::Outdated(old_hash) => outdated.push(OutdatedFile { index, old_hash }),
            FileState::Unknown(size) => unknown.push((index, file, size)),
        }
    }
    for (index, file, result) in hash_all(folder, unknown) {
        let FileHash { hash, stat, seen } = result?;
        if let Some(stat) = stat {
            cache.put(&file.name, stat, hash.clone(), seen);
        }
        if let FileState::Outdated(old_hash) = check_hash(file, hash) {
            outdated.push(OutdatedFile { index, old_hash });
        }
    }
    outdated.sort_by_key(|file| file.index);
    Ok(outdated)
}

/// Makes the programs of a manifest executable, except outdated ones.
///
/// # Errors
/// When a program can no longer be opened.
pub fn make_programs_executable(
    folder: &Folder,
    manifest: &Manifest,
    outdated: &[OutdatedFile],
) -> Result<(), FileError> {
    let is_current = |index: usize| outdated.iter().all(|file| file.index != index);
    for (index, file) in manifest.files.iter().enumerate() {
        if file.is_executable && is_current(index) {
            folder.make_executable(&file.name, &file.hash)?;
        }
    }
    Ok(())
}

/// Checks a file without reading it.
fn check_metadata(
    file: &ManifestFile,
    stat: Option<Stat>,
    cache: &Cache,
    depth: Depth,
) -> FileState {
    let Some(stat) = stat else {
        return FileState::Outdated(None);
    };
    let is_size_wrong = file.size.is_some_and(|size| size != stat.size);
    if is_size_wrong && file.patches.is_empty() {
        return FileState::Outdated(None);
    }
    let cached = match depth {
        Depth::Quick => cache.get(&file.name, &stat, file.hash.algorithm()),
        Depth::Full => None,
    };
    match cached {
        Some(hash) => check_hash(file, hash),
        None => FileState::Unknown(stat.size),
    }
}

fn check_hash(file: &ManifestFile, hash: Hash) -> FileState {
    if hash.matches(&file.hash) {
        FileState::Current
    } else {
        FileState::Outdated(Some(hash))
    }
}

/// Hashes files on all cores. Begins with the largest, which evens out the work. Returns the hashes in the order of the
/// manifest.
fn hash_all<'m>(
    folder: &Folder,
    mut files: Vec<(usize, &'m ManifestFile, u64)>,
) -> Vec<(usize, &'m ManifestFile, Result<FileHash, FileError>)> {
    files.sort_by_key(|(_, _, size)| std::cmp::Reverse(*size));
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let hash_files = || {
        let mut chunk = vec![0; CHUNK];
        while let Some((index, file, _)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            // The receiver outlives all senders.
            let _ = sender.send((*index, *file, hash(folder, file, &mut chunk)));
        }
    };
    thread::scope(|scope| {
        for _ in 1..core_count().min(files.len()) {
            // If a thread cannot be started, the others do its work.
            let _ = thread::Builder::new().spawn_scoped(scope, hash_files);
        }
        if !files.is_empty() {
            hash_files();
        }
    });
    drop(sender);
    let mut hashes: Vec<_> = receiver.into_iter().collect();
    hashes.sort_by_key(|(index, ..)| *index);
    hashes
}

fn hash(folder: &Folder, file: &ManifestFile, chunk: &mut [u8]) -> Result<FileHash, FileError> {
    let error = |cause| FileError::new(&file.name, cause);
    let seen = clock::since_epoch();
    let mut content = folder.open_file(&file.name)?;
    let before = Stat::of_file(&content).map_err(error)?;
    let mut hasher = Hasher::new(file.hash.algorithm());
    loop {
        match content.read(chunk) {
            Ok(0) => break,
            Ok(length) => hasher.update(chunk.get(..length).unwrap_or_default()),
            Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(error(cause)),
        }
    }
    let after = Stat::of_file(&content).map_err(error)?;
    Ok(FileHash {
        hash: hasher.finish(),
        stat: (before == after).then_some(after),
        seen,
    })
}

#[cfg(test)]
mod tests;
