//! The names of images.

mod context;
mod error;
mod name;
mod path;
mod scope;
mod storage;
mod transport;

pub use context::NameContext;
pub use error::ImageNameError;
pub use name::ImageName;
pub use scope::ScopeError;
pub use transport::Transport;
