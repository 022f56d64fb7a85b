//! The words where a certificate proves nothing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::{Moment, for_people};
use crate::sigstore::signer::{CertificateTime, SubjectNames};
use crate::text::quote::Quoted;

/// Where a certificate stands in a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum CertificatePlace {
    /// That of the signer.
    Signer,
    /// Those between that and an authority.
    Chain,
}

impl fmt::Display for CertificatePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signer => "the signer's certificate",
            Self::Chain => "the chain of certificates beside the signer's",
        })
    }
}

/// Which of the certificates from a signer to an authority one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum CertificateRole {
    /// That of the signer.
    Signer,
    /// One in between, from the signature or from the policy.
    Intermediate,
    /// That of an authority, from the policy.
    Authority,
}

impl fmt::Display for CertificateRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signer => "the certificate",
            Self::Intermediate => "the intermediate certificate",
            Self::Authority => "the authority's certificate",
        })
    }
}

/// What of a signer a policy names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum SignerPart {
    /// `oidcIssuer`: who has authenticated the signer.
    OidcIssuer,
    /// `subjectEmail`.
    Email,
    /// `subjectHostname`.
    HostName,
}

/// When a certificate was valid, and when it would have had to be.
pub(super) fn not_valid(
    not_before: Moment,
    not_after: Moment,
    judged_at: Moment,
    judged_by: CertificateTime,
) -> String {
    let then = match judged_by {
        CertificateTime::Log => format!("the log recorded the signature at {judged_at}"),
        CertificateTime::Clock => format!("now, {judged_at}"),
    };
    let (verb, end, order) = match judged_at > not_after {
        true => ("expired at", not_after, "before"),
        false => ("is valid only from", not_before, "after"),
    };
    let missed = for_people(end.distance(judged_at));
    format!("{verb} {end}, {missed} {order} {then}")
}

/// Of what a certificate is, and of what it should be.
pub(super) fn another_signer(
    part: SignerPart,
    expected: &str,
    oidc_issuers: &[String],
    names: &SubjectNames,
) -> String {
    let expected = Quoted(expected);
    match (part, oidc_issuers) {
        (SignerPart::Email, _) => {
            format!("is for {names}, and not for the e-mail address {expected}")
        }
        (SignerPart::HostName, _) => format!("is for {names}, and not for the host {expected}"),
        (SignerPart::OidcIssuer, []) => format!("names no OIDC issuer, and not {expected}"),
        (SignerPart::OidcIssuer, [one]) => {
            format!("names the OIDC issuer {}, and not {expected}", Quoted(one))
        }
        (SignerPart::OidcIssuer, [one, other, ..]) => format!(
            "names two OIDC issuers, {} and {}, and not {expected}",
            Quoted(one),
            Quoted(other)
        ),
    }
}

/// What to do where nobody of the policy vouches for a certificate.
pub(super) fn find_authority(missing_issuer: Option<&str>) -> String {
    match missing_issuer {
        Some(issuer) => format!(
            "if you trust {}, add its certificate to the authorities that the policy names; if one of them has issued that, have \
             the signature carry it (`dev.sigstore.cosign/chain`), or add it to the policy's intermediates",
            Quoted(issuer)
        ),
        None => "do not run the image; ask its publisher by which authority its certificate is issued, and get that authority's \
                 from a source you trust"
            .to_owned(),
    }
}

/// What to do where a certificate was not valid.
pub(super) fn sign_in_time(role: CertificateRole, judged_by: CertificateTime) -> String {
    match (role, judged_by) {
        (CertificateRole::Signer, CertificateTime::Log) => "have the image signed again: a certificate of Fulcio counts for some ten minutes, within which \
                                 the log has to record the signature"
            .to_owned(),
        (CertificateRole::Signer, CertificateTime::Clock) => {
            "have the image signed again by a certificate that is valid; if this one should be, check the clock".to_owned()
        }
        (CertificateRole::Intermediate, CertificateTime::Log) => {
            "have the image signed again by a certificate whose authorities are valid themselves".to_owned()
        }
        (CertificateRole::Intermediate, CertificateTime::Clock) => {
            "get the valid certificate in its place from the authority, and add it to the policy's intermediates, or have the \
             signature carry it; if this one should be valid, check the clock"
                .to_owned()
        }
        (CertificateRole::Authority, CertificateTime::Log) => {
            "have the image signed again, or add the certificate of that authority that was valid then to the policy, from a \
             source you trust"
                .to_owned()
        }
        (CertificateRole::Authority, CertificateTime::Clock) => {
            "get the authority's valid certificate from a source you trust, and add it to the policy; if this one should be \
             valid, check the clock"
                .to_owned()
        }
    }
}

/// The member of a policy that would name the signer, and its value; none if no policy can.
pub(super) fn member_for<'a>(
    part: SignerPart,
    oidc_issuers: &'a [String],
    names: &'a SubjectNames,
) -> Option<(&'static str, &'a str)> {
    match (part, oidc_issuers, &*names.emails, &*names.hosts) {
        (SignerPart::OidcIssuer, [issuer], _, _) => Some(("oidcIssuer", issuer)),
        (SignerPart::Email, _, [email, ..], _) => Some(("subjectEmail", email)),
        (SignerPart::HostName, _, _, [host, ..]) => Some(("subjectHostname", host)),
        _ => None,
    }
}

/// What to do where somebody else has signed.
pub(super) fn name_signer(
    part: SignerPart,
    oidc_issuers: &[String],
    names: &SubjectNames,
) -> String {
    match member_for(part, oidc_issuers, names) {
        Some((member, value)) => format!(
            "do not run the image unless that is who should have signed: then write \"{member}\": {:?} in the policy",
            crate::text::quote::visible(value)
        ),
        None if part == SignerPart::OidcIssuer => {
            "do not run the image; have it signed by an identity of the demanded issuer".to_owned()
        }
        None if !names.uris.is_empty() => {
            "do not run the image unless you know its signer; no member of a policy can name one that has a URI alone, as CI \
             systems have: have the image signed by a key, or by somebody with an e-mail address"
                .to_owned()
        }
        None => "do not run the image; have it signed by whom the policy names".to_owned(),
    }
}
