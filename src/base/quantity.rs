//! Durations and numbers of bytes, as people read them.

use std::fmt;
use std::time::Duration;

/// Formats a duration with its two largest units.
pub fn duration_text(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) => format!("{:.1} s", time.as_secs_f32()),
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// A number of bytes, displayed in powers of a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteCount(pub u64);

impl fmt::Display for ByteCount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
        let Self(bytes) = *self;
        let mut unit = 1000_u64;
        for name in UNITS {
            // 999.95 of a unit would be rounded to 1000.0.
            if bytes < unit.saturating_mul(1000) - unit / 20 && bytes >= 1000 {
                let tenths = (u128::from(bytes) * 10 + u128::from(unit) / 2) / u128::from(unit);
                return write!(formatter, "{}.{} {name}", tenths / 10, tenths % 10);
            }
            unit = unit.saturating_mul(1000);
        }
        if bytes < 1000 {
            write!(formatter, "{bytes} bytes")
        } else {
            write!(formatter, "{} TB", bytes / 1_000_000_000_000)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_bytes_has_a_fitting_unit() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (1_949, "1.9 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (123_456_789, "123.5 MB"),
            (5_000_000_000, "5.0 GB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(ByteCount(bytes).to_string(), words);
        }
    }
}
