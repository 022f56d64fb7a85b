//! The types that sigstore bundles go by.

use crate::json::Document;

/// The largest bundle in bytes.
pub const MAX_BUNDLE_SIZE: usize = 4 * 1024 * 1024;

/// What a predicate of an in-toto statement has to be for the statement to be a signature of an image: that of `cosign sign`.
/// Any other is a statement about an image.
pub(crate) const IMAGE_SIGNATURE: &str = "https://sigstore.dev/cosign/sign/v1";

/// The version of a bundle's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// An entry of a log has to have the log's promise.
    V0_1,
    /// From here on it has to have an inclusion proof.
    V0_2,
    /// From here on there is one certificate and no chain.
    V0_3,
}

const TYPES: [(&str, Version); 4] = [
    (
        "application/vnd.dev.sigstore.bundle+json;version=0.1",
        Version::V0_1,
    ),
    (
        "application/vnd.dev.sigstore.bundle+json;version=0.2",
        Version::V0_2,
    ),
    (
        "application/vnd.dev.sigstore.bundle+json;version=0.3",
        Version::V0_3,
    ),
    (NEWEST, Version::V0_3),
];

/// The type of bundles that writers of today make.
const NEWEST: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// The version of bundles of this type, which is compared octet for octet.
pub(crate) fn version_of(media_type: &str) -> Option<Version> {
    let known = TYPES.iter().find(|(known, _)| *known == media_type);
    known.map(|(_, version)| *version)
}

/// The type that a bundle says it has, if it is one that is read; else the newest, as which it will be refused.
pub(crate) fn type_of(bundle: &[u8]) -> String {
    let document = Document::parse(bundle).ok();
    let stated = document.as_ref().and_then(|document| {
        let root = document.root().object().ok()?;
        Some(root.find("mediaType")?.string().ok()?.into_owned())
    });
    stated
        .filter(|stated| is_bundle(stated))
        .unwrap_or_else(|| NEWEST.to_owned())
}

/// Whether it is the type of a bundle that is read.
pub(crate) fn is_bundle(media_type: &str) -> bool {
    version_of(media_type).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_types_are_known() {
        for (media_type, version) in TYPES {
            assert_eq!(version_of(media_type), Some(version));
        }
        for other in [
            "",
            "application/vnd.dev.sigstore.bundle+json",
            "application/vnd.dev.sigstore.bundle+json;version=0.4",
            "application/vnd.dev.sigstore.bundle+json; version=0.3",
            "application/vnd.dev.sigstore.bundle.v0.2+json",
            "Application/vnd.dev.sigstore.bundle.v0.3+json",
            "application/vnd.dev.sigstore.bundle.v0.3+json ",
        ] {
            assert!(!is_bundle(other), "{other}");
        }
    }

    #[test]
    fn a_bundle_says_its_type() {
        for (media_type, _) in TYPES {
            let bundle = format!(r#"{{"mediaType":"{media_type}","x":1}}"#);
            assert_eq!(type_of(bundle.as_bytes()), media_type);
        }
        for other in ["", "{}", "[]", r#"{"mediaType":5}"#, r#"{"mediaType":"a"}"#] {
            assert_eq!(type_of(other.as_bytes()), NEWEST, "{other}");
        }
    }
}
