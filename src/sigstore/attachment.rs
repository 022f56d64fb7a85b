//! A sigstore signature as image stores keep it: JSON with a type, a payload and annotations, all untrusted.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::json::go::{decode_base64, folds_to};
use crate::json::{Document, Kind, LocatedJsonError, Member, Value};

/// The type of what cosign signs of an image: any other payload is none for a policy.
const COSIGN_TYPE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";

/// What is before the JSON in a stored blob: see `internal/signature` of containers/image.
const FRAMING: &[u8] = b"\0sigstore-json\n";

/// The names of annotations, by cosign's `pkg/oci/static`.
pub(crate) mod annotation {
    /// The signature over the payload, in base64.
    pub(crate) const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
    /// What a Rekor log has signed: its "signed entry timestamp", in JSON.
    pub(crate) const LOG_ENTRY: &str = "dev.sigstore.cosign/bundle";
    /// The certificate of the signer, in PEM.
    pub(crate) const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
    /// The certificates between that and the authority's, in PEM.
    pub(crate) const CHAIN: &str = "dev.sigstore.cosign/chain";
}

/// A stored signature of the format `sigstore-json`. Nothing of it is proven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attachment {
    /// What the payload is; empty if it does not say.
    pub(crate) mime_type: String,
    /// What was signed.
    pub(crate) payload: Vec<u8>,
    /// What else belongs to it, by name: the signature itself, a log entry, certificates.
    pub(crate) annotations: BTreeMap<String, String>,
}

/// Why data is not a sigstore signature, as a part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AttachmentError {
    /// It is no JSON, or something in it is of another type.
    #[error(transparent)]
    Json(#[from] LocatedJsonError),
    /// The payload is no base64.
    #[error("`payload` is not base64: {0}")]
    Payload(#[from] base64::DecodeError),
}

impl Attachment {
    /// Reads the JSON of a stored signature as Go's decoder fills a struct of the members `mimeType` (text), `payload`
    /// (base64 text) and `annotations` (texts by name), each of which may be missing: letter case does not count, other
    /// members are skipped, and of those given twice the last counts, but that annotations add up. `null` leaves a text as it
    /// was, and empties the others.
    ///
    /// # Errors
    ///
    /// [`AttachmentError`] if Go could not. containers/image refuses the whole image then, even beside good signatures.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, AttachmentError> {
        let document = Document::parse(json)?;
        let mut attachment = Self::default();
        for Member { name, value, .. } in members_or_null(document.root())?.unwrap_or_default() {
            let is = |field| folds_to(name.as_bytes(), field);
            let is_null = value.kind() == Kind::Null;
            if is("mimeType") {
                if !is_null {
                    attachment.mime_type = value.string()?.into_owned();
                }
            } else if is("payload") {
                attachment.payload = match is_null {
                    true => Vec::new(),
                    false => decode_base64(&value.string()?)?,
                };
            } else if is("annotations") {
                match members_or_null(value)? {
                    None => attachment.annotations.clear(),
                    Some(members) => attachment.annotate(members)?,
                }
            }
        }
        Ok(attachment)
    }

    /// Whether it is a signature of an image, as cosign makes them: the type is compared octet for octet. Policies pass over
    /// any other, such as attestations.
    pub(crate) fn is_cosign(&self) -> bool {
        self.mime_type == COSIGN_TYPE
    }

    /// The annotation of this name.
    pub(crate) fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.get(name).map(String::as_str)
    }

    /// As a blob, the way image stores keep it.
    pub(crate) fn to_blob(&self) -> Vec<u8> {
        let json = json!({
            "mimeType": self.mime_type,
            "payload": STANDARD.encode(&self.payload),
            "annotations": self.annotations,
        });
        [FRAMING, json.to_string().as_bytes()].concat()
    }

    fn annotate(&mut self, members: Vec<Member<'_>>) -> Result<(), LocatedJsonError> {
        for Member { name, value, .. } in members {
            let text = match value.kind() {
                Kind::Null => String::new(),
                _ => value.string()?.into_owned(),
            };
            self.annotations.insert(name.into_owned(), text);
        }
        Ok(())
    }
}

