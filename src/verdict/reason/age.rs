//! The sentences on the age of signatures.

use crate::clock::{Moment, for_people};

/// When the signature was made, as a part of a sentence.
pub(super) fn made(signed_at: &Option<Moment>, now: &Moment) -> String {
    match signed_at {
        Some(made) => format!(
            "the signature was made {} ago, on {made}",
            for_people(now.distance(*made))
        ),
        None => "the signature does not say when it was made".to_owned(),
    }
}

/// That the image is older than another one, as a sentence.
pub(super) fn older(signed_at: &Option<Moment>, newest_seen: &Moment) -> String {
    match signed_at {
        Some(made) => format!(
            "the image was signed on {made}, {} before the newest that was seen by this name, on {newest_seen}",
            for_people(newest_seen.distance(*made))
        ),
        None => format!(
            "nothing says when the image was signed, and one was seen by this name that was signed on {newest_seen}"
        ),
    }
}

/// A duration as JSON: a whole number of seconds.
pub(super) mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(duration.as_secs())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_secs)
    }
}
