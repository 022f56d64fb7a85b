//! Public-key algorithms, hash algorithms and curves by their numbers and object identifiers (RFC 9580, section 9), and the
//! names of public-key algorithms, as people write them and alike on every engine.

/// A public-key algorithm (RFC 9580, section 9.1, and RFC 9980).
#[cfg(feature = "_rules")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PublicKeyAlgorithm {
    RsaEncryptOrSign,
    RsaEncryptOnly,
    RsaSignOnly,
    ElgamalEncryptOnly,
    Dsa,
    Ecdh,
    Ecdsa,
    /// RFC 9580 reserves the number: keys of it both encrypted and signed.
    ElgamalEncryptOrSign,
    EdDsaLegacy,
    X25519,
    X448,
    Ed25519,
    Ed448,
    MlDsa65Ed25519,
    MlDsa87Ed448,
    SlhDsaShake128s,
    SlhDsaShake128f,
    SlhDsaShake256s,
    MlKem768X25519,
    MlKem1024X448,
    /// One with another number.
    Other(u8),
}

#[cfg(feature = "_rules")]
impl PublicKeyAlgorithm {
    /// Those that are known, with their numbers.
    const KNOWN: [(u8, Self); 20] = [
        (1, Self::RsaEncryptOrSign),
        (2, Self::RsaEncryptOnly),
        (3, Self::RsaSignOnly),
        (16, Self::ElgamalEncryptOnly),
        (17, Self::Dsa),
        (18, Self::Ecdh),
        (19, Self::Ecdsa),
        (20, Self::ElgamalEncryptOrSign),
        (22, Self::EdDsaLegacy),
        (25, Self::X25519),
        (26, Self::X448),
        (27, Self::Ed25519),
        (28, Self::Ed448),
        (30, Self::MlDsa65Ed25519),
        (31, Self::MlDsa87Ed448),
        (32, Self::SlhDsaShake128s),
        (33, Self::SlhDsaShake128f),
        (34, Self::SlhDsaShake256s),
        (35, Self::MlKem768X25519),
        (36, Self::MlKem1024X448),
    ];

    /// The algorithm with this number.
    pub(crate) fn of(number: u8) -> Self {
        let known = Self::KNOWN.iter().find(|(known, _)| *known == number);
        known.map_or(Self::Other(number), |(_, algorithm)| *algorithm)
    }

    /// Its number.
    pub(crate) fn number(self) -> u8 {
        if let Self::Other(number) = self {
            return number;
        }
        let known = Self::KNOWN.iter().find(|(_, known)| *known == self);
        known.map_or(0, |(number, _)| *number)
    }

    /// Whether its number has a name.
    pub(crate) fn is_known(self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// Whether its keys sign nothing: they are known, and not for that.
    pub(crate) fn only_encrypts(self) -> bool {
        matches!(
            self,
            Self::ElgamalEncryptOnly
                | Self::Ecdh
                | Self::X25519
                | Self::X448
                | Self::MlKem768X25519
                | Self::MlKem1024X448
        )
    }

    /// Whether RFC 9580 or a later document introduced it: those before it end at EdDSA, 22.
    pub(crate) fn is_of_rfc_9580(self) -> bool {
        self.number() > Self::EdDsaLegacy.number()
    }
}

/// A hash algorithm (RFC 9580, section 9.5).
#[cfg(feature = "_rules")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum HashAlgorithm {
    Md5,
    Sha1,
    Ripemd160,
    Sha256,
    Sha384,
    Sha512,
    Sha224,
    Sha3_256,
    Sha3_512,
    /// One with another number.
    Other(u8),
}

/// What there is to know about a hash algorithm.
#[cfg(feature = "_rules")]
struct HashFacts {
    number: u8,
    algorithm: HashAlgorithm,
    /// How many octets a digest has.
    digest: usize,
    /// How many octets the salt of a version 6 signature over it has, which some may not be under.
    salt: Option<usize>,
}

#[cfg(feature = "_rules")]
impl HashAlgorithm {
    /// Those that are known.
    const KNOWN: [HashFacts; 9] = [
        Self::Md5.has(1, 16, None),
        Self::Sha1.has(2, 20, None),
        Self::Ripemd160.has(3, 20, None),
        Self::Sha256.has(8, 32, Some(16)),
        Self::Sha384.has(9, 48, Some(24)),
        Self::Sha512.has(10, 64, Some(32)),
        Self::Sha224.has(11, 28, Some(16)),
        Self::Sha3_256.has(12, 32, Some(16)),
        Self::Sha3_512.has(14, 64, Some(32)),
    ];

