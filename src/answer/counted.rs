//! Many signatures, counted instead of listed.

use super::context::Context;
use super::told::Told;
use crate::verdict::SignatureOutcome;

/// Where the signature that tells most is, and what the others are refused for, if there are any.
pub(super) fn with_signatures(context: &Context<'_>, told: Told) -> Told {
    let told = match (&told.place, context.signature_name()) {
        (None, Some(name)) => told.at(name),
        _ => told,
    };
    let Some(requirement) = context.requirement else {
        return told;
    };
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for signature in &requirement.signatures {
        let code = match &signature.outcome {
            SignatureOutcome::Rejected { reason } | SignatureOutcome::Undecided { reason } => {
                reason.code()
            }
            SignatureOutcome::Skipped => "of another format",
            SignatureOutcome::Accepted { .. } => continue,
        };
        match counts.iter_mut().find(|(counted, _)| *counted == code) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counts.push((code, 1)),
        }
    }
    let total: usize = counts.iter().map(|(_, count)| count).sum();
    if total < 2 {
        return told;
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let listed: Vec<String> = counts
        .iter()
        .map(|(code, count)| format!("{count} {code}"))
        .collect();
    let counted = format!("none of {total} counts: {}", listed.join(", "));
    let place = match &told.place {
        Some(place) => format!("{place}; {counted}"),
        None => counted,
    };
    told.at(place)
}
