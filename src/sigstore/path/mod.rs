//! The way from a certificate to somebody who is trusted, as Go's `crypto/x509` finds it.
//!
//! The search is bounded: strangers send the certificates that it goes through.

mod constraints;
mod host_name;
mod issuer;
mod policies;

use self::constraints::{Forbidden, MAX_COMPARISONS, Problem};
use super::certificate::{AlternativeNames, Certificate, Oid, SubjectKey};
use super::refusal::CertificateRole;
use crate::clock::Moment;

pub(crate) use self::host_name::names_host;
pub(crate) use self::issuer::Obstacle;

/// The most signatures that are looked at in one search, as in Go (`maxChainSignatureChecks`).
const MAX_CHECKS: usize = 100;

/// The purpose that a certificate needs, and the one that stands for each.
const CODE_SIGNING: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 3];
const ANY_PURPOSE: &[u8] = &[0x55, 0x1D, 37, 0];

/// Where a search looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search<'s, 'a> {
    /// Who is trusted, whether it has signed itself or not.
    pub(crate) roots: &'a [Certificate],
    /// Certificates that may be on the way: of the policy, and of the signature.
    pub(crate) intermediates: &'s [&'a Certificate],
    /// When each certificate must be valid.
    pub(crate) time: Moment,
    /// Whether the caller reads the alternative names of the leaf itself, so that it may have none that is known here.
    pub(crate) names_are_read: bool,
}

/// Certificates of which each has signed the one before, from a leaf to somebody who is trusted. Only a [`Search`] makes one,
/// and only one that a policy for signing code can rely on.
#[derive(Clone, Debug)]
pub(crate) struct ProvenPath<'a> {
    leaf: &'a Certificate,
    authority: &'a Certificate,
    first_to_end: &'a Certificate,
}

impl<'a> ProvenPath<'a> {
    /// The path with this leaf, whose certificates these are.
    fn new(leaf: &'a Certificate, authority: &'a Certificate, path: &[&'a Certificate]) -> Self {
        let ends = path.iter().copied();
        let first_to_end = ends.min_by_key(|certificate| certificate.not_after());
        Self {
            leaf,
            authority,
            first_to_end: first_to_end.unwrap_or(leaf),
        }
    }

    /// The certificate that was asked about.
    pub(crate) fn leaf(&self) -> &'a Certificate {
        self.leaf
    }

    /// The one of the roots that vouches for it; the leaf itself if that is one.
    pub(crate) fn authority(&self) -> &'a Certificate {
        self.authority
    }

    /// The certificate on it that ends first: of several, the one nearest to the leaf.
    pub(crate) fn first_to_end(&self) -> &'a Certificate {
        self.first_to_end
    }
}

/// Why there is no way. Of several reasons it is the one that stands furthest on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PathError {
    /// A critical extension that nobody here acts on.
    Unhandled {
        /// The certificate's title.
        certificate: String,
        /// The extension.
        extension: Oid,
    },
    /// A certificate that is not valid at that time.
    NotValid {
        /// The certificate's title.
        certificate: String,
        /// Which one it is.
        role: CertificateRole,
        /// From when it is.
        not_before: Moment,
        /// Until when it is.
        not_after: Moment,
    },
    /// A certificate for other purposes.
    NotForCodeSigning {
        /// The certificate's title.
        certificate: String,
        /// Its purposes.
        purposes: Vec<Oid>,
    },
    /// A name that an authority forbids.
    NameForbidden {
        /// The certificate's title whose name it is.
        certificate: String,
        /// The name.
        name: String,
        /// The authority's title.
        authority: String,
        /// Why.
        detail: String,
    },
    /// No candidate has signed a certificate.
    NoIssuer {
        /// The certificate's title.
        certificate: String,
        /// The name of the issuer that it states.
        issuer: String,
        /// Those of that name, and why each is not the issuer.
        candidates: Vec<(String, Obstacle)>,
    },
    /// A certificate on the way must not stand there.
    Misplaced {
        /// The certificate's title.
        certificate: String,
        /// Why.
        detail: &'static str,
    },
    /// The bound of a search.
    TooManyChecks {
        /// The title of the certificate whose issuer was looked for.
        certificate: String,
    },
}

/// How far something on the way came: first by the kind of the check, then by the number of certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// Nobody has signed it.
    Issuer,
    /// Somebody has who must not stand there.
    Place,
    /// The way is whole.
    Whole,
}

