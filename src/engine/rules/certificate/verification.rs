//! What a signature of a given type must be over, and whether a key has made it (RFC 9580, section 5.2.4). Whether that
//! means anything, and whether the key was there at the time, is decided elsewhere.

use super::keyblock::UserName;
use crate::engine::rules::Backend;
use crate::engine::rules::algorithms::can_calculate;
use crate::engine::rules::signature::Signature;
use crate::mathematics::Verdict;
use crate::openpgp::algorithm::HashAlgorithm;
use crate::openpgp::key::PublicKey;

/// Whether `key` has signed these bytes, as far as that can be calculated.
pub(crate) fn over_document(
    backend: &dyn Backend,
    signature: &Signature,
    key: &PublicKey,
    document: &[u8],
) -> Verdict {
    verdict(backend, signature, key, &[document])
}

/// Whether `key` has signed the primary key alone: a direct-key signature or a key revocation.
pub(crate) fn over_primary(
    backend: &dyn Backend,
    signature: &Signature,
    key: &PublicKey,
    primary: &PublicKey,
) -> bool {
    let Some(header) = primary.header_for(signature.version()) else {
        return false;
    };
    verify(backend, signature, key, &[&header, primary.octets()])
}

/// Whether the primary key has signed a user ID or user attribute of its own.
pub(crate) fn over_user(
    backend: &dyn Backend,
    signature: &Signature,
    primary: &PublicKey,
    name: &UserName,
) -> bool {
    let (marker, value) = match name {
        UserName::Id(id) => (0xB4, id),
        UserName::Attribute(attribute) => (0xD1, attribute),
    };
    let (Some(header), Ok(length)) = (
        primary.header_for(signature.version()),
        u32::try_from(value.len()),
    ) else {
        return false;
    };
    let before = match signature.version() {
        // Version 3 hashes no header (RFC 4880, section 5.2.4).
        ..=3 => Vec::new(),
        _ => [&[marker][..], &length.to_be_bytes()].concat(),
    };
    let signed = [&header, primary.octets(), &before, value];
    verify(backend, signature, primary, &signed)
}

/// Whether `key` has signed primary key and subkey together: a binding, from either side, or the
/// revocation of one.
pub(crate) fn over_subkey(
    backend: &dyn Backend,
    signature: &Signature,
    key: &PublicKey,
    primary: &PublicKey,
    subkey: &PublicKey,
) -> bool {
    let version = signature.version();
    let (Some(before), Some(between)) = (primary.header_for(version), subkey.header_for(version))
    else {
        return false;
    };
    let signed = [&before, primary.octets(), &between, subkey.octets()];
    verify(backend, signature, key, &signed)
}

/// Whether the signature was not made before the key that made it.
pub(crate) fn of_age(signature: &Signature, key: &PublicKey) -> bool {
    signature
        .created()
        .is_some_and(|created| created >= key.created())
}

/// Whether `key` has signed these octets, one after the other. Where the library fails at what it calculates with, nobody
/// knows: then what takes something away counts, and nothing else does.
fn verify(backend: &dyn Backend, signature: &Signature, key: &PublicKey, signed: &[&[u8]]) -> bool {
    match verdict(backend, signature, key, signed) {
        Verdict::Good => true,
        Verdict::Bad => false,
        // Test: a_revocation_over_which_the_library_fails_counts
        Verdict::NotCalculated => {
            let has_failed =
                can_calculate(backend, key) && backend.hashes(signature.hash_algorithm());
            signature.is_revocation() && has_failed
        }
    }
}

fn verdict(
    backend: &dyn Backend,
    signature: &Signature,
    key: &PublicKey,
    signed: &[&[u8]],
) -> Verdict {
    let Some(value) = signature.value_for(backend, key) else {
        return Verdict::Bad;
    };
    let algorithm = signature.hash_algorithm();
    let parts = [&[signature.salt()][..], signed, &[signature.trailer()]].concat();
    match backend.digest(algorithm, &parts) {
        Some(digest) => backend.verify(key, &value, algorithm, &digest),
        // The octets were made to collide with others.
        None if algorithm == HashAlgorithm::Sha1 => Verdict::Bad,
        None => Verdict::NotCalculated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::certificate::keyblock::What;
    use crate::engine::rules::tests::crafted::{WITH_SUBKEY, copy};
    use crate::engine::rules::tests::{BACKEND, FAILING};

    #[test]
    fn nothing_that_allows_counts_where_the_library_fails() {
        let copy = copy(WITH_SUBKEY);
        let primary = &copy.primary;
        for component in &copy.keyblock.components {
            for signature in &component.signatures {
                let is_over = |backend| match &*component.what {
                    What::User(name) => over_user(backend, signature, primary, name),
                    What::Subkey(subkey) => {
                        over_subkey(backend, signature, primary, primary, subkey)
                    }
                    What::SecretSubkey(_) | What::Skipped => false,
                };
                assert_eq!((is_over(BACKEND), is_over(FAILING)), (true, false));
            }
        }
    }
}
