//! The limits that libraries have for RSA keys.

/// The most bits of a modulus that is calculated with, as far as a library can: as many as GnuPG reads
/// (`MAX_EXTERN_MPI_BITS` in its `gpg.h`), and OpenSSL takes.
pub(crate) const MAX_RSA_BITS: usize = 16_384;

/// What of an RSA key is beyond what a library calculates with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RsaLimit {
    /// Its modulus, whatever the exponent.
    Modulus,
    /// Its exponent.
    Exponent,
}
