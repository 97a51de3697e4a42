//! How an answer goes out: at once, or as slowly as it is told, or not to its end.

use std::fmt;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::Answer;
use crate::base::clock;

/// How long before a connection is closed that is closed too early: what went before is to arrive.
const GRACE: Duration = Duration::from_millis(10);
/// How long a slow answer waits between its pieces, and how many of those are in a second.
const PACE: Duration = Duration::from_millis(100);
const PIECES: usize = 10;

type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What goes wrong with downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Each answer ends after so many bytes, and the connection is closed.
    pub cut: Option<u32>,
    /// In so many answers, the first ones, a byte is another.
    pub corrupt: u32,
    /// So many KiB come in a second.
    pub slow: Option<NonZeroU32>,
}

impl Fault {
    /// Nothing goes wrong.
    pub const NONE: Self = Self {
        cut: None,
        corrupt: 0,
        slow: None,
    };
}

/// An answer on its way, the body of a response.
pub(super) struct Delivery {
    rest: Bytes,
    /// How many bytes were announced and are not yet sent.
    promised: u64,
    /// The most that is sent at once.
    piece: usize,
    /// How long after each piece the next one is sent.
    pace: Option<Duration>,
    pause: Option<Pause>,
}

/// The answer ends before its end.
#[derive(Debug)]
pub(super) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("this answer was to be cut off")
    }
}

impl std::error::Error for Cut {}

impl Delivery {
    /// Sets out with an answer.
    pub(super) fn new(answer: Answer) -> Self {
        let Fault { cut, slow, .. } = answer.fault;
        let parcel = answer.parcel.map(|parcel| parcel.bytes);
        let mut rest = parcel.unwrap_or_else(|| answer.body.into());
        let promised = rest.len() as u64;
        if let Some(cut) = cut {
            rest.truncate(size(cut));
        }
        let mut delivery = Self {
            rest,
            promised,
            piece: slow.map_or(usize::MAX, |kib| {
                size(kib.get()).saturating_mul(1024) / PIECES
            }),
            pace: slow.map(|_| PACE),
            pause: None,
        };
        delivery.rest_if_cut();
        delivery
    }

    /// The next piece, and a pause before what follows it.
    fn next(&mut self) -> Bytes {
        let piece = self.rest.split_to(self.piece.min(self.rest.len()));
        self.promised = self.promised.saturating_sub(piece.len() as u64);
        let pace = self.pace.filter(|_| !self.rest.is_empty());
        self.pause = pace.map(pause);
        self.rest_if_cut();
        piece
    }

    /// A pause before the connection is closed too early.
    fn rest_if_cut(&mut self) {
        if self.rest.is_empty() && self.promised > 0 {
            self.pause = Some(pause(GRACE));
        }
    }
}

fn pause(length: Duration) -> Pause {
    Box::pin(clock::sleep(length))
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Body for Delivery {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(self.next()))));
        }
        Poll::Ready((self.promised > 0).then_some(Err(Cut)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    /// What arrives of 3 KiB, piece by piece, and whether that was all.
    fn arrived(fault: Fault) -> (Vec<usize>, bool) {
        let mut answer = Answer::new(200, "x".repeat(3 * 1024));
        answer.fault = fault;
        let mut delivery = Delivery::new(answer);
        assert_eq!(delivery.size_hint().exact(), Some(3 * 1024));
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let mut pieces = Vec::new();
            while let Some(frame) = delivery.frame().await {
                let Ok(frame) = frame else {
                    return (pieces, false);
                };
                pieces.push(frame.into_data().expect("data").len());
            }
            (pieces, true)
        })
    }

    #[test]
    fn an_answer_comes_at_once_unless_told_otherwise() {
        assert_eq!(arrived(Fault::NONE), (vec![3 * 1024], true));
    }

    #[test]
    fn a_cut_answer_ends_where_it_is_told_and_is_not_taken_for_whole() {
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
    fn a_slow_answer_comes_in_pieces_and_may_be_cut_too() {
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
