//! Downloads of files: responses of any size, which can resume an interrupted download.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_RANGE, LAST_MODIFIED, RANGE,
};

use super::{Client, parse_retry_after, read_reply};
use crate::base::clock::Date;
use crate::protocol::{Reply, TransportError};

/// The time limit of a download. In practice, the idle timeout ends a download that fails.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_hours(24);

/// Identifies the version of a file on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validator {
    /// The value of `ETag`.
    Tag(HeaderValue),
    /// The value of `Last-Modified`.
    Date(Date),
}

/// Where an interrupted download resumes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resume {
    /// How many bytes are present.
    pub offset: u64,
    /// The version of these bytes. Without it, the server cannot detect that the file has changed.
    pub validator: Option<Validator>,
}

/// A response whose body, a file or a part of one, is read in chunks.
#[derive(Debug)]
pub struct FileResponse {
    response: reqwest::Response,
    /// The HTTP status.
    pub status: u16,
    /// The value of `Retry-After`.
    pub retry_after: Option<Duration>,
}

impl Client {
    /// Requests the file at `path` below the base URL, or the rest of it. The path is percent-encoded and may begin with a
    /// slash.
    ///
    /// # Errors
    /// When there is no response. Any HTTP status is a response.
    pub async fn download(
        &self,
        path: &str,
        resume: Option<&Resume>,
    ) -> Result<FileResponse, TransportError> {
        let mut request = self.get(path).timeout(DOWNLOAD_TIMEOUT);
        if let Some(Resume { offset, validator }) = resume {
            request = request.header(RANGE, format!("bytes={offset}-"));
            match validator {
                Some(Validator::Tag(tag)) => request = request.header(IF_RANGE, tag),
                Some(Validator::Date(date)) => {
                    request = request.header(IF_RANGE, httpdate::fmt_http_date(*date));
                }
                None => {}
            }
        }
        let response = request.send().await?;
        Ok(FileResponse {
            status: response.status().as_u16(),
            retry_after: parse_retry_after(response.headers()),
            response,
        })
    }

    /// Requests `path` below the base URL and reads the response, of at most `max` bytes. The path is percent-encoded and
    /// may begin with a slash. A failure to connect is retried once.
    ///
    /// # Errors
    /// When there is no complete response. Any HTTP status is a response.
    pub async fn fetch(&self, path: &str, max: usize) -> Result<Reply, TransportError> {
        let response = match self.get(path).send().await.map_err(TransportError::from) {
            Err(TransportError::Connect(_)) => self.get(path).send().await?,
            result => result?,
        };
        read_reply(response, max).await
    }

    fn get(&self, path: &str) -> reqwest::RequestBuilder {
        let path = format!("/{}", path.trim_start_matches('/'));
        self.pool
            .get(self.base_url.join(&path))
            .header(ACCEPT_ENCODING, "identity")
    }
}

impl FileResponse {
    /// Returns the offset of the body in the file: 0, or for a part the offset in `Content-Range`, if it is valid.
    pub fn offset(&self) -> Option<u64> {
        if self.status == 206 {
            range_offset(text(self.response.headers(), &CONTENT_RANGE)?)
        } else {
            Some(0)
        }
    }

    /// Returns the length of the whole file in bytes, if the server sends it.
    pub fn length(&self) -> Option<u64> {
        if self.status == 200 {
            return text(self.response.headers(), &CONTENT_LENGTH)?.parse().ok();
        }
        range_length(text(self.response.headers(), &CONTENT_RANGE)?)
    }

    /// Returns the version of the file.
    pub fn validator(&self) -> Option<Validator> {
        let tag = self.response.headers().get(ETAG);
        // A weak tag does not identify the exact bytes (RFC 9110, section 13.1.5).
        let tag = tag.filter(|tag| !tag.as_bytes().starts_with(b"W/"));
        tag.map(|tag| Validator::Tag(tag.clone()))
            .or_else(|| self.modified().map(Validator::Date))
    }

    /// Returns the value of `Last-Modified`.
    pub fn modified(&self) -> Option<Date> {
        let date = text(self.response.headers(), &LAST_MODIFIED)?;
        httpdate::parse_http_date(date).ok()
    }

    /// Returns the next bytes, or `None` at the end.
    ///
    /// # Errors
    /// When the connection is lost before the end, or idle for too long.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        Ok(self.response.chunk().await?)
    }
}

/// Returns the offset of a part in its file, from the value of `Content-Range`.
pub fn range_offset(content_range: &str) -> Option<u64> {
    let range = content_range.trim().strip_prefix("bytes")?;
    range.split_once('-')?.0.trim().parse().ok()
}

/// Returns the length of the whole file, from the value of `Content-Range`, unless it is `*`.
pub fn range_length(content_range: &str) -> Option<u64> {
    let range = content_range.trim().strip_prefix("bytes")?;
    range.rsplit_once('/')?.1.trim().parse().ok()
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
