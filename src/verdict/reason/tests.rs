use super::*;
use crate::clock::Moment;
use crate::engine::{CryptoPolicy, EngineKind};
use crate::fingerprint::{Fingerprint, KeyHandle};
use crate::json_output;
use crate::text::content::OpenPgpContent;

#[test]
fn what_was_not_checked_outweighs_what_is_bad() {
    let bad = Reason::from(Refusal::NotSigned);
    let unknown = Reason::from(Refusal::UnknownKey {
        issuers: Vec::new(),
    });
    let unreadable = Reason::SignatureUnreadable {
        detail: String::new(),
    };
    let nothing: [&Reason; 0] = [];
    assert_eq!(Reason::headline(nothing), None);
    for (reasons, headline) in [
        (vec![&bad, &unknown], &unknown),
        (vec![&unknown, &bad], &unknown),
        (vec![&bad, &unreadable, &unknown], &unreadable),
        (vec![&unreadable, &bad], &unreadable),
    ] {
        assert_eq!(Reason::headline(reasons), Some(headline));
    }
}

#[test]
fn every_reason_is_an_object_that_the_schema_knows() {
    let refused = std::iter::successors(next_refusal(None), |last| next_refusal(Some(last)));
    let reasons = std::iter::successors(next_reason(None), |last| next_reason(Some(last)));
    let mut codes = std::collections::BTreeSet::new();
    for reason in reasons.chain(refused.map(Reason::from)) {
        let json = json_output::of(&reason, "reason");
        assert_eq!(json["code"], reason.code());
        assert_eq!(json["message"], reason.to_string());
        assert!(!reason.to_string().contains('\n'));
        assert!(codes.insert(reason.code()), "{reason}: not its own code");
    }
}

#[test]
fn every_cause_of_a_mismatch_is_one_that_the_schema_knows() {
    let causes = std::iter::successors(next_cause(None), |last| next_cause(Some(last)));
    for cause in causes {
        let reason = Reason::IdentityMismatch {
            signed: text(),
            demanded: text(),
            rule: text(),
            cause,
        };
        json_output::of(&reason, "reason");
    }
}

#[test]
fn every_cause_of_another_digest_is_one_that_the_schema_knows() {
    let causes = std::iter::successors(next_digest_cause(None), |last| {
        next_digest_cause(Some(last))
    });
    for cause in causes {
        let json = json_output::of(&cause, "digest-cause");
        assert_eq!(json["code"], cause.code());
        assert_eq!(json["message"], cause.to_string());
        assert_eq!(json["remedy"], cause.remedy());
        let reason = Reason::ManifestDigestMismatch {
            demanded: digest(),
            actual: digest(),
            cause: cause.into(),
        };
        json_output::of(&reason, "reason");
    }
}

#[test]
fn every_content_is_one_that_the_schema_knows() {
    let contents = std::iter::successors(next_content(None), |last| next_content(Some(last)));
    for content in contents {
        let reason = Reason::SignatureFormatUnknown {
            signature: 1,
            name: None,
            detail: content.to_string(),
            found: Some(content.clone()),
        };
        json_output::of(&reason, "reason");
        let warnings = vec![KeyWarning::NoKeyFound {
            origin: text(),
            detail: content.to_string(),
            found: Some(content),
        }];
        json_output::of(&Reason::KeyInvalid { warnings }, "reason");
    }
}

#[test]
fn the_schema_knows_no_more_and_no_less() {
    let good = json_output::of(&Reason::ListMissing { instance: digest() }, "reason");
    assert_eq!(json_output::fits(&good, "reason"), Ok(()));
    let change = |change: fn(&mut serde_json::Map<String, serde_json::Value>)| {
        let mut object = good.clone();
        change(object.as_object_mut().unwrap());
        json_output::fits(&object, "reason")
    };
    assert!(change(|object| drop(object.insert("new".into(), 1.into()))).is_err());
    assert!(change(|object| drop(object.insert("code".into(), "new".into()))).is_err());
    assert!(change(|object| drop(object.insert("instance".into(), "x".into()))).is_err());
    for member in ["code", "message", "instance"] {
        let mut object = good.clone();
        object.as_object_mut().unwrap().remove(member);
        assert!(json_output::fits(&object, "reason").is_err(), "{member}");
    }
}

fn digest() -> Digest {
    Digest::of(b"")
}

fn key() -> Fingerprint {
    "0123456789ABCDEF0123456789ABCDEF01234567".parse().unwrap()
}

fn moment() -> Moment {
    "2026-01-15T12:00:00Z".parse().unwrap()
}

fn text() -> String {
    "text".to_owned()
}

