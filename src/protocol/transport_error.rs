//! The error of a request without a complete response.

/// Why a request has no complete response. Contains neither the URL nor anything that was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The connection was not established, and nothing was sent.
    #[error("no connection ({0})")]
    Connect(String),
    /// The TLS handshake failed, and nothing was sent.
    #[error("no secure connection ({0})")]
    Tls(String),
    /// A timeout elapsed after the connection was established.
    #[error("no answer in time")]
    Timeout,
    /// The connection was lost before the response was complete.
    #[error("the connection was lost before the answer was complete")]
    ConnectionLost,
    /// The response exceeds the size limit, which is given in MiB.
    #[error("an answer of more than {0} MiB")]
    TooLarge(usize),
    /// The response is not HTTP, or the request contains an invalid header.
    #[error("an answer that is not HTTP")]
    NotHttp,
}

impl TransportError {
    /// Returns whether a retry may succeed, because the connection failed.
    pub const fn is_transient(&self) -> bool {
        !matches!(self, Self::TooLarge(_) | Self::NotHttp | Self::Tls(_))
    }
}
