//! Whether a certificate is of the signer that a policy names.

use super::certificate::{Certificate, plain_text_of};
use super::der::single;
use super::path::names_host;
use super::refusal::{SignerPart, SigstoreRefusal};
use super::signer::SubjectNames;

// Fulcio's extensions: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md.
/// The OIDC issuer, as it is.
const ISSUER: &[u8] = &[0x2B, 6, 1, 4, 1, 0x83, 0xBF, 0x30, 1, 1];
/// The same in DER.
const ISSUER_V2: &[u8] = &[0x2B, 6, 1, 4, 1, 0x83, 0xBF, 0x30, 1, 8];
/// The workflow that signed.
const BUILD_SIGNER: &[u8] = &[0x2B, 6, 1, 4, 1, 0x83, 0xBF, 0x30, 1, 9];
/// The repository that it was about.
const SOURCE_REPOSITORY: &[u8] = &[0x2B, 6, 1, 4, 1, 0x83, 0xBF, 0x30, 1, 12];

/// Whom a policy wants to have signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// `subjectEmail`: one of the certificate's e-mail addresses, octet for octet. Its subject's name does not count.
    Email(String),
    /// `subjectHostname`: one of the names or addresses of hosts ([`names_host`]).
    HostName(String),
}

impl Subject {
    /// That the certificate names this subject.
    ///
    /// # Errors
    ///
    /// [`SigstoreRefusal::SignerMismatch`] with all names that it has.
    pub(crate) fn check(&self, certificate: &Certificate) -> Result<(), SigstoreRefusal> {
        let names = certificate.extensions().names.as_ref();
        let (part, expected, is_named) = match self {
            Self::Email(email) => {
                let is_named = names.is_some_and(|names| names.emails().contains(email));
                (SignerPart::Email, email, is_named)
            }
            Self::HostName(host) => {
                let is_named = names.is_some_and(|names| names_host(names, host));
                (SignerPart::HostName, host, is_named)
            }
        };
        if is_named {
            return Ok(());
        }
        Err(SigstoreRefusal::SignerMismatch {
            part,
            expected: expected.clone(),
            oidc_issuers: Vec::new(),
            names: names_of(certificate).into(),
        })
    }
}

/// That a certificate of Fulcio's names this OIDC issuer: in one of two extensions, or in both alike, octet for octet.
///
/// # Errors
///
/// [`SigstoreRefusal::SignerMismatch`] if not, and [`SigstoreRefusal::CertificateMalformed`] if the newer extension is not a
/// text.
pub(crate) fn check_oidc_issuer(
    certificate: &Certificate,
    expected: &str,
) -> Result<(), SigstoreRefusal> {
    let found = oidc_issuers(certificate)?;
    if !found.is_empty() && found.iter().all(|issuer| issuer == expected.as_bytes()) {
        return Ok(());
    }
    let mut oidc_issuers: Vec<String> = found.iter().map(|issuer| shown(issuer)).collect();
    oidc_issuers.dedup();
    Err(SigstoreRefusal::SignerMismatch {
        part: SignerPart::OidcIssuer,
        expected: expected.to_owned(),
        oidc_issuers,
        names: names_of(certificate).into(),
    })
}

/// Who has authenticated the signer, as a certificate of Fulcio names it; none if it names nobody.
///
/// # Errors
///
/// [`SigstoreRefusal::CertificateMalformed`] if it names two, or what is not a text.
pub(crate) fn oidc_issuer(certificate: &Certificate) -> Result<Option<String>, SigstoreRefusal> {
    let mut found = oidc_issuers(certificate)?;
    found.dedup();
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(shown(one))),
        _ => Err(SigstoreRefusal::malformed_certificate(
            "it names two OIDC issuers",
        )),
    }
}

/// The issuers in both extensions.
fn oidc_issuers(certificate: &Certificate) -> Result<Vec<Vec<u8>>, SigstoreRefusal> {
    let extensions = certificate.extensions();
    let old = extensions.value(ISSUER).map(<[u8]>::to_vec);
    let new = match extensions.value(ISSUER_V2) {
        Some(value) => {
            let text = text_in(value).ok_or_else(|| {
                SigstoreRefusal::malformed_certificate("its OIDC issuer is not a text")
            })?;
            Some(text.into_bytes())
        }
        None => None,
    };
    Ok([old, new].into_iter().flatten().collect())
}

/// The workflow that signed, and the repository that it was about, where Fulcio has said so.
pub(crate) fn workflow(certificate: &Certificate) -> [Option<String>; 2] {
    [BUILD_SIGNER, SOURCE_REPOSITORY].map(|extension| {
        let value = certificate.extensions().value(extension);
        value.and_then(text_in)
    })
}

