//! Where an interface lives: scheme, host, and a path that comes before every other.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use url::{Host, Url};

/// A URL that passwords may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    url: Url,
}

/// Why a URL is not one that passwords may be sent to. The URL is not in it: it may hold one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRoot {
    /// It is no URL of the web.
    #[error("is not an http or https URL")]
    NotAUrl,
    /// It would send passwords in clear over a network.
    #[error("must be https, or http to loopback (127.0.0.1, [::1] or localhost)")]
    InClear,
    /// It carries a user name or a password.
    #[error("must not hold a user name or a password")]
    UserInfo,
    /// It carries a query or a fragment, which the paths below it could not keep.
    #[error("must not hold a query or a fragment")]
    Query,
}

impl FromStr for Root {
    type Err = BadRoot;

    fn from_str(text: &str) -> Result<Self, BadRoot> {
        let url = Url::parse(text).map_err(|_| BadRoot::NotAUrl)?;
        let root = Self { url };
        match root.url.scheme() {
            "https" => {}
            "http" if root.loopback().is_some() => {}
            "http" => return Err(BadRoot::InClear),
            _ => return Err(BadRoot::NotAUrl),
        }
        if !root.url.username().is_empty() || root.url.password().is_some() {
            return Err(BadRoot::UserInfo);
        }
        if root.url.query().is_some() || root.url.fragment().is_some() {
            return Err(BadRoot::Query);
        }
        Ok(root)
    }
}

impl fmt::Display for Root {
    /// As it may be written after `--api`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

impl Root {
    /// The whole URL of a path below the root. The path's query is kept.
    pub fn join(&self, path: &str) -> Url {
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(path, query)| (path, Some(query)));
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.url.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }

    /// Whether requests are encrypted.
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The address on this machine that the root names, if it names one. `localhost` is 127.0.0.1, whatever a
    /// resolver says.
    pub fn loopback(&self) -> Option<SocketAddr> {
        let address = match self.url.host()? {
            Host::Domain("localhost") => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Host::Domain(_) => return None,
            Host::Ipv4(address) => IpAddr::V4(address),
            Host::Ipv6(address) => IpAddr::V6(address),
        };
        address.is_loopback().then(|| {
            SocketAddr::new(
                address,
                self.url.port_or_known_default().unwrap_or_default(),
            )
        })
    }

    /// Host and port, as a game server is named.
    pub fn authority(&self) -> String {
        self.url.authority().to_owned()
    }

    /// Scheme, host and port, for people.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(text: &str) -> Result<Root, BadRoot> {
        text.parse()
    }

    #[test]
    fn https_is_taken_anywhere() {
        assert!(root("https://www.toontownrewritten.com").is_ok());
        assert!(root("https://10.0.0.1:8443/prefix/").is_ok());
    }

    #[test]
    fn http_is_taken_on_this_machine_only() {
        for good in [
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:1",
            "http://localhost:1",
            "http://LOCALHOST",
        ] {
            assert!(root(good).is_ok(), "{good}");
        }
        for bad in [
            "http://example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://0.0.0.0",
            "http://10.0.0.1",
            "http://[::]",
        ] {
            assert_eq!(root(bad), Err(BadRoot::InClear), "{bad}");
        }
    }

    #[test]
    fn what_is_no_url_of_the_web_is_refused() {
        for bad in [
            "",
            "current",
            "ftp://localhost",
            "file:///etc/passwd",
            "//localhost",
            "https://",
            "http:",
        ] {
            assert_eq!(root(bad), Err(BadRoot::NotAUrl), "{bad}");
        }
    }

    #[test]
    fn user_names_queries_and_fragments_are_refused() {
        assert_eq!(root("https://alice@example.com"), Err(BadRoot::UserInfo));
        assert_eq!(root("https://:pw@example.com"), Err(BadRoot::UserInfo));
        assert_eq!(root("https://example.com/?a"), Err(BadRoot::Query));
        assert_eq!(root("https://example.com/#a"), Err(BadRoot::Query));
    }

    #[test]
    fn a_path_goes_below_the_roots_own_and_keeps_its_query() {
        let below =
            |text: &str| root(text).map(|root| root.join("/api/login?format=json").to_string());
        assert_eq!(
            below("https://a.example"),
            Ok("https://a.example/api/login?format=json".to_owned())
        );
        assert_eq!(
            below("https://a.example/x/"),
            Ok("https://a.example/x/api/login?format=json".to_owned())
        );
    }

    #[test]
    fn localhost_is_this_machine_whatever_a_resolver_says() {
        let address = root("http://localhost:8080")
            .ok()
            .and_then(|root| root.loopback());
        assert_eq!(address, Some(SocketAddr::from(([127, 0, 0, 1], 8080))));
    }
}
