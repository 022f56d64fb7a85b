//! The certificates of a requirement `sigstoreSigned`: of authorities, or of those between them and signers.

use super::files::{LoadedFile, Material};
use crate::policy::{CertificateSource, Fulcio, Pki};
use crate::sigstore::certificate::{AuthoritiesError, authorities, certificates};
use crate::sigstore::trust::TrustedCertificates;
use crate::text::content::Content;
use crate::text::recognise::recognise;
use crate::verdict::{KeySourceError, Reason, TrustSource, TrustedCertificate};
use crate::verifier::key_loader::KeyLoader;

/// The certificates of one source.
#[derive(Debug)]
pub(in crate::verifier) struct LoadedCertificates {
    pub(in crate::verifier) trusted: TrustedCertificates,
    pub(in crate::verifier) files: Vec<LoadedFile>,
}

impl LoadedCertificates {
    /// The bytes of a source.
    pub(super) fn material(
        source: &TrustSource,
        loader: &dyn KeyLoader,
    ) -> Result<Material, KeySourceError> {
        match certificates_of(source) {
            Some((CertificateSource::Data(data), member)) => {
                Ok(Material::of_data([(member.to_owned(), data.as_slice())]))
            }
            _ => Material::of_paths(source.paths(), loader),
        }
    }

    /// Reads the certificates. Of authorities, those that cannot be read are passed over; of those between, none may be.
    pub(super) fn parse(source: &TrustSource, material: Material) -> Result<Self, KeySourceError> {
        let mut trusted = TrustedCertificates {
            certificates: Vec::new(),
            origin: String::new(),
        };
        // There is one.
        for (file, bytes) in material.files() {
            let read = match source {
                TrustSource::PkiIntermediates(_) => {
                    certificates(bytes).map_err(|error| (error.to_string(), Some(recognise(bytes))))
                }
                _ => authorities(bytes).map_err(|error| told(&error)),
            };
            trusted.certificates = read.map_err(|(detail, found)| {
                KeySourceError::Refused(Reason::CertificateAuthorityInvalid {
                    origin: file.origin.clone(),
                    detail,
                    found,
                })
            })?;
            trusted.origin.clone_from(&file.origin);
        }
        Ok(Self {
            trusted,
            files: material.into_files(),
        })
    }

    /// The certificates, as reports have them.
    pub(in crate::verifier) fn told(&self) -> Vec<TrustedCertificate> {
        let certificates = self.trusted.certificates.iter();
        let told = certificates.map(|certificate| {
            let validity = [certificate.not_before(), certificate.not_after()];
            let origin = self.trusted.origin.as_str();
            TrustedCertificate::new(certificate.title(), certificate.serial(), validity, origin)
        });
        told.collect()
    }
}

/// The certificates of a source, if it is one of certificates, and the member of the policy that has them.
pub(in crate::verifier) fn certificates_of(
    source: &TrustSource,
) -> Option<(&CertificateSource, &'static str)> {
    let (certificates, names) = match source {
        TrustSource::FulcioAuthorities(certificates) => (certificates, Fulcio::CA),
        TrustSource::PkiRoots(certificates) => (certificates, Pki::ROOTS),
        TrustSource::PkiIntermediates(certificates) => (certificates, Pki::INTERMEDIATES),
        _ => return None,
    };
    Some((certificates, certificates.name(names)))
}

fn told(error: &AuthoritiesError) -> (String, Option<Content>) {
    let found = match error {
        AuthoritiesError::Other { found } => Some(found.clone()),
        AuthoritiesError::Malformed { .. } | AuthoritiesError::TooMany => None,
    };
    (error.to_string(), found)
}
