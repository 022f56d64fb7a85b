//! Whether the reference that was signed is the image's: `signedIdentity` of
//! containers-policy.json(5).

use crate::policy::{RemapIdentity, SignedIdentity};
use crate::reference::Reference;

/// Whether a signature for `untrusted_signed`, the `docker-reference` of a payload, is one for the
/// image, by `rule`.
///
/// `image` is the Docker reference of the image as the user named it, if its transport has one.
///
/// # Errors
///
/// [`IdentityMismatch`] with both sides if it is not.
pub(crate) fn check(
    rule: &SignedIdentity,
    image: Option<&Reference>,
    untrusted_signed: &str,
) -> Result<(), IdentityMismatch> {
    let demanded = match rule {
        SignedIdentity::ExactReference(exact) => exact.docker_reference().clone(),
        SignedIdentity::ExactRepository(exact) => exact.docker_repository().clone(),
        _ => image.ok_or(IdentityMismatch::NoImageIdentity)?.clone(),
    };
    let demanded = match rule {
        SignedIdentity::RemapIdentity(remap) => remapped(&demanded, remap)?,
        _ => demanded,
    };
    let mismatch = |cause| IdentityMismatch::Different {
        demanded: demanded.to_string(),
        cause,
    };
    let signed = Reference::parse_normalized(untrusted_signed).map_err(|error| {
        mismatch(MismatchCause::SignedUnreadable {
            detail: error.to_string(),
        })
    })?;
    let same_repository = || {
        if signed.name() == demanded.name() {
            Ok(())
        } else {
            Err(mismatch(MismatchCause::OtherRepository))
        }
    };
    let same_reference = || {
        if signed == demanded {
            Ok(())
        } else if signed.name() == demanded.name() {
            Err(mismatch(MismatchCause::OtherTagOrDigest))
        } else {
            Err(mismatch(MismatchCause::OtherRepository))
        }
    };
    match rule {
        SignedIdentity::MatchRepository | SignedIdentity::ExactRepository(_) => same_repository(),
        _ if signed.is_name_only() => Err(mismatch(MismatchCause::SignedNameOnly)),
        _ if demanded.is_name_only() => Err(mismatch(MismatchCause::ImageNameOnly)),
        SignedIdentity::MatchExact | SignedIdentity::ExactReference(_) => same_reference(),
        SignedIdentity::MatchRepoDigestOrExact | SignedIdentity::RemapIdentity(_) => {
            // With a digest alone, the digest has been compared with the manifest already, so the
            // signature may name any tag of the repository.
            if demanded.tag().is_some() {
                same_reference()
            } else {
                same_repository()
            }
        }
    }
}

/// The tag that was signed and the one that the image is asked for by, where both have one and they differ.
pub(crate) fn other_tag(image: &Reference, signed: &str) -> Option<(String, String)> {
    let signed = Reference::parse_normalized(signed).ok()?;
    let (signed, asked) = (signed.tag()?, image.tag()?);
    (signed != asked).then(|| (signed.to_owned(), asked.to_owned()))
}

/// Why a signature is not one for the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IdentityMismatch {
    /// The image's transport gives it no Docker reference to compare with.
    NoImageIdentity,
    /// The references do not match.
    Different {
        demanded: String,
        cause: MismatchCause,
    },
}

/// What makes two references different.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum MismatchCause {
    /// The signed reference does not parse.
    #[error("the signed reference cannot be parsed: {detail}")]
    #[non_exhaustive]
    SignedUnreadable {
        /// What is wrong with it.
        detail: String,
    },
    /// The signed reference has neither a tag nor a digest.
    #[error(
        "the signed reference has neither a tag nor a digest, which only `matchRepository` and `exactRepository` accept"
    )]
    SignedNameOnly,
    /// The image's own reference has neither a tag nor a digest.
    #[error("the image's own reference has neither a tag nor a digest")]
    ImageNameOnly,
    /// After `remapIdentity`, the image's name is not a reference in expanded form.
    #[error("the image's remapped name cannot be parsed: {detail}")]
    #[non_exhaustive]
    Unmappable {
        /// What is wrong with it.
        detail: String,
    },
    /// They name different repositories.
    #[error("the repositories differ")]
    OtherRepository,
    /// They name the same repository, but not the same tag and digest.
    #[error("the repository is the same, but the tag or digest differs")]
    OtherTagOrDigest,
}

