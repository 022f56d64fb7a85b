//! gpg's list of keys: records of fields between colons (`doc/DETAILS` of GnuPG, "Format of the
//! colon listings").

use crate::engine::gnupg::listing::{KeyFacts, ListedCertificate, Listing};
use crate::fingerprint::Fingerprint;
use crate::text::quote::visible;

/// The numbers of fields, from 0.
mod field {
    pub(super) const TYPE: usize = 0;
    pub(super) const VALIDITY: usize = 1;
    pub(super) const LENGTH: usize = 2;
    pub(super) const ALGORITHM: usize = 3;
    pub(super) const KEY_ID: usize = 4;
    pub(super) const CREATED: usize = 5;
    pub(super) const EXPIRES: usize = 6;
    pub(super) const USER_ID: usize = 9;
    pub(super) const CAPABILITIES: usize = 11;
    pub(super) const CURVE: usize = 16;
}

/// What the records that follow belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Key,
    UserId,
    /// Something whose signatures do not count.
    Other,
}

/// A certificate of which not every record has been read.
struct Open {
    certificate: Option<ListedCertificate>,
    /// The facts of a key whose fingerprint comes in the next record.
    facts: Option<KeyFacts>,
    primary_key_id: String,
    owner: Owner,
}

/// Reads what `gpg --with-colons --with-fingerprint --with-fingerprint --check-sigs` writes.
pub(super) fn listing(output: &[u8]) -> Listing {
    let mut listing = Listing::default();
    let mut open: Option<Open> = None;
    for line in output.split(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(line);
        let fields: Vec<&str> = line.split(':').collect();
        let text = |index: usize| fields.get(index).copied().unwrap_or_default();
        if text(field::TYPE) == "pub" {
            close(open.take(), &mut listing);
            open = Some(Open {
                certificate: None,
                facts: Some(facts(&fields)),
                primary_key_id: text(field::KEY_ID).to_owned(),
                owner: Owner::Key,
            });
            continue;
        }
        let Some(open) = &mut open else {
            continue;
        };
        match text(field::TYPE) {
            "sub" => {
                open.facts = Some(facts(&fields));
                open.owner = Owner::Key;
            }
            "fpr" => {
                if let (Some(facts), Ok(fingerprint)) = (
                    open.facts.take(),
                    text(field::USER_ID).parse::<Fingerprint>(),
                ) {
                    open.add_key(fingerprint, facts);
                }
            }
            "uid" => {
                open.owner = Owner::UserId;
                if let Some(certificate) = &mut open.certificate {
                    certificate
                        .user_id
                        .get_or_insert_with(|| visible(&unescaped(text(field::USER_ID))));
                }
            }
            "sig" | "rev" if open.owner == Owner::UserId => {
                let is_good = text(field::VALIDITY) == "!";
                if let Some(certificate) = &mut open.certificate {
                    certificate.is_self_signed |=
                        is_good && text(field::KEY_ID) == open.primary_key_id;
                }
            }
            // Of the same user ID or key.
            "sig" | "rev" | "grp" | "spk" | "fp2" | "rvk" => {}
            _ => open.owner = Owner::Other,
        }
    }
    close(open, &mut listing);
    listing
}

impl Open {
    fn add_key(&mut self, fingerprint: Fingerprint, facts: KeyFacts) {
        match &mut self.certificate {
            Some(certificate) => certificate.keys.push((fingerprint, facts)),
            None => {
                self.certificate = Some(ListedCertificate {
                    primary: fingerprint.clone(),
                    is_self_signed: false,
                    user_id: None,
                    keys: vec![(fingerprint, facts)],
                });
            }
        }
    }
}

fn close(open: Option<Open>, listing: &mut Listing) {
    if let Some(certificate) = open.and_then(|open| open.certificate) {
        listing.add(certificate);
    }
}

fn facts(fields: &[&str]) -> KeyFacts {
    let text = |index: usize| fields.get(index).copied().unwrap_or_default();
    let curve = text(field::CURVE);
    KeyFacts {
        created: text(field::CREATED).parse().ok(),
        expires: text(field::EXPIRES).parse().ok().filter(|time| *time > 0),
        algorithm: text(field::ALGORITHM).parse().unwrap_or(0),
        bits: text(field::LENGTH).parse().unwrap_or(0),
        curve: (!curve.is_empty()).then(|| curve.to_owned()),
        // Those in upper case are of the whole certificate.
        may_sign: text(field::CAPABILITIES).contains('s'),
        is_revoked: text(field::VALIDITY) == "r",
        is_invalid: text(field::VALIDITY) == "i",
    }
}