impl<'a> Search<'_, 'a> {
    /// Looks for a way from this certificate. It has one if and only if
    ///
    /// - it is one of the roots, octet for octet; or
    /// - there are certificates of which each may sign certificates and has signed the one before
    ///   ([`issuer`]), the last is a root, all others are intermediates of version 3, no two have the same subject, key and
    ///   names, and none has more authorities below it than it allows;
    ///
    /// and, of all certificates on the way, roots included,
    ///
    /// - each is valid at [`time`](Self::time), and has no critical extension that nobody here acts on;
    /// - each is for signing code, for any purpose, or for all because it does not say;
    /// - authorities allow the names of all below them and their own ([`constraints`]);
    /// - there is a valid policy where one is demanded ([`policies`]).
    ///
    /// All ways that are found with [`MAX_CHECKS`] signatures are tried.
    ///
    /// # Errors
    ///
    /// [`PathError`] if there is none.
    pub(crate) fn prove(self, leaf: &'a Certificate) -> Result<ProvenPath<'a>, PathError> {
        self.check_each(leaf, CertificateRole::Signer, self.names_are_read)?;
        if let Some(root) = self.roots.iter().find(|root| *root == leaf) {
            let mut comparisons = MAX_COMPARISONS;
            self.check_whole(&[leaf], &mut comparisons)?;
            return Ok(ProvenPath::new(leaf, root, &[leaf]));
        }
        let mut walk = Walk {
            search: self,
            checks: MAX_CHECKS,
            comparisons: MAX_COMPARISONS,
            furthest: None,
        };
        let mut path = vec![leaf];
        match walk.find(&mut path) {
            Some(authority) => Ok(ProvenPath::new(leaf, authority, &path)),
            None => Err(walk
                .furthest
                .map_or_else(|| too_many_checks(leaf), |(_, _, error)| error)),
        }
    }

    /// What every certificate on the way has to be.
    fn check_each(
        &self,
        certificate: &Certificate,
        role: CertificateRole,
        names_are_read: bool,
    ) -> Result<(), PathError> {
        if let Some(extension) = certificate.extensions().unhandled(names_are_read) {
            return Err(PathError::Unhandled {
                certificate: certificate.title(),
                extension: extension.clone(),
            });
        }
        let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
        if (not_before..=not_after).contains(&self.time) {
            Ok(())
        } else {
            Err(PathError::NotValid {
                certificate: certificate.title(),
                role,
                not_before,
                not_after,
            })
        }
    }

    /// What a candidate has to be that has signed the last of `below`.
    fn check_place(
        &self,
        candidate: &Certificate,
        is_root: bool,
        below: &[&Certificate],
    ) -> Result<(), PathError> {
        let role = match is_root {
            true => CertificateRole::Authority,
            false => CertificateRole::Intermediate,
        };
        self.check_each(candidate, role, false)?;
        let misplaced = |detail| {
            Err(PathError::Misplaced {
                certificate: candidate.title(),
                detail,
            })
        };
        let constraints = candidate.extensions().basic_constraints;
        if !is_root && !constraints.is_some_and(|constraints| constraints.is_authority) {
            return misplaced("it is of an old version, which only a root may be");
        }
        let length = constraints.and_then(|constraints| constraints.path_length);
        let authorities = u64::try_from(below.len().saturating_sub(1)).unwrap_or(u64::MAX);
        if length.is_some_and(|length| authorities > length) {
            return misplaced("it allows fewer authorities below it than there are");
        }
        Ok(())
    }

    /// What a way has to be as a whole, from a leaf to a root.
    fn check_whole(&self, path: &[&Certificate], comparisons: &mut usize) -> Result<(), PathError> {
        for certificate in path {
            let purposes = &certificate.extensions().purposes;
            let is_one = |purpose: &Oid| purpose.is(CODE_SIGNING) || purpose.is(ANY_PURPOSE);
            if !purposes.is_empty() && !purposes.iter().any(is_one) {
                return Err(PathError::NotForCodeSigning {
                    certificate: certificate.title(),
                    purposes: purposes.clone(),
                });
            }
        }
        constraints::check(path, comparisons)?;
        if policies::are_valid(path) {
            Ok(())
        } else {
            Err(PathError::Misplaced {
                certificate: path.first().map(|leaf| leaf.title()).unwrap_or_default(),
                detail: "an authority demands a certificate policy that is valid on the whole way, and there is none",
            })
        }
    }

    /// The certificates that may have issued this one, by its issuer's name, and whether each is a root. The likeliest by the
    /// identifiers of keys come first, which matters where there are more than can be tried.
    fn candidates(&self, certificate: &Certificate) -> Vec<(&'a Certificate, bool)> {
        let is_issuer = |candidate: &&Certificate| candidate.subject() == certificate.issuer();
        let rank = |candidate: &&Certificate| {
            let wanted = &certificate.extensions().authority_key_id;
            let found = &candidate.extensions().subject_key_id;
            match (wanted == found, wanted.is_empty() || found.is_empty()) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => 2,
            }
        };
        let mut roots: Vec<&Certificate> = self.roots.iter().filter(is_issuer).collect();
        let intermediates = self.intermediates.iter().copied();
        let mut intermediates: Vec<&Certificate> = intermediates.filter(is_issuer).collect();
        roots.sort_by_key(rank);
        intermediates.sort_by_key(rank);
        let roots = roots.into_iter().map(|root| (root, true));
        roots
            .chain(intermediates.into_iter().map(|other| (other, false)))
            .collect()
    }
}

