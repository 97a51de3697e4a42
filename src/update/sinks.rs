//! Where packed bytes go: to the thread that decodes them, or, of a patch, into memory.

use bytes::Bytes;
use tokio::sync::mpsc::Sender;

use super::arriving::Arrival;
use super::fetch::Sink;
use super::folder::Folder;
use crate::http::FileResponse;

/// The most bytes of a patch, packed or not: larger ones are not worth the memory.
pub(super) const LARGEST_PATCH: u64 = 64 << 20;

/// Why no more is taken.
#[derive(Debug)]
pub(super) enum Full {
    /// The thread has ended, and says why.
    Ended,
    /// The disk has less room than the file needs; both in bytes.
    Room { needed: u64, free: u64 },
}

/// Hands what arrives to the thread of a file.
pub(super) struct Feed<'a> {
    sender: Sender<Arrival>,
    length: u64,
    folder: &'a Folder,
    /// How large the file will be, where that is known.
    size: Option<u64>,
}

impl<'a> Feed<'a> {
    /// For a file of which `length` packed bytes were kept.
    pub(super) fn new(
        sender: Sender<Arrival>,
        length: u64,
        folder: &'a Folder,
        size: Option<u64>,
    ) -> Self {
        Self {
            sender,
            length,
            folder,
            size,
        }
    }

    pub(super) async fn send(&self, arrival: Arrival) -> Result<(), Full> {
        self.sender.send(arrival).await.map_err(|_| Full::Ended)
    }

    /// What is to arrive and what it will be has to fit; a file of unknown size is at least as large as it is packed.
    fn check_room(&self, packed: u64) -> Result<(), Full> {
        let rest = packed.saturating_sub(self.length);
        let needed = rest.saturating_add(self.size.unwrap_or(packed));
        match self.folder.room() {
            Some(free) if free < needed => Err(Full::Room { needed, free }),
            _ => Ok(()),
        }
    }
}

impl Sink for Feed<'_> {
    type Full = Full;

    fn length(&self) -> u64 {
        self.length
    }

    async fn begin(&mut self, download: &FileResponse) -> Result<(), Full> {
        if let Some(packed) = download.length() {
            self.check_room(packed)?;
        }
        match download.modified() {
            Some(made) => self.send(Arrival::Made(made)).await,
            None => Ok(()),
        }
    }

    async fn take(&mut self, bytes: Bytes) -> Result<(), Full> {
        self.length += bytes.len() as u64;
        self.send(Arrival::Bytes(bytes)).await
    }

    async fn forget(&mut self) -> Result<(), Full> {
        self.length = 0;
        self.send(Arrival::Anew).await
    }
}

/// Holds a packed patch.
#[derive(Debug, Default)]
pub(super) struct Held(Vec<u8>);

/// It is larger than a patch should be.
#[derive(Debug)]
pub(super) struct TooLarge;

impl Held {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl Sink for Held {
    type Full = TooLarge;

    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    async fn begin(&mut self, download: &FileResponse) -> Result<(), TooLarge> {
        let length = download.length();
        let fits = length.is_none_or(|length| length <= LARGEST_PATCH);
        fits.then_some(()).ok_or(TooLarge)
    }

    async fn take(&mut self, bytes: Bytes) -> Result<(), TooLarge> {
        self.0.extend_from_slice(&bytes);
        let fits = self.length() <= LARGEST_PATCH;
        fits.then_some(()).ok_or(TooLarge)
    }

    async fn forget(&mut self) -> Result<(), TooLarge> {
        self.0.clear();
        Ok(())
    }
}
