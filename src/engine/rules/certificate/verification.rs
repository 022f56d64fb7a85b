//! What a signature of a given type must be over, and whether a key has made it (RFC 9580, section 5.2.4). Whether that
//! means anything, and whether the key was there at the time, is decided elsewhere.

use super::keyblock::UserName;
use crate::engine::rules::Backend;
use crate::engine::rules::signature::Signature;
use crate::mathematics::Verdict;
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

/// Whether `key` has signed these octets, one after the other, and that could be calculated.
fn verify(backend: &dyn Backend, signature: &Signature, key: &PublicKey, signed: &[&[u8]]) -> bool {
    verdict(backend, signature, key, signed) == Verdict::Good
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
        None => Verdict::Bad,
    }
}
