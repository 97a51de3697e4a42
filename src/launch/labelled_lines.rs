//! Copies the output of a game to the terminal, with a label before each line.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Child;
use tokio::task::JoinHandle;

use crate::base::clock;
use crate::terminal::{Stream, write_labelled};

/// How much is read at once.
const PIECE: usize = 8 * 1024;
/// A longer line is broken, so that no game fills the memory.
const MAX_LINE: usize = 64 * 1024;
/// How long the last output of a game that ended is waited for. What it started may keep the pipe open for longer.
const LAST_OUTPUT: Duration = Duration::from_millis(300);

/// The tasks that copy the output of one game.
#[derive(Debug, Default)]
pub(super) struct LabelledLines(Vec<JoinHandle<()>>);

impl LabelledLines {
    /// Starts to copy what the game writes to pipes.
    pub(super) fn of(child: &mut Child, label: &str) -> Self {
        let output = child.stdout.take();
        let output = output.map(|pipe| tokio::spawn(copy(pipe, Stream::Output, label.to_owned())));
        let errors = child.stderr.take();
        let errors = errors.map(|pipe| tokio::spawn(copy(pipe, Stream::Error, label.to_owned())));
        Self(output.into_iter().chain(errors).collect())
    }

    /// Waits until everything is copied that the game wrote before it ended. The future may be dropped at any time.
    pub(super) async fn finish(&mut self) {
        let copied = async {
            for copy in self.0.iter_mut().filter(|copy| !copy.is_finished()) {
                // It does not panic.
                let _ = copy.await;
            }
        };
        clock::timeout(LAST_OUTPUT, copied).await;
    }
}

/// Copies lines until the pipe is closed. Whatever is no UTF-8 is passed on.
async fn copy(mut pipe: impl AsyncRead + Unpin, stream: Stream, label: String) {
    let mut text = Vec::new();
    loop {
        text.reserve(PIECE);
        let read = pipe.read_buf(&mut text).await;
        let is_over = !matches!(read, Ok(1..));
        while let Some(end) = line_end(&text, is_over) {
            let rest = text.split_off(end);
            write_labelled(stream, &label, &text);
            text = rest;
        }
        if is_over {
            return;
        }
    }
}

/// Returns the length of the first line, if it is complete, too long, or the last one.
fn line_end(text: &[u8], is_over: bool) -> Option<usize> {
    let end = text.iter().position(|byte| *byte == b'\n');
    let end = end.map(|end| end + 1);
    end.or_else(|| (text.len() >= MAX_LINE || is_over && !text.is_empty()).then_some(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_at_its_end_at_its_limit_or_with_the_output() {
        assert_eq!(line_end(b"a\nb\n", false), Some(2));
        assert_eq!(line_end(b"\n", true), Some(1));
        assert_eq!(line_end(b"a", false), None);
        assert_eq!(line_end(b"a", true), Some(1));
        assert_eq!(line_end(b"", true), None);
        assert_eq!(line_end(&vec![b'x'; MAX_LINE], false), Some(MAX_LINE));
    }
}
