use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::*;
use crate::base::clock::Date;
use crate::manifest::{FileName, HashAlgorithm, NameRules, PackedFile, Packing, Patch, Source};

fn hash(algorithm: HashAlgorithm, content: &str) -> Hash {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(content.as_bytes());
    hasher.finish()
}

fn sha1(content: &str) -> Hash {
    hash(HashAlgorithm::Sha1, content)
}

fn packed() -> PackedFile {
    PackedFile {
        source: Source {
            path: String::new(),
            key: None,
        },
        packing: Packing::Bzip2,
        hash: None,
    }
}

fn wanted(name: &str, content: &str) -> ManifestFile {
    ManifestFile {
        name: FileName::new(name, NameRules::HERE).expect("a name"),
        hash: sha1(content),
        size: None,
        is_executable: false,
        packed: packed(),
        patches: BTreeMap::new(),
    }
}

fn patched(file: ManifestFile, old: &str) -> ManifestFile {
    let patch = Patch {
        packed: packed(),
        hash: sha1("patch"),
    };
    ManifestFile {
        patches: BTreeMap::from([(sha1(old), patch)]),
        ..file
    }
}

struct Game {
    home: tempfile::TempDir,
    folder: Folder,
    cache: Cache,
}

impl Game {
    /// A directory with these files, which are as they are for long.
    fn with(files: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let folder = Folder::open(home.path())
            .expect("a directory")
            .expect("there");
        let game = Self {
            home,
            folder,
            cache: Cache::default(),
        };
        for (name, content) in files {
            let path = game.path(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, content).expect("a file");
        }
        game
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn check(&mut self, files: &[ManifestFile], depth: Depth) -> Vec<(usize, Option<Hash>)> {
        let manifest = Manifest {
            files: files.to_vec(),
        };
        let needs = check(&self.folder, &manifest, &mut self.cache, depth);
        let needs = needs.expect("no trouble").into_iter();
        needs.map(|need| (need.index, need.have)).collect()
    }

    /// Remembers that the file had this hash when it looked as it does now, whatever is in it.
    fn remember(&mut self, file: &ManifestFile, hash: Hash) {
        let stat = self.folder.stat(&file.name).expect("no trouble");
        let later = clock::since_epoch() + Duration::from_secs(10);
        self.cache
            .put(&file.name, stat.expect("a file"), hash, later);
    }
}

#[test]
fn the_missing_and_the_different_are_needed_in_their_order() {
    let mut game = Game::with(&[("a", "right"), ("b/c", "wrong"), ("b/d", "right")]);
    let files = [
        wanted("0", "missing"),
        wanted("a", "right"),
        wanted("b/c", "right"),
        wanted("b/d", "right"),
        wanted("c/d", "missing"),
    ];
    for depth in [Depth::Quick, Depth::Whole] {
        assert_eq!(
            game.check(&files, depth),
            [(0, None), (2, Some(sha1("wrong"))), (4, None)]
        );
    }
    assert_eq!(game.check(&[], Depth::Whole), []);
}

#[test]
fn many_files_of_all_sizes_are_read_whole() {
    let contents: Vec<(String, String)> = (0..40)
        .map(|index| (format!("f{index:02}"), "x".repeat(index * 20_000)))
        .collect();
    let files: Vec<(&str, &str)> = contents
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_str()))
        .collect();
    let mut game = Game::with(&files);
    let all: Vec<ManifestFile> = files
        .iter()
        .map(|(name, content)| wanted(name, content))
        .collect();
    assert_eq!(game.check(&all, Depth::Whole), []);
    fs::write(game.path("f39"), "y".repeat(39 * 20_000)).expect("written");
    let needs = game.check(&all, Depth::Whole);
    assert_eq!(needs.iter().map(|need| need.0).collect::<Vec<_>>(), [39]);
}

#[test]
fn the_start_of_a_hash_is_a_promise_that_is_kept() {
    let mut game = Game::with(&[("a", "right")]);
    let whole = hash(HashAlgorithm::Sha256, "right").to_string();
    let promise = |digits: &str| ManifestFile {
        hash: Hash::prefix(HashAlgorithm::Sha256, digits).expect("a start"),
        ..wanted("a", "")
    };
    let right = promise(&whole[..7]);
    assert_eq!(game.check(std::slice::from_ref(&right), Depth::Quick), []);
    let wrong = promise("0000000");
    assert_eq!(
        game.check(&[wrong], Depth::Quick),
        [(0, Some(hash(HashAlgorithm::Sha256, "right")))]
    );
}