/// All alternative names of a certificate.
pub(crate) fn names_of(certificate: &Certificate) -> SubjectNames {
    let Some(names) = &certificate.extensions().names else {
        return SubjectNames::default();
    };
    let uris = names.uris().iter().map(|uri| uri.as_str().to_owned());
    SubjectNames {
        emails: names.emails().to_vec(),
        hosts: names.dns().to_vec(),
        uris: uris.collect(),
        addresses: names.addresses().iter().map(ToString::to_string).collect(),
    }
}

/// The text that an extension's value is, all of it.
fn text_in(value: &[u8]) -> Option<String> {
    plain_text_of(&single(value).ok()?).ok()
}

fn shown(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mathematics::signing::SigningKey;
    use crate::sigstore::certificate::maker::Draft;

    const EXPECTED: &str = "https://issuer.example";

    fn draft() -> Draft {
        Draft::new("signer", &SigningKey::p256(1))
    }

    fn certificate(draft: &Draft) -> Certificate {
        draft.signed_by(&SigningKey::p256(1))
    }

    fn in_der(tag: u8, text: &[u8]) -> Vec<u8> {
        crate::sigstore::der::write(tag, &[text])
    }

    #[test]
    fn an_issuer_is_named_in_either_form() {
        let expected = EXPECTED.as_bytes();
        let [utf8, printable, ia5, t61] = [0x0C, 0x13, 0x16, 0x14].map(|tag| in_der(tag, expected));
        for (draft, code) in [
            (draft().with(ISSUER, expected), None),
            (draft().with(ISSUER_V2, &utf8), None),
            (draft().with(ISSUER_V2, &printable), None),
            (draft().with(ISSUER_V2, &ia5), None),
            (draft().with(ISSUER, expected).with(ISSUER_V2, &utf8), None),
            (draft(), Some("signer-mismatch")),
            (draft().with(ISSUER, b"other"), Some("signer-mismatch")),
            (
                draft().with(ISSUER, b"https://issuer.example/"),
                Some("signer-mismatch"),
            ),
            (
                draft().with(ISSUER, b"https://Issuer.example"),
                Some("signer-mismatch"),
            ),
            (draft().with(ISSUER, &utf8), Some("signer-mismatch")),
            (
                draft().with(ISSUER_V2, &in_der(0x0C, b"other")),
                Some("signer-mismatch"),
            ),
            (
                draft()
                    .with(ISSUER, expected)
                    .with(ISSUER_V2, &in_der(0x0C, b"other")),
                Some("signer-mismatch"),
            ),
            (
                draft().with(ISSUER, b"other").with(ISSUER_V2, &utf8),
                Some("signer-mismatch"),
            ),
            (
                draft().with(ISSUER_V2, expected),
                Some("certificate-malformed"),
            ),
            (draft().with(ISSUER_V2, &t61), Some("certificate-malformed")),
            (
                draft().with(ISSUER_V2, &[&utf8[..], &[0]].concat()),
                Some("certificate-malformed"),
            ),
            (
                draft().with(ISSUER, expected).with(ISSUER_V2, b""),
                Some("certificate-malformed"),
            ),
        ] {
            let checked = check_oidc_issuer(&certificate(&draft), EXPECTED);
            let found = checked.err().map(|refusal| refusal.code());
            assert_eq!(found, code);
        }
    }

    #[test]
    fn a_subject_is_one_of_the_names() {
        let certificate = certificate(&draft().named(&[
            (0x81, b"a@example.org"),
            (0x81, b"b@example.org"),
            (0x82, b"*.host.example"),
            (0x86, b"https://c@example.org"),
            (0x87, &[192, 0, 2, 1]),
        ]));
        let email = |text: &str| Subject::Email(text.to_owned());
        let host = |text: &str| Subject::HostName(text.to_owned());
        for (subject, expected) in [
            (email("a@example.org"), true),
            (email("b@example.org"), true),
            (email("A@example.org"), false),
            (email("a@Example.org"), false),
            (email("c@example.org"), false),
            (email("https://c@example.org"), false),
            (email("*.host.example"), false),
            (email("signer"), false),
            (email(""), false),
            (host("a.host.example"), true),
            (host("192.0.2.1"), true),
            (host("a@example.org"), false),
            (host("signer"), false),
        ] {
            assert_eq!(subject.check(&certificate).is_ok(), expected, "{subject:?}");
        }
        let refusal = email("x").check(&certificate).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the certificate is for `a@example.org`, `b@example.org`, `https://c@example.org`, `*.host.example`, `192.0.2.1`, \
             and not for the e-mail address `x`"
        );
        let nameless = self::certificate(&draft());
        let refusal = email("x").check(&nameless).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the certificate is for nobody, and not for the e-mail address `x`"
        );
    }
}
