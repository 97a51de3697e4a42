//! What the lists of files of all games have in common: how they are read, and what is wrong with one.
//!
//! What is wrong is said so that "the list of files" can stand in front of it.

#[cfg(test)]
pub(super) mod inside;

use serde::de::DeserializeOwned;

use super::{Game, System};
use crate::base::lenient::Lenient;
use crate::base::sanitize::{escaped, shorten};
use crate::manifest::{
    Error, FileNameError, Hash, HashAlgorithm, Manifest, MirrorAddress, Name, Rules, Wanted,
};
use crate::protocol::{Error as Failure, Reply, flaw};

/// The most files that a game may have.
pub(super) const MOST: usize = 100_000;
/// The most mirrors that are worth a try.
const MOST_MIRRORS: usize = 16;
/// Whether programs for 64-bit systems run here, as far as this program can tell.
pub(super) const WIDE: bool = cfg!(target_pointer_width = "64");

/// Reads a list.
///
/// # Errors
/// When it is no JSON of that shape; its content is not repeated.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::NotUnderstood(flaw(&error)))
}

/// The manifest of these files.
///
/// # Errors
/// When there are none, or when [`Manifest::new`] refuses them.
pub(super) fn whole(files: Vec<Wanted>, rules: Rules) -> Result<Manifest, Error> {
    if files.is_empty() {
        return Err(odd("has no file for this system"));
    }
    Manifest::new(files, rules)
}

/// Refuses to read on when there are so many entries.
///
/// # Errors
/// When they are more than a game may have.
pub(super) fn bounded(entries: usize) -> Result<(), Error> {
    if entries > MOST {
        return Err(odd(format!("has more than {MOST} entries")));
    }
    Ok(())
}

/// The first sixteen of the mirrors that an answer names, each once.
///
/// # Errors
/// When there is none.
pub(super) fn mirrors(
    named: impl Iterator<Item = MirrorAddress>,
    reply: &Reply,
) -> Result<Vec<MirrorAddress>, Failure> {
    let mut mirrors: Vec<MirrorAddress> = Vec::new();
    for mirror in named {
        if !mirrors.contains(&mirror) && mirrors.len() < MOST_MIRRORS {
            mirrors.push(mirror);
        }
    }
    if mirrors.is_empty() {
        return Err(reply.misunderstood("names no server for downloads with an https URL"));
    }
    Ok(mirrors)
}

/// The place of a file.
///
/// # Errors
/// [`Error::Name`] when it could lead elsewhere.
pub(super) fn name(name: &str, rules: Rules) -> Result<Name, Error> {
    Name::new(name, rules).map_err(|why| refused(name, why))
}

/// A name that refuses the whole list.
pub(super) fn refused(name: &str, why: FileNameError) -> Error {
    Error::Name {
        name: shorten(&escaped(name)),
        why,
    }
}

/// What a file lacks.
pub(super) fn lacks(name: &Name, what: &str) -> Error {
    odd(format!("has no {what} for {}", shorten(&name.shown())))
}

/// A list that is something else than promised.
pub(super) fn odd(what: impl Into<String>) -> Error {
    Error::NotUnderstood(what.into())
}

/// A whole SHA-1, if there is one.
pub(super) fn sha1(field: &Lenient) -> Option<Hash> {
    Hash::whole(HashAlgorithm::Sha1, field.text()?).ok()
}

/// Whether a file of a game has to be marked as a program: the game is started with it, or it lies where a bundle of macOS
/// keeps what is started.
pub(super) fn is_program(game: &Game, system: System, name: &Name) -> bool {
    let is_started = |program: &&'static str| match system {
        System::Windows => program.eq_ignore_ascii_case(name.as_str()),
        System::MacOs | System::Linux => *program == name.as_str(),
    };
    let installs = game.installs.iter().filter(|it| it.system == system);
    let is_bundled = || format!("/{}", name.as_str()).contains("/Contents/MacOS/");
    installs.flat_map(|it| it.programs).any(is_started) || (system == System::MacOs && is_bundled())
}
