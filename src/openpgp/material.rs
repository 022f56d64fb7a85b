//! What a public key is made of, by its algorithm (RFC 9580, section 5.5.5, and RFC 9980): numbers, points on curves, or
//! octets.

use super::algorithm::{Curve, PublicKeyAlgorithm};
use super::integer::{Natural, counted, integer};
use super::sizes::Sizes;

/// The numbers and octets of a public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Material {
    /// Modulus and exponent.
    Rsa {
        n: Natural,
        e: Natural,
    },
    /// Prime, order of the group, generator and public value.
    Dsa {
        p: Natural,
        q: Natural,
        g: Natural,
        y: Natural,
    },
    /// The prime. Such keys sign nothing, so the rest is not kept.
    Elgamal {
        p: Natural,
    },
    /// A curve and a point on it, as the octets that stand for it; the same below.
    Ecdh {
        curve: Curve,
        point: Natural,
    },
    Ecdsa {
        curve: Curve,
        point: Natural,
    },
    EdDsaLegacy {
        curve: Curve,
        point: Natural,
    },
    /// As many octets as the algorithm has, with a form that only it knows.
    Octets(Box<[u8]>),
    /// Octets of an algorithm that is not known, or others than its algorithm has.
    Unknown,
}

impl Material {
    /// Reads all of these octets; `None` if they are not those of such a key, of which nothing is left over.
    pub(crate) fn of(algorithm: PublicKeyAlgorithm, octets: &[u8]) -> Option<Self> {
        let mut rest = octets;
        let input = &mut rest;
        let material = match algorithm {
            PublicKeyAlgorithm::RsaEncryptOrSign
            | PublicKeyAlgorithm::RsaEncryptOnly
            | PublicKeyAlgorithm::RsaSignOnly => {
                let [n, e] = naturals(input)?;
                Self::Rsa { n, e }
            }
            PublicKeyAlgorithm::Dsa => {
                let [p, q, g, y] = naturals(input)?;
                Self::Dsa { p, q, g, y }
            }
            PublicKeyAlgorithm::ElgamalEncryptOnly | PublicKeyAlgorithm::ElgamalEncryptOrSign => {
                let [p, _g, _y] = naturals(input)?;
                Self::Elgamal { p }
            }
            PublicKeyAlgorithm::Ecdsa => {
                let (curve, point) = on_curve(input)?;
                Self::Ecdsa { curve, point }
            }
            PublicKeyAlgorithm::EdDsaLegacy => {
                let (curve, point) = on_curve(input)?;
                Self::EdDsaLegacy { curve, point }
            }
            PublicKeyAlgorithm::Ecdh => {
                let (curve, point) = on_curve(input)?;
                // How to derive a key, which nobody does here.
                counted(input)?;
                Self::Ecdh { curve, point }
            }
            PublicKeyAlgorithm::Other(_) => return Some(Self::Unknown),
            fixed => {
                let size = Sizes::fixed(fixed)?.key;
                return (octets.len() == size).then(|| Self::Octets(octets.into()));
            }
        };
        rest.is_empty().then_some(material)
    }

    /// The size of the key as people tell it: that of its modulus, its prime or its curve, in bits; `None` where
    /// the algorithm has a single one, or the curve is not known.
    pub(crate) fn bits(&self) -> Option<usize> {
        match self {
            Self::Rsa { n: number, .. }
            | Self::Dsa { p: number, .. }
            | Self::Elgamal { p: number } => Some(number.bits()),
            _ => self.curve()?.bits(),
        }
    }

    /// The curve that the key names, if it names one.
    pub(crate) fn curve(&self) -> Option<&Curve> {
        match self {
            Self::Ecdh { curve, .. }
            | Self::Ecdsa { curve, .. }
            | Self::EdDsaLegacy { curve, .. } => Some(curve),
            _ => None,
        }
    }
}

/// Cuts integers off, each in the form that section 3.2 of RFC 9580 prescribes: no octet of what is read could be another.
pub(super) fn naturals<const COUNT: usize>(input: &mut &[u8]) -> Option<[Natural; COUNT]> {
    let mut naturals = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        let written = integer(input).filter(|written| written.is_shortest())?;
        naturals.push(Natural::of(written.octets));
    }
    naturals.try_into().ok()
}

