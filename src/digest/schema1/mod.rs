//! Manifests of Docker's version 2, schema 1: their digest is that of what is signed in them.

mod jwk;
pub(super) mod jws;
