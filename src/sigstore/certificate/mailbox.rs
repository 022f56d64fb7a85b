//! E-mail addresses, where constraints on names have to know their parts.

use super::domain::is_domain;

/// A `Mailbox` of RFC 2821, section 4.1.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mailbox {
    /// What is before the sign, without quotes and backslashes.
    pub(crate) local: Vec<u8>,
    /// What is after it.
    pub(crate) domain: String,
}

impl Mailbox {
    /// Reads an address as Go reads it: the part before the sign is a quoted string or words between dots, in which, by the
    /// examples of RFC 3696, section 3, any character may follow a backslash. `None` if it is none.
    pub(crate) fn parse(address: &str) -> Option<Self> {
        let (local, rest) = match address.as_bytes().strip_prefix(b"\"") {
            Some(quoted) => quoted_string(quoted)?,
            None => words(address.as_bytes())?,
        };
        let domain = std::str::from_utf8(rest.strip_prefix(b"@")?).ok()?;
        is_domain(domain).then(|| Self {
            local,
            domain: domain.to_owned(),
        })
    }
}

/// A `Quoted-string` after its first quote, and what is behind it.
fn quoted_string(mut input: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut local = Vec::new();
    loop {
        let (octet, rest) = input.split_first()?;
        input = rest;
        match octet {
            b'"' => return Some((local, input)),
            b'\\' => {
                let (escaped, rest) = input.split_first()?;
                if !matches!(escaped, 1..=9 | 11 | 12 | 14..=127) {
                    return None;
                }
                local.push(*escaped);
                input = rest;
            }
            // `qtext`, and the space of the examples.
            1..=8 | 11 | 12 | 14..=31 | 32 | 33 | 35..=91 | 93..=127 => local.push(*octet),
            _ => return None,
        }
    }
}

/// Words between dots, and what is behind them.
fn words(mut input: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut local = Vec::new();
    while let Some((octet, rest)) = input.split_first() {
        if *octet == b'\\' {
            let (escaped, rest) = rest.split_first()?;
            local.push(*escaped);
            input = rest;
        } else if octet.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(octet) {
            local.push(*octet);
            input = rest;
        } else {
            break;
        }
    }
    let dots_are_between = local
        .split(|octet| *octet == b'.')
        .all(|word| !word.is_empty());
    dots_are_between.then_some((local, input))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(address: &str) -> Option<(String, String)> {
        let Mailbox { local, domain } = Mailbox::parse(address)?;
        Some((String::from_utf8(local).unwrap(), domain))
    }

    #[test]
    fn an_address_has_two_parts() {
        for (address, local, domain) in [
            ("a@example", "a", "example"),
            ("a.b+c@Example.org", "a.b+c", "Example.org"),
            ("a@", "a", ""),
            ("\"a b\"@example", "a b", "example"),
            ("\"a\\\"b@c\"@example", "a\"b@c", "example"),
            ("\"\"@example", "", "example"),
            ("\"a..b\"@example", "a..b", "example"),
            ("a\\@b@example", "a@b", "example"),
            ("a@b@example", "a", "b@example"),
        ] {
            let expected = Some((local.to_owned(), domain.to_owned()));
            assert_eq!(parts(address), expected, "{address}");
        }
    }

    #[test]
    fn quotes_and_backslashes_take_most_characters() {
        for octet in 0..=0x7F_u8 {
            let character = char::from(octet);
            let is_text = !matches!(octet, 0 | b'\t' | b'\n' | b'\r' | b'"' | b'\\');
            let quoted = format!("\"{character}\"@example");
            assert_eq!(parts(&quoted).is_some(), is_text, "{quoted:?}");
            let is_escaped = !matches!(octet, 0 | b'\n' | b'\r');
            let escaped = format!("\"\\{character}\"@example");
            assert_eq!(parts(&escaped).is_some(), is_escaped, "{escaped:?}");
        }
    }

    #[test]
    fn what_is_no_mailbox() {
        for address in [
            "",
            "a",
            "@example",
            ".a@example",
            "a.@example",
            "a..b@example",
            "a\\.@example",
            "a b@example",
            "a\\",
            "\"a@example",
            "\"a\\",
            "\"a\"b@example",
            "\"a\nb\"@example",
            "\"\\\r\"@example",
            "a@example.",
            "a@.example",
            "a@b c",
            "<a@example>",
        ] {
            assert_eq!(Mailbox::parse(address), None, "{address}");
        }
    }
}
