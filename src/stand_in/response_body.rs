//! Response bodies, sent at once, slowly, or cut off.

use std::fmt;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::ServerResponse;
use crate::base::clock;

/// The pause before a connection is cut off, so that the bytes before arrive.
const CUT_PAUSE: Duration = Duration::from_millis(10);
/// The pause between the chunks of a slow response, and how many chunks are sent per second.
const CHUNK_PAUSE: Duration = Duration::from_millis(100);
const CHUNKS_PER_SECOND: usize = 10;

type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The faults of downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Each response is cut off after this many bytes, and the connection is closed.
    pub cut: Option<u32>,
    /// One byte is changed in this many responses, from the first on.
    pub corrupt: u32,
    /// The speed in KiB per second.
    pub slow: Option<NonZeroU32>,
}

impl Fault {
    /// No faults.
    pub const NONE: Self = Self {
        cut: None,
        corrupt: 0,
        slow: None,
    };
}

/// The body of a response.
pub(super) struct ResponseBody {
    rest: Bytes,
    /// How many announced bytes are not sent yet.
    announced: u64,
    /// The maximum size of a chunk.
    chunk: usize,
    /// The pause after each chunk.
    chunk_pause: Option<Duration>,
    pause: Option<Pause>,
}

/// The response is cut off.
#[derive(Debug)]
pub(super) struct CutError;

impl fmt::Display for CutError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the response is cut off as requested")
    }
}

impl std::error::Error for CutError {}

impl ResponseBody {
    /// Creates the body of a response, with its faults.
    pub(super) fn new(answer: ServerResponse) -> Self {
        let Fault { cut, slow, .. } = answer.fault;
        let content = answer.content.map(|content| content.bytes);
        let mut rest = content.unwrap_or_else(|| answer.body.into());
        let announced = rest.len() as u64;
        if let Some(cut) = cut {
            rest.truncate(size(cut));
        }
        let mut body = Self {
            rest,
            announced,
            chunk: slow.map_or(usize::MAX, |kib| {
                size(kib.get()).saturating_mul(1024) / CHUNKS_PER_SECOND
            }),
            chunk_pause: slow.map(|_| CHUNK_PAUSE),
            pause: None,
        };
        body.pause_before_cut();
        body
    }

    /// Returns the next chunk, and sets the pause after it.
    fn next(&mut self) -> Bytes {
        let chunk = self.rest.split_to(self.chunk.min(self.rest.len()));
        self.announced = self.announced.saturating_sub(chunk.len() as u64);
        let chunk_pause = self.chunk_pause.filter(|_| !self.rest.is_empty());
        self.pause = chunk_pause.map(pause);
        self.pause_before_cut();
        chunk
    }

    /// Sets the pause before the connection is cut off, if it is.
    fn pause_before_cut(&mut self) {
        if self.rest.is_empty() && self.announced > 0 {
            self.pause = Some(pause(CUT_PAUSE));
        }
    }
}

fn pause(length: Duration) -> Pause {
    Box::pin(clock::sleep(length))
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = CutError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutError>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(self.next()))));
        }
        Poll::Ready((self.announced > 0).then_some(Err(CutError)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    /// Returns the sizes of the chunks that arrive of 3 KiB, and whether the body was complete.
    fn arrived(fault: Fault) -> (Vec<usize>, bool) {
        let mut answer = ServerResponse::new(200, "x".repeat(3 * 1024));
        answer.fault = fault;
        let mut body = ResponseBody::new(answer);
        assert_eq!(body.size_hint().exact(), Some(3 * 1024));
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let mut chunks = Vec::new();
            while let Some(frame) = body.frame().await {
                let Ok(frame) = frame else {
                    return (chunks, false);
                };
                chunks.push(frame.into_data().expect("data").len());
            }
            (chunks, true)
        })
    }

    #[test]
    fn a_response_without_faults_is_one_chunk() {
        assert_eq!(arrived(Fault::NONE), (vec![3 * 1024], true));
    }

    #[test]
    fn a_cut_response_ends_early_with_an_error() {
        let cut = |bytes| {
            arrived(Fault {
                cut: Some(bytes),
                ..Fault::NONE
            })
        };
        assert_eq!(cut(1000), (vec![1000], false));
        assert_eq!(cut(0), (vec![], false));
        assert_eq!(
            [cut(3 * 1024), cut(9999)],
            [(vec![3 * 1024], true), (vec![3 * 1024], true)]
        );
    }

    #[test]
    fn a_slow_response_has_chunks_and_may_be_cut() {
        let slow = |cut| {
            arrived(Fault {
                cut,
                slow: NonZeroU32::new(20),
                ..Fault::NONE
            })
        };
        assert_eq!(slow(None), (vec![2048, 1024], true));
        assert_eq!(slow(Some(2500)), (vec![2048, 452], false));
    }
}
