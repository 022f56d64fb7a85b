//! OpenPGP in octets (RFC 9580), read as GnuPG reads it: packets and what is in them. Nothing here knows an engine or a policy,
//! and nothing is verified.

pub(crate) mod algorithm;
pub(crate) mod armor;
pub(crate) mod decompression;
#[cfg(feature = "_rules")]
pub(crate) mod handle;
pub(crate) mod hints;
pub(crate) mod integer;
#[cfg(feature = "_gnupg")]
pub(crate) mod issuer;
#[cfg(feature = "_rules")]
pub(crate) mod key;
#[cfg(feature = "_rules")]
pub(crate) mod material;
pub(crate) mod message;
pub(crate) mod octets;
#[cfg(feature = "_rules")]
pub(crate) mod one_pass;
pub(crate) mod packet;
pub(crate) mod public_key;
pub(crate) mod releases;
#[cfg(feature = "_rules")]
pub(crate) mod residue;
pub(crate) mod revocation;
pub(crate) mod secret_key;
pub(crate) mod signature;
#[cfg(feature = "_rules")]
mod sizes;
pub(crate) mod subpacket;
#[cfg(feature = "_rules")]
pub(crate) mod value;
