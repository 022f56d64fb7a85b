//! What a signature packet says of itself, read as GnuPG reads it.
//!
//! Where a subpacket occurs twice, GnuPG goes by the first one and sequoia's own accessors by the
//! last; where they differ, a signature would mean two things. So the subpackets are read here.

use sequoia_openpgp as openpgp;

use openpgp::packet::Signature;
use openpgp::packet::signature::subpacket::{Subpacket, SubpacketTag, SubpacketValue};
use openpgp::types::{HashAlgorithm, RevocationKey};

use crate::fingerprint::KeyHandle;
use crate::quote::visible;

/// The notations that GnuPG knows, and so accepts as critical.
const KNOWN_NOTATIONS: [&str; 2] = ["preferred-email-encoding@pgp.com", "pka-address@gnupg.org"];

/// A signature that is about to be judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claims<'a>(pub(super) &'a Signature);

impl<'a> Claims<'a> {
    /// When the signature was made, in seconds since the epoch.
    pub(super) fn created(self) -> Option<u32> {
        self.hashed(SubpacketTag::SignatureCreationTime)
            .find_map(|subpacket| match subpacket.value() {
                SubpacketValue::SignatureCreationTime(time) => Some(u32::from(*time)),
                _ => None,
            })
    }

    /// When the signature expires, in seconds since the epoch; `None` if never.
    ///
    /// In 32 bits and wrapping around, as GnuPG computes it.
    pub(super) fn expires(self) -> Option<u32> {
        let validity = self
            .hashed(SubpacketTag::SignatureExpirationTime)
            .find_map(|subpacket| match subpacket.value() {
                SubpacketValue::SignatureExpirationTime(validity) => Some(u32::from(*validity)),
                _ => None,
            })?;
        if validity == 0 {
            return None;
        }
        Some(self.created().unwrap_or(0).wrapping_add(validity)).filter(|time| *time != 0)
    }

    /// When the key expires that the signature is about, which was created at `key_created`;
    /// `None` if the signature does not say.
    pub(super) fn key_expires(self, key_created: u32) -> Option<u32> {
        let validity = self
            .hashed(SubpacketTag::KeyExpirationTime)
            .find_map(|subpacket| match subpacket.value() {
                SubpacketValue::KeyExpirationTime(validity) => Some(u32::from(*validity)),
                _ => None,
            })?;
        if validity == 0 {
            return None;
        }
        Some(key_created.wrapping_add(validity)).filter(|time| *time != 0)
    }

    /// Whether the key that the signature is about may sign data; `None` if the signature has no
    /// key flags.
    pub(super) fn may_sign(self) -> Option<bool> {
        self.hashed(SubpacketTag::KeyFlags)
            .find_map(|subpacket| match subpacket.value() {
                SubpacketValue::KeyFlags(flags) => Some(flags.for_signing()),
                _ => None,
            })
    }

    /// Whether the signature may leave the key ring that it was made in. GnuPG does not import
    /// those that may not.
    pub(super) fn exportable(self) -> bool {
        self.hashed(SubpacketTag::ExportableCertification)
            .chain(self.unhashed(SubpacketTag::ExportableCertification))
            .find_map(|subpacket| match subpacket.value() {
                SubpacketValue::ExportableCertification(exportable) => Some(*exportable),
                _ => None,
            })
            .unwrap_or(true)
    }

    /// Whether GnuPG understands every critical subpacket; if not, the signature is not good
    /// (RFC 9580, section 5.2.3.7).
    pub(super) fn understood(self) -> bool {
        self.subpackets()
            .all(|subpacket| !subpacket.critical() || known_when_critical(subpacket))
    }

    /// The ID of the key that made the signature, be it hashed or not. GnuPG 2.2 does not derive
    /// it from the fingerprint; a version 6 signature names nothing but the fingerprint.
    pub(super) fn issuer_key_id(self) -> Option<openpgp::KeyID> {
        if self.0.version() == 6 {
            return self.issuer_fingerprint().map(openpgp::KeyID::from);
        }
        self.hashed(SubpacketTag::Issuer)
            .chain(self.unhashed(SubpacketTag::Issuer))
            .find_map(|subpacket| match subpacket.value() {
                SubpacketValue::Issuer(id) => Some(id.clone()),
                _ => None,
            })
    }

