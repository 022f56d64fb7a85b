//! Public keys as `SubjectPublicKeyInfo` (RFC 5280, section 4.1) and by PKCS #1 (RFC 8017, appendix A.1.1), read as Go's
//! `crypto/x509` reads them, and written.

use super::crypto::{MATHEMATICS, bits};
use super::der::{DerError, Elements, single, tag, write, write_positive};
use super::facts::KeyAlgorithm;
use crate::mathematics::Curve;

/// The largest exponent of an RSA key in PKCS #1 has so many bits; in a `SubjectPublicKeyInfo` [`MAX_EXPONENT_BITS`].
const MAX_PKCS1_EXPONENT_BITS: usize = 31;
/// What fits into Go's `int`.
const MAX_EXPONENT_BITS: usize = 63;

/// What the `NULL` in the parameters of an RSA key is in DER (RFC 3279, section 2.3.1).
const NULL: &[u8] = &[tag::NULL, 0];

// Identifiers of algorithms, in DER without tag and length: RFC 3279, section 2.3, and RFC 8410, section 3.
const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
const ECDSA: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
const DSA: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x38, 4, 1];
const ED25519: &[u8] = &[0x2B, 0x65, 0x70];
const X25519: &[u8] = &[0x2B, 0x65, 0x6E];

/// Curves with their identifiers (RFC 5480, section 2.1.1.1).
const CURVES: [(Curve, &[u8], KeyAlgorithm); 4] = [
    (
        Curve::NistP224,
        &[0x2B, 0x81, 4, 0, 0x21],
        KeyAlgorithm::EcdsaP224,
    ),
    (
        Curve::NistP256,
        &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7],
        KeyAlgorithm::EcdsaP256,
    ),
    (
        Curve::NistP384,
        &[0x2B, 0x81, 4, 0, 0x22],
        KeyAlgorithm::EcdsaP384,
    ),
    (
        Curve::NistP521,
        &[0x2B, 0x81, 4, 0, 0x23],
        KeyAlgorithm::EcdsaP521,
    ),
];

/// The numbers of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyMaterial {
    /// A point on a curve: `04`, and two coordinates.
    Ecdsa {
        /// The curve, which is one of [`CURVES`].
        curve: Curve,
        /// The point.
        point: Vec<u8>,
    },
    /// RSA: both above 0, the highest octet first, without a zero before them.
    Rsa {
        /// The modulus.
        modulus: Vec<u8>,
        /// The exponent.
        exponent: Vec<u8>,
    },
    /// A key of Ed25519, of 32 octets, which may be no point of the curve.
    Ed25519(Vec<u8>),
    /// A key of another kind, by which nothing is verified: the `SubjectPublicKeyInfo` as it is.
    Unusable(KeyAlgorithm, Vec<u8>),
}

