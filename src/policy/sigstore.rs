//! The requirement `sigstoreSigned`: read, written and checked for consistency.

use super::{InvalidPolicy, SignedIdentity};

/// The requirement `sigstoreSigned`: the image needs a sigstore signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigstoreSigned {
    trust: SigstoreTrust,
    signed_identity: SignedIdentity,
}

impl SigstoreSigned {
    /// A requirement for signatures that `trust` vouches for and whose identity fits `signed_identity` (a policy that
    /// does not say means [`SignedIdentity::default`]).
    ///
    /// # Errors
    ///
    /// [`InvalidPolicy::Empty`] for an empty path or list, and for an empty key of a Rekor log. Empty `keyData` is
    /// allowed, as in a [`SignedBy`](super::SignedBy): it trusts nobody.
    pub fn new(
        trust: SigstoreTrust,
        signed_identity: SignedIdentity,
    ) -> Result<Self, InvalidPolicy> {
        match &trust {
            SigstoreTrust::Keys { keys, rekor } => {
                keys.check_keys()?;
                if let Some(rekor) = rekor {
                    rekor.check_rekor()?;
                }
            }
            SigstoreTrust::Fulcio { rekor, .. } => rekor.check_rekor()?,
            SigstoreTrust::Pki(_) => {}
        }
        Ok(Self {
            trust,
            signed_identity,
        })
    }

    /// Who vouches for a signature.
    pub fn trust(&self) -> &SigstoreTrust {
        &self.trust
    }

    /// What the signature must claim the image to be.
    pub fn signed_identity(&self) -> &SignedIdentity {
        &self.signed_identity
    }
}

/// Who vouches for a sigstore signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigstoreTrust {
    /// `keyPath`, `keyPaths`, `keyData` or `keyDatas`: one of these keys made it.
    #[non_exhaustive]
    Keys {
        /// The keys.
        keys: SigstoreKeys,
        /// If given, a Rekor log with one of these keys must have recorded the signature.
        rekor: Option<SigstoreKeys>,
    },
    /// `fulcio`: a short-lived certificate of a Fulcio authority.
    #[non_exhaustive]
    Fulcio {
        /// The authority, and who must have signed.
        fulcio: Fulcio,
        /// The keys of the Rekor log that must have recorded the signature; it alone says when the signature was made.
        rekor: SigstoreKeys,
    },
    /// `pki`: a certificate of another authority.
    Pki(Pki),
}

impl SigstoreTrust {
    /// One of these keys made it; if given, a Rekor log with one of the others must have recorded it.
    #[must_use]
    pub fn keys(keys: SigstoreKeys, rekor: Option<SigstoreKeys>) -> Self {
        Self::Keys { keys, rekor }
    }

    /// A short-lived certificate of a Fulcio authority; a Rekor log with one of these keys must have recorded it.
    #[must_use]
    pub fn fulcio(fulcio: Fulcio, rekor: SigstoreKeys) -> Self {
        Self::Fulcio { fulcio, rekor }
    }
}

/// Public keys of sigstore signers or Rekor logs: paths as written in the policy, or data decoded from base64. No path
/// and no list is empty in a [`SigstoreSigned`], though their entries may be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SigstoreKeys {
    /// `keyPath` or `rekorPublicKeyPath`: a file.
    Path(String),
    /// `keyPaths` or `rekorPublicKeyPaths`: several files.
    Paths(Vec<String>),
    /// `keyData` or `rekorPublicKeyData`: the key itself.
    Data(Vec<u8>),
    /// `keyDatas` or `rekorPublicKeyDatas`: several keys.
    Datas(Vec<Vec<u8>>),
}

/// The names of the members for [`SigstoreKeys`], in the order of its variants.
pub(super) const KEYS: [&str; 4] = ["keyPath", "keyPaths", "keyData", "keyDatas"];

/// The same for the keys of Rekor logs.
pub(super) const REKOR_KEYS: [&str; 4] = [
    "rekorPublicKeyPath",
    "rekorPublicKeyPaths",
    "rekorPublicKeyData",
    "rekorPublicKeyDatas",
];

