//! What a one-pass signature packet announces (RFC 9580, section 5.4).

use super::octets::{array, counted};

/// A one-pass signature packet of version 3 or 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OnePass<'a> {
    pub(crate) version: u8,
    /// The hash algorithm.
    pub(crate) hash: u8,
    /// The salt of version 6; empty in version 3.
    pub(crate) salt: &'a [u8],
}

impl<'a> OnePass<'a> {
    /// Reads a packet's body; `None` if it is not one of these, or has more or less octets.
    pub(crate) fn of(body: &'a [u8]) -> Option<Self> {
        let mut rest = body;
        let [version, _kind, hash, _algorithm] = array(&mut rest)?;
        let salt = match version {
            3 => {
                let _key_id: [u8; 8] = array(&mut rest)?;
                &[]
            }
            6 => {
                let salt = counted::<1>(&mut rest)?;
                let _fingerprint: [u8; 32] = array(&mut rest)?;
                salt
            }
            _ => return None,
        };
        let [_is_last] = array(&mut rest)?;
        rest.is_empty().then_some(Self {
            version,
            hash,
            salt,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_octet_is_where_it_must_be() {
        let version_3 = [&[3, 0, 8, 1][..], &[7; 8], &[1]].concat();
        let version_6 = [&[6, 0, 10, 27, 2, 8, 9][..], &[7; 32], &[1]].concat();
        for (body, version, hash, salt) in
            [(&version_3, 3, 8, &[][..]), (&version_6, 6, 10, &[8, 9])]
        {
            let read = OnePass {
                version,
                hash,
                salt,
            };
            assert_eq!(OnePass::of(body), Some(read));
            let shorter = body.split_last().map_or(&[][..], |(_, shorter)| shorter);
            assert_eq!(OnePass::of(shorter), None);
            assert_eq!(OnePass::of(&[body, &[0][..]].concat()), None);
        }
        let version_4 = [&[4, 0, 8, 1][..], &[7; 8], &[1]].concat();
        assert_eq!(OnePass::of(&version_4), None);
    }
}
