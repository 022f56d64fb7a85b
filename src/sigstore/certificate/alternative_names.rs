//! The subject's alternative names (RFC 5280, section 4.2.1.6): who a certificate is for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::error::{CertificateError, InPart as _};
use super::uri::Uri;
use crate::sigstore::der::Elements;

const PART: &str = "its subject's alternative names";

/// The tags of the kinds of names that are read.
const EMAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const URI: u8 = 0x86;
const ADDRESS: u8 = 0x87;

/// The names of a certificate's subject. Names of other kinds are there and not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AlternativeNames {
    /// The extension's value.
    value: Vec<u8>,
    emails: Vec<String>,
    dns: Vec<String>,
    uris: Vec<Uri>,
    addresses: Vec<IpAddr>,
}

impl AlternativeNames {
    /// Reads an extension's value. What follows its sequence is passed over.
    ///
    /// # Errors
    ///
    /// [`CertificateError`] if an e-mail address, a DNS name or a URI is not of ASCII, a URI is none, or an address has not four
    /// or sixteen octets.
    pub(super) fn read(value: &[u8]) -> Result<Self, CertificateError> {
        let mut names = Self {
            value: value.to_vec(),
            emails: Vec::new(),
            dns: Vec::new(),
            uris: Vec::new(),
            addresses: Vec::new(),
        };
        let mut elements = Elements::of(value).sequence().part(PART)?;
        while !elements.is_empty() {
            let name = elements.any().part(PART)?;
            match name.tag {
                EMAIL => names.emails.push(ascii(name.contents)?.to_owned()),
                DNS => names.dns.push(ascii(name.contents)?.to_owned()),
                URI => {
                    let uri = Uri::parse(ascii(name.contents)?)
                        .ok_or_else(|| CertificateError::new(PART, "a URI is none"))?;
                    names.uris.push(uri);
                }
                ADDRESS => names.addresses.push(address(name.contents)?),
                _ => {}
            }
        }
        Ok(names)
    }

    /// The value that the extension has, octet for octet.
    pub(crate) fn value(&self) -> &[u8] {
        &self.value
    }

    /// The e-mail addresses, as they are written.
    pub(crate) fn emails(&self) -> &[String] {
        &self.emails
    }

    /// The names of hosts and domains, as they are written.
    pub(crate) fn dns(&self) -> &[String] {
        &self.dns
    }

    /// The URIs.
    pub(crate) fn uris(&self) -> &[Uri] {
        &self.uris
    }

    /// The addresses: of IPv6 those with sixteen octets, whatever is within.
    pub(crate) fn addresses(&self) -> &[IpAddr] {
        &self.addresses
    }

    /// Whether there is no name of a kind that is read.
    pub(crate) fn is_empty(&self) -> bool {
        self.emails.is_empty()
            && self.dns.is_empty()
            && self.uris.is_empty()
            && self.addresses.is_empty()
    }
}

fn ascii(octets: &[u8]) -> Result<&str, CertificateError> {
    let text = std::str::from_utf8(octets).ok();
    text.filter(|text| text.is_ascii())
        .ok_or_else(|| CertificateError::new(PART, "a name is not ASCII"))
}

fn address(octets: &[u8]) -> Result<IpAddr, CertificateError> {
    let v4 = <[u8; 4]>::try_from(octets).map(|octets| Ipv4Addr::from(octets).into());
    let v6 = || <[u8; 16]>::try_from(octets).map(|octets| Ipv6Addr::from(octets).into());
    v4.or_else(|_| v6())
        .map_err(|_| CertificateError::new(PART, "an address has neither 4 nor 16 octets"))
}

#[cfg(test)]
impl AlternativeNames {
    /// Names of hosts.
    pub(crate) fn of_dns(names: &[&str]) -> Self {
        let octets: Vec<(u8, &[u8])> = names.iter().map(|name| (DNS, name.as_bytes())).collect();
        Self::of(&octets)
    }

    /// Names with these tags.
    pub(crate) fn of(names: &[(u8, &[u8])]) -> Self {
        use crate::sigstore::der::{tag, write};
        let names = names.iter().map(|(tag, name)| write(*tag, &[name]));
        let names: Vec<u8> = names.flatten().collect();
        Self::read(&write(tag::SEQUENCE, &[&names])).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigstore::der::{tag, write};

    fn read(names: &[(u8, &[u8])]) -> Option<AlternativeNames> {
        let names = names.iter().map(|(tag, name)| write(*tag, &[name]));
        let names: Vec<u8> = names.flatten().collect();
        AlternativeNames::read(&write(tag::SEQUENCE, &[&names])).ok()
    }

    #[test]
    fn names_are_kept_by_kind() {
        let v6: &[u8] = &[9; 16];
        let names = read(&[
            (EMAIL, b"a@b"),
            (DNS, b"*.b"),
            (URI, b"https://c/d"),
            (ADDRESS, &[1, 2, 3, 4]),
            (ADDRESS, v6),
            (0xA0, b"\xFF"),
            (0xA4, b""),
            (EMAIL, b"no address"),
            (DNS, b""),
        ])
        .unwrap();
        assert_eq!(names.emails(), ["a@b", "no address"]);
        assert_eq!(names.dns(), ["*.b", ""]);
        assert_eq!(names.uris()[0].as_str(), "https://c/d");
        let addresses: Vec<String> = names.addresses().iter().map(IpAddr::to_string).collect();
        assert_eq!(addresses, ["1.2.3.4", "909:909:909:909:909:909:909:909"]);
        assert!(!names.is_empty());
        for other in [&[][..], &[(0xA0, &b""[..])], &[(0x88, &b"\x2A"[..])]] {
            assert!(read(other).unwrap().is_empty());
        }
        // A constructed element is none of these.
        assert!(read(&[(0xA1, b"a@b")]).unwrap().is_empty());
    }

    #[test]
    fn what_is_malformed() {
        for (tag, name) in [
            (EMAIL, "ä@b".as_bytes()),
            (EMAIL, b"\xFF"),
            (DNS, "ä".as_bytes()),
            (URI, "https://ä".as_bytes()),
            (URI, b"https://a b"),
            (ADDRESS, b""),
            (ADDRESS, &[1, 2, 3]),
            (ADDRESS, &[1; 8]),
            (ADDRESS, &[1; 17]),
        ] {
            assert_eq!(read(&[(tag, name)]), None, "{tag:#x} {name:x?}");
        }
        for value in [&[][..], &[0x31, 0], &[0x30, 1], &[0x30, 1, 0x81]] {
            assert!(AlternativeNames::read(value).is_err(), "{value:x?}");
        }
        assert!(AlternativeNames::read(&[0x30, 0, 5]).is_ok());
    }
}
