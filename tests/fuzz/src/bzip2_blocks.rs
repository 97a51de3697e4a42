//! Decoding a bzip2 file block by block gives what the sequential decoder gives, or fails. It fails for no file that was
//! packed here.
//!
//! If the first byte is `0`, the rest is a packed file, which may be invalid. Otherwise it is a level, and the rest is the
//! content of two streams.

use std::io::{BufReader, Read, Write};
use std::sync::Arc;

use bzip2::Compression;
use bzip2::bufread::MultiBzDecoder;
use bzip2::write::BzEncoder;
use playcookie::update::core_permit::Cores;
use playcookie::update::parallel_bzip2::ParallelBzip2Decoder;

/// How many unpacked bytes are compared.
const MOST: u64 = 1 << 20;

pub(crate) fn run(data: &[u8]) {
    let Some((kind, body)) = data.split_first() else {
        return;
    };
    let is_valid = *kind != b'0';
    let packed = if is_valid {
        let (first, second) = body.split_at(body.len() / 2);
        let level = u32::from(kind % 9) + 1;
        [first, second].map(|part| pack(part, level)).concat()
    } else {
        body.to_vec()
    };
    let mut expected = Vec::new();
    let sequential = MultiBzDecoder::new(&*packed)
        .take(MOST)
        .read_to_end(&mut expected);
    // The first byte also chooses how many bytes arrive at a time.
    let arriving = BufReader::with_capacity(usize::from(*kind) + 1, &*packed);
    let decoder = ParallelBzip2Decoder::new(arriving, &Arc::new(Cores::new(1)));
    let mut content = Vec::new();
    let parallel = decoder.take(MOST).read_to_end(&mut content);
    assert!(parallel.is_ok() || !is_valid, "a valid file is not decoded");
    if parallel.is_ok() && (content.len() as u64) < MOST {
        assert!(sequential.is_ok(), "an invalid file is decoded");
        assert!(content == expected, "another content");
    }
}

fn pack(content: &[u8], level: u32) -> Vec<u8> {
    let mut packer = BzEncoder::new(Vec::new(), Compression::new(level));
    packer.write_all(content).expect("packed");
    packer.finish().expect("packed")
}
