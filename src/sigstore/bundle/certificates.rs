//! The certificates in a bundle.

use super::{Bundle, Material};
use crate::clock::Moment;
use crate::sigstore::certificate::Certificate;
use crate::sigstore::path::PathError;
use crate::sigstore::refusal::{BUNDLE_CERTIFICATE, CertificatePlace, SigstoreRefusal};
use crate::sigstore::signer::CertificateTime;
use crate::text::quote::Quoted;

/// The signer's certificate, and what may lead from it to an authority.
pub(super) struct Certificates {
    pub(super) leaf: Certificate,
    /// All of them count, other than in the annotation of older signatures: no root is among them.
    pub(super) chain: Vec<Certificate>,
}

impl Certificates {
    /// Reads the certificates of a bundle.
    ///
    /// # Errors
    ///
    /// [`SigstoreRefusal::SignatureIncomplete`] if there is none, [`SigstoreRefusal::CertificateMalformed`] for what is none, and
    /// [`SigstoreRefusal::BundleInvalid`] for one in a chain that is its own issuer's.
    pub(super) fn of(bundle: &Bundle) -> Result<Self, SigstoreRefusal> {
        let (leaf, chain) = match &bundle.material {
            Material::Key => return Err(SigstoreRefusal::incomplete(BUNDLE_CERTIFICATE)),
            Material::Certificate(leaf) => {
                return Ok(Self {
                    leaf: read(leaf, CertificatePlace::Signer)?,
                    chain: Vec::new(),
                });
            }
            Material::Chain(leaf, chain) => (leaf, chain),
        };
        let leaf = read(leaf, CertificatePlace::Signer)?;
        let chain = chain.iter().map(|der| read(der, CertificatePlace::Chain));
        let chain: Vec<Certificate> = chain.collect::<Result<_, _>>()?;
        let mut all = std::iter::once(&leaf).chain(&chain);
        if let Some(own) = all.find(|certificate| certificate.is_self_issued()) {
            return Err(SigstoreRefusal::invalid(format!(
                "the certificate {} in its chain is its own issuer's, and a root is for the policy to name",
                Quoted(&own.title())
            )));
        }
        Ok(Self { leaf, chain })
    }
}

/// Why there is no way from a bundle's certificate to an authority. Where that is because one between them is missing, it says
/// who has to have it: newer bundles never carry one.
pub(super) fn no_way(
    error: PathError,
    chain: &[Certificate],
    judged_at: Moment,
    judged_by: CertificateTime,
) -> SigstoreRefusal {
    match SigstoreRefusal::of_path(error, judged_at, judged_by) {
        SigstoreRefusal::CertificateUntrusted {
            certificate,
            detail,
            missing_issuer: Some(issuer),
        } if chain.is_empty() => SigstoreRefusal::CertificateUntrusted {
            certificate,
            detail: format!(
                "{detail}, and the bundle carries none: the file of authorities has to hold it"
            ),
            missing_issuer: Some(issuer),
        },
        refusal => refusal,
    }
}

fn read(der: &[u8], place: CertificatePlace) -> Result<Certificate, SigstoreRefusal> {
    Certificate::from_der(der).map_err(|error| SigstoreRefusal::CertificateMalformed {
        place,
        detail: error.to_string(),
    })
}
