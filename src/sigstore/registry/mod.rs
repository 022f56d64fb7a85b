//! What registries hold of the signatures that cosign makes, without a network: from bytes to bytes.
//!
//! # Signatures beside the image
//!
//! cosign 1 and 2, podman and skopeo push the signatures of an image into its own repository, under a tag that is made of
//! the image's digest. What is there is an OCI manifest with a layer for each signature (cosign,
//! `specs/SIGNATURE_SPEC.md`). The caller makes the requests; what they bring is read here:
//!
//! 1. fetch the manifest under [`signature_tag`]: if it is not there (404), the image has no signatures of this kind;
//! 2. [`signature_layers`] of it;
//! 3. fetch the blob of each layer by its digest, no more octets of it than its size;
//! 4. [`SignatureLayer::into_stored`] makes of both a signature for
//!    [`Image::with_signature`](crate::Image::with_signature).
//!
//! containers/image does the same where `use-sigstore-attachments` is set (containers-registries.d(5)). Nothing of it is verified
//! by being read: that is for the policy.
//!
//! ```
//! use containers_sigpolicy::sigstore::registry;
//! use containers_sigpolicy::{Digest, Image, ImageName};
//!
//! # fn fetch(what: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
//! #     Ok(if what.starts_with("sha256-") {
//! #         br#"{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": [
//! #             {"mediaType": "application/vnd.dev.cosign.simplesigning.v1+json", "size": 2,
//! #              "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
//! #              "annotations": {"dev.cosignproject.cosign/signature": "MEUC"}}]}"#.to_vec()
//! #     } else {
//! #         b"{}".to_vec()
//! #     })
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let manifest = br#"{"schemaVersion": 2}"#.as_slice();
//! let mut image = Image::new(ImageName::parse("docker://registry.example/app:1")?, manifest);
//! let signatures = fetch(&registry::signature_tag(&Digest::of(manifest)))?;
//! for layer in registry::signature_layers(&signatures)? {
//!     let payload = fetch(layer.digest().as_str())?;
//!     image = image.with_signature(layer.into_stored(payload)?);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Bundles that refer to the image
//!
//! cosign 3 pushes a sigstore bundle as a manifest of its own, whose `subject` is the image (OCI distribution specification,
//! "Listing Referrers"):
//!
//! 1. ask for the referrers of the image's digest, or, where the registry does not know that (404), for the manifest under
//!    [`referrers_tag`]: both are an index. If that is not there either, the image has no bundles;
//! 2. [`bundle_manifests`] of it, and fetch each by its digest;
//! 3. [`bundle_layer`] of each, and fetch that blob, no more octets of it than its size;
//! 4. [`BundleLayer::into_stored`] makes a signature for [`Image::with_signature`](crate::Image::with_signature).
//!
//! Whether such a bundle counts is for [`SigstoreBundles`](crate::SigstoreBundles).

mod descriptor;
mod error;
mod referrers;
mod signatures;

use crate::digest::Digest;

pub use self::error::RegistryError;
pub use self::referrers::{BundleLayer, BundleManifest, bundle_layer, bundle_manifests};
pub use self::signatures::{SignatureLayer, signature_layers};

/// The largest payload in bytes: that of containers/image (`iolimits.MaxSignatureBodySize`).
pub const MAX_PAYLOAD_SIZE: u64 = 4 * 1024 * 1024;

/// The media type of manifests of one image or artifact.
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// The tag of an image's signatures in its own repository: `sha256-` and the hexadecimal digest of its manifest, then `.sig`.
///
/// Of a multi-architecture image, the list and each instance have tags of their own.
#[must_use]
pub fn signature_tag(image: &Digest) -> String {
    format!("{}.sig", referrers_tag(image))
}

/// The tag of the index of what refers to an image, in its own repository, where the registry has no referrers API: `sha256-` and
/// the hexadecimal digest of the image's manifest (OCI distribution specification, "Referrers Tag Schema").
#[must_use]
pub fn referrers_tag(image: &Digest) -> String {
    image.as_str().replacen(':', "-", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_are_made_of_the_digest() {
        let digest = Digest::of(b"{}");
        let tag = "sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(referrers_tag(&digest), tag);
        assert_eq!(signature_tag(&digest), format!("{tag}.sig"));
    }
}
