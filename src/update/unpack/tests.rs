use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;
use tokio::sync::mpsc;

use super::*;
use crate::base::clock::Date;
use crate::manifest::{FileName, HashAlgorithm, NameRules, PackedFile, Source};
use crate::update::core_permit::CorePermit;
use crate::update::packed_reader::DownloadMessage;
use crate::update::parallel_bzip2::tests::MAGIC_WITHIN_A_BLOCK;

fn packed(content: &[u8]) -> Vec<u8> {
    let mut packer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    packer.write_all(content).expect("packed");
    packer.finish().expect("packed")
}

fn sha1(content: &[u8]) -> Hash {
    let mut hasher = Hasher::new(HashAlgorithm::Sha1);
    hasher.update(content);
    hasher.finish()
}

fn wanted(content: &[u8]) -> ManifestFile {
    ManifestFile {
        name: FileName::new("a", NameRules::HERE).expect("a name"),
        hash: sha1(content),
        size: None,
        is_executable: false,
        packed: PackedFile {
            source: Source {
                path: String::new(),
                key: None,
            },
            packing: Packing::Bzip2,
            hash: Some(sha1(&packed(content))),
        },
        patches: BTreeMap::new(),
    }
}

/// Unpacks a file from the stored bytes and these messages. Returns the result and the files that exist afterwards.
fn unpacked(
    wanted: &ManifestFile,
    stored: &[u8],
    messages: Vec<DownloadMessage>,
    max_size: u64,
) -> (Result<PlacedFile, UnpackError>, BTreeMap<String, Vec<u8>>) {
    unpacked_until(&StopFlag::default(), wanted, stored, messages, max_size)
}

/// Like [`unpacked`] with a stop flag.
fn unpacked_until(
    stop: &StopFlag,
    wanted: &ManifestFile,
    stored: &[u8],
    messages: Vec<DownloadMessage>,
    max_size: u64,
) -> (Result<PlacedFile, UnpackError>, BTreeMap<String, Vec<u8>>) {
    let home = tempfile::tempdir().expect("a folder");
    let folder = Folder::create(home.path()).expect("a directory");
    let mut partial = folder
        .partial_download(&wanted.name, wanted.download_hash())
        .expect("opened");
    partial.append(stored).expect("stored");
    let (sender, receiver) = mpsc::channel(messages.len().max(1));
    for message in messages {
        sender.try_send(message).expect("sent");
    }
    drop(sender);
    let permit = CorePermit::new(&Arc::default());
    let reader = PackedReader::new(partial, receiver, permit, max_size);
    let result = unpack(&folder, wanted, reader.expect("opened"), stop);
    let entries = std::fs::read_dir(home.path()).expect("a folder");
    let files = entries.map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        (name.into_owned(), std::fs::read(&path).expect("a file"))
    });
    (result, files.collect())
}

fn bytes(bytes: &[u8]) -> DownloadMessage {
    DownloadMessage::Bytes(Bytes::copy_from_slice(bytes))
}

const MAX: u64 = 1 << 20;

#[test]
fn an_interrupted_download_without_bytes_leaves_no_file() {
    let wanted = wanted(b"content");
    for messages in [
        vec![],
        vec![DownloadMessage::Modified(Date::UNIX_EPOCH)],
        vec![bytes(b"")],
    ] {
        let (result, files) = unpacked(&wanted, b"", messages, MAX);
        assert!(
            matches!(result, Err(UnpackError::Interrupted)),
            "{result:?}"
        );
        assert!(files.is_empty(), "{files:?}");
    }
}

#[test]
fn an_interrupted_download_keeps_its_bytes() {
    let (wanted, whole) = (wanted(b"content"), packed(b"content"));
    for (stored, messages) in [
        (20, vec![]),
        (12, vec![bytes(&whole[12..20])]),
        (0, vec![bytes(&whole[..20])]),
        (3, vec![DownloadMessage::Restart, bytes(&whole[..20])]),
    ] {
        let (result, files) = unpacked(&wanted, &whole[..stored], messages, MAX);
        assert!(
            matches!(result, Err(UnpackError::Interrupted)),
            "{result:?}"
        );
        let part = format!(".a.{}.part", wanted.download_hash());
        assert_eq!(files, BTreeMap::from([(part, whole[..20].to_vec())]));
    }
}

#[test]
fn the_stop_flag_ends_decoding_and_keeps_all_bytes() {
    let (wanted, whole) = (wanted(b"content"), packed(b"content"));
    let stop = StopFlag::default();
    stop.set();
    let rest = || vec![bytes(&whole[20..]), DownloadMessage::End];
    for (stored, messages) in [
        (20, rest()),
        (0, [vec![bytes(&whole[..20])], rest()].concat()),
        (
            30,
            [vec![DownloadMessage::Restart, bytes(&whole[..20])], rest()].concat(),
        ),
    ] {
        let (result, files) = unpacked_until(&stop, &wanted, &whole[..stored], messages, MAX);
        assert!(
            matches!(result, Err(UnpackError::Interrupted)),
            "{result:?}"
        );
        let part = format!(".a.{}.part", wanted.download_hash());
        assert_eq!(files, BTreeMap::from([(part, whole.clone())]));
    }
}

