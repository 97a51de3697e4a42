//! What a server has to give away: names and their bytes, answered for as a static server does.
//!
//! From a request to an answer, and nothing else: RFC 9110, sections 13.1.5 (`If-Range`) and 14 (`Range`).

use std::collections::BTreeMap;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use super::{Answer, Parcel, Received, Version};
use crate::manifest::{Hash, HashAlgorithm};

/// What a path holds as it is, besides letters and digits.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Published names and their bytes.
#[derive(Debug, Default)]
pub(super) struct Shelf(BTreeMap<String, Article>);

/// Something that is published.
#[derive(Debug, Clone)]
pub(super) struct Article {
    /// The bytes of it.
    pub(super) bytes: Bytes,
    /// What it is.
    pub(super) kind: Kind,
    /// When it changed last, as HTTP writes dates.
    pub(super) modified: &'static str,
}

/// What is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A page that says what there is: JSON, whatever is said of it.
    Page(&'static str),
    /// Something to download.
    File,
}

/// A path, percent-encoded once.
pub(super) fn encoded(path: &str) -> String {
    utf8_percent_encode(path, PLAIN).to_string()
}

/// A path as it was meant, or nothing when it is no text.
pub(super) fn decoded(path: &str) -> Option<String> {
    let text = percent_decode_str(path).decode_utf8().ok()?;
    Some(text.into_owned())
}

impl Article {
    /// The strong validator of these bytes.
    fn tag(&self) -> String {
        format!("\"{}\"", hash(HashAlgorithm::Sha1, &self.bytes))
    }

    fn head(&self) -> Vec<(&'static str, String)> {
        let content = match self.kind {
            Kind::Page(content) => content,
            Kind::File => "application/octet-stream",
        };
        vec![
            ("content-type", content.to_owned()),
            ("etag", self.tag()),
            ("last-modified", self.modified.to_owned()),
            ("accept-ranges", "bytes".to_owned()),
        ]
    }

    /// Where the rest begins that was asked for; nothing when it is the rest of something else.
    fn begin(&self, request: &Received) -> Option<usize> {
        let condition = request.if_range.as_str();
        let holds = condition.is_empty() || condition == self.tag() || condition == self.modified;
        let first = request.range.strip_prefix("bytes=");
        let first = first.and_then(|range| range.strip_suffix('-')?.parse().ok());
        first.filter(|_| holds)
    }

    fn answer(&self, request: &Received) -> Answer {
        let length = self.bytes.len();
        let mut head = self.head();
        let (status, bytes) = match self.begin(request) {
            None => (200, self.bytes.clone()),
            Some(begin) if begin < length => {
                let last = length.saturating_sub(1);
                head.push(("content-range", format!("bytes {begin}-{last}/{length}")));
                (206, self.bytes.slice(begin..))
            }
            Some(_) => {
                head.push(("content-range", format!("bytes */{length}")));
                (416, Bytes::new())
            }
        };
        let is_file = self.kind == Kind::File;
        let parcel = Parcel {
            head,
            bytes,
            is_file,
        };
        Answer::parcel(status, parcel)
    }
}

impl Shelf {
    /// Publishes something at a path, which begins with a slash and is not encoded.
    pub(super) fn put(&mut self, path: String, article: Article) {
        self.0.insert(path, article);
    }

    /// Publishes a page of JSON, which is said to be `content`.
    pub(super) fn page(
        &mut self,
        path: &str,
        content: &'static str,
        value: &Value,
        version: Version,
    ) {
        let article = Article {
            bytes: value.to_string().into(),
            kind: Kind::Page(content),
            modified: version.date(),
        };
        self.put(path.to_owned(), article);
    }

    /// Answers for what is at the path of a request, which is percent-encoded once; nothing where there is nothing.
    pub(super) fn answer(&self, request: &Received) -> Option<Answer> {
        let article = self.0.get(&decoded(&request.path)?)?;
        Some(article.answer(request))
    }
}