/// Cuts off the name of a curve, and a point on it.
fn on_curve(input: &mut &[u8]) -> Option<(Curve, Natural)> {
    let curve = Curve::of(counted(input)?);
    let [point] = naturals(input)?;
    Some((curve, point))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads what a key of the algorithm with this number is made of.
    fn read(number: u8, octets: &[u8]) -> Option<Material> {
        Material::of(PublicKeyAlgorithm::of(number), octets)
    }

    fn natural(value: u8) -> Natural {
        Natural::of(&[value])
    }

    /// The object identifier of NIST P-384, and a point.
    const P384: &[u8] = b"\x05\x2B\x81\x04\x00\x22\0\x0B\x04\x05";

    #[test]
    fn keys_of_numbers_are_read_by_their_algorithm() {
        for number in 1..=3 {
            let (n, e) = (natural(0x81), natural(3));
            let read = read(number, b"\0\x08\x81\0\x02\x03");
            assert_eq!(read, Some(Material::Rsa { n, e }), "{number}");
        }
        let [p, q, g, y] = [7, 3, 2, 4].map(natural);
        let octets = b"\0\x03\x07\0\x02\x03\0\x02\x02\0\x03\x04";
        assert_eq!(read(17, octets), Some(Material::Dsa { p, q, g, y }));
        for number in [16, 20] {
            let p = natural(7);
            let read = read(number, b"\0\x03\x07\0\x02\x03\0\x02\x02");
            assert_eq!(read, Some(Material::Elgamal { p }), "{number}");
        }
    }

    #[test]
    fn keys_on_curves_name_them() {
        let (curve, point) = (Curve::NistP384, Natural::of(&[4, 5]));
        let derivation = b"\x03\x01\x09\x08";
        assert_eq!(
            read(18, &[P384, derivation].concat()),
            Some(Material::Ecdh {
                curve: curve.clone(),
                point: point.clone()
            })
        );
        let ecdsa = read(19, P384);
        let bits = ecdsa.as_ref().and_then(Material::bits);
        assert_eq!(bits, Some(384));
        assert_eq!(ecdsa.as_ref().and_then(Material::curve), Some(&curve));
        assert_eq!(
            ecdsa,
            Some(Material::Ecdsa {
                curve: curve.clone(),
                point: point.clone()
            })
        );
        assert_eq!(read(22, P384), Some(Material::EdDsaLegacy { curve, point }));
        let unknown = read(19, b"\x03\x2B\x65\x71\0\x0B\x04\x05");
        let name = unknown.as_ref().and_then(Material::curve).map(Curve::name);
        assert_eq!(name.as_deref(), Some("Unknown curve 1.3.101.113"));
        assert_eq!(unknown.and_then(|material| material.bits()), None);
    }

    /// The key of RFC 9580, appendix A.1.
    #[test]
    fn the_sample_key_is_on_ed25519() {
        let octets = b"\x09\x2B\x06\x01\x04\x01\xDA\x47\x0F\x01\x01\x07\x40\x3F\x09\x89\x94\xBD\xD9\x16\xED\x40\x53\
            \x19\x79\x34\xE4\xA8\x7C\x80\x73\x3A\x12\x80\xD6\x2F\x80\x10\x99\x2E\x43\xEE\x3B\x24\x06";
        let Some(Material::EdDsaLegacy { curve, point }) = read(22, octets) else {
            panic!("it is not read");
        };
        assert_eq!(curve, Curve::Ed25519Legacy);
        let [0x40, 0x3F, 0x09, .., 0x24, 0x06] = point.octets() else {
            panic!("{point:?}");
        };
        assert_eq!(point.octets().len(), 33);
    }

    #[test]
    fn keys_of_octets_have_as_many_as_their_algorithm() {
        for number in 0..=u8::MAX {
            let Some(sizes) = Sizes::fixed(PublicKeyAlgorithm::of(number)) else {
                continue;
            };
            let octets = vec![9; sizes.key];
            let whole = read(number, &octets);
            assert_eq!(whole, Some(Material::Octets(octets.into())), "{number}");
            assert_eq!(whole.and_then(|material| material.bits()), None);
            assert_eq!(read(number, &vec![9; sizes.key + 1]), None, "{number}");
            assert_eq!(read(number, &vec![9; sizes.key - 1]), None, "{number}");
        }
    }

    #[test]
    fn of_an_unknown_algorithm_nothing_is_known() {
        for number in [0, 21, 24, 29, 37, 99, 255] {
            assert_eq!(read(number, b"anything"), Some(Material::Unknown));
        }
    }

    #[test]
    fn nothing_is_missing_and_nothing_left_over() {
        let derivation = b"\x03\x01\x09\x08";
        for (number, octets) in [
            (1, &b"\0\x08\x81\0\x02\x03"[..]),
            (17, b"\0\x03\x07\0\x02\x03\0\x02\x02\0\x03\x04"),
            (16, b"\0\x03\x07\0\x02\x03\0\x02\x02"),
            (18, &[P384, derivation].concat()),
            (19, P384),
            (22, P384),
        ] {
            assert!(read(number, octets).is_some(), "{number}");
            assert_eq!(read(number, &[octets, b"\0"].concat()), None, "{number}");
            for length in 0..octets.len() {
                let cut = octets.get(..length).unwrap();
                assert_eq!(read(number, cut), None, "{number} {length}");
            }
        }
    }

    #[test]
    fn integers_have_one_form() {
        for octets in [
            &b"\0\x08\x81\0\x02\x03"[..],
            b"\0\x08\x81\0\x01\x01",
            b"\0\0\0\0",
        ] {
            assert!(read(1, octets).is_some(), "{octets:?}");
        }
        for octets in [
            &b"\0\x10\0\x81\0\x02\x03"[..],
            b"\0\x08\x81\0\x03\x03",
            b"\0\x07\x81\0\x02\x03",
            b"\0\x08\0\0\x02\x03",
        ] {
            assert_eq!(read(1, octets), None, "{octets:?}");
        }
    }
}