impl SigstoreKeys {
    /// The files, as written in the policy; none if the keys are in the policy itself.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        match self {
            Self::Path(path) => std::slice::from_ref(path),
            Self::Paths(paths) => paths,
            Self::Data(_) | Self::Datas(_) => &[],
        }
    }

    /// Whether the keys are in the policy itself.
    pub(crate) fn is_data(&self) -> bool {
        matches!(self, Self::Data(_) | Self::Datas(_))
    }

    /// Whether no key can be among them.
    pub(crate) fn trusts_nobody(&self) -> bool {
        self.is_empty()
    }

    /// The member of a requirement that has them, as the keys of signers: `keyPath` or one of the others.
    pub(crate) fn member_as_keys(&self) -> &'static str {
        self.name(KEYS)
    }

    /// The same for the keys of Rekor logs.
    pub(crate) fn member_as_logs(&self) -> &'static str {
        self.name(REKOR_KEYS)
    }

    /// The keys in a few words, as those of signers: `keyPath /etc/pki/cosign.pub`.
    pub(crate) fn told_as_keys(&self) -> String {
        self.told(self.member_as_keys())
    }

    /// The keys in a few words, as those of Rekor logs.
    pub(crate) fn told_as_logs(&self) -> String {
        self.told(self.member_as_logs())
    }

    fn told(&self, member: &str) -> String {
        match self {
            Self::Path(path) => format!("{member} {path}"),
            Self::Paths(paths) => format!("{member} {}", paths.join(" ")),
            Self::Data(data) => format!("{member} of {} bytes", data.len()),
            Self::Datas(datas) => format!("{member} of {} keys", datas.len()),
        }
    }

    /// As the keys of signers: data may be empty, and then trusts nobody.
    pub(super) fn check_keys(&self) -> Result<(), InvalidPolicy> {
        let refused = self.is_empty() && !matches!(self, Self::Data(_));
        refuse_empty(self.name(KEYS), refused)
    }

    /// As the keys of Rekor logs: a demand is never empty.
    pub(super) fn check_rekor(&self) -> Result<(), InvalidPolicy> {
        refuse_empty(self.name(REKOR_KEYS), self.is_empty())
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Path(path) => path.is_empty(),
            Self::Paths(paths) => paths.is_empty(),
            Self::Data(data) => data.is_empty(),
            Self::Datas(datas) => datas.is_empty(),
        }
    }

    /// The member's name, of [`KEYS`] or [`REKOR_KEYS`].
    pub(super) fn name(&self, names: [&'static str; 4]) -> &'static str {
        let [path, paths, data, datas] = names;
        match self {
            Self::Path(_) => path,
            Self::Paths(_) => paths,
            Self::Data(_) => data,
            Self::Datas(_) => datas,
        }
    }
}

/// Certificates of an authority: a path as written in the policy, or data decoded from base64. No path is empty in a
/// [`Fulcio`] or [`Pki`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateSource {
    /// A file.
    Path(String),
    /// The certificates themselves.
    Data(Vec<u8>),
}

