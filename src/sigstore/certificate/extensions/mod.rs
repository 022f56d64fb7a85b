//! The extensions of certificates (RFC 5280, section 4.2). Each that is known has to be well-formed, wherever the certificate
//! stands: one that is not makes it unreadable.

use std::collections::BTreeMap;

use super::alternative_names::AlternativeNames;
use super::constraints::NameConstraints;
use super::error::{CertificateError, InPart as _};
use super::oid::Oid;
use super::plain;
use super::policies::{self, PolicyConstraints};
use crate::sigstore::der::{DerError, Elements, Integer, tag};

const PART: &str = "its extensions";

/// Object identifiers of extensions.
mod id {
    pub(super) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1D, 14];
    pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1D, 15];
    pub(super) const SUBJECT_NAMES: &[u8] = &[0x55, 0x1D, 17];
    pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 19];
    pub(super) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 30];
    pub(super) const DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1D, 31];
    pub(super) const POLICIES: &[u8] = &[0x55, 0x1D, 32];
    pub(super) const POLICY_MAPPINGS: &[u8] = &[0x55, 0x1D, 33];
    pub(super) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1D, 35];
    pub(super) const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 36];
    pub(super) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 37];
    pub(super) const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 0x1D, 54];
    pub(super) const AUTHORITY_ACCESS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 1, 1];
}

/// What the extensions of a certificate say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extensions {
    /// What the key may be used for; without it, or without any use in it, for everything.
    pub(crate) key_usage: KeyUsage,
    /// Whether the certificate is an authority's.
    pub(crate) basic_constraints: Option<BasicConstraints>,
    /// Who it is for.
    pub(crate) names: Option<AlternativeNames>,
    /// What names certificates below it may have.
    pub(crate) name_constraints: Option<NameConstraints>,
    /// What the certificate may be used for, it and all below it; none for everything.
    pub(crate) purposes: Vec<Oid>,
    /// The policies under which it was issued; none without the extension, and for an empty one.
    pub(crate) policies: Vec<Oid>,
    /// Policies of the issuer that are the same as ones of the subject.
    pub(crate) policy_mappings: Vec<(Oid, Oid)>,
    /// Where policies are demanded.
    pub(crate) policy_constraints: PolicyConstraints,
    /// From how many certificates below on the policy "any" is none; without it, never.
    pub(crate) inhibit_any_policy: Option<u64>,
    /// Names of keys; empty without one.
    pub(crate) subject_key_id: Vec<u8>,
    pub(crate) authority_key_id: Vec<u8>,
    /// The values of all of them.
    values: BTreeMap<Oid, Vec<u8>>,
    /// The critical ones that nobody here acts on.
    unhandled: Vec<Oid>,
}

/// What a key may be used for (RFC 5280, section 4.2.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyUsage {
    /// Whether there is one of the nine uses.
    is_restricted: bool,
    /// Whether `keyCertSign` is one.
    signs_certificates: bool,
}

impl KeyUsage {
    /// Whether it may sign certificates.
    pub(crate) fn allows_certificates(self) -> bool {
        self.signs_certificates || !self.is_restricted
    }

    fn read(value: &[u8]) -> Result<Self, DerError> {
        let bits = Elements::of(value).bit_string()?.octets;
        let (first, second) = (bits.first().copied(), bits.get(1).copied());
        let (first, second) = (first.unwrap_or(0), second.unwrap_or(0));
        Ok(Self {
            is_restricted: first != 0 || second & 0x80 != 0,
            signs_certificates: first & 0x04 != 0,
        })
    }
}

/// Whether a certificate is an authority's (RFC 5280, section 4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BasicConstraints {
    /// Whether it is.
    pub(crate) is_authority: bool,
    /// The most authorities below it, if there is a limit.
    pub(crate) path_length: Option<u64>,
}

impl BasicConstraints {
    fn read(value: &[u8]) -> Result<Self, DerError> {
        let mut fields = Elements::of(value).sequence()?;
        let is_authority = optional_boolean(&mut fields)?;
        let path_length = match fields.next_tag() {
            Some(tag::INTEGER) => Some(fields.integer()?.to_number()?),
            _ => None,
        };
        Ok(Self {
            is_authority,
            path_length,
        })
    }
}

impl Extensions {
    /// Reads the extensions that these octets are the sequence of.
    ///
    /// # Errors
    ///
    /// [`CertificateError`] if one is there twice, or malformed.
    pub(super) fn read(octets: &[u8]) -> Result<Self, CertificateError> {
        let mut elements = Elements::of(octets).sequence().part(PART)?;
        let mut extensions = Self::default();
        while !elements.is_empty() {
            let mut fields = elements.sequence().part(PART)?;
            let oid = Oid::read(&mut fields).part(PART)?;
            let is_critical = optional_boolean(&mut fields).part(PART)?;
            let value = fields.expect(OCTET_STRING).part(PART)?;
            let is_handled = extensions.take(&oid, is_critical, value)?;
            if is_critical && !is_handled {
                extensions.unhandled.push(oid.clone());
            }
            if extensions
                .values
                .insert(oid.clone(), value.to_vec())
                .is_some()
            {
                return Err(CertificateError::new(PART, format!("{oid} is there twice")));
            }
        }
        Ok(extensions)
    }

