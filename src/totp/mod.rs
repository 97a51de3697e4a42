//! Time-based one-time codes (TOTP, RFC 6238), computed from the two-factor secret of an account.
//!
//! The secret is base32 text or an `otpauth://totp/…` URI in the "Key Uri Format" of Google Authenticator. This module
//! reads no clock: times are arguments, counted from the Unix epoch.

mod text;

use std::fmt::{self, Write as _};
use std::time::Duration;

use data_encoding::BASE32_NOPAD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use crate::base::secret::{MASK, Secret};

/// A code is not used in the last seconds of its step, because it might be invalid when it reaches the server.
const MARGIN: Duration = Duration::from_secs(2);
/// How many steps in the future the last used step may be.
const MAX_AHEAD: u64 = 2;

/// A two-factor secret with the parameters of its codes.
#[derive(Clone, PartialEq, Eq)]
pub struct Totp {
    key: Zeroizing<Vec<u8>>,
    algorithm: CodeAlgorithm,
    digits: u32,
    period: u64,
}

/// The hash algorithm of codes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum CodeAlgorithm {
    #[default]
    Sha1,
    Sha256,
    Sha512,
}

/// Why a text is not a two-factor secret. No message contains the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TotpError {
    /// The text is empty.
    #[error("the two-factor secret is empty")]
    Empty,
    /// The text is six to eight digits, as an authenticator shows them.
    #[error(
        "that is a two-factor code, not the two-factor secret, which is the text of letters and digits (or the otpauth:// address) that an authenticator is set up with"
    )]
    Code,
    /// The text contains a character that base32 does not have.
    #[error(
        "the two-factor secret is not base32, which has the letters A to Z and the digits 2 to 7"
    )]
    NotBase32,
    /// The secret has fewer bytes than any service uses.
    #[error("the two-factor secret is too short: at least 16 letters and digits are expected")]
    TooShort,
    /// The text is an `otpauth://hotp` URI.
    #[error(
        "the otpauth address is for counter-based codes (hotp); only time-based codes (totp) are supported"
    )]
    Hotp,
    /// The text is an `otpauth-migration://` URI.
    #[error(
        "the address is an export of many accounts (otpauth-migration), which is not supported: give the two-factor secret of one account"
    )]
    Export,
    /// The text is an `otpauth:` URI of another kind.
    #[error("the otpauth address is not of the form otpauth://totp/NAME?secret=…")]
    NotTotp,
    /// The URI contains no secret.
    #[error("the otpauth address contains no secret")]
    NoSecret,
    /// The URI names an unknown algorithm.
    #[error("the algorithm in the otpauth address is none of SHA1, SHA256 and SHA512")]
    Algorithm,
    /// The URI asks for an unsupported number of digits.
    #[error("the digits in the otpauth address are not a number from 6 to 8")]
    Digits,
    /// The URI asks for an unsupported period.
    #[error("the period in the otpauth address is not a number of seconds from 1 to 300")]
    Period,
}

/// The next time step whose code can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NextStep {
    /// The step, for [`Totp::code`].
    pub(crate) step: u64,
    /// How long it is until the step begins; zero when it has begun.
    pub(crate) wait: Duration,
}

impl Totp {
    /// Parses a base32 secret (ignoring case, spaces, hyphens and padding) or an `otpauth://totp/…` URI (ignoring its label
    /// and unknown parameters).
    ///
    /// # Errors
    /// When the text is neither.
    pub fn parse(text: &Secret) -> Result<Self, TotpError> {
        text::parse(text.reveal())
    }

    /// Returns the code of a step, with leading zeros (RFC 4226, section 5.3). The step, which is the number of whole
    /// periods since the Unix epoch, is the counter.
    pub fn code(&self, step: u64) -> Secret {
        let hash = match self.algorithm {
            CodeAlgorithm::Sha1 => hash::<Hmac<Sha1>>(&self.key, step),
            CodeAlgorithm::Sha256 => hash::<Hmac<Sha256>>(&self.key, step),
            CodeAlgorithm::Sha512 => hash::<Hmac<Sha512>>(&self.key, step),
        };
        let number = truncated(&hash) % 10_u32.saturating_pow(self.digits);
        let width = usize::try_from(self.digits).unwrap_or_default();
        Secret::new(format!("{number:0width$}"))
    }

    /// Returns the length of a step in seconds.
    pub const fn period(&self) -> u64 {
        self.period
    }

    /// Returns the shortest text that [`Totp::parse`] parses to the same value, without a label: base32 when all parameters
    /// have their default values.
    pub(crate) fn canonical(&self) -> Secret {
        let secret = Zeroizing::new(BASE32_NOPAD.encode(&self.key));
        let mut parameters = String::new();
        match self.algorithm {
            CodeAlgorithm::Sha1 => {}
            CodeAlgorithm::Sha256 => parameters.push_str("&algorithm=SHA256"),
            CodeAlgorithm::Sha512 => parameters.push_str("&algorithm=SHA512"),
        }
        if self.digits != text::DEFAULT_DIGITS {
            let _ = write!(parameters, "&digits={}", self.digits);
        }
        if self.period != text::DEFAULT_PERIOD {
            let _ = write!(parameters, "&period={}", self.period);
        }
        if parameters.is_empty() {
            return Secret::new(secret.as_str());
        }
        Secret::new(format!("otpauth://totp?secret={}{parameters}", *secret))
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Totp")
            .field("key", &format_args!("{MASK}"))
            .field("algorithm", &self.algorithm)
            .field("digits", &self.digits)
            .field("period", &self.period)
            .finish()
    }
}

/// Returns the HMAC of a step, which never fails because HMAC accepts keys of every length.
fn hash<M: Mac + KeyInit>(key: &[u8], step: u64) -> Zeroizing<Vec<u8>> {
    let hashed =
        <M as Mac>::new_from_slice(key).map(|mac| mac.chain_update(step.to_be_bytes()).finalize());
    Zeroizing::new(
        hashed
            .map(|hash| hash.into_bytes().to_vec())
            .unwrap_or_default(),
    )
}

/// Returns 31 bits of a hash, from the offset in its last four bits (RFC 4226, section 5.3).
fn truncated(hash: &[u8]) -> u32 {
    let offset = usize::from(hash.last().copied().unwrap_or_default() & 0xf);
    let bytes = hash.get(offset..).and_then(<[u8]>::first_chunk::<4>);
    u32::from_be_bytes(bytes.copied().unwrap_or_default()) & 0x7fff_ffff
}

/// Returns the first step after `last` that does not end within two seconds. `now` is the time since the Unix epoch,
/// `period` the length of a step in seconds, and `last` the last step whose code was used; a `last` more than two steps
/// ahead comes from a wrong clock and is ignored.
pub(crate) fn next_step(period: u64, now: Duration, last: Option<u64>) -> NextStep {
    let period = period.max(1);
    let current = now.as_secs() / period;
    let start = |step: u64| Duration::from_secs(step.saturating_mul(period));

    // Half of a very short step can still be used.
    let margin = MARGIN.min(Duration::from_secs(period) / 2);
    let ends_soon = start(current.saturating_add(1)).saturating_sub(now) <= margin;
    let usable = current.saturating_add(u64::from(ends_soon));
    let unused = last
        .filter(|last| *last <= current.saturating_add(MAX_AHEAD))
        .map_or(0, |last| last.saturating_add(1));

    let step = usable.max(unused);
    NextStep {
        step,
        wait: start(step).saturating_sub(now),
    }
}

#[cfg(test)]
mod tests;
