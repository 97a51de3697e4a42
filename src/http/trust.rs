//! Whom a TLS connection trusts: the platform's roots, read in the cheapest way that holds them all.
//!
//! One bundle costs 0.8 ms, the same certificates as single files four times that, so the directory is read only
//! where there is no bundle. macOS and Windows ask the system's own verifier.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Why there is nobody to trust.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRoots {
    /// `SSL_CERT_FILE` or `SSL_CERT_DIR` is set, and no certificate was found there.
    #[error("{variable} names no readable certificate")]
    Named {
        /// The variable's name.
        variable: &'static str,
    },
    /// The system has none where they are usually found.
    #[error("this system has no certificates to check servers with")]
    Missing,
    /// TLS itself could not be set up.
    #[error("TLS could not be set up ({0})")]
    Unusable(String),
}

/// The TLS side of a client; without any roots when it will never be used.
pub(super) fn configuration(secure: bool) -> Result<ClientConfig, BadRoots> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| BadRoots::Unusable(error.to_string()))?;
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

type Unrooted = rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>;

#[cfg(any(target_os = "macos", windows))]
fn system_roots(
    builder: Unrooted,
    provider: Arc<CryptoProvider>,
) -> Result<ClientConfig, BadRoots> {
    let verifier = rustls_platform_verifier::Verifier::new(provider)
        .map_err(|error| BadRoots::Unusable(error.to_string()))?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

#[cfg(not(any(target_os = "macos", windows)))]
fn system_roots(builder: Unrooted, _: Arc<CryptoProvider>) -> Result<ClientConfig, BadRoots> {
    const BUNDLES: [&str; 6] = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
        "/usr/local/share/certs/ca-root-nss.crt",
    ];
    const DIRECTORY: &str = "/etc/ssl/certs";
    let bundle = BUNDLES
        .iter()
        .map(|path| bundle(Path::new(path)))
        .find(|roots| !roots.is_empty());
    let roots = bundle.unwrap_or_else(|| directory(Path::new(DIRECTORY)));
    if roots.is_empty() {
        return Err(BadRoots::Missing);
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The roots that the player named, which then are the only ones.
fn named_roots() -> Result<Option<RootCertStore>, BadRoots> {
    let file = named("SSL_CERT_FILE").map(|path| ("SSL_CERT_FILE", bundle(Path::new(&path))));
    let folders = named("SSL_CERT_DIR").map(|paths| {
        let mut roots = RootCertStore::empty();
        for folder in std::env::split_paths(&paths) {
            roots.roots.append(&mut directory(&folder).roots);
        }
        ("SSL_CERT_DIR", roots)
    });
    let mut all: Option<RootCertStore> = None;
    for (variable, mut roots) in file.into_iter().chain(folders) {
        if roots.is_empty() {
            return Err(BadRoots::Named { variable });
        }
        all.get_or_insert_with(RootCertStore::empty)
            .roots
            .append(&mut roots.roots);
    }
    Ok(all)
}

/// A variable that is set to something.
fn named(variable: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(variable).filter(|value| value != OsStr::new(""))
}

/// The certificates of one file; none when it cannot be read.
fn bundle(path: &Path) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    if let Ok(file) = fs::File::open(path) {
        // Read as it is parsed: the memory for a whole bundle at once costs 4 % of a short command.
        let certificates = CertificateDer::pem_reader_iter(file);
        roots.add_parsable_certificates(certificates.filter_map(Result::ok));
    }
    roots
}

/// The certificates of the files in one directory.
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

/// A TLS failure in plain words.
pub(super) fn explain(error: &rustls::Error) -> String {
    use rustls::CertificateError as Flaw;
    let words = match error {
        rustls::Error::InvalidCertificate(flaw) => match flaw {
            Flaw::UnknownIssuer => "its certificate was issued by nobody this system trusts",
            Flaw::Expired | Flaw::ExpiredContext { .. } => "its certificate has expired",
            Flaw::NotValidYet | Flaw::NotValidYetContext { .. } => {
                "its certificate is not valid yet"
            }
            Flaw::NotValidForName | Flaw::NotValidForNameContext { .. } => {
                "its certificate is for another name"
            }
            _ => "its certificate is not valid",
        },
        rustls::Error::InvalidMessage(_) => "it does not speak TLS",
        _ => "the TLS handshake failed",
    };
    words.to_owned()
}