/// A path that is not UTF-8, where there are such paths.
fn path() -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        std::ffi::OsString::from_vec(b"/\xff/key.gpg".to_vec()).into()
    }
    #[cfg(not(unix))]
    "key.gpg".into()
}

/// One of each reason, one after another: a new one is to be put in here, and into the schema.
fn next_reason(last: Option<&Reason>) -> Option<Reason> {
    let detail = text();
    let Some(last) = last else {
        return Some(Reason::ListUnreadable { detail });
    };
    Some(match last {
        Reason::ListUnreadable { .. } => Reason::ListMissing { instance: digest() },
        Reason::ListMissing { .. } => Reason::ListInvalid { detail },
        Reason::ListInvalid { .. } => Reason::ListDigestMismatch {
            demanded: digest(),
            actual: digest(),
        },
        Reason::ListDigestMismatch { .. } => Reason::InstanceNotInList {
            instance: digest(),
            list: digest(),
            named: vec![text()],
            others: 1,
        },
        Reason::InstanceNotInList { .. } => Reason::InstanceIsList { instance: digest() },
        Reason::InstanceIsList { .. } => Reason::ManifestDigestMismatch {
            demanded: digest(),
            actual: digest(),
            cause: DigestCause::Changed.into(),
        },
        Reason::ManifestDigestMismatch { .. } => Reason::ManifestInvalid { detail },
        Reason::ManifestInvalid { .. } => Reason::ManifestUnreadable { detail },
        Reason::ManifestUnreadable { .. } => Reason::SignatureUnreadable { detail },
        Reason::SignatureUnreadable { .. } => Reason::SignaturesInvalid { detail },
        Reason::SignaturesInvalid { .. } => Reason::SignatureFormatUnknown {
            signature: 1,
            name: Some(text()),
            detail,
            found: Some(Content::Empty),
        },
        Reason::SignatureFormatUnknown { .. } => Reason::RejectedByPolicy,
        Reason::RejectedByPolicy => Reason::NoSignature {
            skipped: 1,
            sigstore: 1,
            location: Some(text()),
        },
        Reason::NoSignature { .. } => Reason::NoTrustedKey {
            warnings: vec![KeyWarning::UnusableKey {
                origin: text(),
                key: None,
                detail,
            }],
        },
        Reason::NoTrustedKey { .. } => Reason::UnsupportedKey {
            warnings: vec![KeyWarning::UnsupportedKey {
                origin: text(),
                key: Some(text()),
                what: text(),
                engine: text(),
                supported_by: EngineKind::DEFAULT_ORDER.to_vec(),
            }],
        },
        Reason::UnsupportedKey { .. } => Reason::KeyUnreadable {
            path: path(),
            detail,
        },
        Reason::KeyUnreadable { .. } => Reason::KeyInvalid {
            warnings: vec![KeyWarning::NoKeyFound {
                origin: text(),
                detail,
                found: Some(Content::Empty),
            }],
        },
        Reason::KeyInvalid { .. } => Reason::UnsupportedRequirement { what: text() },
        Reason::UnsupportedRequirement { .. } => Reason::UnsignedNotAllowed,
        Reason::UnsignedNotAllowed => Reason::from(&EngineError::Failed {
            engine: text(),
            operation: text(),
            source: std::io::Error::other("cause").into(),
        }),
        Reason::EngineFailed { .. } => Reason::PayloadInvalid { detail },
        Reason::PayloadInvalid { .. } => Reason::DigestMismatch {
            signed: digest(),
            actual: digest(),
            cause: DigestCause::Changed.into(),
        },
        Reason::DigestMismatch { .. } => Reason::IdentityMismatch {
            signed: text(),
            demanded: text(),
            rule: text(),
            cause: MismatchCause::SignedUnreadable { detail },
        },
        Reason::IdentityMismatch { .. } => Reason::ImageHasNoIdentity {
            signed: text(),
            rule: text(),
        },
        Reason::ImageHasNoIdentity { .. } => Reason::SignatureTooOld {
            signed_at: Some(moment()),
            now: moment(),
            max_age: std::time::Duration::from_secs(1),
        },
        Reason::SignatureTooOld { .. } => Reason::RolledBack {
            signed_at: Some(moment()),
            newest_seen: moment(),
        },
        Reason::RolledBack { .. } => Reason::ClockImplausible {
            clock: ImplausibleClock::FarAhead {
                now: moment(),
                released: moment(),
            },
        },
        Reason::ClockImplausible { .. } | Reason::Refused(_) => return None,
    })
}

