//! The time that keys and signatures are judged by, and how times are written.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::parsed::from_text;

/// What time it is when a signature is judged.
///
/// Expiry and revocation are judged *now*, not at the time of signing: a key that has expired
/// since does not vouch for an image any more, as with GnuPG.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Clock {
    /// The system's clock, read anew for each verification.
    #[default]
    System,
    /// Always this moment: for tests, and for questions about another day.
    Fixed(Moment),
    /// A time source of the caller's own, such as one that authenticates its time; read anew for each verification.
    ///
    /// Only an engine that judges in this process can use it. The engines on GnuPG cannot: gpg reads the system's clock
    /// or is given one moment, so they refuse with
    /// [`EngineError::ClockUnsupported`](crate::engine::EngineError::ClockUnsupported).
    Source(Arc<dyn TimeSource>),
}

impl Clock {
    /// A clock that shows the time of `source`.
    #[must_use]
    pub fn from_source(source: impl TimeSource + 'static) -> Self {
        Self::Source(Arc::new(source))
    }

    /// The moment that this clock shows.
    ///
    /// # Errors
    ///
    /// [`ClockError`] if it is a [`Clock::Source`] that does not know the time.
    pub fn now(&self) -> Result<Moment, ClockError> {
        match self {
            Self::System => Ok(SystemTime::now().into()),
            Self::Fixed(moment) => Ok(*moment),
            Self::Source(source) => source.now().map_err(|source| ClockError { source }),
        }
    }
}

/// Something that knows the time, for [`Clock::Source`].
pub trait TimeSource: fmt::Debug + Send + Sync {
    /// The time now.
    ///
    /// # Errors
    ///
    /// Any error if the source does not know: then there is no verdict, and no image runs. A source must never guess.
    fn now(&self) -> Result<Moment, Box<dyn Error + Send + Sync>>;
}

/// The [`Clock`] does not know the time.
#[derive(Debug, thiserror::Error)]
#[error("the clock does not know the time")]
pub struct ClockError {
    /// What its source said.
    source: Box<dyn Error + Send + Sync>,
}

/// A moment in whole seconds, written as in RFC 3339 and always in UTC
/// (`2026-01-15T12:00:00Z`).
///
/// As JSON the same text, and read from it. Of a moment that no calendar holds the text is `a time out of range`, which is not
/// read: nobody knows any more when it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(SystemTime);

impl Moment {
    /// The moment as the standard library has it.
    #[must_use]
    pub fn system_time(self) -> SystemTime {
        self.0
    }

    /// How far this moment lies from `other`, whichever comes first.
    #[must_use]
    pub fn distance(self, other: Self) -> Duration {
        match self.0.duration_since(other.0) {
            Ok(later) => later,
            Err(earlier) => earlier.duration(),
        }
    }
}

impl Moment {
    /// The moment so many seconds after the epoch; the epoch itself for one that no clock can show.
    pub(crate) fn from_unix(seconds: u64) -> Self {
        let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        Self(time.unwrap_or(SystemTime::UNIX_EPOCH))
    }

    /// The last second that can be written, for people and as JSON, in seconds since the epoch: on the last day but one of the
    /// year 9999, so that it is one in every time zone.
    #[cfg(feature = "sigstore")]
    pub(crate) const LAST_SECOND: i64 = 253_402_207_200;

    /// The moment so many seconds after the epoch, or before it; `None` if the system cannot tell that one.
    #[cfg(feature = "sigstore")]
    pub(crate) fn from_signed_unix(seconds: i64) -> Option<Self> {
        let distance = Duration::from_secs(seconds.unsigned_abs());
        let epoch = SystemTime::UNIX_EPOCH;
        let time = match seconds < 0 {
            true => epoch.checked_sub(distance),
            false => epoch.checked_add(distance),
        };
        time.map(Self)
    }

    /// Its day, where the hour does not matter: `2026-01-15`.
    pub(crate) fn day(self) -> String {
        let mut text = self.to_string();
        text.truncate(text.find('T').unwrap_or(text.len()));
        text
    }
}

