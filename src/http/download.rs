//! Files: answers of any size, from where the last one was cut off.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_RANGE, LAST_MODIFIED, RANGE, RETRY_AFTER,
};

use super::{Client, Error, explain, pause, receive};
use crate::base::clock::Date;
use crate::protocol::Reply;

/// As long as a file may take: what ends a download is silence.
const WHOLE: Duration = Duration::from_hours(24);

/// What tells whether a file on a server is still the one that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validator {
    /// `ETag`, as it came.
    Tag(HeaderValue),
    /// `Last-Modified`.
    Date(Date),
}

/// What is there already of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resume {
    /// How many bytes.
    pub from: u64,
    /// What they are of; without it the server cannot tell.
    pub same_as: Option<Validator>,
}

/// A file that is being received.
#[derive(Debug)]
pub struct Download {
    response: reqwest::Response,
    /// HTTP status.
    pub status: u16,
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
}

impl Client {
    /// Asks for a file below the root, or for the rest of it. The path is percent-encoded; it may begin with a slash.
    ///
    /// # Errors
    /// When no answer came. An HTTP status is an answer.
    pub async fn download(&self, path: &str, resume: Option<&Resume>) -> Result<Download, Error> {
        let mut request = self.get(path).timeout(WHOLE);
        if let Some(Resume { from, same_as }) = resume {
            request = request.header(RANGE, format!("bytes={from}-"));
            match same_as {
                Some(Validator::Tag(tag)) => request = request.header(IF_RANGE, tag),
                Some(Validator::Date(date)) => {
                    request = request.header(IF_RANGE, httpdate::fmt_http_date(*date));
                }
                None => {}
            }
        }
        let response = request.send().await.map_err(|error| explain(&error))?;
        Ok(Download {
            status: response.status().as_u16(),
            retry_after: response.headers().get(RETRY_AFTER).and_then(pause),
            response,
        })
    }

    /// The whole answer at a path below the root, which is percent-encoded and may begin with a slash; at most `most`
    /// bytes of it. A connection that never was made is tried a second time.
    ///
    /// # Errors
    /// When no whole answer came. An HTTP status is an answer.
    pub async fn fetch(&self, path: &str, most: usize) -> Result<Reply, Error> {
        let sent = match self.get(path).send().await {
            Err(error) if matches!(explain(&error), Error::Connect(_)) => {
                self.get(path).send().await
            }
            sent => sent,
        };
        receive(sent.map_err(|error| explain(&error))?, most).await
    }

    fn get(&self, path: &str) -> reqwest::RequestBuilder {
        let path = format!("/{}", path.trim_start_matches('/'));
        self.pool
            .get(self.root.join(&path))
            .header(ACCEPT_ENCODING, "identity")
    }
}

impl Download {
    /// Where the bytes that follow begin: 0, or what `Content-Range` says of a part; nothing when a part does not say.
    pub fn begins_at(&self) -> Option<u64> {
        if self.status == 206 {
            self.range()?.split_once('-')?.0.trim().parse().ok()
        } else {
            Some(0)
        }
    }

    /// How long the whole file is, if the server tells.
    pub fn length(&self) -> Option<u64> {
        if self.status == 200 {
            return text(self.response.headers(), &CONTENT_LENGTH)?.parse().ok();
        }
        self.range()?.rsplit_once('/')?.1.trim().parse().ok()
    }

    /// What tells this file from a later one of the same name.
    pub fn validator(&self) -> Option<Validator> {
        let tag = self.response.headers().get(ETAG);
        // A weak one says nothing about bytes (RFC 9110, section 13.1.5).
        let tag = tag.filter(|tag| !tag.as_bytes().starts_with(b"W/"));
        tag.map(|tag| Validator::Tag(tag.clone()))
            .or_else(|| self.modified().map(Validator::Date))
    }

    /// When the file was made, by the server's clock.
    pub fn modified(&self) -> Option<Date> {
        let date = text(self.response.headers(), &LAST_MODIFIED)?;
        httpdate::parse_http_date(date).ok()
    }

    /// The next bytes; nothing at the end.
    ///
    /// # Errors
    /// When the connection ended before the answer did, or was silent for too long.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.response.chunk().await.map_err(|error| explain(&error))
    }

    /// What stands behind `bytes` in `Content-Range`.
    fn range(&self) -> Option<&str> {
        let range = text(self.response.headers(), &CONTENT_RANGE)?.trim();
        range.strip_prefix("bytes").map(str::trim_start)
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
