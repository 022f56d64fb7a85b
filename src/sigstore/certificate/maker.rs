//! Certificates for tests, with every field open to change.

use super::Certificate;
use crate::mathematics::signing::SigningKey;
use crate::sigstore::der::{tag, write};

const OCTET_STRING: u8 = 0x04;

/// Object identifiers of extensions in tests.
pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1D, 15];
pub(crate) const SUBJECT_NAMES: &[u8] = &[0x55, 0x1D, 17];
pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 19];
pub(crate) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 30];
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 37];
pub(crate) const UNKNOWN: &[u8] = &[0x2A, 3, 4];

/// Purposes.
pub(crate) const CODE_SIGNING: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 3];
pub(crate) const SERVER_AUTH: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 1];
pub(crate) const ANY_PURPOSE: &[u8] = &[0x55, 0x1D, 37, 0];

/// A certificate before it is signed. Each field is an element as it stands, or several.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) version: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) algorithm: Vec<u8>,
    /// The algorithm beside what is signed, if it is another.
    pub(crate) outer_algorithm: Option<Vec<u8>>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) validity: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) unique_ids: Vec<u8>,
    pub(crate) extensions: Vec<u8>,
    /// The frame of the extensions, if it is another.
    pub(crate) extension_frame: Option<Vec<u8>>,
    pub(crate) signed_tail: Vec<u8>,
    /// The signature, if it is another.
    pub(crate) signature: Option<Vec<u8>>,
    pub(crate) tail: Vec<u8>,
}

impl Draft {
    /// A certificate of version 3 about the subject of this common name, valid from 2000 to 2040.
    pub(crate) fn new(subject: &str, key: &SigningKey) -> Self {
        Self {
            version: vec![0xA0, 3, 2, 1, 2],
            serial: vec![2, 1, 7],
            algorithm: Vec::new(),
            outer_algorithm: None,
            issuer: name(subject),
            validity: validity("000101000000Z", "400101000000Z"),
            subject: name(subject),
            key: key_info(key),
            unique_ids: Vec::new(),
            extensions: Vec::new(),
            extension_frame: None,
            signed_tail: Vec::new(),
            signature: None,
            tail: Vec::new(),
        }
    }

    /// The same by this issuer.
    pub(crate) fn by(mut self, issuer: &str) -> Self {
        self.issuer = name(issuer);
        self
    }

    /// The same, valid in between; of each the time in two digits for a year.
    pub(crate) fn valid(mut self, from: &str, until: &str) -> Self {
        self.validity = validity(from, until);
        self
    }

    /// The same of version 1.
    pub(crate) fn version_1(mut self) -> Self {
        self.version.clear();
        self
    }

    /// The same with another extension.
    pub(crate) fn with(mut self, oid: &[u8], value: &[u8]) -> Self {
        self.extensions.extend(extension(oid, None, value));
        self
    }

    /// The same with another extension that is critical.
    pub(crate) fn with_critical(mut self, oid: &[u8], value: &[u8]) -> Self {
        self.extensions.extend(extension(oid, Some(0xFF), value));
        self
    }

    /// The same as an authority's, which may have so many below it.
    pub(crate) fn authority(self, path_length: Option<u8>) -> Self {
        let length = path_length
            .map(|length| vec![2, 1, length])
            .unwrap_or_default();
        let value = write(tag::SEQUENCE, &[&[1, 1, 0xFF], &length]);
        self.with_critical(BASIC_CONSTRAINTS, &value)
    }

    /// The same for these purposes.
    pub(crate) fn purposes(self, purposes: &[&[u8]]) -> Self {
        let purposes = purposes
            .iter()
            .map(|purpose| write(tag::OBJECT_IDENTIFIER, &[purpose]));
        let purposes: Vec<u8> = purposes.flatten().collect();
        self.with(EXTENDED_KEY_USAGE, &write(tag::SEQUENCE, &[&purposes]))
    }

    /// The same with these alternative names.
    pub(crate) fn named(self, names: &[(u8, &[u8])]) -> Self {
        let names = names.iter().map(|(tag, name)| write(*tag, &[name]));
        let names: Vec<u8> = names.flatten().collect();
        self.with(SUBJECT_NAMES, &write(tag::SEQUENCE, &[&names]))
    }

