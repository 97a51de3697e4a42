use std::io::{Read as _, Write as _};
use std::time::Duration;

use super::*;
use crate::manifest::{
    HashAlgorithm, Hasher, ManifestFile, NameRules, PackedFile, Packing, Source,
};

fn name(name: &str) -> FileName {
    FileName::new(name, NameRules::HERE).expect("a name")
}

fn hash(content: &str) -> Hash {
    let mut hasher = Hasher::new(HashAlgorithm::Sha1);
    hasher.update(content.as_bytes());
    hasher.finish()
}

/// A game's directory with a folder beside it, which nothing of the game may reach.
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

    /// Puts new content in a file's place.
    fn place(&self, file: &str, content: &str, is_executable: bool) -> Result<Stat, FileError> {
        let mut draft = self.folder().draft(&name(file), &hash(content))?;
        draft.write_all(content.as_bytes()).expect("written");
        draft.place(is_executable)
    }

    fn content(&self, file: &str) -> String {
        fs::read_to_string(self.game(file)).expect("a file")
    }

    /// The names in a folder of the game, sorted.
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
fn a_directory_is_opened_where_it_is_and_made_where_it_should_be() {
    let home = Home::new();
    let new = home.game("not/there");
    assert!(Folder::open(&new).expect("no error").is_none());
    assert_eq!(Folder::make(&new).expect("made").path(), new);
    assert!(Folder::open(&new).expect("no error").is_some());
    assert!(Folder::open(&home.outside("file")).is_err());
    assert!(Folder::make(&home.outside("file/game")).is_err());
}

#[test]
fn what_is_missing_is_nothing() {
    let home = Home::new();
    let folder = home.folder();
    for missing in ["file", "a/file", "a/b/file"] {
        let missing = name(missing);
        assert!(folder.stat(&missing).expect("no trouble").is_none());
        assert!(
            folder
                .peek(&missing, &hash(""))
                .expect("no trouble")
                .is_none()
        );
        assert!(matches!(folder.read(&missing), Err(FileError::Io { .. })));
    }
    assert_eq!(home.names(""), Vec::<String>::new());
}

