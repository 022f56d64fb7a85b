//! Conversions to and from the types of `oci-spec` 0.10, which are also those of `oci-client`. Feature `oci-spec-0_10`.
//!
//! | from | to | error |
//! |---|---|---|
//! | `distribution::Reference` | [`Reference`](crate::Reference) | [`ReferenceError`](crate::ReferenceError) |
//! | `distribution::Reference` | [`ImageName`](crate::ImageName) | [`ImageNameError`](crate::ImageNameError) |
//! | [`Reference`](crate::Reference) | `distribution::Reference` | that of `oci-spec` |
//! | `image::Digest` | [`Digest`](crate::Digest) | [`DigestError`](crate::DigestError) |
//! | [`Digest`](crate::Digest) | `image::Digest` | that of `oci-spec` |
//! | `image::Descriptor` | [`Instance`](crate::index::Instance) | [`InstanceError`](crate::index::InstanceError) |
//! | [`Instance`](crate::index::Instance), or its parts by [`descriptor`] | `image::Descriptor` | that of `oci-spec` |
//! | `image::Descriptor` | [`Image`](crate::Image), by [`image_of`] | [`DigestError`](crate::DigestError) |
//! | `image::Platform` | [`Platform`](crate::Platform) | none |
//! | [`Platform`](crate::Platform) | `image::Platform` | none |
//!
//! All of them take a reference: `Digest::try_from(&digest)`. What `oci-spec` reads and this crate does not is refused
//! here: upper-case letters in a repository path and in digests, tags with letters other than ASCII, digests of other
//! algorithms, 64 hexadecimal digits as a name. Media types are texts in this crate: `MediaType::from(text)`, and
//! `as_ref()`. There is no conversion from `ImageIndex`, because only bytes can be read strictly and have a digest:
//! [`Index::parse`](crate::Index::parse).
//!
//! ```
//! use containers_sigpolicy::{ImageName, Reference};
//! # use oci_spec_0_10 as oci_spec;
//! use oci_spec::distribution;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let theirs: distribution::Reference = "registry.example/app/web:1.4.2".parse()?;
//! let name = ImageName::try_from(&theirs)?;
//! assert_eq!(name.as_str(), "docker://registry.example/app/web:1.4.2");
//!
//! // A tag and a digest are too much for a name. What is pulled then is the digest.
//! let digest = format!("sha256:{}", "0".repeat(64));
//! let theirs: distribution::Reference = format!("registry.example/app/web:1.4.2@{digest}").parse()?;
//! assert!(ImageName::try_from(&theirs).is_err());
//! let name = ImageName::for_pull(&Reference::try_from(&theirs)?);
//! assert_eq!(name.as_str(), format!("docker://registry.example/app/web@{digest}"));
//! # Ok(())
//! # }
//! ```

mod descriptor;
mod digest;
mod platform;
mod reference;

pub use self::descriptor::{descriptor, image_of};

#[cfg(test)]
mod tests;