    const fn has(self, number: u8, digest: usize, salt: Option<usize>) -> HashFacts {
        HashFacts {
            number,
            algorithm: self,
            digest,
            salt,
        }
    }

    fn facts(self) -> Option<&'static HashFacts> {
        Self::KNOWN.iter().find(|facts| facts.algorithm == self)
    }

    /// The algorithm with this number.
    pub(crate) fn of(number: u8) -> Self {
        let known = Self::KNOWN.iter().find(|facts| facts.number == number);
        known.map_or(Self::Other(number), |facts| facts.algorithm)
    }

    /// Its number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Other(number) => number,
            known => known.facts().map_or(0, |facts| facts.number),
        }
    }

    /// Whether its number has a name.
    pub(crate) fn is_known(self) -> bool {
        self.facts().is_some()
    }

    /// How many octets a digest has, if it is known.
    pub(crate) fn digest_size(self) -> Option<usize> {
        self.facts().map(|facts| facts.digest)
    }

    /// How many octets the salt of a version 6 signature has, if it may be over such a digest.
    pub(crate) fn salt_size(self) -> Option<usize> {
        self.facts()?.salt
    }
}

/// A curve (RFC 9580, section 9.2).
#[cfg(feature = "_rules")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    NistP256,
    NistP384,
    NistP521,
    BrainpoolP256r1,
    BrainpoolP384r1,
    BrainpoolP512r1,
    Ed25519Legacy,
    Curve25519Legacy,
    /// 1.3.132.0.10, which is in no RFC on OpenPGP: GnuPG calculates with it.
    Secp256k1,
    /// One with another object identifier.
    Other(Box<[u8]>),
}

#[cfg(feature = "_rules")]
impl Curve {
    /// Those that are known: with their object identifiers, the bits of their field, and their names as people write them.
    const KNOWN: [(Self, &'static [u8], usize, &'static str); 9] = [
        (
            Self::NistP256,
            &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7],
            256,
            "NIST P-256",
        ),
        (Self::NistP384, &[0x2B, 0x81, 4, 0, 0x22], 384, "NIST P-384"),
        (Self::NistP521, &[0x2B, 0x81, 4, 0, 0x23], 521, "NIST P-521"),
        (
            Self::BrainpoolP256r1,
            &[0x2B, 0x24, 3, 3, 2, 8, 1, 1, 7],
            256,
            "Brainpool P-256",
        ),
        (
            Self::BrainpoolP384r1,
            &[0x2B, 0x24, 3, 3, 2, 8, 1, 1, 11],
            384,
            "Brainpool P-384",
        ),
        (
            Self::BrainpoolP512r1,
            &[0x2B, 0x24, 3, 3, 2, 8, 1, 1, 13],
            512,
            "Brainpool P-512",
        ),
        (
            Self::Ed25519Legacy,
            &[0x2B, 6, 1, 4, 1, 0xDA, 0x47, 0x0F, 1],
            256,
            "Ed25519",
        ),
        (
            Self::Curve25519Legacy,
            &[0x2B, 6, 1, 4, 1, 0x97, 0x55, 1, 5, 1],
            256,
            "Curve25519",
        ),
        (Self::Secp256k1, &[0x2B, 0x81, 4, 0, 0x0A], 256, "secp256k1"),
    ];

    /// The curve with this object identifier.
    pub(crate) fn of(identifier: &[u8]) -> Self {
        let mut known = Self::KNOWN.into_iter();
        known
            .find(|(_, known, ..)| *known == identifier)
            .map_or_else(|| Self::Other(identifier.into()), |(curve, ..)| curve)
    }

    /// Its object identifier.
    pub(crate) fn identifier(&self) -> &[u8] {
        if let Self::Other(identifier) = self {
            return identifier;
        }
        let known = Self::KNOWN.iter().find(|(known, ..)| known == self);
        known.map_or(&[], |(_, identifier, ..)| *identifier)
    }

    /// How many bits its field has, if it is known.
    pub(crate) fn bits(&self) -> Option<usize> {
        let known = Self::KNOWN.iter().find(|(known, ..)| known == self);
        known.map(|(_, _, bits, _)| *bits)
    }

    /// Its name, as people write it: `NIST P-256`.
    pub(crate) fn name(&self) -> String {
        match Self::KNOWN.iter().find(|(known, ..)| known == self) {
            Some((.., name)) => (*name).to_owned(),
            None => format!("Unknown curve {}", dotted(self.identifier())),
        }
    }
}

