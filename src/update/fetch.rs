//! Gets something packed from a mirror, through cuts, refusals and servers that are not there.

use std::time::Duration;

use super::{News, Observer};
use crate::clock;
use crate::http::{self, Client, Resume, Validator};
use crate::manifest::{Mirror, Name, Packed};

/// So many tries, and no more.
const MOST_TRIES: u32 = 5;
/// The pause after the first try; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// A server that wants to be left alone for longer is not waited for.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// So many more bytes than ever before are no failure, even when the connection was lost after them.
const HEADWAY: u64 = 1 << 20;

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
    async fn begin(&mut self, download: &http::Download) -> Result<(), Self::Full>;

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

/// The tries of one file.
#[derive(Debug, Default)]
pub(super) struct Tries {
    failed: u32,
    /// How many bytes were there at most.
    farthest: u64,
}

impl Tries {
    /// How long to wait before the next try.
    ///
    /// # Errors
    /// Gives the loss back when there is none.
    pub(super) fn after(
        &mut self,
        loss: Loss,
        length: u64,
        mirrors: usize,
    ) -> Result<Duration, Loss> {
        if length >= self.farthest.saturating_add(HEADWAY) {
            self.failed = 0;
        }
        self.farthest = self.farthest.max(length);
        self.failed += 1;
        let mirrors = u32::try_from(mirrors).unwrap_or(u32::MAX);
        let is_over = match &loss {
            Loss::Missing | Loss::Odd(_) => self.failed >= mirrors.min(MOST_TRIES),
            Loss::TryLater(Some(pause)) if *pause > LONGEST_PAUSE => true,
            _ => self.failed >= MOST_TRIES,
        };
        if is_over {
            return Err(loss);
        }
        let pause = FIRST_PAUSE.saturating_mul(1 << (self.failed - 1).min(8));
        Ok(match loss {
            Loss::TryLater(Some(asked)) => pause.max(asked),
            // Another mirror may have it.
            Loss::Missing | Loss::Odd(_) => Duration::ZERO,
            _ => pause,
        })
    }

    /// Which of so many mirrors is next.
    fn mirror(&self, mirrors: usize) -> usize {
        usize::try_from(self.failed).unwrap_or_default() % mirrors.max(1)
    }
}

/// Something to fetch.
pub(super) struct Errand<'a> {
    pub(super) sites: &'a [Site],
    pub(super) name: &'a Name,
    pub(super) packed: &'a Packed,
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
            let loss = match self.attempt(sink, &mut same_as, tries).await {
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
        let pause = tries.after(loss.clone(), length, self.sites.len())?;
        self.observer.tell(self.name, News::Again(&loss, pause));
        clock::sleep(pause).await;
        Ok(())
    }

    async fn attempt<S: Sink>(
        &self,
        sink: &mut S,
        same_as: &mut Option<Validator>,
        tries: &Tries,
    ) -> Result<(), Ended<S::Full>> {
        let lost = |loss| Ended::Lost(loss);
        let site = self.sites.get(tries.mirror(self.sites.len()));
        let path = site.and_then(|site| Some((site, site.mirror.path(&self.packed.source)?)));
        let (site, path) = path.ok_or(Ended::Lost(Loss::Missing))?;
        let resume = (sink.length() > 0).then(|| Resume {
            from: sink.length(),
            same_as: same_as.clone(),
        });
        let download = site.client.download(path, resume.as_ref()).await;
        let mut download = download.map_err(|error| lost(Loss::Connection(error)))?;
        match download.status {
            200 | 206 => {}
            416 if sink.length() > 0 => {
                // The part is whole, or of another file: without it the next try tells.
                sink.forget().await.map_err(Ended::Full)?;
                *same_as = None;
                return Err(lost(Loss::Corrupt("the server has no rest of it")));
            }
            status => return Err(lost(refused(status, download.retry_after))),
        }
        if download.begins_at() != Some(sink.length()) {
            sink.forget().await.map_err(Ended::Full)?;
            if download.status == 206 {
                return Err(lost(Loss::Corrupt("the server sent another part of it")));
            }
        }
        *same_as = download.validator();
        let began = News::Began {
            length: download.length(),
            kept: sink.length(),
        };
        self.observer.tell(self.name, began);
        sink.begin(&download).await.map_err(Ended::Full)?;
        while let Some(bytes) = download
            .chunk()
            .await
            .map_err(|error| lost(Loss::Connection(error)))?
        {
            let length = bytes.len() as u64;
            sink.take(bytes).await.map_err(Ended::Full)?;
            self.observer.tell(self.name, News::Received(length));
        }
        Ok(())
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
