//! Which of a game's files are not what they should be.

use std::io::Read as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::cache::Cache;
use super::folder::{Folder, Stat};
use super::trouble::FileError;
use super::turn::cores;
use crate::base::clock;
use crate::manifest::{Hash, Hasher, Manifest, ManifestFile};

/// How much of a file is read at once.
const CHUNK: usize = 256 * 1024;

/// How closely files are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// A file that looks as it did when it was last read is not read again.
    Quick,
    /// Every file is read.
    Whole,
}

/// A file that is missing or different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutdatedFile {
    /// Which of the manifest's files.
    pub index: usize,
    /// The whole hash of what is there instead, where it was made: always when the manifest has patches for the file.
    pub have: Option<Hash>,
}

/// What a look at a file tells.
enum Look {
    Right,
    Wrong(Option<Hash>),
    /// It has to be read; its size.
    Unknown(u64),
}

/// What reading a file tells.
struct Reading {
    hash: Hash,
    /// How it looked, unless it changed meanwhile.
    stat: Option<Stat>,
    /// When reading began, since 1970.
    began: Duration,
}

/// The files of a manifest that are missing or different, in its order. What was read is remembered in the cache; nothing
/// is changed on the disk.
///
/// # Errors
/// The first file's trouble, in the order of the manifest: what is in its way, or why it cannot be read.
pub fn check(
    folder: &Folder,
    manifest: &Manifest,
    cache: &mut Cache,
    depth: Depth,
) -> Result<Vec<OutdatedFile>, FileError> {
    let mut needs = Vec::new();
    let mut unknown = Vec::new();
    let stats = folder.stats(manifest.files.iter().map(|file| &file.name));
    for ((index, file), stat) in manifest.files.iter().enumerate().zip(stats) {
        match look(file, stat?, cache, depth) {
            Look::Right => {}
            Look::Wrong(have) => needs.push(OutdatedFile { index, have }),
            Look::Unknown(size) => unknown.push((index, file, size)),
        }
    }
    for (index, file, reading) in read_all(folder, unknown) {
        let reading = reading?;
        if let Some(stat) = reading.stat {
            cache.put(&file.name, stat, reading.hash.clone(), reading.began);
        }
        if let Look::Wrong(have) = judge(file, reading.hash) {
            needs.push(OutdatedFile { index, have });
        }
    }
    needs.sort_by_key(|need| need.index);
    Ok(needs)
}

/// Lets the system run those programs of a manifest that are right and that it would not run.
///
/// # Errors
/// When one of them cannot be opened any more.
pub fn permit(
    folder: &Folder,
    manifest: &Manifest,
    needs: &[OutdatedFile],
) -> Result<(), FileError> {
    let is_right = |index: usize| needs.iter().all(|need| need.index != index);
    for (index, file) in manifest.files.iter().enumerate() {
        if file.is_executable && is_right(index) {
            folder.permit(&file.name)?;
        }
    }
    Ok(())
}

fn look(file: &ManifestFile, stat: Option<Stat>, cache: &Cache, depth: Depth) -> Look {
    let Some(stat) = stat else {
        return Look::Wrong(None);
    };
    let is_size_wrong = file.size.is_some_and(|size| size != stat.size);
    if is_size_wrong && file.patches.is_empty() {
        return Look::Wrong(None);
    }
    let known = match depth {
        Depth::Quick => cache.get(&file.name, &stat, file.hash.algorithm()),
        Depth::Whole => None,
    };
    match known {
        Some(hash) => judge(file, hash),
        None => Look::Unknown(stat.size),
    }
}

/// Whether a file with this hash is right.
fn judge(file: &ManifestFile, hash: Hash) -> Look {
    if hash.matches(&file.hash) {
        Look::Right
    } else {
        Look::Wrong(Some(hash))
    }
}

/// Reads files on all cores, the largest first so that none is left to the end. Gives them in the order of the manifest.
fn read_all<'m>(
    folder: &Folder,
    mut files: Vec<(usize, &'m ManifestFile, u64)>,
) -> Vec<(usize, &'m ManifestFile, Result<Reading, FileError>)> {
    files.sort_by_key(|(_, _, size)| std::cmp::Reverse(*size));
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let work = || {
        let mut chunk = vec![0; CHUNK];
        while let Some((index, file, _)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            // The receiver outlives every sender.
            let _ = sender.send((*index, *file, read(folder, file, &mut chunk)));
        }
    };
    thread::scope(|scope| {
        for _ in 1..cores().min(files.len()) {
            // Where no thread can be had, the others do its work.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        if !files.is_empty() {
            work();
        }
    });
    drop(sender);
    let mut readings: Vec<_> = receiver.into_iter().collect();
    readings.sort_by_key(|(index, ..)| *index);
    readings
}

fn read(folder: &Folder, file: &ManifestFile, chunk: &mut [u8]) -> Result<Reading, FileError> {
    let trouble = |cause| FileError::new(&file.name, cause);
    let began = clock::since_epoch();
    let mut content = folder.read(&file.name)?;
    let before = Stat::of_file(&content).map_err(trouble)?;
    let mut hasher = Hasher::new(file.hash.algorithm());
    loop {
        match content.read(chunk) {
            Ok(0) => break,
            Ok(length) => hasher.update(chunk.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(trouble(error)),
        }
    }
    let after = Stat::of_file(&content).map_err(trouble)?;
    Ok(Reading {
        hash: hasher.finish(),
        stat: (before == after).then_some(after),
        began,
    })
}

#[cfg(test)]
mod tests;
