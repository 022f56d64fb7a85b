//! Platforms.

use oci_spec_0_10::image;

use crate::index::Platform;

impl From<&image::Platform> for Platform {
    /// As it is; the reserved `features` are left out. Beware of the platform that `oci-spec` makes by default, which has
    /// Rust's names, such as `x86_64`, and which no index has: [`Platform::current`] has Go's.
    fn from(theirs: &image::Platform) -> Self {
        let features = theirs.os_features().as_deref().unwrap_or_default();
        Self::new(theirs.os().to_string(), theirs.architecture().to_string())
            .with_variant(theirs.variant().as_deref().unwrap_or_default())
            .with_os_version(theirs.os_version().as_deref().unwrap_or_default())
            .with_os_features(features)
    }
}

impl From<&Platform> for image::Platform {
    fn from(ours: &Platform) -> Self {
        let architecture = match ours.architecture() {
            // oci-spec 0.10 reads this as `arm64be`.
            "armbe" => image::Arch::ARMbe,
            other => image::Arch::from(other),
        };
        let features = Some(ours.os_features().to_vec()).filter(|features| !features.is_empty());
        let mut theirs = Self::default();
        theirs
            .set_os(image::Os::from(ours.os()))
            .set_architecture(architecture)
            .set_variant(ours.variant().map(str::to_owned))
            .set_os_version(ours.os_version().map(str::to_owned))
            .set_os_features(features);
        theirs
    }
}