#[test]
fn a_placed_file_is_whole_and_alone() {
    let home = Home::new();
    for file in ["file", "a/b/file"] {
        let stat = home.place(file, "new", false).expect("placed");
        assert_eq!(home.content(file), "new");
        assert_eq!(
            home.folder().stat(&name(file)).expect("no trouble"),
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
    let mut file = home.folder().read(&name("a/b/file")).expect("opened");
    file.read_to_string(&mut content).expect("read");
    assert_eq!(content, "newer");
}

#[test]
fn many_looks_are_as_good_as_one_each() {
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
        let stats = stats.into_iter().map(|stat| stat.expect("no trouble"));
        stats.map(|stat| stat.map(|stat| stat.size)).collect()
    };
    let one_by_one = names.iter().map(|name| folder.stat(name)).collect();
    let expected = [1, 0, 2, 0, 0, 3, 4, 0, 1].map(|size| (size > 0).then_some(size));
    assert_eq!(sizes(folder.stats(names.iter()).collect()), expected);
    assert_eq!(sizes(one_by_one), expected);
}

#[test]
fn a_draft_that_is_not_placed_leaves_the_old_file_and_nothing_else() {
    let home = Home::new();
    fs::write(home.game("file"), "old").expect("a file");
    let folder = home.folder();
    let left = home.game(&format!(".file.{}.new", hash("new")));
    fs::write(&left, "left behind by a program that died").expect("a file");
    let mut draft = folder.draft(&name("file"), &hash("new")).expect("a draft");
    draft.write_all(b"ne").expect("written");
    assert_eq!(fs::read_to_string(&left).expect("the draft"), "ne");
    assert_eq!(home.content("file"), "old");
    drop(draft);
    assert_eq!(home.names(""), ["file"]);
    assert_eq!(home.content("file"), "old");
}

#[test]
fn a_folder_in_a_files_place_stays() {
    let home = Home::new();
    fs::create_dir_all(home.game("file/below")).expect("a folder");
    let folder = home.folder();
    let is_told =
        |trouble: FileError| matches!(trouble, FileError::NotAFile { name } if name == "file");
    assert!(is_told(folder.stat(&name("file")).expect_err("a folder")));
    assert!(is_told(folder.read(&name("file")).expect_err("a folder")));
    assert!(is_told(
        home.place("file", "new", false).expect_err("a folder")
    ));
    assert_eq!(home.names(""), ["file"]);
    assert_eq!(home.names("file"), ["below"]);
}

#[test]
fn a_file_in_a_folders_place_stays() {
    let home = Home::new();
    fs::write(home.game("a"), "theirs").expect("a file");
    let folder = home.folder();
    let is_told =
        |trouble: FileError| matches!(trouble, FileError::NotAFolder { name } if name == "a");
    assert!(is_told(folder.stat(&name("a/b")).expect_err("a file")));
    assert!(is_told(
        home.place("a/b", "new", false).expect_err("a file")
    ));
    assert_eq!(home.content("a"), "theirs");
}

#[test]
fn a_download_goes_on_where_it_stopped() {
    let home = Home::new();
    let (folder, file, hash) = (home.folder(), name("a/file"), hash("whole"));
    let mut part = folder.part(&file, &hash).expect("made");
    assert!(part.is_empty());
    part.append(b"wh").expect("added");
    drop(part);

    assert_eq!(home.names("a"), [format!(".file.{hash}.part")]);
    let (length, date) = folder
        .peek(&file, &hash)
        .expect("no trouble")
        .expect("there");
    assert_eq!((length, date.is_some()), (2, true));
    let mut part = folder.part(&file, &hash).expect("opened");
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
    part.discard().expect("removed");
    assert_eq!(home.names("a"), Vec::<String>::new());
}

#[test]
fn a_download_keeps_the_date_that_the_server_told() {
    let home = Home::new();
    let (folder, file, hash) = (home.folder(), name("file"), hash("whole"));
    let told = Date::UNIX_EPOCH + Duration::from_secs(1_651_361_858);
    let mut part = folder.part(&file, &hash).expect("made");
    part.append(b"wh").expect("added");
    assert_ne!(part.modified(), Some(told));
    part.stamp(told).expect("dated");
    part.append(b"ole").expect("added");
    assert_eq!(part.modified(), Some(told));
    let known = folder.peek(&file, &hash).expect("no trouble");
    assert_eq!(known, Some((5, Some(told))));
    drop(part);
    let mut part = folder.part(&file, &hash).expect("opened");
    assert_eq!(part.modified(), Some(told));
    part.truncate().expect("emptied");
    part.append(b"other").expect("added");
    assert_ne!(part.modified(), Some(told));
}

#[test]
fn a_part_that_is_gone_is_discarded() {
    let home = Home::new();
    let part = home.folder().part(&name("file"), &hash("")).expect("made");
    fs::remove_file(home.game(&home.names("")[0])).expect("removed");
    part.discard().expect("nothing to do");
}

fn manifest(names: &[&str]) -> Manifest {
    let wanted = |file: &&str| ManifestFile {
        name: name(file),
        hash: hash(file),
        size: None,
        is_executable: false,
        packed: PackedFile {
            source: Source {
                path: (*file).to_owned(),
                key: None,
            },
            packing: Packing::Gzip,
            hash: None,
        },
        patches: std::collections::BTreeMap::new(),
    };
    Manifest::new(names.iter().map(wanted).collect(), NameRules::HERE).expect("a manifest")
}

#[test]
fn only_what_this_program_left_beside_the_games_files_is_removed() {
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
        .tidy(&manifest(&["file", "a/b", "not/there"]), is_wanted);
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
fn the_room_on_a_disk_is_known() {
    let home = Home::new();
    assert!(home.folder().room().is_some_and(|room| room > 0));
}

#[test]
fn a_full_disk_is_told_apart() {
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
        let trouble = FileError::new(&name("file"), kind.into());
        assert!(matches!(trouble, FileError::Full { name, .. } if name == "file"));
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

    /// Every way to a file says that a link is in it, and leaves the link and what it leads to as they are.
    #[track_caller]
    fn refuses(home: &Home, file: &str, link: &str) {
        let (folder, file) = (home.folder(), name(file));
        let target = fs::read_link(home.game(link)).expect("a link");
        let hash = hash("new");
        let troubles = [
            folder.stat(&file).map(drop),
            folder.read(&file).map(drop),
            folder.permit(&file).map(drop),
            home.place(file.as_str(), "new", true).map(drop),
        ];
        for (way, trouble) in troubles.into_iter().enumerate() {
            let trouble = trouble.expect_err("a link");
            assert!(
                matches!(&trouble, FileError::Link { name } if name == link),
                "{way}: {trouble}"
            );
        }
        if link != file.as_str() {
            assert!(matches!(
                folder.part(&file, &hash),
                Err(FileError::Link { .. })
            ));
            assert!(matches!(
                folder.peek(&file, &hash),
                Err(FileError::Link { .. })
            ));
        }
        folder.tidy(&manifest(&[file.as_str()]), |_, _| false);
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
    fn no_link_is_followed_wherever_it_is_and_leads() {
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
    fn the_directory_itself_may_be_reached_through_a_link() {
        let home = Home::new();
        let link = home.0.path().join("link");
        symlink("game", &link).expect("a link");
        fs::write(home.game("file"), "x").expect("a file");
        for folder in [
            Folder::make(&link).expect("a directory"),
            Folder::open(&link).expect("no error").expect("there"),
        ] {
            assert!(folder.stat(&name("file")).expect("no trouble").is_some());
        }
    }

    #[test]
    fn links_with_our_names_are_not_followed() {
        let home = Home::new();
        let (folder, file, hash) = (home.folder(), name("file"), hash("new"));
        let part = home.game(&format!(".file.{hash}.part"));
        let new = home.game(&format!(".file.{hash}.new"));
        symlink("../outside/file", &part).expect("a link");
        symlink("../outside/file", &new).expect("a link");
        assert!(matches!(
            folder.part(&file, &hash),
            Err(FileError::Link { .. })
        ));
        assert!(matches!(
            folder.peek(&file, &hash),
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

    #[test]
    fn what_would_be_waited_for_is_not_opened() {
        let home = Home::new();
        let pipe = home.game("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).expect("a pipe");
        let folder = home.folder();
        for trouble in [
            folder.stat(&name("pipe")).map(drop),
            folder.read(&name("pipe")).map(drop),
            home.place("pipe", "new", false).map(drop),
        ] {
            assert!(matches!(trouble, Err(FileError::NotAFile { name }) if name == "pipe"));
        }
        assert_eq!(home.names(""), ["pipe"]);
    }

    #[test]
    fn a_program_runs_for_all_who_may_read_it() {
        let home = Home::new();
        home.place("plain", "x", false).expect("placed");
        home.place("program", "x", true).expect("placed");
        let plain = mode(&home.game("plain"));
        assert_eq!(plain & 0o111, 0);
        assert_eq!(mode(&home.game("program")), plain | (plain & 0o444) >> 2);
    }

    #[test]
    fn what_the_old_file_was_allowed_stays_allowed() {
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
    fn a_file_that_should_run_is_let() {
        let home = Home::new();
        fs::write(home.game("file"), "x").expect("a file");
        for (old, new) in [(0o640, 0o750), (0o744, 0o744), (0o600, 0o700)] {
            set_mode(&home.game("file"), old);
            let stat = home.folder().permit(&name("file")).expect("no trouble");
            assert_eq!(mode(&home.game("file")), new, "{old:o}");
            let now = home.folder().stat(&name("file")).expect("no trouble");
            assert_eq!(now, Some(stat));
        }
    }
}
