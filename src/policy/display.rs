//! Requirements in a few words, for reports.

use std::fmt;

use super::{KeySource, Requirement, SignedBy, SignedIdentity, SigstoreSigned, SigstoreTrust};

/// The requirement in one line: `signedBy GPGKeys, keyPath keys/release.gpg, matchExact`, or
/// `sigstoreSigned keyPath /etc/pki/cosign.pub, rekorPublicKeyPath /etc/pki/rekor.pub, matchRepository`.
impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.type_name())?;
        match self {
            Self::SignedBy(signed_by) => write!(formatter, " {signed_by}"),
            Self::SigstoreSigned(sigstore) => write!(formatter, " {sigstore}"),
            Self::SignedBaseLayer(base) => write!(formatter, " {}", base.base_layer_identity()),
            Self::InsecureAcceptAnything | Self::Reject => Ok(()),
        }
    }
}

impl fmt::Display for SignedBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}, {}, {}",
            self.key_type().name(),
            self.keys(),
            self.signed_identity()
        )
    }
}

impl fmt::Display for SigstoreSigned {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.trust() {
            SigstoreTrust::Keys { keys, rekor } => {
                write!(formatter, "{}, ", keys.told_as_keys())?;
                if let Some(rekor) = rekor {
                    write!(formatter, "{}, ", rekor.told_as_logs())?;
                }
            }
            SigstoreTrust::Fulcio { fulcio, rekor } => write!(
                formatter,
                "fulcio {} by {}, {}, ",
                fulcio.subject_email(),
                fulcio.oidc_issuer(),
                rekor.told_as_logs()
            )?,
            SigstoreTrust::Pki(pki) => {
                formatter.write_str("pki")?;
                for subject in [pki.subject_email(), pki.subject_hostname()]
                    .into_iter()
                    .flatten()
                {
                    write!(formatter, " {subject}")?;
                }
                formatter.write_str(", ")?;
            }
        }
        self.signed_identity().fmt(formatter)
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(formatter, "keyPath {path}"),
            Self::Paths(paths) => write!(formatter, "keyPaths {}", paths.join(" ")),
            Self::Data(data) => write!(formatter, "keyData of {} bytes", data.len()),
        }
    }
}

impl fmt::Display for SignedIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.type_name())?;
        match self {
            Self::MatchExact | Self::MatchRepoDigestOrExact | Self::MatchRepository => Ok(()),
            Self::ExactReference(exact) => write!(formatter, " {}", exact.docker_reference()),
            Self::ExactRepository(exact) => write!(formatter, " {}", exact.docker_repository()),
            Self::RemapIdentity(remap) => write!(
                formatter,
                " from {} to {}",
                remap.prefix(),
                remap.signed_prefix()
            ),
        }
    }
}
