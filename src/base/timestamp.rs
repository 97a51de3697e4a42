//! Times since 1970, written as RFC 3339 in JSON.

use std::time::Duration;

use serde::{Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

/// Formats a time in seconds since 1970 as RFC 3339 in UTC; `None` when it is out of range.
pub fn rfc3339(seconds: u64) -> Option<String> {
    let time = OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?;
    time.format(&Rfc3339).ok()
}

/// Reads a date and time of RFC 3339, of RFC 2822, or without a time zone, which is UTC then. Returns seconds since 1970;
/// `None` for other texts and for times before 1970.
pub fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    // RFC 3339 has a letter between date and time; others write a space.
    let date_time = text.replacen(' ', "T", 1);
    let parsed = OffsetDateTime::parse(&date_time, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(&format!("{date_time}Z"), &Rfc3339))
        .or_else(|_| OffsetDateTime::parse(text, &Rfc2822));
    u64::try_from(parsed.ok()?.unix_timestamp()).ok()
}

/// Serializes a time in seconds since 1970 as RFC 3339, and a missing or out-of-range time as `null`. For
/// `#[serde(serialize_with)]`.
///
/// # Errors
/// The errors of the serializer.
pub fn serialize<S: Serializer>(seconds: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    seconds.and_then(rfc3339).serialize(serializer)
}

/// Serializes a time since 1970 as RFC 3339 in UTC with milliseconds, and an out-of-range time as `null`. For
/// `#[serde(serialize_with)]`.
///
/// # Errors
/// The errors of the serializer.
pub fn serialize_milliseconds<S: Serializer>(
    since_epoch: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let seconds = rfc3339(since_epoch.as_secs());
    let milliseconds = since_epoch.subsec_millis();
    let text = seconds.map(|text| format!("{}.{milliseconds:03}Z", text.trim_end_matches('Z')));
    text.serialize(serializer)
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
    fn a_date_is_read_in_the_usual_forms() {
        for text in [
            "2022-04-30T23:37:38Z",
            " 2022-04-30 23:37:38 ",
            "2022-04-30T23:37:38.25",
            "2022-05-01T01:37:38+02:00",
            "Sat, 30 Apr 2022 23:37:38 GMT",
            "30 Apr 2022 23:37:38 +0000",
        ] {
            assert_eq!(parse(text), Some(1_651_361_858), "{text}");
        }
        for text in [
            "",
            "soon",
            "2022-04-30",
            "1969-12-31T23:59:59Z",
            "2022-13-41T99:99:99Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_out_of_range_has_no_format() {
        assert_eq!((rfc3339(u64::MAX), rfc3339(i64::MAX as u64)), (None, None));
    }
}
