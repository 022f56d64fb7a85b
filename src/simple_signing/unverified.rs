//! What a stored signature claims, which anybody could have written. For people who look at one, and for nobody's
//! decisions.

use std::borrow::Cow;

use serde::Serialize;

use super::blob::StoredSignature;
use super::payload::{Payload, PayloadForm};
use crate::clock::Moment;
use crate::fingerprint::KeyHandle;
use crate::json::{Document, Kind, Value};
use crate::sigstore::attachment::Attachment;
use crate::sigstore::bundle_type::is_bundle;
#[cfg(feature = "sigstore")]
use crate::sigstore::claims::{BundleClaims, Claims as SigstoreClaims};
use crate::sigstore::unverified::{UnverifiedCertificate, UnverifiedLogEntry};
use crate::text::content::Content;

/// What a stored signature claims of itself and of an image. **Nothing of it is verified**: anybody can write a blob that
/// claims anything, by anybody. Only [`Verifier::verify`](crate::Verifier::verify) decides.
///
/// As JSON an object that begins with `"verified": false`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnverifiedSignature {
    /// Always false.
    verified: bool,
    /// The format in which it is stored.
    pub format: StoredFormat,
    /// The media type, of a signature of sigstore.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Who claims to have signed: one for each OpenPGP signature in the blob, and the one of a certificate of sigstore's. By a
    /// key of sigstore's, nobody does: such a signature does not name it.
    pub signers: Vec<UnverifiedSigner>,
    /// What logs are said to have recorded of a signature of sigstore.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log_entries: Vec<UnverifiedLogEntry>,
    /// What is stored beside a signature of sigstore, by the names of its annotations: the signature itself, the entry of
    /// a log (`dev.sigstore.cosign/bundle`), certificates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<String>,
    /// What was signed, if that can be read: the members of containers-signature(5), whatever else there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<UnverifiedClaims>,
    /// What could not be read, or is not as it must be, each in a sentence.
    pub unreadable: Vec<String>,
}

/// The formats of stored signatures, by the names that containers/image gives them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum StoredFormat {
    /// An OpenPGP message (containers-signature(5)): what a requirement `signedBy` looks at.
    SimpleSigning,
    /// A sigstore signature, as cosign makes them.
    SigstoreJson,
    /// A sigstore bundle by itself, which is not how image stores keep it.
    SigstoreBundle,
    /// Something else, which refuses the image that it is stored with.
    Unknown(Option<Content>),
}

/// Who claims to have made a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnverifiedSigner {
    /// The fingerprint of the key, or its ID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyHandle>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<Moment>,
    /// When it ends to be valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// The certificate, of sigstore's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<UnverifiedCertificate>,
}

/// What is claimed of an image. Each may be any text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnverifiedClaims {
    /// What kind of statement a sigstore bundle has; `https://sigstore.dev/cosign/sign/v1` is a signature of an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate_type: Option<String>,
    /// The image's name: `critical.identity.docker-reference`, or the first subject's of a sigstore bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docker_reference: Option<String>,
    /// The manifest's digest: `critical.image.docker-manifest-digest`, or the first subject's of a sigstore bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest_digest: Option<String>,
    /// The program that signed: `optional.creator`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<String>,
    /// When it signed, in seconds since 1970: `optional.timestamp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}

impl UnverifiedSignature {
    /// Reads what a stored blob claims, as far as it can be read: [`unreadable`](Self::unreadable) says what cannot.
    /// Verifies nothing, and needs no key. A build without an engine cannot look into OpenPGP messages, and says so.
    #[must_use]
    pub fn read_without_verifying(untrusted_blob: &[u8]) -> Self {
        let mut read = Self {
            verified: false,
            format: StoredFormat::SimpleSigning,
            media_type: None,
            signers: Vec::new(),
            log_entries: Vec::new(),
            annotations: Vec::new(),
            claims: None,
            unreadable: Vec::new(),
        };
        match StoredSignature::parse(Cow::Borrowed(untrusted_blob)) {
            Ok(StoredSignature::SimpleSigning(message)) => read.add_message(&message),
            Ok(StoredSignature::Sigstore(attachment)) => {
                read.format = StoredFormat::SigstoreJson;
                read.add_sigstore(&attachment);
            }
            Err(error) => {
                let sentence = error.to_string();
                match error.into_content() {
                    Some(Content::SigstoreBundle) => {
                        read.format = StoredFormat::SigstoreBundle;
                        read.add_bundle(untrusted_blob);
                    }
                    content => {
                        read.unreadable.push(sentence);
                        read.format = StoredFormat::Unknown(content);
                    }
                }
            }
        }
        read
    }

