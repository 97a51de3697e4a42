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
    /// Creates a directory with these files.
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
        let outdated = check(&self.folder, &manifest, &mut self.cache, depth);
        let outdated = outdated.expect("no error").into_iter();
        outdated.map(|file| (file.index, file.old_hash)).collect()
    }

    /// Adds a hash to the cache for the current metadata of a file, regardless of its content.
    fn put_in_cache(&mut self, file: &ManifestFile, hash: Hash) {
        let stat = self.folder.stat(&file.name).expect("no error");
        let later = clock::since_epoch() + Duration::from_secs(10);
        self.cache
            .put(&file.name, stat.expect("a file"), hash, later);
    }
}

#[test]
fn missing_and_different_files_are_outdated_in_the_order_of_the_manifest() {
    let mut game = Game::with(&[("a", "right"), ("b/c", "wrong"), ("b/d", "right")]);
    let files = [
        wanted("0", "missing"),
        wanted("a", "right"),
        wanted("b/c", "right"),
        wanted("b/d", "right"),
        wanted("c/d", "missing"),
    ];
    for depth in [Depth::Quick, Depth::Full] {
        assert_eq!(
            game.check(&files, depth),
            [(0, None), (2, Some(sha1("wrong"))), (4, None)]
        );
    }
    assert_eq!(game.check(&[], Depth::Full), []);
}

#[test]
fn many_files_of_all_sizes_are_read_completely() {
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
    assert_eq!(game.check(&all, Depth::Full), []);
    fs::write(game.path("f39"), "y".repeat(39 * 20_000)).expect("written");
    let outdated = game.check(&all, Depth::Full);
    assert_eq!(outdated.iter().map(|file| file.0).collect::<Vec<_>>(), [39]);
}

#[test]
fn a_file_may_be_checked_against_the_start_of_a_hash() {
    let mut game = Game::with(&[("a", "right")]);
    let whole = hash(HashAlgorithm::Sha256, "right").to_string();
    let expecting = |digits: &str| ManifestFile {
        hash: Hash::prefix(HashAlgorithm::Sha256, digits).expect("a start"),
        ..wanted("a", "")
    };
    let right = expecting(&whole[..7]);
    assert_eq!(game.check(std::slice::from_ref(&right), Depth::Quick), []);
    let wrong = expecting("0000000");
    assert_eq!(
        game.check(&[wrong], Depth::Quick),
        [(0, Some(hash(HashAlgorithm::Sha256, "right")))]
    );
}

#[test]
fn a_file_of_another_size_is_read_only_if_it_has_patches() {
    let mut game = Game::with(&[("a", "old")]);
    let sized = ManifestFile {
        size: Some(5),
        ..wanted("a", "right")
    };
    assert_eq!(
        game.check(std::slice::from_ref(&sized), Depth::Full),
        [(0, None)]
    );
    let patched = patched(sized, "old");
    assert_eq!(
        game.check(&[patched], Depth::Quick),
        [(0, Some(sha1("old")))]
    );
}

#[test]
fn a_quick_check_uses_the_cache_and_a_full_one_does_not() {
    let mut game = Game::with(&[("a", "wrong")]);
    let files = [wanted("a", "right")];
    game.put_in_cache(&files[0], sha1("right"));
    assert_eq!(game.check(&files, Depth::Quick), []);
    assert_eq!(game.check(&files, Depth::Full), [(0, Some(sha1("wrong")))]);
    assert_eq!(
        game.check(&files, Depth::Quick),
        [(0, Some(sha1("wrong")))],
        "the hash that was read is in the cache, or no hash"
    );
}

#[test]
fn the_hash_of_a_file_is_cached_unless_the_file_was_just_changed() {
    let mut game = Game::with(&[("a", "right")]);
    let files = [wanted("a", "right")];
    let is_cached = |game: &Game| {
        let stat = game.folder.stat(&files[0].name).expect("no error");
        let cached = game
            .cache
            .get(&files[0].name, &stat.expect("a file"), HashAlgorithm::Sha1);
        cached.is_some()
    };
    let later = Date::now() + Duration::from_mins(1);
    let file = fs::File::options().write(true).open(game.path("a"));
    file.expect("opened").set_modified(later).expect("dated");
    assert_eq!(game.check(&files, Depth::Quick), []);
    assert!(!is_cached(&game));
}

/// Tools can restore the modification time, but not the change time.
#[cfg(unix)]
#[test]
fn a_changed_file_with_its_old_date_is_read_again() {
    let mut game = Game::with(&[("a", "right")]);
    let files = [wanted("a", "right")];
    game.put_in_cache(&files[0], sha1("right"));
    let stat = |game: &Game| game.folder.stat(&files[0].name).expect("no error");
    let (before, date) = (
        stat(&game).expect("a file"),
        fs::metadata(game.path("a"))
            .and_then(|metadata| metadata.modified())
            .expect("a date"),
    );
    let mut tries = 0;
    // The clock may return the same time twice: writes until the change time differs.
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
fn a_current_program_is_made_executable() {
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
    for is_cached in [false, true] {
        for name in ["a", "b"] {
            fs::set_permissions(game.path(name), fs::Permissions::from_mode(0o644)).expect("set");
        }
        if is_cached {
            game.put_in_cache(&files[0], sha1("right"));
        }
        let modes = |game: &Game| (mode(game, "a"), mode(game, "b"));
        assert_eq!(game.check(&files, Depth::Quick), [(1, Some(sha1("wrong")))]);
        assert_eq!(modes(&game), (0o644, 0o644), "a check changes nothing");
        let manifest = Manifest {
            files: files.to_vec(),
        };
        let outdated = [OutdatedFile {
            index: 1,
            old_hash: None,
        }];
        make_programs_executable(&game.folder, &manifest, &outdated).expect("no error");
        assert_eq!(modes(&game), (0o755, 0o644), "cached: {is_cached}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_an_error() {
    let game = Game::with(&[]);
    std::os::unix::fs::symlink("nowhere", game.path("b")).expect("a link");
    let manifest = Manifest {
        files: vec![wanted("a", ""), wanted("b", ""), wanted("b/c", "")],
    };
    let result = check(&game.folder, &manifest, &mut Cache::default(), Depth::Quick);
    assert!(matches!(result, Err(FileError::Link { name }) if name == "b"));
}
