//! The proxy that the environment names for connections to other machines.

use std::env;
use std::ffi::OsString;

use reqwest::{NoProxy, Proxy};
use url::Url;

/// The variables that name the proxy; the first that is not empty counts.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// The schemes of proxies.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// A variable names a proxy that cannot be used. Does not contain the value, which may contain a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} names no proxy that can be used")]
pub struct ProxyError {
    /// The name of the variable.
    pub variable: &'static str,
}

/// Returns the proxy that the environment names, if any.
///
/// # Errors
/// When a variable is set and its value cannot be used. reqwest would silently connect without a proxy.
pub(super) fn from_environment() -> Result<Option<Proxy>, ProxyError> {
    let Some((variable, value)) = named() else {
        return Ok(None);
    };
    let proxy = value
        .to_str()
        .and_then(url)
        .and_then(|url| Proxy::https(url).ok());
    let proxy = proxy.ok_or(ProxyError { variable })?;
    Ok(Some(proxy.no_proxy(NoProxy::from_env())))
}

/// Returns the variable that names the proxy, if one does.
///
/// # Errors
/// As [`from_environment`].
pub(crate) fn check() -> Result<Option<&'static str>, ProxyError> {
    let proxy = from_environment()?;
    Ok(proxy.and_then(|_| Some(named()?.0)))
}

/// Returns the variable that names the proxy, with its value.
fn named() -> Option<(&'static str, OsString)> {
    let is_set = |value: &OsString| !value.is_empty();
    let mut named = VARIABLES
        .into_iter()
        .filter_map(|variable| Some((variable, env::var_os(variable).filter(is_set)?)));
    named.next()
}

/// Returns the URL of a proxy: `[SCHEME://][USER[:PASSWORD]@]HOST[:PORT]`; a path is dropped.
fn url(value: &str) -> Option<Url> {
    // The parser drops white space and control characters, and slashes before the host.
    let is_odd = |character: char| character.is_whitespace() || character.is_control();
    if value.contains(is_odd) || value.starts_with('/') {
        return None;
    }
    let has_scheme = value.split_once(':');
    let has_scheme = has_scheme.is_some_and(|(_, rest)| rest.starts_with('/'));
    let scheme = if has_scheme { "" } else { "http://" };
    let mut url = Url::parse(&format!("{scheme}{value}")).ok()?;
    let is_host = |host: &str| {
        let mut characters = host.chars();
        !host.is_empty() && characters.all(|it| it.is_ascii_alphanumeric() || "-._:[]".contains(it))
    };
    let is_usable = SCHEMES.contains(&url.scheme())
        && url.host_str().is_some_and(is_host)
        && url.port() != Some(0);
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    is_usable.then_some(url)
}
