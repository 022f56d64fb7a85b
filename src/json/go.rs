//! How Go's `encoding/json` fills the fields of a struct, where containers/image lets it.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Go's `base64.StdEncoding`: padding is required, the bits that the last character has too many are ignored.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// Padding is optional and trailing bits are not looked at, as in libtrust.
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes a string into bytes, as Go does for a field of bytes; line breaks count as nothing.
pub(crate) fn decode_base64(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    let joined: String = text.split(['\r', '\n']).collect();
    BASE64.decode(joined)
}

/// Decodes base64url; line feeds and spaces in it do not count.
pub(crate) fn base64_url(text: &str) -> Option<Vec<u8>> {
    let text: String = text
        .chars()
        .filter(|character| !matches!(character, '\n' | ' '))
        .collect();
    BASE64_URL.decode(text).ok()
}

/// Whether a key is taken for the name of a field: letter case does not count, and by Unicode's simple folding neither
/// do the long s and the Kelvin sign. `name` is ASCII.
pub(crate) fn folds_to(key: &[u8], name: &str) -> bool {
    if key.is_ascii() {
        return key.eq_ignore_ascii_case(name.as_bytes());
    }
    let folded = String::from_utf8_lossy(key)
        .replace('\u{17f}', "s")
        .replace('\u{212a}', "k");
    folded.eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_as_in_go() {
        for (key, name, same) in [
            ("signatures", "signatures", true),
            ("SIGNATURES", "signatures", true),
            ("\u{17f}ignature\u{17f}", "signatures", true),
            ("jw\u{212a}", "jwk", true),
            ("signature", "signatures", false),
            ("signatures ", "signatures", false),
            ("\u{df}", "ss", false),
        ] {
            assert_eq!(folds_to(key.as_bytes(), name), same, "{key}");
        }
    }

    #[test]
    fn base64_decodes_as_in_go() {
        for text in ["YQ==", "YR==", "Y\r\nQ\n==\n"] {
            assert_eq!(decode_base64(text).unwrap(), b"a", "{text:?}");
        }
        for text in ["YQ", "YQ=", "Y Q==", "YQ==YQ==", "Y_=="] {
            assert!(decode_base64(text).is_err(), "{text:?}");
        }
    }
}