/// The image's name with the prefix of `remapIdentity` replaced, if it has that prefix.
pub(crate) fn remapped(
    image: &Reference,
    remap: &RemapIdentity,
) -> Result<Reference, IdentityMismatch> {
    // The prefix ends at a path separator: `quay.io/foo` does not cover `quay.io/foobar`.
    let rest = match image.name().strip_prefix(remap.prefix()) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ => return Ok(image.clone()),
    };
    let mut text = format!("{}{rest}", remap.signed_prefix());
    if let Some(tag) = image.tag() {
        text.push(':');
        text.push_str(tag);
    }
    if let Some(digest) = image.digest() {
        text.push('@');
        text.push_str(digest.as_str());
    }
    Reference::parse_expanded(&text).map_err(|error| IdentityMismatch::Different {
        demanded: text,
        cause: MismatchCause::Unmappable {
            detail: error.to_string(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{ExactReference, ExactRepository};

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn accepts(rule: &SignedIdentity, image: Option<&str>, signed: &str) -> bool {
        let image = image
            .map(|image| Reference::parse_normalized(&image.replace("DIGEST", DIGEST)).unwrap());
        check(rule, image.as_ref(), &signed.replace("DIGEST", DIGEST)).is_ok()
    }

    #[test]
    fn each_form_accepts_what_the_manual_page_says() {
        // image, signed, matchExact, matchRepoDigestOrExact, matchRepository
        for (image, signed, exact, digest_or_exact, repository) in [
            ("r.example/a:1", "r.example/a:1", true, true, true),
            ("r.example/a:1", "r.example/a:2", false, false, true),
            ("r.example/a:1", "r.example/b:1", false, false, false),
            ("r.example/a:1", "R.example/a:1", false, false, false),
            ("r.example/a:1", "r.example:443/a:1", false, false, false),
            ("r.example/a:1", "r.example/a", false, false, true),
            ("r.example/a:1", "r.example/a@DIGEST", false, false, true),
            ("r.example/a@DIGEST", "r.example/a:1", false, true, true),
            ("r.example/a@DIGEST", "r.example/a@DIGEST", true, true, true),
            ("r.example/a@DIGEST", "r.example/a", false, false, true),
            ("r.example/a@DIGEST", "r.example/b:1", false, false, false),
            ("r.example/a:1@DIGEST", "r.example/a:1", false, false, true),
            (
                "r.example/a:1@DIGEST",
                "r.example/a:1@DIGEST",
                true,
                true,
                true,
            ),
            ("r.example/a", "r.example/a:latest", false, false, true),
            ("r.example/a", "r.example/a", false, false, true),
            ("busybox:1", "docker.io/library/busybox:1", true, true, true),
            ("docker.io/library/busybox:1", "busybox:1", true, true, true),
            ("busybox:latest", "busybox", false, false, true),
            ("busybox:1", "index.docker.io/busybox:1", true, true, true),
            ("r.example/a:1", "", false, false, false),
            ("r.example/a:1", "r.example/A:1", false, false, false),
            ("r.example/a:1", "r.example/a:1 ", false, false, false),
        ] {
            for (rule, expected) in [
                (SignedIdentity::MatchExact, exact),
                (SignedIdentity::MatchRepoDigestOrExact, digest_or_exact),
                (SignedIdentity::MatchRepository, repository),
            ] {
                assert_eq!(
                    accepts(&rule, Some(image), signed),
                    expected,
                    "{rule:?}: {image} signed as {signed}"
                );
            }
        }
    }

    #[test]
    fn the_exact_forms_do_not_ask_what_the_image_is_called() {
        let reference = SignedIdentity::from(ExactReference::new("r.example/a:1").unwrap());
        let repository = SignedIdentity::from(ExactRepository::new("r.example/a").unwrap());
        for image in [None, Some("r.example/other:2")] {
            assert!(accepts(&reference, image, "r.example/a:1"));
            assert!(!accepts(&reference, image, "r.example/a:2"));
            assert!(!accepts(&reference, image, "r.example/a"));
            assert!(accepts(&repository, image, "r.example/a:2"));
            assert!(accepts(&repository, image, "r.example/a"));
            assert!(!accepts(&repository, image, "r.example/ab"));
        }
    }

    #[test]
    fn without_a_docker_reference_the_matching_forms_refuse() {
        for rule in [
            SignedIdentity::MatchExact,
            SignedIdentity::MatchRepoDigestOrExact,
            SignedIdentity::MatchRepository,
            SignedIdentity::from(RemapIdentity::new("r.example", "s.example").unwrap()),
        ] {
            assert_eq!(
                check(&rule, None, "r.example/a:1"),
                Err(IdentityMismatch::NoImageIdentity)
            );
        }
    }

    #[test]
    fn a_prefix_is_remapped_only_at_a_path_boundary() {
        for (prefix, signed_prefix, image, signed, expected) in [
            (
                "m.example/q",
                "quay.io",
                "m.example/q/a:1",
                "quay.io/a:1",
                true,
            ),
            (
                "m.example/q",
                "quay.io",
                "m.example/qq/a:1",
                "quay.io/a:1",
                false,
            ),
            (
                "m.example/q",
                "quay.io",
                "m.example/qq/a:1",
                "m.example/qq/a:1",
                true,
            ),
            (
                "m.example/q/a",
                "quay.io/x/b",
                "m.example/q/a:1",
                "quay.io/x/b:1",
                true,
            ),
            (
                "m.example/q/a",
                "quay.io/x/b",
                "m.example/q/ab:1",
                "quay.io/x/bb:1",
                false,
            ),
            (
                "m.example",
                "quay.io",
                "m.example:5000/a:1",
                "quay.io:5000/a:1",
                false,
            ),
            (
                "m.example:5000",
                "quay.io",
                "m.example:5000/a:1",
                "quay.io/a:1",
                true,
            ),
            (
                "m.example",
                "quay.io",
                "m.example/a@DIGEST",
                "quay.io/a:7",
                true,
            ),
            (
                "m.example",
                "quay.io",
                "m.example/a:1",
                "m.example/a:1",
                false,
            ),
            (
                "m.example",
                "docker.io",
                "m.example/busybox:1",
                "docker.io/library/busybox:1",
                false,
            ),
            ("library", "quay.io", "busybox:1", "busybox:1", true),
        ] {
            let rule = SignedIdentity::from(RemapIdentity::new(prefix, signed_prefix).unwrap());
            assert_eq!(
                accepts(&rule, Some(image), signed),
                expected,
                "{prefix} -> {signed_prefix}: {image} signed as {signed}"
            );
        }
    }
}
