//! Whether a certificate names a host.

use std::net::IpAddr;

use crate::sigstore::certificate::AlternativeNames;

/// Whether one of these names is the host's, as Go's `VerifyHostname` has it: an address, which may be in brackets, is compared
/// with addresses; a name without regard to the letter case of ASCII with names, of which the first label may be `*` for any
/// one label. Common names are no host names.
///
/// An address of IPv4 is none of IPv6 that has it within: releases of Go differ over that.
pub(crate) fn names_host(names: &AlternativeNames, host: &str) -> bool {
    let bracketed = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    match bracketed.unwrap_or(host).parse::<IpAddr>() {
        Ok(address) => names.addresses().contains(&address),
        Err(_) => names.dns().iter().any(|name| is_name_of(name, host)),
    }
}

/// Whether a name of a certificate is the host's.
fn is_name_of(name: &str, host: &str) -> bool {
    let is_host = is_host_name(host.strip_suffix('.').unwrap_or(host), false);
    if is_host && is_host_name(name, true) {
        return is_pattern_of(name, host.strip_suffix('.').unwrap_or(host));
    }
    // What is no host name matches nothing but itself.
    !matches!(name, "" | ".") && name.eq_ignore_ascii_case(host)
}

/// Whether labels of letters, digits, hyphens and underscores stand between dots; of a pattern, the first of several may be
/// `*`.
fn is_host_name(name: &str, is_pattern: bool) -> bool {
    let is_pattern = is_pattern && name != "*";
    name.split('.').enumerate().all(|(index, label)| {
        (is_pattern && index == 0 && label == "*")
            || (!label.is_empty()
                && !label.starts_with('-')
                && label
                    .bytes()
                    .all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(&octet)))
    })
}

fn is_pattern_of(pattern: &str, host: &str) -> bool {
    let [mut patterns, mut labels] = [pattern, host].map(|name| name.split('.'));
    match (patterns.next(), labels.next()) {
        (Some(pattern), Some(label)) => {
            (pattern == "*" || pattern.eq_ignore_ascii_case(label))
                && patterns.clone().count() == labels.clone().count()
                && patterns
                    .zip(labels)
                    .all(|(pattern, label)| pattern.eq_ignore_ascii_case(label))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dns(name: &str, host: &str) -> bool {
        names_host(&AlternativeNames::of_dns(&[name]), host)
    }

    #[test]
    fn names_match_by_label() {
        for (name, host) in [
            ("a.example", "a.example"),
            ("A.Example", "a.eXample"),
            ("a.example", "a.example."),
            ("*.example", "a.example"),
            ("*.b.example", "_a.b.example"),
            ("*", "*"),
            ("a-b.example", "a-b.example"),
            // Equal text.
            ("a b", "A b"),
            ("a.example.", "a.example."),
            ("-a.example", "-a.example"),
            ("a*.example", "a*.example"),
            ("*.example", "*.example"),
        ] {
            assert!(dns(name, host), "{name} {host}");
        }
        for (name, host) in [
            ("a.example", "b.example"),
            ("example", "a.example"),
            ("a.example", "example"),
            ("*.example", "example"),
            ("*.example", ".example"),
            ("*.example", "a.b.example"),
            ("*.*.example", "a.b.example"),
            ("a*.example", "ab.example"),
            ("b.*.example", "b.a.example"),
            ("*.example", "-a.example"),
            ("a.example.", "a.example"),
            ("a.example", "a.example.."),
            ("", "."),
            ("", ""),
            ("*", "a"),
            (".", "."),
            ("*.example", "[a].example"),
            ("*.example", "*.example."),
            ("127.0.0.1", "127.0.0.1"),
            ("::1", "[::1]"),
        ] {
            assert!(!dns(name, host), "{name} {host}");
        }
    }

    #[test]
    fn addresses_match_addresses() {
        let v4: &[u8] = &[192, 0, 2, 1];
        let mapped = [&[0; 10][..], &[0xFF; 2], v4].concat();
        let v6 = [&[0x20, 1, 0xD, 0xB8][..], &[0; 11], &[1]].concat();
        let named = |address: &[u8], host: &str| {
            names_host(&AlternativeNames::of(&[(0x87, address)]), host)
        };
        for (address, host) in [
            (v4, "192.0.2.1"),
            (v4, "[192.0.2.1]"),
            (&v6, "2001:db8::1"),
            (&v6, "[2001:DB8:0:0:0:0:0:1]"),
            (&mapped, "::ffff:192.0.2.1"),
            (&mapped, "::FFFF:c000:201"),
        ] {
            assert!(named(address, host), "{host}");
        }
        for (address, host) in [
            (v4, "192.0.2.2"),
            (v4, "192.0.2.01"),
            (v4, "::ffff:192.0.2.1"),
            (&mapped, "192.0.2.1"),
            (&v6, "2001:db8::2"),
            (&v6, "2001:db8::1%a"),
            (&v6, "[2001:db8::1"),
        ] {
            assert!(!named(address, host), "{host}");
        }
    }
}
