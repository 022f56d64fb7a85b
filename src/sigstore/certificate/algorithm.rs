//! How a certificate is signed (RFC 5280, section 4.1.1.2).

use std::fmt;

use super::oid::Oid;
use crate::mathematics::Hash;
use crate::sigstore::der::{DerError, Element, Elements, tag};

/// The algorithms by which a certificate counts, and any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SignatureAlgorithm {
    /// ECDSA, on any curve (RFC 5758).
    Ecdsa(Hash),
    /// RSA by PKCS #1, version 1.5 (RFC 4055).
    RsaPkcs1(Hash),
    /// RSA with the probabilistic scheme, the same hash for the mask, and a salt as long as its digest (RFC 4055).
    RsaPss(Hash),
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// One that proves nothing here, such as any with SHA-1.
    Other(Oid),
}

const ED25519: &[u8] = &[0x2B, 0x65, 0x70];
const RSA_PSS: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 10];
const MGF1: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 8];

const KNOWN: [(&[u8], SignatureAlgorithm); 6] = {
    use SignatureAlgorithm::{Ecdsa, RsaPkcs1};
    [
        (
            &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2],
            Ecdsa(Hash::Sha256),
        ),
        (
            &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3],
            Ecdsa(Hash::Sha384),
        ),
        (
            &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 4],
            Ecdsa(Hash::Sha512),
        ),
        (
            &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11],
            RsaPkcs1(Hash::Sha256),
        ),
        (
            &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 12],
            RsaPkcs1(Hash::Sha384),
        ),
        (
            &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 13],
            RsaPkcs1(Hash::Sha512),
        ),
    ]
};

/// The hash functions, and how many octets a digest has.
const HASHES: [(&[u8], Hash, u8); 3] = [
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1], Hash::Sha256, 32),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2], Hash::Sha384, 48),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3], Hash::Sha512, 64),
];

impl SignatureAlgorithm {
    /// The algorithm that the elements of an `AlgorithmIdentifier` name. Parameters that an algorithm has no use for are
    /// passed over, but with Ed25519 there must be none.
    ///
    /// # Errors
    ///
    /// [`DerError`] if they are not of one.
    pub(super) fn of(identifier: Elements<'_>) -> Result<Self, DerError> {
        let (oid, parameters) = parts(identifier)?;
        if oid.is(RSA_PSS) {
            let hash = parameters.and_then(|parameters| pss_hash(&parameters));
            return Ok(hash.map_or(Self::Other(oid), Self::RsaPss));
        }
        if oid.is(ED25519) && parameters.is_none() {
            return Ok(Self::Ed25519);
        }
        let known = KNOWN.into_iter().find(|(encoding, _)| oid.is(encoding));
        Ok(known.map_or(Self::Other(oid), |(_, algorithm)| algorithm))
    }
}

/// The object and the parameters of an `AlgorithmIdentifier`.
fn parts(mut identifier: Elements<'_>) -> Result<(Oid, Option<Element<'_>>), DerError> {
    let oid = Oid::read(&mut identifier)?;
    if identifier.is_empty() {
        return Ok((oid, None));
    }
    Ok((oid, Some(identifier.any()?)))
}

/// The hash function that these parameters of the probabilistic scheme name. No field but the last has a default here: theirs
/// is SHA-1.
fn pss_hash(parameters: &Element<'_>) -> Option<Hash> {
    let mut fields = Elements::of(parameters.whole).sequence().ok()?;
    let hash = named(inside(&mut fields, 0xA0)?)?;
    let (mask, mask_hash) = parts(inside(&mut fields, 0xA1)?.sequence().ok()?).ok()?;
    let mask_hash = named(Elements::of(mask_hash?.whole))?;
    let salt = number(inside(&mut fields, 0xA2)?)?;
    let trailer = match fields.next_tag() {
        Some(0xA3) => number(inside(&mut fields, 0xA3)?)?,
        _ => 1,
    };
    let (_, hash, octets) = HASHES
        .into_iter()
        .find(|(encoding, ..)| hash.is(encoding))?;
    let is_of_one_hash =
        mask.is(MGF1) && mask_hash.is(HASHES.iter().find(|known| known.1 == hash)?.0);
    (is_of_one_hash && salt == octets && trailer == 1).then_some(hash)
}

/// What is in the next element, which has this tag of the context.
fn inside<'a>(fields: &mut Elements<'a>, expected: u8) -> Option<Elements<'a>> {
    fields.expect(expected).ok().map(Elements::of)
}

/// The hash function that the one element, an `AlgorithmIdentifier`, names.
fn named(mut elements: Elements<'_>) -> Option<Oid> {
    let (oid, parameters) = parts(elements.sequence().ok()?).ok()?;
    let has_none = parameters.is_none_or(|parameters| parameters.whole == [tag::NULL, 0]);
    (elements.is_empty() && has_none).then_some(oid)
}

/// The one element, a number of few bits.
fn number(mut elements: Elements<'_>) -> Option<u8> {
    let number = elements.integer().ok()?.magnitude()?;
    match number {
        [number] if elements.is_empty() => Some(*number),
        _ => None,
    }
}

fn hash_name(hash: Hash) -> &'static str {
    match hash {
        Hash::Sha256 => "SHA-256",
        Hash::Sha384 => "SHA-384",
        Hash::Sha512 => "SHA-512",
        // No algorithm above has another one.
        _ => "another hash",
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ecdsa(hash) => write!(f, "ECDSA with {}", hash_name(*hash)),
            Self::RsaPkcs1(hash) => write!(f, "RSA with {}", hash_name(*hash)),
            Self::RsaPss(hash) => write!(f, "RSA-PSS with {}", hash_name(*hash)),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Other(oid) => match WEAK.iter().find(|(encoding, _)| oid.is(encoding)) {
                Some((_, name)) => f.write_str(name),
                None if oid.is(RSA_PSS) => f.write_str("RSA-PSS with unusual parameters"),
                None => write!(f, "the algorithm {oid}"),
            },
        }
    }
}

