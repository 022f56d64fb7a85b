//! The names of images.

pub(crate) mod context;
pub(crate) mod error;
pub(crate) mod name;
mod path;
mod scope;
mod storage;
pub(crate) mod transport;

pub(crate) use self::context::NameContext;
pub(crate) use self::error::ImageNameError;
pub(crate) use self::name::ImageName;
pub use self::scope::ScopeError;
pub(crate) use self::transport::Transport;
