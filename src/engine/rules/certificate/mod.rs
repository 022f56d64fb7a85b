//! A certificate as all key files together have it, with what each release of GnuPG takes from it.
//!
//! GnuPG's import has five stages, and each is a file here:
//!
//! 1. [`read`]: a key file becomes copies of certificates ([`readable`] and [`key_packet`] say what GnuPG can read).
//! 2. [`place`]: every signature of a copy is tried out where it is, and else where it may belong.
//! 3. [`keep`]: for each [release](super::release), what is not signed or must not be imported is dropped.
//! 4. [`merge`]: what is left of a copy goes into what the release already has of the certificate.
//! 5. [`judge`]: what the release takes from its own signatures: flags, expiry, bindings.
//!
//! [`certificates`] leads a copy through stages 2 to 4, for all releases; [`revocations`] and [`keygrip`] count for
//! all of them. What [`Certificate`] allows, every release allows.

pub(crate) mod certificates;
pub(crate) mod judge;
mod keep;
mod key_packet;
pub(crate) mod keyblock;
mod keygrip;
mod merge;
mod place;
pub(crate) mod read;
mod readable;
pub(crate) mod revocations;
pub(crate) mod trusted;
pub(crate) mod verification;

use self::judge::{PrimaryState, Revocation, SubkeyState, View};
use crate::engine::rules::Backend;
use crate::engine::rules::algorithms::{Form, leaves_out_hash, unsupported_form};
use crate::engine::rules::signature::Signature;
use crate::engine::unsupported::Unsupported;
use crate::openpgp::key::PublicKey;
use crate::openpgp::signature::kind;

/// A transferable public key.
#[derive(Debug)]
pub(crate) struct Certificate {
    /// Where it was read from first.
    pub(crate) origin: String,
    /// The primary key.
    pub(crate) primary: PublicKey,
    /// Its first user ID.
    pub(crate) user_id: Option<Vec<u8>>,
    /// Whether a key file holds secret key material of it.
    pub(crate) has_secret: bool,
    /// Every subkey that occurs in it, once each.
    pub(crate) subkeys: Vec<KnownSubkey>,
    /// What was skipped of the signatures over the primary key and its user IDs.
    pub(crate) skipped: Skipped,
    /// Why nothing of it counts, if so.
    pub(crate) spoilt: Option<&'static str>,
    /// What the releases take from it: each view once.
    pub(crate) views: Vec<View>,
    /// Whether one of them does not even import it.
    pub(crate) absent: bool,
}

/// A subkey.
#[derive(Debug)]
pub(crate) struct KnownSubkey {
    /// The subkey.
    pub(crate) key: PublicKey,
    /// What was skipped of the signatures that follow it.
    pub(crate) skipped: Skipped,
    /// Its revocation, wherever that is.
    pub(crate) revocation: Option<Revocation>,
    /// Whether it occurs somewhere with an integer that is not in its shortest form.
    pub(crate) rewritten: bool,
}

/// Why signatures were skipped.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Skipped {
    /// Whether some use MD5.
    pub(crate) md5: bool,
    /// The form of one that cannot be checked.
    form: Option<Form>,
    /// The form of a revocation over a hash that the backend leaves out: nobody knows what it takes away.
    pub(crate) revocation: Option<Form>,
}

impl Certificate {
    pub(crate) fn new(origin: String, primary: PublicKey) -> Self {
        Self {
            origin,
            primary,
            user_id: None,
            has_secret: false,
            subkeys: Vec::new(),
            skipped: Skipped::default(),
            spoilt: None,
            views: Vec::new(),
            absent: false,
        }
    }

    /// What all releases allow the primary key at `now`; `None` if it is not valid for one of them.
    pub(crate) fn primary_state(&self, now: u32) -> Option<PrimaryState> {
        self.of_all(
            |view| view.primary_state(&self.primary, now),
            PrimaryState::and,
        )
    }

    /// What all releases allow the subkey with this index at `now`; `None` if it is not bound for one of
    /// them.
    pub(crate) fn subkey_state(&self, index: usize, now: u32) -> Option<SubkeyState> {
        let subkey = self.subkeys.get(index)?;
        self.of_all(
            |view| view.subkey_state(index, &subkey.key, now),
            SubkeyState::and,
        )
    }

    /// When the primary key or the subkey with this index may next change what it is allowed to by itself, because a
    /// signature that says so expires.
    pub(crate) fn changes_at(&self, subkey: Option<usize>, now: u32) -> Option<u32> {
        let views = self.views.iter();
        views.filter_map(|view| view.changes_at(subkey, now)).min()
    }

    /// What all views allow together; `None` if one of them does not know the key, or there is none.
    fn of_all<T>(&self, state: impl Fn(&View) -> Option<T>, and: impl Fn(T, T) -> T) -> Option<T> {
        let states: Option<Vec<T>> = self.views.iter().map(state).collect();
        states.filter(|_| !self.absent)?.into_iter().reduce(and)
    }
}

impl KnownSubkey {
    pub(crate) fn new(key: PublicKey) -> Self {
        Self {
            key,
            skipped: Skipped::default(),
            revocation: None,
            rewritten: false,
        }
    }
}

impl Skipped {
    /// Notes a signature, if it is one that is skipped.
    pub(crate) fn note(
        &mut self,
        backend: &dyn Backend,
        signature: &Signature,
        primary: &PublicKey,
    ) {
        self.md5 |= signature.uses_md5();
        let vouches = signature.is_certification()
            || matches!(signature.kind(), kind::DIRECT_KEY | kind::SUBKEY_BINDING);
        // What uses MD5 counts for nothing anyway.
        let form = signature.form();
        if vouches && !signature.uses_md5() && unsupported_form(backend, form).is_some() {
            self.form.get_or_insert(form);
        }
        // Others revoke what they have said of a user ID, which counts for nothing here.
        let by_itself = || {
            let issuer = signature.issuer_key_id();
            issuer.is_none_or(|issuer| issuer == primary.fingerprint().key_id())
        };
        let revokes = match signature.kind() {
            kind::SUBKEY_REVOCATION => true,
            kind::CERTIFICATION_REVOCATION => by_itself(),
            _ => false,
        };
        // Test: a_revocation_that_cannot_be_checked_leaves_nothing_to_be_trusted
        if revokes && leaves_out_hash(backend, form) {
            self.revocation.get_or_insert(form);
        }
    }

    /// What makes it impossible to check one of them, if something does.
    pub(crate) fn unsupported(self, backend: &dyn Backend) -> Option<Unsupported> {
        self.form.and_then(|form| unsupported_form(backend, form))
    }
}