impl CertificateSource {
    /// The file, as written in the policy; none if the certificates are in the policy itself.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        match self {
            Self::Path(path) => std::slice::from_ref(path),
            Self::Data(_) => &[],
        }
    }

    /// Whether no certificate can be among them.
    pub(crate) fn trusts_nobody(&self) -> bool {
        self.is_empty()
    }

    /// The certificates in a few words: `caPath /etc/pki/fulcio.pem`.
    pub(crate) fn told(&self, names: [&'static str; 2]) -> String {
        let member = self.name(names);
        match self {
            Self::Path(path) => format!("{member} {path}"),
            Self::Data(data) => format!("{member} of {} bytes", data.len()),
        }
    }

    /// The member's name among the given ones, for a path and for data.
    pub(crate) fn name(&self, names: [&'static str; 2]) -> &'static str {
        let [path, data] = names;
        match self {
            Self::Path(_) => path,
            Self::Data(_) => data,
        }
    }

    /// As the root of all trust: data may be empty, and then trusts nobody.
    pub(super) fn check_roots(&self, names: [&'static str; 2]) -> Result<(), InvalidPolicy> {
        let refused = self.is_empty() && !matches!(self, Self::Data(_));
        refuse_empty(self.name(names), refused)
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Path(path) => path.is_empty(),
            Self::Data(data) => data.is_empty(),
        }
    }
}

/// A Fulcio authority, and the identity whose certificates count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fulcio {
    ca: CertificateSource,
    oidc_issuer: String,
    subject_email: String,
}

impl Fulcio {
    pub(crate) const CA: [&'static str; 2] = ["caPath", "caData"];

    /// The certificates that `ca` issued to `subject_email`, as `oidc_issuer` knew them.
    ///
    /// # Errors
    ///
    /// [`InvalidPolicy::Empty`] if one of the three is empty, except `caData`, which then trusts nobody.
    pub fn new(
        ca: CertificateSource,
        oidc_issuer: impl Into<String>,
        subject_email: impl Into<String>,
    ) -> Result<Self, InvalidPolicy> {
        let (oidc_issuer, subject_email) = (oidc_issuer.into(), subject_email.into());
        ca.check_roots(Self::CA)?;
        refuse_empty("oidcIssuer", oidc_issuer.is_empty())?;
        refuse_empty("subjectEmail", subject_email.is_empty())?;
        Ok(Self {
            ca,
            oidc_issuer,
            subject_email,
        })
    }

    /// `caPath` or `caData`: the authority's certificates.
    pub fn ca(&self) -> &CertificateSource {
        &self.ca
    }

    /// `oidcIssuer`: who authenticated the signer.
    pub fn oidc_issuer(&self) -> &str {
        &self.oidc_issuer
    }

    /// `subjectEmail`: the signer.
    pub fn subject_email(&self) -> &str {
        &self.subject_email
    }
}

/// A private authority, and the identities whose certificates count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pki {
    ca_roots: CertificateSource,
    ca_intermediates: Option<CertificateSource>,
    subject_email: Option<String>,
    subject_hostname: Option<String>,
}

impl Pki {
    pub(crate) const ROOTS: [&'static str; 2] = ["caRootsPath", "caRootsData"];
    pub(crate) const INTERMEDIATES: [&'static str; 2] =
        ["caIntermediatesPath", "caIntermediatesData"];

    /// The certificates below `ca_roots`, by way of `ca_intermediates`, that name the subjects given: the e-mail
    /// address, the host name, or both.
    ///
    /// # Errors
    ///
    /// [`InvalidPolicy::Empty`] if something given is empty, except `caRootsData`, which then trusts nobody;
    /// [`InvalidPolicy::NoSubject`] if neither subject is given.
    pub fn new(
        ca_roots: CertificateSource,
        ca_intermediates: Option<CertificateSource>,
        subject_email: Option<String>,
        subject_hostname: Option<String>,
    ) -> Result<Self, InvalidPolicy> {
        ca_roots.check_roots(Self::ROOTS)?;
        if let Some(ca_intermediates) = &ca_intermediates {
            refuse_empty(
                ca_intermediates.name(Self::INTERMEDIATES),
                ca_intermediates.is_empty(),
            )?;
        }
        let is_empty = |subject: &Option<String>| subject.as_ref().is_some_and(String::is_empty);
        refuse_empty("subjectEmail", is_empty(&subject_email))?;
        refuse_empty("subjectHostname", is_empty(&subject_hostname))?;
        if subject_email.is_none() && subject_hostname.is_none() {
            return Err(InvalidPolicy::NoSubject);
        }
        Ok(Self {
            ca_roots,
            ca_intermediates,
            subject_email,
            subject_hostname,
        })
    }

    /// `caRootsPath` or `caRootsData`: the root certificates.
    pub fn ca_roots(&self) -> &CertificateSource {
        &self.ca_roots
    }

    /// `caIntermediatesPath` or `caIntermediatesData`: certificates between the roots and the signer's.
    pub fn ca_intermediates(&self) -> Option<&CertificateSource> {
        self.ca_intermediates.as_ref()
    }

    /// `subjectEmail`: the signer's e-mail address.
    pub fn subject_email(&self) -> Option<&str> {
        self.subject_email.as_deref()
    }

    /// `subjectHostname`: the signer's host name.
    pub fn subject_hostname(&self) -> Option<&str> {
        self.subject_hostname.as_deref()
    }
}

fn refuse_empty(key: &'static str, is_empty: bool) -> Result<(), InvalidPolicy> {
    if is_empty {
        Err(InvalidPolicy::Empty { key })
    } else {
        Ok(())
    }
}
