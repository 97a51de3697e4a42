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

/// What becomes of a file when this arrives, after so much was kept; and the files that are there then.
fn outcome(
    wanted: &ManifestFile,
    kept: &[u8],
    arrivals: Vec<Arrival>,
    most: u64,
) -> (Result<Placed, UnpackError>, BTreeMap<String, Vec<u8>>) {
    outcome_until(&Stop::default(), wanted, kept, arrivals, most)
}

/// The same when it may be told to stop.
fn outcome_until(
    stop: &Stop,
    wanted: &ManifestFile,
    kept: &[u8],
    arrivals: Vec<Arrival>,
    most: u64,
) -> (Result<Placed, UnpackError>, BTreeMap<String, Vec<u8>>) {
    let home = tempfile::tempdir().expect("a folder");
    let folder = Folder::make(home.path()).expect("a directory");
    let mut part = folder
        .part(&wanted.name, wanted.download_hash())
        .expect("a part");
    part.append(kept).expect("kept");
    let (sender, receiver) = mpsc::channel(arrivals.len().max(1));
    for arrival in arrivals {
        sender.try_send(arrival).expect("room");
    }
    drop(sender);
    let turn = Turn::new(&Arc::default());
    let arriving = Arriving::new(part, receiver, turn, &wanted.packed, most).expect("a part");
    let outcome = unpack_within(most, &folder, wanted, arriving, stop);
    let entries = std::fs::read_dir(home.path()).expect("a folder");
    let files = entries.map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        (name.into_owned(), std::fs::read(&path).expect("a file"))
    });
    (outcome, files.collect())
}

fn bytes(bytes: &[u8]) -> Arrival {
    Arrival::Bytes(Bytes::copy_from_slice(bytes))
}

const MOST: u64 = 1 << 20;

#[test]
fn nothing_that_came_is_no_part() {
    let wanted = wanted(b"content");
    for arrivals in [
        vec![],
        vec![Arrival::Made(Date::UNIX_EPOCH)],
        vec![bytes(b"")],
    ] {
        let (flaw, files) = outcome(&wanted, b"", arrivals, MOST);
        assert!(matches!(flaw, Err(UnpackError::Cut)), "{flaw:?}");
        assert!(files.is_empty(), "{files:?}");
    }
}

#[test]
fn what_came_of_it_is_kept_when_no_more_comes() {
    let (wanted, whole) = (wanted(b"content"), packed(b"content"));
    for (kept, arrivals) in [
        (20, vec![]),
        (12, vec![bytes(&whole[12..20])]),
        (0, vec![bytes(&whole[..20])]),
        (3, vec![Arrival::Anew, bytes(&whole[..20])]),
    ] {
        let (flaw, files) = outcome(&wanted, &whole[..kept], arrivals, MOST);
        assert!(matches!(flaw, Err(UnpackError::Cut)), "{flaw:?}");
        let part = format!(".a.{}.part", wanted.download_hash());
        assert_eq!(files, BTreeMap::from([(part, whole[..20].to_vec())]));
    }
}

#[test]
fn who_is_told_to_stop_keeps_what_came_and_decodes_no_more() {
    let (wanted, whole) = (wanted(b"content"), packed(b"content"));
    let stop = Stop::default();
    stop.tell();
    let rest = || vec![bytes(&whole[20..]), Arrival::Whole];
    for (kept, arrivals) in [
        (20, rest()),
        (0, [vec![bytes(&whole[..20])], rest()].concat()),
        (
            30,
            [vec![Arrival::Anew, bytes(&whole[..20])], rest()].concat(),
        ),
    ] {
        let (flaw, files) = outcome_until(&stop, &wanted, &whole[..kept], arrivals, MOST);
        assert!(matches!(flaw, Err(UnpackError::Cut)), "{flaw:?}");
        let part = format!(".a.{}.part", wanted.download_hash());
        assert_eq!(files, BTreeMap::from([(part, whole.clone())]));
    }
}

