//! Integers in octets, the highest first.

/// An integer without zeros before it.
pub(super) fn integer(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}

/// How many bits an integer has; none of zero.
#[cfg(any(test, feature = "_openssl", feature = "sequoia", feature = "sigstore"))]
pub(super) fn bits(octets: &[u8]) -> usize {
    let octets = integer(octets);
    let unused = octets.first().map_or(0, |first| first.leading_zeros());
    let bits = octets.len().saturating_mul(8);
    bits.saturating_sub(usize::try_from(unused).unwrap_or(0))
}

/// Whether the first integer is less than the second.
#[cfg(feature = "_mathematics")]
pub(super) fn is_less(one: &[u8], other: &[u8]) -> bool {
    let [one, other] = [one, other].map(integer);
    (one.len(), one) < (other.len(), other)
}

/// Whether 1 is left when it is divided by 2.
pub(super) fn is_odd(octets: &[u8]) -> bool {
    octets.last().is_some_and(|last| last % 2 == 1)
}

/// The octets of an integer, after as many zeros as make them this many; `None` if it is larger.
#[cfg(feature = "_rustcrypto")]
pub(super) fn padded(octets: &[u8], length: usize) -> Option<Vec<u8>> {
    let octets = integer(octets);
    let mut padded = vec![0; length.checked_sub(octets.len())?];
    padded.extend_from_slice(octets);
    Some(padded)
}

/// An integer with this many bits, as few of them set as there can be.
#[cfg(any(test, feature = "_openssl", feature = "sequoia"))]
pub(super) fn of_size(bits: usize, odd: bool) -> Vec<u8> {
    let mut octets = vec![0; bits.div_ceil(8)];
    if let Some(first) = octets.first_mut() {
        *first = match bits % 8 {
            0 => 0x80,
            used => 0x80 >> 8_usize.saturating_sub(used),
        };
    }
    if let Some(last) = octets.last_mut().filter(|_| odd) {
        *last |= 1;
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_their_size() {
        for size in 1..=80 {
            let odd = of_size(size, true);
            assert_eq!((bits(&odd), is_odd(&odd)), (size, true));
            let other = of_size(size, false);
            // 1 is odd.
            assert_eq!((bits(&other), is_odd(&other)), (size, size == 1));
        }
        assert!(of_size(0, true).is_empty());
        assert_eq!(bits(&[0, 0, 5]), 3);
        assert_eq!(of_size(17, true), [1, 0, 1]);
    }
}
