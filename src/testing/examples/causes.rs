//! What a reason can have in it: causes, contents, and what was skipped in key files.

use super::all;
use crate::digest::{Algorithm, DigestCause};
use crate::engine::{EngineKind, KeyMaterial, KeyWarning};
use crate::simple_signing::identity::MismatchCause;
use crate::text::content::{Content, OpenPgpContent};

/// An example of each [`DigestCause`]: why a manifest has another digest than the one that was signed.
#[must_use]
pub fn digest_causes() -> Vec<DigestCause> {
    all(next_digest_cause)
}

/// An example of each [`MismatchCause`]: why a signature is for another name.
#[must_use]
pub fn mismatch_causes() -> Vec<MismatchCause> {
    all(next_mismatch_cause)
}

/// An example of each [`Content`]: what some bytes can be instead of a key, a signature or a manifest.
#[must_use]
pub fn contents() -> Vec<Content> {
    all(next_content)
}

/// An example of each [`KeyWarning`]: what can be skipped in a key file.
#[must_use]
pub fn key_warnings() -> Vec<KeyWarning> {
    all(next_key_warning)
}

fn next_mismatch_cause(last: Option<&MismatchCause>) -> Option<MismatchCause> {
    let detail = || "`registry example/app` is not a reference".to_owned();
    let Some(last) = last else {
        return Some(MismatchCause::SignedUnreadable { detail: detail() });
    };
    Some(match last {
        MismatchCause::SignedUnreadable { .. } => MismatchCause::SignedNameOnly,
        MismatchCause::SignedNameOnly => MismatchCause::ImageNameOnly,
        MismatchCause::ImageNameOnly => MismatchCause::Unmappable { detail: detail() },
        MismatchCause::Unmappable { .. } => MismatchCause::OtherRepository,
        MismatchCause::OtherRepository => MismatchCause::OtherTagOrDigest,
        MismatchCause::OtherTagOrDigest => return None,
    })
}

fn next_digest_cause(last: Option<&DigestCause>) -> Option<DigestCause> {
    let platform = |name: &str| Some(name.to_owned());
    let Some(last) = last else {
        return Some(DigestCause::OtherAlgorithm {
            algorithm: Algorithm::Sha512,
        });
    };
    Some(match last {
        DigestCause::OtherAlgorithm { .. } => DigestCause::Schema1Signatures,
        DigestCause::Schema1Signatures => DigestCause::TrailingNewline { bytes: 1 },
        DigestCause::TrailingNewline { .. } => DigestCause::LineFeedMissing,
        DigestCause::LineFeedMissing => DigestCause::Crlf {
            came_with_crlf: true,
        },
        DigestCause::Crlf { .. } => DigestCause::WhiteSpace,
        DigestCause::WhiteSpace => DigestCause::ByteOrderMark,
        DigestCause::ByteOrderMark => DigestCause::Gzip {
            unpacked_fits: true,
        },
        DigestCause::Gzip { .. } => DigestCause::InstanceOfThisList {
            platform: platform("linux/amd64"),
        },
        DigestCause::InstanceOfThisList { .. } => DigestCause::ImageIdSigned,
        DigestCause::ImageIdSigned => DigestCause::LayerSigned { layer: 1 },
        DigestCause::LayerSigned { .. } => DigestCause::SubjectSigned,
        DigestCause::SubjectSigned => DigestCause::Empty,
        DigestCause::Empty => DigestCause::HtmlPage {
            title: Some("Sign in".to_owned()),
            bytes: 2048,
        },
        DigestCause::HtmlPage { .. } => DigestCause::NotJson {
            found: Content::Text,
        },
        DigestCause::NotJson { .. } => DigestCause::Truncated { bytes: 512 },
        DigestCause::Truncated { .. } => DigestCause::OtherInstance {
            wanted: platform("linux/amd64"),
            came: platform("linux/arm64"),
        },
        DigestCause::OtherInstance { .. } => DigestCause::ListSigned,
        DigestCause::ListSigned => DigestCause::ManifestNotRead,
        DigestCause::ManifestNotRead => DigestCause::Changed,
        DigestCause::Changed => return None,
    })
}

fn next_content(last: Option<&Content>) -> Option<Content> {
    let Some(last) = last else {
        return Some(Content::Empty);
    };
    let openpgp = |what| Content::OpenPgp {
        what,
        armored: true,
    };
    Some(match last {
        Content::Empty => Content::HtmlPage {
            title: Some("Sign in".to_owned()),
        },
        Content::HtmlPage { .. } => Content::Gzip,
        Content::Gzip => Content::Zstd,
        Content::Zstd => Content::PemPublicKey,
        Content::PemPublicKey => Content::PemCertificate,
        Content::PemCertificate => Content::PemPrivateKey,
        Content::PemPrivateKey => Content::SshPublicKey,
        Content::SshPublicKey => Content::GpgKeybox,
        Content::GpgKeybox => openpgp(OpenPgpContent::PublicKey),
        Content::OpenPgp { what, .. } => match what {
            OpenPgpContent::PublicKey => openpgp(OpenPgpContent::SecretKey),
            OpenPgpContent::SecretKey => openpgp(OpenPgpContent::Signature),
            OpenPgpContent::Signature => openpgp(OpenPgpContent::CleartextSigned),
            OpenPgpContent::CleartextSigned => openpgp(OpenPgpContent::Message),
            OpenPgpContent::Message => openpgp(OpenPgpContent::Encrypted),
            OpenPgpContent::Encrypted => Content::Base64 {
                openpgp: Some(OpenPgpContent::PublicKey),
            },
        },
        Content::Base64 { .. } => Content::Fingerprint,
        Content::Fingerprint => Content::KeyId,
        Content::KeyId => Content::Utf16,
        Content::Utf16 => Content::SigstoreBundle,
        Content::SigstoreBundle => Content::CosignPayload,
        Content::CosignPayload => Content::ManifestList,
        Content::ManifestList => Content::Manifest,
        Content::Manifest => Content::Json,
        Content::Json => Content::Yaml,
        Content::Yaml => Content::Text,
        Content::Text => Content::Binary,
        Content::Binary => return None,
    })
}

fn next_key_warning(last: Option<&KeyWarning>) -> Option<KeyWarning> {
    const ORIGIN: &str = "/etc/keys/release.gpg";
    let key = || Some(super::key().to_string());
    let Some(last) = last else {
        let ssh = KeyMaterial::new(ORIGIN, b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA release");
        return Some(KeyWarning::no_key_found(&ssh, "no OpenPGP data"));
    };
    Some(match last {
        KeyWarning::NoKeyFound { .. } => {
            let found = Content::PemCertificate;
            let detail = format!("it is {found}, and not a public key");
            KeyWarning::no_public_key("/etc/pki/cosign.pub", detail, Some(found))
        }
        KeyWarning::NoPublicKey { .. } => {
            KeyWarning::unusable_key(ORIGIN, key(), "it has no user ID")
        }
        KeyWarning::UnusableKey { .. } => {
            let others = [EngineKind::Gpgme, EngineKind::Gpg];
            KeyWarning::unsupported_key(ORIGIN, key(), "ECDSA on secp256k1", "sequoia", others)
        }
        KeyWarning::UnsupportedKey { .. } => {
            KeyWarning::not_read(ORIGIN, "what follows line 12 is no ASCII armor")
        }
        KeyWarning::NotRead { .. } => KeyWarning::more(ORIGIN, 7),
        KeyWarning::More { .. } => return None,
    })
}