/// The members of an object, duplicates included; `None` for `null`.
fn members_or_null(value: Value<'_>) -> Result<Option<Vec<Member<'_>>>, LocatedJsonError> {
    match value.kind() {
        Kind::Null => Ok(None),
        _ => value.members_with_duplicates().map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Attachment {
        Attachment::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn all_members_are_read() {
        let attachment = parse(
            r#"{"mimeType":"application/vnd.dev.cosign.simplesigning.v1+json","payload":"YQ==","annotations":{"a":"b","c":"d"},"x":1}"#,
        );
        assert!(attachment.is_cosign());
        assert_eq!(attachment.payload, b"a");
        assert_eq!(attachment.annotation("a"), Some("b"));
        assert_eq!(attachment.annotation("A"), None);
        let blob = attachment.to_blob();
        let json = blob.strip_prefix(b"\0sigstore-json\n").unwrap();
        assert_eq!(Attachment::parse(json).unwrap(), attachment);
    }

    #[test]
    fn the_type_is_compared_octet_for_octet() {
        for other in [
            "",
            "application/vnd.dev.cosign.simplesigning.v1+json ",
            "Application/vnd.dev.cosign.simplesigning.v1+json",
            "application/vnd.dsse.envelope.v1+json",
        ] {
            let attachment = Attachment {
                mime_type: other.to_owned(),
                ..Attachment::default()
            };
            assert!(!attachment.is_cosign(), "{other}");
        }
    }

    #[test]
    fn members_are_taken_as_by_go() {
        assert_eq!(parse("null"), Attachment::default());
        assert_eq!(parse("{}"), Attachment::default());
        let folded = parse(r#"{"MIMETYPE":"t","Payload":"YR==","annotation\u017f":{"a":"b"}}"#);
        assert_eq!((&*folded.mime_type, &*folded.payload), ("t", &b"a"[..]));
        assert_eq!(folded.annotation("a"), Some("b"));
        let last = parse(r#"{"mimeType":"s","mimeType":"t","payload":"YQ==","PAYLOAD":"Yg=="}"#);
        assert_eq!((&*last.mime_type, &*last.payload), ("t", &b"b"[..]));
        let nulls = parse(
            r#"{"mimeType":"t","payload":"YQ==","annotations":{"a":"b"},"mimeType":null,"payload":null,"annotations":null}"#,
        );
        assert_eq!(&*nulls.mime_type, "t");
        assert!(nulls.payload.is_empty() && nulls.annotations.is_empty());
        let merged = parse(
            r#"{"annotations":{"a":"b","c":"d","e":"f"},"annotations":{"a":"x","c":null,"g":null}}"#,
        );
        let values = ["a", "c", "e", "g", "h"].map(|name| merged.annotation(name));
        assert_eq!(values, [Some("x"), Some(""), Some("f"), Some(""), None]);
    }

    #[test]
    fn what_go_cannot_decode_is_an_error() {
        for bad in [
            "",
            "[]",
            r#"{"payload":"Y"}"#,
            r#"{"payload":[97]}"#,
            r#"{"MIMETYPE":5}"#,
            r#"{"mimeType":5,"mimeType":"a"}"#,
            r#"{"annotations":[]}"#,
            r#"{"annotations":{"a":1}}"#,
            r#"{"annotations":{"a":1,"a":"b"}}"#,
            r#"{"annotations":{"a":1},"annotations":null}"#,
            "{\"annotation\u{17f}\":5}",
            "{} {}",
        ] {
            assert!(Attachment::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert_eq!(
            Attachment::parse(br#"{"payload":"Y"}"#)
                .unwrap_err()
                .to_string(),
            "`payload` is not base64: Invalid input length: 1"
        );
    }
}
