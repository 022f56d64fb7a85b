//! Images: their names, and their bytes in memory.

mod error;
mod in_memory;
mod name;
mod path;
mod scope;
mod storage;
mod transport;

pub use error::ImageNameError;
pub use in_memory::Image;
pub use name::{ImageName, NameContext};
pub use scope::ScopeError;
pub use transport::Transport;
