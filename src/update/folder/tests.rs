use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::base::clock::Date;
use crate::manifest::{HashAlgorithm, Hasher, NameRules};

fn name(name: &str) -> FileName {
    FileName::new(name, NameRules::HERE).expect("a name")
}

fn hash(content: &str) -> Hash {
    let mut hasher = Hasher::new(HashAlgorithm::Sha1);
    hasher.update(content.as_bytes());
    hasher.finish()
}

/// A game's directory and a folder outside of it.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().expect("a folder"));
        fs::create_dir(home.game("")).expect("a folder");
        fs::create_dir(home.outside("")).expect("a folder");
        fs::write(home.outside("file"), "theirs").expect("a file");
        home
    }

    fn game(&self, file: &str) -> PathBuf {
        self.0.path().join("game").join(file)
    }

    fn outside(&self, file: &str) -> PathBuf {
        self.0.path().join("outside").join(file)
    }

    fn folder(&self) -> Folder {
        Folder::open(&self.game(""))
            .expect("a directory")
            .expect("there")
    }

    /// Places a file with this content.
    fn place(&self, file: &str, content: &str, is_executable: bool) -> Result<Stat, FileError> {
        let mut staged = self.folder().stage(&name(file), &hash(content))?;
        staged.write_all(content.as_bytes()).expect("written");
        staged.place(is_executable)
    }

    fn content(&self, file: &str) -> String {
        fs::read_to_string(self.game(file)).expect("a file")
    }

    /// Returns the sorted names in a folder of the game.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.game(folder)).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().into_string())
            .map(|name| name.expect("a name"))
            .collect();
        names.sort();
        names
    }
}

#[test]
fn a_directory_is_opened_or_created() {
    let home = Home::new();
    let new = home.game("not/there");
    assert!(Folder::open(&new).expect("no error").is_none());
    Folder::create(&new).expect("made");
    assert!(Folder::open(&new).expect("no error").is_some());
    assert!(Folder::open(&home.outside("file")).is_err());
    assert!(Folder::create(&home.outside("file/game")).is_err());
}

#[test]
fn a_missing_file_has_no_metadata() {
    let home = Home::new();
    let folder = home.folder();
    for missing in ["file", "a/file", "a/b/file"] {
        let missing = name(missing);
        assert!(folder.stat(&missing).expect("no error").is_none());
        assert!(matches!(
            folder.open_file(&missing),
            Err(FileError::Io { .. })
        ));
    }
    assert_eq!(home.names(""), Vec::<String>::new());
}

#[test]
fn a_placed_file_is_complete_and_has_no_leftovers() {
    let home = Home::new();
    for file in ["file", "a/b/file"] {
        let stat = home.place(file, "new", false).expect("placed");
        assert_eq!(home.content(file), "new");
        assert_eq!(
            home.folder().stat(&name(file)).expect("no error"),
            Some(stat)
        );
        assert_eq!(stat.size, 3);
        let replaced = home.place(file, "newer", false).expect("replaced");
        assert_eq!(home.content(file), "newer");
        assert_ne!(stat, replaced);
    }
    assert_eq!(home.names(""), ["a", "file"]);
    assert_eq!(home.names("a/b"), ["file"]);
    let mut content = String::new();
    let mut file = home.folder().open_file(&name("a/b/file")).expect("opened");
    file.read_to_string(&mut content).expect("read");
    assert_eq!(content, "newer");
}

#[test]
fn the_metadata_of_many_files_are_those_of_each() {
    let home = Home::new();
    for (file, content) in [("a/1", "x"), ("a/3", "xx"), ("b", "xxx"), ("c/1", "xxxx")] {
        home.place(file, content, false).expect("placed");
    }
    let names = [
        "a/1", "a/2", "a/3", "a/d/1", "a/d/2", "b", "c/1", "d", "a/1",
    ]
    .map(name);
    let folder = home.folder();
    let sizes = |stats: Vec<Result<Option<Stat>, FileError>>| -> Vec<Option<u64>> {
        let stats = stats.into_iter().map(|stat| stat.expect("no error"));
        stats.map(|stat| stat.map(|stat| stat.size)).collect()
    };
    let one_by_one = names.iter().map(|name| folder.stat(name)).collect();
    let expected = [1, 0, 2, 0, 0, 3, 4, 0, 1].map(|size| (size > 0).then_some(size));
    assert_eq!(sizes(folder.stats(names.iter()).collect()), expected);
    assert_eq!(sizes(one_by_one), expected);
}

