//! Sigstore beside policies: who has signed a bundle ([`verify_bundle`]), and what registries hold ([`registry`]).
//!
//! Images under a policy are for a [`Verifier`](crate::Verifier); what reports say of sigstore is in [`verdict`](crate::verdict).
//!
//! The verdicts are those of containers/image with `sigstoreSigned`, and never laxer. The mathematics is RustCrypto's in every
//! build, so that there is one verdict.
//!
//! Verifying needs the feature `sigstore`.

// Inside: what is stored, the keys, logs and authorities that a policy trusts, and whether a signature proves its payload.
// Policies, images and names are for the verifier. What reports say is in every build.

pub(crate) mod attachment;
#[cfg(feature = "sigstore")]
mod body;
#[cfg(feature = "sigstore")]
pub(crate) mod bundle;
pub(crate) mod bundle_type;
#[cfg(feature = "sigstore")]
pub(crate) mod certificate;
#[cfg(feature = "sigstore")]
pub(crate) mod claims;
#[cfg(feature = "sigstore")]
mod crypto;
#[cfg(feature = "sigstore")]
mod der;
pub(crate) mod facts;
#[cfg(feature = "sigstore")]
pub(crate) mod identity;
#[cfg(feature = "sigstore")]
pub(crate) mod judge;
#[cfg(feature = "sigstore")]
mod log_entry;
#[cfg(feature = "sigstore")]
mod path;
#[cfg(feature = "sigstore")]
mod pem;
#[cfg(feature = "sigstore")]
pub(crate) mod public_key;
pub(crate) mod refusal;
pub mod registry;
pub(crate) mod signer;
#[cfg(feature = "sigstore")]
mod spki;
#[cfg(all(test, feature = "sigstore"))]
mod tests;
#[cfg(feature = "sigstore")]
pub(crate) mod trust;
pub(crate) mod unverified;

/// A sigstore bundle in the form that [`Source::signatures`](crate::Source::signatures) gives signatures in: a blob of the format
/// `sigstore-json` that holds the bundle as its payload, and has its media type. In a store, containers/image passes over such a
/// blob. What is no bundle is refused when it is judged. So is the image if the blob is larger than
/// [`MAX_SIGNATURE_SIZE`](crate::source::MAX_SIGNATURE_SIZE): base64 makes it a third longer than the bundle, which then has at
/// most some 3 MiB.
///
/// [`Image::with_bundle`](crate::Image::with_bundle) does it by itself.
pub fn stored_bundle(bundle: impl Into<Vec<u8>>) -> Vec<u8> {
    let payload = bundle.into();
    let attachment = attachment::Attachment {
        mime_type: bundle_type::type_of(&payload),
        payload,
        annotations: Default::default(),
    };
    attachment.to_blob()
}

#[cfg(feature = "sigstore")]
pub use self::bundle::{
    BundleSigner, TrustRoot, TrustRootError, VerifiedBundle, VerifyBundleError, verify_bundle,
};
pub use self::bundle_type::MAX_BUNDLE_SIZE;
pub(crate) use self::facts::{KeyAlgorithm, KeyId, LogEntry};
pub(crate) use self::refusal::{NoTrustedTime, SigstoreRefusal};
pub(crate) use self::signer::{CertificateSigner, CertificateTime};
