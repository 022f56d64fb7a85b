//! What a signature of a given type must be over, and whether a key has made it (RFC 9580, section 5.2.4). Whether that
//! means anything, and whether the key was there at the time, is decided elsewhere.

use sequoia_openpgp as openpgp;

use openpgp::crypto::hash::{Context, Hash as _};
use openpgp::packet::key::{Key, KeyParts, KeyRole};
use openpgp::types::Timestamp;

use super::keyblock::{PrimaryKey, Subkey, UserName};
use crate::engine::sequoia::signature::Signature;

/// Whether `key` has signed these bytes.
pub(crate) fn over_document<P: KeyParts, R: KeyRole>(
    signature: &Signature,
    key: &Key<P, R>,
    document: &[u8],
) -> bool {
    verify(signature, key, |hash| {
        hash.update(document);
        Ok(())
    })
}

/// Whether `key` has signed the primary key alone: a direct-key signature or a key revocation.
pub(crate) fn over_primary<P: KeyParts, R: KeyRole>(
    signature: &Signature,
    key: &Key<P, R>,
    primary: &PrimaryKey,
) -> bool {
    verify(signature, key, |hash| primary.hash(hash))
}

/// Whether the primary key has signed a user ID or user attribute of its own.
pub(crate) fn over_user(signature: &Signature, primary: &PrimaryKey, name: &UserName) -> bool {
    let (marker, value) = match name {
        UserName::Id(id) => (0xB4, id),
        UserName::Attribute(attribute) => (0xD1, attribute),
    };
    let Ok(length) = u32::try_from(value.len()) else {
        return false;
    };
    verify(signature, primary, |hash| {
        primary.hash(hash)?;
        // Version 3 hashes no header (RFC 4880, section 5.2.4).
        if signature.version() > 3 {
            hash.update(&[marker]);
            hash.update(&length.to_be_bytes());
        }
        hash.update(value);
        Ok(())
    })
}

/// Whether `key` has signed primary key and subkey together: a binding, from either side, or the
/// revocation of one.
pub(crate) fn over_subkey<P: KeyParts, R: KeyRole>(
    signature: &Signature,
    key: &Key<P, R>,
    primary: &PrimaryKey,
    subkey: &Subkey,
) -> bool {
    verify(signature, key, |hash| {
        primary.hash(hash)?;
        subkey.hash(hash)
    })
}

/// The creation time of the key, in seconds since the epoch.
pub(crate) fn u32_time<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> u32 {
    Timestamp::try_from(key.creation_time()).map_or(u32::MAX, u32::from)
}

/// Whether the signature was not made before the key that made it.
pub(crate) fn of_age<P: KeyParts, R: KeyRole>(signature: &Signature, key: &Key<P, R>) -> bool {
    signature
        .created()
        .is_some_and(|created| created >= u32_time(key))
}

/// Whether `key` has signed what `feed` hashes.
fn verify<P: KeyParts, R: KeyRole>(
    signature: &Signature,
    key: &Key<P, R>,
    feed: impl FnOnce(&mut Context) -> openpgp::Result<()>,
) -> bool {
    let digest = || -> openpgp::Result<Vec<u8>> {
        let context = signature.hash_algorithm().context()?;
        // How a key is hashed: the same before version 6.
        let mut hash = context.for_signature(match signature.version() {
            6 => 6,
            _ => 4,
        });
        hash.update(signature.salt());
        feed(&mut hash)?;
        hash.update(signature.trailer());
        hash.into_digest()
    };
    match (signature.value_for(key), digest()) {
        (Some(value), Ok(digest)) => {
            let key = key.parts_as_public().role_as_unspecified();
            key.verify(&value, signature.hash_algorithm(), &digest)
                .is_ok()
        }
        _ => false,
    }
}
