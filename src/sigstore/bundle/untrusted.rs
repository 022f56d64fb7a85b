//! What a bundle says before anything of it is proven.

use super::statement::{Statement, StatementError, untrusted_predicate_type};
use super::{Bundle, Content, Envelope, IN_TOTO, Material};
use crate::clock::Moment;
use crate::sigstore::bundle_type::IMAGE_SIGNATURE;
use crate::sigstore::unverified::UnverifiedLogEntry;
use crate::text::hex;

impl Envelope {
    /// The statement in it.
    pub(super) fn statement(&self) -> Result<Statement, StatementError> {
        if self.payload_type == IN_TOTO {
            return Statement::parse(&self.payload);
        }
        Err(StatementError::PayloadType {
            found: self.payload_type.clone(),
        })
    }
}

impl Bundle {
    /// The signer's certificate in DER, if it comes with one.
    pub(crate) fn untrusted_certificate(&self) -> Option<&[u8]> {
        match &self.material {
            Material::Key => None,
            Material::Certificate(leaf) | Material::Chain(leaf, _) => Some(leaf),
        }
    }

    /// What logs are said to have recorded.
    pub(crate) fn untrusted_log_entries(&self) -> Vec<UnverifiedLogEntry> {
        let entries = self.entries.iter();
        let unverified = entries.map(|entry| UnverifiedLogEntry {
            log_id: hex::lower(&entry.log_id),
            index: entry.log_index,
            // 0 is how a log leaves it out.
            integrated_time: Moment::from_signed_unix(entry.integrated_time)
                .filter(|_| entry.integrated_time != 0),
        });
        unverified.collect()
    }

    /// What is stated, or why it is no statement; none if the signature is over an artifact itself.
    pub(crate) fn untrusted_statement(&self) -> Option<Result<Statement, StatementError>> {
        match &self.content {
            Content::Message { .. } => None,
            Content::Envelope(envelope) => Some(envelope.statement()),
        }
    }

    /// What the bundle says that the digest of its artifact is: `sha256:…`.
    pub(crate) fn untrusted_digest(&self) -> Option<String> {
        match &self.content {
            Content::Message { digest, .. } => digest
                .as_ref()
                .map(|digest| format!("{}:{}", digest.algorithm, hex::lower(&digest.octets))),
            Content::Envelope(_) => None,
        }
    }

    /// Whether it is a signature of an image: one over the manifest itself, or an envelope with a statement whose predicate says
    /// so ([`IMAGE_SIGNATURE`]). Provenance and the like are none, whoever has signed them. What cannot be read may be one: it is
    /// refused when it is judged.
    pub(crate) fn is_image_signature(&self) -> bool {
        match &self.content {
            Content::Message { .. } => true,
            Content::Envelope(envelope) => {
                envelope.payload_type == IN_TOTO
                    && untrusted_predicate_type(&envelope.payload)
                        .is_none_or(|predicate_type| predicate_type == IMAGE_SIGNATURE)
            }
        }
    }
}
