//! SHA-1 that finds out who has made two octet strings collide, whatever library does the rest: no other one does that.

use sha1_checked::{CollisionResult, Digest as _, Sha1};

/// A digest of SHA-1, of octets that nobody has made to collide.
pub(super) fn digest(parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mut hash = Sha1::new();
    parts.iter().for_each(|part| hash.update(part));
    match hash.try_finalize() {
        CollisionResult::Ok(digest) => Some(digest.to_vec()),
        CollisionResult::Mitigated(_) | CollisionResult::Collision(_) => None,
    }
}