    #[cfg(feature = "_openpgp")]
    fn add_message(&mut self, untrusted_message: &[u8]) {
        use crate::engine::MAX_PAYLOAD_SIZE;
        use crate::openpgp::hints;

        let blob = hints::read(untrusted_message, MAX_PAYLOAD_SIZE);
        self.signers = blob.signatures.iter().map(signer).collect();
        self.unreadable.extend(blob.error.as_ref().map(sentence));
        if let Some(payload) = blob.untrusted_payload {
            if let Err(error) = Payload::check(&payload, PayloadForm::SimpleSigning) {
                let detail =
                    format!("what was signed is not as containers-signature(5) has it: {error}");
                self.unreadable.push(detail);
            }
            self.claims = claims(&payload);
        }
    }

    #[cfg(not(feature = "_openpgp"))]
    fn add_message(&mut self, _: &[u8]) {
        self.unreadable
            .push("this build has no engine, and cannot look into OpenPGP messages".to_owned());
    }

    /// What a sigstore signature says in its `payload`, and what is stored beside it.
    fn add_sigstore(&mut self, attachment: &Attachment) {
        self.media_type = Some(attachment.mime_type.clone());
        self.annotations = attachment.annotations.keys().cloned().collect();
        if is_bundle(&attachment.mime_type) {
            self.add_bundle(&attachment.payload);
            return;
        }
        #[cfg(feature = "sigstore")]
        self.add_claims(SigstoreClaims::of_attachment(attachment));
        if !attachment.is_cosign() {
            self.unreadable.push(
                "its media type is not that of an image's signature, so that no requirement looks at it".to_owned(),
            );
        }
        self.claims = claims(&attachment.payload);
        if self.claims.is_none() {
            self.unreadable
                .push("what was signed is no JSON object".to_owned());
        } else if let Err(error) = Payload::check(&attachment.payload, PayloadForm::Sigstore) {
            self.unreadable.push(format!(
                "what was signed is not as signatures of sigstore have it: {error}"
            ));
        }
    }
}

#[cfg(feature = "sigstore")]
impl UnverifiedSignature {
    fn add_bundle(&mut self, untrusted_bundle: &[u8]) {
        let bundle = BundleClaims::of(untrusted_bundle);
        let claims = UnverifiedClaims {
            predicate_type: bundle.predicate_type,
            docker_reference: bundle.name,
            manifest_digest: bundle.digest,
            ..UnverifiedClaims::default()
        };
        self.claims = (claims != UnverifiedClaims::default()).then_some(claims);
        self.add_claims(bundle.beside);
    }

    fn add_claims(&mut self, claims: SigstoreClaims) {
        self.signers = claims
            .certificate
            .into_iter()
            .map(|certificate| UnverifiedSigner {
                certificate: Some(certificate),
                ..UnverifiedSigner::default()
            })
            .collect();
        self.log_entries = claims.log_entries;
        self.unreadable.extend(claims.unreadable);
    }
}

#[cfg(not(feature = "sigstore"))]
impl UnverifiedSignature {
    fn add_bundle(&mut self, _: &[u8]) {
        self.unreadable
            .push("this build is without `sigstore`, and cannot look into bundles".to_owned());
    }
}

#[cfg(feature = "_openpgp")]
fn signer(hints: &crate::openpgp::hints::Hints) -> UnverifiedSigner {
    UnverifiedSigner {
        key: hints.issuer.as_deref().and_then(KeyHandle::of),
        created: hints.created.map(Moment::from_unix),
        expires: hints
            .valid_for
            .filter(|seconds| *seconds > 0)
            .and_then(|seconds| Some(Moment::from_unix(hints.created?.checked_add(seconds)?))),
        certificate: None,
    }
}

#[cfg(feature = "_openpgp")]
fn sentence(error: &crate::openpgp::message::MessageError) -> String {
    use crate::openpgp::message::MessageError;

    match error {
        MessageError::Malformed(detail) => {
            format!("it is no well-formed OpenPGP message: {detail}")
        }
        MessageError::NotSigned => "it is not signed".to_owned(),
        MessageError::Encrypted => "it is encrypted".to_owned(),
        MessageError::MultipleSignatures(count) => {
            format!("it carries {count} signatures, and a stored one must carry one")
        }
        MessageError::Detached => "it is without the signed text".to_owned(),
        MessageError::TooLarge(limit) => format!("the signed text is larger than {limit} bytes"),
        MessageError::Ambiguous(detail) => {
            format!("releases of GnuPG read it differently: {detail}")
        }
    }
}

/// The members that are claims, wherever they are not as they must be.
fn claims(payload: &[u8]) -> Option<UnverifiedClaims> {
    let document = Document::parse(payload).ok()?;
    let root = document.root();
    (root.kind() == Kind::Object).then(|| UnverifiedClaims {
        predicate_type: None,
        docker_reference: text(root, &["critical", "identity", "docker-reference"]),
        manifest_digest: text(root, &["critical", "image", "docker-manifest-digest"]),
        creator: text(root, &["optional", "creator"]),
        timestamp: member(root, &["optional", "timestamp"]).and_then(|time| time.integer().ok()),
    })
}