/// Why octets are no public key, as a part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SpkiError {
    /// They are not DER of the right shape.
    #[error("its DER is malformed: {0}")]
    Der(#[from] DerError),
    /// The algorithm is not known.
    #[error("its algorithm is none of RSA, ECDSA and Ed25519")]
    UnknownAlgorithm,
    /// The parameters are not those that the algorithm has.
    #[error("its algorithm has other parameters than {0} keys have")]
    Parameters(&'static str),
    /// The curve is not named, or another one.
    #[error("its curve is none of P-224, P-256, P-384 and P-521")]
    Curve,
    /// The point is none of the curve, or not uncompressed.
    #[error("its point is not an uncompressed one on {0}")]
    Point(KeyAlgorithm),
    /// A number that is 0, negative, or larger than is read.
    #[error("its {0} is out of range")]
    Number(&'static str),
    /// A key of the wrong length.
    #[error("it has {found} octets, but {algorithm} keys have 32")]
    Length {
        /// What it is.
        algorithm: KeyAlgorithm,
        /// How many octets it has.
        found: usize,
    },
}

impl KeyMaterial {
    /// Reads a `SubjectPublicKeyInfo`. Elements after those that are known are tolerated inside of it, and nothing behind it.
    ///
    /// # Errors
    ///
    /// [`SpkiError`] for anything else; [`SpkiError::UnknownAlgorithm`] only if all the rest is in order.
    pub(crate) fn from_spki(octets: &[u8]) -> Result<Self, SpkiError> {
        let whole = single(octets)?.whole;
        let mut spki = Elements::of(whole).sequence()?;
        let mut algorithm = spki.sequence()?;
        let identifier = algorithm.expect(tag::OBJECT_IDENTIFIER)?;
        let parameters = match algorithm.is_empty() {
            true => &[][..],
            false => algorithm.any()?.whole,
        };
        if ![RSA, ECDSA, ED25519, X25519, DSA].contains(&identifier) {
            spki.bit_string()?;
            return Err(SpkiError::UnknownAlgorithm);
        }
        let key = spki.octets_of_bit_string()?;
        match identifier {
            RSA if parameters != NULL => Err(SpkiError::Parameters("RSA")),
            RSA => rsa(&mut Elements::of(key), MAX_EXPONENT_BITS),
            ECDSA => ecdsa(parameters, key),
            ED25519 => octets_of_32(KeyAlgorithm::Ed25519, parameters, key)
                .map(|()| Self::Ed25519(key.to_vec())),
            X25519 => octets_of_32(KeyAlgorithm::X25519, parameters, key)
                .map(|()| Self::Unusable(KeyAlgorithm::X25519, whole.to_vec())),
            DSA => dsa(parameters, key).map(|()| Self::Unusable(KeyAlgorithm::Dsa, whole.to_vec())),
            _ => Err(SpkiError::UnknownAlgorithm),
        }
    }

    /// Reads an `RSAPublicKey` by PKCS #1, with nothing behind it.
    ///
    /// # Errors
    ///
    /// [`SpkiError`] for anything else.
    pub(crate) fn from_pkcs1(octets: &[u8]) -> Result<Self, SpkiError> {
        single(octets)?;
        rsa(&mut Elements::of(octets), MAX_PKCS1_EXPONENT_BITS)
    }

    /// What the key is for.
    pub(crate) fn algorithm(&self) -> KeyAlgorithm {
        match self {
            Self::Ecdsa { curve, .. } => {
                let known = CURVES.iter().find(|(known, ..)| known == curve);
                known.map_or(KeyAlgorithm::Unknown, |(_, _, algorithm)| *algorithm)
            }
            Self::Rsa { modulus, .. } => KeyAlgorithm::Rsa {
                bits: bits(modulus),
            },
            Self::Ed25519(_) => KeyAlgorithm::Ed25519,
            Self::Unusable(algorithm, _) => *algorithm,
        }
    }

    /// The key as a `SubjectPublicKeyInfo`, written anew, as Go's `x509.MarshalPKIXPublicKey` writes it; one of another kind
    /// than are used as it was.
    pub(crate) fn to_spki(&self) -> Vec<u8> {
        match self {
            Self::Ecdsa { curve, point } => {
                let known = CURVES.iter().find(|(known, ..)| known == curve);
                let identifier = known.map_or(&[][..], |(_, identifier, _)| identifier);
                let curve = write(tag::OBJECT_IDENTIFIER, &[identifier]);
                spki(ECDSA, &curve, point)
            }
            Self::Rsa { modulus, exponent } => {
                let numbers = [write_positive(modulus), write_positive(exponent)].concat();
                spki(RSA, NULL, &write(tag::SEQUENCE, &[&numbers]))
            }
            Self::Ed25519(key) => spki(ED25519, &[], key),
            Self::Unusable(_, spki) => spki.clone(),
        }
    }
}

fn spki(identifier: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let identifier = write(tag::OBJECT_IDENTIFIER, &[identifier]);
    let algorithm = write(tag::SEQUENCE, &[&identifier, parameters]);
    let key = write(tag::BIT_STRING, &[&[0], key]);
    write(tag::SEQUENCE, &[&algorithm, &key])
}

/// As Go, it does not look at what follows the sequence, which is inside a bit string.
fn rsa(key: &mut Elements<'_>, max_exponent_bits: usize) -> Result<KeyMaterial, SpkiError> {
    let mut numbers = key.sequence()?;
    let [modulus, exponent] = [numbers.integer()?.positive(), numbers.integer()?.positive()];
    let modulus = modulus.ok_or(SpkiError::Number("modulus"))?;
    let exponent = exponent
        .filter(|exponent| bits(exponent) <= max_exponent_bits)
        .ok_or(SpkiError::Number("exponent"))?;
    Ok(KeyMaterial::Rsa {
        modulus: modulus.to_vec(),
        exponent: exponent.to_vec(),
    })
}

fn ecdsa(parameters: &[u8], key: &[u8]) -> Result<KeyMaterial, SpkiError> {
    let identifier = Elements::of(parameters)
        .expect(tag::OBJECT_IDENTIFIER)
        .map_err(|_| SpkiError::Curve)?;
    let known = CURVES.iter().find(|(_, known, _)| *known == identifier);
    let (curve, _, algorithm) = known.ok_or(SpkiError::Curve)?;
    if MATHEMATICS.has_point(*curve, key) {
        Ok(KeyMaterial::Ecdsa {
            curve: *curve,
            point: key.to_vec(),
        })
    } else {
        Err(SpkiError::Point(*algorithm))
    }
}

fn octets_of_32(algorithm: KeyAlgorithm, parameters: &[u8], key: &[u8]) -> Result<(), SpkiError> {
    match key.len() {
        _ if !parameters.is_empty() => Err(SpkiError::Parameters("such")),
        32 => Ok(()),
        found => Err(SpkiError::Length { algorithm, found }),
    }
}

fn dsa(parameters: &[u8], key: &[u8]) -> Result<(), SpkiError> {
    let above_zero = |elements: &mut Elements<'_>| {
        let number = elements.integer()?.positive();
        number.map(drop).ok_or(SpkiError::Number("DSA number"))
    };
    above_zero(&mut Elements::of(key))?;
    let mut numbers = Elements::of(parameters).sequence()?;
    (0..3).try_for_each(|_| above_zero(&mut numbers))
}
