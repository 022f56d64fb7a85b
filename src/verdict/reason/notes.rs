//! The parts of the sentences of reasons that depend on what there is.

use crate::engine::KeyWarning;
use crate::text::quote::Quoted;
use crate::verdict::SignatureFormat;

pub(super) fn chain(detail: &str, causes: &[String]) -> String {
    std::iter::once(detail)
        .chain(causes.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(": ")
}

pub(super) fn instances(named: &[String], others: &usize) -> String {
    let named: Vec<String> = named
        .iter()
        .map(|digest| Quoted(digest).to_string())
        .collect();
    match (named.is_empty(), others) {
        (true, _) => "none".to_owned(),
        (false, 0) => named.join(", "),
        (false, others) => format!("{}, and {others} more", named.join(", ")),
    }
}

pub(super) fn in_parentheses(name: &Option<String>) -> String {
    name.as_ref()
        .map(|name| format!(" ({})", Quoted(name)))
        .unwrap_or_default()
}

/// What was required and is not there, where it was looked for, and what is there instead.
pub(super) fn no_signature(
    required: SignatureFormat,
    skipped: usize,
    sigstore: usize,
    location: &Option<String>,
) -> String {
    let article = match required {
        SignatureFormat::SimpleSigning => "an",
        SignatureFormat::Sigstore => "a",
    };
    let place = location
        .as_ref()
        .map(|location| format!(" in {}", Quoted(location)))
        .unwrap_or_default();
    let others = match required {
        SignatureFormat::SimpleSigning => beside_openpgp(skipped, sigstore),
        SignatureFormat::Sigstore => beside_sigstore(skipped, sigstore),
    };
    format!("{article} {required} signature was required, but there is none{place}{others}")
}

/// What there is where OpenPGP is required.
fn beside_openpgp(skipped: usize, sigstore: usize) -> String {
    match (skipped, sigstore) {
        (0, _) => String::new(),
        (1, 1) => "; there is 1 of sigstore (cosign), at which `signedBy` does not look".to_owned(),
        (skipped, sigstore) if skipped == sigstore => format!(
            "; there are {sigstore} of sigstore (cosign), at which `signedBy` does not look"
        ),
        (skipped, _) => format!("; there are {skipped} of other formats"),
    }
}

/// What there is where sigstore is required: OpenPGP, or something of sigstore that is no signature of an image, or a bundle
/// where the program wants none.
fn beside_sigstore(skipped: usize, sigstore: usize) -> String {
    match (skipped, sigstore) {
        (0, _) => String::new(),
        (1, 0) => "; there is 1 of OpenPGP, at which `sigstoreSigned` does not look".to_owned(),
        (skipped, 0) => {
            format!("; there are {skipped} of OpenPGP, at which `sigstoreSigned` does not look")
        }
        (1, _) => {
            "; there is 1 of sigstore that does not count as a signature of an image".to_owned()
        }
        (skipped, sigstore) if skipped == sigstore => {
            format!(
                "; there are {sigstore} of sigstore that do not count as signatures of an image"
            )
        }
        (skipped, _) => format!("; there are {skipped} of other formats or media types"),
    }
}

/// How many warnings the sentence of a reason tells. The report has those that are kept.
const MAX_TOLD: usize = 5;

/// What is wrong with the key material.
pub(super) fn key_invalid(warnings: &[KeyWarning]) -> String {
    let is_pem = |warning: &KeyWarning| matches!(warning, KeyWarning::NoPublicKey { .. });
    let material = if warnings.iter().any(is_pem) {
        "a public key that the requirement names cannot be used"
    } else {
        "there is no OpenPGP key in the key material"
    };
    format!("{material}: {}", no_key_note(warnings))
}

pub(super) fn no_key_note(warnings: &[KeyWarning]) -> String {
    if warnings.is_empty() {
        return "its key source is empty".to_owned();
    }
    let mut told: Vec<String> = warnings
        .iter()
        .take(MAX_TOLD)
        .map(KeyWarning::to_string)
        .collect();
    match warnings.len().saturating_sub(MAX_TOLD) {
        0 => {}
        1 => told.push("and one more warning".to_owned()),
        more => told.push(format!("and {more} more warnings")),
    }
    told.join("; ")
}
