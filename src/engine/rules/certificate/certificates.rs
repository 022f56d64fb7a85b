//! The certificates of all key files: what they contain of each key, imported copy by copy as each release of GnuPG
//! imports it.

use std::collections::{HashMap, HashSet};

use super::judge::{Revocation, View};
use super::keep::{Copy, Kept, NotTaken};
use super::keyblock::{Keyblock, Node, Spot, UserName, What};
use super::keygrip;
use super::merge::merge;
use super::place::place;
use super::read::{Contents, KeyRevocation, MAX_PARTS, ReadCopy, TOO_MANY_PARTS, Unusable};
use super::verification::{of_age, over_subkey};
use super::{Certificate, KnownSubkey};
use crate::engine::rules::Backend;
use crate::engine::rules::algorithms::can_calculate;
use crate::engine::rules::release::{RELEASES, Release};
use crate::engine::rules::signature::Signature;
use crate::openpgp::handle::KeyFingerprint;
use crate::openpgp::key::PublicKey;
use crate::openpgp::signature::kind;

/// How often revocations of subkeys are tried out that are in a copy without their subkey.
const MAX_ATTEMPTS: usize = 2_048;

/// Why nothing of a certificate counts whose signatures cannot be put in order.
const TOO_DISORDERED: &str = "too many of its signatures are in the wrong place";

/// How many parts are merged for one certificate, over all copies and releases: some hundred copies of the largest, and
/// any number of usual ones. GnuPG merges as many, and takes as long.
const MAX_MERGED: usize = 4 * 1024 * 1024;

/// Everything in the key files.
#[derive(Debug)]
pub(crate) struct Certificates {
    backend: &'static dyn Backend,
    /// The certificates, in the order of their first appearance.
    all: Vec<Growing>,
    /// The index of each certificate in `all`.
    places: HashMap<KeyFingerprint, usize>,
    /// The subkeys of all of them that a release has in its key ring which
    /// [takes them for keys](Release::takes_subkeys_for_keys).
    subkeys: HashSet<KeyFingerprint>,
    /// Every signature that claims to revoke a primary key.
    key_revocations: Vec<KeyRevocation>,
    /// Whether there was a secret key.
    has_secret: bool,
}

/// A certificate, while its copies are read.
#[derive(Debug)]
struct Growing {
    backend: &'static dyn Backend,
    certificate: Certificate,
    /// The index of each subkey in the certificate.
    places: HashMap<KeyFingerprint, usize>,
    /// What each release keeps of it.
    rings: Vec<Ring>,
    /// The revocations of subkeys that are over none of the subkeys in their copy.
    loose: Vec<Signature>,
    /// How many parts copies were merged with.
    merged: usize,
}

/// A certificate in the key ring of a release.
#[derive(Clone, Debug)]
struct Ring {
    owner: Owner,
    keyblock: Option<Keyblock<Node>>,
}

/// A gpg that has a key ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Owner {
    release: Release,
    kept: Kept,
    /// Whether an agent runs. Secret keys are for it, and where there is none, gpg reads a file no further than its
    /// first secret key.
    has_agent: bool,
}

/// Why a copy of a certificate is not used.
#[derive(Clone, Copy, Debug)]
enum NotAdded {
    /// A release drops it because of a certification that matches no user ID.
    CertifiesNobody,
    /// A release cannot write it into its key ring, or does not find it there, and stops reading the file.
    EndsFile,
}

impl NotAdded {
    fn detail(self) -> &'static str {
        match self {
            Self::CertifiesNobody => "one of its self-certifications matches none of its user IDs",
            Self::EndsFile => {
                "gpg stops reading the file at it: it is a secret key that is not imported, or has a subkey on a curve that gpg cannot write"
            }
        }
    }
}

impl Certificates {
    pub(crate) fn new(backend: &'static dyn Backend) -> Self {
        Self {
            backend,
            all: Vec::new(),
            places: HashMap::new(),
            subkeys: HashSet::new(),
            key_revocations: Vec::new(),
            has_secret: false,
        }
    }

