//! What a trusted log has recorded, and when.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::body::Body;
use super::checkpoint::Checkpoint;
use super::{Content, Entry, InclusionProof, inclusion};
use crate::clock::Moment;
use crate::sigstore::facts::LogEntry;
use crate::sigstore::refusal::{NoTrustedTime, SigstoreRefusal};
use crate::sigstore::trust::TrustedPublicKey;
use crate::text::hex;

/// The largest number of which every integer up to it is a double: the text that a log signs has doubles for numbers
/// (RFC 8785, section 3.2.2.3).
const MAX_EXACT_NUMBER: i64 = 1 << 53;

/// An entry that a trusted log has signed. [`verify`] alone makes one.
#[derive(Debug)]
pub(super) struct ProvenEntry {
    body: Body,
    /// What reports say of it, with the time at which it was recorded; none if the log has not signed that.
    log_entry: Option<LogEntry>,
}

/// The entries of trusted logs, each of them verified. There is at least one.
///
/// What they are about is not compared here: see [`ProvenEntry::body`].
///
/// # Errors
///
/// [`SigstoreRefusal::LogEntryUntrusted`] if no entry is of a trusted log, or one of them is not what its log has signed;
/// [`SigstoreRefusal::NoTrustedTime`] for one from the future; [`SigstoreRefusal::LogEntryMalformed`] and
/// [`SigstoreRefusal::LogEntryUnsupported`] for what cannot be one of this content.
pub(super) fn verify_all(
    entries: &[Entry],
    content: &Content,
    logs: &[TrustedPublicKey],
    now: Moment,
) -> Result<Vec<ProvenEntry>, SigstoreRefusal> {
    let mut proven = Vec::new();
    for entry in entries {
        let id = hex::lower(&entry.log_id);
        let log = logs.iter().find(|log| log.key.key_id().as_str() == id);
        if let Some(log) = log {
            proven.push(verify(entry, content, log, logs, now)?);
        }
    }
    if !proven.is_empty() {
        return Ok(proven);
    }
    match entries {
        [] => Err(SigstoreRefusal::NoTrustedTime {
            cause: NoTrustedTime::NoEntry,
        }),
        [first, ..] => {
            // No key of such a log can be in a policy.
            let of_second_rekor = entries.iter().find(|entry| entry.is_of_second_rekor());
            Err(match of_second_rekor {
                Some(entry) => SigstoreRefusal::LogEntryUnsupported {
                    what: format!("{}, of Rekor v2", entry.title()),
                },
                None => untrusted(first, logs),
            })
        }
    }
}

/// An entry that says it is of this log.
fn verify(
    entry: &Entry,
    content: &Content,
    log: &TrustedPublicKey,
    logs: &[TrustedPublicKey],
    now: Moment,
) -> Result<ProvenEntry, SigstoreRefusal> {
    let mut log_entry = None;
    if let Some(promise) = &entry.promise {
        let text = entry.promised_text()?;
        if !log.key.verify_as_log(promise, text.as_bytes()) {
            return Err(untrusted(entry, logs));
        }
        let integrated_time = Some(entry.integrated_time)
            .filter(|time| *time <= Moment::LAST_SECOND)
            .and_then(Moment::from_signed_unix)
            .ok_or_else(|| SigstoreRefusal::malformed("its `integratedTime` is out of range"))?;
        if integrated_time > now {
            return Err(SigstoreRefusal::NoTrustedTime {
                cause: NoTrustedTime::Future {
                    integrated_time,
                    now,
                },
            });
        }
        log_entry = Some(LogEntry::new(
            log.reference(),
            entry.log_index,
            integrated_time,
        ));
    }
    if let Some(proof) = &entry.proof {
        check_inclusion(entry, proof, log, logs)?;
        if let Some(log_entry) = &mut log_entry {
            log_entry.inclusion_proven = true;
        }
    }
    if entry.promise.is_none() && entry.proof.is_none() {
        return Err(untrusted(entry, logs));
    }
    Ok(ProvenEntry {
        body: Body::read(entry, content)?,
        log_entry,
    })
}

/// That the entry is in the log's tree, and that the log has signed that tree.
fn check_inclusion(
    entry: &Entry,
    proof: &InclusionProof,
    log: &TrustedPublicKey,
    logs: &[TrustedPublicKey],
) -> Result<(), SigstoreRefusal> {
    inclusion::check(&entry.body, proof).map_err(SigstoreRefusal::malformed)?;
    let checkpoint = Checkpoint::parse(&proof.checkpoint).map_err(SigstoreRefusal::malformed)?;
    if checkpoint.size != proof.size || checkpoint.root != proof.root {
        return Err(SigstoreRefusal::malformed(
            "its checkpoint is of another tree than its inclusion proof",
        ));
    }
    if checkpoint.is_signed_by(&log.key, &entry.log_id) {
        Ok(())
    } else {
        Err(untrusted(entry, logs))
    }
}

fn untrusted(entry: &Entry, logs: &[TrustedPublicKey]) -> SigstoreRefusal {
    let stated = hex::lower(&entry.log_id);
    SigstoreRefusal::untrusted(&stated, logs.iter().map(TrustedPublicKey::reference))
}

impl ProvenEntry {
    /// What it is about, which has to be compared.
    pub(super) fn body(&self) -> &Body {
        &self.body
    }

    /// What reports say of it; none if the log has not signed when it was recorded.
    pub(super) fn log_entry(&self) -> Option<&LogEntry> {
        self.log_entry.as_ref()
    }
}

impl Entry {
    /// What the log signs with its promise: the canonical JSON (RFC 8785) of four members.
    fn promised_text(&self) -> Result<String, SigstoreRefusal> {
        let (index, time) = (self.log_index, self.integrated_time);
        if index > MAX_EXACT_NUMBER || time > MAX_EXACT_NUMBER {
            return Err(SigstoreRefusal::malformed(
                "its `logIndex` or `integratedTime` is larger than what a log can sign",
            ));
        }
        // No character of base64 or of a number in hexadecimal digits is escaped.
        let body = STANDARD.encode(&self.body);
        let id = hex::lower(&self.log_id);
        Ok(format!(
            r#"{{"body":"{body}","integratedTime":{time},"logID":"{id}","logIndex":{index}}}"#
        ))
    }

    /// Whether it says it is of a log that signs no times: their entries have no promise, and a version of their own.
    fn is_of_second_rekor(&self) -> bool {
        self.promise.is_none() && self.version == "0.0.2" && self.kind != "intoto"
    }
}