#[test]
fn a_staged_file_that_is_not_placed_is_removed() {
    let home = Home::new();
    fs::write(home.game("file"), "old").expect("a file");
    let folder = home.folder();
    let leftover = home.game(&format!(".file.{}.new", hash("new")));
    fs::write(&leftover, "of an interrupted update").expect("a file");
    let mut staged = folder.stage(&name("file"), &hash("new")).expect("staged");
    staged.write_all(b"ne").expect("written");
    assert_eq!(fs::read_to_string(&leftover).expect("a file"), "ne");
    assert_eq!(home.content("file"), "old");
    drop(staged);
    assert_eq!(home.names(""), ["file"]);
    assert_eq!(home.content("file"), "old");
}

#[test]
fn a_folder_with_the_name_of_a_file_is_an_error() {
    let home = Home::new();
    fs::create_dir_all(home.game("file/below")).expect("a folder");
    let folder = home.folder();
    let is_reported =
        |error: FileError| matches!(error, FileError::NotAFile { name } if name == "file");
    assert!(is_reported(
        folder.stat(&name("file")).expect_err("a folder")
    ));
    assert!(is_reported(
        folder.open_file(&name("file")).expect_err("a folder")
    ));
    assert!(is_reported(
        home.place("file", "new", false).expect_err("a folder")
    ));
    assert_eq!(home.names(""), ["file"]);
    assert_eq!(home.names("file"), ["below"]);
}

#[test]
fn a_file_with_the_name_of_a_folder_is_an_error() {
    let home = Home::new();
    fs::write(home.game("a"), "theirs").expect("a file");
    let folder = home.folder();
    let is_reported =
        |error: FileError| matches!(error, FileError::NotAFolder { name } if name == "a");
    assert!(is_reported(folder.stat(&name("a/b")).expect_err("a file")));
    assert!(is_reported(
        home.place("a/b", "new", false).expect_err("a file")
    ));
    assert_eq!(home.content("a"), "theirs");
}

#[test]
fn a_partial_download_is_resumed() {
    let home = Home::new();
    let (folder, file, hash) = (home.folder(), name("a/file"), hash("whole"));
    let mut part = folder.partial_download(&file, &hash).expect("made");
    assert!(part.is_empty());
    part.append(b"wh").expect("added");
    drop(part);

    assert_eq!(home.names("a"), [format!(".file.{hash}.part")]);
    let mut part = folder.partial_download(&file, &hash).expect("opened");
    assert_eq!((part.len(), part.modified().is_some()), (2, true));
    let mut reader = part.read().expect("opened");
    let mut content = String::new();
    reader.read_to_string(&mut content).expect("read");
    part.append(b"ole").expect("added");
    reader.read_to_string(&mut content).expect("read");
    assert_eq!((part.len(), content.as_str()), (5, "whole"));
    drop(reader);

    part.truncate().expect("emptied");
    part.append(b"x").expect("added");
    assert_eq!(part.len(), 1);
    let mut content = String::new();
    let mut reader = part.read().expect("opened");
    reader.read_to_string(&mut content).expect("read");
    assert_eq!(content, "x");
    drop(reader);
    part.remove().expect("removed");
    assert_eq!(home.names("a"), Vec::<String>::new());
}

#[test]
fn a_partial_download_keeps_the_date_that_was_set() {
    let home = Home::new();
    let (folder, file, hash) = (home.folder(), name("file"), hash("whole"));
    let date = Date::UNIX_EPOCH + Duration::from_secs(1_651_361_858);
    let mut part = folder.partial_download(&file, &hash).expect("made");
    part.append(b"wh").expect("added");
    assert_ne!(part.modified(), Some(date));
    part.set_modified(date).expect("dated");
    part.append(b"ole").expect("added");
    assert_eq!(part.modified(), Some(date));
    drop(part);
    let mut part = folder.partial_download(&file, &hash).expect("opened");
    assert_eq!((part.len(), part.modified()), (5, Some(date)));
    part.truncate().expect("emptied");
    part.append(b"other").expect("added");
    assert_ne!(part.modified(), Some(date));
}

