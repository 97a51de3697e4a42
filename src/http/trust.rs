//! The certificate authorities that TLS connections trust.
//!
//! Reading one bundle takes a quarter of the instructions of a short command, and reading the same certificates as single
//! files takes several times as long, so the directory of single files is read only when there is no bundle. macOS and
//! Windows use the verifier of the system.

use std::ffi::OsStr;
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::{ClientConfig, RootCertStore};

use super::pem;

/// The bundles of certificates that systems have.
#[cfg(not(any(target_os = "macos", windows)))]
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];
/// The directory of single certificates, which is read when there is no bundle.
#[cfg(not(any(target_os = "macos", windows)))]
const DIRECTORY: &str = "/etc/ssl/certs";

/// Why TLS cannot be configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// `SSL_CERT_FILE` or `SSL_CERT_DIR` is set, and no certificate can be read there.
    #[error("{variable} names no readable certificate")]
    InvalidVariable {
        /// The name of the variable.
        variable: &'static str,
    },
    /// The system has no certificates in the usual places.
    #[error("this system has no certificates to verify servers")]
    Missing,
    /// TLS cannot be set up for another reason.
    #[error("TLS could not be set up ({0})")]
    Unusable(String),
}

/// Returns the TLS configuration of a client. When `secure` is false, TLS is not used and no certificates are read.
pub(super) fn tls_configuration(secure: bool) -> Result<ClientConfig, TrustError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| TrustError::Unusable(error.to_string()))?;
    if !secure {
        return Ok(builder
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth());
    }
    match named_roots()? {
        Some(roots) => Ok(builder.with_root_certificates(roots).with_no_client_auth()),
        None => system_roots(builder, provider),
    }
}

type TlsBuilder = rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>;

#[cfg(any(target_os = "macos", windows))]
fn system_roots(
    builder: TlsBuilder,
    provider: Arc<CryptoProvider>,
) -> Result<ClientConfig, TrustError> {
    let verifier = rustls_platform_verifier::Verifier::new(provider)
        .map_err(|error| TrustError::Unusable(error.to_string()))?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

#[cfg(not(any(target_os = "macos", windows)))]
fn system_roots(builder: TlsBuilder, _: Arc<CryptoProvider>) -> Result<ClientConfig, TrustError> {
    let bundle = BUNDLES
        .iter()
        .map(|path| bundle(Path::new(path)))
        .find(|roots| !roots.is_empty());
    let roots = bundle.unwrap_or_else(|| directory(Path::new(DIRECTORY)));
    if roots.is_empty() {
        return Err(TrustError::Missing);
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Reads the certificates, as a client for https does.
///
/// # Errors
/// When there are none, or TLS cannot be set up.
pub(crate) fn check() -> Result<(), TrustError> {
    tls_configuration(true).map(drop)
}

/// Returns where the certificates come from, without reading them.
pub(crate) fn source() -> String {
    let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
    let named: Vec<_> = named
        .into_iter()
        .filter(|name| variable(name).is_some())
        .collect();
    if named.is_empty() {
        system_source().to_owned()
    } else {
        named.join(", ")
    }
}

#[cfg(any(target_os = "macos", windows))]
const fn system_source() -> &'static str {
    "the system's verifier"
}

#[cfg(not(any(target_os = "macos", windows)))]
fn system_source() -> &'static str {
    let mut bundles = BUNDLES.into_iter();
    bundles
        .find(|path| Path::new(path).is_file())
        .unwrap_or(DIRECTORY)
}

/// Reads the certificates that the environment variables name, which replace those of the system.
fn named_roots() -> Result<Option<RootCertStore>, TrustError> {
    let file = variable("SSL_CERT_FILE").map(|path| ("SSL_CERT_FILE", bundle(Path::new(&path))));
    let folders = variable("SSL_CERT_DIR").map(|paths| {
        let mut roots = RootCertStore::empty();
        for folder in std::env::split_paths(&paths) {
            roots.roots.append(&mut directory(&folder).roots);
        }
        ("SSL_CERT_DIR", roots)
    });
    let mut all: Option<RootCertStore> = None;
    for (variable, mut roots) in file.into_iter().chain(folders) {
        if roots.is_empty() {
            return Err(TrustError::InvalidVariable { variable });
        }
        all.get_or_insert_with(RootCertStore::empty)
            .roots
            .append(&mut roots.roots);
    }
    Ok(all)
}

/// Returns the value of an environment variable that is set and not empty.
fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| value != OsStr::new(""))
}

/// Reads the certificates of one file; none if it cannot be read.
fn bundle(path: &Path) -> RootCertStore {
    fs::File::open(path).map_or_else(
        |_| RootCertStore::empty(),
        |file| pem::roots(BufReader::new(file)),
    )
}

/// Reads the certificates of all files in a directory.
fn directory(path: &Path) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let mut files: Vec<PathBuf> = fs::read_dir(path)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    for file in files {
        roots.roots.append(&mut bundle(&file).roots);
    }
    roots
}

/// Returns a description of a TLS error.
pub(super) fn describe(error: &rustls::Error) -> String {
    use rustls::CertificateError;
    let description = match error {
        rustls::Error::InvalidCertificate(error) => match error {
            CertificateError::UnknownIssuer => "its certificate is from an unknown authority",
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is for another name"
            }
            _ => "its certificate is not valid",
        },
        rustls::Error::InvalidMessage(_) => "the answer is not TLS",
        _ => "the TLS handshake failed",
    };
    description.to_owned()
}
