//! Times that servers send: seconds since 1970, written as RFC 3339 in JSON.

use serde::{Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Formats a time in seconds since 1970 as RFC 3339 in UTC; `None` when it is out of range.
pub fn rfc3339(seconds: u64) -> Option<String> {
    let time = OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?;
    time.format(&Rfc3339).ok()
}

/// Serializes a time in seconds since 1970 as RFC 3339, and a missing or out-of-range time as `null`. For
/// `#[serde(serialize_with)]`.
///
/// # Errors
/// The errors of the serializer.
pub fn serialize<S: Serializer>(seconds: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    seconds.and_then(rfc3339).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_formatted_as_rfc_3339() {
        assert_eq!(
            rfc3339(1_651_361_858).as_deref(),
            Some("2022-04-30T23:37:38Z")
        );
        assert_eq!(rfc3339(0).as_deref(), Some("1970-01-01T00:00:00Z"));
    }

    #[test]
    fn a_time_out_of_range_has_no_format() {
        assert_eq!((rfc3339(u64::MAX), rfc3339(i64::MAX as u64)), (None, None));
    }
}
