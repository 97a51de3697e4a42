//! One-time codes of an authenticator, after RFC 6238 (`TOTP`), from the secret that a game's site shows once.
//!
//! The secret comes as base32 or as an `otpauth://totp/…` URI, whose format is that of Google Authenticator's "Key Uri
//! Format". Nothing here reads a clock: times are given, since the Unix epoch.

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

/// So close to its end no step's code is used: it would be too old when it arrives.
const MARGIN: Duration = Duration::from_secs(2);
/// So many steps ahead of now a remembered one is believed.
const AHEAD: u64 = 2;

/// What codes are made of.
#[derive(Clone, PartialEq, Eq)]
pub struct Totp {
    key: Zeroizing<Vec<u8>>,
    algorithm: CodeAlgorithm,
    digits: u32,
    period: u64,
}

/// The hash that codes are made with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum CodeAlgorithm {
    #[default]
    Sha1,
    Sha256,
    Sha512,
}

/// What is wrong with the text of a code secret. No message holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TotpError {
    /// There is no text.
    #[error("the code secret is empty")]
    Empty,
    /// Six to eight digits: what an authenticator shows, not what it was set up with.
    #[error(
        "that is a code of the moment, not the code secret: what is wanted is the text of letters and digits (or the otpauth:// address) that an authenticator is set up with"
    )]
    Code,
    /// A character that base32 does not have.
    #[error("the code secret is not base32, which has the letters A to Z and the digits 2 to 7")]
    NotBase32,
    /// Fewer bytes than any service gives.
    #[error("the code secret is too short: at least 16 letters and digits are expected")]
    TooShort,
    /// `otpauth://hotp`.
    #[error(
        "the otpauth address is for codes that are counted (hotp); only timed ones (totp) are supported"
    )]
    Counted,
    /// `otpauth-migration://`.
    #[error(
        "the address is an export of many accounts (otpauth-migration), which is not supported: give the code secret of one account"
    )]
    Export,
    /// An `otpauth:` text of some other kind.
    #[error("the otpauth address is not of the form otpauth://totp/NAME?secret=…")]
    NotTotp,
    /// An `otpauth` URI without a secret.
    #[error("the otpauth address holds no secret")]
    NoSecret,
    /// An algorithm that the URI format does not have.
    #[error("the algorithm in the otpauth address is none of SHA1, SHA256 and SHA512")]
    CodeAlgorithm,
    /// A number of digits that the URI format and authenticators do not have.
    #[error("the digits in the otpauth address are not a number from 6 to 8")]
    Digits,
    /// A period that makes no sense.
    #[error("the period in the otpauth address is not a number of seconds from 1 to 300")]
    Period,
}

/// Which step's code to use, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The step, for [`Totp::code`].
    pub step: u64,
    /// How long until it begins; zero when it has.
    pub wait: Duration,
}

impl Totp {
    /// Reads a base32 secret (any case; spaces and dashes between groups and the padding do not count) or an
    /// `otpauth://totp/…` URI, of which the label and unknown parameters do not count.
    ///
    /// # Errors
    /// What is wrong with the text, without the text.
    pub fn parse(text: &Secret) -> Result<Self, TotpError> {
        text::read(text.reveal())
    }

    /// The code of a step (the number of whole periods since the Unix epoch), with its leading zeros: RFC 4226,
    /// section 5.3, with the step as the counter.
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

    /// How long a step takes, in seconds.
    pub const fn period(&self) -> u64 {
        self.period
    }

    /// The shortest text that [`Totp::parse`] reads as the same: bare base32 where nothing else is needed. No label is
    /// in it.
    pub fn canonical(&self) -> Secret {
        let plain = Zeroizing::new(BASE32_NOPAD.encode(&self.key));
        let mut more = String::new();
        match self.algorithm {
            CodeAlgorithm::Sha1 => {}
            CodeAlgorithm::Sha256 => more.push_str("&algorithm=SHA256"),
            CodeAlgorithm::Sha512 => more.push_str("&algorithm=SHA512"),
        }
        if self.digits != text::DIGITS {
            let _ = write!(more, "&digits={}", self.digits);
        }
        if self.period != text::PERIOD {
            let _ = write!(more, "&period={}", self.period);
        }
        if more.is_empty() {
            return Secret::new(plain.as_str());
        }
        Secret::new(format!("otpauth://totp?secret={}{more}", *plain))
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

/// The keyed hash of a step. HMAC takes keys of every length, so there always is one.
fn hash<M: Mac + KeyInit>(key: &[u8], step: u64) -> Zeroizing<Vec<u8>> {
    let hashed =
        <M as Mac>::new_from_slice(key).map(|mac| mac.chain_update(step.to_be_bytes()).finalize());
    Zeroizing::new(
        hashed
            .map(|hash| hash.into_bytes().to_vec())
            .unwrap_or_default(),
    )
}

/// 31 bits of a hash, from the place that its last four bits name.
fn truncated(hash: &[u8]) -> u32 {
    let offset = usize::from(hash.last().copied().unwrap_or_default() & 0xf);
    let bytes = hash.get(offset..).and_then(<[u8]>::first_chunk::<4>);
    u32::from_be_bytes(bytes.copied().unwrap_or_default()) & 0x7fff_ffff
}

/// Which step's code to use at `now` (time since the Unix epoch) where steps take `period` seconds and `last` is the
/// last step whose code was used: a later one, and none that is about to end. A `last` that lies more than two steps
/// ahead comes from a clock that was wrong, and does not count.
pub fn slot(period: u64, now: Duration, last: Option<u64>) -> Slot {
    let period = period.max(1);
    let current = now.as_secs() / period;
    let starts = |step: u64| Duration::from_secs(step.saturating_mul(period));

    // Of very short steps, half is left.
    let margin = MARGIN.min(Duration::from_secs(period) / 2);
    let soon = starts(current.saturating_add(1)).saturating_sub(now) <= margin;
    let fresh = current.saturating_add(u64::from(soon));
    let unused = last
        .filter(|last| *last <= current.saturating_add(AHEAD))
        .map_or(0, |last| last.saturating_add(1));

    let step = fresh.max(unused);
    Slot {
        step,
        wait: starts(step).saturating_sub(now),
    }
}

#[cfg(test)]
mod tests;