    /// Adds the contents of a key file, and returns what was skipped.
    pub(crate) fn add(&mut self, contents: Contents) -> Vec<Unusable> {
        // Cases: copies-secret-key-before-copy-that-forbids-for-older, copies-secret-key-allowed-for-older-before-good-copy
        if !self.has_secret && contents.copies.iter().any(|copy| copy.is_secret) {
            self.has_secret = true;
            self.all.iter_mut().for_each(Growing::add_agents);
        }
        let mut unusable = contents.unusable;
        self.key_revocations.extend(contents.key_revocations);
        let mut ended = Vec::new();
        for copy in contents.copies {
            let fingerprint = copy.primary.fingerprint();
            let place = *self.places.entry(fingerprint).or_insert_with(|| {
                let mut growing =
                    Growing::new(self.backend, copy.origin.clone(), copy.primary.clone());
                if self.has_secret {
                    growing.add_agents();
                }
                self.all.push(growing);
                self.all.len().saturating_sub(1)
            });
            let Some(certificate) = self.all.get_mut(place) else {
                break;
            };
            let Err(not_added) = certificate.add(copy, &mut self.subkeys, &mut ended) else {
                continue;
            };
            unusable.push(Unusable {
                key: Some(fingerprint.to_hex()),
                detail: not_added.detail().to_owned(),
            });
        }
        unusable
    }

    /// The certificates in the order of their first appearance, and the revocations of primary keys.
    pub(crate) fn finish(self) -> (Vec<Certificate>, Vec<KeyRevocation>) {
        let all = self.all.into_iter().map(Growing::finish);
        (all.collect(), self.key_revocations)
    }
}

impl Growing {
    fn new(backend: &'static dyn Backend, origin: String, primary: PublicKey) -> Self {
        let rings = RELEASES.map(|release| Ring {
            owner: Owner {
                release,
                kept: Kept::Last,
                has_agent: false,
            },
            keyblock: None,
        });
        Self {
            backend,
            certificate: Certificate::new(origin, primary),
            places: HashMap::new(),
            rings: rings.to_vec(),
            loose: Vec::new(),
            merged: 0,
        }
    }

    /// Tells what a gpg makes of it that has an agent from what one makes of it that has none, from now on.
    fn add_agents(&mut self) {
        self.add_twins(|owner| Owner {
            has_agent: true,
            ..owner
        });
    }

    /// Adds another key ring for each one, with the same in it.
    fn add_twins(&mut self, twin: impl Fn(Owner) -> Owner) {
        let twins: Vec<Ring> = self
            .rings
            .iter()
            .map(|ring| Ring {
                owner: twin(ring.owner),
                keyblock: ring.keyblock.clone(),
            })
            .collect();
        self.rings.extend(twins);
    }

    /// Adds a copy; `subkeys`: those already there, in releases that take them for keys. `ended`: the key rings for
    /// which reading the file has stopped.
    ///
    /// # Errors
    ///
    /// Why the copy is not used.
    fn add(
        &mut self,
        copy: ReadCopy,
        subkeys: &mut HashSet<KeyFingerprint>,
        ended: &mut Vec<Owner>,
    ) -> Result<(), NotAdded> {
        self.note(&copy.keyblock);
        self.certificate.has_secret |= copy.has_secret;
        // Case: key-structure-key-packet-leading-zero-subkey
        for fingerprint in &copy.rewritten {
            let place = self.places.get(fingerprint);
            if let Some(subkey) = place.and_then(|place| self.certificate.subkeys.get_mut(*place)) {
                subkey.rewritten = true;
            }
        }
        // Case: damaged-packets-cut-in-expiry
        if let Some(detail) = copy.spoilt {
            self.spoil(detail);
        }
        if !can_calculate(self.backend, &self.certificate.primary)
            || self.certificate.spoilt.is_some()
        {
            return Ok(());
        }
        let Ok(keyblock) = place(self.backend, &self.certificate.primary, copy.keyblock) else {
            self.spoil(TOO_DISORDERED);
            return Ok(());
        };
        self.note_subkey_revocations(&keyblock);
        let copy = Copy {
            is_secret: copy.is_secret,
            keyblock: &keyblock,
            foreign: &copy.foreign,
        };
        self.import(copy, subkeys, ended)
    }

