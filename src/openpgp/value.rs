//! What a signature's algorithm has calculated: the last part of its packet (RFC 9580, sections 5.2.3.1 to 5.2.3.5, and
//! RFC 9980).

use super::algorithm::PublicKeyAlgorithm;
use super::integer::Natural;
use super::material::naturals;
use super::sizes::Sizes;

/// The numbers or octets of a signature.
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
    /// A point and a scalar, each as the integer that its octets would be, whatever their order. No signature of
    /// version 6 has this form.
    EdDsaLegacy {
        r: Natural,
        s: Natural,
    },
    /// As many octets as signatures by this algorithm have.
    Octets {
        algorithm: PublicKeyAlgorithm,
        octets: Box<[u8]>,
    },
}

impl Value {
    /// Reads all of the octets that a signature of version 6 by this algorithm ends with; `None` if they are not of
    /// its form, or no such signature is allowed: by keys that only encrypt, or on curves under the names that
    /// RFC 9580, section 9.2, leaves to version 4.
    pub(crate) fn of_version_6(algorithm: PublicKeyAlgorithm, octets: &[u8]) -> Option<Self> {
        let mut rest = octets;
        let value = match algorithm {
            PublicKeyAlgorithm::RsaEncryptOrSign | PublicKeyAlgorithm::RsaSignOnly => {
                let [s] = naturals(&mut rest)?;
                Self::Rsa { s }
            }
            PublicKeyAlgorithm::Dsa => {
                let [r, s] = naturals(&mut rest)?;
                Self::Dsa { r, s }
            }
            PublicKeyAlgorithm::Ecdsa => {
                let [r, s] = naturals(&mut rest)?;
                Self::Ecdsa { r, s }
            }
            fixed => {
                let size = Sizes::fixed(fixed)?.signature?;
                return (octets.len() == size).then(|| Self::Octets {
                    algorithm,
                    octets: octets.into(),
                });
            }
        };
        rest.is_empty().then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the value of a signature by the algorithm with this number.
    fn read(number: u8, octets: &[u8]) -> Option<Value> {
        Value::of_version_6(PublicKeyAlgorithm::of(number), octets)
    }

    const TWO: &[u8] = b"\0\x02\x03\0\x09\x01\x07";

    #[test]
    fn integers_are_read_by_the_algorithm() {
        let s = Natural::of(&[0x81]);
        for number in [1, 3] {
            let value = Value::Rsa { s: s.clone() };
            assert_eq!(read(number, b"\0\x08\x81"), Some(value), "{number}");
        }
        let [r, s] = [Natural::of(&[3]), Natural::of(&[1, 7])];
        let (one, two) = (r.clone(), s.clone());
        assert_eq!(read(17, TWO), Some(Value::Dsa { r: one, s: two }));
        assert_eq!(read(19, TWO), Some(Value::Ecdsa { r, s }));
    }

    #[test]
    fn nothing_is_missing_and_nothing_left_over() {
        for (number, octets) in [(1, &b"\0\x08\x81"[..]), (17, TWO), (19, TWO)] {
            assert_eq!(read(number, &[octets, b"\0"].concat()), None, "{number}");
            for length in 0..octets.len() {
                let cut = octets.get(..length).unwrap();
                assert_eq!(read(number, cut), None, "{number} {length}");
            }
        }
        // Nor is an integer in a longer form.
        assert_eq!(read(1, b"\0\x10\0\x81"), None);
        assert_eq!(read(1, b"\0\x09\x81"), None);
    }

    #[test]
    fn octets_are_as_many_as_the_algorithm_makes() {
        for number in 0..=u8::MAX {
            let algorithm = PublicKeyAlgorithm::of(number);
            let Some(size) = Sizes::fixed(algorithm).and_then(|sizes| sizes.signature) else {
                continue;
            };
            let octets = vec![9; size];
            let whole = Value::Octets {
                algorithm,
                octets: octets.clone().into(),
            };
            assert_eq!(read(number, &octets), Some(whole), "{number}");
            assert_eq!(read(number, &vec![9; size + 1]), None, "{number}");
            assert_eq!(read(number, &vec![9; size - 1]), None, "{number}");
        }
    }

    #[test]
    fn no_signature_is_by_what_only_encrypts_or_is_left_to_version_4() {
        for number in [0, 2, 16, 18, 20, 22, 25, 26, 35, 36, 99] {
            for octets in [&b""[..], b"\0\x08\x81", TWO, &[9; 64]] {
                assert_eq!(read(number, octets), None, "{number} {octets:?}");
            }
        }
    }
}
