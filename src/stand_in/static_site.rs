//! Static files of a server, with range requests.
//!
//! RFC 9110, sections 13.1.5 (`If-Range`) and 14 (`Range`).

use std::collections::BTreeMap;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use super::{ServerRequest, ServerResponse, StaticContent, Version};
use crate::manifest::{Hash, HashAlgorithm};

/// The characters of a path that are encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Published files by their paths.
#[derive(Debug, Default)]
pub(super) struct StaticSite(BTreeMap<String, StaticFile>);

/// A published file.
#[derive(Debug, Clone)]
pub(super) struct StaticFile {
    /// The content.
    pub(super) bytes: Bytes,
    /// The kind of file.
    pub(super) kind: FileKind,
    /// The time of the last change as an HTTP date.
    pub(super) modified: &'static str,
}

/// The kind of a published file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// A manifest or another JSON document, with its content type.
    Document(&'static str),
    /// A file of the game.
    File,
}

/// Percent-encodes a path.
pub(super) fn encoded(path: &str) -> String {
    utf8_percent_encode(path, ENCODED).to_string()
}

/// Decodes a percent-encoded path; returns none when it is not UTF-8.
pub(super) fn decoded(path: &str) -> Option<String> {
    let text = percent_decode_str(path).decode_utf8().ok()?;
    Some(text.into_owned())
}

impl StaticFile {
    /// Returns the entity tag, a strong validator.
    fn tag(&self) -> String {
        format!("\"{}\"", hash(HashAlgorithm::Sha1, &self.bytes))
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let content = match self.kind {
            FileKind::Document(content) => content,
            FileKind::File => "application/octet-stream",
        };
        vec![
            ("content-type", content.to_owned()),
            ("etag", self.tag()),
            ("last-modified", self.modified.to_owned()),
            ("accept-ranges", "bytes".to_owned()),
        ]
    }

    /// Returns the start of the requested range; none when there is no range or `If-Range` does not match.
    fn range_start(&self, request: &ServerRequest) -> Option<usize> {
        let condition = request.if_range.as_str();
        let holds = condition.is_empty() || condition == self.tag() || condition == self.modified;
        let first = request.range.strip_prefix("bytes=");
        let first = first.and_then(|range| range.strip_suffix('-')?.parse().ok());
        first.filter(|_| holds)
    }

    fn answer(&self, request: &ServerRequest) -> ServerResponse {
        let length = self.bytes.len();
        let mut headers = self.headers();
        let (status, bytes) = match self.range_start(request) {
            None => (200, self.bytes.clone()),
            Some(begin) if begin < length => {
                let last = length.saturating_sub(1);
                headers.push(("content-range", format!("bytes {begin}-{last}/{length}")));
                (206, self.bytes.slice(begin..))
            }
            Some(_) => {
                headers.push(("content-range", format!("bytes */{length}")));
                (416, Bytes::new())
            }
        };
        let is_file = self.kind == FileKind::File;
        let content = StaticContent {
            headers,
            bytes,
            is_file,
        };
        ServerResponse::with_content(status, content)
    }
}

impl StaticSite {
    /// Publishes a file at a path, which begins with a slash and is not encoded.
    pub(super) fn insert(&mut self, path: String, file: StaticFile) {
        self.0.insert(path, file);
    }

    /// Publishes a JSON document with a content type.
    pub(super) fn insert_document(
        &mut self,
        path: &str,
        content_type: &'static str,
        value: &Value,
        version: Version,
    ) {
        let file = StaticFile {
            bytes: value.to_string().into(),
            kind: FileKind::Document(content_type),
            modified: version.date(),
        };
        self.insert(path.to_owned(), file);
    }

    /// Answers a request for a file; returns none when nothing is published at its path.
    pub(super) fn answer(&self, request: &ServerRequest) -> Option<ServerResponse> {
        let file = self.0.get(&decoded(&request.path)?)?;
        Some(file.answer(request))
    }
}