/// The time in whole seconds since the epoch; 0 before it.
#[cfg(feature = "_openpgp")]
pub(crate) fn unix_seconds(time: impl Into<SystemTime>) -> u64 {
    time.into()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

impl From<Moment> for SystemTime {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

/// The whole second in which `time` is.
impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let fraction = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => Duration::from_nanos(since.subsec_nanos().into()),
            Err(before) => match before.duration().subsec_nanos() {
                0 => Duration::ZERO,
                nanos => Duration::from_secs(1).saturating_sub(Duration::from_nanos(nanos.into())),
            },
        };
        Self(time.checked_sub(fraction).unwrap_or(time))
    }
}

impl std::str::FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let timestamp: jiff::Timestamp = text.parse().map_err(|_| MomentError)?;
        Ok(SystemTime::from(timestamp).into())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::try_from(self.0) {
            Ok(timestamp) => write!(f, "{timestamp:.0}"),
            Err(_) => f.write_str("a time out of range"),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

/// The text is not a time in the form of RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time in the form of RFC 3339, such as 2026-01-15T12:00:00Z")]
#[non_exhaustive]
pub struct MomentError;

/// A duration for people, in its largest two units: `4 minutes`, `3 days 2 hours`.
pub(crate) fn for_people(duration: Duration) -> String {
    const UNITS: [(u64, &str); 5] = [
        (31_536_000, "year"),
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let mut rest = duration.as_secs();
    let mut parts = Vec::new();
    for (length, name) in UNITS {
        let count = rest.checked_div(length).unwrap_or(0);
        rest = rest.checked_rem(length).unwrap_or(0);
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            parts.push(format!("{count} {name}{plural}"));
        }
    }
    parts.truncate(2);
    if parts.is_empty() {
        "0 seconds".to_owned()
    } else {
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_whole_seconds_of_utc() {
        let moment: Moment = "2026-01-15T14:00:00.75+02:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-01-15T12:00:00Z");
        assert_eq!(moment, "2026-01-15T12:00:00Z".parse().unwrap());
        assert_eq!("yesterday".parse::<Moment>(), Err(MomentError));
    }

    #[test]
    fn a_moment_is_the_whole_second_that_a_time_is_in() {
        let epoch = SystemTime::UNIX_EPOCH;
        let half = Duration::from_millis(500);
        for (time, text) in [
            (epoch, "1970-01-01T00:00:00Z"),
            (epoch + half, "1970-01-01T00:00:00Z"),
            (epoch - half, "1969-12-31T23:59:59Z"),
            (epoch - 2 * half, "1969-12-31T23:59:59Z"),
            (epoch - 3 * half, "1969-12-31T23:59:58Z"),
        ] {
            let moment = Moment::from(time);
            assert_eq!(moment.to_string(), text);
            assert_eq!(moment, text.parse().unwrap());
            let json = serde_json::to_string(&moment).unwrap();
            assert_eq!(serde_json::from_str::<Moment>(&json).unwrap(), moment);
        }
    }

    #[test]
    #[cfg(feature = "sigstore")]
    fn the_last_second_can_be_written() {
        let written = |seconds| Moment::from_signed_unix(seconds).unwrap().to_string();
        assert_eq!(written(Moment::LAST_SECOND), "9999-12-30T22:00:00Z");
        assert_eq!(written(Moment::LAST_SECOND + 1), "a time out of range");
    }

    #[test]
    fn a_time_that_no_calendar_holds_does_not_panic() {
        let distant = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::MAX / 4));
        if let Some(distant) = distant {
            assert_eq!(Moment::from(distant).to_string(), "a time out of range");
        }
    }

    #[test]
    fn durations_show_their_largest_two_units() {
        for (seconds, text) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (240, "4 minutes"),
            (90_061, "1 day 1 hour"),
            (31_536_000 + 60, "1 year 1 minute"),
        ] {
            assert_eq!(for_people(Duration::from_secs(seconds)), text);
        }
    }
}
