//! The secret part of a key packet of version 4 (RFC 9580, section 5.5.3), as far as GnuPG reads it before
//! it takes the public part: `parse_key` in its `parse-packet.c`.

use super::integer::integer;

/// Which GnuPG can read a secret part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadBy {
    /// Every release.
    All,
    /// Either 2.2 or 2.4, but not both.
    Some,
    /// None: what is missing, or how it is protected, is damage to all.
    None,
}

/// The releases between which the reading differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Release {
    /// 2.2.
    Older,
    /// 2.4.
    Newer,
}

/// Who can read the secret part of a key of this algorithm.
pub(crate) fn read_by(algorithm: u8, secret: &[u8]) -> ReadBy {
    let read = |release| read(algorithm, secret, release).is_some();
    match (read(Release::Older), read(Release::Newer)) {
        (true, true) => ReadBy::All,
        (false, false) => ReadBy::None,
        _ => ReadBy::Some,
    }
}

fn read(algorithm: u8, secret: &[u8], release: Release) -> Option<()> {
    let (&usage, rest) = secret.split_first()?;
    match usage {
        0 => unprotected(algorithm, rest, release),
        // AEAD of RFC 9580, which GnuPG 2.2 takes for a cipher.
        253 if release == Release::Newer => None,
        254 | 255 => protected(rest, release),
        cipher => encrypted(cipher, rest),
    }
}

/// The integers and their checksum, which is not compared.
fn unprotected(algorithm: u8, mut rest: &[u8], release: Release) -> Option<()> {
    let (count, of_curve) = match algorithm {
        1..=3 => (4, false),
        16 | 17 | 20 => (1, false),
        18 | 19 | 22 => (1, true),
        _ => return Some(()),
    };
    for _ in 0..count {
        let integer = integer(&mut rest)?;
        // GnuPG 2.4 terminates at it.
        if of_curve && integer.is_empty() && release == Release::Newer {
            return None;
        }
    }
    rest.first_chunk::<2>().map(|_checksum| ())
}

/// A way to make a key from a passphrase (RFC 9580, section 3.7.1), or one of GnuPG's own.
fn protected(rest: &[u8], release: Release) -> Option<()> {
    let (&[cipher, mode, _hash], rest) = rest.split_first_chunk::<3>()?;
    match mode {
        0 => encrypted(cipher, rest),
        // Salt, and how often.
        1 => encrypted(cipher, rest.get(8..)?),
        3 => encrypted(cipher, rest.get(9..)?),
        101 => {
            let (&[b'G', b'N', b'U', own], rest) = rest.split_first_chunk::<4>()? else {
                return None;
            };
            match own {
                // The secret is not there.
                1 => Some(()),
                // It is on a card, whose number follows.
                2 => {
                    let (&length, number) = rest.split_first()?;
                    number.get(..usize::from(length)).map(|_number| ())
                }
                // It is in the agent's own format.
                3 if release == Release::Newer => rest.first_chunk::<2>().map(|_secret| ()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// An initialization vector as long as the cipher's block, and two octets at least.
fn encrypted(cipher: u8, rest: &[u8]) -> Option<()> {
    let vector = match cipher {
        7..=13 => 16,
        // Also of ciphers that it does not know.
        _ => 8,
    };
    let secret = rest.get(vector..)?;
    secret.first_chunk::<2>().map(|_secret| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A secret part that ends in this many octets.
    fn ending(beginning: &[u8], octets: usize) -> Vec<u8> {
        [beginning, &vec![7; octets]].concat()
    }

    #[test]
    fn unprotected_secrets_must_be_whole() {
        for (algorithm, secret, by) in [
            (22, &b""[..], ReadBy::None),
            (22, b"\0", ReadBy::None),
            (22, b"\0\0\x01\x01cs", ReadBy::All),
            (22, b"\0\0\x01\x01c", ReadBy::None),
            (22, b"\0\0\x09\x01c", ReadBy::None),
            (22, b"\0\0\0cs", ReadBy::Some),
            (17, b"\0\0\0cs", ReadBy::All),
            (1, b"\0\0\x01\x01cs", ReadBy::None),
            (
                1,
                b"\0\0\x01\x01\0\x01\x01\0\x01\x01\0\x01\x01cs",
                ReadBy::All,
            ),
        ] {
            assert_eq!(read_by(algorithm, secret), by, "{algorithm} {secret:?}");
        }
    }

    #[test]
    fn protected_secrets_have_their_salt_and_vector() {
        for (beginning, least) in [
            (&b"\x07"[..], 18),
            (b"\x03", 10),
            (b"\xFE\x09\0\x08", 18),
            (b"\xFF\x03\0\x08", 10),
            (b"\xFE\x09\x01\x08", 26),
            (b"\xFE\x09\x03\x08", 27),
        ] {
            let read_by = |octets| read_by(1, &ending(beginning, octets));
            assert_eq!(read_by(least), ReadBy::All, "{beginning:?}");
            assert_eq!(read_by(least - 1), ReadBy::None, "{beginning:?}");
        }
    }

    #[test]
    fn unknown_protection_is_damage() {
        for (secret, by) in [
            (&b"\xFE\x09\x02\x08"[..], ReadBy::None),
            (b"\xFE\x09\x04\x08", ReadBy::None),
            (b"\xFF\0\x65\0GNU\x01", ReadBy::All),
            (b"\xFF\0\x65\0GNU\x02\0", ReadBy::All),
            (b"\xFF\0\x65\0GNU\x02\x01", ReadBy::None),
            (b"\xFF\0\x65\0GNU\x02", ReadBy::None),
            (b"\xFF\0\x65\0GNU\x03()", ReadBy::Some),
            (b"\xFF\0\x65\0GNU\x09", ReadBy::None),
            (b"\xFF\0\x65\0GNX\x01", ReadBy::None),
            (b"\xFD\x09\x02\x03\x08", ReadBy::None),
            (b"\xFF\0", ReadBy::None),
        ] {
            let secret = match secret {
                [0xFE, ..] => ending(secret, 40),
                _ => secret.to_vec(),
            };
            assert_eq!(read_by(1, &secret), by, "{secret:?}");
        }
        assert_eq!(read_by(1, &ending(b"\xFD", 30)), ReadBy::Some);
    }
}
