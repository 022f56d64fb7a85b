//! Simple signing: what is stored with an image, what was signed of it, and whether that fits the image
//! (containers-signature(5)).

pub(crate) mod blob;
pub(crate) mod identity;
pub(crate) mod payload;
pub(crate) mod unverified;

pub use self::identity::MismatchCause;
