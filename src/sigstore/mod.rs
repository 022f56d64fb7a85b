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

#[cfg(feature = "sigstore")]
pub use self::bundle::{
    BundleSigner, TrustRoot, TrustRootError, VerifiedBundle, VerifyBundleError, verify_bundle,
};
pub use self::bundle_type::MAX_BUNDLE_SIZE;
pub(crate) use self::facts::{KeyAlgorithm, KeyId, LogEntry};
pub(crate) use self::refusal::{NoTrustedTime, SigstoreRefusal};
pub(crate) use self::signer::{CertificateSigner, CertificateTime};
