//! Whether one certificate has signed another.

use crate::sigstore::certificate::{Certificate, SignatureAlgorithm, SubjectKey};
use crate::sigstore::crypto;
use crate::sigstore::spki::KeyMaterial;

/// Why a certificate has not signed another one, as a part of a sentence about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Obstacle {
    /// It does not say that it is an authority's.
    #[error("it is not the certificate of an authority")]
    NotAuthority,
    /// Its key is not for that.
    #[error("its key is not for signing certificates")]
    NotForCertificates,
    /// The other one is signed by an algorithm that proves nothing.
    #[error("signatures by {0} prove nothing here")]
    Algorithm(SignatureAlgorithm),
    /// Its key is of an unknown algorithm.
    #[error("its key is of an unknown algorithm")]
    UnknownKey,
    /// Its key is another one.
    #[error("its key has not made the signature")]
    BadSignature,
}

/// That `issuer` may sign certificates and has signed this one: of version 3 it has to be an authority's; if its key is for
/// some uses only, certificates are one of them; and the signature is by its key over what is signed.
///
/// # Errors
///
/// [`Obstacle`] says which of these it is.
pub(super) fn check(issuer: &Certificate, certificate: &Certificate) -> Result<(), Obstacle> {
    let extensions = issuer.extensions();
    let is_authority = match extensions.basic_constraints {
        Some(constraints) => constraints.is_authority,
        None => issuer.version() < 3,
    };
    if !is_authority {
        return Err(Obstacle::NotAuthority);
    }
    if !extensions.key_usage.allows_certificates() {
        return Err(Obstacle::NotForCertificates);
    }
    if let other @ SignatureAlgorithm::Other(_) = certificate.algorithm() {
        return Err(Obstacle::Algorithm(other.clone()));
    }
    if has_signed(issuer, certificate) {
        Ok(())
    } else {
        Err(Obstacle::BadSignature)
    }
}

/// Whether the key of `issuer` is one for the algorithm, and has made the signature.
fn has_signed(issuer: &Certificate, certificate: &Certificate) -> bool {
    let (SubjectKey::Known(key), Some(signature)) = (issuer.key(), certificate.signature()) else {
        return false;
    };
    let signed = certificate.signed();
    match (certificate.algorithm(), key.material()) {
        (SignatureAlgorithm::Ecdsa(hash), KeyMaterial::Ecdsa { curve, point }) => {
            crypto::ecdsa_in_der(*curve, point, signature, *hash, signed)
        }
        (SignatureAlgorithm::RsaPkcs1(hash), KeyMaterial::Rsa { modulus, exponent }) => {
            crypto::rsa_pkcs1(modulus, exponent, signature, *hash, signed)
        }
        (SignatureAlgorithm::RsaPss(hash), KeyMaterial::Rsa { modulus, exponent }) => {
            crypto::rsa_pss(modulus, exponent, signature, *hash, signed)
        }
        (SignatureAlgorithm::Ed25519, KeyMaterial::Ed25519(public)) => {
            crypto::ed25519(public, signature, signed)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mathematics::signing::SigningKey;
    use crate::sigstore::certificate::maker::{Draft, KEY_USAGE};
    use crate::sigstore::der::{tag, write};

    #[test]
    fn an_authority_signs_by_its_key() {
        let keys = [
            SigningKey::p256(1),
            SigningKey::p384(1),
            SigningKey::ed25519(1),
        ];
        let other = SigningKey::p256(2);
        for key in &keys {
            let issuer = Draft::new("issuer", key).authority(None).signed_by(key);
            let leaf = Draft::new("leaf", &other).by("issuer");
            assert_eq!(check(&issuer, &leaf.signed_by(key)), Ok(()));
            let by_other = leaf.signed_by(&other);
            assert_eq!(check(&issuer, &by_other), Err(Obstacle::BadSignature));
            // Stated to be of another algorithm than the key is for.
            for other in keys.iter().filter(|other| other.public() != key.public()) {
                let foreign = leaf.signed_by(other);
                assert_eq!(check(&issuer, &foreign), Err(Obstacle::BadSignature));
            }
        }
    }

    #[test]
    fn a_signature_is_over_what_is_signed_in_strict_der() {
        let key = SigningKey::p256(1);
        let issuer = Draft::new("issuer", &key).authority(None).signed_by(&key);
        let leaf = Draft::new("leaf", &key).by("issuer");
        let certificate = leaf.signed_by(&key);
        let good = certificate.signature().unwrap();
        for (signature, expected) in [
            (good.to_vec(), true),
            ([good, &[0]].concat(), false),
            (good[..good.len() - 1].to_vec(), false),
            (key.sign(b"other"), false),
            (Vec::new(), false),
        ] {
            let mut changed = leaf.clone();
            changed.signature = Some(write(tag::BIT_STRING, &[&[0], &signature]));
            let certificate = changed.signed_by(&key);
            assert_eq!(check(&issuer, &certificate).is_ok(), expected);
        }
        // An odd number of bits.
        let mut changed = leaf.clone();
        changed.signature = Some(vec![3, 2, 1, 2]);
        let certificate = changed.signed_by(&key);
        assert_eq!(check(&issuer, &certificate), Err(Obstacle::BadSignature));
        let mut weak = leaf;
        weak.algorithm = vec![0x30, 9, 6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 1];
        let obstacle = check(&issuer, &weak.signed_by(&key)).unwrap_err();
        assert_eq!(
            obstacle.to_string(),
            "signatures by ECDSA with SHA-1 prove nothing here"
        );
    }

    #[test]
    fn an_issuer_has_to_be_an_authority() {
        let key = SigningKey::p256(1);
        let leaf = Draft::new("leaf", &key).by("issuer").signed_by(&key);
        let draft = || Draft::new("issuer", &key);
        let usage = |bits: &[u8]| write(tag::BIT_STRING, &[bits]);
        let not_authority = Err(Obstacle::NotAuthority);
        let not_for_certificates = Err(Obstacle::NotForCertificates);
        for (issuer, expected) in [
            (draft().authority(None), Ok(())),
            (draft().version_1(), Ok(())),
            (draft(), not_authority.clone()),
            (
                draft().with(&[0x55, 0x1D, 19], &[0x30, 0]),
                not_authority.clone(),
            ),
            (
                draft().with(&[0x55, 0x1D, 19], &[0x30, 3, 1, 1, 0xFF]),
                Ok(()),
            ),
            (draft().with(KEY_USAGE, &usage(&[2, 4])), not_authority),
            (
                draft().authority(None).with(KEY_USAGE, &usage(&[2, 4])),
                Ok(()),
            ),
            (
                draft().authority(None).with(KEY_USAGE, &usage(&[0])),
                Ok(()),
            ),
            (
                draft().authority(None).with(KEY_USAGE, &usage(&[1, 2])),
                not_for_certificates.clone(),
            ),
            (
                draft().authority(None).with(KEY_USAGE, &usage(&[7, 0x80])),
                not_for_certificates,
            ),
        ] {
            assert_eq!(check(&issuer.signed_by(&key), &leaf), expected);
        }
        let unknown = Draft {
            key: vec![0x30, 10, 0x30, 4, 6, 2, 0x2A, 3, 3, 2, 0, 1],
            ..draft().authority(None)
        };
        assert_eq!(
            check(&unknown.signed_by(&key), &leaf),
            Err(Obstacle::BadSignature)
        );
    }
}
