//! What somebody may have meant to write.

use strsim::osa_distance;

/// Longer texts are no misspellings of anything that a user has to write.
const MAX_LENGTH: usize = 64;

/// The candidate nearest to a text that is none of them: one that differs in case only, else the one that the fewest
/// changes lead to, if these are few for its length; else the shortest that begins with the text, if more than half of
/// it is there and no other is as short.
pub(crate) fn nearest(
    text: &str,
    candidates: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let text = text.to_lowercase();
    let candidates: Vec<&'static str> = candidates.into_iter().collect();
    candidates
        .iter()
        .map(|&candidate| (osa_distance(&text, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= changes_allowed(candidate))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
        .or_else(|| begun(&text, &candidates))
}

/// The one of which this text, in lower case, is a beginning.
fn begun(text: &str, candidates: &[&'static str]) -> Option<&'static str> {
    let begins = |candidate: &&&'static str| {
        text.len().saturating_mul(2) > candidate.len() && candidate.to_lowercase().starts_with(text)
    };
    let shortest = candidates
        .iter()
        .filter(begins)
        .min_by_key(|candidate| candidate.len())?;
    let as_short = candidates
        .iter()
        .filter(begins)
        .filter(|candidate| candidate.len() == shortest.len());
    (as_short.count() == 1).then_some(*shortest)
}

fn changes_allowed(candidate: &str) -> usize {
    (candidate.len() / 4).clamp(1, 3)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_candidate() {
        let keys = ["type", "keyType", "keyPath", "keyPaths", "keyData"];
        for (text, expected) in [
            ("keyPth", Some("keyPath")),
            ("keypath", Some("keyPath")),
            ("KEYPATHS", Some("keyPaths")),
            ("keyPaht", Some("keyPath")),
            ("Type", Some("type")),
            ("tipe", Some("type")),
            ("", None),
            ("zzz", None),
            ("key", None),
            ("somethingElse", None),
        ] {
            assert_eq!(nearest(text, keys), expected, "{text}");
        }
        assert_eq!(nearest(&"keyPath".repeat(100), keys), None);
    }

    #[test]
    fn a_beginning_is_near() {
        let names = ["matchExact", "matchRepoDigestOrExact", "matchRepository"];
        for (text, expected) in [
            ("matchRepo", Some("matchRepository")),
            ("MatchRepoDigest", Some("matchRepoDigestOrExact")),
            ("match", None),
            ("matchR", None),
        ] {
            assert_eq!(nearest(text, names), expected, "{text}");
        }
        let ambiguous = ["rekorPublicKeyPath", "rekorPublicKeyData"];
        assert_eq!(nearest("rekorPublicKey", ambiguous), None);
    }
}
