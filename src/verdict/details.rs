//! A report as text, with everything that it has.

use std::fmt;

use crate::engine::TrustedKey;
use crate::text::quote::{Quoted, visible};
use crate::verdict::{Report, RequirementOutcome, SignatureOutcome, SignatureReport, Signer};

/// The lines of a report below its answer.
pub(crate) struct Details<'a>(pub(crate) &'a Report);

impl fmt::Display for Details<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(report) = self;
        if let Some(identity) = &report.identity {
            writeln!(f, "  identity: {}", visible(identity))?;
        }
        writeln!(f, "  policy: {}", report.policy)?;
        writeln!(f, "  policy scope: {}", visible(&report.scope.to_string()))?;
        if let Some(digest) = &report.list_digest {
            writeln!(f, "  list of instances: {digest}")?;
        }
        if let Some(digest) = &report.manifest_digest {
            writeln!(f, "  manifest: {digest}")?;
        }
        if let Some(engine) = &report.engine {
            writeln!(
                f,
                "  engine: {} ({}), cryptographic policy {}, judged at {}",
                visible(&engine.name),
                visible(&engine.version),
                engine.crypto_policy,
                engine.judged_at
            )?;
            for skipped in &engine.skipped {
                writeln!(
                    f,
                    "  engine {} skipped: {}",
                    skipped.engine,
                    visible(&skipped.cause.to_string())
                )?;
                writeln!(f, "    what to do: {}", skipped.cause.remedy())?;
            }
        }
        let count = report.requirements.len();
        for (number, requirement) in (1_usize..).zip(&report.requirements) {
            writeln!(
                f,
                "  requirement {number} of {count}, {}: {}",
                visible(&requirement.requirement),
                requirement.outcome
            )?;
            for signer in &requirement.trusted_signers {
                writeln!(f, "    trusts {signer}")?;
            }
            for warning in &requirement.key_warnings {
                writeln!(f, "    warning: {}", visible(&warning.to_string()))?;
            }
            for signature in &requirement.signatures {
                writeln!(f, "    {signature}")?;
            }
        }
        for note in &report.notes {
            writeln!(f, "  note: {note}")?;
        }
        for warning in &report.warnings {
            writeln!(f, "  warning: {warning} ({})", warning.code())?;
            writeln!(f, "    what to do: {}", warning.remedy())?;
        }
        Ok(())
    }
}

impl fmt::Display for RequirementOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AcceptedUnsigned => f.write_str("accepted, nothing was verified"),
            Self::AcceptedSigned => f.write_str("accepted"),
            Self::AcceptedByCaller { by, signed_at } => {
                write!(f, "accepted, judged elsewhere: {}", Quoted(by))?;
                match signed_at {
                    Some(signed_at) => write!(f, ", signed on {signed_at}"),
                    None => Ok(()),
                }
            }
            Self::Rejected { reason } => write!(f, "rejected, {}", reason.code()),
            Self::Undecided { reason } => write!(f, "undecided, {}", reason.code()),
            Self::NotEvaluated => f.write_str("not evaluated"),
        }
    }
}

impl fmt::Display for SignatureReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "signature {}", self.signature)?;
        if let Some(name) = &self.name {
            write!(f, " ({})", Quoted(name))?;
        }
        f.write_str(": ")?;
        match &self.outcome {
            SignatureOutcome::Accepted { proof: accepted } => {
                write!(f, "accepted, by {} for ", accepted.signer)?;
                match &accepted.signed_reference {
                    Some(signed) => f.write_str(&visible(signed))?,
                    None => f.write_str("the digest alone, without a name")?,
                }
                match &accepted.signer {
                    Signer::OpenPgp {
                        primary_key,
                        signing_key,
                        ..
                    } if signing_key != primary_key => {
                        write!(f, ", with the subkey {signing_key}")?;
                    }
                    _ => {}
                }
                if let Some(signed_at) = accepted.signed_at {
                    write!(f, ", made at {signed_at}")?;
                }
                if let Some(entry) = &accepted.log_entry {
                    write!(
                        f,
                        ", {entry} of the log {}",
                        visible(&entry.log.to_string())
                    )?;
                }
                Ok(())
            }
            SignatureOutcome::Rejected { reason } | SignatureOutcome::Undecided { reason } => {
                write!(f, "{}, {}", reason.code(), visible(&reason.to_string()))
            }
            SignatureOutcome::Skipped => f.write_str("skipped, of another format"),
        }
    }
}

impl fmt::Display for TrustedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fingerprint)?;
        if let Some(user_id) = &self.user_id {
            write!(f, " \"{}\"", visible(user_id))?;
        }
        if let Some(expires) = self.expires {
            write!(f, ", expiry {expires}")?;
        }
        write!(f, ", from {}", visible(&self.origin))
    }
}