    /// The same with constraints on names.
    pub(crate) fn constrained(self, permitted: &[(u8, &[u8])], excluded: &[(u8, &[u8])]) -> Self {
        let part = |number: u8, names: &[(u8, &[u8])]| {
            let names = names.iter();
            let names = names.map(|(tag, name)| write(tag::SEQUENCE, &[&write(*tag, &[name])]));
            let names: Vec<u8> = names.flatten().collect();
            match names.is_empty() {
                true => Vec::new(),
                false => write(number, &[&names]),
            }
        };
        let parts = [part(0xA0, permitted), part(0xA1, excluded)].concat();
        self.with(NAME_CONSTRAINTS, &write(tag::SEQUENCE, &[&parts]))
    }

    /// The certificate in DER, signed by this key.
    pub(crate) fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let algorithm = match self.algorithm.is_empty() {
            true => algorithm_of(key),
            false => self.algorithm.clone(),
        };
        let frame = match (&self.extension_frame, self.extensions.is_empty()) {
            (Some(frame), _) => frame.clone(),
            (None, true) => Vec::new(),
            (None, false) => write(0xA3, &[&write(tag::SEQUENCE, &[&self.extensions])]),
        };
        let signed = write(
            tag::SEQUENCE,
            &[
                &self.version,
                &self.serial,
                &algorithm,
                &self.issuer,
                &self.validity,
                &self.subject,
                &self.key,
                &self.unique_ids,
                &frame,
                &self.signed_tail,
            ],
        );
        let made = || write(tag::BIT_STRING, &[&[0], &key.sign(&signed)]);
        let signature = self.signature.clone().unwrap_or_else(made);
        let outer = self.outer_algorithm.as_ref().unwrap_or(&algorithm);
        write(tag::SEQUENCE, &[&signed, outer, &signature, &self.tail])
    }

    /// The certificate, signed by this key.
    pub(crate) fn signed_by(&self, key: &SigningKey) -> Certificate {
        Certificate::from_der(&self.sign(key)).unwrap()
    }
}

/// An extension; `critical`: the octet of its boolean, if there is one.
pub(crate) fn extension(oid: &[u8], critical: Option<u8>, value: &[u8]) -> Vec<u8> {
    let oid = write(tag::OBJECT_IDENTIFIER, &[oid]);
    let critical = critical.map(|octet| vec![1, 1, octet]).unwrap_or_default();
    let value = write(OCTET_STRING, &[value]);
    write(tag::SEQUENCE, &[&oid, &critical, &value])
}

/// A name of one common name.
pub(crate) fn name(text: &str) -> Vec<u8> {
    let kind = write(tag::OBJECT_IDENTIFIER, &[&[0x55, 4, 3]]);
    let attribute = write(tag::SEQUENCE, &[&kind, &write(0x0C, &[text.as_bytes()])]);
    write(tag::SEQUENCE, &[&write(0x31, &[&attribute])])
}

/// A validity, whose years have two digits.
pub(crate) fn validity(from: &str, until: &str) -> Vec<u8> {
    let [from, until] = [from, until].map(|time| write(0x17, &[time.as_bytes()]));
    write(tag::SEQUENCE, &[&from, &until])
}

/// A block of PEM.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

/// A `SubjectPublicKeyInfo`.
pub(crate) fn key_info(key: &SigningKey) -> Vec<u8> {
    let ecdsa = |curve: &[u8]| {
        let identifier = [&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1][..], curve];
        let [algorithm, curve] = identifier.map(|oid| write(tag::OBJECT_IDENTIFIER, &[oid]));
        write(tag::SEQUENCE, &[&algorithm, &curve])
    };
    let algorithm = match key {
        SigningKey::P256(_) => ecdsa(&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]),
        SigningKey::P384(_) => ecdsa(&[0x2B, 0x81, 4, 0, 0x22]),
        SigningKey::Ed25519(_) => vec![0x30, 5, 6, 3, 0x2B, 0x65, 0x70],
    };
    let key = write(tag::BIT_STRING, &[&[0], &key.public()]);
    write(tag::SEQUENCE, &[&algorithm, &key])
}

fn algorithm_of(key: &SigningKey) -> Vec<u8> {
    let ecdsa = |hash: u8| {
        let oid = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, hash];
        write(tag::SEQUENCE, &[&write(tag::OBJECT_IDENTIFIER, &[&oid])])
    };
    match key {
        SigningKey::P256(_) => ecdsa(2),
        SigningKey::P384(_) => ecdsa(3),
        SigningKey::Ed25519(_) => vec![0x30, 5, 6, 3, 0x2B, 0x65, 0x70],
    }
}
