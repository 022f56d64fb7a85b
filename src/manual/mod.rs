//! Pages for those who embed the library.
//!
//! - [`registry`]: from a registry to a verdict, step by step
//! - [`asynchronous`]: in async code
//! - [`clocks`]: which time counts, and where to get it
//! - [`costs`]: what costs time, what is kept for the next image, and when it is looked at again
//! - [`tests`]: testing your integration
//! - [`licences`]: what you may link, and what you then owe

#[doc = include_str!("asynchronous.md")]
pub mod asynchronous {}

#[doc = include_str!("clocks.md")]
pub mod clocks {}

#[doc = include_str!("costs.md")]
pub mod costs {}

#[doc = include_str!("licences.md")]
pub mod licences {}

#[doc = include_str!("registry.md")]
pub mod registry {}

#[doc = include_str!("testing.md")]
pub mod tests {}
