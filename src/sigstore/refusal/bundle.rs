//! The words where nobody says when a signature was made.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::{Moment, for_people};

/// Why the time at which a log recorded a signature is not known. `Display` is a part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum NoTrustedTime {
    /// There is no entry of any log.
    NoEntry,
    /// No entry of a trusted log has a time that the log has signed.
    NoPromise,
    /// The log was not to be trusted at the time that it says: only by a [`TrustRoot`](crate::sigstore::TrustRoot), which tells it.
    #[non_exhaustive]
    LogNotTrusted {
        /// When that is.
        integrated_time: Moment,
    },
    /// The log says it was recorded in the future.
    #[non_exhaustive]
    Future {
        /// When.
        integrated_time: Moment,
        /// The time that it was judged at.
        now: Moment,
    },
}

impl fmt::Display for NoTrustedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEntry => f.write_str("it has no entry of a log"),
            Self::NoPromise => f.write_str("its entry has no time that the log has signed"),
            Self::LogNotTrusted { integrated_time } => {
                write!(f, "the log is not to be trusted for {integrated_time}")
            }
            Self::Future {
                integrated_time,
                now,
            } => {
                let distance = for_people(integrated_time.distance(*now));
                write!(
                    f,
                    "its entry is from {integrated_time}, {distance} from now"
                )
            }
        }
    }
}

impl NoTrustedTime {
    /// What to do about it.
    pub(super) fn remedy(self) -> String {
        match self {
            Self::Future { .. } => "set the clock if it is wrong; else do not run the image",
            Self::LogNotTrusted { .. } => {
                "get the newest trusted root; if it does not trust the log for that time either, do not run this"
            }
            Self::NoEntry | Self::NoPromise => {
                "have the image signed with an entry of a Rekor log of version 1: timestamps by RFC 3161 are not verified"
            }
        }
        .to_owned()
    }
}
