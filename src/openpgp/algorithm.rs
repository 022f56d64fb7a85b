//! The names of public-key algorithms, as people write them and alike on every engine.

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
}
