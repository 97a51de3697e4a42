//! Destinations of downloaded bytes: the thread that decodes them, or memory.

use bytes::Bytes;
use tokio::sync::mpsc::Sender;

use super::folder::Folder;
use super::packed_reader::DownloadMessage;
use crate::http::FileResponse;

/// The size limit of a patch in bytes, packed and unpacked. A larger patch is not worth the memory.
pub(super) const MAX_PATCH_SIZE: u64 = 64 << 20;

/// A destination of downloaded bytes.
pub(super) trait Sink {
    /// The reason why the sink refuses bytes.
    type Error;

    /// Returns how many bytes of the file the sink has.
    fn length(&self) -> u64;

    /// Begins to receive the body of a response.
    async fn begin(&mut self, response: &FileResponse) -> Result<(), Self::Error>;

    /// Appends bytes.
    async fn append(&mut self, bytes: Bytes) -> Result<(), Self::Error>;

    /// Discards all bytes.
    async fn clear(&mut self) -> Result<(), Self::Error>;
}

/// Why a [`ChannelSink`] refuses bytes.
#[derive(Debug)]
pub(super) enum ChannelError {
    /// The receiving task has ended; its result has the reason.
    TaskEnded,
    /// The disk has less free space than the file needs, both in bytes.
    NoSpace { needed: u64, free: u64 },
}

/// Sends the bytes of a file to the task that decodes them.
pub(super) struct ChannelSink<'a> {
    pub(super) sender: Sender<DownloadMessage>,
    /// How many packed bytes are present.
    pub(super) length: u64,
    pub(super) folder: &'a Folder,
    /// The size of the unpacked file, if it is known.
    pub(super) size: Option<u64>,
}

impl ChannelSink<'_> {
    pub(super) async fn send(&self, message: DownloadMessage) -> Result<(), ChannelError> {
        let sent = self.sender.send(message).await;
        sent.map_err(|_| ChannelError::TaskEnded)
    }

    /// Checks that the disk has space for the missing packed bytes and the unpacked file. A file of unknown size needs at
    /// least as much as it does packed.
    fn check_space(&self, packed: u64) -> Result<(), ChannelError> {
        let rest = packed.saturating_sub(self.length);
        let needed = rest.saturating_add(self.size.unwrap_or(packed));
        match self.folder.free_space() {
            Some(free) if free < needed => Err(ChannelError::NoSpace { needed, free }),
            _ => Ok(()),
        }
    }
}

impl Sink for ChannelSink<'_> {
    type Error = ChannelError;

    fn length(&self) -> u64 {
        self.length
    }

    async fn begin(&mut self, response: &FileResponse) -> Result<(), ChannelError> {
        if let Some(packed) = response.length() {
            self.check_space(packed)?;
        }
        match response.modified() {
            Some(date) => self.send(DownloadMessage::Modified(date)).await,
            None => Ok(()),
        }
    }

    async fn append(&mut self, bytes: Bytes) -> Result<(), ChannelError> {
        self.length += bytes.len() as u64;
        self.send(DownloadMessage::Bytes(bytes)).await
    }

    async fn clear(&mut self) -> Result<(), ChannelError> {
        self.length = 0;
        self.send(DownloadMessage::Restart).await
    }
}

/// Stores a packed patch in memory.
#[derive(Debug, Default)]
pub(super) struct MemorySink(Vec<u8>);

/// The patch exceeds [`MAX_PATCH_SIZE`].
#[derive(Debug)]
pub(super) struct PatchTooLarge;

impl MemorySink {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl Sink for MemorySink {
    type Error = PatchTooLarge;

    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    async fn begin(&mut self, response: &FileResponse) -> Result<(), PatchTooLarge> {
        let length = response.length();
        let fits = length.is_none_or(|length| length <= MAX_PATCH_SIZE);
        fits.then_some(()).ok_or(PatchTooLarge)
    }

    async fn append(&mut self, bytes: Bytes) -> Result<(), PatchTooLarge> {
        self.0.extend_from_slice(&bytes);
        let fits = self.length() <= MAX_PATCH_SIZE;
        fits.then_some(()).ok_or(PatchTooLarge)
    }

    async fn clear(&mut self) -> Result<(), PatchTooLarge> {
        self.0.clear();
        Ok(())
    }
}
