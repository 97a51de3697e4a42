//! A temporary certificate authority, and TLS for servers.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::Home;

/// A certificate authority.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    /// Creates an authority.
    pub(crate) fn new() -> Self {
        Self::named("throw-away")
    }

    /// Creates an authority with this name and a key of its own.
    pub(crate) fn named(name: &str) -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).expect("parameters");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let pem = parameters.self_signed(&key).expect("a certificate").pem();
        Self {
            issuer: Issuer::new(parameters, key),
            pem,
        }
    }

    /// Writes the certificate of the authority to a file for `SSL_CERT_FILE`.
    pub(crate) fn file(&self, home: &Home) -> PathBuf {
        home.write("authority.pem", &self.pem)
    }

    /// Returns a TLS acceptor with a certificate for these names.
    pub(crate) fn acceptor(&self, names: &[&str]) -> TlsAcceptor {
        let names = names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>();
        self.acceptor_for(&CertificateParams::new(names).expect("parameters"))
    }

    /// Returns a TLS acceptor with a certificate from `parameters`.
    pub(crate) fn acceptor_for(&self, parameters: &CertificateParams) -> TlsAcceptor {
        let (certificate, key) = self.identity(parameters);
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a server");
        TlsAcceptor::from(Arc::new(config))
    }

    /// Returns a certificate from `parameters` with its key.
    pub(crate) fn identity(&self, parameters: &CertificateParams) -> (Certificate, KeyPair) {
        let key = KeyPair::generate().expect("a key");
        let certificate = parameters.signed_by(&key, &self.issuer);
        (certificate.expect("a certificate"), key)
    }
}
