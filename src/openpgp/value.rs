//! The mathematics of a signature: its integers, or its octets (RFC 9580, section 5.2.3).

use super::algorithm::PublicKeyAlgorithm;
use super::integer::Natural;
use super::material::natural;

/// The value of a signature, in the form that its algorithm has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Value {
    Rsa {
        s: Natural,
    },
    Dsa {
        r: Natural,
        s: Natural,
    },
    Ecdsa {
        r: Natural,
        s: Natural,
    },
    /// Two integers, whose octets stand in the order that the curve has.
    EdDsaLegacy {
        r: Natural,
        s: Natural,
    },
    /// As many octets as the algorithm makes, without further structure.
    Octets {
        algorithm: PublicKeyAlgorithm,
        octets: Box<[u8]>,
    },
}

impl Value {
    /// The value of a version 6 signature by this algorithm; `None` if the octets are not of its form, or it makes no
    /// signatures that are known.
    pub(crate) fn of_version_6(algorithm: PublicKeyAlgorithm, octets: &[u8]) -> Option<Self> {
        use PublicKeyAlgorithm as Of;
        let mut rest = octets;
        let input = &mut rest;
        let value = match algorithm {
            Of::RsaEncryptOrSign | Of::RsaSignOnly => Self::Rsa { s: natural(input)? },
            Of::Dsa => Self::Dsa {
                r: natural(input)?,
                s: natural(input)?,
            },
            Of::Ecdsa => Self::Ecdsa {
                r: natural(input)?,
                s: natural(input)?,
            },
            Of::EdDsaLegacy => Self::EdDsaLegacy {
                r: natural(input)?,
                s: natural(input)?,
            },
            _ => {
                let is_whole = octets_of(algorithm) == Some(octets.len());
                return is_whole.then(|| Self::Octets {
                    algorithm,
                    octets: octets.into(),
                });
            }
        };
        rest.is_empty().then_some(value)
    }
}

/// How many octets a signature by this algorithm has, if it has nothing else (RFC 9580, sections 5.2.3.4 and 5.2.3.5;
/// RFC 9980).
fn octets_of(algorithm: PublicKeyAlgorithm) -> Option<usize> {
    use PublicKeyAlgorithm as Of;
    Some(match algorithm {
        Of::Ed25519 => 64,
        Of::Ed448 => 114,
        Of::MlDsa65Ed25519 => 64 + 3309,
        Of::MlDsa87Ed448 => 114 + 4627,
        Of::SlhDsaShake128s => 7_856,
        Of::SlhDsaShake128f => 17_088,
        Of::SlhDsaShake256s => 29_792,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_of_the_form_that_their_algorithm_makes() {
        for (algorithm, octets, has_form) in [
            (1, &b"\0\x08\x81"[..], true),
            (1, b"\0\x08\x81!", false),
            (1, b"\0\x10\0\x81", false),
            // For encryption only.
            (2, b"\0\x08\x81", false),
            (19, b"\0\x01\x01\0\x01\x01", true),
            (19, b"\0\x01\x01", false),
            (27, &[1; 64], true),
            (27, &[1; 65], false),
            (28, &[1; 114], true),
            (25, &[1; 32], false),
            (99, b"whatever", false),
        ] {
            let found = Value::of_version_6(PublicKeyAlgorithm::of(algorithm), octets);
            assert_eq!(found.is_some(), has_form, "{algorithm} {octets:?}");
        }
    }
}
