//! Parsing of two-factor secrets: base32 and `otpauth` URIs.

use zeroize::Zeroizing;

use super::{CodeAlgorithm, Totp, TotpError};

/// The number of digits of a code without the parameter `digits`.
pub(super) const DEFAULT_DIGITS: u32 = 6;
/// The length of a step in seconds without the parameter `period`.
pub(super) const DEFAULT_PERIOD: u64 = 30;
/// The minimum length of a secret. RFC 4226 requires 16 bytes; some large services use ten.
const MIN_BYTES: usize = 10;
/// The maximum length of a step in seconds; services use 30 or 60.
const MAX_PERIOD: u64 = 300;

/// Parses base32 or an `otpauth` URI.
pub(super) fn parse(text: &str) -> Result<Totp, TotpError> {
    let text = text.trim();
    if after(text, "otpauth-migration:").is_some() {
        return Err(TotpError::Export);
    }
    if let Some(address) = after(text, "otpauth:") {
        return uri(address);
    }
    Ok(Totp {
        key: key(text)?,
        algorithm: CodeAlgorithm::default(),
        digits: DEFAULT_DIGITS,
        period: DEFAULT_PERIOD,
    })
}

/// Returns the text after a prefix, ignoring the case of the prefix.
fn after<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Parses the part of a URI after its scheme: `//totp/LABEL?PARAMETERS`.
fn uri(address: &str) -> Result<Totp, TotpError> {
    let address = address.strip_prefix("//").ok_or(TotpError::NotTotp)?;
    let address = address.split_once('#').map_or(address, |(uri, _)| uri);
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kind = path.split_once('/').map_or(path, |(kind, _)| kind);
    if kind.eq_ignore_ascii_case("hotp") {
        return Err(TotpError::Hotp);
    }
    if !kind.eq_ignore_ascii_case("totp") {
        return Err(TotpError::NotTotp);
    }
    let secret = parameter(query, "secret").filter(|secret| !secret.trim().is_empty());
    Ok(Totp {
        key: key(&secret.ok_or(TotpError::NoSecret)?)?,
        algorithm: parameter(query, "algorithm").map_or(Ok(CodeAlgorithm::default()), |name| {
            algorithm(&name).ok_or(TotpError::Algorithm)
        })?,
        digits: parameter(query, "digits").map_or(Ok(DEFAULT_DIGITS), |text| {
            number(&text)
                .and_then(|digits| u32::try_from(digits).ok())
                .filter(|digits| (6..=8).contains(digits))
                .ok_or(TotpError::Digits)
        })?,
        period: parameter(query, "period").map_or(Ok(DEFAULT_PERIOD), |text| {
            number(&text)
                .filter(|period| (1..=MAX_PERIOD).contains(period))
                .ok_or(TotpError::Period)
        })?,
    })
}

/// Returns the decoded value of the first parameter of this name, ignoring case.
fn parameter(query: &str, name: &str) -> Option<Zeroizing<String>> {
    form_urlencoded::parse(query.as_bytes())
        .map(|(key, value)| (key, Zeroizing::new(value.into_owned())))
        .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

fn algorithm(name: &str) -> Option<CodeAlgorithm> {
    let known = [
        ("SHA1", CodeAlgorithm::Sha1),
        ("SHA256", CodeAlgorithm::Sha256),
        ("SHA512", CodeAlgorithm::Sha512),
    ];
    known
        .into_iter()
        .find_map(|(known, algorithm)| name.eq_ignore_ascii_case(known).then_some(algorithm))
}

/// Parses a number of ASCII digits without a sign.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Decodes base32. Bits at the end that do not make a byte are dropped, as authenticators do.
fn key(text: &str) -> Result<Zeroizing<Vec<u8>>, TotpError> {
    let symbols = text
        .trim()
        .trim_end_matches(|character: char| character == '=' || character.is_ascii_whitespace())
        .chars()
        .filter(|character| !character.is_ascii_whitespace() && *character != '-');
    let length = symbols.clone().count();
    if text.trim().is_empty() {
        return Err(TotpError::Empty);
    }
    if (6..=8).contains(&length) && symbols.clone().all(|symbol| symbol.is_ascii_digit()) {
        return Err(TotpError::Code);
    }

    // The full capacity is allocated at once: growing would leave a copy that is not wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    let (mut bits, mut count) = (0_u32, 0);
    for symbol in symbols {
        bits = (bits << 5 | value(symbol).ok_or(TotpError::NotBase32)?) & 0xfff;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.extend(u8::try_from(bits >> count & 0xff));
        }
    }
    if bytes.len() < MIN_BYTES {
        return Err(TotpError::TooShort);
    }
    Ok(bytes)
}

/// Returns the five bits of a base32 character (RFC 4648, section 6).
fn value(symbol: char) -> Option<u32> {
    match symbol.to_ascii_uppercase() {
        letter @ 'A'..='Z' => Some(u32::from(letter) - u32::from('A')),
        digit @ '2'..='7' => Some(u32::from(digit) - u32::from('2') + 26),
        _ => None,
    }
}
