//! Constraints on the names of all certificates below one (RFC 5280, section 4.2.1.10), as they are written.
//!
//! What they forbid is in [`path`](crate::sigstore::path).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use super::domain::is_constraint;
use super::error::{CertificateError, InPart as _};
use super::mailbox::Mailbox;
use crate::sigstore::der::Elements;

const PART: &str = "its name constraints";

/// The tags of the kinds of names that constraints are understood on.
const EMAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const URI: u8 = 0x86;
const ADDRESS: u8 = 0x87;

/// Constraints on names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NameConstraints {
    pub(crate) permitted: Subtrees,
    pub(crate) excluded: Subtrees,
    /// Whether there is one on names of another kind.
    pub(super) has_unsupported: bool,
}

/// Of each kind, what names may be within, or may not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subtrees {
    pub(crate) emails: Vec<EmailConstraint>,
    pub(crate) dns: Vec<String>,
    /// Hosts of URIs.
    pub(crate) uris: Vec<String>,
    pub(crate) networks: Vec<Network>,
}

/// A constraint on e-mail addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EmailConstraint {
    /// One mailbox, and its text.
    Mailbox(Mailbox, String),
    /// A host, or a domain.
    Host(String),
}

impl fmt::Display for EmailConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mailbox(_, text) | Self::Host(text) => f.write_str(text),
        }
    }
}

/// Addresses that have the same bits at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    /// The octets of an address: 4, or 16.
    address: Vec<u8>,
    /// As many octets, of which the bits count that are set: first ones, then zeros.
    mask: Vec<u8>,
}

impl Network {
    /// Whether an address of the same kind is one of these.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let octets = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        octets.len() == self.address.len()
            && octets
                .iter()
                .zip(&self.address)
                .zip(&self.mask)
                .all(|((one, other), mask)| one & mask == other & mask)
    }

    fn read(octets: &[u8]) -> Option<Self> {
        let half = matches!(octets.len(), 8 | 32).then_some(octets.len() / 2)?;
        let (address, mask) = octets.split_at_checked(half)?;
        let ones = mask.iter().map(|octet| octet.leading_ones()).sum::<u32>();
        let set = mask.iter().map(|octet| octet.count_ones()).sum::<u32>();
        let first_part = mask.iter().take_while(|octet| **octet == 0xFF).count();
        let rest = mask.iter().skip(first_part.saturating_add(1));
        let is_contiguous = ones == set && rest.into_iter().all(|octet| *octet == 0);
        is_contiguous.then(|| Self {
            address: address.to_vec(),
            mask: mask.to_vec(),
        })
    }
}

/// `192.0.2.0/24`
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits: u32 = self.mask.iter().map(|octet| octet.count_ones()).sum();
        let v4 = <[u8; 4]>::try_from(&*self.address).map(IpAddr::from);
        let v6 = || <[u8; 16]>::try_from(&*self.address).map(IpAddr::from);
        let address = v4.or_else(|_| v6());
        write!(
            f,
            "{}/{bits}",
            address.unwrap_or(Ipv4Addr::UNSPECIFIED.into())
        )
    }
}

impl NameConstraints {
    /// Reads an extension's value, all of it.
    ///
    /// # Errors
    ///
    /// [`CertificateError`] if it is malformed or empty, or if a constraint of a kind that is understood is: one on domains,
    /// hosts and mailboxes has to be one, and networks have the bits of their mask together.
    pub(super) fn read(value: &[u8]) -> Result<Self, CertificateError> {
        let mut outer = Elements::of(value);
        let mut parts = outer.sequence().part(PART)?;
        let permitted = parts.optional(0xA0).part(PART)?;
        let excluded = parts.optional(0xA1).part(PART)?;
        outer.end().part(PART)?;
        parts.end().part(PART)?;
        // One of both may be empty, as released versions of Go have it.
        let is_empty = |part: Option<&[u8]>| part.unwrap_or_default().is_empty();
        if is_empty(permitted) && is_empty(excluded) {
            return Err(CertificateError::new(PART, "there is none"));
        }
        let mut constraints = Self::default();
        let mut read = |octets: Option<&[u8]>| {
            let (subtrees, has_unsupported) = Subtrees::read(octets.unwrap_or_default())?;
            constraints.has_unsupported |= has_unsupported;
            Ok(subtrees)
        };
        let (permitted, excluded) = (read(permitted)?, read(excluded)?);
        Ok(Self {
            permitted,
            excluded,
            ..constraints
        })
    }
}

impl Subtrees {
    /// What a list of `GeneralSubtree` holds, and whether there is one that is not understood.
    fn read(octets: &[u8]) -> Result<(Self, bool), CertificateError> {
        let mut elements = Elements::of(octets);
        let mut subtrees = Self::default();
        let mut has_unsupported = false;
        while !elements.is_empty() {
            let base = elements.sequence().and_then(|mut fields| fields.any());
            let base = base.part(PART)?;
            match base.tag {
                EMAIL => subtrees.emails.push(email(text(base.contents)?)?),
                DNS => subtrees.dns.push(domain(text(base.contents)?)?),
                URI => subtrees.uris.push(host(text(base.contents)?)?),
                ADDRESS => {
                    let network =
                        Network::read(base.contents).ok_or_else(|| malformed("a network"))?;
                    subtrees.networks.push(network);
                }
                _ => has_unsupported = true,
            }
        }
        Ok((subtrees, has_unsupported))
    }
}

fn malformed(what: &str) -> CertificateError {
    CertificateError::new(PART, format!("{what} is malformed"))
}

fn text(octets: &[u8]) -> Result<&str, CertificateError> {
    let text = std::str::from_utf8(octets).ok();
    text.filter(|text| text.is_ascii())
        .ok_or_else(|| malformed("a name"))
}