    /// Imports a copy into the key ring of each release.
    fn import(
        &mut self,
        copy: Copy<'_>,
        subkeys: &mut HashSet<KeyFingerprint>,
        ended: &mut Vec<Owner>,
    ) -> Result<(), NotAdded> {
        // Cases: copies-double-self-signature-local-first, copies-double-direct-expires-key-local
        let mut rings = self.rings.iter();
        if copy.has_doubles() && !rings.any(|ring| ring.owner.kept == Kept::First) {
            self.add_twins(|owner| Owner {
                kept: Kept::First,
                ..owner
            });
        }
        let primary = &self.certificate.primary;
        let is_subkey = subkeys.contains(&primary.fingerprint());
        let rings = self.rings.iter();
        let kept: Vec<_> = rings
            .map(|ring| {
                let owner = ring.owner;
                let Owner { release, kept, .. } = owner;
                // Case: copies-secret-key-without-user-id-before-other
                if ended.contains(&owner) {
                    return Err(NotTaken::AfterEnd);
                }
                // With a secret key without a user ID, gpg does not even begin.
                // Case: copies-secret-key-bare-before
                if copy.is_secret && !copy.keyblock.has_user() {
                    return Err(NotTaken::NoUser);
                }
                let is_there = ring.keyblock.is_some();
                let new = copy.import(primary, release, kept).and_then(|new| {
                    let is_new = (new.has_user() || primary.version() == 6)
                        // Case: copies-primary-as-subkey-before
                        && !(is_subkey && release.takes_subkeys_for_keys);
                    let is_taken = is_there || is_new;
                    is_taken.then_some(new).ok_or(NotTaken::NoUser)
                });
                let cannot_write = new
                    .iter()
                    .flat_map(Keyblock::subkeys)
                    // Case: damaged-packets-curve-unknown-ecdsa-itself
                    .any(|subkey| !keygrip::exists(subkey));
                // For a secret key, gpg looks up what it has just imported. Whether it reads on where that is not there
                // depends on why, and on the release: what follows allows nothing, and forbids.
                // Case: copies-secret-key-of-nobody-before-copy-that-forbids-in-first-file
                let cannot_find = !owner.has_agent && copy.is_secret && new.is_err() && !is_there;
                if cannot_write || cannot_find {
                    ended.push(owner);
                    return Err(NotTaken::EndsFile);
                }
                // Case: copies-secret-key-before-other
                if copy.is_secret && !owner.has_agent {
                    ended.push(owner);
                }
                new
            })
            .collect();
        for (ring, new) in self.rings.iter_mut().zip(&kept) {
            let Ok(new) = new else {
                continue;
            };
            if ring.owner.release.takes_subkeys_for_keys {
                subkeys.extend(new.subkeys().map(PublicKey::fingerprint));
            }
            match &mut ring.keyblock {
                Some(known) => {
                    self.merged = self.merged.saturating_add(known.size());
                    merge(known, new, ring.owner.release);
                }
                None => ring.keyblock = Some(new.clone()),
            }
        }
        let sizes = self.rings.iter().filter_map(|ring| ring.keyblock.as_ref());
        // Test: a_key_with_more_parts_than_the_bound_is_not_used_and_one_below_is
        if sizes.map(Keyblock::size).max() > Some(MAX_PARTS) {
            self.spoil(TOO_MANY_PARTS);
        } else if self.merged > MAX_MERGED {
            // Test: copies_cost_their_own_signatures_and_are_merged_up_to_the_bound
            self.spoil("it occurs too many times");
        }
        for (not_taken, not_added) in [
            (NotTaken::EndsFile, NotAdded::EndsFile),
            (NotTaken::CertifiesNobody, NotAdded::CertifiesNobody),
        ] {
            if kept
                .iter()
                .any(|new| new.as_ref().err() == Some(&not_taken))
            {
                return Err(not_added);
            }
        }
        Ok(())
    }

    /// Makes nothing of it count any more, whatever other copies there are: this one may contain what forbids.
    fn spoil(&mut self, detail: &'static str) {
        self.rings.clear();
        self.loose.clear();
        self.certificate.spoilt.get_or_insert(detail);
    }

    /// Notes what there is, whether it counts or not.
    fn note(&mut self, keyblock: &Keyblock<Signature>) {
        let backend = self.backend;
        let primary = self.certificate.primary.clone();
        for signature in &keyblock.head {
            self.certificate.skipped.note(backend, signature, &primary);
        }
        for component in &keyblock.components {
            let skipped = match &*component.what {
                What::User(UserName::Id(id)) => {
                    self.certificate.user_id.get_or_insert_with(|| id.clone());
                    &mut self.certificate.skipped
                }
                What::User(UserName::Attribute(_)) | What::SecretSubkey(_) | What::Skipped => {
                    &mut self.certificate.skipped
                }
                What::Subkey(key) => match self.place_of(key) {
                    Some(place) => &mut place.skipped,
                    None => continue,
                },
            };
            for signature in &component.signatures {
                skipped.note(backend, signature, &primary);
            }
        }
    }