/// An object identifier in the notation that people write: its arcs, divided by dots (X.690, section 8.19).
#[cfg(feature = "_rules")]
fn dotted(identifier: &[u8]) -> String {
    let Some((first, rest)) = identifier.split_first() else {
        return "[invalid]".to_owned();
    };
    let mut written = format!("{}.{}", first / 40, first % 40);
    let mut arc = 0_u64;
    for octet in rest {
        arc = arc << 7 | u64::from(octet & 0x7F);
        if octet & 0x80 == 0 {
            written.push_str(&format!(".{arc}"));
            arc = 0;
        }
    }
    written
}

/// The name of the public-key algorithm with this number (RFC 9580, section 9.1, and RFC 9980), with the size of the
/// key or its curve: `RSA 4096`, `ECDSA NIST P-256`. `curve`: by its name, as [`curve_of_gpg`] writes it.
pub(crate) fn name(number: u8, bits: usize, curve: Option<&str>) -> String {
    let on_curve = |name: &str| match curve {
        Some(curve) => format!("{name} {curve}"),
        None => name.to_owned(),
    };
    match number {
        1..=3 => format!("RSA {bits}"),
        16 | 20 => format!("ElGamal {bits}"),
        17 => format!("DSA {bits}"),
        18 => on_curve("ECDH"),
        19 => on_curve("ECDSA"),
        22 => match curve {
            Some(curve @ ("Ed25519" | "Ed448")) => curve.to_owned(),
            _ => on_curve("EdDSA"),
        },
        27 => "Ed25519".to_owned(),
        28 => "Ed448".to_owned(),
        30 => "ML-DSA-65 with Ed25519".to_owned(),
        31 => "ML-DSA-87 with Ed448".to_owned(),
        other => format!("the public-key algorithm {other}"),
    }
}

/// The name of a curve, as people write it, by the name that GnuPG has for it (`oidtable` in its
/// `common/openpgp-oid.c`): `NIST P-256` for `nistp256`.
#[cfg(feature = "_gnupg")]
pub(crate) fn curve_of_gpg(name: &str) -> &str {
    match name {
        "nistp256" => "NIST P-256",
        "nistp384" => "NIST P-384",
        "nistp521" => "NIST P-521",
        "brainpoolP256r1" => "Brainpool P-256",
        "brainpoolP384r1" => "Brainpool P-384",
        "brainpoolP512r1" => "Brainpool P-512",
        "ed25519" => "Ed25519",
        "ed448" => "Ed448",
        "cv25519" => "Curve25519",
        "cv448" => "X448",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_have_the_names_that_people_write() {
        for (number, bits, curve, written) in [
            (1, 4096, None, "RSA 4096"),
            (17, 3072, None, "DSA 3072"),
            (19, 256, Some("NIST P-256"), "ECDSA NIST P-256"),
            (19, 256, None, "ECDSA"),
            (22, 255, Some("Ed25519"), "Ed25519"),
            (22, 255, None, "EdDSA"),
            (27, 256, None, "Ed25519"),
            (99, 0, None, "the public-key algorithm 99"),
        ] {
            assert_eq!(name(number, bits, curve), written);
        }
    }

    #[cfg(feature = "_rules")]
    #[test]
    fn every_number_is_that_of_its_algorithm() {
        for number in 0..=u8::MAX {
            let key = PublicKeyAlgorithm::of(number);
            assert_eq!(key.number(), number);
            let known = matches!(number, 1..=3 | 16..=20 | 22 | 25..=28 | 30..=36);
            assert_eq!(key.is_known(), known, "{number}");
            let hash = HashAlgorithm::of(number);
            assert_eq!(hash.number(), number);
            let known = matches!(number, 1..=3 | 8..=12 | 14);
            assert_eq!(hash.is_known(), known, "{number}");
        }
    }

    #[cfg(feature = "_rules")]
    #[test]
    fn curves_are_known_by_their_object_identifiers() {
        for (identifier, bits, name) in [
            (&[0x2B, 0x81, 4, 0, 0x23][..], Some(521), "NIST P-521"),
            (&[0x2B, 0x81, 4, 0, 0x0A], Some(256), "secp256k1"),
            (&[0x2B, 0x65, 0x71], None, "Unknown curve 1.3.101.113"),
            (
                &[0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x82, 0x2D],
                None,
                "Unknown curve 1.2.156.10197.1.301",
            ),
            (&[], None, "Unknown curve [invalid]"),
        ] {
            let curve = Curve::of(identifier);
            assert_eq!(curve.identifier(), identifier);
            assert_eq!(curve.bits(), bits);
            assert_eq!(curve.name(), name);
        }
    }
}