#[test]
fn removing_a_missing_partial_download_succeeds() {
    let home = Home::new();
    let part = home
        .folder()
        .partial_download(&name("file"), &hash(""))
        .expect("made");
    fs::remove_file(home.game(&home.names("")[0])).expect("removed");
    part.remove().expect("nothing to do");
}

fn names(names: &[&str]) -> Vec<FileName> {
    names.iter().map(|file| name(file)).collect()
}

#[test]
fn only_leftovers_of_files_in_the_manifest_are_removed() {
    let home = Home::new();
    fs::create_dir_all(home.game("a")).expect("a folder");
    fs::create_dir_all(home.game(".file.0000000.new")).expect("a folder");
    let theirs = [
        ".mine.0123abc.new",
        ".mine.0123abc.part",
        ".file.note.part",
        ".file.part",
        "file.0123abc.new",
        "screenshot.png",
        "a/.file.0123abc.new",
    ];
    let ours = [
        ".file.0123abc.new",
        ".file.0123abc.part",
        "a/.b.0123abc.new",
    ];
    let wanted = [".file.7654321.part", "a/.b.7654321.part"];
    for file in theirs.iter().chain(&ours).chain(&wanted) {
        fs::write(home.game(file), "x").expect("a file");
    }
    let is_wanted = |file: &FileName, digits: &str| {
        ["file", "a/b"].contains(&file.as_str()) && digits == "7654321"
    };
    home.folder()
        .remove_leftovers(names(&["file", "a/b", "not/there"]).iter(), is_wanted);
    for file in theirs.iter().chain(&wanted) {
        assert!(home.game(file).exists(), "{file}");
    }
    for file in ours {
        assert!(!home.game(file).exists(), "{file}");
    }
    assert!(home.game(".file.0000000.new").is_dir());
    assert!(!home.game("not").exists());
}

#[test]
fn the_free_space_is_reported() {
    let home = Home::new();
    assert!(home.folder().free_space().is_some_and(|free| free > 0));
}

