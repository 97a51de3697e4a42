//! Where files are downloaded from: mirrors, and paths on them.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::file_name::{FileName, FileNameError, NameRules};
use crate::base::base_url::BaseUrl;

/// The characters that are percent-encoded in a path: all but the unreserved ones (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Where a file is on a mirror.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The percent-encoded path, without a leading slash.
    pub path: String,
    /// The name on mirrors that store files under keys, if the game has such mirrors.
    pub key: Option<String>,
}

/// A server from which a game's files are downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorAddress {
    /// The URL to which the path of a [`Source`] is appended.
    pub base_url: BaseUrl,
    /// Whether files are stored under [`Source::key`] instead of [`Source::path`].
    pub by_key: bool,
}

impl Source {
    /// Creates a source from a file name, with a prefix and a suffix that need no encoding (`windows/`, `.gz`).
    pub fn new(prefix: &str, name: &FileName, suffix: &str) -> Self {
        let components: Vec<_> = name.components().map(encode).collect();
        Self {
            path: format!("{prefix}{}{suffix}", components.join("/")),
            key: None,
        }
    }

    /// Creates a source from a path that is already percent-encoded: decodes it once, checks it, and encodes it once.
    ///
    /// # Errors
    /// When the path is not UTF-8, or a server could interpret it as anything but a file below the mirror's base.
    pub fn from_encoded(path: &str) -> Result<Self, FileNameError> {
        // The rules of this system do not apply to a path on a server.
        const SERVER: NameRules = NameRules {
            ignores_case: false,
            has_devices: false,
        };
        let decoded: Cow<'_, str> = percent_decode_str(path)
            .decode_utf8()
            .map_err(|_| FileNameError::NotUtf8)?;
        Ok(Self::new("", &FileName::new(&decoded, SERVER)?, ""))
    }
}

fn encode(component: &str) -> String {
    utf8_percent_encode(component, RESERVED).to_string()
}

impl MirrorAddress {
    /// Creates a mirror from its URL; returns `None` unless it is a [`BaseUrl`].
    pub fn parse(url: &str, by_key: bool) -> Option<Self> {
        // Mirrors that differ in the last slash are equal.
        let url = url.trim().trim_end_matches('/');
        // The parser of URLs skips line ends and tabs.
        let is_plain = !url.contains(char::is_control);
        let base_url = url.parse().ok().filter(|_| is_plain)?;
        Some(Self { base_url, by_key })
    }

    /// Returns the path of a file on this mirror; `None` when the mirror uses keys and the file has none.
    pub fn path<'s>(&self, source: &'s Source) -> Option<&'s str> {
        if self.by_key {
            source.key.as_deref()
        } else {
            Some(&source.path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(path: &str) -> Result<String, FileNameError> {
        Source::from_encoded(path).map(|source| source.path)
    }

    #[test]
    fn a_path_is_decoded_once_and_encoded_once() {
        for (path, once) in [
            (
                "winter_snow.mf.c9f3256fcc.bz2",
                "winter_snow.mf.c9f3256fcc.bz2",
            ),
            ("a%20b/c.bz2", "a%20b/c.bz2"),
            ("a b", "a%20b"),
            ("a%2Fb%2fc", "a/b/c"),
            ("what%3F%23&+", "what%3F%23%26%2B"),
            ("%C3%BC", "%C3%BC"),
            ("%41", "A"),
            // A "%" that begins no escape sequence is encoded, and a decoded "%" is not decoded again.
            ("100%", "100%25"),
            ("%zz", "%25zz"),
            ("%252e%252e/x", "%252e%252e/x"),
        ] {
            assert_eq!(encoded(path), Ok(once.to_owned()), "{path}");
        }
    }

    #[test]
    fn a_path_that_leads_elsewhere_once_decoded_is_refused() {
        for (path, why) in [
            ("", FileNameError::Empty),
            ("%2e%2e/x", FileNameError::Dots),
            (".%2E%2fx", FileNameError::Dots),
            ("a/%2e/x", FileNameError::Dots),
            ("%2fetc/passwd", FileNameError::Absolute),
            ("a%2f%2fb", FileNameError::Empty),
            ("%5c%5cserver", FileNameError::Separator),
            ("https://example.com/x", FileNameError::Separator),
            ("a%00b", FileNameError::Control),
            ("a%0d%0ab", FileNameError::Control),
            ("%ff", FileNameError::NotUtf8),
        ] {
            assert_eq!(encoded(path), Err(why), "{path}");
        }
    }

    #[test]
    fn a_name_is_encoded_between_prefix_and_suffix() {
        let name = FileName::new("a b/%2e+.mf", NameRules::HERE).expect("a name");
        let source = Source::new("win64/", &name, ".bz2");
        assert_eq!(source.path, "win64/a%20b/%252e%2B.mf.bz2");
        assert_eq!(source.key, None);
    }

    #[test]
    fn a_mirror_has_a_url_with_a_protected_connection() {
        let base = |url: &str| {
            let mirror = MirrorAddress::parse(url, false)?;
            Some(mirror.base_url.to_string())
        };
        for (url, whole) in [
            ("https://a.example", "https://a.example"),
            (" https://A.example/patches ", "https://a.example/patches"),
            ("https://a.example/x//", "https://a.example/x"),
            ("http://127.0.0.1:81/x/", "http://127.0.0.1:81/x"),
            ("http://[::1]", "http://[::1]"),
            ("http://localhost:1", "http://localhost:1"),
        ] {
            assert_eq!(base(url).as_deref(), Some(whole), "{url}");
        }
        for url in [
            "",
            "a.example",
            "//a.example",
            "http://a.example/",
            "http://127.0.0.1.a.example/",
            "http://10.0.0.1/",
            "ftp://a.example/",
            "file:///etc/",
            "data:text/plain,x",
            "https://",
            "https://me@a.example/",
            "https://a.example/?x",
            "https://a.example/#x",
            "https://a.exa\nmple/",
            "https://a.example/\u{1b}[2J",
        ] {
            assert_eq!(base(url), None, "{url:?}");
        }
    }
}