/// Undoes gpg's quoting in the manner of C, `\x3a` for a colon.
fn unescaped(text: &str) -> String {
    let mut octets = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after
            .strip_prefix(b"x")
            .filter(|_| *first == b'\\')
            .and_then(|digits| digits.split_at_checked(2))
            .and_then(|(digits, after)| {
                let digits = std::str::from_utf8(digits).ok()?;
                Some((u8::from_str_radix(digits, 16).ok()?, after))
            });
        let (octet, after) = escaped.unwrap_or((*first, after));
        octets.push(octet);
        rest = after;
    }
    String::from_utf8_lossy(&octets).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIMARY: &str = "9AFDCD7504A9ED00035AAFAB072BFD98BFD18C59";
    const SUBKEY: &str = "1111111111111111111111112222222222222222";

    fn listed(lines: &str) -> Listing {
        let head = format!(
            "tru::1:1795620640:0:3:1:5\n\
             pub:-:255:22:072BFD98BFD18C59:1704067200:::-:::scSC:::::ed25519:::0:\n\
             fpr:::::::::{PRIMARY}:\n"
        );
        listing((head + lines).as_bytes())
    }

    fn key(listing: &Listing, fingerprint: &str) -> bool {
        listing.key(&fingerprint.parse().unwrap()).is_some()
    }

    #[test]
    fn a_key_with_a_subkey() {
        let listing = listed(&format!(
            "uid:-::::1704067200::0B2A::Release\\x3a \\xc3\\xa4 <release@example.org>::::::::::0:\n\
             sig:!::22:072BFD98BFD18C59:1704067200::::Release:13x:::::8:\n\
             sub:e:1024:1:2222222222222222:1704067200:1704067300:::::s::::::23:\n\
             fpr:::::::::{SUBKEY}:\n\
             sig:!::22:072BFD98BFD18C59:1704067200::::Release:18x:::::8:\n"
        ));
        let primary = listing.key(&PRIMARY.parse().unwrap()).unwrap();
        assert_eq!(
            primary.user_id.as_deref(),
            Some("Release: ä <release@example.org>")
        );
        assert_eq!(primary.expires(), None);
        let subkey = listing.key(&SUBKEY.parse().unwrap()).unwrap();
        assert_eq!(subkey.primary.as_str(), PRIMARY);
        assert!(subkey.expired(1_704_067_300).is_some());
        assert!(subkey.expired(1_704_067_299).is_none());
        let handle = "2222222222222222".parse().unwrap();
        assert_eq!(listing.named(&handle).unwrap().0.as_str(), SUBKEY);
    }

    #[test]
    fn only_a_good_signature_of_its_own_over_a_user_id_counts() {
        for (lines, counts) in [
            (
                "uid:-::::1::0B::A::::::::::0:\nsig:!::22:072BFD98BFD18C59:1::::A:13x:\n",
                true,
            ),
            (
                "uid:-::::1::0B::A::::::::::0:\nrev:!::22:072BFD98BFD18C59:1::::A:30x:\n",
                true,
            ),
            (
                "uid:-::::1::0B::A::::::::::0:\nsig:-::22:072BFD98BFD18C59:1::::A:13x:\n",
                false,
            ),
            (
                "uid:-::::1::0B::A::::::::::0:\nsig:!::22:0000000000000000:1::::B:13x:\n",
                false,
            ),
            (
                "uat:-::::1::0B::1 99::::::::::0:\nsig:!::22:072BFD98BFD18C59:1::::A:13x:\n",
                false,
            ),
            ("sig:!::22:072BFD98BFD18C59:1::::A:1fx:\n", false),
            ("uid:-::::1::0B::A::::::::::0:\n", false),
            ("", false),
        ] {
            let listing = listed(lines);
            assert_eq!(key(&listing, PRIMARY), counts, "{lines}");
            let primary = PRIMARY.parse().unwrap();
            assert_eq!(listing.lacks_self_signature(&primary), !counts, "{lines}");
        }
    }
}
