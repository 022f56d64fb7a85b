//! The promise of a Rekor log that it has recorded a signature: cosign's annotation with a "signed entry timestamp".
//!
//! The log signs the entry in the canonical form of JSON (RFC 8785). Since nothing but four members of known types is accepted,
//! that form can be written without a canonicalizer. What is used from there on is what was written, and signed.

use super::body::Body;
use super::facts::{KeyId, LogEntry};
use super::refusal::SigstoreRefusal;
use super::trust::TrustedPublicKey;
use super::unverified::UnverifiedLogEntry;
use crate::clock::Moment;
use crate::digest::Digest;
use crate::json::go::decode_base64;
use crate::json::{Document, LocatedJsonError, Object, Value};

/// An entry that a trusted log has signed. [`verify`](Self::verify) alone makes one.
#[derive(Debug)]
pub(crate) struct ProvenEntry {
    entry: LogEntry,
    body: Body,
}

impl ProvenEntry {
    /// The entry that an annotation holds, if and only if one of the logs has signed it and it is one of a signature.
    ///
    /// What it is about is not compared here: see [`records_key`](Self::records_key) and [`check`](Self::check), both of which
    /// have to be asked.
    ///
    /// # Errors
    ///
    /// [`SigstoreRefusal::LogEntryMalformed`], [`SigstoreRefusal::LogEntryUntrusted`] and
    /// [`SigstoreRefusal::LogEntryUnsupported`].
    pub(crate) fn verify(
        untrusted_annotation: &str,
        logs: &[TrustedPublicKey],
    ) -> Result<Self, SigstoreRefusal> {
        let promise = Promise::read(untrusted_annotation).map_err(SigstoreRefusal::malformed)?;
        let text = promise.signed_text();
        let signed_by = logs
            .iter()
            .find(|log| log.key.verify_as_log(&promise.signature, text.as_bytes()));
        let log = signed_by.ok_or_else(|| {
            let references = logs.iter().map(TrustedPublicKey::reference);
            SigstoreRefusal::untrusted(&promise.log_id, references)
        })?;
        let integrated_time = Moment::from_signed_unix(promise.integrated_time.value)
            .ok_or_else(|| SigstoreRefusal::malformed("its `integratedTime` is out of range"))?;
        let index = promise.log_index.value;
        let body = decode_base64(&promise.body).map_err(|error| {
            SigstoreRefusal::malformed(format!("`body` is not base64: {error}"))
        })?;
        Ok(Self {
            entry: LogEntry::new(log.reference(), index, integrated_time),
            body: Body::read(&body)?,
        })
    }

    /// Whether the log has recorded this key or certificate, compared by its DER.
    pub(crate) fn records_key(&self, der: &[u8]) -> bool {
        self.body.key == der
    }

    /// That the log has recorded this signature over this payload.
    ///
    /// # Errors
    ///
    /// [`SigstoreRefusal::LogEntryMismatch`] if not.
    pub(crate) fn check(&self, signature: &[u8], payload: &[u8]) -> Result<(), SigstoreRefusal> {
        if self.body.signature != signature {
            return Err(SigstoreRefusal::other_signature());
        }
        let actual = Digest::of(payload);
        if self.body.payload_sha256 != actual.hex() {
            let recorded = &self.body.payload_sha256;
            return Err(SigstoreRefusal::other_payload(recorded, actual.hex()));
        }
        Ok(())
    }

    /// The refusal that it is about another key than one of these.
    pub(crate) fn other_key(&self, trusted: impl IntoIterator<Item = KeyId>) -> SigstoreRefusal {
        SigstoreRefusal::other_key(KeyId::of(&self.body.key), trusted)
    }

    /// What reports say of it.
    pub(crate) fn into_log_entry(self) -> LogEntry {
        self.entry
    }
}

/// What an annotation claims to be recorded, without a look at who has signed it: for people.
///
/// # Errors
///
/// Why it is no promise of a log, as a sentence.
pub(super) fn unverified(untrusted_annotation: &str) -> Result<UnverifiedLogEntry, String> {
    let promise = Promise::read(untrusted_annotation).map_err(|error| error.to_string())?;
    Ok(UnverifiedLogEntry {
        log_id: promise.log_id,
        index: promise.log_index.value,
        integrated_time: Moment::from_signed_unix(promise.integrated_time.value),
    })
}