fn member<'doc>(value: Value<'doc>, path: &[&str]) -> Option<Value<'doc>> {
    path.iter().try_fold(value, |value, name| {
        let members = value.members_with_duplicates().ok()?;
        let found = members.iter().rev().find(|member| member.name == *name)?;
        Some(found.value)
    })
}

fn text(value: Value<'_>, path: &[&str]) -> Option<String> {
    Some(member(value, path)?.string().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "_openpgp")]
    fn file(name: &str) -> Vec<u8> {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
        std::fs::read(path.join(name)).unwrap()
    }

    fn read(blob: &[u8]) -> UnverifiedSignature {
        let read = UnverifiedSignature::read_without_verifying(blob);
        crate::json_output::of(&read, "inspect");
        read
    }

    #[test]
    #[cfg(feature = "_openpgp")]
    fn a_good_signature_claims_what_was_signed() {
        let read = read(&file("example/image/signature-1"));
        assert_eq!(read.format, StoredFormat::SimpleSigning);
        let [signer] = read.signers.as_slice() else {
            panic!("{read:?}");
        };
        let key = signer.key.as_ref().unwrap().as_str();
        assert_eq!(key, "66CCE9C6AD4931FDC04EBA79ABCFC7A61FA861F5");
        assert!(signer.created.is_some());
        assert_eq!(signer.expires, None);
        let claims = read.claims.unwrap();
        assert_eq!(
            claims.docker_reference.as_deref(),
            Some("registry.example/app/web:1.4.2")
        );
        let digest = crate::digest::Digest::of(&file("example/image/manifest.json"));
        assert_eq!(claims.manifest_digest, Some(digest.to_string()));
        assert_eq!(read.unreadable, Vec::<String>::new());
    }

    #[test]
    #[cfg(feature = "_openpgp")]
    fn what_cannot_be_read_is_said() {
        for (name, sentence, signers) in [
            ("mistakes/signature.sig", "it is without the signed text", 1),
            (
                "mistakes/message.gpg",
                "what was signed is not as containers-signature(5) has it: the payload has the member `schemaVersion`, which is not allowed there",
                1,
            ),
            (
                "mistakes/login.html",
                "it is an HTML page (\"Sign in\"), and no signed OpenPGP message in binary",
                0,
            ),
        ] {
            let read = read(&file(name));
            assert_eq!(read.unreadable, [sentence], "{name}");
            assert_eq!(read.signers.len(), signers, "{name}");
        }
    }

    #[test]
    fn a_sigstore_signature_claims_something_too() {
        use base64::Engine as _;

        let payload = r#"{"critical":{"identity":{"docker-reference":"r.example/a"},"image":{"docker-manifest-digest":"sha256:x"},"type":"cosign container image signature"},"optional":{"creator":"cosign"}}"#;
        let payload = base64::engine::general_purpose::STANDARD.encode(payload);
        let blob = format!(
            "\0sigstore-json\n{{\"mimeType\":\"text/x\",\"payload\":\"{payload}\",\"annotations\":{{\"b\":\"\",\"a\":\"\"}}}}"
        );
        let found = read(blob.as_bytes());
        assert_eq!(found.format, StoredFormat::SigstoreJson);
        let claims = found.claims.unwrap();
        assert_eq!(claims.docker_reference.as_deref(), Some("r.example/a"));
        assert_eq!(claims.manifest_digest.as_deref(), Some("sha256:x"));
        assert_eq!(claims.creator.as_deref(), Some("cosign"));
        assert_eq!(found.media_type.as_deref(), Some("text/x"));
        assert_eq!(found.annotations, ["a", "b"]);
        let not_of_an_image = "its media type is not that of an image's signature, so that no requirement looks at it";
        assert_eq!(
            found.unreadable,
            [
                not_of_an_image,
                "what was signed is not as signatures of sigstore have it: \
                 `critical.image.docker-manifest-digest` is not a digest: a digest has only lower-case \
                 hexadecimal digits, but this one has `x`"
            ]
        );
        let nothing = read(b"\0sigstore-json\nnull");
        assert_eq!(nothing.claims, None);
        assert_eq!(
            nothing.unreadable,
            [not_of_an_image, "what was signed is no JSON object"]
        );
    }

    #[test]
    fn any_bytes_give_an_answer() {
        for blob in [
            &b""[..],
            b"\0",
            b"\xA3\x01",
            b"\x90\x01\x02",
            b"\xC8\xFF\xFF\xFF\xFF\xFF",
        ] {
            assert!(!read(blob).unreadable.is_empty(), "{blob:?}");
        }
    }
}
