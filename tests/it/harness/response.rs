//! How a mirror serves one file, well or badly.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a request for a file is answered with. Counts are of the bytes of the answer, not of the file.
#[derive(Debug, Clone)]
pub(crate) enum Response {
    /// As a good server does.
    Complete,
    /// The connection ends after so many bytes.
    Cut(usize),
    /// So many bytes, and then nothing while the client waits.
    Silent(usize),
    /// So many bytes, and the rest once the other end says so or is gone.
    Held(usize, Arc<Mutex<Receiver<()>>>),
    /// So many bytes every millisecond.
    Slow(usize),
    /// One bit of this byte of the file is another one.
    Flipped(usize),
    /// These bytes in place of the file's.
    Replaced(Vec<u8>),
    /// This status, with these header lines.
    Refused(u16, Vec<(&'static str, String)>),
    /// The whole file, whatever was asked for.
    IgnoringRange,
    /// A part that begins so many bytes later than it was asked for.
    Shifted(usize),
    /// At most so many bytes, as a part that says so.
    Short(usize),
    /// In chunks, with no length told.
    Chunked,
    /// With this `Content-Length`.
    WithLength(u64),
    /// With neither `ETag` nor `Last-Modified`, and cut after so many bytes.
    UnvalidatedCut(usize),
}

impl Response {
    /// This status.
    pub(crate) fn status(status: u16) -> Self {
        Self::Refused(status, Vec::new())
    }

    /// This status, and `Retry-After`.
    pub(crate) fn retry_after(status: u16, seconds: u32) -> Self {
        Self::Refused(status, vec![("Retry-After", seconds.to_string())])
    }

    /// So many bytes, and the rest when the sender is dropped.
    pub(crate) fn held(bytes: usize) -> (Self, Sender<()>) {
        let (release, held) = channel();
        (Self::Held(bytes, Arc::new(Mutex::new(held))), release)
    }

    /// A page of a hotel's network.
    pub(crate) fn html() -> Self {
        Self::Replaced(b"<!DOCTYPE html><title>Log in to the hotel</title>".repeat(40))
    }
}

/// A file as a mirror has it.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub(super) content: Arc<Vec<u8>>,
    pub(super) tag: String,
    /// `Last-Modified`.
    pub(super) date: String,
}

/// A request for a file, as far as it matters here.
#[derive(Debug, Clone, Default)]
pub(super) struct RequestedRange {
    /// The first byte that is wanted, of a `Range`.
    pub(super) from: Option<usize>,
    pub(super) if_range: Option<String>,
}

/// Answers; gives whether the connection may be used again. `sent` hears of every piece of a body.
pub(super) fn serve(
    connection: &mut TcpStream,
    serving: &Response,
    kept: &StoredFile,
    wish: &RequestedRange,
    sent: &dyn Fn(usize),
) -> std::io::Result<bool> {
    if let Response::Refused(status, more) = serving {
        let mut lines = vec![format!("HTTP/1.1 {status} Scripted")];
        lines.extend(more.iter().map(|(name, value)| format!("{name}: {value}")));
        lines.push("Content-Length: 0".to_owned());
        connection.write_all(closed(&lines).as_bytes())?;
        return Ok(true);
    }
    let content = served(serving, kept);
    let length = content.len();
    let Some((first, last, is_part)) = asked_for(serving, kept, wish, length) else {
        let lines = [
            "HTTP/1.1 416 Scripted".to_owned(),
            "Content-Length: 0".to_owned(),
            format!("Content-Range: bytes */{length}"),
        ];
        connection.write_all(closed(&lines).as_bytes())?;
        return Ok(true);
    };
    let head = head(serving, kept, is_part.then_some((first, last)), length);
    connection.write_all(head.as_bytes())?;
    body(connection, serving, &content[first..last], sent)
}

/// The file as it is served, all of it.
fn served(serving: &Response, kept: &StoredFile) -> Vec<u8> {
    match serving {
        Response::Replaced(bytes) => bytes.clone(),
        Response::Flipped(at) => {
            let mut bytes = kept.content.to_vec();
            bytes[*at] ^= 4;
            bytes
        }
        _ => kept.content.to_vec(),
    }
}

/// What of it is sent, from and to, and whether that is called a part; nothing when there is no such part.
fn asked_for(
    serving: &Response,
    kept: &StoredFile,
    wish: &RequestedRange,
    length: usize,
) -> Option<(usize, usize, bool)> {
    let is_whole = matches!(serving, Response::IgnoringRange | Response::Replaced(_));
    let known = wish.if_range.as_ref();
    let is_same = known.is_none_or(|known| *known == kept.tag || *known == kept.date);
    let from = wish.from.filter(|_| is_same && !is_whole);
    if from.is_some_and(|from| from >= length) {
        return None;
    }
    let first = from.unwrap_or(0);
    Some(match serving {
        Response::Shifted(by) if from.is_some() => ((first + by).min(length - 1), length, true),
        Response::Short(most) => (first, (first + most).min(length), true),
        _ => (first, length, from.is_some()),
    })
}

fn head(
    serving: &Response,
    kept: &StoredFile,
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
        Response::Chunked => "Transfer-Encoding: chunked".to_owned(),
        Response::WithLength(length) => format!("Content-Length: {length}"),
        _ => format!("Content-Length: {length}"),
    });
    if !matches!(serving, Response::UnvalidatedCut(_)) {
        lines.push(format!("ETag: {}", kept.tag));
        lines.push(format!("Last-Modified: {}", kept.date));
    }
    closed(&lines)
}

/// The lines of a head.
fn closed(lines: &[String]) -> String {
    lines.join("\r\n") + "\r\n\r\n"
}

fn body(
    connection: &mut TcpStream,
    serving: &Response,
    body: &[u8],
    sent: &dyn Fn(usize),
) -> std::io::Result<bool> {
    let mut write = |bytes: &[u8]| {
        sent(bytes.len());
        connection.write_all(bytes)
    };
    match serving {
        Response::Cut(bytes) | Response::UnvalidatedCut(bytes) => {
            write(&body[..(*bytes).min(body.len())])?;
            Ok(false)
        }
        Response::Silent(bytes) => {
            write(&body[..(*bytes).min(body.len())])?;
            // Until the client goes away.
            while connection.read(&mut [0; 64])? > 0 {}
            Ok(false)
        }
        Response::Held(bytes, held) => {
            let (now, later) = body.split_at((*bytes).min(body.len()));
            write(now)?;
            // Released or abandoned, it is over.
            let _ = held.lock().expect("a hold").recv();
            write(later)?;
            Ok(true)
        }
        Response::Slow(bytes) => {
            for piece in body.chunks(*bytes) {
                write(piece)?;
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(true)
        }
        Response::Chunked => {
            for piece in body.chunks(1000) {
                write(format!("{:x}\r\n", piece.len()).as_bytes())?;
                write(piece)?;
                write(b"\r\n")?;
            }
            write(b"0\r\n\r\n")?;
            Ok(true)
        }
        Response::WithLength(_) => {
            write(body)?;
            Ok(false)
        }
        _ => {
            write(body)?;
            Ok(true)
        }
    }
}
