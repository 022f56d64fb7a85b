//! Each rule of this room from both sides.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod judge;
mod keys;
mod log;
mod made;
mod material;
mod refusals;
mod signatures;
