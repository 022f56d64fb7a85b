//! What the engines on GnuPG share, however gpg is run.
//!
//! The engines [`Gpgme`](crate::engine::Gpgme) and [`Gpg`](crate::engine::Gpg) differ in who starts gpg: libgpgme, or
//! this library. Everything else is here: finding the program, its private home directory, which part of a key file it
//! gets, what its status lines and lists mean, and the verdict.
//!
//! - A verdict comes from gpg's status lines alone (`doc/DETAILS` of GnuPG). A gpg that exits before it has written all
//!   the lines it must has judged nothing, which is an [`EngineError`] and never a refusal.
//! - gpg never sees the user's home directory, keyring, configuration or agent. What the system's
//!   own configuration could change makes the engine unusable.

pub(in crate::engine) mod child;
pub(in crate::engine) mod configuration;
mod facts;
pub(in crate::engine) mod failure;
mod foreign;
pub(in crate::engine) mod home;
pub(in crate::engine) mod import;
mod key_file;
mod keyring;
pub(in crate::engine) mod listing;
pub(in crate::engine) mod operations;
pub(in crate::engine) mod probe;
pub(in crate::engine) mod processes;
pub(in crate::engine) mod program;
pub(in crate::engine) mod resources;
mod shown;
pub(in crate::engine) mod status;
mod strangers;
mod unusable;
mod verdict;
mod version;

#[cfg(not(unix))]
compile_error!("the engines on GnuPG are for Unix; use the feature `sequoia-rust` elsewhere");