#[test]
fn more_than_anything_should_be_is_not_taken_packed_or_not() {
    let large = vec![7; 5000];
    let (flaw, files) = outcome(
        &wanted(&large),
        b"",
        vec![bytes(&packed(&large)), Arrival::Whole],
        4999,
    );
    assert!(matches!(flaw, Err(UnpackError::Corrupt(_))), "{flaw:?}");
    assert!(files.is_empty(), "{files:?}");
    // Streams of nothing are as long as one likes, and unpack to nothing.
    let nothing = vec![bytes(&packed(b"").repeat(10)); 100];
    let (flaw, files) = outcome(&wanted(b"content"), b"", nothing, 4999);
    assert!(matches!(flaw, Err(UnpackError::Corrupt(_))), "{flaw:?}");
    assert!(files.is_empty(), "{files:?}");
}

#[test]
fn more_than_was_promised_is_not_taken() {
    let (content, whole) = (b"content", packed(b"content"));
    let small = ManifestFile {
        size: Some(6),
        ..wanted(content)
    };
    let (flaw, files) = outcome(&small, b"", vec![bytes(&whole), Arrival::Whole], MOST);
    assert!(matches!(flaw, Err(UnpackError::Corrupt(_))), "{flaw:?}");
    assert!(files.is_empty(), "{files:?}");
}

#[test]
fn a_wrong_hash_of_what_was_packed_is_as_bad_as_one_of_the_content() {
    let (content, whole) = (b"content", packed(b"content"));
    let right = wanted(content);
    let mut packed_wrong = right.clone();
    packed_wrong.packed.hash = Some(sha1(b"another"));
    let mut content_wrong = right.clone();
    content_wrong.hash = sha1(b"another");
    for wrong in [packed_wrong, content_wrong] {
        let (flaw, files) = outcome(&wrong, b"", vec![bytes(&whole), Arrival::Whole], MOST);
        assert!(matches!(flaw, Err(UnpackError::Corrupt(_))), "{flaw:?}");
        assert!(files.is_empty(), "{files:?}");
    }
    let mut untold = right;
    untold.packed.hash = None;
    let (placed, _) = outcome(&untold, b"", vec![bytes(&whole), Arrival::Whole], MOST);
    assert!(placed.is_ok(), "{placed:?}");
}

proptest! {
    /// However it is cut into pieces, and however often it began anew, the file is the one that was promised or none.
    #[test]
    fn pieces_make_the_whole(
        content: Vec<u8>,
        kept in 0.0..1.0_f64,
        pieces in proptest::collection::vec((1..40_usize, 0..20_u8), 0..30),
        is_whole: bool,
    ) {
        let (wanted, whole) = (wanted(&content), packed(&content));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss,
            reason = "a place in a short text")]
        let mut at = (whole.len() as f64 * kept) as usize;
        let first = at;
        let mut arrivals = Vec::new();
        for (length, anew) in pieces {
            if anew == 0 {
                arrivals.push(Arrival::Anew);
                at = 0;
            }
            let end = (at + length).min(whole.len());
            arrivals.push(bytes(&whole[at..end]));
            arrivals.push(Arrival::Made(Date::UNIX_EPOCH + Duration::from_secs(9)));
            at = end;
        }
        if is_whole {
            arrivals.push(bytes(&whole[at..]));
            arrivals.push(Arrival::Whole);
        }
        let (outcome, files) = outcome(&wanted, &whole[..first], arrivals, MOST);
        if is_whole {
            prop_assert!(outcome.is_ok(), "{:?}", outcome);
            prop_assert_eq!(files, BTreeMap::from([("a".to_owned(), content)]));
        } else {
            prop_assert!(matches!(outcome, Err(UnpackError::Cut)), "{:?}", outcome);
            let part = format!(".a.{}.part", wanted.download_hash());
            let kept = (at > 0).then(|| (part, whole[..at].to_vec()));
            prop_assert_eq!(files, kept.into_iter().collect());
        }
    }
}
