//! The certificates in a bundle.

use super::{Bundle, Material};
use crate::sigstore::attachment::annotation;
use crate::sigstore::certificate::Certificate;
use crate::sigstore::refusal::{CertificatePlace, SigstoreRefusal};
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
            Material::Key => return Err(SigstoreRefusal::incomplete(annotation::CERTIFICATE)),
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

fn read(der: &[u8], place: CertificatePlace) -> Result<Certificate, SigstoreRefusal> {
    Certificate::from_der(der).map_err(|error| SigstoreRefusal::CertificateMalformed {
        place,
        detail: error.to_string(),
    })
}
