//! The public keys in the headers of JWS signatures.
//!
//! No decision rests on these keys. But a manifest whose keys libtrust cannot read has no digest in containers/image,
//! so it must have none here.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::json::go::base64_url;

/// The beginnings of a DER `SubjectPublicKeyInfo` on the curves that libtrust knows, up to the coordinates (RFC 5480),
/// and the length of a coordinate.
const CURVES: [(&str, usize, &[u8]); 3] = [
    ("P-256", 32, b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04"),
    ("P-384", 48, b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04"),
    ("P-521", 66, b"\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81\x86\x00\x04"),
];

/// The DER `AlgorithmIdentifier` of an RSA key (RFC 3279).
const RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/// Whether libtrust could read a JSON Web Key as an EC or RSA public key. Whether a point lies on its curve is not checked.
pub(super) fn is_public_key(key: &Value) -> bool {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let bytes = |name: &str| text(name).and_then(base64_url);
    let encoded = match text("kty") {
        Some("EC") => {
            let curve = CURVES.iter().find(|(name, ..)| text("crv") == Some(name));
            match (curve, bytes("x"), bytes("y")) {
                (Some((_, length, prefix)), Some(x), Some(y))
                    if x.len() == *length && y.len() == *length =>
                {
                    [*prefix, &x, &y].concat()
                }
                _ => return false,
            }
        }
        Some("RSA") => match (bytes("n"), bytes("e")) {
            (Some(n), Some(e))
                if !n.is_empty() && matches!(e.len(), 1..=4) && key.get("d").is_none() =>
            {
                let numbers = der(0x30, &[integer(&n), integer(&e)].concat());
                der(
                    0x30,
                    &[RSA.to_vec(), der(0x03, &[vec![0], numbers].concat())].concat(),
                )
            }
            _ => return false,
        },
        _ => return false,
    };
    match key.get("kid") {
        None => true,
        Some(key_id) => key_id.as_str() == Some(libtrust_key_id(&encoded).as_str()),
    }
}

/// libtrust's name of a key: 240 bits of the SHA-256 of its DER encoding, in groups of four base32 digits.
fn libtrust_key_id(encoded: &[u8]) -> String {
    let hash = Sha256::digest(encoded);
    let mut key_id = String::new();
    for (group, bytes) in hash
        .iter()
        .copied()
        .take(30)
        .collect::<Vec<u8>>()
        .chunks(5)
        .enumerate()
    {
        let bits = bytes
            .iter()
            .fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        for (position, shift) in [35_u32, 30, 25, 20, 15, 10, 5, 0].into_iter().enumerate() {
            if position == 4 || (position == 0 && group > 0) {
                key_id.push(':');
            }
            let digit = u8::try_from((bits >> shift) & 31).unwrap_or_default();
            let letter = if digit < 26 {
                b'A'.saturating_add(digit)
            } else {
                b'2'.saturating_add(digit.saturating_sub(26))
            };
            key_id.push(char::from(letter));
        }
    }
    key_id
}

/// A DER value with its tag and length.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut encoded = vec![tag];
    match u8::try_from(content.len()) {
        Ok(length) if length < 0x80 => encoded.push(length),
        _ => {
            let length = content.len().to_be_bytes();
            let length: Vec<u8> = length
                .iter()
                .copied()
                .skip_while(|byte| *byte == 0)
                .collect();
            encoded.push(0x80 | u8::try_from(length.len()).unwrap_or_default());
            encoded.extend(length);
        }
    }
    encoded.extend_from_slice(content);
    encoded
}

/// A DER integer that is not negative, from big-endian bytes.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let significant: Vec<u8> = bytes
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect();
    match significant.first() {
        Some(first) if *first < 0x80 => der(0x02, &significant),
        _ => der(0x02, &[vec![0], significant].concat()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::is_public_key;

    /// The generator of P-256, and its key ID as calculated with Python.
    fn ec() -> Value {
        json!({"kty": "EC", "crv": "P-256", "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
               "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"})
    }

    fn with(mut key: Value, name: &str, value: Value) -> Value {
        key.as_object_mut().unwrap().insert(name.to_owned(), value);
        key
    }

    #[test]
    fn ec_keys() {
        assert!(is_public_key(&ec()));
        assert!(is_public_key(&with(
            ec(),
            "kid",
            json!("LTJF:F6YM:5CJS:INX2:7DGN:CBAJ:QG4J:5ZFN:NOP6:TYVC:W7TR:VLFS")
        )));
        assert!(is_public_key(&with(ec(), "unknown", json!([1]))));
        for (name, value) in [
            (
                "kid",
                json!("LTJF:F6YM:5CJS:INX2:7DGN:CBAJ:QG4J:5ZFN:NOP6:TYVC:W7TR:VLFA"),
            ),
            ("kid", json!("")),
            ("kid", json!(1)),
            ("kid", Value::Null),
            ("kty", json!("ec")),
            ("kty", json!("OKP")),
            ("crv", json!("P-384")),
            ("crv", json!("secp256k1")),
            ("x", json!("AQAB")),
            ("y", json!(1)),
        ] {
            assert!(
                !is_public_key(&with(ec(), name, value.clone())),
                "{name} {value}"
            );
        }
    }

    #[test]
    fn rsa_keys() {
        let modulus = |length: usize| json!(format!("{}A", "_".repeat(length * 4 - 1)));
        let rsa = |length: usize| json!({"kty": "RSA", "n": modulus(length), "e": "AQAB"});
        assert!(is_public_key(&rsa(1)));
        for (length, key_id) in [
            (
                1,
                "UQ57:XFZG:HPH3:L44D:4D7C:CCIT:YISC:Z262:GUX4:DOU2:BZIB:JKV5",
            ),
            (
                11,
                "EG7M:PNG3:JSL3:6P6T:ZTQP:IJ5I:LJ6A:SDOO:2DNT:ZVTY:UB4D:XKZS",
            ),
            (
                86,
                "JNH6:JYFR:Y4HL:IE2X:X2GF:NYCT:D4TU:7BZN:Y6AL:26SA:4VYV:7LIF",
            ),
        ] {
            assert!(
                is_public_key(&with(rsa(length), "kid", json!(key_id))),
                "{length}"
            );
        }
        for (name, value) in [
            (
                "kid",
                json!("UQ57:XFZG:HPH3:L44D:4D7C:CCIT:YISC:Z262:GUX4:DOU2:BZIB:JKV5"),
            ),
            ("n", json!("")),
            ("n", json!("*")),
            ("e", json!("")),
            ("e", json!(3)),
            ("d", json!("AQ")),
        ] {
            assert!(
                !is_public_key(&with(rsa(2), name, value.clone())),
                "{name} {value}"
            );
        }
        for key in [
            json!(null),
            json!([]),
            json!({}),
            json!({"kty": "RSA"}),
            json!({"kty": 1}),
        ] {
            assert!(!is_public_key(&key), "{key}");
        }
    }
}
