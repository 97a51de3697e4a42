//! Reads a line at a prompt of a Unix terminal, and edits it: arrows, Home, End, Delete, Ctrl-A, E, B, F, U, K, W.
//!
//! The terminal neither echoes nor collects lines meanwhile (`echo`). What is on the screen is drawn here, so that other
//! messages can be printed above the prompt, and the prompt can be drawn again after Ctrl-Z.

mod key;
mod line;

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::input::{InputError, Visibility};
use super::{echo, is_dumb};
use crate::base::secret::Secret;
use line::EditedLine;

/// The line of the prompt that is open.
static OPEN: Mutex<Option<EditedLine>> = Mutex::new(None);

/// An open prompt. Dropping it ends its line on the screen and restores the terminal.
struct OpenPrompt;

impl OpenPrompt {
    fn new(line: EditedLine) -> Self {
        // Nothing that is typed after the prompt appeared is echoed.
        echo::hide_at_prompt();
        let line = open().insert(line).draw();
        draw(&line);
        Self
    }
}

impl Drop for OpenPrompt {
    fn drop(&mut self) {
        if let Some(mut line) = open().take() {
            draw(&line.end());
        }
        echo::restore();
    }
}

/// Prints the prompt and reads one line.
pub(super) async fn read(prompt: &str, visibility: Visibility) -> Result<Secret, InputError> {
    let _prompt = OpenPrompt::new(EditedLine::new(prompt, visibility, columns()));
    #[expect(
        deprecated,
        reason = "what replaces it is unsafe, for descriptors that may be closed meanwhile; standard input is not"
    )]
    let input = AsyncFd::with_interest(io::stdin(), Interest::READABLE);
    let input = input.map_err(|_| InputError::End)?;
    loop {
        let byte = next_byte(&input).await.map_err(|_| InputError::End)?;
        let mut open = open();
        let line = open.as_mut().ok_or(InputError::End)?;
        let (drawing, answer) = line.add(byte);
        draw(&drawing);
        if let Some(answer) = answer {
            return answer;
        }
    }
}

/// Waits for the next byte. The terminal is not switched to non-blocking, since it is shared with other programs.
async fn next_byte(input: &AsyncFd<io::Stdin>) -> io::Result<u8> {
    loop {
        let mut ready = input.readable().await?;
        let is_closed = ready.ready().is_read_closed();
        let read = ready.try_io(|input| {
            if !is_closed && rustix::io::ioctl_fionread(input.get_ref())? == 0 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let mut byte = [0];
            match rustix::io::read(input.get_ref(), &mut byte)? {
                0 => Err(io::ErrorKind::UnexpectedEof.into()),
                _ => Ok(u8::from_ne_bytes(byte)),
            }
        });
        if let Ok(read) = read {
            return read;
        }
    }
}

/// Calls `write`, which writes to the terminal, with the open prompt removed from the screen meanwhile.
pub(super) fn write_around<T>(write: impl FnOnce() -> T) -> T {
    let mut open = open();
    let Some(line) = open.as_mut() else {
        drop(open);
        return write();
    };
    draw(&line.erase());
    let written = write();
    draw(&line.draw());
    written
}

/// Forgets where the open prompt is on the screen, before the program is stopped and others write there.
pub(super) fn forget_place() {
    if let Some(line) = open().as_mut() {
        line.forget_place(columns());
    }
}

/// Draws the open prompt again, after the program continued.
pub(super) fn draw_again() {
    if let Some(line) = open().as_mut() {
        draw(&line.erase());
        draw(&line.draw());
    }
}

fn open() -> MutexGuard<'static, Option<EditedLine>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the width of the terminal; none where lines cannot be redrawn.
fn columns() -> Option<usize> {
    let (_, columns) = console::Term::stderr().size_checked()?;
    (columns > 0 && !is_dumb()).then(|| usize::from(columns))
}

fn draw(text: &str) {
    let mut screen = io::stderr().lock();
    if screen.is_terminal() {
        // A failure is ignored, since there is no place to report it.
        let _ = screen.write_all(text.as_bytes());
    }
}
