//! Gets something packed from a mirror, through cuts, refusals and servers that are not there.

use std::time::Duration;

use super::tries::Tries;
use super::{News, Observer};
use crate::base::clock;
use crate::http;
use crate::http::{Client, FileResponse, Resume, Validator};
use crate::manifest::{FileName, Mirror, PackedFile};

/// A mirror and the way to it.
#[derive(Debug)]
pub struct Site {
    /// The way.
    pub client: Client,
    /// The mirror; its base is the client's root.
    pub mirror: Mirror,
}

/// Why something could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// There was no whole answer.
    Connection(http::Error),
    /// The server failed, with this HTTP status.
    Failed(u16),
    /// The server asks to be left alone, for so long if it says.
    TryLater(Option<Duration>),
    /// The server has no such file.
    Missing,
    /// The answer was of a kind that no mirror gives, with this HTTP status.
    Odd(u16),
    /// What arrived is not what was promised.
    Corrupt(&'static str),
}

/// Where packed bytes go.
pub(super) trait Sink {
    /// Why it takes no more.
    type Full;

    /// How many bytes it has of the file.
    fn length(&self) -> u64;

    /// The file is this long, if the server tells, and was made then.
    async fn begin(&mut self, download: &FileResponse) -> Result<(), Self::Full>;

    /// The next bytes.
    async fn take(&mut self, bytes: bytes::Bytes) -> Result<(), Self::Full>;

    /// What it has is not of this file.
    async fn forget(&mut self) -> Result<(), Self::Full>;
}

/// Why fetching ended without the whole.
pub(super) enum Ended<F> {
    Lost(Loss),
    Full(F),
}

/// Something to fetch.
pub(super) struct Errand<'a> {
    pub(super) sites: &'a [Site],
    pub(super) name: &'a FileName,
    pub(super) packed: &'a PackedFile,
    pub(super) observer: &'a dyn Observer,
}

impl Errand<'_> {
    /// Fetches into `sink` until it has the whole.
    ///
    /// # Errors
    /// When no try is left, or the sink takes no more.
    pub(super) async fn fetch<S: Sink>(
        &self,
        sink: &mut S,
        mut same_as: Option<Validator>,
        tries: &mut Tries,
    ) -> Result<(), Ended<S::Full>> {
        loop {
            tries.begin(sink.length());
            let loss = match self.attempt(sink, &mut same_as, tries.mirror()).await {
                Ok(()) => return Ok(()),
                Err(Ended::Lost(loss)) => loss,
                Err(full) => return Err(full),
            };
            self.pause(loss, sink.length(), tries)
                .await
                .map_err(Ended::Lost)?;
        }
    }

    /// Waits before the next try, if there is one.
    pub(super) async fn pause(
        &self,
        loss: Loss,
        length: u64,
        tries: &mut Tries,
    ) -> Result<(), Loss> {
        let pause = tries.after(loss.clone(), length)?;
        self.observer.tell(self.name, News::Again(&loss, pause));
        clock::sleep(pause).await;
        Ok(())
    }

    /// Asks one mirror for what is still missing.
    async fn attempt<S: Sink>(
        &self,
        sink: &mut S,
        same_as: &mut Option<Validator>,
        mirror: usize,
    ) -> Result<(), Ended<S::Full>> {
        let site = self.sites.get(mirror);
        let path = site.and_then(|site| Some((site, site.mirror.path(&self.packed.source)?)));
        let (site, path) = path.ok_or(Ended::Lost(Loss::Missing))?;
        let resume = (sink.length() > 0).then(|| Resume {
            offset: sink.length(),
            validator: same_as.clone(),
        });
        let download = site.client.download(path, resume.as_ref()).await;
        let download = download.map_err(|error| Ended::Lost(Loss::Connection(error)))?;
        if let Err(loss) = fits(&download, sink.length()) {
            if matches!(loss, Loss::Corrupt(_)) {
                // What is there is whole, or of another file: without it the next try tells.
                sink.forget().await.map_err(Ended::Full)?;
                *same_as = None;
            }
            return Err(Ended::Lost(loss));
        }
        if download.offset() != Some(sink.length()) {
            sink.forget().await.map_err(Ended::Full)?;
        }
        let validator = download.validator();
        // The rest of a file need not tell again what it is of.
        let known = same_as.take().filter(|_| sink.length() > 0);
        *same_as = validator.or(known);
        self.receive(download, sink).await
    }

    /// Hands on what arrives, to the end of the file.
    async fn receive<S: Sink>(
        &self,
        mut download: FileResponse,
        sink: &mut S,
    ) -> Result<(), Ended<S::Full>> {
        let lost = |error| Ended::Lost(Loss::Connection(error));
        let length = download.length();
        let kept = sink.length();
        self.observer.tell(self.name, News::Began { length, kept });
        sink.begin(&download).await.map_err(Ended::Full)?;
        while let Some(bytes) = download.chunk().await.map_err(lost)? {
            let received = bytes.len() as u64;
            sink.take(bytes).await.map_err(Ended::Full)?;
            self.observer.tell(self.name, News::Received(received));
        }
        // A server may send less of the rest than it was asked for (RFC 9110, section 15.3.7).
        if length.is_some_and(|length| sink.length() < length) {
            return Err(lost(http::Error::ConnectionLost));
        }
        Ok(())
    }
}

/// Whether an answer brings a file, or the rest of one of which `length` bytes are there.
fn fits(download: &FileResponse, length: u64) -> Result<(), Loss> {
    match download.status {
        200 => Ok(()),
        206 if download.offset() == Some(length) => Ok(()),
        206 => Err(Loss::Corrupt("the server sent another part of it")),
        416 if length > 0 => Err(Loss::Corrupt("the server has no rest of it")),
        status => Err(refused(status, download.retry_after)),
    }
}

/// What an HTTP status that brings no file means.
fn refused(status: u16, retry_after: Option<Duration>) -> Loss {
    match status {
        404 | 410 => Loss::Missing,
        429 => Loss::TryLater(retry_after),
        503 if retry_after.is_some() => Loss::TryLater(retry_after),
        500.. => Loss::Failed(status),
        _ => Loss::Odd(status),
    }
}