/// Returns a hash in hexadecimal digits.
pub(super) fn hash(algorithm: HashAlgorithm, bytes: &[u8]) -> String {
    Hash::of(algorithm, bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Wed, 01 Jan 2025 00:00:00 GMT";

    fn site() -> StaticSite {
        let mut site = StaticSite::default();
        let file = StaticFile {
            bytes: Bytes::from_static(b"0123456789"),
            kind: FileKind::File,
            modified: DATE,
        };
        site.insert("/a b/ä%20.mf".to_owned(), file);
        site
    }

    fn ask(range: &str, if_range: &str) -> (u16, StaticContent) {
        let request = ServerRequest {
            path: "/a%20b/%C3%A4%2520.mf".to_owned(),
            range: range.to_owned(),
            if_range: if_range.to_owned(),
            ..ServerRequest::default()
        };
        let answer = site().answer(&request).expect("an answer");
        (answer.status, answer.content.expect("content"))
    }

    fn header(content: &StaticContent, name: &str) -> Option<String> {
        let line = content.headers.iter().find(|(known, _)| *known == name);
        line.map(|(_, value)| value.clone())
    }

    #[test]
    fn a_whole_file_has_the_headers_for_later_range_requests() {
        let (status, content) = ask("", "");
        assert_eq!((status, &content.bytes[..]), (200, &b"0123456789"[..]));
        assert_eq!(header(&content, "accept-ranges").as_deref(), Some("bytes"));
        assert_eq!(header(&content, "last-modified").as_deref(), Some(DATE));
        assert!(header(&content, "etag").is_some_and(|tag| tag.starts_with('"')));
        assert_eq!(header(&content, "content-range"), None);
    }

    #[test]
    fn a_range_begins_where_it_was_requested() {
        let (status, content) = ask("bytes=4-", "");
        assert_eq!((status, &content.bytes[..]), (206, &b"456789"[..]));
        let range = header(&content, "content-range");
        assert_eq!(range.as_deref(), Some("bytes 4-9/10"));
        let (status, content) = ask("bytes=0-", "");
        assert_eq!((status, content.bytes.len()), (206, 10));
    }

    #[test]
    fn a_range_of_another_version_is_the_whole_file() {
        let tag = header(&ask("", "").1, "etag").expect("a tag");
        let weak = format!("W/{tag}");
        let status = |condition: &str| ask("bytes=4-", condition).0;
        assert_eq!([&tag[..], DATE].map(status), [206, 206]);
        let others = ["\"x\"", &weak[..], "Thu, 02 Jan 2025 00:00:00 GMT"];
        assert_eq!(others.map(status), [200, 200, 200]);
        assert_eq!(ask("bytes=4-", "\"x\"").1.bytes.len(), 10);
    }

    #[test]
    fn a_range_after_the_end_is_not_satisfiable() {
        for range in ["bytes=10-", "bytes=11-"] {
            let (status, content) = ask(range, "");
            assert_eq!((status, content.bytes.len()), (416, 0), "{range}");
            let range = header(&content, "content-range");
            assert_eq!(range.as_deref(), Some("bytes */10"));
        }
    }

    #[test]
    fn an_unsupported_range_is_the_whole_file() {
        for range in ["bytes=-3", "bytes=1-2,4-5", "lines=1-", "bytes=x-", "4"] {
            assert_eq!(ask(range, "").0, 200, "{range}");
        }
    }

    #[test]
    fn a_path_is_encoded_once() {
        assert_eq!(encoded("/a b/ä%20.mf"), "/a%20b/%C3%A4%2520.mf");
        for path in [
            "/a%2520b/%25C3%25A4%252520.mf",
            "/a%20b/%C3%A4%20.mf",
            "/a%20b/%C3.mf",
            "/",
        ] {
            let path = path.to_owned();
            let request = ServerRequest {
                path,
                ..ServerRequest::default()
            };
            assert_eq!(site().answer(&request), None, "{}", request.path);
        }
    }
}
