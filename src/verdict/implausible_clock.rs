//! Whether it is the machine's clock that is wrong, and neither image nor keys.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::{Moment, for_people};
use crate::engine::TrustedKey;

/// The day of this version's release, as `CHANGELOG.md` has it, in seconds since 1970: 2026-11-20, 00:00 UTC.
const RELEASED: u64 = 1_795_132_800;

/// How long after its release a version is still thought to be in use.
const IN_USE: Duration = Duration::from_secs(10 * 365 * 86_400);

/// What makes the time implausible that an image is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ImplausibleClock {
    /// None of the trusted keys had been made yet, nor this version of the library.
    #[non_exhaustive]
    BeforeKeys {
        /// The time that was judged by.
        now: Moment,
        /// When the first of the keys was made.
        first_key: Moment,
        /// When this version of the library was released.
        released: Moment,
    },
    /// A trusted log recorded the image's signature more than a day later, and this version of the library had not been released.
    #[non_exhaustive]
    BeforeLogEntry {
        /// The time that was judged by.
        now: Moment,
        /// When the log recorded the signature, by its own clock.
        recorded: Moment,
        /// When this version of the library was released.
        released: Moment,
    },
    /// More than ten years after this version of the library was released.
    #[non_exhaustive]
    FarAhead {
        /// The time that was judged by.
        now: Moment,
        /// When this version of the library was released.
        released: Moment,
    },
}

/// How far the clocks of a log and of a machine may be apart: a log is not believed to be right about less.
const LOG_AHEAD: Duration = Duration::from_secs(86_400);

/// Whether `now` is no time at which these trusted keys would be asked for: before the first of them was made and before
/// this version of the library was released, or more than ten years after that. `None` if it may be right, and also where
/// it is not known of each key when it was made.
///
/// Nothing is accepted for that, and nothing refused. It is asked where an image is refused over a time: a machine without
/// a battery for its clock starts in 1970, and then no key and no signature is good; the image is refused as
/// [`Reason::ClockImplausible`](crate::Reason::ClockImplausible), undecided.
#[must_use]
pub fn clock_is_implausible(keys: &[TrustedKey], now: Moment) -> Option<ImplausibleClock> {
    ImplausibleClock::beside(keys.iter().map(|key| key.created), now)
}

impl ImplausibleClock {
    /// As [`clock_is_implausible`], of when each was made, or that it is not known.
    pub(crate) fn beside(
        created: impl IntoIterator<Item = Option<Moment>>,
        now: Moment,
    ) -> Option<Self> {
        let released = Moment::from_unix(RELEASED);
        let created: Option<Vec<Moment>> = created.into_iter().collect();
        let first_key = created?.into_iter().min();
        // After the release, it may as well be the clock by which the key was made.
        if let Some(first_key) = first_key.filter(|first| now < *first && now < released) {
            return Some(Self::BeforeKeys {
                now,
                first_key,
                released,
            });
        }
        let is_far_ahead = now > released && now.distance(released) > IN_USE;
        is_far_ahead.then_some(Self::FarAhead { now, released })
    }

    /// Whether `now` cannot be right because a trusted log has recorded and signed something later. A log that is ten years ahead
    /// of this version is the one that is wrong.
    pub(crate) fn before_log_entry(recorded: Moment, now: Moment) -> Option<Self> {
        let released = Moment::from_unix(RELEASED);
        let is_before = now < released && now < recorded && now.distance(recorded) > LOG_AHEAD;
        let is_of_this_age = recorded <= released || recorded.distance(released) <= IN_USE;
        (is_before && is_of_this_age).then_some(Self::BeforeLogEntry {
            now,
            recorded,
            released,
        })
    }
}

