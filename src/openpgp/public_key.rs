//! The parts of a key packet of version 4, public or secret (RFC 9580, section 5.5.2), cut as GnuPG cuts them
//! (`parse_key` in its `parse-packet.c`).
#![cfg_attr(
    not(feature = "_rules"),
    allow(
        dead_code,
        reason = "only the rules of GnuPG read keys packet by packet"
    )
)]

use super::integer::{counted, integer};
use super::secret_key::{self, ReadBy};

/// The octets before the integers: version, time and algorithm.
pub(crate) const HEADER: usize = 6;

/// The parts of a key of version 4.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    algorithm: u8,
    /// The public part: all of a key whose algorithm GnuPG does not know.
    pub(crate) public: &'a [u8],
    /// What follows it; `None` of such a key.
    pub(crate) secret: Option<&'a [u8]>,
    /// Whether every integer is in its shortest form (RFC 9580, section 3.2).
    pub(crate) shortest: bool,
    /// Whether it is a zero-length point, which makes GnuPG 2.4 terminate. What follows is then not looked at.
    pub(crate) ends_gpg: bool,
}

/// What a public part of a known algorithm is made of.
#[derive(Clone, Copy)]
struct Form {
    /// Whether the name of a curve comes first.
    curve: bool,
    /// How many integers there are.
    integers: usize,
    /// Whether parameters of a key derivation come last.
    derivation: bool,
}

impl Form {
    /// That of this algorithm; `None` if GnuPG does not know it.
    fn of(algorithm: u8) -> Option<Self> {
        let (curve, integers, derivation) = match algorithm {
            1..=3 => (false, 2, false),
            16 | 20 => (false, 3, false),
            17 => (false, 4, false),
            18 => (true, 1, true),
            19 | 22 => (true, 1, false),
            _ => return None,
        };
        Some(Self {
            curve,
            integers,
            derivation,
        })
    }
}

impl<'a> Parts<'a> {
    /// Cuts a packet's body; `None` if its public part is not whole.
    pub(crate) fn of(body: &'a [u8]) -> Option<Self> {
        let algorithm = *body.get(..HEADER)?.last()?;
        let whole = Self {
            algorithm,
            public: body,
            secret: None,
            shortest: true,
            ends_gpg: false,
        };
        let Some(form) = Form::of(algorithm) else {
            return Some(whole);
        };
        let mut rest = body.get(HEADER..)?;
        if form.curve {
            counted(&mut rest)?;
        }
        let mut shortest = true;
        for _ in 0..form.integers {
            let integer = integer(&mut rest)?;
            if form.curve && integer.is_empty() {
                return Some(Self {
                    ends_gpg: true,
                    ..whole
                });
            }
            shortest &= integer.is_shortest();
        }
        if form.derivation {
            counted(&mut rest)?;
        }
        let (public, secret) = body.split_at_checked(body.len().checked_sub(rest.len())?)?;
        Some(Self {
            public,
            secret: Some(secret),
            shortest,
            ..whole
        })
    }

    /// Which GnuPG can read what follows the public part of a secret key.
    pub(crate) fn secret_read_by(&self) -> ReadBy {
        self.secret.map_or(ReadBy::All, |secret| {
            secret_key::read_by(self.algorithm, secret)
        })
    }

    /// The public part with every integer in its shortest form, which is what GnuPG makes a fingerprint of.
    pub(crate) fn in_shortest_form(&self) -> Option<Vec<u8>> {
        let form = Form::of(self.algorithm)?;
        let mut written = self.public.get(..HEADER)?.to_vec();
        let mut rest = self.public.get(HEADER..)?;
        if form.curve {
            write_counted(&mut written, counted(&mut rest)?)?;
        }
        for _ in 0..form.integers {
            integer(&mut rest)?.write_shortest(&mut written)?;
        }
        if form.derivation {
            write_counted(&mut written, counted(&mut rest)?)?;
        }
        Some(written)
    }
}

fn write_counted(written: &mut Vec<u8>, octets: &[u8]) -> Option<()> {
    written.push(u8::try_from(octets.len()).ok()?);
    written.extend_from_slice(octets);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_part_ends_after_its_integers() {
        for (public, rest) in [
            (&b"\x04time\x01\0\x01\x01\0\x02\x03"[..], &b"rest"[..]),
            (b"\x04time\x01\0\x09\x01\x01\0\x08\xff", b""),
            (b"\x04time\x01\0\0\0\x02\x03", b""),
            (b"\x04time\x16\x02oi\0\x01\x01", b""),
            (b"\x04time\x12\x02oi\0\x01\x01\x02kd", b"!"),
        ] {
            let body = [public, rest].concat();
            let parts = Parts::of(&body).map(|parts| (parts.public, parts.secret, parts.shortest));
            assert_eq!(parts, Some((public, Some(rest), true)), "{body:?}");
        }
        let unknown = Parts::of(b"\x04time\x63whatever").map(|parts| parts.public.len());
        assert_eq!(unknown, Some(14));
    }

    #[test]
    fn integers_are_written_in_their_shortest_form() {
        for (body, shortest) in [
            (
                &b"\x04time\x01\0\x09\x01\x01\0\x08\xff"[..],
                &b"\x04time\x01\0\x09\x01\x01\0\x08\xff"[..],
            ),
            (
                b"\x04time\x01\0\x18\0\x01\x01\0\x08\x03",
                b"\x04time\x01\0\x09\x01\x01\0\x02\x03",
            ),
            (b"\x04time\x16\x02oi\0\x08\0", b"\x04time\x16\x02oi\0\0"),
            (
                b"\x04time\x12\x02oi\0\x08\x01\x02kd",
                b"\x04time\x12\x02oi\0\x01\x01\x02kd",
            ),
        ] {
            let parts = Parts::of(body);
            let written = parts.and_then(|parts| parts.in_shortest_form());
            assert_eq!(written.as_deref(), Some(shortest), "{body:?}");
            assert_eq!(parts.map(|parts| parts.shortest), Some(body == shortest));
        }
    }

    #[test]
    fn a_point_of_no_octets_is_reported_before_what_follows() {
        for body in [&b"\x04time\x16\x02oi\0\0"[..], b"\x04time\x12\x02oi\0\0"] {
            let parts = Parts::of(body).map(|parts| parts.ends_gpg);
            assert_eq!(parts, Some(true), "{body:?}");
        }
    }
}
