//! Times in certificates (RFC 5280, section 4.1.2.5).

use crate::clock::Moment;
use crate::sigstore::der::{DerError, Elements};

const UTC: u8 = 0x17;
const GENERALIZED: u8 = 0x18;

/// The last moment that can be written. What says to be valid to the end of the year, which means for ever (RFC 5280, section
/// 4.1.2.5), is valid until then.
const LAST: &str = "9999-12-30T22:00:00Z";

/// The next element, which must be a time: `YYMMDDHHMM[SS]Z`, of the years 1950 to 2049, or `YYYYMMDDHHMMSSZ`.
///
/// # Errors
///
/// [`DerError`] if it is none, or none that the calendar has.
pub(super) fn read(elements: &mut Elements<'_>) -> Result<Moment, DerError> {
    let element = elements.any()?;
    let digits = element.contents.strip_suffix(b"Z");
    let moment = match (element.tag, digits) {
        (UTC, Some(digits)) => of_two_digits(digits),
        (GENERALIZED, Some(digits)) => of_digits(digits),
        _ => None,
    };
    moment.ok_or(DerError::Contents("a time"))
}

/// A time whose year has two digits, and which may have no seconds.
fn of_two_digits(digits: &[u8]) -> Option<Moment> {
    let century: &[u8] = if *digits.first()? >= b'5' {
        b"19"
    } else {
        b"20"
    };
    let seconds: &[u8] = if digits.len() == 10 { b"00" } else { b"" };
    of_digits(&[century, digits, seconds].concat())
}

/// A time of fourteen digits.
fn of_digits(digits: &[u8]) -> Option<Moment> {
    let digits: &[u8; 14] = digits.try_into().ok()?;
    let text = std::str::from_utf8(digits).ok()?;
    let are_digits = digits.iter().all(u8::is_ascii_digit);
    let (date, time) = are_digits.then(|| text.split_at_checked(8))??;
    let (year, month_and_day) = date.split_at_checked(4)?;
    let (month, day) = month_and_day.split_at_checked(2)?;
    let (hour, minute_and_second) = time.split_at_checked(2)?;
    let (minute, second) = minute_and_second.split_at_checked(2)?;
    // RFC 3339 knows leap seconds, and X.690 does not.
    let is_of_day = hour < "24" && minute < "60" && second < "60";
    let text = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
    let is_beyond = &*text > LAST && ["1230", "1231"].contains(&month_and_day);
    let text = if is_beyond { LAST } else { &text };
    is_of_day.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(tag: u8, text: &str) -> Option<String> {
        let element = [&[tag, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        let moment = read(&mut Elements::of(&element)).ok()?;
        Some(moment.to_string())
    }

    #[test]
    fn a_time_is_one_of_the_calendar() {
        for (tag, text, expected) in [
            (UTC, "260115120000Z", "2026-01-15T12:00:00Z"),
            (UTC, "2601151200Z", "2026-01-15T12:00:00Z"),
            (UTC, "491231235959Z", "2049-12-31T23:59:59Z"),
            (UTC, "500101000000Z", "1950-01-01T00:00:00Z"),
            (UTC, "520229000000Z", "1952-02-29T00:00:00Z"),
            (UTC, "991231235959Z", "1999-12-31T23:59:59Z"),
            (GENERALIZED, "20500101000000Z", "2050-01-01T00:00:00Z"),
            (GENERALIZED, "20240229235959Z", "2024-02-29T23:59:59Z"),
            (GENERALIZED, "19500101000000Z", "1950-01-01T00:00:00Z"),
            (GENERALIZED, "99991230215959Z", "9999-12-30T21:59:59Z"),
            (GENERALIZED, "99991230220001Z", LAST),
            (GENERALIZED, "99991231235959Z", LAST),
            (GENERALIZED, "00010101000000Z", "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(time(tag, text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for (tag, text) in [
            (UTC, ""),
            (UTC, "Z"),
            (UTC, "260115120000"),
            (UTC, "260115120000z"),
            (UTC, "260115120000+0000"),
            (UTC, "260115120000+0100"),
            (UTC, "2601151200000Z"),
            (UTC, "26011512000Z"),
            (UTC, "260115120000.0Z"),
            (UTC, "20260115120000Z"),
            (UTC, "261315120000Z"),
            (UTC, "260015120000Z"),
            (UTC, "260132120000Z"),
            (UTC, "260100120000Z"),
            (UTC, "260229120000Z"),
            (UTC, "260115240000Z"),
            (UTC, "260115126000Z"),
            (UTC, "260115120060Z"),
            (UTC, "2601151260Z"),
            (UTC, "26 115120000Z"),
            (UTC, "-60115120000Z"),
            (GENERALIZED, "260115120000Z"),
            (GENERALIZED, "202601151200Z"),
            (GENERALIZED, "20260115120000"),
            (GENERALIZED, "20260115120000.5Z"),
            (GENERALIZED, "20260115120000+0100"),
            (GENERALIZED, "20260229120000Z"),
            (GENERALIZED, "99991232000000Z"),
            (GENERALIZED, "99991331000000Z"),
            (GENERALIZED, "99991231240000Z"),
            (GENERALIZED, "99991231236000Z"),
            (GENERALIZED, ":9991231000000Z"),
            (GENERALIZED, "+2260115120000Z"),
            (0x16, "260115120000Z"),
        ] {
            assert_eq!(time(tag, text), None, "{text}");
        }
    }
}
