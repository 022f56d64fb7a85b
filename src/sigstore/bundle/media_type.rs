//! The types that bundles go by.

/// The version of a bundle's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
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
    (
        "application/vnd.dev.sigstore.bundle.v0.3+json",
        Version::V0_3,
    ),
];

/// The version of bundles of this type, which is compared octet for octet.
pub(super) fn version_of(media_type: &str) -> Option<Version> {
    let known = TYPES.iter().find(|(known, _)| *known == media_type);
    known.map(|(_, version)| *version)
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
}
