//! Functions that the manifests of all games share.
//!
//! Error messages are predicates such as "has no files", to which the caller adds the subject.

#[cfg(test)]
pub(super) mod testing;

use serde::de::DeserializeOwned;

use super::{Game, System};
use crate::base::lenient::Lenient;
use crate::base::sanitize::{escaped, shorten};
use crate::manifest::{
    Error, FileName, FileNameError, Hash, HashAlgorithm, Manifest, ManifestFile, MirrorAddress,
    NameRules,
};
use crate::protocol::{Error as ProtocolError, Reply, describe_json_error};

/// The maximum number of files of a game.
pub(super) const MAX_FILES: usize = 100_000;
/// The maximum number of values in a manifest. In memory each takes up to 300 bytes, however short it is.
const MAX_VALUES: usize = 5 * MAX_FILES;
/// The maximum number of mirrors that are used.
const MAX_MIRRORS: usize = 16;
/// Whether this program was built for a 64-bit system.
pub(super) const IS_64_BIT: bool = cfg!(target_pointer_width = "64");

/// Deserializes a manifest.
///
/// # Errors
/// [`Error::NotUnderstood`] when it is not JSON of that form, or has more than [`MAX_VALUES`].
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    // Counted before any value is stored. The few commas inside texts do not matter.
    if body.split(|byte| *byte == b',').count() > MAX_VALUES {
        return Err(not_understood(format!("has more than {MAX_VALUES} values")));
    }
    serde_json::from_slice(body).map_err(|error| Error::NotUnderstood(describe_json_error(&error)))
}

/// Creates a manifest.
///
/// # Errors
/// When there are no files, and the errors of [`Manifest::new`].
pub(super) fn to_manifest(files: Vec<ManifestFile>, rules: NameRules) -> Result<Manifest, Error> {
    if files.is_empty() {
        return Err(not_understood("has no file for this system"));
    }
    Manifest::new(files, rules)
}

/// Checks the number of entries of a manifest.
///
/// # Errors
/// [`Error::NotUnderstood`] when there are more than [`MAX_FILES`].
pub(super) fn check_count(entries: usize) -> Result<(), Error> {
    if entries > MAX_FILES {
        return Err(not_understood(format!("has more than {MAX_FILES} entries")));
    }
    Ok(())
}

/// Collects the first [`MAX_MIRRORS`] different mirrors of a reply.
///
/// # Errors
/// [`ProtocolError::NotUnderstood`] when there is none.
pub(super) fn distinct_mirrors(
    mirrors: impl Iterator<Item = MirrorAddress>,
    reply: &Reply,
) -> Result<Vec<MirrorAddress>, ProtocolError> {
    let mut distinct: Vec<MirrorAddress> = Vec::new();
    for mirror in mirrors {
        if !distinct.contains(&mirror) && distinct.len() < MAX_MIRRORS {
            distinct.push(mirror);
        }
    }
    if distinct.is_empty() {
        return Err(reply.not_understood("names no download server with an https URL"));
    }
    Ok(distinct)
}

/// Checks the name of a file.
///
/// # Errors
/// [`Error::Name`] when the name is not allowed.
pub(super) fn file_name(name: &str, rules: NameRules) -> Result<FileName, Error> {
    FileName::new(name, rules).map_err(|why| name_error(name, why))
}

/// Creates the error for a name that is not allowed.
pub(super) fn name_error(name: &str, why: FileNameError) -> Error {
    Error::Name {
        name: shorten(&escaped(name)),
        why,
    }
}

/// Creates the error for a file without a required field.
pub(super) fn missing(name: &FileName, what: &str) -> Error {
    not_understood(format!("has no {what} for {}", shorten(&name.escaped())))
}

/// Creates the error for a manifest that does not have the documented form.
pub(super) fn not_understood(what: impl Into<String>) -> Error {
    Error::NotUnderstood(what.into())
}

/// Returns the full SHA-1 hash in a field, if there is one.
pub(super) fn sha1_hash(field: &Lenient) -> Option<Hash> {
    Hash::full(HashAlgorithm::Sha1, field.text()?)
}

/// Whether a file of a game has to be executable: it is one of the game's programs, or lies in the program directory of a
/// macOS bundle.
pub(super) fn is_executable(game: &Game, system: System, name: &FileName) -> bool {
    let is_named = |program: &&'static str| match system {
        System::Windows => program.eq_ignore_ascii_case(name.as_str()),
        System::MacOs | System::Linux => *program == name.as_str(),
    };
    let installs = game.installs.iter().filter(|it| it.system == system);
    let is_bundled = || format!("/{}", name.as_str()).contains("/Contents/MacOS/");
    installs.flat_map(|it| it.programs).any(is_named) || (system == System::MacOs && is_bundled())
}