fn domain(text: &str) -> Result<String, CertificateError> {
    if is_constraint(text) {
        Ok(text.to_owned())
    } else {
        Err(malformed("a domain"))
    }
}

fn host(text: &str) -> Result<String, CertificateError> {
    match text.parse::<IpAddr>() {
        Ok(_) => Err(malformed("the host of a URI")),
        Err(_) => domain(text),
    }
}

fn email(text: &str) -> Result<EmailConstraint, CertificateError> {
    if text.contains('@') {
        let mailbox = Mailbox::parse(text).ok_or_else(|| malformed("an e-mail address"))?;
        Ok(EmailConstraint::Mailbox(mailbox, text.to_owned()))
    } else {
        domain(text).map(EmailConstraint::Host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigstore::der::{tag, write};

    fn subtree(tag: u8, name: &[u8]) -> Vec<u8> {
        write(tag::SEQUENCE, &[&write(tag, &[name])])
    }

    /// One constraint of this kind.
    fn read(tag: u8, name: &[u8]) -> Option<NameConstraints> {
        let permitted = write(0xA0, &[&subtree(tag, name)]);
        NameConstraints::read(&write(tag::SEQUENCE, &[&permitted])).ok()
    }

    #[test]
    fn constraints_are_kept_by_kind() {
        let permitted = [
            subtree(EMAIL, b"a@b"),
            subtree(EMAIL, b".b"),
            subtree(DNS, b"c"),
            subtree(URI, b""),
        ];
        let excluded = subtree(ADDRESS, &[1, 2, 3, 4, 255, 255, 192, 0]);
        let value = write(
            tag::SEQUENCE,
            &[
                &write(0xA0, &[&permitted.concat()]),
                &write(0xA1, &[&excluded]),
            ],
        );
        let constraints = NameConstraints::read(&value).unwrap();
        let emails = constraints.permitted.emails.iter();
        let emails: Vec<String> = emails.map(EmailConstraint::to_string).collect();
        assert_eq!(emails, ["a@b", ".b"]);
        assert_eq!(constraints.permitted.dns, ["c"]);
        assert_eq!(constraints.permitted.uris, [""]);
        assert_eq!(constraints.excluded.networks[0].to_string(), "1.2.3.4/18");
        assert!(!constraints.has_unsupported);
        assert!(read(0xA4, b"\x30\0").unwrap().has_unsupported);
    }

    #[test]
    fn what_is_understood_is_well_formed() {
        for (tag, good) in [
            (EMAIL, &b""[..]),
            (EMAIL, b"a@b"),
            (EMAIL, b"b"),
            (DNS, b".b"),
            (DNS, b"*.b"),
            (URI, b".b"),
            (URI, b"127.0.0.01"),
            (ADDRESS, &[0; 8]),
            (ADDRESS, &[255; 8]),
            (ADDRESS, &[255; 32]),
            (ADDRESS, &[1, 2, 3, 4, 254, 0, 0, 0]),
        ] {
            assert!(read(tag, good).is_some(), "{tag:#x} {good:x?}");
        }
        for (tag, bad) in [
            (EMAIL, &b"a@b@c d"[..]),
            (EMAIL, b"@b"),
            (EMAIL, b"."),
            (EMAIL, "ä".as_bytes()),
            (DNS, b"b."),
            (DNS, b"a..b"),
            (DNS, b"a b"),
            (DNS, b"\xFF"),
            (URI, b"127.0.0.1"),
            (URI, b"::1"),
            (URI, b"a/ b"),
            (ADDRESS, b""),
            (ADDRESS, &[1, 2, 3, 4]),
            (ADDRESS, &[255; 16]),
            (ADDRESS, &[1, 2, 3, 4, 255, 0, 255, 0]),
            (ADDRESS, &[1, 2, 3, 4, 255, 0, 128, 0]),
            (ADDRESS, &[1, 2, 3, 4, 253, 0, 0, 0]),
            (ADDRESS, &[1, 2, 3, 4, 128, 128, 0, 0]),
            (ADDRESS, &[1, 2, 3, 4, 0, 255, 0, 0]),
        ] {
            assert!(read(tag, bad).is_none(), "{tag:#x} {bad:x?}");
        }
    }

    #[test]
    fn there_is_one_and_nothing_else() {
        let one = write(0xA0, &[&subtree(DNS, b"a")]);
        let other = write(0xA1, &[&subtree(DNS, b"a")]);
        for (parts, good) in [
            (&[&one[..]][..], true),
            (&[&other], true),
            (&[&one, &other], true),
            (&[&other, &one], false),
            (&[&one, &one], false),
            (&[&one, &[5, 0]], false),
            (&[], false),
            (&[&[0xA0, 0]], false),
            (&[&one, &[0xA1, 0]], true),
            (&[&[0xA0, 0], &other], true),
            (&[&[0xA0, 0], &[0xA1, 0]], false),
            (&[&[0xA0, 2, 5, 0]], false),
            (&[&[0xA0, 2, 0x30, 0]], false),
        ] {
            let value = write(tag::SEQUENCE, parts);
            assert_eq!(NameConstraints::read(&value).is_ok(), good, "{value:x?}");
            let followed = [&value[..], &[5, 0]].concat();
            assert!(NameConstraints::read(&followed).is_err());
        }
    }

    #[test]
    fn networks_are_of_one_kind() {
        let network = Network::read(&[192, 0, 2, 77, 255, 255, 255, 192]).unwrap();
        for (address, within) in [
            ("192.0.2.64", true),
            ("192.0.2.127", true),
            ("192.0.2.128", false),
            ("192.0.3.77", false),
            ("::ffff:192.0.2.77", false),
        ] {
            assert_eq!(network.contains(address.parse().unwrap()), within);
        }
    }
}
