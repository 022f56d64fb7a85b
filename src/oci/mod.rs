//! Conversions to and from the types of the crate `oci-spec`, which others use for the same things: a module for each of
//! its versions, behind a feature of the same name. The types of this crate stay its own, so that a new version of
//! `oci-spec` is no new version of this crate.

pub mod v0_10;