/// The sentence: `this machine's clock says 1970-01-01T00:00:07Z, before any key …`.
impl fmt::Display for ImplausibleClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeforeKeys {
                now,
                first_key,
                released,
            } => write!(
                f,
                "this machine's clock says {now}, before any key of this requirement was made (the first: {first_key}) \
                 and before this program's release of {}",
                released.day()
            ),
            Self::BeforeLogEntry {
                now,
                recorded,
                released,
            } => write!(
                f,
                "this machine's clock says {now}, before a trusted log recorded the signature ({recorded}) and before this \
                 program's release of {}",
                released.day()
            ),
            Self::FarAhead { now, released } => write!(
                f,
                "this machine's clock says {now}, {} after this program's release of {}",
                for_people(now.distance(*released)),
                released.day()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn key(created: Option<&str>) -> TrustedKey {
        let mut key = TrustedKey::new("A".repeat(40).parse().unwrap(), "a.gpg");
        key.created = created.map(at);
        key
    }

    #[test]
    fn the_release_is_the_newest_of_the_changelog_and_not_to_come() {
        let released = Moment::from_unix(RELEASED);
        let changelog = include_str!("../../CHANGELOG.md");
        let headings = changelog
            .lines()
            .filter_map(|line| line.strip_prefix("## ["));
        let newest = headings
            .filter_map(|heading| heading.split_once("] - "))
            .map(|(_, day)| at(&format!("{day}T00:00:00Z")))
            .max();
        match newest {
            Some(newest) => assert_eq!(released, newest),
            None => assert!(released < std::time::SystemTime::now().into()),
        }
    }

    #[test]
    fn before_every_key_no_clock_is_right() {
        let early = "2025-11-10T00:00:00Z";
        let keys = [key(Some("2026-01-01T00:00:00Z")), key(Some(early))];
        let before = |now| match clock_is_implausible(&keys, at(now)) {
            Some(ImplausibleClock::BeforeKeys { first_key, .. }) => Some(first_key),
            Some(other) => panic!("{other:?}"),
            None => None,
        };
        for now in [
            "1970-01-01T00:00:00Z",
            "2019-06-01T00:00:00Z",
            "2025-11-09T23:59:59Z",
        ] {
            assert_eq!(before(now), Some(at(early)), "{now}");
        }
        assert_eq!(before(early), None);
        // A key that was made in the future, by a clock that may be right: then it is the key's owner's that is wrong.
        let later = [key(Some("2040-01-01T00:00:00Z"))];
        assert!(clock_is_implausible(&later, at("2026-11-19T23:59:59Z")).is_some());
        assert_eq!(
            clock_is_implausible(&later, at("2026-11-20T00:00:00Z")),
            None
        );
        // Of one it is not known, so that it may be the first.
        let keys = [key(Some(early)), key(None)];
        assert_eq!(
            clock_is_implausible(&keys, at("1970-01-01T00:00:00Z")),
            None
        );
        assert_eq!(clock_is_implausible(&[], at("1970-01-01T00:00:00Z")), None);
    }

    #[test]
    fn a_log_is_believed_about_more_than_a_day() {
        let of = |recorded, now| ImplausibleClock::before_log_entry(at(recorded), at(now));
        let recorded = "2025-06-01T12:00:00Z";
        for now in ["1970-01-01T00:00:07Z", "2025-05-31T11:59:59Z"] {
            assert_eq!(
                of(recorded, now),
                Some(ImplausibleClock::BeforeLogEntry {
                    now: at(now),
                    recorded: at(recorded),
                    released: at("2026-11-20T00:00:00Z"),
                })
            );
        }
        for now in [
            "2025-05-31T12:00:00Z",
            "2025-06-01T11:59:59Z",
            recorded,
            "2025-06-02T12:00:00Z",
        ] {
            assert_eq!(of(recorded, now), None, "{now}");
        }
        // From the release on, it may as well be the log that is wrong; and one that is far ahead is.
        assert!(of("2036-11-17T00:00:00Z", "2026-11-19T23:59:59Z").is_some());
        assert_eq!(of("2036-11-17T00:00:00Z", "2026-11-20T00:00:00Z"), None);
        assert_eq!(of("2036-11-17T00:00:01Z", "2026-11-19T23:59:59Z"), None);
    }

    #[test]
    fn ten_years_after_the_release_it_is_far_ahead() {
        let keys = [key(Some("2025-11-10T00:00:00Z"))];
        let of = |now| clock_is_implausible(&keys, at(now));
        assert_eq!(of("2036-11-17T00:00:00Z"), None);
        let expected = ImplausibleClock::FarAhead {
            now: at("2036-11-17T00:00:01Z"),
            released: at("2026-11-20T00:00:00Z"),
        };
        assert_eq!(of("2036-11-17T00:00:01Z"), Some(expected));
    }
}
