//! From a [`Policy`] to JSON. Reading what is written here gives an equal policy.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::sigstore::{KEYS, REKOR_KEYS};
use super::{
    CertificateSource, Fulcio, KeySource, Pki, Policy, Requirement, Requirements, SignedIdentity,
    SigstoreKeys, SigstoreSigned, SigstoreTrust,
};

impl Policy {
    /// The policy as JSON, indented for people. Reading it gives an equal policy.
    pub fn to_json(&self) -> String {
        // Nothing here can fail: every key is a string. If it did, the empty text would not read as a policy.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("default", &self.default)?;
        if !self.transports.is_empty() {
            map.serialize_entry("transports", &self.transports)?;
        }
        map.end()
    }
}

impl Serialize for Requirements {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl Serialize for Requirement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.type_name())?;
        match self {
            Self::InsecureAcceptAnything | Self::Reject => {}
            Self::SignedBy(signed_by) => {
                map.serialize_entry("keyType", signed_by.key_type().name())?;
                match signed_by.keys() {
                    KeySource::Path(path) => map.serialize_entry("keyPath", path)?,
                    KeySource::Paths(paths) => map.serialize_entry("keyPaths", paths)?,
                    KeySource::Data(data) => map.serialize_entry("keyData", &Base64(data))?,
                }
                map.serialize_entry("signedIdentity", signed_by.signed_identity())?;
            }
            Self::SignedBaseLayer(signed_base_layer) => {
                map.serialize_entry("baseLayerIdentity", signed_base_layer.base_layer_identity())?;
            }
            Self::SigstoreSigned(sigstore_signed) => write_sigstore(sigstore_signed, &mut map)?,
        }
        map.end()
    }
}

impl Serialize for SignedIdentity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.type_name())?;
        match self {
            Self::MatchExact | Self::MatchRepoDigestOrExact | Self::MatchRepository => {}
            Self::ExactReference(exact) => {
                map.serialize_entry("dockerReference", &exact.docker_reference().to_string())?;
            }
            Self::ExactRepository(exact) => {
                map.serialize_entry("dockerRepository", &exact.docker_repository().to_string())?;
            }
            Self::RemapIdentity(remap) => {
                map.serialize_entry("prefix", remap.prefix())?;
                map.serialize_entry("signedPrefix", remap.signed_prefix())?;
            }
        }
        map.end()
    }
}

fn write_sigstore<M: SerializeMap>(
    requirement: &SigstoreSigned,
    map: &mut M,
) -> Result<(), M::Error> {
    match requirement.trust() {
        SigstoreTrust::Keys { keys, rekor } => {
            write_keys(keys, KEYS, map)?;
            if let Some(rekor) = rekor {
                write_keys(rekor, REKOR_KEYS, map)?;
            }
        }
        SigstoreTrust::Fulcio { fulcio, rekor } => {
            map.serialize_entry("fulcio", fulcio)?;
            write_keys(rekor, REKOR_KEYS, map)?;
        }
        SigstoreTrust::Pki(pki) => map.serialize_entry("pki", pki)?,
    }
    map.serialize_entry("signedIdentity", requirement.signed_identity())
}

fn write_keys<M: SerializeMap>(
    keys: &SigstoreKeys,
    names: [&'static str; 4],
    map: &mut M,
) -> Result<(), M::Error> {
    let name = keys.name(names);
    match keys {
        SigstoreKeys::Path(path) => map.serialize_entry(name, path),
        SigstoreKeys::Paths(paths) => map.serialize_entry(name, paths),
        SigstoreKeys::Data(data) => map.serialize_entry(name, &Base64(data)),
        SigstoreKeys::Datas(datas) => map.serialize_entry(name, &Base64List(datas)),
    }
}

fn write_certificates<M: SerializeMap>(
    certificates: &CertificateSource,
    names: [&'static str; 2],
    map: &mut M,
) -> Result<(), M::Error> {
    let name = certificates.name(names);
    match certificates {
        CertificateSource::Path(path) => map.serialize_entry(name, path),
        CertificateSource::Data(data) => map.serialize_entry(name, &Base64(data)),
    }
}

impl Serialize for Fulcio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        write_certificates(self.ca(), Self::CA, &mut map)?;
        map.serialize_entry("oidcIssuer", self.oidc_issuer())?;
        map.serialize_entry("subjectEmail", self.subject_email())?;
        map.end()
    }
}

impl Serialize for Pki {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        write_certificates(self.ca_roots(), Self::ROOTS, &mut map)?;
        if let Some(intermediates) = self.ca_intermediates() {
            write_certificates(intermediates, Self::INTERMEDIATES, &mut map)?;
        }
        if let Some(subject_email) = self.subject_email() {
            map.serialize_entry("subjectEmail", subject_email)?;
        }
        if let Some(subject_hostname) = self.subject_hostname() {
            map.serialize_entry("subjectHostname", subject_hostname)?;
        }
        map.end()
    }
}

struct Base64<'a>(&'a [u8]);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0))
    }
}

struct Base64List<'a>(&'a [Vec<u8>]);

impl Serialize for Base64List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for data in self.0 {
            list.serialize_element(&Base64(data))?;
        }
        list.end()
    }
}
