//! From bytes to a [`Bundle`].

use super::fields::{BundleError, Fields, octets};
use super::{
    Bundle, Content, Entry, Envelope, InclusionProof, MAX_ENTRIES, MAX_HASHES, Material,
    MessageDigest,
};
use crate::digest::Algorithm;
use crate::json::{Document, Kind, Value};
use crate::sigstore::bundle_type::{MAX_BUNDLE_SIZE, Version, version_of};
use crate::text::quote::Quoted;

/// The names of hash functions in a bundle, and their numbers there (`HashAlgorithm` of sigstore's `protobuf-specs`).
const HASHES: [(&str, &str, Algorithm); 3] = [
    ("SHA2_256", "1", Algorithm::Sha256),
    ("SHA2_384", "2", Algorithm::Sha384),
    ("SHA2_512", "3", Algorithm::Sha512),
];

impl Bundle {
    /// Reads a bundle of one of the four known types: exactly one signature, over an artifact or in an envelope; exactly one
    /// kind of material to verify it by; and entries of logs, each with what its version demands.
    ///
    /// # Errors
    ///
    /// [`BundleError`] for anything else.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        if bytes.len() > MAX_BUNDLE_SIZE {
            return Err(BundleError::TooLarge(bytes.len()));
        }
        if std::str::from_utf8(bytes).is_err() {
            return Err(BundleError::NotUtf8);
        }
        let document = Document::parse(bytes)?;
        let known = [
            "mediaType",
            "verificationMaterial",
            "messageSignature",
            "dsseEnvelope",
        ];
        let root = Fields::read(document.root(), &known)?;
        let media_type = root.required("mediaType")?.string()?;
        let version = version_of(&media_type).ok_or_else(|| {
            let found = Quoted(&media_type);
            BundleError::Form(format!(
                "its `mediaType` is {found}, and only the versions 0.1, 0.2 and 0.3 are read"
            ))
        })?;
        let content = match (root.get("messageSignature"), root.get("dsseEnvelope")) {
            (Some(message), None) => message_signature(message)?,
            (None, Some(envelope)) => Content::Envelope(self::envelope(envelope)?),
            _ => {
                return Err(one_of(
                    "the bundle",
                    "`messageSignature` and `dsseEnvelope`",
                ));
            }
        };
        let known = [
            "publicKey",
            "x509CertificateChain",
            "certificate",
            "tlogEntries",
            "timestampVerificationData",
        ];
        let members = Fields::read(root.required("verificationMaterial")?, &known)?;
        let material = material(&members, version)?;
        if let Some(timestamps) = members.get("timestampVerificationData") {
            check_timestamps(timestamps)?;
        }
        let entries = members
            .array("tlogEntries", MAX_ENTRIES)?
            .into_iter()
            .map(|value| entry(value, version))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            version,
            content,
            material,
            entries,
        })
    }
}

fn one_of(place: &str, names: &str) -> BundleError {
    BundleError::Form(format!("{place} must have exactly one of {names}"))
}

fn message_signature(value: Value<'_>) -> Result<Content, BundleError> {
    let members = Fields::read(value, &["messageDigest", "signature"])?;
    let digest = members.get("messageDigest").map(message_digest);
    Ok(Content::Message {
        signature: members.octets("signature")?,
        digest: digest.transpose()?,
    })
}

fn message_digest(value: Value<'_>) -> Result<MessageDigest, BundleError> {
    let members = Fields::read(value, &["algorithm", "digest"])?;
    let algorithm = members.required("algorithm")?;
    let known = match algorithm.kind() {
        Kind::Number => {
            let number = algorithm.number()?;
            HASHES.iter().find(|(_, known, _)| *known == number)
        }
        _ => {
            let name = algorithm.string()?;
            HASHES.iter().find(|(known, ..)| *known == name)
        }
    };
    let (_, _, known) = known.ok_or_else(|| {
        let path = algorithm.path();
        BundleError::Form(format!(
            "`{path}` is none of SHA2_256, SHA2_384 and SHA2_512"
        ))
    })?;
    Ok(MessageDigest {
        algorithm: *known,
        octets: members.octets("digest")?,
    })
}

fn envelope(value: Value<'_>) -> Result<Envelope, BundleError> {
    let members = Fields::read(value, &["payload", "payloadType", "signatures"])?;
    let signatures = members.array("signatures", usize::MAX)?;
    let [signature] = signatures.as_slice() else {
        return Err(BundleError::Form(format!(
            "its envelope has {} signatures, and must have exactly one",
            signatures.len()
        )));
    };
    let signature = Fields::read(*signature, &["sig", "keyid"])?;
    // For its type alone: it says nothing that counts.
    signature.text("keyid")?;
    Ok(Envelope {
        payload_type: members.text("payloadType")?,
        payload: members.octets("payload")?,
        signature: signature.octets("sig")?,
    })
}

