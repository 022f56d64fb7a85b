//! Many signatures, counted instead of listed.

use super::context::Context;
use super::told::Told;
use crate::verdict::SignatureOutcome;

/// Which of several signatures tells most, and what the others are refused for.
pub(super) fn with_signatures(context: &Context<'_>, told: Told) -> Told {
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
    // Where there is one, its number says nothing.
    if total < 2 {
        return told;
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let listed: Vec<String> = counts
        .iter()
        .map(|(code, count)| format!("{count} {code}"))
        .collect();
    let counted = format!("none of {total} counts: {}", listed.join(", "));
    let place = match context.signature_name() {
        Some(name) => format!("{name}; {counted}"),
        None => counted,
    };
    told.at(place)
}