    /// Reads one extension, and whether all that it demands is heeded.
    fn take(
        &mut self,
        oid: &Oid,
        is_critical: bool,
        value: &[u8],
    ) -> Result<bool, CertificateError> {
        match oid.as_slice() {
            id::KEY_USAGE => self.key_usage = KeyUsage::read(value).part("its key usage")?,
            id::BASIC_CONSTRAINTS => {
                let constraints = BasicConstraints::read(value).part("its basic constraints")?;
                self.basic_constraints = Some(constraints);
            }
            id::SUBJECT_NAMES => {
                let names = AlternativeNames::read(value)?;
                let is_empty = names.is_empty();
                self.names = Some(names);
                return Ok(!is_empty);
            }
            id::NAME_CONSTRAINTS => {
                let constraints = NameConstraints::read(value)?;
                let is_understood = !constraints.has_unsupported;
                self.name_constraints = Some(constraints);
                return Ok(is_understood);
            }
            id::EXTENDED_KEY_USAGE => {
                self.purposes = purposes(value).part("its extended key usage")?;
            }
            id::POLICIES => self.policies = policies::read(value)?,
            id::POLICY_MAPPINGS => {
                self.policy_mappings = policies::mappings(value).part("its policy mappings")?;
            }
            id::POLICY_CONSTRAINTS => {
                let constraints = PolicyConstraints::read(value);
                self.policy_constraints = constraints.part("its policy constraints")?;
            }
            id::INHIBIT_ANY_POLICY => {
                let skipped = Elements::of(value).integer().and_then(Integer::to_number);
                self.inhibit_any_policy = Some(skipped.part("its inhibition of any policy")?);
            }
            id::SUBJECT_KEY_ID => {
                let part = "its subject key identifier";
                must_not_be_critical(is_critical, part)?;
                let octets = Elements::of(value).expect(OCTET_STRING).part(part)?;
                self.subject_key_id = octets.to_vec();
            }
            id::AUTHORITY_KEY_ID => {
                let part = "its authority key identifier";
                must_not_be_critical(is_critical, part)?;
                let octets = authority_key_id(value).part(part)?;
                self.authority_key_id = octets.to_vec();
            }
            id::AUTHORITY_ACCESS => {
                let part = "its access to the authority";
                must_not_be_critical(is_critical, part)?;
                plain::check_authority_access(value).part(part)?;
            }
            id::DISTRIBUTION_POINTS => {
                plain::check_distribution_points(value).part("its distribution points")?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The value of the extension with this encoding of its object identifier.
    pub(crate) fn value(&self, encoding: &[u8]) -> Option<&[u8]> {
        let mut values = self.values.iter();
        let found = values.find(|(oid, _)| oid.is(encoding));
        found.map(|(_, value)| &**value)
    }

    /// The first critical extension that nobody here acts on, for which a certificate must not be used. The names of the
    /// subject are none if `names_are_read` anyway.
    pub(crate) fn unhandled(&self, names_are_read: bool) -> Option<&Oid> {
        let mut unhandled = self.unhandled.iter();
        unhandled.find(|oid| !(names_are_read && oid.is(id::SUBJECT_NAMES)))
    }
}

const OCTET_STRING: u8 = 0x04;
const BOOLEAN: u8 = 0x01;

/// Whether the next element is a `BOOLEAN` that is true; it is false without one.
fn optional_boolean(fields: &mut Elements<'_>) -> Result<bool, DerError> {
    match fields.optional(BOOLEAN)? {
        None | Some([0]) => Ok(false),
        Some([0xFF]) => Ok(true),
        Some(_) => Err(DerError::Contents("a boolean")),
    }
}

/// The purposes of an extended key usage (RFC 5280, section 4.2.1.12).
fn purposes(value: &[u8]) -> Result<Vec<Oid>, DerError> {
    let mut elements = Elements::of(value).sequence()?;
    let mut purposes = Vec::new();
    while !elements.is_empty() {
        purposes.push(Oid::read(&mut elements)?);
    }
    Ok(purposes)
}

/// The key identifier, empty without one (RFC 5280, section 4.2.1.1).
fn authority_key_id(value: &[u8]) -> Result<&[u8], DerError> {
    let identifier = Elements::of(value).sequence()?.optional(0x80)?;
    Ok(identifier.unwrap_or_default())
}

fn must_not_be_critical(is_critical: bool, part: &'static str) -> Result<(), CertificateError> {
    if is_critical {
        Err(CertificateError::new(
            part,
            "it is critical, which it must not be",
        ))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
