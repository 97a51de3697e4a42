//! The thread of one file: what arrives is kept, decoded, hashed and written at once.
//!
//! ```text
//!   network ─▶ Feed ─▶ Arriving ─▶ decoder ─▶ hash ─▶ Draft ─▶ the file
//!                        │
//!                        └▶ .NAME.HASH.part, for the next run
//! ```

use std::fs::File;
use std::io::{self, BufRead, ErrorKind, Read, Write as _};

use bytes::Bytes;
use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;

use super::folder::{Folder, Part, Stat};
use super::trouble::Trouble;
use super::turn::Turn;
use crate::clock::Date;
use crate::manifest::{Hash, Hasher, Packed, Packing, Wanted};

/// How many bytes are read, decoded and written at a time.
const BLOCK: usize = 256 * 1024;
/// The most that a file may unpack to: what is larger was made to fill a disk.
const LARGEST: u64 = 8 << 30;

/// What the network has for the thread.
#[derive(Debug)]
pub(super) enum Arrival {
    /// The server says when the file was made.
    Made(Date),
    /// The next packed bytes.
    Bytes(Bytes),
    /// What arrived so far is not of this file: the next bytes are its first.
    Anew,
    /// That was all.
    Whole,
}

/// A file that is in its place.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) stat: Stat,
    pub(super) hash: Hash,
}

/// Why a file is not in its place.
#[derive(Debug)]
pub(super) enum Flaw {
    /// What arrived is not what was promised; what was kept of it is gone.
    Corrupt(&'static str),
    /// Nobody sends any more; what arrived is kept.
    Cut,
    /// The disk.
    Disk(Trouble),
}

impl From<Trouble> for Flaw {
    fn from(trouble: Trouble) -> Self {
        Self::Disk(trouble)
    }
}

/// Takes what arrives until the file is in its place. What an earlier run kept comes first.
pub(super) fn unpack(
    folder: &Folder,
    wanted: &Wanted,
    part: Part,
    arrivals: Receiver<Arrival>,
    turn: Turn,
) -> Result<Placed, Flaw> {
    let mut arriving = Arriving::new(part, arrivals, turn, &wanted.packed)?;
    loop {
        let outcome = whole(folder, wanted, &mut arriving);
        let corrupt = matches!(outcome, Err(Flaw::Corrupt(_)));
        match arriving.end.take() {
            Some(End::Anew) if outcome.is_err() => {
                arriving = arriving.anew(&wanted.packed)?;
                continue;
            }
            Some(End::Cut) if corrupt => return Err(Flaw::Cut),
            Some(End::Disk(trouble)) => return Err(trouble.into()),
            _ => {}
        }
        if corrupt || outcome.is_ok() {
            // Left behind, it is cleared away by the next run.
            let _ = arriving.part.discard();
        }
        return outcome;
    }
}

/// One go at the whole file.
fn whole(folder: &Folder, wanted: &Wanted, arriving: &mut Arriving) -> Result<Placed, Flaw> {
    let mut draft = folder.draft(&wanted.name, &wanted.hash)?;
    let mut hasher = Hasher::new(wanted.hash.algorithm());
    let mut decoder: Box<dyn Read + '_> = match wanted.packed.packing {
        Packing::Bzip2 => Box::new(MultiBzDecoder::new(&mut *arriving)),
        Packing::Gzip => Box::new(MultiGzDecoder::new(&mut *arriving)),
    };
    let mut block = vec![0; BLOCK];
    let mut size = 0_u64;
    loop {
        let length = match decoder.read(&mut block) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return Err(Flaw::Corrupt("it cannot be unpacked")),
        };
        let bytes = block.get(..length).unwrap_or_default();
        size += length as u64;
        if size > wanted.size.unwrap_or(LARGEST) {
            return Err(Flaw::Corrupt("it is larger than it should be"));
        }
        hasher.update(bytes);
        let written = draft.write_all(bytes);
        written.map_err(|cause| Trouble::new(&wanted.name, cause))?;
    }
    drop(decoder);
    let is_whole = arriving.drain();
    let hash = hasher.finish();
    if !is_whole || !arriving.keeps(wanted.packed.hash.as_ref()) || !hash.keeps(&wanted.hash) {
        return Err(Flaw::Corrupt("it does not have the promised hash"));
    }
    // The disk takes its time.
    arriving.turn.give_up();
    let stat = draft.place(wanted.is_program)?;
    Ok(Placed { stat, hash })
}

