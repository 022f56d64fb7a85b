//! What each of a certificate's own signatures is over, wherever it stands, and which parts of the
//! certificate that leaves, by the rules of GnuPG's import.

use sequoia_openpgp as openpgp;

use openpgp::types::HashAlgorithm;

use super::algorithms::{can_calculate, hash_long_enough, unsupported_algorithm, unsupported_hash};
use super::certificates::{Certificate, PrimaryKey, Subkey, User, UserName};
use super::signature::{Signature, kind};
use super::verification::{over_primary, over_subkey, over_user};

/// The good self-signatures of a certificate, each with what it is over.
///
/// A signature belongs to what it verifies over, wherever it stands: GnuPG repairs the order on
/// import (`repair-keys`), so a revocation under the wrong subkey counts.
pub(super) struct Placed<'a> {
    /// Those over the primary key alone.
    pub(super) direct: Vec<&'a Signature>,
    /// For each user ID in the certificate's order, those over it.
    pub(super) users: Vec<Vec<&'a Signature>>,
    /// For each subkey in the certificate's order, those over it.
    pub(super) subkeys: Vec<Vec<&'a Signature>>,
    /// How often a place may still be tried out for a signature.
    attempts: usize,
}

/// How often places are tried out for signatures that stand in a wrong one, for one certificate:
/// with more of them than this, a small file could take minutes.
const MAX_ATTEMPTS: usize = 2_048;

impl<'a> Placed<'a> {
    /// Verifies the signatures of a certificate, each where it stands and else where it may belong.
    pub(super) fn sort(certificate: &'a Certificate) -> Self {
        let primary = &certificate.primary;
        let mut placed = Self {
            direct: Vec::new(),
            users: vec![Vec::new(); certificate.users.len()],
            subkeys: vec![Vec::new(); certificate.subkeys.len()],
            attempts: MAX_ATTEMPTS,
        };
        let mut strays = Vec::new();
        for signature in &certificate.direct {
            if good_direct(signature, primary) {
                placed.direct.push(signature);
            } else {
                strays.push(signature);
            }
        }
        for (user, signatures) in certificate.users.iter().zip(&mut placed.users) {
            for signature in &user.signatures {
                if good_over_user(signature, primary, &user.name) {
                    signatures.push(signature);
                } else {
                    strays.push(signature);
                }
            }
        }
        for (subkey, signatures) in certificate.subkeys.iter().zip(&mut placed.subkeys) {
            for signature in &subkey.signatures {
                if good_over_subkey(signature, primary, &subkey.key) {
                    signatures.push(signature);
                } else {
                    strays.push(signature);
                }
            }
        }
        for signature in strays.into_iter().chain(&certificate.loose) {
            if placed.attempts == 0 {
                break;
            }
            placed.find_place(signature, certificate);
        }
        placed
    }

    /// Whether too many of them stand in a wrong place to look for the right one.
    pub(super) fn too_disordered(&self) -> bool {
        self.attempts == 0
    }

    /// Puts a signature directly behind what it verifies over, as GnuPG does; so of several that are
    /// equally new, the one that was there counts.
    fn find_place(&mut self, signature: &'a Signature, certificate: &Certificate) {
        let primary = &certificate.primary;
        let attempts = &mut self.attempts;
        let mut try_out = |verifies: bool| {
            *attempts = attempts.saturating_sub(1);
            verifies
        };
        if signature.kind() == kind::DIRECT_KEY {
            if try_out(good_direct(signature, primary)) {
                self.direct.insert(0, signature);
            }
        } else if signature.is_certification() {
            for (user, signatures) in certificate.users.iter().zip(&mut self.users) {
                if try_out(good_over_user(signature, primary, &user.name)) {
                    signatures.insert(0, signature);
                    break;
                }
            }
        } else {
            for (subkey, signatures) in certificate.subkeys.iter().zip(&mut self.subkeys) {
                if try_out(good_over_subkey(signature, primary, &subkey.key)) {
                    signatures.insert(0, signature);
                    break;
                }
            }
        }
    }

    /// Whether a user ID that stands behind so many subkeys counts: no bound subkey is before it.
    pub(super) fn counts(&self, user: &User) -> bool {
        !self
            .subkeys
            .iter()
            .take(user.behind)
            .any(|signatures| is_bound(signatures))
    }
}

fn is_bound(signatures: &[&Signature]) -> bool {
    signatures
        .iter()
        .any(|signature| signature.kind() == kind::SUBKEY_BINDING)
}

