//! Which sigstore bundles count.

/// Which sigstore bundles satisfy a requirement `sigstoreSigned`: for
/// [`VerifierBuilder::sigstore_bundles`](super::VerifierBuilder::sigstore_bundles).
///
/// cosign 3 stores signatures as bundles, which containers/image does not read. In all that decides who signed, they are judged as
/// the older ones. But what cosign 3 signs is the digest of the manifest alone, and a policy compares a name too
/// (`signedIdentity`): so most of its signatures satisfy no requirement unless the program says that the digest suffices. A
/// policy file cannot say so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SigstoreBundles {
    /// None: bundles are passed over, exactly as containers/image does it.
    Off,
    /// Those that name the image for which they are, as `signedIdentity` demands. One that names none refuses as
    /// [`SigstoreRefusal::SignatureWithoutIdentity`](crate::verdict::SigstoreRefusal::SignatureWithoutIdentity).
    #[default]
    Named,
    /// Also those that name no image: a signature by the right signer over this very manifest will do, whatever
    /// `signedIdentity` says. Whoever can push to a registry can then put an image that the same signer has signed under
    /// another name. One that names another image does not count here either. The report says that no name was signed
    /// ([`Warning::NameNotSigned`](crate::verdict::Warning::NameNotSigned)).
    DigestSuffices,
}
