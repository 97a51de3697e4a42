//! Packed bytes on their way from the network to a decoder; what is new of them is kept for the next run.

use std::fs::File;
use std::io::{self, BufRead, ErrorKind, Read};

use bytes::Bytes;
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;

use super::folder::Part;
use super::trouble::FileError;
use super::turn::Turn;
use crate::base::clock::Date;
use crate::manifest::{Hash, Hasher, PackedFile};

/// How many bytes are read at a time of what was kept.
const BLOCK: usize = 256 * 1024;

/// What the network has for the thread.
#[derive(Debug, Clone)]
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

/// Packed bytes, those that were kept first, as a decoder reads them.
pub(super) struct Arriving {
    pub(super) part: Part,
    /// What was kept, while it is not read to its end.
    kept: Option<File>,
    arrivals: Receiver<Arrival>,
    /// Held while there is something to decode.
    pub(super) turn: Turn,
    /// What arrived and was not decoded yet.
    chunk: Bytes,
    hasher: Option<Hasher>,
    /// No more packed bytes are taken than these.
    most: u64,
    /// Why nothing more arrives.
    pub(super) end: Option<End>,
}

/// Why nothing more arrives.
#[derive(Debug)]
pub(super) enum End {
    Whole,
    Anew,
    Cut,
    /// It is larger than anything should be.
    TooMuch,
    Disk(FileError),
}

impl Arriving {
    pub(super) fn new(
        part: Part,
        arrivals: Receiver<Arrival>,
        turn: Turn,
        packed: &PackedFile,
        most: u64,
    ) -> Result<Self, FileError> {
        let promise = packed.hash.as_ref();
        let kept = (!part.is_empty()).then(|| part.read()).transpose()?;
        Ok(Self {
            part,
            kept,
            arrivals,
            turn,
            chunk: Bytes::new(),
            hasher: promise.map(|promise| Hasher::new(promise.algorithm())),
            most,
            end: None,
        })
    }

    /// The same with nothing kept.
    pub(super) fn anew(mut self, packed: &PackedFile, most: u64) -> Result<Self, FileError> {
        self.part.truncate()?;
        Self::new(self.part, self.arrivals, self.turn, packed, most)
    }

    /// Whether all packed bytes have the hash that was promised.
    pub(super) fn keeps(&mut self, promise: Option<&Hash>) -> bool {
        let hash = self.hasher.take().map(Hasher::finish);
        hash.zip(promise)
            .is_none_or(|(hash, promise)| hash.matches(promise))
    }

    /// Keeps what arrived, for whoever comes next.
    pub(super) fn put_away(&mut self) {
        self.kept = None;
        self.drain();
    }

    /// Takes what comes behind the end of what was packed. Gives whether the last of it arrived.
    pub(super) fn drain(&mut self) -> bool {
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
                Some(Arrival::Bytes(bytes))
                    if self.part.len().saturating_add(bytes.len() as u64) > self.most =>
                {
                    return Err(End::TooMuch);
                }
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
