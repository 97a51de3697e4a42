//! The responses of a mirror to a request for a file, correct and faulty ones.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The response to a request for a file. Sizes are those of the response's body, not of the file.
#[derive(Debug, Clone)]
pub(crate) enum Response {
    /// A correct response.
    Complete,
    /// Closes the connection after this many bytes.
    Cut(usize),
    /// Sends this many bytes and then nothing while the client waits.
    Silent(usize),
    /// Sends this many bytes, and the rest after the sender of the channel was used or dropped.
    Held(usize, Arc<Mutex<Receiver<()>>>),
    /// Sends this many bytes every millisecond.
    Slow(usize),
    /// Sends one byte every 20 milliseconds.
    Trickle,
    /// Flips one bit of this byte of the file.
    Flipped(usize),
    /// Sends these bytes instead of the file.
    Replaced(Vec<u8>),
    /// Sends this status with these header lines.
    Refused(u16, Vec<(&'static str, String)>),
    /// Sends the whole file regardless of the requested range.
    IgnoringRange,
    /// Sends a part that begins this many bytes after the requested one.
    Shifted(usize),
    /// Sends at most this many bytes, with a `Content-Range` that says so.
    Short(usize),
    /// Sends chunks without `Content-Length`.
    Chunked,
    /// Sends this `Content-Length`.
    WithLength(u64),
    /// Closes the connection after this many bytes, and sends neither `ETag` nor `Last-Modified`.
    UnvalidatedCut(usize),
}

impl Response {
    /// Returns a response with this status.
    pub(crate) fn status(status: u16) -> Self {
        Self::Refused(status, Vec::new())
    }

    /// Returns a response with this status and `Retry-After`.
    pub(crate) fn retry_after(status: u16, seconds: u32) -> Self {
        Self::Refused(status, vec![("Retry-After", seconds.to_string())])
    }

    /// Returns a response of this many bytes, followed by the rest when the sender is dropped.
    pub(crate) fn held(bytes: usize) -> (Self, Sender<()>) {
        let (release, held) = channel();
        (Self::Held(bytes, Arc::new(Mutex::new(held))), release)
    }

    /// Returns an HTML page like that of a captive portal.
    pub(crate) fn html() -> Self {
        Self::Replaced(b"<!DOCTYPE html><title>Log in to the hotel</title>".repeat(40))
    }
}

/// A file of a mirror with its validators.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub(super) content: Arc<Vec<u8>>,
    pub(super) tag: String,
    /// The `Last-Modified` header.
    pub(super) date: String,
}

/// The headers of a request that select a range.
#[derive(Debug, Clone, Default)]
pub(super) struct RequestedRange {
    /// The first byte of the `Range`.
    pub(super) from: Option<usize>,
    pub(super) if_range: Option<String>,
}

/// Sends a response and calls `sent` with the size of each written piece of the body. Returns whether the connection can
/// be used again.
pub(super) fn serve(
    connection: &mut TcpStream,
    response: &Response,
    file: &StoredFile,
    range: &RequestedRange,
    sent: &dyn Fn(usize),
) -> std::io::Result<bool> {
    if let Response::Refused(status, more) = response {
        let mut lines = vec![format!("HTTP/1.1 {status} Scripted")];
        lines.extend(more.iter().map(|(name, value)| format!("{name}: {value}")));
        lines.push("Content-Length: 0".to_owned());
        connection.write_all(join_lines(&lines).as_bytes())?;
        return Ok(true);
    }
    let content = full_content(response, file);
    let length = content.len();
    let Some((first, last, is_part)) = selection(response, file, range, length) else {
        let lines = [
            "HTTP/1.1 416 Scripted".to_owned(),
            "Content-Length: 0".to_owned(),
            format!("Content-Range: bytes */{length}"),
        ];
        connection.write_all(join_lines(&lines).as_bytes())?;
        return Ok(true);
    };
    let head = head(response, file, is_part.then_some((first, last)), length);
    connection.write_all(head.as_bytes())?;
    body(connection, response, &content[first..last], sent)
}

/// Returns the complete content that is served.
fn full_content(response: &Response, file: &StoredFile) -> Vec<u8> {
    match response {
        Response::Replaced(bytes) => bytes.clone(),
        Response::Flipped(at) => {
            let mut bytes = file.content.to_vec();
            bytes[*at] ^= 4;
            bytes
        }
        _ => file.content.to_vec(),
    }
}

/// Returns start and end of the bytes to send and whether the status is 206, or `None` for status 416.
fn selection(
    response: &Response,
    file: &StoredFile,
    range: &RequestedRange,
    length: usize,
) -> Option<(usize, usize, bool)> {
    let is_whole = matches!(response, Response::IgnoringRange | Response::Replaced(_));
    let known = range.if_range.as_ref();
    let is_same = known.is_none_or(|known| *known == file.tag || *known == file.date);
    let from = range.from.filter(|_| is_same && !is_whole);
    if from.is_some_and(|from| from >= length) {
        return None;
    }
    let first = from.unwrap_or(0);
    Some(match response {
        Response::Shifted(by) if from.is_some() => ((first + by).min(length - 1), length, true),
        Response::Short(most) => (first, (first + most).min(length), true),
        _ => (first, length, from.is_some()),
    })
}

fn head(
    response: &Response,
    file: &StoredFile,
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
    lines.push(match response {
        Response::Chunked => "Transfer-Encoding: chunked".to_owned(),
        Response::WithLength(length) => format!("Content-Length: {length}"),
        _ => format!("Content-Length: {length}"),
    });
    if !matches!(response, Response::UnvalidatedCut(_)) {
        lines.push(format!("ETag: {}", file.tag));
        lines.push(format!("Last-Modified: {}", file.date));
    }
    join_lines(&lines)
}

/// Joins the lines of a head.
fn join_lines(lines: &[String]) -> String {
    lines.join("\r\n") + "\r\n\r\n"
}

fn body(
    connection: &mut TcpStream,
    response: &Response,
    body: &[u8],
    sent: &dyn Fn(usize),
) -> std::io::Result<bool> {
    let mut write = |bytes: &[u8]| {
        sent(bytes.len());
        connection.write_all(bytes)
    };
    match response {
        Response::Cut(bytes) | Response::UnvalidatedCut(bytes) => {
            write(&body[..(*bytes).min(body.len())])?;
            Ok(false)
        }
        Response::Silent(bytes) => {
            write(&body[..(*bytes).min(body.len())])?;
            // Wait until the client closes the connection.
            while connection.read(&mut [0; 64])? > 0 {}
            Ok(false)
        }
        Response::Held(bytes, held) => {
            let (now, later) = body.split_at((*bytes).min(body.len()));
            write(now)?;
            // A message and a dropped sender both end the wait.
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
        Response::Trickle => {
            for byte in body.chunks(1) {
                write(byte)?;
                std::thread::sleep(Duration::from_millis(20));
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
