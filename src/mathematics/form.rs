//! What keys and signatures are of the form that their algorithm has. It is asked before any library calculates, for the
//! libraries differ in what of it they look at.

use super::calculation::Curve;
use super::octets::{integer, is_less, is_odd};

/// A signature has as many octets as the modulus, and is less (RFC 8017, section 8.2.2, steps 1 and 2b).
pub(super) fn rsa_signature(n: &[u8], signature: &[u8]) -> bool {
    signature.len() == integer(n).len() && is_less(signature, n)
}

/// Primes are odd, and generator and value are of the group without 1, of which every power is 1 again. That both are in the
/// subgroup, the library sees.
pub(super) fn dsa_key([p, q, g, y]: [&[u8]; 4]) -> bool {
    let in_group = |element| is_less(&[1], element) && is_less(element, p);
    is_odd(p) && is_odd(q) && is_less(&[1], q) && is_less(q, p) && in_group(g) && in_group(y)
}

/// Both integers are from 1 to the order of the group, without that (FIPS 186-4, section 4.7).
pub(super) fn dsa_signature(q: &[u8], r: &[u8], s: &[u8]) -> bool {
    [r, s]
        .iter()
        .all(|value| !integer(value).is_empty() && is_less(value, q))
}

/// An uncompressed point (SEC 1, section 2.3.3). That it is on the curve, the library sees.
pub(super) fn point(curve: Curve, octets: &[u8]) -> bool {
    let coordinates = octets.strip_prefix(&[4]);
    coordinates.is_some_and(|octets| octets.len() == curve.octets().saturating_mul(2))
}

/// Neither the key nor the first half of the signature is a point of small order, and the second half is not zero: by those,
/// anybody signs for a key that is one, or everybody's message. RFC 8032 leaves that to who verifies.
pub(super) fn ed448(public: &[u8], signature: &[u8]) -> bool {
    let parts = (public.len() == 57).then(|| signature.split_at_checked(57));
    parts.flatten().is_some_and(|(point, scalar)| {
        scalar.len() == 57
            && scalar.iter().any(|octet| *octet != 0)
            && ![public, point].into_iter().any(has_small_order_on_ed448)
    })
}

/// The points of Ed448 with the order 1, 2 or 4 have the second coordinate 1, -1 or 0; the octet after it is for the sign of
/// the first.
fn has_small_order_on_ed448(point: &[u8]) -> bool {
    let coordinate = point.get(..56).unwrap_or_default();
    let ends_in = |first: u8, octets: &[u8]| coordinate.split_first() == Some((&first, octets));
    let (low, high) = ([0xFF; 27], [0xFF; 27]);
    ends_in(0, &[0; 55])
        || ends_in(1, &[0; 55])
        || ends_in(0xFE, &[&low[..], &[0xFE], &high].concat())
}