/// Packed bytes, those that were kept first, as a decoder reads them.
struct Arriving {
    part: Part,
    /// What was kept, while it is not read to its end.
    kept: Option<File>,
    arrivals: Receiver<Arrival>,
    /// Held while there is something to decode.
    turn: Turn,
    /// What arrived and was not decoded yet.
    chunk: Bytes,
    hasher: Option<Hasher>,
    /// Why nothing more arrives.
    end: Option<End>,
}

/// Why nothing more arrives.
#[derive(Debug)]
enum End {
    Whole,
    Anew,
    Cut,
    Disk(Trouble),
}

impl Arriving {
    fn new(
        part: Part,
        arrivals: Receiver<Arrival>,
        turn: Turn,
        packed: &Packed,
    ) -> Result<Self, Trouble> {
        let promise = packed.hash.as_ref();
        let kept = (!part.is_empty()).then(|| part.read()).transpose()?;
        Ok(Self {
            part,
            kept,
            arrivals,
            turn,
            chunk: Bytes::new(),
            hasher: promise.map(|promise| Hasher::new(promise.algorithm())),
            end: None,
        })
    }

    /// The same with nothing kept.
    fn anew(mut self, packed: &Packed) -> Result<Self, Trouble> {
        self.part.truncate()?;
        Self::new(self.part, self.arrivals, self.turn, packed)
    }

    /// Whether all packed bytes have the hash that was promised.
    fn keeps(&mut self, promise: Option<&Hash>) -> bool {
        let hash = self.hasher.take().map(Hasher::finish);
        hash.zip(promise)
            .is_none_or(|(hash, promise)| hash.keeps(promise))
    }

    /// Takes what comes behind the end of what was packed. Gives whether the last of it arrived.
    fn drain(&mut self) -> bool {
        loop {
            match self.fill_buf() {
                Ok([]) => return true,
                Ok(bytes) => {
                    let length = bytes.len();
                    self.consume(length);
                }
                Err(_) => return false,
            }
        }
    }

    fn next(&mut self) -> Result<Bytes, End> {
        if let Some(kept) = &mut self.kept {
            self.turn.take();
            let mut block = vec![0; BLOCK];
            let length = kept.read(&mut block);
            let length = length.map_err(|cause| End::Disk(self.part.trouble(cause)))?;
            if length > 0 {
                block.truncate(length);
                return Ok(block.into());
            }
            self.kept = None;
        }
        loop {
            match self.arrival() {
                // Without its date the next run starts over.
                Some(Arrival::Made(made)) => drop(self.part.stamp(made)),
                Some(Arrival::Bytes(bytes)) if bytes.is_empty() => {}
                Some(Arrival::Bytes(bytes)) => {
                    self.part.append(&bytes).map_err(End::Disk)?;
                    return Ok(bytes);
                }
                Some(Arrival::Anew) => return Err(End::Anew),
                Some(Arrival::Whole) => return Err(End::Whole),
                None => return Err(End::Cut),
            }
        }
    }

    /// What arrives next. Others decode while there is nothing.
    fn arrival(&mut self) -> Option<Arrival> {
        let arrival = match self.arrivals.try_recv() {
            Err(TryRecvError::Empty) => {
                self.turn.give_up();
                self.arrivals.blocking_recv()
            }
            arrival => arrival.ok(),
        };
        self.turn.take();
        arrival
    }
}

impl BufRead for Arriving {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.chunk.is_empty() && self.end.is_none() {
            match self.next() {
                Ok(chunk) => {
                    if let Some(hasher) = &mut self.hasher {
                        hasher.update(&chunk);
                    }
                    self.chunk = chunk;
                }
                Err(end) => self.end = Some(end),
            }
        }
        match self.end {
            None | Some(End::Whole) => Ok(&self.chunk),
            Some(_) => Err(ErrorKind::ConnectionAborted.into()),
        }
    }

    fn consume(&mut self, length: usize) {
        let _ = self.chunk.split_to(length.min(self.chunk.len()));
    }
}

impl Read for Arriving {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}
