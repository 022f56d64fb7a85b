//! URIs in certificates.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::domain::is_domain;

/// A URI or a relative reference (RFC 3986, section 4.1), as a certificate names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Uri {
    text: String,
    /// The host and what follows it up to the path, such as a port. Empty if it has none.
    host: String,
}

impl Uri {
    /// Reads what every release of Go's `net/url` reads and its `crypto/x509` takes: it has no control character before its
    /// fragment, escapes are whole, and its host, if it has one, is a domain. Addresses with a zone (RFC 6874) are not read.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
        let is_visible = !before.bytes().any(|octet| octet.is_ascii_control());
        let host = (is_visible && has_whole_escapes(fragment)).then(|| host_in(before))??;
        is_domain(&host).then(|| Self {
            text: text.to_owned(),
            host,
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Its host, if that is a domain and no address. Constraints can be held against nothing else (RFC 5280, section
    /// 4.2.1.10).
    pub(crate) fn domain(&self) -> Option<&str> {
        let host = self
            .host
            .split_once(':')
            .map_or(&*self.host, |(host, _port)| host);
        let is_address = host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok();
        (!host.is_empty() && !is_address && is_domain(host)).then_some(host)
    }
}

/// The host of a URI without its fragment: empty if it has none, and `None` if it is no URI.
fn host_in(text: &str) -> Option<String> {
    let (has_scheme, rest) = after_scheme(text)?;
    let path = rest.split_once('?').map_or(rest, |(path, _query)| path);
    if !path.starts_with('/') {
        if has_scheme {
            // Nobody looks into what is not hierarchical.
            return Some(String::new());
        }
        let segment = path.split_once('/').map_or(path, |(first, _)| first);
        // It would be a scheme.
        return (!segment.contains(':') && has_whole_escapes(path)).then(String::new);
    }
    let authority = path.strip_prefix("//");
    let Some(authority) = authority.filter(|_| has_scheme || !path.starts_with("///")) else {
        return has_whole_escapes(path).then(String::new);
    };
    let end = authority.find('/').unwrap_or(authority.len());
    let (authority, path) = authority.split_at_checked(end)?;
    let host = match authority.rsplit_once('@') {
        Some((user, host)) => is_user(user).then_some(host)?,
        None => authority,
    };
    has_whole_escapes(path).then(|| host_of(host))?
}

/// Whether there is a scheme, and what follows it; `None` if it is empty.
fn after_scheme(text: &str) -> Option<(bool, &str)> {
    let is_of_scheme =
        |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
    match text.split_once(':') {
        Some(("", _)) => None,
        Some((scheme, rest))
            if scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.chars().all(is_of_scheme) =>
        {
            Some((true, rest))
        }
        Some(_) | None => Some((false, text)),
    }
}

/// Whether each percent sign is followed by two hexadecimal digits.
fn has_whole_escapes(text: &str) -> bool {
    let mut parts = text.split('%').skip(1);
    parts.all(|part| {
        let digits = part.as_bytes().first_chunk::<2>();
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

fn is_user(user: &str) -> bool {
    let is_of_user =
        |octet: u8| octet.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&octet);
    user.bytes().all(is_of_user) && has_whole_escapes(user)
}

/// A host with its port, without escapes.
fn host_of(host: &str) -> Option<String> {
    let port = if let Some(bracketed) = host.strip_prefix('[') {
        let (address, rest) = bracketed.rsplit_once(']')?;
        address.parse::<Ipv6Addr>().ok()?;
        match rest {
            "" => None,
            rest => Some(rest.strip_prefix(':')?),
        }
    } else {
        let is_of_host =
            |octet: u8| octet.is_ascii_alphanumeric() || b"!$&'()*+,;=:]<>\"-_.~".contains(&octet);
        // Of ASCII, only a percent sign may be escaped. What else could be is of no domain.
        if !host.replace("%25", "").bytes().all(is_of_host) {
            return None;
        }
        // The newest releases refuse a second colon.
        host.split_once(':').map(|(_, port)| port)
    };
    let is_number = |port: &str| port.bytes().all(|digit| digit.is_ascii_digit());
    port.is_none_or(is_number).then(|| host.replace("%25", "%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_host() {
        for (text, host, domain) in [
            ("https://example.org", "example.org", Some("example.org")),
            (
                "https://example.org:443/a?b#c",
                "example.org:443",
                Some("example.org"),
            ),
            ("https://example.org:/", "example.org:", Some("example.org")),
            ("//example.org/a", "example.org", Some("example.org")),
            ("https://a:b@c@Example", "Example", Some("Example")),
            ("https://%25", "%", Some("%")),
            ("https://a%25b", "a%b", Some("a%b")),
            ("https://[::1]:80/", "[::1]:80", None),
            ("https://[1::2]", "[1::2]", None),
            ("https://127.0.0.1/", "127.0.0.1", None),
            ("https://127.0.0.1:1", "127.0.0.1:1", None),
            ("https://127.0.0.01", "127.0.0.01", Some("127.0.0.01")),
            ("https://:80/", ":80", None),
            ("https://example.org.:80/", "example.org.:80", None),
            ("https:///a", "", None),
            (
                "spiffe://example.org/a%2fb",
                "example.org",
                Some("example.org"),
            ),
            ("https://a]b", "a]b", Some("a]b")),
            ("https://a?b?c", "a", Some("a")),
            ("https://a#b#c", "a", Some("a")),
        ] {
            let uri = Uri::parse(text).unwrap();
            assert_eq!((&*uri.host, uri.domain()), (host, domain), "{text}");
            assert_eq!(uri.as_str(), text);
        }
    }

    #[test]
    fn what_has_none() {
        for text in [
            "",
            "*",
            "a",
            "a/b:c",
            "a/b:c/d",
            "/a",
            "///a",
            "mailto:a@b",
            "mailto:%",
            "a:b:c",
            "urn:a b",
            "?a:b",
            "#%41\u{1}",
            "a b/\"",
            "http:?",
        ] {
            let uri = Uri::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((&*uri.host, uri.domain()), ("", None), "{text}");
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            ":",
            "://a",
            "1a:b",
            "a_b:c",
            "%41:",
            "a%",
            "/%4",
            "/%4g",
            "a#%",
            "a\u{1}",
            "a\u{7F}",
            "https://a\n/",
            "https://a b/",
            "https://a^b/",
            "https://a/%zz",
            "https://a%41b/",
            "https://a%c3%a4/",
            "https://a%/",
            "https://a:b/",
            "https://a:1:2/",
            "https://::1/",
            "https://a[b/",
            "https://[::1/",
            "https://[::1]a/",
            "https://[::1]:a/",
            "https://[127.0.0.1]/",
            "https://[fe80::1%25a]/",
            "https://[a.example]/",
            "https://a.example./",
            "https://.a.example/",
            "https://a..example/",
            "https://a b@example/",
            "https://a%4@example/",
            "https://a[@example/",
        ] {
            assert_eq!(Uri::parse(text), None, "{text}");
        }
    }
}
