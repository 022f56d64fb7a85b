//! GnuPG's rules without GnuPG: which signatures there are, and what a message's structure, a key's expiry, flags and
//! revocations mean. No OpenPGP library takes part in that.
//!
//! The mathematics is left to a [`Backend`], and each engine in this process is one of those under these rules.

mod algorithms;
mod backend;
mod certificate;
mod facts;
mod import;
mod keyring;
mod message;
mod others;
mod release;
mod signature;
#[cfg(test)]
mod tests;
mod verdict;

pub(in crate::engine) use self::backend::Backend;
pub(in crate::engine) use self::import::import;