/// The same of the causes of a mismatch.
fn next_cause(last: Option<&MismatchCause>) -> Option<MismatchCause> {
    let detail = text();
    let Some(last) = last else {
        return Some(MismatchCause::SignedUnreadable { detail });
    };
    Some(match last {
        MismatchCause::SignedUnreadable { .. } => MismatchCause::SignedNameOnly,
        MismatchCause::SignedNameOnly => MismatchCause::ImageNameOnly,
        MismatchCause::ImageNameOnly => MismatchCause::Unmappable { detail },
        MismatchCause::Unmappable { .. } => MismatchCause::OtherRepository,
        MismatchCause::OtherRepository => MismatchCause::OtherTagOrDigest,
        MismatchCause::OtherTagOrDigest => return None,
    })
}

/// The same of the causes of another digest.
fn next_digest_cause(last: Option<&DigestCause>) -> Option<DigestCause> {
    let Some(last) = last else {
        return Some(DigestCause::OtherAlgorithm {
            algorithm: "sha512",
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
            platform: Some(text()),
        },
        DigestCause::InstanceOfThisList { .. } => DigestCause::ImageIdSigned,
        DigestCause::ImageIdSigned => DigestCause::LayerSigned { layer: 1 },
        DigestCause::LayerSigned { .. } => DigestCause::SubjectSigned,
        DigestCause::SubjectSigned => DigestCause::Empty,
        DigestCause::Empty => DigestCause::HtmlPage {
            title: Some(text()),
            bytes: 1,
        },
        DigestCause::HtmlPage { .. } => DigestCause::NotJson {
            found: Content::Text,
        },
        DigestCause::NotJson { .. } => DigestCause::Truncated { bytes: 1 },
        DigestCause::Truncated { .. } => DigestCause::OtherInstance {
            wanted: Some(text()),
            came: None,
        },
        DigestCause::OtherInstance { .. } => DigestCause::ListSigned,
        DigestCause::ListSigned => DigestCause::Changed,
        DigestCause::Changed => return None,
    })
}

/// The same of what bytes can be.
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
            title: Some(text()),
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

/// The same of the engines' refusals.
fn next_refusal(last: Option<&Refusal>) -> Option<Refusal> {
    let detail = text();
    let Some(last) = last else {
        return Some(Refusal::MalformedSignature { detail });
    };
    Some(match last {
        Refusal::MalformedSignature { .. } => Refusal::NotSigned,
        Refusal::NotSigned => Refusal::Encrypted,
        Refusal::Encrypted => Refusal::MultipleSignatures { count: 2 },
        Refusal::MultipleSignatures { .. } => Refusal::DetachedSignature,
        Refusal::DetachedSignature => Refusal::UnknownKey {
            issuers: vec![key().into()],
        },
        Refusal::UnknownKey { .. } => Refusal::BadSignature {
            key: Some(KeyHandle::from(key())),
            detail,
            key_created: Some(moment()),
        },
        Refusal::BadSignature { .. } => Refusal::UnsupportedSignature {
            key: Some(KeyHandle::from(key())),
            what: text(),
            engine: text(),
            supported_by: EngineKind::DEFAULT_ORDER.to_vec(),
        },
        Refusal::UnsupportedSignature { .. } => Refusal::SignatureExpired {
            key: key(),
            created: Some(moment()),
            expired: moment(),
            now: moment(),
        },
        Refusal::SignatureExpired { .. } => Refusal::SignatureFromTheFuture {
            key: key(),
            created: moment(),
            now: moment(),
        },
        Refusal::SignatureFromTheFuture { .. } => Refusal::KeyFromTheFuture {
            primary_key: key(),
            key: key(),
            created: moment(),
            now: moment(),
        },
        Refusal::KeyFromTheFuture { .. } => Refusal::KeyExpired {
            primary_key: key(),
            key: key(),
            signed_at: Some(moment()),
            expired: moment(),
            now: moment(),
        },
        Refusal::KeyExpired { .. } => Refusal::KeyRevoked {
            primary_key: key(),
            key: key(),
            revoked: Some(moment()),
            reason: Some(text()),
        },
        Refusal::KeyRevoked { .. } => Refusal::KeyNotForSigning {
            primary_key: key(),
            key: key(),
            detail,
        },
        Refusal::KeyNotForSigning { .. } => Refusal::WeakAlgorithm {
            key: Some(key().into()),
            algorithm: text(),
            policy: CryptoPolicy::Standard,
        },
        Refusal::WeakAlgorithm { .. } => Refusal::PayloadTooLarge { limit: 1 },
        Refusal::PayloadTooLarge { .. } => return None,
    })
}
