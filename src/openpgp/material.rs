//! What a public key calculates with (RFC 9580, section 5.5.5).

use super::algorithm::{Curve, PublicKeyAlgorithm};
use super::integer::{Natural, integer};
use super::octets::{array, counted};

/// The public numbers and octets of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Material {
    /// Modulus and exponent.
    Rsa { n: Natural, e: Natural },
    /// Prime, order of the group, generator and value.
    Dsa {
        p: Natural,
        q: Natural,
        g: Natural,
        y: Natural,
    },
    /// The prime; nothing here calculates with the rest.
    Elgamal { p: Natural },
    /// A curve and a point on it, in octets.
    Ecdh { curve: Curve, point: Natural },
    /// The same.
    Ecdsa { curve: Curve, point: Natural },
    /// The same.
    EdDsaLegacy { curve: Curve, point: Natural },
    /// As many octets as the algorithm wants, without further structure.
    Octets(Box<[u8]>),
    /// Those of an algorithm that is not known, or that does not have this form.
    Unknown,
}

impl Material {
    /// What a key of this algorithm has; `None` if the octets are not of its form, not all of it, or more.
    pub(crate) fn of(algorithm: PublicKeyAlgorithm, octets: &[u8]) -> Option<Self> {
        use PublicKeyAlgorithm as Of;
        let mut rest = octets;
        let input = &mut rest;
        let material = match algorithm {
            Of::RsaEncryptOrSign | Of::RsaEncryptOnly | Of::RsaSignOnly => Self::Rsa {
                n: natural(input)?,
                e: natural(input)?,
            },
            Of::Dsa => Self::Dsa {
                p: natural(input)?,
                q: natural(input)?,
                g: natural(input)?,
                y: natural(input)?,
            },
            Of::ElgamalEncryptOnly | Of::ElgamalEncryptOrSign => {
                let p = natural(input)?;
                let (_generator, _value) = (natural(input)?, natural(input)?);
                Self::Elgamal { p }
            }
            Of::Ecdh => {
                let (curve, point) = curve_and_point(input)?;
                // Of the parameters of the key derivation, only the reserved octet is fixed.
                let [3, 1, _hash, _cipher] = array(input)? else {
                    return None;
                };
                Self::Ecdh { curve, point }
            }
            Of::Ecdsa => {
                let (curve, point) = curve_and_point(input)?;
                Self::Ecdsa { curve, point }
            }
            Of::EdDsaLegacy => {
                let (curve, point) = curve_and_point(input)?;
                Self::EdDsaLegacy { curve, point }
            }
            Of::Other(_) => return Some(Self::Unknown),
            _ => {
                let is_whole = octets_of(algorithm) == Some(octets.len());
                return is_whole.then(|| Self::Octets(octets.into()));
            }
        };
        rest.is_empty().then_some(material)
    }

    /// The size of the key in bits, of those that come in sizes: RSA, DSA and Elgamal.
    pub(crate) fn bits(&self) -> Option<usize> {
        match self {
            Self::Rsa { n: number, .. }
            | Self::Dsa { p: number, .. }
            | Self::Elgamal { p: number } => Some(number.bits()),
            _ => None,
        }
    }

    /// The curve, of those that name one.
    pub(crate) fn curve(&self) -> Option<&Curve> {
        match self {
            Self::Ecdh { curve, .. }
            | Self::Ecdsa { curve, .. }
            | Self::EdDsaLegacy { curve, .. } => Some(curve),
            _ => None,
        }
    }
}

/// How many octets a key of this algorithm has, if it has nothing else (RFC 9580, sections 5.5.5.7 to 5.5.5.10; RFC 9980).
fn octets_of(algorithm: PublicKeyAlgorithm) -> Option<usize> {
    use PublicKeyAlgorithm as Of;
    Some(match algorithm {
        Of::X25519 | Of::Ed25519 => 32,
        Of::X448 => 56,
        Of::Ed448 => 57,
        Of::MlDsa65Ed25519 => 32 + 1952,
        Of::MlDsa87Ed448 => 57 + 2592,
        Of::SlhDsaShake128s | Of::SlhDsaShake128f => 32,
        Of::SlhDsaShake256s => 64,
        Of::MlKem768X25519 => 32 + 1184,
        Of::MlKem1024X448 => 56 + 1568,
        _ => return None,
    })
}

/// An integer in its shortest form, the only one that RFC 9580, section 3.2, allows.
pub(super) fn natural(input: &mut &[u8]) -> Option<Natural> {
    let written = integer(input).filter(|integer| integer.is_shortest())?;
    Some(Natural::of(written.octets))
}

fn curve_and_point(input: &mut &[u8]) -> Option<(Curve, Natural)> {
    let identifier = counted::<1>(input)?;
    Some((Curve::of(identifier), natural(input)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_of_the_form_that_their_algorithm_has() {
        for (algorithm, octets, has_form) in [
            (1, &b"\0\x08\x81\0\x02\x03"[..], true),
            (1, b"\0\x08\x81", false),
            (1, b"\0\x08\x81\0\x02\x03!", false),
            (1, b"\0\x10\0\x81\0\x02\x03", false),
            (17, b"\0\x01\x01\0\x01\x01\0\x01\x01\0\x01\x01", true),
            (17, b"\0\x01\x01\0\x01\x01\0\x01\x01", false),
            (16, b"\0\x01\x01\0\x01\x01\0\x01\x01", true),
            (19, b"\x02oi\0\x03\x04", true),
            (18, b"\x02oi\0\x03\x04\x03\x01\x08\x09", true),
            (18, b"\x02oi\0\x03\x04\x03\x02\x08\x09", false),
            (18, b"\x02oi\0\x03\x04\x04\x01\x08\x09!", false),
            (27, &[1; 32], true),
            (27, &[1; 31], false),
            (27, &[1; 33], false),
            (99, b"whatever", true),
        ] {
            let found = Material::of(PublicKeyAlgorithm::of(algorithm), octets);
            assert_eq!(found.is_some(), has_form, "{algorithm} {octets:?}");
        }
    }
}