/// A hash in hex digits.
pub(super) fn hash(algorithm: HashAlgorithm, bytes: &[u8]) -> String {
    Hash::of(algorithm, bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Wed, 01 Jan 2025 00:00:00 GMT";

    fn shelf() -> Shelf {
        let mut shelf = Shelf::default();
        let article = Article {
            bytes: Bytes::from_static(b"0123456789"),
            kind: Kind::File,
            modified: DATE,
        };
        shelf.put("/a b/ä%20.mf".to_owned(), article);
        shelf
    }

    fn ask(range: &str, if_range: &str) -> (u16, Parcel) {
        let request = Received {
            path: "/a%20b/%C3%A4%2520.mf".to_owned(),
            range: range.to_owned(),
            if_range: if_range.to_owned(),
            ..Received::default()
        };
        let answer = shelf().answer(&request).expect("an answer");
        (answer.status, answer.parcel.expect("a parcel"))
    }

    fn said(parcel: &Parcel, name: &str) -> Option<String> {
        let line = parcel.head.iter().find(|(known, _)| *known == name);
        line.map(|(_, value)| value.clone())
    }

    #[test]
    fn the_whole_comes_with_what_a_later_request_needs() {
        let (status, parcel) = ask("", "");
        assert_eq!((status, &parcel.bytes[..]), (200, &b"0123456789"[..]));
        assert_eq!(said(&parcel, "accept-ranges").as_deref(), Some("bytes"));
        assert_eq!(said(&parcel, "last-modified").as_deref(), Some(DATE));
        assert!(said(&parcel, "etag").is_some_and(|tag| tag.starts_with('"')));
        assert_eq!(said(&parcel, "content-range"), None);
    }

    #[test]
    fn the_rest_comes_from_where_it_was_asked_for() {
        let (status, parcel) = ask("bytes=4-", "");
        assert_eq!((status, &parcel.bytes[..]), (206, &b"456789"[..]));
        let range = said(&parcel, "content-range");
        assert_eq!(range.as_deref(), Some("bytes 4-9/10"));
        let (status, parcel) = ask("bytes=0-", "");
        assert_eq!((status, parcel.bytes.len()), (206, 10));
    }

    #[test]
    fn the_rest_comes_only_of_what_it_is_the_rest_of() {
        let tag = said(&ask("", "").1, "etag").expect("a tag");
        let weak = format!("W/{tag}");
        let status = |condition: &str| ask("bytes=4-", condition).0;
        assert_eq!([&tag[..], DATE].map(status), [206, 206]);
        let others = ["\"x\"", &weak[..], "Thu, 02 Jan 2025 00:00:00 GMT"];
        assert_eq!(others.map(status), [200, 200, 200]);
        assert_eq!(ask("bytes=4-", "\"x\"").1.bytes.len(), 10);
    }

    #[test]
    fn what_begins_behind_the_end_is_nowhere() {
        for range in ["bytes=10-", "bytes=11-"] {
            let (status, parcel) = ask(range, "");
            assert_eq!((status, parcel.bytes.len()), (416, 0), "{range}");
            let told = said(&parcel, "content-range");
            assert_eq!(told.as_deref(), Some("bytes */10"));
        }
    }

    #[test]
    fn a_range_that_is_not_understood_is_the_whole() {
        for range in ["bytes=-3", "bytes=1-2,4-5", "lines=1-", "bytes=x-", "4"] {
            assert_eq!(ask(range, "").0, 200, "{range}");
        }
    }

    #[test]
    fn a_name_is_encoded_once_and_no_other_is_known() {
        assert_eq!(encoded("/a b/ä%20.mf"), "/a%20b/%C3%A4%2520.mf");
        for path in [
            "/a%2520b/%25C3%25A4%252520.mf",
            "/a%20b/%C3%A4%20.mf",
            "/a%20b/%C3.mf",
            "/",
        ] {
            let path = path.to_owned();
            let request = Received {
                path,
                ..Received::default()
            };
            assert_eq!(shelf().answer(&request), None, "{}", request.path);
        }
    }
}
