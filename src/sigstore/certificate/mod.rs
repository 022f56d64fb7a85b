//! Certificates (X.509, RFC 5280), read as strictly as every release of Go's `crypto/x509` reads them that containers/image
//! is built with.
//!
//! Nothing is proven here: a [`Certificate`] is what somebody wrote. Who may vouch for it is in
//! [`path`](super::path).

mod algorithm;
mod alternative_names;
mod constraints;
mod domain;
mod error;
mod extensions;
mod list;
mod mailbox;
mod name;
mod oid;
mod plain;
mod policies;
mod text;
mod time;
mod uri;

use std::fmt::Write as _;

use self::error::InPart as _;
use super::der::{Element, Elements, single};
use super::public_key::PublicKey;
use super::spki::{KeyMaterial, SpkiError};
use crate::clock::Moment;

pub(crate) use self::algorithm::SignatureAlgorithm;
pub(crate) use self::alternative_names::AlternativeNames;
pub(crate) use self::constraints::{EmailConstraint, NameConstraints};
pub(crate) use self::domain::is_domain;
pub(crate) use self::error::CertificateError;
pub(crate) use self::extensions::Extensions;
pub(crate) use self::list::{AuthoritiesError, CertificatesError, authorities, certificates};
pub(crate) use self::mailbox::Mailbox;
pub(crate) use self::name::Name;
pub(crate) use self::oid::Oid;
pub(crate) use self::text::plain_text_of;

/// A certificate. All of it is untrusted.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    /// What is signed of it.
    signed: Vec<u8>,
    version: u8,
    serial: Vec<u8>,
    algorithm: SignatureAlgorithm,
    /// The signature; `None` if it is not of whole octets, and so none that verifies.
    signature: Option<Vec<u8>>,
    issuer: Name,
    subject: Name,
    not_before: Moment,
    not_after: Moment,
    key: SubjectKey,
    extensions: Extensions,
}

/// The key that a certificate is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SubjectKey {
    /// One that this library reads, though it may not verify by it.
    Known(PublicKey),
    /// One of an unknown algorithm: its `SubjectPublicKeyInfo`.
    Unknown(Vec<u8>),
}

/// Two are the same if their octets are.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl Certificate {
    /// Reads a certificate in DER, with nothing behind it. Inside of it, elements after those that are known are passed over.
    ///
    /// # Errors
    ///
    /// [`CertificateError`] names the part that is not as it must be.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let mut outer = single(der)
            .and_then(|element| Elements::of(element.whole).sequence())
            .part("its frame")?;
        let signed = outer.any().part("what is signed of it")?;
        let mut fields = Elements::of(signed.whole)
            .sequence()
            .part("what is signed of it")?;
        let version = version(&mut fields)?;
        let serial = serial(&mut fields)?;
        let algorithm_inside = fields.sequence().part("its algorithm")?;
        let algorithm = outer.sequence().part("its algorithm")?;
        if algorithm.rest() != algorithm_inside.rest() {
            let rule = "the one that is signed is another than the one that is stated";
            return Err(CertificateError::new("its algorithm", rule));
        }
        let algorithm = SignatureAlgorithm::of(algorithm).part("its algorithm")?;
        let issuer = Name::read(&mut fields).part("its issuer")?;
        let mut validity = fields.sequence().part("its validity")?;
        let not_before = time::read(&mut validity).part("its validity")?;
        let not_after = time::read(&mut validity).part("its validity")?;
        let subject = Name::read(&mut fields).part("its subject")?;
        let key = subject_key(fields.any().part("its key")?)?;
        let extensions = extensions_in(&mut fields, version)?;
        let signature = outer.bit_string().part("its signature")?;
        Ok(Self {
            der: der.to_vec(),
            signed: signed.whole.to_vec(),
            version,
            serial,
            algorithm,
            signature: signature.is_whole.then(|| signature.octets.to_vec()),
            issuer,
            subject,
            not_before,
            not_after,
            key,
            extensions,
        })
    }

    /// All of its octets.
    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// The octets of it that are signed.
    pub(crate) fn signed(&self) -> &[u8] {
        &self.signed
    }

    /// Its version, from 1 to 3.
    pub(crate) fn version(&self) -> u8 {
        self.version
    }

    /// Its serial number in hexadecimal digits, two for each octet.
    pub(crate) fn serial(&self) -> String {
        self.serial.iter().fold(String::new(), |mut text, octet| {
            // Writing to a string does not fail.
            let _ = write!(text, "{octet:02x}");
            text
        })
    }

    /// How it is signed.
    pub(crate) fn algorithm(&self) -> &SignatureAlgorithm {
        &self.algorithm
    }

    /// The signature, if it is of whole octets.
    pub(crate) fn signature(&self) -> Option<&[u8]> {
        self.signature.as_deref()
    }

    /// Who issued it, as it says itself.
    pub(crate) fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// Whom it is about.
    pub(crate) fn subject(&self) -> &Name {
        &self.subject
    }

    /// The first moment at which it is valid.
    pub(crate) fn not_before(&self) -> Moment {
        self.not_before
    }

    /// The last moment at which it is valid.
    pub(crate) fn not_after(&self) -> Moment {
        self.not_after
    }

    /// Its subject's key.
    pub(crate) fn key(&self) -> &SubjectKey {
        &self.key
    }

    /// What else it says.
    pub(crate) fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Whether its subject and its issuer have the same name.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// How people know it: its subject, or without one the first of its alternative names. Untrusted text.
    pub(crate) fn title(&self) -> String {
        let subject = self.subject.to_string();
        if !subject.is_empty() {
            return subject;
        }
        let names = self.extensions.names.as_ref();
        let name = names.and_then(|names| {
            let texts = names.emails().iter().chain(names.dns()).cloned();
            let uris = names.uris().iter().map(|uri| uri.as_str().to_owned());
            let addresses = names.addresses().iter().map(ToString::to_string);
            texts.chain(uris).chain(addresses).next()
        });
        name.unwrap_or_else(|| format!("serial number {}", self.serial()))
    }
}

