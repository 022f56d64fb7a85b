//! Which keys gpg can write into its keyring: it names each by its "keygrip", which libgcrypt computes for keys on the
//! curves that it knows. At a key for which it cannot, gpg stops reading the file, once it has read the whole key and
//! dropped the subkeys that nothing binds.

use crate::openpgp::algorithm::Curve;
use crate::openpgp::integer::Natural;
use crate::openpgp::key::PublicKey;
use crate::openpgp::material::Material;

/// The curves that libgcrypt 1.10 and later know by their object identifiers (`cipher/ecc-curves.c`), but Ed25519
/// and Curve25519, with the octets of a coordinate where they can have a compressed point.
const CURVES: [(&[u8], Option<usize>); 29] = [
    // Ed448 and X448.
    (&[0x2B, 0x65, 0x71], None),
    (&[0x2B, 0x65, 0x6F], None),
    // NIST P-192, P-224, P-256, P-384 and P-521.
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 1], Some(24)),
    (&[0x2B, 0x81, 4, 0, 0x21], None),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7], Some(32)),
    (&[0x2B, 0x81, 4, 0, 0x22], Some(48)),
    (&[0x2B, 0x81, 4, 0, 0x23], Some(66)),
    // Brainpool P160r1, P192r1, P224r1, P256r1, P320r1, P384r1 and P512r1.
    (&[0x2B, 0x24, 3, 3, 2, 8, 1, 1, 1], Some(20)),
    (&[0x2B, 0x24, 3, 3, 2, 8, 1, 1, 3], Some(24)),
    (&[0x2B, 0x24, 3, 3, 2, 8, 1, 1, 5], Some(28)),
    (&[0x2B, 0x24, 3, 3, 2, 8, 1, 1, 7], Some(32)),
    (&[0x2B, 0x24, 3, 3, 2, 8, 1, 1, 9], Some(40)),
    (&[0x2B, 0x24, 3, 3, 2, 8, 1, 1, 11], Some(48)),
    (&[0x2B, 0x24, 3, 3, 2, 8, 1, 1, 13], Some(64)),
    // GOST R 34.10-2001: test, A, B, C, and A and C for key exchange.
    (&[0x2A, 0x85, 3, 2, 2, 0x23, 0], None),
    (&[0x2A, 0x85, 3, 2, 2, 0x23, 1], Some(32)),
    (&[0x2A, 0x85, 3, 2, 2, 0x23, 2], None),
    (&[0x2A, 0x85, 3, 2, 2, 0x23, 3], Some(32)),
    (&[0x2A, 0x85, 3, 2, 2, 0x24, 0], Some(32)),
    (&[0x2A, 0x85, 3, 2, 2, 0x24, 1], Some(32)),
    // GOST R 34.10-2012: 256 bits, B, C and D, and 512 bits, test, A, B and C. It has a name for A of 256 bits,
    // and no curve.
    (&[0x2A, 0x85, 3, 7, 1, 2, 1, 1, 2], Some(32)),
    (&[0x2A, 0x85, 3, 7, 1, 2, 1, 1, 3], None),
    (&[0x2A, 0x85, 3, 7, 1, 2, 1, 1, 4], Some(32)),
    (&[0x2A, 0x85, 3, 7, 1, 2, 1, 2, 0], Some(64)),
    (&[0x2A, 0x85, 3, 7, 1, 2, 1, 2, 1], Some(64)),
    (&[0x2A, 0x85, 3, 7, 1, 2, 1, 2, 2], Some(64)),
    (&[0x2A, 0x85, 3, 7, 1, 2, 1, 2, 3], Some(64)),
    // secp256k1 and sm2p256v1.
    (&[0x2B, 0x81, 4, 0, 0x0A], Some(32)),
    (&[0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x82, 0x2D], Some(32)),
];

/// The names of Ed25519 and Curve25519 in RFC 8410.
const OF_RFC_8410: [&[u8]; 2] = [&[0x2B, 0x65, 0x70], &[0x2B, 0x65, 0x6E]];

/// Whether gpg can write the key. Keys with an algorithm that it does not know need no keygrip, and keys that are not
/// on curves always have one.
pub(crate) fn exists(key: &PublicKey) -> bool {
    match key.material() {
        // Here compressed points are the rule, and none is decompressed.
        // Case: damaged-packets-curve-unknown-eddsa-itself
        Material::EdDsaLegacy { curve, .. } => coordinate(curve).is_some(),
        Material::Ecdh {
            curve: Curve::Curve25519Legacy,
            ..
        } => true,
        Material::Ecdsa { curve, point } | Material::Ecdh { curve, point } => {
            // Case: damaged-packets-curve-nistp224-compressed-itself
            coordinate(curve)
                .is_some_and(|octets| !is_compressed(point) || octets == Some(length(point)))
        }
        _ => true,
    }
}

/// Of a curve that libgcrypt knows: the octets of a coordinate, if it can have a compressed point.
fn coordinate(curve: &Curve) -> Option<Option<usize>> {
    if matches!(curve, Curve::Ed25519Legacy | Curve::Curve25519Legacy)
        || OF_RFC_8410.contains(&curve.identifier())
    {
        return Some(None);
    }
    let mut curves = CURVES.iter();
    let known = curves.find(|(identifier, _)| *identifier == curve.identifier());
    known.map(|(_, octets)| *octets)
}

/// Whether libgcrypt tries to decompress the point (SEC 1, section 2.3.4).
fn is_compressed(point: &Natural) -> bool {
    matches!(point.octets(), [2 | 3, _, ..])
}

/// The octets after the first one.
fn length(point: &Natural) -> usize {
    point.octets().len().saturating_sub(1)
}
