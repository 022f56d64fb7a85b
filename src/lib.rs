//! May this image run under this `policy.json`?
//!
//! This crate answers that one question for container runtimes. It reads containers-policy.json(5)
//! exactly as containers/image does, the Go library behind podman, skopeo, CRI-O and buildah; it
//! verifies "simple signing" OpenPGP signatures and sigstore signatures against manifest digests; and when it refuses, it
//! says which requirement, which signature and which key, and what to do about it.
//!
//! Bytes in, verdict out: no network, no asynchronous runtime, and no state outside of the values that you
//! hold, but what a cryptographic library was found to be able to calculate, and public keys in OpenSSL's form. It fails closed:
//! whatever is unknown, unreadable or inconsistent never accepts an image.
//!
//! # Example
//!
//! A rejection is an error, so `?` never goes on with an image that may not run:
//!
//! ```
//! use containers_sigpolicy::{Error, Image, ImageName, Policy, Verifier};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Nothing may run, except what a key of this file has signed by the image's own name.
//! let policy = Policy::from_slice(br#"{
//!     "default": [{"type": "reject"}],
//!     "transports": {"docker": {"registry.example": [
//!         {"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/etc/pki/release.gpg"}
//!     ]}}
//! }"#)?;
//! let verifier = Verifier::new(policy);
//!
//! // What a runtime has fetched: the manifest as served, and the stored signatures, of which
//! // there are none here.
//! let name = ImageName::parse("docker://registry.example/app/web:1.4.2")?;
//! let manifest = br#"{"schemaVersion": 2}"#;
//! let image = Image::new(name, manifest.as_slice());
//!
//! match verifier.verify(&image) {
//!     Ok(accepted) => match accepted.manifest_digest() {
//!         Some(digest) => println!("run the manifest {digest}, and no other"),
//!         None => println!("the policy asks for no signature here: nothing was verified"),
//!     },
//!     Err(error) => {
//!         assert_eq!(error.code(), "no-signature");
//!         eprintln!("{error}");
//!         if let Some(report) = error.report() {
//!             eprintln!("{report}"); // every requirement, every signature, what to do
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # The way through
//!
//! 1. [`Policy`] is the file: [`Policy::from_slice`], [`Policy::from_file`], or [`Policy::from_system`]
//!    for the system's, which is the file that containers/image 5.40 reads, the library of podman
//!    6.0; [`SystemPaths`] has the order of places, and [`Policy::origin`] says which one it was.
//!    Releases up to 5.39 know fewer places. A mistake in the file is a [`PolicyError`] with line,
//!    column and JSON path, and with all other mistakes. [`Policy::explain`] says what applies to an
//!    image and why, [`Policy::lint`] what in a policy is most likely a slip.
//! 2. [`ImageName`] is what the user asked for, such as `docker://registry.example/app:1`. It
//!    decides which scope of the policy applies. For an image that comes from a mirror, it is
//!    still the name that the user gave. [`Policy::plan`] says what an image of that name needs, before anything
//!    is fetched.
//! 3. A [`Source`] has the bytes: an [`Image`] in memory, a [`DirSource`] on disk, or a type of
//!    your own that fetches them only if the policy asks for them. Of a multi-architecture image one instance is verified:
//!    [`Image::from_index`] reads the index that a registry has for the name, and chooses the instance of a [`Platform`].
//! 4. A [`Verifier`] has the policy and an [`Engine`](engine::Engine), and reads each key file
//!    once: from the file system, or from where your [`KeyLoader`] has it. It is `Send` and `Sync`.
//! 5. [`Verifier::verify`] gives [`Accepted`], with the digest to pin to, or an [`Error`]. On
//!    both there is the same [`Report`], as text and as JSON. [`Error::Rejected`] says that the
//!    policy does not accept the image; [`Error::Unavailable`] that nobody knows, because something could not
//!    be read or fetched, and [`Error::Undecided`] that it could not be checked: then the image is not run
//!    either, but nothing is said against it.
//!
//! [`manual`] has pages on registries, asynchronous code, clocks, costs, tests and licences.
//!
//! # What is not checked
//!
//! - **Layers.** The verdict is about the manifest. Whoever runs the image must compare each blob
//!   with the digest in that manifest, and must use the manifest with
//!   [`Accepted::manifest_digest`], not what a tag points to later.
//! - **Everything under `insecureAcceptAnything`.** Neither the manifest nor a signature is read,
//!   and [`Accepted::is_signed`] is false.
//! - **`signedBaseLayer`** and the key types other than `GPGKeys`, which containers/image rejects always: they reject every
//!   image with the code `unsupported-requirement`, unless somebody else has judged them and you pass on the verdict
//!   ([`VerifyOptions::foreign_verdict`]). Without the feature `sigstore` so does `sigstoreSigned`.
//! - **Whether a certificate was revoked, or publicly logged.** Certificates of sigstore are judged by what is in the policy and
//!   beside the signature. No list of revoked ones is fetched, and no SCT (the word of a log of certificates) is asked for:
//!   Rekor's entry shows the certificate already, and an SCT does not say what was signed. containers/image does neither.
//! - **Rekor itself.** That a log has recorded a signature is its own signed word (the "signed entry timestamp"); the log is
//!   not asked whether it is still there. Where a sigstore bundle has an inclusion proof beside it, that has to be right.
//!   Version 2 of Rekor and timestamp authorities are not supported, as in containers/image.
//! - **The name of an image that cosign 3 has signed**, if you say that its digest suffices
//!   ([`VerifierBuilder::sigstore_bundles`]): cosign 3 signs none. Without your saying so, such a signature satisfies nothing.
//! - **Where signatures come from.** Stored signatures are untrusted input; fetching them, from a
//!   registry or a lookaside store, is the caller's.
//! - **Freshness**, unless you ask for it. A signature says that an image was good once; there is no network to ask
//!   whether it still is. [`VerifierBuilder::max_signature_age`] refuses old signatures, and
//!   [`VerifyOptions::newest_seen`] an image that was signed before one that you have seen by the
//!   same name: keep [`Accepted::signed_at`] for it. What roles for the root, targets and timestamps
//!   (TUF) would add cannot be said in `policy.json`.
//!
//! # What is said of it
//!
//! [`Report::answer`] and [`Error::answer`] are what a person reads first: cause, place, policy and what to do, in at
//! most six lines, which is also what `Display` of a report writes; `{:#}` adds the rest, and JSON has all. An accepted
//! image may come with [`Accepted::warnings`]. [`Verifier::keys`] says until when each trusted key is good,
//! [`Policy::explain`] what a policy means for an image, [`Policy::lint`] and [`Verifier::lint`] what in it is most
//! likely a slip. The program `sigpolicy` (feature `cli`) has all of that.
//!
//! # Features
//!
//! | feature | default | what it does |
//! |---|---|---|
//! | `sequoia-rust` | yes | `sequoia` on its pure-Rust cryptographic backend: needs nothing but cargo |
//! | `sigstore` | yes | `sigstoreSigned` with keys and with certificates, on RustCrypto's mathematics in every build, so that all builds give one verdict: needs nothing but cargo, and no engine |
//! | `gpgme` | no | the [`Gpgme`](engine::Gpgme) engine: the system's GnuPG through libgpgme; tried first |
//! | `gpg` | no | the [`Gpg`](engine::Gpg) engine: the system's GnuPG as a child process; tried next |
//! | `native` | no | the [`Native`](engine::Native) engine: RustCrypto under the same rules as `sequoia`, needs nothing but cargo; tried before it. With `default-features = false` it is all under permissive licences |
//! | `native-openssl` | no | the same engine on the system's OpenSSL, 1.1.1 or later: faster but for Ed25519, and with Brainpool; needs its headers and `pkg-config` to build. Beside `native` or alone |
//! | `cli` | no | the program `sigpolicy`: nothing for library users |
//! | `oci-spec-0_10` | no | conversions to and from the types of the crate `oci-spec` 0.10, in `oci::v0_10` |
//! | `testing` | no | `testing`, for tests of programs that embed the library: reports without keys, and an engine that believes everything. Never for production |
//! | `tracing` | no | events for `tracing`, of the target `containers_sigpolicy` and the level debug: which policy, scope and engine, which keys, what came of each signature |
//! | `sequoia` | through `sequoia-rust` | the [`Sequoia`](engine::Sequoia) engine; the final program picks one of sequoia-openpgp's backends |
//!
//! Features only add. Without an engine the crate still reads and explains policies, and every
//! image whose policy asks for an OpenPGP signature ends in [`Error::Engine`]. This crate is under the
//! Apache-2.0 licence; sequoia-openpgp, which the default feature links, is under the LGPL, version
//! 2 or later. Who cannot take that builds with `default-features = false, features = ["native"]`.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(all(
        feature = "gpgme",
        feature = "gpg",
        feature = "_native",
        feature = "sequoia"
    )),
    allow(
        rustdoc::broken_intra_doc_links,
        reason = "the engine is not in this build"
    )
)]

