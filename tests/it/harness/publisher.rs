//! The list, files and patches that the makers of a game publish.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use qbsdiff::{Bsdiff, ParallelScheme};
use serde_json::{Map, Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::mirror::Mirror;

/// The path of the list of files of `ttr`.
pub(crate) const LIST: &str = "/content/patchmanifest.txt";
/// The path of its list of mirrors.
pub(crate) const MIRRORS: &str = "/api/mirrors";

/// Returns pseudo-random bytes, which cannot be compressed.
pub(crate) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

/// Compresses with bzip2.
pub(crate) fn packed(content: &[u8]) -> Vec<u8> {
    let mut packer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    packer.write_all(content).expect("packed");
    packer.finish().expect("packed")
}

/// Returns the hash in lists of `ttr`.
pub(crate) fn sha1(content: &[u8]) -> String {
    hex(&Sha1::digest(content))
}

/// Returns the first seven digits of the hash, as in lists of `tlopo`.
pub(crate) fn short_sha256(content: &[u8]) -> String {
    hex(&Sha256::digest(content))[..7].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// Returns a patch in bsdiff format.
pub(crate) fn patch(old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut patch = Vec::new();
    let maker = Bsdiff::new(old, new).parallel_scheme(ParallelScheme::Never);
    maker.compare(Cursor::new(&mut patch)).expect("a patch");
    patch
}

/// All characters except the unreserved ones.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'.')
    .remove(b'_')
    .remove(b'-')
    .remove(b'~');

/// Returns a file's name as one percent-encoded path segment.
fn plain(name: &str) -> String {
    utf8_percent_encode(&name.replace('/', "_"), RESERVED).to_string()
}

/// The publisher of `ttr` with one mirror.
pub(crate) struct Publisher {
    pub(crate) mirror: Mirror,
    list: Map<String, Value>,
    contents: BTreeMap<String, Vec<u8>>,
}

impl Publisher {
    /// Creates a publisher without files.
    pub(crate) fn new() -> Self {
        let mirror = Mirror::new();
        let mirrors = json!([format!("{}/patches/", mirror.root())]);
        mirror.put(MIRRORS, mirrors.to_string());
        Self {
            mirror,
            list: Map::new(),
            contents: BTreeMap::new(),
        }
    }

    /// Creates a publisher of these files.
    pub(crate) fn of(files: &[(&str, &[u8])]) -> Self {
        let mut publisher = Self::new();
        for (name, content) in files {
            publisher.file(name, content);
        }
        publisher
    }

    /// Publishes a file for all systems and removes its patches.
    pub(crate) fn file(&mut self, name: &str, content: &[u8]) {
        let packed = packed(content);
        let dl = format!("{}.{}.bz2", plain(name), &sha1(content)[..10]);
        self.mirror.put(&format!("/patches/{dl}"), &packed[..]);
        let entry = json!({
            "dl": dl, "hash": sha1(content), "compHash": sha1(&packed), "patches": {},
        });
        self.list.insert(name.to_owned(), entry);
        self.contents.insert(name.to_owned(), content.to_vec());
        self.publish();
    }

    /// Publishes a patch from the content `old` to the file and returns its path.
    pub(crate) fn patch(&mut self, name: &str, old: &[u8]) -> String {
        let patch = patch(old, &self.contents[name]);
        self.patch_of(name, old, &patch)
    }

    /// Publishes `bytes` as the patch from the content `old` and returns its path.
    pub(crate) fn patch_of(&mut self, name: &str, old: &[u8], bytes: &[u8]) -> String {
        let packed = packed(bytes);
        let dl = format!("{}.from_{}.bsdiff.bz2", plain(name), &sha1(old)[..5]);
        let path = format!("/patches/{dl}");
        self.mirror.put(&path, &packed[..]);
        let offer = json!({
            "filename": dl, "patchHash": sha1(bytes), "compPatchHash": sha1(&packed),
        });
        self.change(name, |entry| entry["patches"][sha1(old)] = offer);
        path
    }

    /// Changes the entry of a file in the list.
    pub(crate) fn change(&mut self, name: &str, change: impl FnOnce(&mut Value)) {
        change(&mut self.list[name]);
        self.publish();
    }

    /// Removes a file from the list.
    pub(crate) fn drop_file(&mut self, name: &str) {
        self.list.remove(name);
        self.contents.remove(name);
        self.publish();
    }

    fn publish(&self) {
        let list = Value::Object(self.list.clone());
        self.mirror.put(LIST, list.to_string());
    }

    /// Returns the mirror's path of a compressed file.
    pub(crate) fn path(&self, name: &str) -> String {
        format!(
            "/patches/{}",
            self.list[name]["dl"].as_str().expect("a name")
        )
    }

    /// Returns the name of the partial download of a file.
    pub(crate) fn part(&self, name: &str) -> String {
        let digits = self.list[name]["compHash"].as_str().expect("a hash");
        match name.rsplit_once('/') {
            Some((folder, file)) => format!("{folder}/.{file}.{digits}.part"),
            None => format!(".{name}.{digits}.part"),
        }
    }

    /// Returns the files by name.
    pub(crate) fn contents(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.contents
    }
}
