//! The packed bytes of a file, from the partial download and then from the network. Bytes from the network are appended to
//! the partial download, for the next run.

use std::fs::File;
use std::io::{self, BufRead, ErrorKind, Read};

use bytes::Bytes;
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;

use super::core_permit::CorePermit;
use super::file_error::FileError;
use super::folder::PartialDownload;
use crate::base::clock::Date;

/// How many bytes of the partial download are read at a time.
const BLOCK: usize = 256 * 1024;

/// A message of the download to the thread that decodes the file.
#[derive(Debug, Clone)]
pub(super) enum DownloadMessage {
    /// The modification date of the file on the server.
    Modified(Date),
    /// The next packed bytes.
    Bytes(Bytes),
    /// All bytes so far are invalid, and the file starts again.
    Restart,
    /// The file is complete.
    End,
}

/// Reads the packed bytes of a file.
pub(super) struct PackedReader {
    pub(super) partial: PartialDownload,
    /// A reader of the partial download, until its end.
    stored: Option<File>,
    messages: Receiver<DownloadMessage>,
    /// Held except while waiting for the network.
    pub(super) permit: CorePermit,
    /// Bytes that were received and not yet read.
    chunk: Bytes,
    /// Whether all bytes are in the partial download.
    is_stored: bool,
    /// The size limit in bytes, packed and unpacked.
    pub(super) limit: u64,
    /// Why there are no more bytes.
    pub(super) end: Option<EndReason>,
}

/// Why there are no more bytes.
#[derive(Debug)]
pub(super) enum EndReason {
    Complete,
    Restart,
    /// The sender of messages was dropped.
    Disconnected,
    TooLarge,
    Disk(FileError),
}

impl PackedReader {
    pub(super) fn new(
        partial: PartialDownload,
        messages: Receiver<DownloadMessage>,
        permit: CorePermit,
        limit: u64,
    ) -> Result<Self, FileError> {
        let stored = (!partial.is_empty()).then(|| partial.read()).transpose()?;
        Ok(Self {
            partial,
            stored,
            messages,
            permit,
            chunk: Bytes::new(),
            is_stored: false,
            limit,
            end: None,
        })
    }

    /// Returns a reader that begins with an empty partial download.
    pub(super) fn restart(mut self) -> Result<Self, FileError> {
        self.partial.truncate()?;
        Self::new(self.partial, self.messages, self.permit, self.limit)
    }

    /// Begins again with the first byte, after all bytes were read.
    pub(super) fn rewind(&mut self) -> Result<(), FileError> {
        self.stored = Some(self.partial.read()?);
        self.is_stored = true;
        self.end = None;
        Ok(())
    }

    /// Stores the bytes that the network has sent, and reads none of the partial download.
    pub(super) fn store_rest(&mut self) {
        self.stored = None;
        self.drain();
    }

    /// Reads and drops the remaining bytes. Returns whether the file is complete.
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

    fn next_chunk(&mut self) -> Result<Bytes, EndReason> {
        if let Some(stored) = &mut self.stored {
            self.permit.acquire();
            let mut block = vec![0; BLOCK];
            let length = stored.read(&mut block);
            let length = length.map_err(|cause| EndReason::Disk(self.partial.error(cause)))?;
            if length > 0 {
                block.truncate(length);
                return Ok(block.into());
            }
            self.stored = None;
        }
        if self.is_stored {
            return Err(EndReason::Complete);
        }
        loop {
            match self.next_message() {
                // Without the date, the next run starts again.
                Some(DownloadMessage::Modified(date)) => drop(self.partial.set_modified(date)),
                Some(DownloadMessage::Bytes(bytes)) if bytes.is_empty() => {}
                Some(DownloadMessage::Bytes(bytes)) => {
                    if self.partial.len().saturating_add(bytes.len() as u64) > self.limit {
                        return Err(EndReason::TooLarge);
                    }
                    self.partial.append(&bytes).map_err(EndReason::Disk)?;
                    return Ok(bytes);
                }
                Some(DownloadMessage::Restart) => return Err(EndReason::Restart),
                Some(DownloadMessage::End) => return Err(EndReason::Complete),
                None => return Err(EndReason::Disconnected),
            }
        }
    }

    /// Receives the next message. Releases the core permit while waiting.
    fn next_message(&mut self) -> Option<DownloadMessage> {
        let message = match self.messages.try_recv() {
            Err(TryRecvError::Empty) => {
                self.permit.release();
                self.messages.blocking_recv()
            }
            result => result.ok(),
        };
        self.permit.acquire();
        message
    }
}

impl BufRead for PackedReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.chunk.is_empty() && self.end.is_none() {
            match self.next_chunk() {
                Ok(chunk) => self.chunk = chunk,
                Err(end) => self.end = Some(end),
            }
        }
        match self.end {
            None | Some(EndReason::Complete) => Ok(&self.chunk),
            Some(_) => Err(ErrorKind::ConnectionAborted.into()),
        }
    }

    fn consume(&mut self, length: usize) {
        let _ = self.chunk.split_to(length.min(self.chunk.len()));
    }
}

impl Read for PackedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}
