//! The games that are installed. They are generated once, equal on every machine, and kept compressed below `target/`.
//!
//! ```text
//! all      40 files, 400 MB, a quarter each of text, mixed, random and repetitive content
//! one      one file of 30 MB that hardly packs
//! half     the same file, and as much in ten others
//! small    500 files in 20 folders
//! GAME/content/patchmanifest.txt    the list, as Toontown Rewritten publishes it
//! GAME/patches/NAME.bz2             the files
//! GAME/names                        the names of the files, one per line
//! ```

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use bzip2::Compression;
use bzip2::write::BzEncoder;
use playcookie::manifest::{HashAlgorithm, Hasher};
use serde_json::{Value, json};

/// The name of the folder, which changes with the content.
const FOLDER: &str = "install-3";
/// The sizes in MB, each of four files.
const SIZES: [usize; 10] = [2, 4, 6, 8, 12, 16, 10, 22, 5, 15];
const MB: usize = 1_000_000;
const KINDS: [Kind; 4] = [Kind::Text, Kind::Mixed, Kind::Random, Kind::Repetitive];
/// The length of the alternating sections of mixed content.
const SECTION: usize = 4096;

/// The kind of a file's content.
#[derive(Clone, Copy)]
enum Kind {
    /// Words.
    Text,
    /// Words and random bytes alternately.
    Mixed,
    /// Random bytes.
    Random,
    /// Repeated text with rare changes.
    Repetitive,
}

/// A file to generate.
struct Item {
    name: String,
    size: usize,
    kind: Kind,
    seed: u64,
}

/// The folder of the games.
pub(crate) struct Games(PathBuf);

impl Games {
    /// Generates the games if they do not exist.
    pub(crate) fn new() -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(FOLDER);
        if !root.exists() {
            println!("generating the games in {} …", root.display());
            let draft = root.with_extension("new");
            let _ = fs::remove_dir_all(&draft);
            publish(&draft.join("all"), &all());
            publish(&draft.join("one"), &one());
            publish(&draft.join("half"), &half());
            publish(&draft.join("small"), &small());
            fs::rename(&draft, &root).expect("a name");
        }
        Self(root)
    }

    /// Returns the folder of the games.
    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    /// Returns the folder of a game's compressed files.
    pub(crate) fn packed(&self, game: &str) -> PathBuf {
        self.0.join(game).join("patches")
    }

    /// Returns the file with the names of a game's files.
    pub(crate) fn names(&self, game: &str) -> PathBuf {
        self.0.join(game).join("names")
    }
}

fn all() -> Vec<Item> {
    let item = |index: usize| Item {
        // The order of names, in which files are listed, is not that of sizes and kinds.
        name: format!("phase_{:02}.mf", index * 7 % 40),
        size: SIZES[index / 4] * MB,
        kind: KINDS[index % 4],
        seed: index as u64 + 1,
    };
    (0..40).map(item).collect()
}

fn one() -> Vec<Item> {
    vec![Item {
        // Last in the list, where it keeps one core busy when the others have nothing left.
        name: "phase_99.mf".to_owned(),
        size: 30 * MB,
        kind: Kind::Random,
        seed: 1,
    }]
}

fn half() -> Vec<Item> {
    let item = |index: usize| Item {
        name: format!("phase_{index:02}.mf"),
        size: 3 * MB,
        kind: Kind::Random,
        seed: index as u64 + 2,
    };
    (0..10).map(item).chain(one()).collect()
}

fn small() -> Vec<Item> {
    let item = |index: usize| Item {
        name: format!("folder_{:02}/file_{index:03}.txt", index % 20),
        size: 1000 + index,
        kind: Kind::Text,
        seed: index as u64 + 1,
    };
    (0..500).map(item).collect()
}

/// Generates the files on all cores and writes the list.
fn publish(folder: &Path, items: &[Item]) {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut rows = Vec::new();
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            rows.push((item.name.clone(), item.publish(&folder.join("patches"))));
        }
        rows
    };
    let list: serde_json::Map<String, Value> = thread::scope(|scope| {
        let threads: Vec<_> = (0..crate::cores()).map(|_| scope.spawn(work)).collect();
        let rows = threads.into_iter().flat_map(|it| it.join().expect("rows"));
        rows.collect()
    });
    let names: Vec<&str> = list.keys().map(String::as_str).collect();
    fs::write(folder.join("names"), names.join("\n") + "\n").expect("the names");
    fs::create_dir_all(folder.join("content")).expect("a folder");
    let list = Value::Object(list).to_string();
    fs::write(folder.join("content/patchmanifest.txt"), list).expect("a list");
}

impl Item {
    /// Writes the compressed file and returns its entry in the list.
    fn publish(&self, folder: &Path) -> Value {
        let content = self.content();
        let mut encoder = BzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&content).expect("memory");
        let packed = encoder.finish().expect("memory");
        let download = format!("{}.bz2", self.name);
        let path = folder.join(&download);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, &packed).expect("a file");
        json!({ "dl": download, "hash": sha1(&content), "compHash": sha1(&packed), "patches": {} })
    }

    fn content(&self) -> Vec<u8> {
        let mut random = Random(self.seed);
        let mut content = Vec::with_capacity(self.size + SECTION);
        let mut is_random = false;
        while content.len() < self.size {
            is_random = !is_random;
            match self.kind {
                Kind::Mixed if is_random => random.bytes(&mut content),
                Kind::Text | Kind::Mixed => random.words(&mut content),
                Kind::Random => random.bytes(&mut content),
                Kind::Repetitive => random.repetition(&mut content),
            }
        }
        content.truncate(self.size);
        content
    }
}

fn sha1(content: &[u8]) -> String {
    let mut hasher = Hasher::new(HashAlgorithm::Sha1);
    hasher.update(content);
    hasher.finish().to_string()
}

/// A xorshift generator of pseudo-random numbers.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Returns a number below a limit. Small numbers are more frequent, like the common words of a language.
    fn below(&mut self, limit: u64) -> u64 {
        let (one, two) = ((self.next() >> 32) % limit, (self.next() >> 32) % limit);
        one * two / limit
    }

    fn bytes(&mut self, to: &mut Vec<u8>) {
        for _ in 0..SECTION / 8 {
            to.extend_from_slice(&self.next().to_le_bytes());
        }
    }

    /// Appends words from a vocabulary of 4096.
    fn words(&mut self, to: &mut Vec<u8>) {
        let end = to.len() + SECTION;
        while to.len() < end {
            let mut word = Self(self.below(4096) + 1);
            for _ in 0..word.next() % 8 + 2 {
                let letter = u8::try_from(word.below(26)).expect("a letter");
                to.push(b'a' + letter);
            }
            to.push(b' ');
        }
    }

    fn repetition(&mut self, to: &mut Vec<u8>) {
        to.extend(b"gears and pies ".iter().cycle().take(SECTION));
        to.extend_from_slice(&self.next().to_le_bytes());
    }
}
