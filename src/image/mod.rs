//! The names of images.

mod error;
mod name;
mod path;
mod scope;
mod storage;
mod transport;

pub use error::ImageNameError;
pub use name::{ImageName, NameContext};
pub use scope::ScopeError;
pub use transport::Transport;
