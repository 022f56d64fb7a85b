//! What the manifest's bytes may have been: each is hashed.

use super::kind::DigestCause;
use super::layout::{formatted, other_line_ends, without_trailing};
use crate::digest::manifest::manifest_digest;
use crate::digest::{Algorithm, Digest};

/// The most that are hashed of one manifest, each of at most `MAX_MANIFEST_SIZE` bytes.
#[cfg(test)]
pub(super) const MAX_CANDIDATES: usize = 8;

/// How Docker (three) and others (two) indent a manifest.
const INDENTS: [Option<usize>; 3] = [None, Some(3), Some(2)];

/// The digests that the manifest would have if it were a little different, each with that difference.
pub(super) fn of_manifest(manifest: &[u8]) -> Vec<(Digest, DigestCause)> {
    let mut candidates = Candidates(Vec::new());
    for algorithm in [Algorithm::Sha512, Algorithm::Sha384] {
        candidates.0.push((
            Digest::by(algorithm, manifest),
            DigestCause::OtherAlgorithm { algorithm },
        ));
    }
    let unpacked = gunzip(manifest);
    if let Some(unpacked) = &unpacked {
        let unpacked_fits = true;
        candidates.add(unpacked, DigestCause::Gzip { unpacked_fits });
    }
    // The rest is about text.
    if unpacked.is_some() || std::str::from_utf8(manifest).is_err() {
        return candidates.0;
    }
    let trimmed = without_trailing(manifest);
    match manifest.len().saturating_sub(trimmed.len()) {
        0 => {}
        bytes => candidates.add(trimmed, DigestCause::TrailingNewline { bytes }),
    }
    candidates.add(&[manifest, b"\n"].concat(), DigestCause::LineFeedMissing);
    if let Some((rewritten, came_with_crlf)) = other_line_ends(manifest) {
        candidates.add(&rewritten, DigestCause::Crlf { came_with_crlf });
    }
    if let Some(rest) = manifest.strip_prefix("\u{feff}".as_bytes()) {
        candidates.add(rest, DigestCause::ByteOrderMark);
    } else if serde_json::from_slice::<serde::de::IgnoredAny>(manifest).is_ok() {
        // Of these, one is most often the manifest as it is.
        let mut others: Vec<Vec<u8>> = INDENTS
            .into_iter()
            .filter_map(|indent| formatted(manifest, indent))
            .filter(|text| text != manifest && text != trimmed)
            .collect();
        others.dedup();
        for text in others.iter().take(2) {
            candidates.add(text, DigestCause::WhiteSpace);
        }
        if contains(manifest, b"\"signatures\"") {
            candidates
                .0
                .push((Digest::of(manifest), DigestCause::Schema1Signatures));
        }
    }
    candidates.0
}

struct Candidates(Vec<(Digest, DigestCause)>);

impl Candidates {
    /// Adds a text, if a manifest can be that long.
    fn add(&mut self, text: &[u8], cause: DigestCause) {
        if let Ok(digest) = manifest_digest(text) {
            self.0.push((digest, cause));
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// What is compressed with gzip, if it unpacks to no more than a manifest.
#[cfg(feature = "_openpgp")]
fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    use std::io::Read as _;

    use crate::digest::MAX_MANIFEST_SIZE;

    let limit = u64::try_from(MAX_MANIFEST_SIZE).ok()?.checked_add(1)?;
    let mut unpacked = Vec::new();
    let mut reader = flate2::read::GzDecoder::new(bytes).take(limit);
    reader.read_to_end(&mut unpacked).ok()?;
    (unpacked.len() <= MAX_MANIFEST_SIZE).then_some(unpacked)
}

/// A build without an engine has nothing to unpack it with.
#[cfg(not(feature = "_openpgp"))]
fn gunzip(_: &[u8]) -> Option<Vec<u8>> {
    None
}
