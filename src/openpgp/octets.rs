//! Cutting octets off the front of a slice. If there are too few, the slice stays as it is.

/// Cuts `length` octets off.
pub(crate) fn take<'a>(input: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (octets, rest) = input.split_at_checked(length)?;
    *input = rest;
    Some(octets)
}

/// Cuts one octet off.
pub(crate) fn octet(input: &mut &[u8]) -> Option<u8> {
    array::<1>(input).map(|[octet]| octet)
}

/// Cuts an array of octets off.
pub(crate) fn array<const LENGTH: usize>(input: &mut &[u8]) -> Option<[u8; LENGTH]> {
    let (octets, rest) = input.split_first_chunk::<LENGTH>()?;
    *input = rest;
    Some(*octets)
}

/// Cuts a number of `WIDTH` octets off, the most significant first: at most 4.
pub(crate) fn number<const WIDTH: usize>(input: &mut &[u8]) -> Option<usize> {
    let value = array::<WIDTH>(input)?
        .iter()
        .fold(0_u32, |value, octet| (value << 8) | u32::from(*octet));
    usize::try_from(value).ok()
}

/// Cuts octets off that are preceded by their count, in `WIDTH` octets.
pub(crate) fn counted<'a, const WIDTH: usize>(input: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut rest = *input;
    let length = number::<WIDTH>(&mut rest)?;
    let octets = take(&mut rest, length)?;
    *input = rest;
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_gone() {
        let mut input = &b"\x01\x02\x03\x04\x05\0\x02abrest"[..];
        assert_eq!(octet(&mut input), Some(1));
        assert_eq!(array(&mut input), Some([2, 3]));
        assert_eq!(number::<2>(&mut input), Some(0x0405));
        assert_eq!(counted::<2>(&mut input), Some(&b"ab"[..]));
        assert_eq!(take(&mut input, 4), Some(&b"rest"[..]));
        assert_eq!(input, b"");
    }

    #[test]
    fn what_is_not_whole_stays() {
        let mut input = &b"\0\x03ab"[..];
        assert_eq!(array::<5>(&mut input), None);
        assert_eq!(take(&mut input, 5), None);
        assert_eq!(counted::<2>(&mut input), None);
        assert_eq!(counted::<4>(&mut input), None);
        assert_eq!(input, b"\0\x03ab");
        assert_eq!(octet(&mut &b""[..]), None);
        assert_eq!(
            number::<4>(&mut &b"\xFF\xFF\xFF\xFF"[..]),
            usize::try_from(u32::MAX).ok()
        );
    }
}