    /// The subkey among those that are known, new or not.
    fn place_of(&mut self, key: &PublicKey) -> Option<&mut KnownSubkey> {
        let next = self.certificate.subkeys.len();
        let place = *self.places.entry(key.fingerprint()).or_insert(next);
        if place == next {
            self.certificate.subkeys.push(KnownSubkey::new(key.clone()));
        }
        self.certificate.subkeys.get_mut(place)
    }

    /// A revocation counts by its signature and not by its place, and for every release.
    fn note_subkey_revocations(&mut self, keyblock: &Keyblock<Node>) {
        let components = keyblock.components.iter();
        let following = components.flat_map(|component| &component.signatures);
        for node in keyblock.head.iter().chain(following) {
            let signature = node.signature();
            if signature.kind() != kind::SUBKEY_REVOCATION
                || signature.uses_md5()
                // Case: copies-moved-subkey-revocation
                || !of_age(signature, &self.certificate.primary)
            {
                continue;
            }
            let over = match node.placed.fits {
                Some(Spot::Component(index)) => keyblock.components.get(index),
                Some(Spot::Primary) | None => None,
            };
            match over.map(|component| &*component.what) {
                // Case: copies-copies-new-then-revoked
                Some(What::Subkey(key)) => {
                    let revocation = Revocation::of(signature);
                    if let Some(known) = self.place_of(key) {
                        known.revocation.get_or_insert(revocation);
                    }
                }
                _ => self.loose.push(signature.clone()),
            }
        }
    }

    /// Tries the revocations that are not with their subkey.
    fn apply_loose_revocations(&mut self) {
        let mut attempts = MAX_ATTEMPTS;
        for signature in std::mem::take(&mut self.loose) {
            for subkey in &mut self.certificate.subkeys {
                // Test: revocations_without_their_subkey_are_tried_so_often_only
                let Some(left) = attempts.checked_sub(1) else {
                    self.spoil(TOO_DISORDERED);
                    return;
                };
                attempts = left;
                if over_subkey(
                    self.backend,
                    &signature,
                    &self.certificate.primary,
                    &self.certificate.primary,
                    &subkey.key,
                ) {
                    subkey.revocation.get_or_insert(Revocation::of(&signature));
                    break;
                }
            }
        }
    }

    /// The certificate with what each release takes from it.
    fn finish(mut self) -> Certificate {
        // Case: revocations-subkey-in-copy-without-subkey
        self.apply_loose_revocations();
        for ring in &self.rings {
            match &ring.keyblock {
                Some(keyblock) => {
                    let index_of =
                        |subkey: &PublicKey| self.places.get(&subkey.fingerprint()).copied();
                    let primary = &self.certificate.primary;
                    let view = View::of(
                        self.backend,
                        keyblock,
                        primary,
                        index_of,
                        ring.owner.release,
                    );
                    if !self.certificate.views.contains(&view) {
                        self.certificate.views.push(view);
                    }
                }
                // Case: keys-self-signature-missing
                None => self.certificate.absent = true,
            }
        }
        self.certificate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::tests::BACKEND;
    use crate::engine::rules::tests::crafted::{WITH_SUBKEY, contents, signature};

    #[test]
    fn revocations_without_their_subkey_are_tried_so_often_only() {
        let forged = signature(kind::SUBKEY_REVOCATION, &[&[2, 0x70, 0, 0, 0]], &[], 0x81);
        let spoilt = |more: usize| {
            let mut certificates = Certificates::new(BACKEND);
            for count in [MAX_ATTEMPTS, more] {
                let mut contents = contents(WITH_SUBKEY);
                contents.copies[0].keyblock.head = vec![forged.clone(); count];
                certificates.add(contents);
            }
            certificates.finish().0[0].spoilt
        };
        assert_eq!(spoilt(0), None);
        assert_eq!(spoilt(1), Some(TOO_DISORDERED));
    }
}
