//! What the caller demands of an image besides the policy, and what it wants to be warned of.

use std::time::Duration;

use super::key_loader::KeyLoader;
use crate::clock::{Clock, Moment};
use crate::plan::ForeignVerdict;
use crate::verdict::Reason;
use crate::verifier::SigstoreBundles;

/// Settings of one verification, beside those of the [`Verifier`](crate::Verifier): for
/// [`Verifier::verify_with`](crate::Verifier::verify_with).
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct VerifyOptions<'a> {
    newest_seen: Option<Moment>,
    pub(super) keys: Option<&'a dyn KeyLoader>,
    pub(super) foreign: Vec<ForeignVerdict>,
}

impl<'a> VerifyOptions<'a> {
    /// Every setting at its default, which demands nothing more.
    pub fn new() -> Self {
        Self::default()
    }

    /// When the newest image was signed that was accepted by this name before, as its
    /// [`Accepted::signed_at`](crate::Accepted::signed_at) said. An image that was signed earlier is refused as
    /// [`Reason::RolledBack`], and one of which nothing says when it was signed: somebody who can push to a registry,
    /// or answers in its place, may have put back an old image, with faults that are known by now. The same time is
    /// fine: it is the same image. Default: nothing was seen.
    ///
    /// Where the policy has several requirements, it applies to the signature that satisfies each.
    pub fn newest_seen(mut self, signed_at: Moment) -> Self {
        self.newest_seen = Some(signed_at);
        self
    }

    /// Where the key files come from this time, in place of the verifier's own loader: for keys that were fetched
    /// asynchronously, by the paths of [`Plan::key_paths`](crate::Plan::key_paths). One that is not there refuses the
    /// image as [`Error::Unavailable`](crate::Error::Unavailable); the file system is not looked at.
    ///
    /// Keys that have the same bytes as the last time are not imported again. Default: the verifier's own loader.
    pub fn keys(mut self, keys: &'a dyn KeyLoader) -> Self {
        self.keys = Some(keys);
        self
    }

    /// What somebody else says of a requirement that this crate does not judge, one of
    /// [`Plan::foreign`](crate::Plan::foreign). Of several verdicts for the same requirement, all must accept. Default:
    /// none, so that such a requirement refuses the image
    /// ([`Reason::UnsupportedRequirement`](crate::Reason::UnsupportedRequirement)).
    pub fn foreign_verdict(mut self, verdict: ForeignVerdict) -> Self {
        self.foreign.push(verdict);
        self
    }

    /// Several of them.
    pub fn foreign_verdicts(mut self, verdicts: impl IntoIterator<Item = ForeignVerdict>) -> Self {
        self.foreign.extend(verdicts);
        self
    }
}

/// What the caller demands, and wants to be warned of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Demands {
    /// Whether a signature must have been verified.
    pub(super) require_signed: bool,
    /// How old a signature may be.
    pub(super) max_signature_age: Option<Duration>,
    /// When the newest image was signed that was seen by this name.
    pub(super) newest_seen: Option<Moment>,
    /// Which sigstore bundles count.
    pub(super) sigstore_bundles: SigstoreBundles,
    /// How far ahead to look for what ends.
    pub(super) warn_ahead: Duration,
    /// From which age on a signature is worth a warning; not at all, if that is nothing.
    pub(super) warn_signature_age: Duration,
}

impl Default for Demands {
    fn default() -> Self {
        const DAY: u64 = 86_400;
        Self {
            require_signed: false,
            sigstore_bundles: SigstoreBundles::default(),
            max_signature_age: None,
            newest_seen: None,
            warn_ahead: Duration::from_secs(30 * DAY),
            warn_signature_age: Duration::from_secs(180 * DAY),
        }
    }
}

impl Demands {
    /// The same, with what is demanded of one verification.
    pub(super) fn with(self, options: &VerifyOptions<'_>) -> Self {
        Self {
            newest_seen: options.newest_seen,
            ..self
        }
    }

    /// Why an image is refused for which no signature was verified, if it is.
    pub(super) fn refusal_of_unsigned(&self) -> Option<Reason> {
        if self.require_signed {
            return Some(Reason::UnsignedNotAllowed);
        }
        self.newest_seen.map(|newest_seen| Reason::RolledBack {
            signed_at: None,
            newest_seen,
        })
    }

    /// As [`check_age`](Self::check_age), by this clock, which is read only if the age matters.
    ///
    /// # Errors
    ///
    /// Those of it, and [`Reason::EngineFailed`] if the clock does not know the time.
    pub(super) fn check_age_by(
        &self,
        signed_at: Option<Moment>,
        clock: &Clock,
    ) -> Result<(), Reason> {
        if self.max_signature_age.is_none() && self.newest_seen.is_none() {
            return Ok(());
        }
        let now = clock.now().map_err(|error| Reason::from(&error.into()))?;
        self.check_age(signed_at, now)
    }

    /// Whether a signature that was made at `signed_at`, as it says itself, is new enough at `now`. One that does not
    /// say may be of any age.
    ///
    /// # Errors
    ///
    /// [`Reason::SignatureTooOld`] or [`Reason::RolledBack`].
    pub(super) fn check_age(&self, signed_at: Option<Moment>, now: Moment) -> Result<(), Reason> {
        if let Some(max_age) = self.max_signature_age {
            if signed_at.is_none_or(|made| made < now && now.distance(made) > max_age) {
                return Err(Reason::SignatureTooOld {
                    signed_at,
                    now,
                    max_age,
                });
            }
        }
        match self.newest_seen {
            Some(newest_seen) if signed_at.is_none_or(|made| made < newest_seen) => {
                Err(Reason::RolledBack {
                    signed_at,
                    newest_seen,
                })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Moment {
        format!("2026-01-15T{time}Z").parse().unwrap()
    }

    #[test]
    fn at_the_borders_a_signature_is_new_enough() {
        let demands = Demands {
            max_signature_age: Some(Duration::from_secs(3600)),
            newest_seen: Some(at("11:30:00")),
            ..Demands::default()
        };
        let code = |made: Option<&str>, now| {
            let checked = demands.check_age(made.map(at), at(now));
            checked.err().map(|reason| reason.code())
        };
        assert_eq!(code(Some("11:30:00"), "12:30:00"), None);
        assert_eq!(
            code(Some("11:30:00"), "12:30:01"),
            Some("signature-too-old")
        );
        assert_eq!(code(Some("11:29:59"), "12:00:00"), Some("rolled-back"));
        assert_eq!(code(None, "12:00:00"), Some("signature-too-old"));
        let seen = Demands {
            max_signature_age: None,
            ..demands
        };
        let unknown = seen.check_age(None, at("12:00:00")).unwrap_err();
        assert_eq!(unknown.code(), "rolled-back");
        assert!(Demands::default().check_age(None, at("12:00:00")).is_ok());
    }
}