    /// The fingerprint of the key that made the signature, from the hashed subpackets.
    pub(super) fn issuer_fingerprint(self) -> Option<&'a openpgp::Fingerprint> {
        self.hashed(SubpacketTag::IssuerFingerprint)
            .find_map(|subpacket| match subpacket.value() {
                SubpacketValue::IssuerFingerprint(fingerprint) => Some(fingerprint),
                _ => None,
            })
    }

    /// Every name that the signature gives the key that made it, for messages.
    pub(super) fn issuers(self) -> Vec<KeyHandle> {
        let mut issuers: Vec<KeyHandle> = Vec::new();
        let named = self.0.get_issuers().into_iter();
        for handle in named.filter_map(|handle| handle.to_hex().parse().ok()) {
            if !issuers.contains(&handle) {
                issuers.push(handle);
            }
        }
        issuers
    }

    /// Those who may revoke the key that the signature is about.
    pub(super) fn revokers(self) -> impl Iterator<Item = &'a RevocationKey> {
        self.hashed(SubpacketTag::RevocationKey)
            .filter_map(|subpacket| match subpacket.value() {
                SubpacketValue::RevocationKey(revoker) => Some(revoker),
                _ => None,
            })
    }

    /// The signatures that the signature carries, the hashed ones first.
    pub(super) fn embedded(self) -> impl Iterator<Item = &'a Signature> {
        self.hashed(SubpacketTag::EmbeddedSignature)
            .chain(self.unhashed(SubpacketTag::EmbeddedSignature))
            .filter_map(|subpacket| match subpacket.value() {
                SubpacketValue::EmbeddedSignature(signature) => Some(signature),
                _ => None,
            })
    }

    /// Why the signature revokes, in words, if it says.
    pub(super) fn reason_for_revocation(self) -> Option<String> {
        self.hashed(SubpacketTag::ReasonForRevocation)
            .find_map(|subpacket| match subpacket.value() {
                SubpacketValue::ReasonForRevocation { code, reason } => {
                    let code = code.to_string().to_lowercase();
                    let reason = visible(&String::from_utf8_lossy(reason));
                    Some(if reason.is_empty() {
                        code
                    } else {
                        format!("{code} ({reason})")
                    })
                }
                _ => None,
            })
    }

    fn hashed(self, tag: SubpacketTag) -> impl Iterator<Item = &'a Subpacket> {
        let area = self.0.hashed_area();
        area.iter().filter(move |subpacket| subpacket.tag() == tag)
    }

    fn unhashed(self, tag: SubpacketTag) -> impl Iterator<Item = &'a Subpacket> {
        let area = self.0.unhashed_area();
        area.iter().filter(move |subpacket| subpacket.tag() == tag)
    }

    fn subpackets(self) -> impl Iterator<Item = &'a Subpacket> {
        let hashed = self.0.hashed_area().iter();
        hashed.chain(self.0.unhashed_area().iter())
    }
}

/// The hash algorithm's name as people write it: `SHA-1`.
pub(super) fn hash_name(algorithm: HashAlgorithm) -> String {
    match algorithm {
        HashAlgorithm::MD5 => "MD5".to_owned(),
        HashAlgorithm::SHA1 => "SHA-1".to_owned(),
        HashAlgorithm::RipeMD => "RIPEMD-160".to_owned(),
        HashAlgorithm::SHA224 => "SHA-224".to_owned(),
        HashAlgorithm::SHA256 => "SHA-256".to_owned(),
        HashAlgorithm::SHA384 => "SHA-384".to_owned(),
        HashAlgorithm::SHA512 => "SHA-512".to_owned(),
        HashAlgorithm::SHA3_256 => "SHA3-256".to_owned(),
        HashAlgorithm::SHA3_512 => "SHA3-512".to_owned(),
        other => format!("the hash algorithm {}", u8::from(other)),
    }
}

fn known_when_critical(subpacket: &Subpacket) -> bool {
    match subpacket.value() {
        SubpacketValue::NotationData(notation) => KNOWN_NOTATIONS.contains(&notation.name()),
        // A key block, which the signer has added for the reader's convenience.
        SubpacketValue::Unknown { body, .. } if u8::from(subpacket.tag()) == 38 => {
            body.first() == Some(&0)
        }
        SubpacketValue::Unknown { .. } => false,
        _ => matches!(
            subpacket.tag(),
            SubpacketTag::SignatureCreationTime
                | SubpacketTag::SignatureExpirationTime
                | SubpacketTag::ExportableCertification
                | SubpacketTag::TrustSignature
                | SubpacketTag::RegularExpression
                | SubpacketTag::Revocable
                | SubpacketTag::KeyExpirationTime
                | SubpacketTag::PreferredSymmetricAlgorithms
                | SubpacketTag::RevocationKey
                | SubpacketTag::Issuer
                | SubpacketTag::PreferredHashAlgorithms
                | SubpacketTag::PreferredCompressionAlgorithms
                | SubpacketTag::PreferredKeyServer
                | SubpacketTag::PrimaryUserID
                | SubpacketTag::PolicyURI
                | SubpacketTag::KeyFlags
                | SubpacketTag::ReasonForRevocation
                | SubpacketTag::Features
                | SubpacketTag::EmbeddedSignature
                | SubpacketTag::IssuerFingerprint
        ),
    }
}
