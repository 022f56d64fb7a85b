//! A certificate as all key files together have it, with what each release of GnuPG takes from it.

use super::algorithms::unsupported_form;
use super::keyblock::{PrimaryKey, Subkey};
use super::placement::uses_md5;
use super::selfsigs::{PrimaryState, Revocation, SubkeyState, View};
use super::signature::{Form, Signature};
use crate::openpgp::signature::kind;

/// A transferable public key.
#[derive(Debug)]
pub(super) struct Certificate {
    /// Where it was read from first.
    pub(super) origin: String,
    /// The primary key.
    pub(super) primary: PrimaryKey,
    /// Its first user ID.
    pub(super) user_id: Option<Vec<u8>>,
    /// Every subkey that occurs in it, once each.
    pub(super) subkeys: Vec<KnownSubkey>,
    /// What was passed over of the signatures over the primary key and its user IDs.
    pub(super) passed_over: PassedOver,
    /// Why nothing of it counts, if so.
    pub(super) spoilt: Option<&'static str>,
    /// What the releases take from it: each view once.
    pub(super) views: Vec<View>,
    /// Whether one of them does not even import it.
    pub(super) absent: bool,
}

/// A subkey.
#[derive(Debug)]
pub(super) struct KnownSubkey {
    /// The subkey.
    pub(super) key: Subkey,
    /// What was passed over of the signatures that follow it.
    pub(super) passed_over: PassedOver,
    /// Its revocation, wherever that stands.
    pub(super) revocation: Option<Revocation>,
    /// Whether it stands somewhere with an integer that is not in its shortest form.
    pub(super) rewritten: bool,
}

/// Why signatures were passed over.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PassedOver {
    /// Whether some use MD5.
    pub(super) md5: bool,
    /// The form of one that cannot be checked.
    pub(super) unsupported: Option<Form>,
}

impl Certificate {
    pub(super) fn new(origin: String, primary: PrimaryKey) -> Self {
        Self {
            origin,
            primary,
            user_id: None,
            subkeys: Vec::new(),
            passed_over: PassedOver::default(),
            spoilt: None,
            views: Vec::new(),
            absent: false,
        }
    }

    /// What all releases allow the primary key at `now`; `None` if it is not valid for one of them.
    pub(super) fn primary_state(&self, now: u32) -> Option<PrimaryState> {
        self.of_all(
            |view| view.primary_state(&self.primary, now),
            PrimaryState::and,
        )
    }

    /// What all releases allow the subkey with this index at `now`; `None` if it is not bound for one of
    /// them.
    pub(super) fn subkey_state(&self, index: usize, now: u32) -> Option<SubkeyState> {
        let subkey = self.subkeys.get(index)?;
        self.of_all(
            |view| view.subkey_state(index, &subkey.key, now),
            SubkeyState::and,
        )
    }

    /// What all views allow together; `None` if one of them does not know the key, or there is none.
    fn of_all<T>(&self, state: impl Fn(&View) -> Option<T>, and: impl Fn(T, T) -> T) -> Option<T> {
        let states: Option<Vec<T>> = self.views.iter().map(state).collect();
        states.filter(|_| !self.absent)?.into_iter().reduce(and)
    }
}

impl KnownSubkey {
    pub(super) fn new(key: Subkey) -> Self {
        Self {
            key,
            passed_over: PassedOver::default(),
            revocation: None,
            rewritten: false,
        }
    }
}

impl PassedOver {
    /// Notes a signature, if it is one that is passed over.
    pub(super) fn note(&mut self, signature: &Signature) {
        self.md5 |= uses_md5(signature);
        let vouches = signature.is_certification()
            || matches!(signature.kind(), kind::DIRECT_KEY | kind::SUBKEY_BINDING);
        // What uses MD5 counts for nothing anyway.
        if vouches && !uses_md5(signature) && unsupported_form(signature.form()).is_some() {
            self.unsupported.get_or_insert(signature.form());
        }
    }
}
