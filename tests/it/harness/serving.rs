//! The responses of a stand-in mirror, correct and faulty.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A response to a request for a file. Numbers of bytes are those of the response, not of the file.
#[derive(Debug, Clone)]
pub(crate) enum Serving {
    /// A correct response.
    Well,
    /// The connection is closed after this many bytes.
    Cut(usize),
    /// This many bytes, and then nothing until the client closes the connection.
    Silent(usize),
    /// This many bytes, and the rest when the sender sends or is dropped.
    Held(usize, Arc<Mutex<Receiver<()>>>),
    /// This many bytes in each millisecond.
    Slow(usize),
    /// The byte at this offset has a wrong bit.
    Flipped(usize),
    /// These bytes in place of the file.
    Instead(Vec<u8>),
    /// This status, with these headers.
    Refused(u16, Vec<(&'static str, String)>),
    /// The whole file, regardless of `Range`.
    IgnoringRange,
    /// A part that begins this many bytes after the requested offset.
    Shifted(usize),
    /// A part of at most this many bytes.
    Short(usize),
    /// In chunks, without a length.
    Chunked,
    /// A wrong `Content-Length`.
    Announced(u64),
    /// Neither `ETag` nor `Last-Modified`, and the connection is closed after this many bytes.
    UnvalidatedCut(usize),
}

impl Serving {
    /// Returns a response with this status.
    pub(crate) fn status(status: u16) -> Self {
        Self::Refused(status, Vec::new())
    }

    /// Returns a response with this status and `Retry-After`.
    pub(crate) fn later(status: u16, seconds: u32) -> Self {
        Self::Refused(status, vec![("Retry-After", seconds.to_string())])
    }

    /// Returns a response of this many bytes, and the rest when the sender is dropped.
    pub(crate) fn held(bytes: usize) -> (Self, Sender<()>) {
        let (release, held) = channel();
        (Self::Held(bytes, Arc::new(Mutex::new(held))), release)
    }

    /// Returns the login page of a hotel's network.
    pub(crate) fn html() -> Self {
        Self::Instead(b"<!DOCTYPE html><title>Log in to the hotel</title>".repeat(40))
    }
}

/// A file of a mirror.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub(super) content: Arc<Vec<u8>>,
    pub(super) tag: String,
    /// `Last-Modified`.
    pub(super) date: String,
}

/// The headers of a request that select a part of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct RangeRequest {
    /// The first byte of `Range`.
    pub(super) from: Option<usize>,
    pub(super) if_range: Option<String>,
}

/// Sends a response. Returns whether the connection can be reused. `sent` is called with the length of each write.
pub(super) fn serve(
    connection: &mut TcpStream,
    serving: &Serving,
    stored: &StoredFile,
    range: &RangeRequest,
    sent: &dyn Fn(usize),
) -> std::io::Result<bool> {
    if let Serving::Refused(status, more) = serving {
        let mut lines = vec![format!("HTTP/1.1 {status} Scripted")];
        lines.extend(more.iter().map(|(name, value)| format!("{name}: {value}")));
        lines.push("Content-Length: 0".to_owned());
        connection.write_all(join(&lines).as_bytes())?;
        return Ok(true);
    }
    let content = served(serving, stored);
    let length = content.len();
    let Some((first, last, is_part)) = select_part(serving, stored, range, length) else {
        let lines = [
            "HTTP/1.1 416 Scripted".to_owned(),
            "Content-Length: 0".to_owned(),
            format!("Content-Range: bytes */{length}"),
        ];
        connection.write_all(join(&lines).as_bytes())?;
        return Ok(true);
    };
    let head = head(serving, stored, is_part.then_some((first, last)), length);
    connection.write_all(head.as_bytes())?;
    body(connection, serving, &content[first..last], sent)
}

/// Returns the whole content of a response.
fn served(serving: &Serving, stored: &StoredFile) -> Vec<u8> {
    match serving {
        Serving::Instead(bytes) => bytes.clone(),
        Serving::Flipped(at) => {
            let mut bytes = stored.content.to_vec();
            bytes[*at] ^= 4;
            bytes
        }
        _ => stored.content.to_vec(),
    }
}

/// Returns the start and end of the body in the content, and whether it is a part; `None` when the range is invalid.
fn select_part(
    serving: &Serving,
    stored: &StoredFile,
    range: &RangeRequest,
    length: usize,
) -> Option<(usize, usize, bool)> {
    let is_whole = matches!(serving, Serving::IgnoringRange | Serving::Instead(_));
    let known = range.if_range.as_ref();
    let is_same = known.is_none_or(|known| *known == stored.tag || *known == stored.date);
    let from = range.from.filter(|_| is_same && !is_whole);
    if from.is_some_and(|from| from >= length) {
        return None;
    }
    let first = from.unwrap_or(0);
    Some(match serving {
        Serving::Shifted(by) if from.is_some() => ((first + by).min(length - 1), length, true),
        Serving::Short(most) => (first, (first + most).min(length), true),
        _ => (first, length, from.is_some()),
    })
}

fn head(
    serving: &Serving,
    stored: &StoredFile,
    part: Option<(usize, usize)>,
    whole: usize,
) -> String {
    let mut lines = match part {
        Some((first, last)) => vec![
            "HTTP/1.1 206 Scripted".to_owned(),
            format!("Content-Range: bytes {first}-{}/{whole}", last - 1),
        ],
        None => vec!["HTTP/1.1 200 Scripted".to_owned()],
    };
    let length = part.map_or(whole, |(first, last)| last - first);
    lines.push(match serving {
        Serving::Chunked => "Transfer-Encoding: chunked".to_owned(),
        Serving::Announced(length) => format!("Content-Length: {length}"),
        _ => format!("Content-Length: {length}"),
    });
    if !matches!(serving, Serving::UnvalidatedCut(_)) {
        lines.push(format!("ETag: {}", stored.tag));
        lines.push(format!("Last-Modified: {}", stored.date));
    }
    join(&lines)
}

/// Joins the lines of a header.
fn join(lines: &[String]) -> String {
    lines.join("\r\n") + "\r\n\r\n"
}

fn body(
    connection: &mut TcpStream,
    serving: &Serving,
    body: &[u8],
    sent: &dyn Fn(usize),
) -> std::io::Result<bool> {
    let mut write = |bytes: &[u8]| {
        sent(bytes.len());
        connection.write_all(bytes)
    };
    match serving {
        Serving::Cut(bytes) | Serving::UnvalidatedCut(bytes) => {
            write(&body[..(*bytes).min(body.len())])?;
            Ok(false)
        }
        Serving::Silent(bytes) => {
            write(&body[..(*bytes).min(body.len())])?;
            // Until the client closes the connection.
            while connection.read(&mut [0; 64])? > 0 {}
            Ok(false)
        }
        Serving::Held(bytes, held) => {
            let (now, later) = body.split_at((*bytes).min(body.len()));
            write(now)?;
            // An error means that the sender was dropped.
            let _ = held.lock().expect("a hold").recv();
            write(later)?;
            Ok(true)
        }
        Serving::Slow(bytes) => {
            for piece in body.chunks(*bytes) {
                write(piece)?;
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(true)
        }
        Serving::Chunked => {
            for piece in body.chunks(1000) {
                write(format!("{:x}\r\n", piece.len()).as_bytes())?;
                write(piece)?;
                write(b"\r\n")?;
            }
            write(b"0\r\n\r\n")?;
            Ok(true)
        }
        Serving::Announced(_) => {
            write(body)?;
            Ok(false)
        }
        _ => {
            write(body)?;
            Ok(true)
        }
    }
}
