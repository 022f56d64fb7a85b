//! Octets in hexadecimal digits.

const LOWER: &[u8; 16] = b"0123456789abcdef";
#[cfg(any(feature = "_openpgp", test))]
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

/// In lower case, as digests are written.
pub(crate) fn lower(octets: &[u8]) -> String {
    digits(octets, LOWER)
}

/// In upper case, as fingerprints are written.
#[cfg(feature = "_openpgp")]
pub(crate) fn upper(octets: &[u8]) -> String {
    digits(octets, UPPER)
}

fn digits(octets: &[u8], digits: &[u8; 16]) -> String {
    let digit = |value: u8| char::from(digits.get(usize::from(value)).copied().unwrap_or(b'?'));
    let mut text = String::with_capacity(octets.len().saturating_mul(2));
    for octet in octets {
        text.push(digit(octet >> 4));
        text.push(digit(octet & 0x0F));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_octet_is_two_digits() {
        let all: Vec<u8> = (0..=255).collect();
        let expected: String = all.iter().map(|octet| format!("{octet:02x}")).collect();
        assert_eq!(lower(&all), expected);
        assert_eq!(digits(&all, UPPER), expected.to_uppercase());
    }
}