/// Names of what authorities used to sign with.
const WEAK: [(&[u8], &str); 5] = [
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 1], "ECDSA with SHA-1"),
    (
        &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 1],
        "ECDSA with SHA-224",
    ),
    (
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 4],
        "RSA with MD5",
    ),
    (
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 5],
        "RSA with SHA-1",
    ),
    (
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 14],
        "RSA with SHA-224",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigstore::der::write;

    fn oid(encoding: &[u8]) -> Vec<u8> {
        write(tag::OBJECT_IDENTIFIER, &[encoding])
    }

    fn algorithm(contents: &[u8]) -> SignatureAlgorithm {
        SignatureAlgorithm::of(Elements::of(contents)).unwrap()
    }

    #[test]
    fn algorithms_are_known_by_their_objects() {
        for (encoding, known) in KNOWN {
            assert_eq!(algorithm(&oid(encoding)), known);
            // Whatever the parameters.
            let odd = [&oid(encoding)[..], &[2, 1, 5, 5, 0]].concat();
            assert_eq!(algorithm(&odd), known);
        }
        assert_eq!(algorithm(&oid(ED25519)), SignatureAlgorithm::Ed25519);
        let with_parameters = [&oid(ED25519)[..], &[5, 0]].concat();
        assert!(matches!(
            algorithm(&with_parameters),
            SignatureAlgorithm::Other(_)
        ));
        for (encoding, name) in WEAK {
            let weak = algorithm(&oid(encoding));
            assert!(matches!(weak, SignatureAlgorithm::Other(_)));
            assert_eq!(weak.to_string(), name);
        }
        assert!(SignatureAlgorithm::of(Elements::of(&[5, 0])).is_err());
        let cut = [&oid(ED25519)[..], &[5]].concat();
        assert!(SignatureAlgorithm::of(Elements::of(&cut)).is_err());
    }

    /// Parameters: the hash, the mask and its hash, what is in its element the salt, and the rest.
    fn pss(hash: &[u8], mask: &[u8], mask_hash: &[u8], salt: &[u8], rest: &[u8]) -> Vec<u8> {
        let identifier =
            |object: &[u8], parameters: &[u8]| write(tag::SEQUENCE, &[&oid(object), parameters]);
        let mask = identifier(mask, &identifier(mask_hash, &[5, 0]));
        let fields = [
            write(0xA0, &[&identifier(hash, &[])]),
            write(0xA1, &[&mask]),
            write(0xA2, &[salt]),
        ];
        let fields = write(tag::SEQUENCE, &[&fields.concat(), rest]);
        [oid(RSA_PSS), fields].concat()
    }

    #[test]
    fn parameters_of_the_probabilistic_scheme_agree() {
        let [(sha256, ..), (sha384, ..), (sha512, ..)] = HASHES;
        for (contents, hash) in [
            (pss(sha256, MGF1, sha256, &[2, 1, 32], &[]), Hash::Sha256),
            (pss(sha384, MGF1, sha384, &[2, 1, 48], &[]), Hash::Sha384),
            (pss(sha512, MGF1, sha512, &[2, 1, 64], &[]), Hash::Sha512),
            (
                pss(sha256, MGF1, sha256, &[2, 1, 32], &[0xA3, 3, 2, 1, 1]),
                Hash::Sha256,
            ),
        ] {
            assert_eq!(algorithm(&contents), SignatureAlgorithm::RsaPss(hash));
        }
        let sha1 = &[0x2B, 14, 3, 2, 26][..];
        let identifier =
            |object: &[u8], parameters: &[u8]| write(tag::SEQUENCE, &[&oid(object), parameters]);
        let fields = [
            write(0xA0, &[&identifier(sha256, &[]), &[5, 0]]),
            write(0xA1, &[&identifier(MGF1, &identifier(sha256, &[5, 0]))]),
            write(0xA2, &[&[2, 1, 32]]),
        ];
        let behind_the_hash = [oid(RSA_PSS), write(tag::SEQUENCE, &[&fields.concat()])].concat();
        for contents in [
            pss(sha256, MGF1, sha256, &[2, 1, 20], &[]),
            pss(sha256, MGF1, sha256, &[2, 1, 48], &[]),
            pss(sha256, MGF1, sha256, &[2, 2, 1, 32], &[]),
            pss(sha256, MGF1, sha256, &[2, 1, 32, 5, 0], &[]),
            pss(sha256, MGF1, sha256, &[], &[]),
            pss(sha256, MGF1, sha384, &[2, 1, 32], &[]),
            pss(sha256, MGF1, sha1, &[2, 1, 32], &[]),
            pss(sha1, MGF1, sha1, &[2, 1, 20], &[]),
            pss(sha256, RSA_PSS, sha256, &[2, 1, 32], &[]),
            pss(sha256, MGF1, sha256, &[2, 1, 32], &[0xA3, 3, 2, 1, 2]),
            behind_the_hash,
            oid(RSA_PSS),
            [&oid(RSA_PSS)[..], &[5, 0]].concat(),
            [&oid(RSA_PSS)[..], &[0x30, 0]].concat(),
        ] {
            let algorithm = algorithm(&contents);
            assert!(
                matches!(algorithm, SignatureAlgorithm::Other(_)),
                "{contents:02x?}"
            );
            assert_eq!(algorithm.to_string(), "RSA-PSS with unusual parameters");
        }
    }
}