fn material(members: &Fields<'_>, version: Version) -> Result<Material, BundleError> {
    let [key, chain, certificate] =
        ["publicKey", "x509CertificateChain", "certificate"].map(|name| members.get(name));
    match (key, chain, certificate) {
        (Some(key), None, None) => {
            Fields::read(key, &["hint"])?.text("hint")?;
            Ok(Material::Key)
        }
        (None, Some(_), None) if version >= Version::V0_3 => Err(BundleError::Form(
            "it has a chain of certificates, which no bundle of version 0.3 has".to_owned(),
        )),
        (None, Some(chain), None) => {
            let members = Fields::read(chain, &["certificates"])?;
            let certificates = members.array("certificates", MAX_ENTRIES)?;
            let mut certificates = certificates.into_iter().map(self::certificate);
            let leaf = certificates.next().transpose()?.ok_or_else(|| {
                BundleError::Form("its chain of certificates is empty".to_owned())
            })?;
            Ok(Material::Chain(
                leaf,
                certificates.collect::<Result<_, _>>()?,
            ))
        }
        (None, None, Some(certificate)) => {
            self::certificate(certificate).map(Material::Certificate)
        }
        _ => Err(one_of(
            "`verificationMaterial`",
            "`publicKey`, `x509CertificateChain` and `certificate`",
        )),
    }
}

fn certificate(value: Value<'_>) -> Result<Vec<u8>, BundleError> {
    Fields::read(value, &["rawBytes"])?.octets("rawBytes")
}

/// Timestamps by RFC 3161 need an authority that no policy can name: only their form is looked at.
fn check_timestamps(value: Value<'_>) -> Result<(), BundleError> {
    let members = Fields::read(value, &["rfc3161Timestamps"])?;
    for timestamp in members.array("rfc3161Timestamps", MAX_ENTRIES)? {
        Fields::read(timestamp, &["signedTimestamp"])?.octets("signedTimestamp")?;
    }
    Ok(())
}

fn entry(value: Value<'_>, version: Version) -> Result<Entry, BundleError> {
    let known = [
        "logIndex",
        "logId",
        "kindVersion",
        "integratedTime",
        "inclusionPromise",
        "inclusionProof",
        "canonicalizedBody",
    ];
    let members = Fields::read(value, &known)?;
    let log_id = Fields::read(members.required("logId")?, &["keyId"])?.octets("keyId")?;
    let kind = Fields::read(members.required("kindVersion")?, &["kind", "version"])?;
    let promise = members.get("inclusionPromise").map(|promise| {
        Fields::read(promise, &["signedEntryTimestamp"])?
            .required("signedEntryTimestamp")
            .and_then(octets)
    });
    let promise = promise.transpose()?;
    let proof = members.get("inclusionProof").map(inclusion_proof);
    let proof = proof.transpose()?;
    let missing = match version {
        Version::V0_1 if promise.is_none() => Some("inclusionPromise"),
        Version::V0_2 | Version::V0_3 if proof.is_none() => Some("inclusionProof"),
        _ => None,
    };
    if let Some(missing) = missing {
        return Err(BundleError::Form(format!(
            "`{}` has no `{missing}`, which a bundle of this version has to have",
            value.path()
        )));
    }
    Ok(Entry {
        log_index: members.number("logIndex")?,
        log_id,
        kind: kind.text("kind")?,
        version: kind.text("version")?,
        integrated_time: members.number("integratedTime")?,
        promise,
        proof,
        body: members.octets("canonicalizedBody")?,
    })
}

fn inclusion_proof(value: Value<'_>) -> Result<InclusionProof, BundleError> {
    let known = ["logIndex", "rootHash", "treeSize", "hashes", "checkpoint"];
    let members = Fields::read(value, &known)?;
    let checkpoint = Fields::read(members.required("checkpoint")?, &["envelope"])?;
    let hashes = members.array("hashes", MAX_HASHES)?.into_iter().map(octets);
    Ok(InclusionProof {
        index: members.number("logIndex")?.unsigned_abs(),
        size: members.number("treeSize")?.unsigned_abs(),
        root: members.octets("rootHash")?,
        hashes: hashes.collect::<Result<_, _>>()?,
        checkpoint: checkpoint.text("envelope")?,
    })
}
