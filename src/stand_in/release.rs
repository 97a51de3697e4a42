//! The small game that a stand-in publishes: a few files of every kind, in two versions.

use std::path::PathBuf;

use super::game::STAND_IN_GAME;
use crate::games::Game;

/// Which version of the small game is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// The first.
    First,
    /// The one after it: some files changed, one is new, one is gone.
    Second,
}

/// A small game, about to be published.
#[derive(Debug, Clone)]
pub(super) struct Release {
    /// Which version of it.
    pub(super) version: Version,
    /// Host and port of the server that publishes it.
    pub(super) address: String,
    /// The program that plays the game when it is told to.
    pub(super) player: PathBuf,
}

/// A file of the game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its place below the game's directory, with `/` between the parts.
    pub(super) name: String,
    /// What is in it.
    pub(super) content: Vec<u8>,
    /// What was in it in the version before, where that was something else.
    pub(super) older: Option<Vec<u8>>,
    /// The version that it is like this since.
    pub(super) since: Version,
}

impl Version {
    /// When it was published, as HTTP writes dates.
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
    /// The files that are the same on every system.
    pub(super) fn common(&self) -> Vec<Item> {
        let before = common(Version::First);
        let now = common(self.version).into_iter();
        now.map(|(name, content)| {
            let older = before.iter().find(|(known, _)| *known == name);
            self.item(name, content, older.map(|(_, content)| content.clone()))
        })
        .collect()
    }

    /// The game's program, under the name that it has on some system: a script that plays the stand-in game, which
    /// can be started wherever the system knows scripts.
    pub(super) fn program(&self, name: &str, game: &Game) -> Item {
        let [content, older] = [self.version, Version::First].map(|it| self.script(it, game));
        self.item(name, content, Some(older))
    }

    fn item(&self, name: &str, content: Vec<u8>, before: Option<Vec<u8>>) -> Item {
        let since = if before.as_ref() == Some(&content) {
            Version::First
        } else {
            self.version
        };
        Item {
            name: name.to_owned(),
            older: before.filter(|before| *before != content),
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

/// A word of the shell.
fn quoted(word: &[u8]) -> Vec<u8> {
    let inside: Vec<_> = word.split(|byte| *byte == b'\'').collect();
    let inside = inside.join(&b"'\\''"[..]);
    [b"'", &inside[..], b"'"].concat()
}

fn common(version: Version) -> Vec<(&'static str, Vec<u8>)> {
    let is_first = version == Version::First;
    let words = if is_first {
        "There is little in this game.\n"
    } else {
        "There is a little more in this game.\nA second line, for one.\n"
    };
    let (mut pattern, mut noise) = (
        "gears and pies ".repeat(1600).into_bytes(),
        noise(1, 16_384),
    );
    if !is_first {
        pattern.splice(9_000..9_004, *b"CAKE");
        noise.splice(6_000..6_200, b"a shorter middle".to_vec());
    }
    let (name, seed) = if is_first {
        ("phase_6.mf", 6)
    } else {
        ("phase_7.mf", 7)
    };
    vec![
        ("readme.txt", words.as_bytes().to_vec()),
        ("empty.txt", Vec::new()),
        ("phase_3.mf", pattern),
        ("phase_4.mf", noise),
        ("phase 3/ä.mf", "säbel ".repeat(300).into_bytes()),
        (
            "resources/default/phase_5.mf",
            crate::stand_in::release::noise(5, 4_096),
        ),
        (name, crate::stand_in::release::noise(seed, 2_048)),
    ]
}

/// Bytes that nothing packs, always the same: a linear congruence, whose upper bits look like chance.
fn noise(seed: u32, length: usize) -> Vec<u8> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let states = std::iter::successors(Some(seed), next).skip(1);
    states
        .map(|state| state.to_be_bytes()[0])
        .take(length)
        .collect()
}

/// A release as tests publish it.
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

    fn names(items: &[Item]) -> Vec<&str> {
        items.iter().map(|item| item.name.as_str()).collect()
    }

    #[test]
    fn between_the_versions_some_files_change_one_comes_and_one_goes() {
        let [first, second] = [Version::First, Version::Second].map(|it| release(it).common());
        let gone = |from: &[Item], to: &[Item]| -> Vec<String> {
            let names = names(to);
            let gone = from
                .iter()
                .filter(|item| !names.contains(&item.name.as_str()));
            gone.map(|item| item.name.clone()).collect()
        };
        assert_eq!(gone(&first, &second), ["phase_6.mf"]);
        assert_eq!(gone(&second, &first), ["phase_7.mf"]);
        let changed: Vec<_> = second
            .iter()
            .filter_map(|item| Some((&item.name, item.older.as_ref()?)))
            .collect();
        for (name, older) in &changed {
            let before = first.iter().find(|item| item.name == **name);
            assert!(before.is_some_and(|item| item.content == **older), "{name}");
        }
        assert_eq!(changed.len(), 3);
        assert!(first.iter().all(|item| item.older.is_none()));
    }

    #[test]
    fn a_file_is_as_old_as_its_content() {
        let since = |name: &str| {
            let items = release(Version::Second).common();
            items
                .iter()
                .find(|item| item.name == name)
                .map(|item| item.since)
        };
        assert_eq!(since("empty.txt"), Some(Version::First));
        assert_eq!(since("phase_3.mf"), Some(Version::Second));
        assert_eq!(since("phase_7.mf"), Some(Version::Second));
    }

    #[test]
    fn some_bytes_pack_and_some_do_not() {
        let items = release(Version::Second).common();
        let packed = |name: &str| {
            let item = items
                .iter()
                .find(|item| item.name == name)
                .expect("the file");
            let whole = item.content.len();
            (whole, crate::stand_in::diff::bzip2(&item.content).len())
        };
        let (whole, small) = packed("phase_3.mf");
        assert!(small * 20 < whole, "{small} of {whole}");
        let (whole, large) = packed("phase_4.mf");
        assert!(large > whole * 9 / 10, "{large} of {whole}");
    }

    #[test]
    fn the_program_is_a_script_that_plays_whatever_its_path() {
        let item = release(Version::Second).program("TTREngine", &GAME);
        assert_eq!(
            String::from_utf8(item.content).as_deref(),
            Ok(
                "#!/bin/sh\n# The stand-in for ttr, version 2.\nexec '/it'\\''s/playcookie' stand-in-game ttr \"$@\"\n"
            )
        );
        assert!(item.older.is_some());
    }
}