/// Drops the user IDs and subkeys that no signature makes valid, as GnuPG does on import. Their
/// signatures stay, for where they belong.
///
/// Returns whether what is left is a key that GnuPG imports when it does not have it yet: a user ID
/// must be signed by the key. The user IDs of a version 6 key need not be.
pub(super) fn clean(certificate: &mut Certificate) -> bool {
    if certificate.primary.version() != 4 {
        return true;
    }
    let placed = Placed::sort(certificate);
    if placed.too_disordered() {
        // Nothing is known of it, and whatever it is merged with will be as disordered.
        return true;
    }
    let users: Vec<bool> = placed
        .users
        .iter()
        .map(|signatures| !signatures.is_empty())
        .collect();
    let subkeys: Vec<bool> = placed
        .subkeys
        .iter()
        .map(|signatures| is_bound(signatures))
        .collect();
    for user in &mut certificate.users {
        user.behind = subkeys
            .iter()
            .take(user.behind)
            .filter(|bound| **bound)
            .count();
    }
    let mut loose = Vec::new();
    certificate.users = keep(std::mem::take(&mut certificate.users), &users, |user| {
        loose.extend(user.signatures);
    });
    certificate.subkeys = keep(
        std::mem::take(&mut certificate.subkeys),
        &subkeys,
        |subkey| {
            loose.extend(subkey.signatures);
        },
    );
    certificate.loose.append(&mut loose);
    for subkey in &mut certificate.subkeys {
        keep_newest_binding(&mut subkey.signatures);
    }
    !certificate.users.is_empty()
}

/// Of the bindings in one copy, GnuPG keeps the newest, unless that must not be exported.
fn keep_newest_binding(signatures: &mut Vec<Signature>) {
    let newest = signatures
        .iter()
        .filter(|signature| signature.kind() == kind::SUBKEY_BINDING)
        .max_by_key(|signature| signature.created())
        .filter(|signature| signature.exportable())
        .cloned();
    signatures.retain(|signature| {
        signature.kind() != kind::SUBKEY_BINDING || Some(signature) == newest.as_ref()
    });
}

/// The elements to keep; the others go elsewhere.
fn keep<T>(elements: Vec<T>, wanted: &[bool], mut other: impl FnMut(T)) -> Vec<T> {
    let mut kept = Vec::with_capacity(elements.len());
    for (element, wanted) in elements.into_iter().zip(wanted) {
        if *wanted {
            kept.push(element);
        } else {
            other(element);
        }
    }
    kept
}

/// Whether there is a certification by the key itself before its first user ID which fits none of
/// them. GnuPG gives such a copy up.
pub(super) fn certifies_nobody(certificate: &Certificate) -> bool {
    let primary = &certificate.primary;
    let mut attempts = MAX_ATTEMPTS;
    let mut fits = |signature: &Signature| {
        certificate.users.iter().any(|user| {
            attempts = attempts.saturating_sub(1);
            attempts > 0 && good_over_user(signature, primary, &user.name)
        })
    };
    // Where nothing can be calculated, nothing is known.
    primary.version() == 4
        && can_calculate(primary)
        && certificate
            .direct
            .iter()
            .any(|signature| signature.is_certification() && !fits(signature))
}

/// Whether the signature is of a form by which the primary key can vouch for something.
fn may_count(signature: &Signature, primary: &PrimaryKey) -> bool {
    signature.issuer_key_id() == Some(primary.keyid())
        && good_form(signature)
        && unsupported_algorithm(signature.form()).is_none()
        && hash_long_enough(primary, signature.hash_algorithm())
}

fn good_direct(signature: &Signature, primary: &PrimaryKey) -> bool {
    signature.kind() == kind::DIRECT_KEY
        && may_count(signature, primary)
        && over_primary(signature, primary, primary)
}

/// Whether the primary key has certified the user ID, or revoked the certification.
fn good_over_user(signature: &Signature, primary: &PrimaryKey, name: &UserName) -> bool {
    signature.is_certification()
        && may_count(signature, primary)
        && over_user(signature, primary, name)
}

/// For a revocation, it is enough that the key made it: neither the issuer that it names nor
/// subpackets that nobody understands can make it void.
fn good_over_subkey(signature: &Signature, primary: &PrimaryKey, subkey: &Subkey) -> bool {
    let may_count = match signature.kind() {
        kind::SUBKEY_BINDING => may_count(signature, primary),
        kind::SUBKEY_REVOCATION => !uses_md5(signature),
        _ => false,
    };
    may_count && over_subkey(signature, primary, primary, subkey)
}

/// Whether the signature is of a form that every GnuPG reads, and lets count.
pub(super) fn good_form(signature: &Signature) -> bool {
    !uses_md5(signature)
        && unsupported_hash(signature.form()).is_none()
        && signature.understood()
        && signature.ambiguity().is_none()
}

/// Whether the signature is over an MD5 hash, which never counts.
pub(super) fn uses_md5(signature: &Signature) -> bool {
    signature.hash_algorithm() == HashAlgorithm::MD5
}
