//! What is told beside a verdict.

use std::path::{Path, PathBuf};

use super::{all, earlier, key, later, now, subkey};
use crate::explain::{Miss, NearMiss};
use crate::policy::{MatchedScope, ScopeName};
use crate::verdict::{Exposed, NamedKey, Note, Warning, Writer};

/// An example of each [`Warning`] of an image that is accepted.
#[must_use]
pub fn warnings() -> Vec<Warning> {
    all(next_warning)
}

/// The example of [`warnings`] with this [`Warning::code`], if there is one.
#[must_use]
pub fn warning(code: &str) -> Option<Warning> {
    warnings()
        .into_iter()
        .find(|warning| warning.code() == code)
}

/// An example of each [`Note`] of an image that is not accepted.
#[must_use]
pub fn notes() -> Vec<Note> {
    all(next_note)
}

fn next_note(last: Option<&Note>) -> Option<Note> {
    let Some(last) = last else {
        return Some(Note::KeyFileChanged { path: key_file() });
    };
    match last {
        Note::KeyFileChanged { .. } => Some(Note::DigestGiven),
        Note::DigestGiven => None,
    }
}

fn key_file() -> PathBuf {
    "/etc/keys/release.gpg".into()
}

fn next_warning(last: Option<&Warning>) -> Option<Warning> {
    let key = || {
        NamedKey::new(
            key(),
            Some("Release <release@example.org>".to_owned()),
            "/etc/keys/release.gpg".to_owned(),
        )
    };
    let exposed = |folder: &str, by| Exposed::new(Path::new(folder), true, 0o777, by);
    let Some(last) = last else {
        return Some(Warning::KeyExpiresSoon {
            key: key(),
            expires: later(),
            by_itself: true,
            now: now(),
        });
    };
    Some(match last {
        Warning::KeyExpiresSoon { .. } => Warning::SubkeyExpiresSoon {
            key: key(),
            subkey: subkey(),
            expires: later(),
            by_itself: true,
            primary_expires: None,
            now: now(),
        },
        Warning::SubkeyExpiresSoon { .. } => Warning::SignatureExpiresSoon {
            signature: 1,
            signed_at: Some(earlier()),
            expires: later(),
            now: now(),
        },
        Warning::SignatureExpiresSoon { .. } => Warning::CertificateExpiresSoon {
            signature: 1,
            certificate: "CN=release".to_owned(),
            is_signer: true,
            expires: later(),
            now: now(),
        },
        Warning::CertificateExpiresSoon { .. } => Warning::SignedLongAgo {
            signature: 1,
            signed_at: earlier(),
            now: now(),
        },
        Warning::SignedLongAgo { .. } => Warning::SignedForAnotherTag {
            signature: 1,
            signed: "1".to_owned(),
            asked: "2".to_owned(),
            rule: "matchRepository".to_owned(),
        },
        Warning::SignedForAnotherTag { .. } => Warning::NameNotSigned {
            signature: 1,
            rule: "matchRepoDigestOrExact".to_owned(),
        },
        Warning::NameNotSigned { .. } => Warning::AcceptedUnsigned {
            scope: MatchedScope::Default,
        },
        Warning::AcceptedUnsigned { .. } => Warning::ScopeMissesImage {
            near_miss: NearMiss {
                scope: ScopeName::new(Some("docker"), "busybox"),
                span: None,
                miss: Miss::ShortName,
                instead: Some(ScopeName::new(Some("docker"), "docker.io/library/busybox")),
            },
        },
        Warning::ScopeMissesImage { .. } => Warning::KeyFileWritable {
            file: key_file(),
            exposed: exposed("/etc/keys", Writer::Group(100)),
        },
        Warning::KeyFileWritable { .. } => Warning::PolicyWritable {
            file: "/etc/containers/policy.json".into(),
            exposed: exposed("/etc/containers", Writer::Everybody),
        },
        Warning::PolicyWritable { .. } => Warning::SecretKeyInTrustFile { key: key() },
        Warning::SecretKeyInTrustFile { .. } => Warning::TrustedKeyExpired {
            key: key(),
            expired: earlier(),
            now: now(),
            others: 1,
        },
        Warning::TrustedKeyExpired { .. } => Warning::KeyFileChanged { file: key_file() },
        Warning::KeyFileChanged { .. } => return None,
    })
}
