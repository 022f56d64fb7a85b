//! Durations as people write and read them.

use std::time::Duration;

/// The units, by their letters, names and seconds.
const UNITS: [(char, &str, u64); 5] = [
    ('w', "week", 604_800),
    ('d', "day", 86_400),
    ('h', "hour", 3_600),
    ('m', "minute", 60),
    ('s', "second", 1),
];

/// Reads a whole number and a unit: `30d`, `12h`.
///
/// # Errors
///
/// A sentence.
pub fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || {
        format!(
            "`{}` is no duration such as 30d, 12h, 90m or 4w",
            text.escape_debug()
        )
    };
    let unit = text.chars().last().ok_or_else(wrong)?;
    let (_, _, seconds) = UNITS
        .into_iter()
        .find(|(letter, _, _)| *letter == unit)
        .ok_or_else(wrong)?;
    let count: u64 = text
        .strip_suffix(unit)
        .and_then(|count| count.parse().ok())
        .ok_or_else(wrong)?;
    count
        .checked_mul(seconds)
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}

/// A duration in its largest unit, rounded down: `12 days`, `27 hours`. Weeks are told in days, and less than two days in
/// hours.
pub fn told(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (name, length) = match seconds {
        172_800.. => ("day", 86_400),
        7_200.. => ("hour", 3_600),
        120.. => ("minute", 60),
        _ => ("second", 1),
    };
    let count = seconds.checked_div(length).unwrap_or_default();
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {name}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, seconds) in [
            ("30d", 2_592_000),
            ("12h", 43_200),
            ("0s", 0),
            ("4w", 2_419_200),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in [
            "",
            "d",
            "30",
            "-1d",
            "1.5d",
            "30 d",
            "é",
            "99999999999999999w",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_are_told_in_one_unit() {
        for (seconds, text) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (119, "119 seconds"),
            (7_199, "119 minutes"),
            (97_200, "27 hours"),
            (1_036_800, "12 days"),
        ] {
            assert_eq!(told(Duration::from_secs(seconds)), text);
        }
    }
}