#[macro_use]
mod trace;

pub mod answer;
mod clock;
pub mod digest;
pub mod engine;
mod error;
pub mod explain;
mod file;
mod fingerprint;
pub mod image;
pub mod index;
mod json;
#[cfg(test)]
#[path = "../tests/common/json.rs"]
mod json_output;
pub mod manual;
#[cfg(any(feature = "_mathematics", feature = "sequoia"))]
#[cfg_attr(
    not(feature = "_native"),
    allow(dead_code, reason = "only OpenPGP needs all of it")
)]
mod mathematics;
#[cfg(feature = "oci-spec-0_10")]
pub mod oci;
#[cfg(feature = "_openpgp")]
mod openpgp;
mod plan;
pub mod policy;
mod reference;
#[cfg_attr(
    not(feature = "sigstore"),
    allow(
        dead_code,
        reason = "what is said of sigstore is in every build, and verifying asks for more"
    )
)]
pub mod sigstore;
mod simple_signing;
pub mod source;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod text;
pub mod verdict;
mod verifier;

// Each public name has one path: what is named here is not public in its module. `tests/public_names.rs` says so.
pub use self::clock::{Clock, ClockError, Moment, MomentError, TimeSource};
pub use self::digest::error::ManifestError;
pub use self::digest::manifest::manifest_digest;
pub use self::digest::value::{Digest, DigestError};
pub use self::engine::crypto_policy::CryptoPolicy;
pub use self::error::{Category, Error};
pub use self::fingerprint::{Fingerprint, FingerprintError, KeyHandle};
pub use self::image::context::NameContext;
pub use self::image::error::ImageNameError;
pub use self::image::name::ImageName;
pub use self::image::transport::Transport;
pub use self::index::platform::Platform;
pub use self::index::read::Index;
pub use self::plan::{ForeignRequirement, ForeignVerdict, Plan};
pub use self::policy::document::Policy;
pub use self::policy::error::PolicyError;
pub use self::policy::system::SystemPaths;
pub use self::reference::{Reference, ReferenceError};
pub use self::source::contract::Source;
pub use self::source::dir::DirSource;
pub use self::source::error::SourceError;
pub use self::source::memory::Image;
pub use self::text::name::UnknownNameError;
pub use self::verdict::accepted::Accepted;
pub use self::verdict::reason::Reason;
pub use self::verdict::report::Report;
pub use self::verifier::key_loader::{KeyFiles, KeyLoader};
pub use self::verifier::{SigstoreBundles, Verifier, VerifierBuilder, VerifyOptions};

/// The README's code, as a test of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
