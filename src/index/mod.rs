//! Lists of the instances of a multi-architecture image: OCI image indexes and Docker manifest lists.
//!
//! A registry gives for one name a list of manifests, one for each platform. [`Index::parse`](crate::Index::parse) reads
//! such a list strictly, and [`Index::choose_for`](crate::Index::choose_for) finds the instance that containers/image
//! would run. [`Image::from_index`](crate::Image::from_index) does both for an image that has a name, and sees to it that
//! name, list and instance belong together.

mod error;
pub(crate) mod list;
pub(crate) mod platform;
pub(crate) mod read;
mod running;

pub use self::error::{IndexError, InstanceError};
pub(crate) use self::platform::Platform;
pub(crate) use self::read::Index;
pub use self::read::Instance;

#[cfg(test)]
mod tests;
