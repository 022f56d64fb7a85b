//! One-pass signature packets (RFC 9580, section 5.4), which announce a signature to readers of streams.

use super::octets::{array, counted, octet};

/// What such a packet says that has to be true of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OnePass<'a> {
    /// 3, which announces signatures before version 6, or 6.
    pub(crate) version: u8,
    /// The hash algorithm.
    pub(crate) hash: u8,
    /// What is hashed first; nothing in version 3.
    pub(crate) salt: &'a [u8],
}

impl<'a> OnePass<'a> {
    /// Reads a packet's body; `None` if its version is unknown, or it is not whole. Like GnuPG (`parse_onepass_sig` in its
    /// `parse-packet.c`), it looks at nothing behind version 3; version 6, which GnuPG does not read, has nothing behind it.
    pub(crate) fn of(body: &'a [u8]) -> Option<Self> {
        let mut rest = body;
        let [version, _kind, hash, _algorithm] = array(&mut rest)?;
        let salt = match version {
            3 => {
                let _key_id: [u8; 8] = array(&mut rest)?;
                &[][..]
            }
            6 => {
                let salt = counted::<1>(&mut rest)?;
                let _fingerprint: [u8; 32] = array(&mut rest)?;
                salt
            }
            _ => return None,
        };
        let _is_last = octet(&mut rest)?;
        (version == 3 || rest.is_empty()).then_some(Self {
            version,
            hash,
            salt,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION_3: &[u8] = b"\x03\0\x08\x16key IDID\x01";

    /// That of RFC 9580, appendix A.7.
    const VERSION_6: &[u8] = b"\x06\x01\x0A\x1B\x20\x76\x49\x5F\x50\x21\x88\x90\xF7\xF5\xE2\xEE\x3C\x18\x22\x51\x4F\x70\
        \x50\x0F\x55\x1D\x86\xE5\xC9\x21\xE4\x04\xE3\x4A\x53\xFB\xAC\xCB\x18\x6C\x4F\x06\x09\xA6\x97\xE4\xD5\x2D\xFA\
        \x6C\x72\x2B\x0C\x1F\x1E\x27\xC1\x8A\x56\x70\x8F\x65\x25\xEC\x27\xBA\xD9\xAC\xC9\x01";

    #[test]
    fn both_versions_say_how_to_hash() {
        assert_eq!(
            OnePass::of(VERSION_3),
            Some(OnePass {
                version: 3,
                hash: 8,
                salt: b"",
            })
        );
        let salt = VERSION_6.get(5..37).unwrap();
        assert_eq!(
            OnePass::of(VERSION_6),
            Some(OnePass {
                version: 6,
                hash: 10,
                salt,
            })
        );
    }

    #[test]
    fn what_is_not_whole_is_not_read() {
        for body in [VERSION_3, VERSION_6] {
            for length in 0..body.len() {
                let cut = body.get(..length).unwrap();
                assert_eq!(OnePass::of(cut), None, "{length}");
            }
        }
    }

    #[test]
    fn gnupg_looks_at_nothing_behind_version_3() {
        for (body, is_read) in [(VERSION_3, true), (VERSION_6, false)] {
            let longer = [body, b"!"].concat();
            assert_eq!(OnePass::of(&longer).is_some(), is_read, "{longer:?}");
        }
    }

    #[test]
    fn other_versions_are_not_known() {
        for version in (0..=u8::MAX).filter(|version| ![3, 6].contains(version)) {
            for body in [VERSION_3, VERSION_6] {
                let other = [&[version][..], body.get(1..).unwrap()].concat();
                assert_eq!(OnePass::of(&other), None, "{version}");
            }
        }
    }
}