#[test]
fn a_file_over_the_size_limit_is_refused_packed_and_unpacked() {
    let large = vec![7; 5000];
    let (result, files) = unpacked(
        &wanted(&large),
        b"",
        vec![bytes(&packed(&large)), DownloadMessage::End],
        4999,
    );
    assert!(matches!(result, Err(UnpackError::Corrupt(_))), "{result:?}");
    assert!(files.is_empty(), "{files:?}");
    // Empty streams unpack to nothing, however many there are.
    let empty = vec![bytes(&packed(b"").repeat(10)); 100];
    let (result, files) = unpacked(&wanted(b"content"), b"", empty, 4999);
    assert!(matches!(result, Err(UnpackError::Corrupt(_))), "{result:?}");
    assert!(files.is_empty(), "{files:?}");
}

#[test]
fn a_file_larger_than_in_the_manifest_is_refused() {
    let (content, whole) = (b"content", packed(b"content"));
    let small = ManifestFile {
        size: Some(6),
        ..wanted(content)
    };
    let (result, files) = unpacked(&small, b"", vec![bytes(&whole), DownloadMessage::End], MAX);
    assert!(matches!(result, Err(UnpackError::Corrupt(_))), "{result:?}");
    assert!(files.is_empty(), "{files:?}");
}

#[test]
fn a_file_that_the_parallel_decoder_cannot_cut_is_unpacked() {
    let (content, whole) = (b"#)9,#)9,", MAGIC_WITHIN_A_BLOCK);
    for hash in [Some(sha1(whole)), None] {
        let mut wanted = wanted(content);
        wanted.packed.hash = hash;
        for (stored, messages) in [
            (0, vec![bytes(&whole[..40]), bytes(&whole[40..])]),
            (30, vec![bytes(&whole[30..])]),
        ] {
            let messages = [messages, vec![DownloadMessage::End]].concat();
            let (placed, files) = unpacked(&wanted, &whole[..stored], messages, MAX);
            assert!(placed.is_ok(), "{placed:?}");
            assert_eq!(files, BTreeMap::from([("a".to_owned(), content.to_vec())]));
        }
    }
}

#[test]
fn a_wrong_hash_is_refused_packed_and_unpacked() {
    let (content, whole) = (b"content", packed(b"content"));
    let right = wanted(content);
    let mut packed_wrong = right.clone();
    packed_wrong.packed.hash = Some(sha1(b"another"));
    let mut content_wrong = right.clone();
    content_wrong.hash = sha1(b"another");
    for wrong in [packed_wrong, content_wrong] {
        let (result, files) = unpacked(&wrong, b"", vec![bytes(&whole), DownloadMessage::End], MAX);
        assert!(matches!(result, Err(UnpackError::Corrupt(_))), "{result:?}");
        assert!(files.is_empty(), "{files:?}");
    }
    let mut without_hash = right;
    without_hash.packed.hash = None;
    let (placed, _) = unpacked(
        &without_hash,
        b"",
        vec![bytes(&whole), DownloadMessage::End],
        MAX,
    );
    assert!(placed.is_ok(), "{placed:?}");
}

proptest! {
    /// The file is correct or missing, for any chunks and any restarts.
    #[test]
    fn chunks_of_any_size_are_unpacked(
        content: Vec<u8>,
        stored in 0.0..1.0_f64,
        chunks in proptest::collection::vec((1..40_usize, 0..20_u8), 0..30),
        is_complete: bool,
    ) {
        let (wanted, whole) = (wanted(&content), packed(&content));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss,
            reason = "an index into a short text")]
        let mut at = (whole.len() as f64 * stored) as usize;
        let first = at;
        let mut messages = Vec::new();
        for (length, restart) in chunks {
            if restart == 0 {
                messages.push(DownloadMessage::Restart);
                at = 0;
            }
            let end = (at + length).min(whole.len());
            messages.push(bytes(&whole[at..end]));
            messages.push(DownloadMessage::Modified(Date::UNIX_EPOCH + Duration::from_secs(9)));
            at = end;
        }
        if is_complete {
            messages.push(bytes(&whole[at..]));
            messages.push(DownloadMessage::End);
        }
        let (result, files) = unpacked(&wanted, &whole[..first], messages, MAX);
        if is_complete {
            prop_assert!(result.is_ok(), "{:?}", result);
            prop_assert_eq!(files, BTreeMap::from([("a".to_owned(), content)]));
        } else {
            prop_assert!(matches!(result, Err(UnpackError::Interrupted)), "{:?}", result);
            let part = format!(".a.{}.part", wanted.download_hash());
            let kept = (at > 0).then(|| (part, whole[..at].to_vec()));
            prop_assert_eq!(files, kept.into_iter().collect());
        }
    }
}
