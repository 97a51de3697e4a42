//! Leftovers of an interrupted update: staged files and partial downloads in the folders of a game.

use std::collections::BTreeMap;

use cap_std::fs::Dir;

use super::{partial_download, staged_file};
use crate::manifest::FileName;

/// The number of hex digits of a hash in the name of a leftover.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=64;

/// The files of one folder, by their names within the folder.
type Files<'n> = BTreeMap<&'n str, &'n FileName>;

/// Groups files by folder. Each group comes with one of its files.
pub(super) fn folders<'n>(
    names: impl Iterator<Item = &'n FileName>,
) -> Vec<(&'n FileName, Files<'n>)> {
    let mut folders: BTreeMap<Option<&str>, Files<'_>> = BTreeMap::new();
    for name in names {
        let files = folders.entry(name.directory()).or_default();
        files.insert(name.file_name(), name);
    }
    folders
        .into_values()
        .filter_map(|files| Some((*files.values().next()?, files)))
        .collect()
}

/// Removes staged files of these files, and partial downloads unless they are needed. Anything that is not a file or has
/// another name is left alone.
pub(super) fn remove(
    directory: &Dir,
    files: &Files<'_>,
    is_needed: impl Fn(&FileName, &str) -> bool,
) {
    let Ok(entries) = directory.entries() else {
        return;
    };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let file = entry.file_name();
        let Some((target, digits, extension)) = file.to_str().and_then(parse) else {
            continue;
        };
        let Some(name) = files.get(target) else {
            continue;
        };
        if is_file && (extension == staged_file::EXTENSION || !is_needed(name, digits)) {
            let _ = directory.remove_file(&file);
        }
    }
}

/// Splits `.FILE.HASH.new` or `.FILE.HASH.part` into the file, the hash and the extension.
fn parse(name: &str) -> Option<(&str, &str, &str)> {
    let (name, extension) = name.strip_prefix('.')?.rsplit_once('.')?;
    let (file, digits) = name.rsplit_once('.')?;
    let is_hex = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    let is_hash = DIGITS.contains(&digits.len()) && digits.bytes().all(is_hex);
    let is_known = [staged_file::EXTENSION, partial_download::EXTENSION].contains(&extension);
    (is_known && is_hash).then_some((file, digits, extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_leftovers_are_parsed() {
        assert_eq!(
            parse(".phase_3.mf.0123abc.part"),
            Some(("phase_3.mf", "0123abc", "part"))
        );
        assert_eq!(
            parse("..hidden.0123abc.new"),
            Some((".hidden", "0123abc", "new"))
        );
        let long = format!(".a.{}.new", "0".repeat(65));
        for other in [
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
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