/// The version, of which 1 is what counts without one.
fn version(fields: &mut Elements<'_>) -> Result<u8, CertificateError> {
    let part = "its version";
    let Some(contents) = fields.optional(0xA0).part(part)? else {
        return Ok(1);
    };
    let mut inside = Elements::of(contents);
    let number = inside.integer().part(part)?;
    inside.end().part(part)?;
    match number.magnitude() {
        Some([]) => Ok(1),
        Some([1]) => Ok(2),
        Some([2]) => Ok(3),
        _ => Err(CertificateError::new(part, "it is none of 1, 2 and 3")),
    }
}

/// The serial number, as long as it likes.
fn serial(fields: &mut Elements<'_>) -> Result<Vec<u8>, CertificateError> {
    let part = "its serial number";
    match fields.integer().part(part)?.magnitude() {
        Some([]) => Ok(vec![0]),
        Some(magnitude) => Ok(magnitude.to_vec()),
        None => Err(CertificateError::new(part, "it is negative")),
    }
}

/// The subject's key. One of an unknown algorithm is no reason to refuse the certificate: it proves nothing.
fn subject_key(element: Element<'_>) -> Result<SubjectKey, CertificateError> {
    match KeyMaterial::from_spki(element.whole) {
        Ok(material) => Ok(SubjectKey::Known(PublicKey::of(material))),
        Err(SpkiError::UnknownAlgorithm) => {
            let algorithm = Elements::of(element.contents).sequence();
            let identifier = algorithm.and_then(|mut fields| Oid::read(&mut fields));
            identifier.part("its key")?;
            Ok(SubjectKey::Unknown(element.whole.to_vec()))
        }
        Err(error) => Err(CertificateError::new("its key", error.to_string())),
    }
}

/// The extensions, which only version 3 has.
fn extensions_in(fields: &mut Elements<'_>, version: u8) -> Result<Extensions, CertificateError> {
    if version > 1 {
        fields
            .optional(0x81)
            .part("its issuer's unique identifier")?;
        fields
            .optional(0x82)
            .part("its subject's unique identifier")?;
    }
    let extensions = match version {
        3 => fields.optional(0xA3).part("its extensions")?,
        _ => None,
    };
    extensions.map_or_else(|| Ok(Extensions::default()), Extensions::read)
}

#[cfg(test)]
pub(crate) mod maker;
#[cfg(test)]
mod tests;
