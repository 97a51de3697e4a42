//! The base URL of an interface: scheme, host, and a path that precedes the path of every request.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use url::{Host, Url};

/// A URL that passwords may be sent to: https, or http to this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
}

/// Why a URL is not a [`BaseUrl`]. Does not contain the URL, which may contain a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// The text is not an http or https URL.
    #[error("is not an http or https URL")]
    NotAUrl,
    /// The scheme is http and the host is not this machine.
    #[error("must be https, or http to loopback (127.0.0.1, [::1] or localhost)")]
    Insecure,
    /// The URL contains a user name or a password.
    #[error("must not contain a user name or a password")]
    UserInfo,
    /// The URL contains a query or a fragment, which would be lost in the URLs of requests.
    #[error("must not contain a query or a fragment")]
    Query,
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        let url = Url::parse(text).map_err(|_| BaseUrlError::NotAUrl)?;
        let base_url = Self { url };
        match base_url.url.scheme() {
            "https" => {}
            "http" if base_url.loopback_address().is_some() => {}
            "http" => return Err(BaseUrlError::Insecure),
            _ => return Err(BaseUrlError::NotAUrl),
        }
        if !base_url.url.username().is_empty() || base_url.url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if base_url.url.query().is_some() || base_url.url.fragment().is_some() {
            return Err(BaseUrlError::Query);
        }
        Ok(base_url)
    }
}

impl fmt::Display for BaseUrl {
    /// Formats the URL as a value of `--api`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

impl BaseUrl {
    /// Returns the URL of a path, which may have a query, below the base URL.
    pub fn join(&self, path: &str) -> Url {
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(path, query)| (path, Some(query)));
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.url.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }

    /// Returns whether the scheme is https.
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Returns the address of the host if it is this machine. `localhost` is always 127.0.0.1 and never looked up.
    pub fn loopback_address(&self) -> Option<SocketAddr> {
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

    /// Returns host and port, in the form of a game server's address.
    pub fn authority(&self) -> String {
        self.url.authority().to_owned()
    }

    /// Returns scheme, host and port.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base_url(text: &str) -> Result<BaseUrl, BaseUrlError> {
        text.parse()
    }

    #[test]
    fn https_is_accepted_for_any_host() {
        assert!(base_url("https://www.toontownrewritten.com").is_ok());
        assert!(base_url("https://10.0.0.1:8443/prefix/").is_ok());
    }

    #[test]
    fn http_is_accepted_for_this_machine_only() {
        for good in [
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:1",
            "http://localhost:1",
            "http://LOCALHOST",
        ] {
            assert!(base_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://0.0.0.0",
            "http://10.0.0.1",
            "http://[::]",
        ] {
            assert_eq!(base_url(bad), Err(BaseUrlError::Insecure), "{bad}");
        }
    }

    #[test]
    fn anything_but_an_http_or_https_url_is_refused() {
        for bad in [
            "",
            "current",
            "ftp://localhost",
            "file:///etc/passwd",
            "//localhost",
            "https://",
            "http:",
        ] {
            assert_eq!(base_url(bad), Err(BaseUrlError::NotAUrl), "{bad}");
        }
    }

    #[test]
    fn user_names_queries_and_fragments_are_refused() {
        assert_eq!(
            base_url("https://alice@example.com"),
            Err(BaseUrlError::UserInfo)
        );
        assert_eq!(
            base_url("https://:pw@example.com"),
            Err(BaseUrlError::UserInfo)
        );
        assert_eq!(base_url("https://example.com/?a"), Err(BaseUrlError::Query));
        assert_eq!(base_url("https://example.com/#a"), Err(BaseUrlError::Query));
    }

    #[test]
    fn a_path_is_appended_and_keeps_its_query() {
        let below = |text: &str| {
            base_url(text).map(|base_url| base_url.join("/api/login?format=json").to_string())
        };
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
    fn localhost_is_not_looked_up() {
        let address = base_url("http://localhost:8080")
            .ok()
            .and_then(|base_url| base_url.loopback_address());
        assert_eq!(address, Some(SocketAddr::from(([127, 0, 0, 1], 8080))));
    }
}
