//! Single steps of an installation.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use bzip2::bufread::MultiBzDecoder;
use playcookie::http::{Client, Limits};

/// The size of a read in bytes.
const BLOCK: usize = 256 * 1024;

/// Decodes all files of a folder on all cores, the largest first.
pub(crate) fn decode(folder: &Path) {
    let files = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = files.map(|it| it.expect("a file").path()).collect();
    files.sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).expect("a file").len()));
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..crate::cores() {
            scope.spawn(|| {
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let file = fs::File::open(path).expect("a file");
                    let packed = io::BufReader::with_capacity(BLOCK, file);
                    let mut decoder = MultiBzDecoder::new(packed);
                    let mut block = vec![0; BLOCK];
                    while io::Read::read(&mut decoder, &mut block).expect("bzip2") > 0 {}
                }
            });
        }
    });
}

/// Fetches a path below a root with the program's HTTP client.
pub(crate) fn fetch(root: &str, path: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let client = Client::new(root.parse().expect("a root"), Limits::default());
        let client = client.expect("a client");
        let mut download = client.download(path, None).await.expect("an answer");
        let mut length = 0;
        while let Some(bytes) = download.chunk().await.expect("bytes") {
            length += bytes.len() as u64;
        }
        assert_eq!(Some(length), download.length());
    });
}
