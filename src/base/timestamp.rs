//! A time that somebody told: seconds since 1970, and RFC 3339 in JSON.

use serde::{Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A time in seconds since 1970 as RFC 3339 in UTC; nothing when it is out of this world.
pub fn rfc3339(seconds: u64) -> Option<String> {
    let moment = OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?;
    moment.format(&Rfc3339).ok()
}

/// Seconds since 1970 as RFC 3339, `null` when there are none or they are out of this world; for `serialize_with`.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(seconds: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    seconds.and_then(rfc3339).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_rfc_3339() {
        assert_eq!(
            rfc3339(1_651_361_858).as_deref(),
            Some("2022-04-30T23:37:38Z")
        );
        assert_eq!(rfc3339(0).as_deref(), Some("1970-01-01T00:00:00Z"));
    }

    #[test]
    fn what_is_out_of_this_world_is_no_moment() {
        assert_eq!((rfc3339(u64::MAX), rfc3339(i64::MAX as u64)), (None, None));
    }
}
