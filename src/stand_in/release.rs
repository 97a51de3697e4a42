//! The small game that the stand-in server publishes, in two versions.

use std::path::PathBuf;

use super::game::STAND_IN_GAME;
use crate::games::Game;

/// A version of the small game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// The first.
    First,
    /// The second: some files are changed, one is added, one is removed.
    Second,
}

/// A version of the small game for one server.
#[derive(Debug, Clone)]
pub(super) struct Release {
    /// The version.
    pub(super) version: Version,
    /// The host and port of the server that publishes the game.
    pub(super) address: String,
    /// The program that the game runs, which becomes the stand-in game.
    pub(super) player: PathBuf,
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReleaseFile {
    /// The path below the game's directory, separated by `/`.
    pub(super) name: String,
    /// The content.
    pub(super) content: Vec<u8>,
    /// The content in the first version, if it was different.
    pub(super) previous: Option<Vec<u8>>,
    /// The version in which the content last changed.
    pub(super) since: Version,
}

impl Version {
    /// Returns the date of the version as an HTTP date.
    pub(super) const fn date(self) -> &'static str {
        match self {
            Self::First => "Wed, 01 Jan 2025 00:00:00 GMT",
            Self::Second => "Sat, 01 Feb 2025 00:00:00 GMT",
        }
    }

    const fn number(self) -> u8 {
        match self {
            Self::First => 1,
            Self::Second => 2,
        }
    }
}

impl Release {
    /// Returns the files that are the same on every system.
    pub(super) fn common(&self) -> Vec<ReleaseFile> {
        let before = common(Version::First);
        let now = common(self.version).into_iter();
        now.map(|(name, content)| {
            let previous = before.iter().find(|(known, _)| *known == name);
            self.file(name, content, previous.map(|(_, content)| content.clone()))
        })
        .collect()
    }

    /// Returns the game's program with its name on some system: a shell script that runs the stand-in game.
    pub(super) fn program(&self, name: &str, game: &Game) -> ReleaseFile {
        let [content, previous] = [self.version, Version::First].map(|it| self.script(it, game));
        self.file(name, content, Some(previous))
    }

    fn file(&self, name: &str, content: Vec<u8>, before: Option<Vec<u8>>) -> ReleaseFile {
        let since = if before.as_ref() == Some(&content) {
            Version::First
        } else {
            self.version
        };
        ReleaseFile {
            name: name.to_owned(),
            previous: before.filter(|before| *before != content),
            content,
            since,
        }
    }

    fn script(&self, version: Version, game: &Game) -> Vec<u8> {
        let (number, id) = (version.number(), game.id);
        let mut script =
            format!("#!/bin/sh\n# The stand-in for {id}, version {number}.\nexec ").into_bytes();
        script.extend(quoted(self.player.as_os_str().as_encoded_bytes()));
        script.extend_from_slice(format!(" {STAND_IN_GAME} {id} \"$@\"\n").as_bytes());
        script
    }
}

/// Quotes a word for the shell.
fn quoted(word: &[u8]) -> Vec<u8> {
    let inside: Vec<_> = word.split(|byte| *byte == b'\'').collect();
    let inside = inside.join(&b"'\\''"[..]);
    [b"'", &inside[..], b"'"].concat()
}

fn common(version: Version) -> Vec<(&'static str, Vec<u8>)> {
    let is_first = version == Version::First;
    let readme = if is_first {
        "This is the first version.\n"
    } else {
        "This is the second version.\nIt has another line.\n"
    };
    let mut pattern = "gears and pies ".repeat(1600).into_bytes();
    let mut random = noise(1, 16_384);
    if !is_first {
        pattern.splice(9_000..9_004, *b"CAKE");
        random.splice(6_000..6_200, b"a shorter middle".to_vec());
    }
    let (name, seed) = if is_first {
        ("phase_6.mf", 6)
    } else {
        ("phase_7.mf", 7)
    };
    vec![
        ("readme.txt", readme.as_bytes().to_vec()),
        ("empty.txt", Vec::new()),
        ("phase_3.mf", pattern),
        ("phase_4.mf", random),
        ("phase 3/ä.mf", "säbel ".repeat(300).into_bytes()),
        ("resources/default/phase_5.mf", noise(5, 4_096)),
        (name, noise(seed, 2_048)),
    ]
}

/// Returns reproducible bytes that cannot be compressed: the upper bits of a linear congruential generator.
fn noise(seed: u32, length: usize) -> Vec<u8> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let states = std::iter::successors(Some(seed), next).skip(1);
    states
        .map(|state| state.to_be_bytes()[0])
        .take(length)
        .collect()
}

/// Returns a release for tests.
#[cfg(test)]
pub(super) fn release(version: Version) -> Release {
    Release {
        version,
        address: "127.0.0.1:1".to_owned(),
        player: PathBuf::from("/it's/playcookie"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::ttr::GAME;
    use crate::stand_in::diff::bzip2;

    fn names(files: &[ReleaseFile]) -> Vec<&str> {
        files.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn the_second_version_changes_adds_and_removes_files() {
        let [first, second] = [Version::First, Version::Second].map(|it| release(it).common());
        let gone = |from: &[ReleaseFile], to: &[ReleaseFile]| -> Vec<String> {
            let names = names(to);
            let gone = from
                .iter()
                .filter(|file| !names.contains(&file.name.as_str()));
            gone.map(|file| file.name.clone()).collect()
        };
        assert_eq!(gone(&first, &second), ["phase_6.mf"]);
        assert_eq!(gone(&second, &first), ["phase_7.mf"]);
        let changed: Vec<_> = second
            .iter()
            .filter_map(|file| Some((&file.name, file.previous.as_ref()?)))
            .collect();
        for (name, previous) in &changed {
            let before = first.iter().find(|file| file.name == **name);
            assert!(
                before.is_some_and(|file| file.content == **previous),
                "{name}"
            );
        }
        assert_eq!(changed.len(), 3);
        assert!(first.iter().all(|file| file.previous.is_none()));
    }

    #[test]
    fn a_file_has_the_version_of_its_last_change() {
        let since = |name: &str| {
            let files = release(Version::Second).common();
            files
                .iter()
                .find(|file| file.name == name)
                .map(|file| file.since)
        };
        assert_eq!(since("empty.txt"), Some(Version::First));
        assert_eq!(since("phase_3.mf"), Some(Version::Second));
        assert_eq!(since("phase_7.mf"), Some(Version::Second));
    }

    #[test]
    fn some_files_can_be_compressed_and_some_cannot() {
        let files = release(Version::Second).common();
        let packed = |name: &str| {
            let file = files
                .iter()
                .find(|file| file.name == name)
                .expect("the file");
            let whole = file.content.len();
            (whole, bzip2(&file.content).len())
        };
        let (whole, small) = packed("phase_3.mf");
        assert!(small * 20 < whole, "{small} of {whole}");
        let (whole, large) = packed("phase_4.mf");
        assert!(large > whole * 9 / 10, "{large} of {whole}");
    }

    #[test]
    fn the_program_is_a_script_that_quotes_the_path() {
        let file = release(Version::Second).program("TTREngine", &GAME);
        assert_eq!(
            String::from_utf8(file.content).as_deref(),
            Ok(
                "#!/bin/sh\n# The stand-in for ttr, version 2.\nexec '/it'\\''s/playcookie' stand-in-game ttr \"$@\"\n"
            )
        );
        assert!(file.previous.is_some());
    }
}