#[test]
fn a_file_of_another_size_is_read_only_for_its_patches() {
    let mut game = Game::with(&[("a", "old")]);
    let sized = ManifestFile {
        size: Some(5),
        ..wanted("a", "right")
    };
    assert_eq!(
        game.check(std::slice::from_ref(&sized), Depth::Whole),
        [(0, None)]
    );
    let patched = patched(sized, "old");
    assert_eq!(
        game.check(&[patched], Depth::Quick),
        [(0, Some(sha1("old")))]
    );
}

#[test]
fn a_quick_look_believes_what_is_known_and_a_whole_one_does_not() {
    let mut game = Game::with(&[("a", "wrong")]);
    let files = [wanted("a", "right")];
    game.remember(&files[0], sha1("right"));
    assert_eq!(game.check(&files, Depth::Quick), []);
    assert_eq!(game.check(&files, Depth::Whole), [(0, Some(sha1("wrong")))]);
    assert_eq!(
        game.check(&files, Depth::Quick),
        [(0, Some(sha1("wrong")))],
        "what was read is remembered, or what was known is forgotten"
    );
}

#[test]
fn what_was_read_is_remembered_unless_it_was_just_changed() {
    let mut game = Game::with(&[("a", "right")]);
    let files = [wanted("a", "right")];
    let is_known = |game: &Game| {
        let stat = game.folder.stat(&files[0].name).expect("no trouble");
        let known = game
            .cache
            .get(&files[0].name, &stat.expect("a file"), HashAlgorithm::Sha1);
        known.is_some()
    };
    let later = Date::now() + Duration::from_mins(1);
    let file = fs::File::options().write(true).open(game.path("a"));
    file.expect("opened").set_modified(later).expect("dated");
    assert_eq!(game.check(&files, Depth::Quick), []);
    assert!(!is_known(&game));
}

/// A copying tool or a player puts back the time of the last change; the system tells all the same.
#[cfg(unix)]
#[test]
fn a_file_changed_under_its_old_date_is_read_again() {
    let mut game = Game::with(&[("a", "right")]);
    let files = [wanted("a", "right")];
    game.remember(&files[0], sha1("right"));
    let stat = |game: &Game| game.folder.stat(&files[0].name).expect("no trouble");
    let (before, date) = (
        stat(&game).expect("a file"),
        fs::metadata(game.path("a"))
            .and_then(|metadata| metadata.modified())
            .expect("a date"),
    );
    let mut tries = 0;
    // The system's own clock may tell the same time twice: such a change is made again until it shows.
    let after = loop {
        fs::write(game.path("a"), "wrong").expect("written");
        let file = fs::File::options().write(true).open(game.path("a"));
        file.expect("opened").set_modified(date).expect("dated");
        let after = stat(&game).expect("a file");
        tries += 1;
        if after.changed != before.changed || tries > 10_000 {
            break after;
        }
    };
    assert_eq!(
        (after.size, after.modified, after.inode),
        (before.size, before.modified, before.inode)
    );
    assert_eq!(game.check(&files, Depth::Quick), [(0, Some(sha1("wrong")))]);
}

#[cfg(unix)]
#[test]
fn a_right_program_that_would_not_run_is_let() {
    use std::os::unix::fs::PermissionsExt as _;

    let mut game = Game::with(&[("a", "right"), ("b", "wrong")]);
    let program = |name| ManifestFile {
        is_executable: true,
        ..wanted(name, "right")
    };
    let files = [program("a"), program("b")];
    let mode = |game: &Game, name: &str| {
        let metadata = fs::metadata(game.path(name)).expect("a file");
        metadata.permissions().mode() & 0o777
    };
    for known in [false, true] {
        for name in ["a", "b"] {
            fs::set_permissions(game.path(name), fs::Permissions::from_mode(0o644)).expect("set");
        }
        if known {
            game.remember(&files[0], sha1("right"));
        }
        let modes = |game: &Game| (mode(game, "a"), mode(game, "b"));
        assert_eq!(game.check(&files, Depth::Quick), [(1, Some(sha1("wrong")))]);
        assert_eq!(modes(&game), (0o644, 0o644), "a look changes nothing");
        let manifest = Manifest {
            files: files.to_vec(),
        };
        let needs = [OutdatedFile {
            index: 1,
            have: None,
        }];
        permit(&game.folder, &manifest, &needs).expect("no trouble");
        assert_eq!(modes(&game), (0o755, 0o644), "known: {known}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_the_first_trouble() {
    let game = Game::with(&[]);
    std::os::unix::fs::symlink("nowhere", game.path("b")).expect("a link");
    let manifest = Manifest {
        files: vec![wanted("a", ""), wanted("b", ""), wanted("b/c", "")],
    };
    let trouble = check(&game.folder, &manifest, &mut Cache::default(), Depth::Quick);
    assert!(matches!(trouble, Err(FileError::Link { name }) if name == "b"));
}
