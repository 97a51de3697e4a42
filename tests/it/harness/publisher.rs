//! A stand-in publisher of Toontown Rewritten: a manifest, files and patches on a stand-in mirror.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use qbsdiff::{Bsdiff, ParallelScheme};
use serde_json::{Map, Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::mirror::Mirror;

/// The path of the list of files.
pub(crate) const LIST: &str = "/content/patchmanifest.txt";
/// The path of the list of mirrors.
pub(crate) const MIRRORS: &str = "/api/mirrors";

/// Returns incompressible bytes, which depend only on the seed.
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

/// Returns the hash in the list of Toontown Rewritten.
pub(crate) fn sha1(content: &[u8]) -> String {
    hex(&Sha1::digest(content))
}

/// Returns the start of the hash in the list of The Legend of Pirates Online.
pub(crate) fn seven(content: &[u8]) -> String {
    hex(&Sha256::digest(content))[..7].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// Creates a patch with the crate qbsdiff.
pub(crate) fn patch(old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut patch = Vec::new();
    let diff = Bsdiff::new(old, new).parallel_scheme(ParallelScheme::Never);
    diff.compare(Cursor::new(&mut patch)).expect("a patch");
    patch
}

/// All characters except the unreserved ones.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'.')
    .remove(b'_')
    .remove(b'-')
    .remove(b'~');

/// Returns a name as one percent-encoded component of a path.
fn encode(name: &str) -> String {
    utf8_percent_encode(&name.replace('/', "_"), RESERVED).to_string()
}

/// A stand-in publisher with its mirror.
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

    /// Publishes a new version of a file, without patches.
    pub(crate) fn file(&mut self, name: &str, content: &[u8]) {
        let packed = packed(content);
        let dl = format!("{}.{}.bz2", encode(name), &sha1(content)[..10]);
        self.mirror.put(&format!("/patches/{dl}"), &packed[..]);
        let entry = json!({
            "dl": dl, "hash": sha1(content), "compHash": sha1(&packed), "patches": {},
        });
        self.list.insert(name.to_owned(), entry);
        self.contents.insert(name.to_owned(), content.to_vec());
        self.publish();
    }

    /// Publishes a patch from an old content. Returns its path.
    pub(crate) fn patch(&mut self, name: &str, old: &[u8]) -> String {
        let patch = patch(old, &self.contents[name]);
        self.patch_of(name, old, &patch)
    }

    /// Publishes these bytes as the patch from an old content. Returns its path.
    pub(crate) fn patch_of(&mut self, name: &str, old: &[u8], bytes: &[u8]) -> String {
        let packed = packed(bytes);
        let dl = format!("{}.from_{}.bsdiff.bz2", encode(name), &sha1(old)[..5]);
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

    /// Returns the path of the packed file on the mirror.
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

    /// Returns the content of all files.
    pub(crate) fn contents(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.contents
    }
}
