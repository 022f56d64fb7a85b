//! The formats of stored signatures that requirements ask for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which stored signatures a requirement looks at. As JSON the name that containers/image gives the format.
///
/// `Display` is the word for people, `OpenPGP` or `sigstore`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SignatureFormat {
    /// OpenPGP messages (containers-signature(5)), of a requirement `signedBy`.
    #[default]
    #[serde(rename = "simple-signing")]
    SimpleSigning,
    /// Signatures of sigstore, as cosign makes them, of a requirement `sigstoreSigned`.
    #[serde(rename = "sigstore-json")]
    Sigstore,
}

impl SignatureFormat {
    /// Whether it is what the JSON of a reason does not say.
    pub(crate) fn is_simple_signing(&self) -> bool {
        *self == Self::SimpleSigning
    }
}

impl fmt::Display for SignatureFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SimpleSigning => "OpenPGP",
            Self::Sigstore => "sigstore",
        })
    }
}

/// In which form a signature of sigstore is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum PayloadFormat {
    /// A payload with annotations beside it, as cosign 1 and 2, podman and skopeo make it.
    Annotations,
    /// A sigstore bundle, as cosign 3 makes it.
    Bundle,
}
