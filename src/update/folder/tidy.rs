//! What a program that died may have left beside the files of a game.

use std::collections::BTreeMap;

use cap_std::fs::Dir;

use super::{draft, part};
use crate::manifest::{FileName, Manifest};

/// The fewest and the most digits that a hash in such a name has.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=64;

/// The files of one folder, by their own names.
type Files<'n> = BTreeMap<&'n str, &'n FileName>;

/// The files of a manifest by the folders that they are in, each with one file that is in it.
pub(super) fn folders(manifest: &Manifest) -> Vec<(&FileName, Files<'_>)> {
    let mut folders: BTreeMap<Option<&str>, Files<'_>> = BTreeMap::new();
    for file in &manifest.files {
        let files = folders.entry(file.name.directory()).or_default();
        files.insert(file.name.file_name(), &file.name);
    }
    folders
        .into_values()
        .filter_map(|files| Some((*files.values().next()?, files)))
        .collect()
}

/// Removes drafts of these files, and parts unless they are wanted. What is no file, or of no such name, is not ours.
pub(super) fn sweep(directory: &Dir, files: &Files<'_>, wanted: impl Fn(&FileName, &str) -> bool) {
    let Ok(entries) = directory.entries() else {
        return;
    };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let file = entry.file_name();
        let Some((target, digits, end)) = file.to_str().and_then(taken_apart) else {
            continue;
        };
        let Some(name) = files.get(target) else {
            continue;
        };
        if is_file && (end == draft::END || !wanted(name, digits)) {
            let _ = directory.remove_file(&file);
        }
    }
}

/// FILE, HASH and the end of `.FILE.HASH.new` or `.FILE.HASH.part`.
fn taken_apart(name: &str) -> Option<(&str, &str, &str)> {
    let (name, end) = name.strip_prefix('.')?.rsplit_once('.')?;
    let (file, digits) = name.rsplit_once('.')?;
    let is_hex = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    let is_hash = DIGITS.contains(&digits.len()) && digits.bytes().all(is_hex);
    ([draft::END, part::END].contains(&end) && is_hash).then_some((file, digits, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_this_program_gives_are_taken_apart() {
        assert_eq!(
            taken_apart(".phase_3.mf.0123abc.part"),
            Some(("phase_3.mf", "0123abc", "part"))
        );
        assert_eq!(
            taken_apart("..hidden.0123abc.new"),
            Some((".hidden", "0123abc", "new"))
        );
        let long = format!(".a.{}.new", "0".repeat(65));
        for others in [
            "a.0123abc.part",
            ".a.0123ab.part",
            ".a.0123abg.part",
            ".a.0123ABC.part",
            ".a.0123abc.PART",
            ".a.0123abc",
            ".0123abc.new",
            ".part",
            long.as_str(),
        ] {
            assert_eq!(taken_apart(others), None, "{others}");
        }
    }
}
