//! One verification: this library checks the message's structure, gpg the signature, and both give the verdict.

use std::collections::HashMap;

use super::failure::failed;
use super::listing::Listing;
use super::operations::{Operations, Said, VERIFY};
use super::strangers::Acquaintances;
use super::unusable::UnusableKeys;
use super::verdict::{Verdict, has_no_report};
use crate::clock::unix_seconds;
use crate::engine::{
    KeyRevocation, Keyring, KeyringError, MAX_PAYLOAD_SIZE, Proven, Refusal, Settings, TrustedKey,
};
use crate::fingerprint::Fingerprint;
use crate::openpgp::message::{self, UnverifiedMessage};

/// Keys in their own home directory.
#[derive(Debug)]
pub(super) struct GnupgKeyring<O> {
    operations: O,
    listing: Listing,
    unusable: UnusableKeys,
    acquaintances: Acquaintances,
    /// What is known of revocations, by the key that is revoked.
    revocations: HashMap<Fingerprint, KeyRevocation>,
    settings: Settings,
}

impl<O: Operations> GnupgKeyring<O> {
    pub(super) fn new(
        operations: O,
        listing: Listing,
        unusable: UnusableKeys,
        acquaintances: Acquaintances,
        keys: &[TrustedKey],
        settings: Settings,
    ) -> Self {
        let revocations = keys.iter().flat_map(|key| {
            let of_primary = key.revoked.as_ref().map(|said| (&key.fingerprint, said));
            let of_subkeys = key
                .signing_keys
                .iter()
                .filter_map(|key| Some((&key.fingerprint, key.revoked.as_ref()?)));
            of_primary.into_iter().chain(of_subkeys)
        });
        let revocations = revocations.map(|(key, said)| (key.clone(), said.clone()));
        Self {
            revocations: revocations.collect(),
            operations,
            listing,
            unusable,
            acquaintances,
            settings,
        }
    }

    /// What gpg says about the message.
    ///
    /// gpg exits silently at compressed data that is damaged in some ways, and also if something ends it. It has to
    /// report on the same message without compression: if it does, and again reports nothing on the message as it is,
    /// then that cannot be decompressed.
    fn ask(
        &self,
        untrusted_blob: &[u8],
        message: &UnverifiedMessage,
    ) -> Result<Said, KeyringError> {
        let said = self.operations.verify(untrusted_blob)?;
        if !has_no_report(&said.status) {
            return Ok(said);
        }
        let plain = self.operations.verify(&message.decompressed)?;
        if has_no_report(&plain.status) {
            return Err(failed(
                self.operations.engine(),
                VERIFY,
                match plain.complaint.or(said.complaint) {
                    Some(complaint) => format!("gpg exited before it finished: {complaint}"),
                    None => "gpg exited before it finished".to_owned(),
                },
            )
            .into());
        }
        if message.decompressed == untrusted_blob {
            return Ok(plain);
        }
        let again = self.operations.verify(untrusted_blob)?;
        if has_no_report(&again.status) {
            return Err(Refusal::malformed_signature("gpg cannot decompress it").into());
        }
        Ok(again)
    }

    fn of_unknown_version(&self, version: u8) -> Refusal {
        // Keys of version 6 make signatures of version 6, and no others do.
        let has_version_6 = |(key, _): &(Fingerprint, _)| key.as_str().len() == 64;
        if version == 6 && !self.unusable.unsupported.iter().any(has_version_6) {
            return Refusal::UnknownKey {
                issuers: Vec::new(),
            };
        }
        let engine = self.operations.engine();
        let policy = self.settings.crypto_policy;
        super::version::unknown_version(engine, "signatures", version, policy).refusal(None)
    }
}

impl<O: Operations> Keyring for GnupgKeyring<O> {
    fn verify(&self, untrusted_blob: &[u8]) -> Result<Proven, KeyringError> {
        // gpg skips what follows a compressed packet, and does not limit what it decompresses to: so it only gets what
        // is exactly one signature over one literal, and small.
        let message = message::read(untrusted_blob, MAX_PAYLOAD_SIZE).map_err(Refusal::from)?;
        // gpg says that these contain no data.
        if let Some(version) = unknown_version(&message.signature) {
            return Err(self.of_unknown_version(version).into());
        }
        if let Some(stranger) = self.acquaintances.stranger(&message) {
            let issuers = vec![stranger];
            return Err(Refusal::UnknownKey { issuers }.into());
        }
        let said = self.ask(untrusted_blob, &message)?;
        let verdict = Verdict {
            message: &message,
            listing: &self.listing,
            unusable: &self.unusable,
            revocations: &self.revocations,
            crypto_policy: self.settings.crypto_policy,
            now: unix_seconds(self.settings.clock.now()?),
            said: &said,
            engine: self.operations.engine(),
        };
        if verdict.misses_a_listed_key() && !self.operations.list()?.has_keys_of(&self.listing) {
            let engine = self.operations.engine();
            return Err(failed(engine, VERIFY, "gpg has lost the keys that it imported").into());
        }
        verdict.judge()
    }
}

/// The version of the signature, if it is one that not every release of GnuPG reads.
fn unknown_version(signature: &[u8]) -> Option<u8> {
    let version = *signature.first()?;
    (!(2..=4).contains(&version)).then_some(version)
}