/// What an annotation holds, read and nothing more.
struct Promise {
    signature: Vec<u8>,
    body: String,
    integrated_time: CanonicalNumber,
    log_id: String,
    log_index: CanonicalNumber,
}

/// Why an annotation is no promise of a log.
#[derive(Debug, thiserror::Error)]
enum PromiseError {
    #[error(transparent)]
    Json(#[from] LocatedJsonError),
    #[error("{place} must have {names} and nothing else")]
    Members { place: &'static str, names: String },
    #[error("`SignedEntryTimestamp` is not base64: {0}")]
    Base64(#[from] base64::DecodeError),
    #[error("`{0}` has half of a surrogate pair")]
    LoneSurrogate(&'static str),
    #[error("`{0}` is not a number that fits into 64 bits")]
    Number(&'static str),
}

impl Promise {
    fn read(untrusted_annotation: &str) -> Result<Self, PromiseError> {
        let document = Document::parse(untrusted_annotation.as_bytes())?;
        let root = document.root();
        let [signature, payload] = exactly(root, "it", ["SignedEntryTimestamp", "Payload"])?;
        let names = ["body", "integratedTime", "logIndex", "logID"];
        let [body, integrated_time, log_index, log_id] = exactly(payload, "`Payload`", names)?;
        Ok(Self {
            signature: decode_base64(&signature.string()?)?,
            body: text(&document, body, "body")?,
            integrated_time: CanonicalNumber::of(integrated_time, "integratedTime")?,
            log_index: CanonicalNumber::of(log_index, "logIndex")?,
            log_id: text(&document, log_id, "logID")?,
        })
    }

    /// What the log signs: the members in the order of their names, without white space (RFC 8785, section 3.2).
    fn signed_text(&self) -> String {
        format!(
            r#"{{"body":{},"integratedTime":{},"logID":{},"logIndex":{}}}"#,
            canonical_text(&self.body),
            self.integrated_time.text,
            canonical_text(&self.log_id),
            self.log_index.text,
        )
    }
}

/// The values of `names` in an object: none may be missing or there twice, and there may be no others.
fn exactly<'doc, const N: usize>(
    value: Value<'doc>,
    place: &'static str,
    names: [&'static str; N],
) -> Result<[Value<'doc>; N], PromiseError> {
    let object: Object<'doc> = value.object()?;
    let found = names.map(|name| object.find(name));
    if object.members().len() == N && found.iter().all(Option::is_some) {
        Ok(found.map(|member| member.unwrap_or(value)))
    } else {
        let names = names.map(|name| format!("`{name}`")).join(", ");
        Err(PromiseError::Members { place, names })
    }
}

/// A text that is the same for everybody: of one with half of a surrogate pair, Go makes one of two.
fn text(
    document: &Document<'_>,
    value: Value<'_>,
    name: &'static str,
) -> Result<String, PromiseError> {
    // For the error, if it is none.
    value.string()?;
    let raw = document.text().get(value.range()).unwrap_or_default();
    serde_json::from_str(raw).map_err(|_| PromiseError::LoneSurrogate(name))
}

/// A number as the canonical form has it.
struct CanonicalNumber {
    text: String,
    value: i64,
}

impl CanonicalNumber {
    /// The double that is meant, written as ECMAScript does below 10^21 (RFC 8785, section 3.2.2.3), and what that text
    /// means: it is the text that counts from then on.
    fn of(value: Value<'_>, name: &'static str) -> Result<Self, PromiseError> {
        let error = || PromiseError::Number(name);
        let double: f64 = value.number()?.parse().map_err(|_| error())?;
        // There is no negative zero there.
        let text = match double == 0.0 {
            true => "0".to_owned(),
            false => double.to_string(),
        };
        let value = text.parse().map_err(|_| error())?;
        Ok(Self { text, value })
    }
}

/// A string in the canonical form (RFC 8785, section 3.2.2.2).
fn canonical_text(text: &str) -> String {
    let mut written = String::from('"');
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\u{8}' => written.push_str("\\b"),
            '\t' => written.push_str("\\t"),
            '\n' => written.push_str("\\n"),
            '\u{c}' => written.push_str("\\f"),
            '\r' => written.push_str("\\r"),
            '\0'..=' ' if character != ' ' => {
                written.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => written.push(character),
        }
    }
    written.push('"');
    written
}
