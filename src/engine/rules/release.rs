//! Where releases of GnuPG treat the same key differently.
//!
//! A key file is imported here once for each of them, by that release's rules. Something is allowed only if all of them
//! allow it, and forbidden if any of them forbids it.

use crate::openpgp::subpacket::Reader;

/// The rules in which releases differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Release {
    /// Who made a signature is taken from the fingerprint among its hashed subpackets, and only otherwise from a key ID
    /// (`parse_signature` of 2.4).
    pub(super) issuer_by_fingerprint: bool,
    /// Which critical subpackets it understands.
    pub(super) critical: Reader,
    /// Integers of ECDSA and EdDSA may begin with zeros (`sos_read` of 2.4 does not take them).
    pub(super) takes_zeros: bool,
    /// A subkey that occurs in a copy twice becomes one, where the first was (`collapse-subkeys`, from 2.4 on).
    pub(super) joins_subkeys: bool,
    /// User IDs without a good self-signature stay (`allow-non-selfsigned-uid`, on by Debian's default
    /// mode of compliance).
    pub(super) keeps_unsigned_users: bool,
    /// A subkey stays that has a good revocation and no good binding (a patch of Debian's, and GnuPG's
    /// own way before 2.1).
    pub(super) keeps_revoked_subkeys: bool,
    /// A primary key is looked for among subkeys, too: one that is there as a subkey of another key is not
    /// imported any more (`get_keyblock_byfprint_fast` before 2.4).
    pub(super) takes_subkeys_for_keys: bool,
    /// A copy without a user ID is merged into one that is there already (a patch of Debian's).
    pub(super) merges_without_user: bool,
}

/// The releases that count.
pub(super) const RELEASES: [Release; 4] = [DEBIAN_2_2, PLAIN_2_2, DEBIAN_2_4, PLAIN_2_4];

/// 2.2 as it was published.
const PLAIN_2_2: Release = Release {
    issuer_by_fingerprint: false,
    critical: Reader::Older,
    takes_zeros: true,
    joins_subkeys: false,
    keeps_unsigned_users: false,
    keeps_revoked_subkeys: false,
    takes_subkeys_for_keys: true,
    merges_without_user: false,
};

/// 2.2.40 of Debian 12.
const DEBIAN_2_2: Release = Release {
    keeps_revoked_subkeys: true,
    merges_without_user: true,
    ..PLAIN_2_2
};

/// 2.4 as it was published.
const PLAIN_2_4: Release = Release {
    issuer_by_fingerprint: true,
    critical: Reader::Newer,
    takes_zeros: false,
    joins_subkeys: true,
    takes_subkeys_for_keys: false,
    ..PLAIN_2_2
};

/// 2.4.7 of Debian 13.
const DEBIAN_2_4: Release = Release {
    keeps_unsigned_users: true,
    keeps_revoked_subkeys: true,
    merges_without_user: true,
    ..PLAIN_2_4
};
