//! Where something is downloaded from: servers, and paths below them.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::{Host, Url};

use super::name::{FileNameError, Name, Rules};

/// What is not part of a name as it stands: all but the unreserved characters (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Where something is below a mirror.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its path, percent-encoded once, without a slash in front.
    pub path: String,
    /// Its name on mirrors that know files by keys.
    pub key: Option<String>,
}

/// A server that a game's files are on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorAddress {
    /// The URL that a [`Source`] is below, with a slash at its end.
    pub base: String,
    /// Whether it knows files by their keys.
    pub by_key: bool,
}

impl Source {
    /// A file as it is named, with something in front and at the end (`windows/`, `.gz`), both plain text.
    pub fn below(front: &str, name: &Name, end: &str) -> Self {
        let parts: Vec<_> = name.parts().map(encode).collect();
        Self {
            path: format!("{front}{}{end}", parts.join("/")),
            key: None,
        }
    }

    /// A path that is percent-encoded already: decoded once, looked at, encoded once.
    ///
    /// # Errors
    /// When it is no text, or a server could take it for anything but a file below the mirror.
    pub fn encoded(path: &str) -> Result<Self, FileNameError> {
        // What a file may be called on this system does not matter to a server.
        const ON_A_SERVER: Rules = Rules {
            ignores_case: false,
            has_devices: false,
        };
        let decoded: Cow<'_, str> = percent_decode_str(path)
            .decode_utf8()
            .map_err(|_| FileNameError::NoText)?;
        Ok(Self::below("", &Name::new(&decoded, ON_A_SERVER)?, ""))
    }
}

fn encode(part: &str) -> String {
    utf8_percent_encode(part, RESERVED).to_string()
}

impl MirrorAddress {
    /// The one at this URL: https, or http to this machine, with nothing behind its path.
    pub fn at(url: &str, by_key: bool) -> Option<Self> {
        let url = url.trim();
        if url.contains(char::is_control) {
            return None;
        }
        let url = Url::parse(url).ok()?;
        let is_bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_bare || !is_guarded(&url) {
            return None;
        }
        let base = format!("{}/", url.as_str().trim_end_matches('/'));
        Some(Self { base, by_key })
    }

    /// Where on this mirror something is; nothing when it knows it by a key that nobody told.
    pub fn path<'s>(&self, source: &'s Source) -> Option<&'s str> {
        if self.by_key {
            source.key.as_deref()
        } else {
            Some(&source.path)
        }
    }
}

/// Whether nobody on the way can change what comes from there.
fn is_guarded(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Domain(name))) => name == "localhost",
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(path: &str) -> Result<String, FileNameError> {
        Source::encoded(path).map(|source| source.path)
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
            // A sign that begins no escape stands for itself, and so does what a second decoding would make of it.
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
            ("%ff", FileNameError::NoText),
        ] {
            assert_eq!(encoded(path), Err(why), "{path}");
        }
    }

    #[test]
    fn a_name_is_encoded_between_what_stands_around_it() {
        let name = Name::new("a b/%2e+.mf", Rules::HERE).expect("a name");
        let source = Source::below("win64/", &name, ".bz2");
        assert_eq!(source.path, "win64/a%20b/%252e%2B.mf.bz2");
        assert_eq!(source.key, None);
    }

    #[test]
    fn a_mirror_is_a_url_that_nobody_on_the_way_can_speak_for() {
        let base = |url: &str| MirrorAddress::at(url, false).map(|mirror| mirror.base);
        for (url, whole) in [
            ("https://a.example", "https://a.example/"),
            (" https://A.example/patches ", "https://a.example/patches/"),
            ("https://a.example/x//", "https://a.example/x/"),
            ("http://127.0.0.1:81/x/", "http://127.0.0.1:81/x/"),
            ("http://[::1]", "http://[::1]/"),
            ("http://localhost:1", "http://localhost:1/"),
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