/// A search under way.
struct Walk<'s, 'a> {
    search: Search<'s, 'a>,
    /// How many signatures may still be looked at.
    checks: usize,
    /// How many comparisons of names may still be made.
    comparisons: usize,
    /// What stood furthest on the way.
    furthest: Option<(Stage, usize, PathError)>,
}

impl<'a> Walk<'_, 'a> {
    /// The root of the first way that begins with this path and is good, depth first; the path is then that way. It goes no
    /// deeper than there are checks.
    fn find(&mut self, path: &mut Vec<&'a Certificate>) -> Option<&'a Certificate> {
        let last = path.last().copied()?;
        let mut obstacles = Vec::new();
        for (candidate, is_root) in self.search.candidates(last) {
            if path.iter().any(|other| is_same(candidate, other)) {
                continue;
            }
            // There is nothing to look at.
            if let SubjectKey::Unknown(_) = candidate.key() {
                obstacles.push((candidate.title(), Obstacle::UnknownKey));
                continue;
            }
            self.checks = match self.checks.checked_sub(1) {
                Some(checks) => checks,
                None => {
                    self.note(Stage::Issuer, path.len(), too_many_checks(last));
                    return None;
                }
            };
            if let Err(obstacle) = issuer::check(candidate, last) {
                obstacles.push((candidate.title(), obstacle));
                continue;
            }
            if let Err(error) = self.search.check_place(candidate, is_root, path) {
                self.note(Stage::Place, path.len(), error);
                continue;
            }
            path.push(candidate);
            let found = if is_root {
                self.check_whole(path).then_some(candidate)
            } else {
                self.find(path)
            };
            if found.is_some() {
                return found;
            }
            path.pop();
        }
        let error = PathError::NoIssuer {
            certificate: last.title(),
            issuer: last.issuer().to_string(),
            candidates: obstacles,
        };
        self.note(Stage::Issuer, path.len(), error);
        None
    }

    fn check_whole(&mut self, path: &[&'a Certificate]) -> bool {
        let checked = self.search.check_whole(path, &mut self.comparisons);
        if let Err(error) = checked {
            self.note(Stage::Whole, path.len(), error);
            return false;
        }
        true
    }

    /// Keeps what stands furthest; of several, the first.
    fn note(&mut self, stage: Stage, length: usize, error: PathError) {
        let is_further =
            |(before, far, _): &(Stage, usize, PathError)| (stage, length) > (*before, *far);
        if self.furthest.as_ref().is_none_or(is_further) {
            self.furthest = Some((stage, length, error));
        }
    }
}

fn too_many_checks(certificate: &Certificate) -> PathError {
    PathError::TooManyChecks {
        certificate: certificate.title(),
    }
}

/// Whether two certificates are of the same subject with the same key and names, so that a way through both goes in a circle.
fn is_same(one: &Certificate, other: &Certificate) -> bool {
    one.subject() == other.subject()
        && key_info(one) == key_info(other)
        && names_value(one) == names_value(other)
}

/// The alternative names as they are written, if there are some.
fn names_value(certificate: &Certificate) -> Option<&[u8]> {
    let names = certificate.extensions().names.as_ref();
    names.map(AlternativeNames::value)
}

/// The key, in the same octets if it is the same.
fn key_info(certificate: &Certificate) -> &[u8] {
    match certificate.key() {
        SubjectKey::Known(key) => key.spki_der(),
        SubjectKey::Unknown(spki) => spki,
    }
}

impl From<Forbidden> for PathError {
    fn from(forbidden: Forbidden) -> Self {
        Self::NameForbidden {
            certificate: forbidden.certificate,
            name: forbidden.name,
            authority: forbidden.authority,
            detail: match forbidden.problem {
                Problem::Excluded(constraint) => format!("it excludes {constraint:?}"),
                Problem::NotPermitted => "it permits others only".to_owned(),
                Problem::Unreadable => {
                    "it has constraints, and this cannot be held against any".to_owned()
                }
                Problem::TooMany => format!(
                    "with its constraints, there would be more than {MAX_COMPARISONS} comparisons"
                ),
            },
        }
    }
}

#[cfg(test)]
mod tests;