#[test]
fn a_full_disk_has_its_own_error() {
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
        let error = FileError::new(&name("file"), kind.into());
        assert!(matches!(error, FileError::Full { name, .. } if name == "file"));
    }
    let other = FileError::new(&name("file"), io::ErrorKind::PermissionDenied.into());
    assert!(matches!(other, FileError::Io { .. }));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        let metadata = fs::metadata(path).expect("a file");
        metadata.permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
    }

    /// Asserts that every access to `file` reports the link, and changes neither the link nor its target.
    #[track_caller]
    fn refuses(home: &Home, file: &str, link: &str) {
        let (folder, file) = (home.folder(), name(file));
        let target = fs::read_link(home.game(link)).expect("a link");
        let hash = hash("new");
        let results = [
            folder.stat(&file).map(drop),
            folder.open_file(&file).map(drop),
            folder.make_executable(&file, &hash).map(drop),
            home.place(file.as_str(), "new", true).map(drop),
        ];
        for (index, result) in results.into_iter().enumerate() {
            let error = result.expect_err("a link");
            assert!(
                matches!(&error, FileError::Link { name } if name == link),
                "{index}: {error}"
            );
        }
        if link != file.as_str() {
            assert!(matches!(
                folder.partial_download(&file, &hash),
                Err(FileError::Link { .. })
            ));
        }
        folder.remove_leftovers(names(&[file.as_str()]).iter(), |_, _| false);
        assert_eq!(
            fs::read_link(home.game(link)).expect("still a link"),
            target
        );
        let outside = fs::read_dir(home.outside("")).expect("a folder");
        assert_eq!(outside.count(), 1, "nothing new outside");
        assert_eq!(
            fs::read_to_string(home.outside("file")).expect("a file"),
            "theirs"
        );
    }

    #[test]
    fn no_link_is_followed() {
        for target in ["../outside/file", "real/file", "nowhere"] {
            let home = Home::new();
            fs::create_dir(home.game("real")).expect("a folder");
            fs::write(home.game("real/file"), "").expect("a file");
            symlink(target, home.game("link")).expect("a link");
            refuses(&home, "link", "link");
        }
        for target in ["../outside", "real", "nowhere", "."] {
            let home = Home::new();
            fs::create_dir(home.game("real")).expect("a folder");
            symlink(target, home.game("link")).expect("a link");
            refuses(&home, "link/file", "link");
            refuses(&home, "link/a/file", "link");
        }
        let home = Home::new();
        fs::create_dir(home.game("a")).expect("a folder");
        symlink(home.outside(""), home.game("a/link")).expect("a link");
        refuses(&home, "a/link/file", "a/link");
        symlink(home.outside("file"), home.game("a/file")).expect("a link");
        refuses(&home, "a/file", "a/file");
    }

    #[test]
    fn the_path_of_the_directory_may_contain_a_link() {
        let home = Home::new();
        let link = home.0.path().join("link");
        symlink("game", &link).expect("a link");
        fs::write(home.game("file"), "x").expect("a file");
        for folder in [
            Folder::create(&link).expect("a directory"),
            Folder::open(&link).expect("no error").expect("there"),
        ] {
            assert!(folder.stat(&name("file")).expect("no error").is_some());
        }
    }

    #[test]
    fn links_with_the_names_of_temporary_files_are_not_followed() {
        let home = Home::new();
        let (folder, file, hash) = (home.folder(), name("file"), hash("new"));
        let part = home.game(&format!(".file.{hash}.part"));
        let new = home.game(&format!(".file.{hash}.new"));
        symlink("../outside/file", &part).expect("a link");
        symlink("../outside/file", &new).expect("a link");
        assert!(matches!(
            folder.partial_download(&file, &hash),
            Err(FileError::Link { .. })
        ));
        home.place("file", "new", false).expect("placed");
        assert_eq!(home.content("file"), "new");
        assert_eq!(
            fs::read_to_string(home.outside("file")).expect("a file"),
            "theirs"
        );
        assert!(part.is_symlink());
    }

    // Not on macOS, where rustix makes no named pipe.
    #[cfg(not(target_vendor = "apple"))]
    #[test]
    fn a_named_pipe_is_not_opened() {
        let home = Home::new();
        let pipe = home.game("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).expect("a pipe");
        let folder = home.folder();
        for result in [
            folder.stat(&name("pipe")).map(drop),
            folder.open_file(&name("pipe")).map(drop),
            home.place("pipe", "new", false).map(drop),
        ] {
            assert!(matches!(result, Err(FileError::NotAFile { name }) if name == "pipe"));
        }
        assert_eq!(home.names(""), ["pipe"]);
    }

    #[test]
    fn a_program_is_executable_for_everyone_who_may_read_it() {
        let home = Home::new();
        home.place("plain", "x", false).expect("placed");
        home.place("program", "x", true).expect("placed");
        let plain = mode(&home.game("plain"));
        assert_eq!(plain & 0o111, 0);
        assert_eq!(mode(&home.game("program")), plain | (plain & 0o444) >> 2);
    }

    #[test]
    fn the_permissions_of_the_old_file_are_preserved() {
        let home = Home::new();
        for (old, is_executable, new) in [
            (0o444, false, 0o644),
            (0o600, false, 0o600),
            (0o755, false, 0o755),
            (0o640, true, 0o750),
            (0o400, true, 0o700),
        ] {
            fs::write(home.game("file"), "old").expect("a file");
            set_mode(&home.game("file"), old);
            home.place("file", "new", is_executable).expect("placed");
            assert_eq!(home.content("file"), "new");
            assert_eq!(mode(&home.game("file")), new, "{old:o}");
            fs::remove_file(home.game("file")).expect("removed");
        }
    }

    #[test]
    fn a_file_is_made_executable() {
        let home = Home::new();
        fs::write(home.game("file"), "x").expect("a file");
        for (old, new) in [(0o640, 0o750), (0o744, 0o744), (0o600, 0o700)] {
            set_mode(&home.game("file"), old);
            let stat = home
                .folder()
                .make_executable(&name("file"), &hash("x"))
                .expect("no error");
            assert_eq!(mode(&home.game("file")), new, "{old:o}");
            let now = home.folder().stat(&name("file")).expect("no error");
            assert_eq!(now, Some(stat));
        }
    }
}
