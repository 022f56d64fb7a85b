//! What a log says of its tree: a checkpoint, which is a signed note (C2SP, `tlog-checkpoint` and `signed-note`).
//!
//! ```text
//! rekor.example - 1234          the origin
//! 7                             the size of the tree
//! 9BD0hWCn3wG1/R4…=             its root
//!                               further lines may follow, and an empty one ends the text
//! — rekor.example wNI9ajBFAi…   signatures: a name, and the first four octets of a key's id with the signature
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::inclusion::HASH_OCTETS;
use crate::sigstore::public_key::PublicKey;

/// The most signatures under a note, as Go's `sumdb/note` has it.
const MAX_SIGNATURES: usize = 100;

/// How many octets before a signature say of which key it is.
const HINT_OCTETS: usize = 4;

/// What each line with a signature begins with.
const SIGNATURE_MARK: &str = "\u{2014} ";

/// A checkpoint that has the form of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checkpoint<'a> {
    /// What is signed.
    text: &'a str,
    pub(super) size: u64,
    pub(super) root: Vec<u8>,
    signatures: Vec<Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Signature {
    hint: [u8; HINT_OCTETS],
    octets: Vec<u8>,
}

/// Why a text is no checkpoint, as a part of a sentence about the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CheckpointError {
    /// No empty line between a text and its signatures, or control characters.
    #[error("its checkpoint is not a signed note")]
    NotANote,
    /// A line with a signature that is none.
    #[error("its checkpoint has a line that should be a signature and is none")]
    Signature,
    /// More signatures than are read.
    #[error("its checkpoint has more than {MAX_SIGNATURES} signatures")]
    TooMany,
    /// No name of a log.
    #[error("its checkpoint has no origin")]
    Origin,
    /// No size.
    #[error("its checkpoint has no size")]
    Size,
    /// No root.
    #[error("its checkpoint has no root hash")]
    Root,
}

impl<'a> Checkpoint<'a> {
    /// Reads a checkpoint.
    ///
    /// # Errors
    ///
    /// [`CheckpointError`] for what is none.
    pub(super) fn parse(note: &'a str) -> Result<Self, CheckpointError> {
        if note
            .chars()
            .any(|character| character < ' ' && character != '\n')
        {
            return Err(CheckpointError::NotANote);
        }
        let (before, signatures) = note.rsplit_once("\n\n").ok_or(CheckpointError::NotANote)?;
        // With the line feed that ends its last line.
        let text = note
            .get(..before.len().saturating_add(1))
            .unwrap_or_default();
        let mut lines = before.split('\n');
        lines
            .next()
            .filter(|origin| !origin.is_empty())
            .ok_or(CheckpointError::Origin)?;
        let size = lines.next().and_then(size).ok_or(CheckpointError::Size)?;
        let root = lines.next().and_then(|line| STANDARD.decode(line).ok());
        Ok(Self {
            text,
            size,
            root: root
                .filter(|root| root.len() == HASH_OCTETS)
                .ok_or(CheckpointError::Root)?,
            signatures: read_signatures(signatures)?,
        })
    }

    /// Whether the log with this key and this id has signed it. Signatures by others, such as witnesses, do not count.
    pub(super) fn is_signed_by(&self, log: &PublicKey, log_id: &[u8]) -> bool {
        self.signatures
            .iter()
            .filter(|signature| log_id.starts_with(&signature.hint))
            .any(|signature| log.verify_as_log(&signature.octets, self.text.as_bytes()))
    }
}

/// A number as it is written in one way only.
fn size(line: &str) -> Option<u64> {
    let size: u64 = line.parse().ok()?;
    (size.to_string() == line).then_some(size)
}

fn read_signatures(text: &str) -> Result<Vec<Signature>, CheckpointError> {
    let lines = text.strip_suffix('\n').ok_or(CheckpointError::NotANote)?;
    if lines.split('\n').count() > MAX_SIGNATURES {
        return Err(CheckpointError::TooMany);
    }
    lines
        .split('\n')
        .map(|line| signature(line).ok_or(CheckpointError::Signature))
        .collect()
}

fn signature(line: &str) -> Option<Signature> {
    let (name, value) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
    let is_name = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+');
    let value = STANDARD.decode(value).ok().filter(|_| is_name)?;
    let (hint, octets) = value.split_first_chunk()?;
    (!octets.is_empty()).then(|| Signature {
        hint: *hint,
        octets: octets.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    const LINE: &str = "\u{2014} log.example AAAAAAE=\n";

    fn parse(note: &str) -> Result<Checkpoint<'_>, CheckpointError> {
        Checkpoint::parse(note)
    }

    #[test]
    fn a_checkpoint_has_three_lines_and_signatures() {
        let note = format!("log.example\n7\n{ROOT}\n\n{LINE}");
        let checkpoint = parse(&note).unwrap();
        assert_eq!((checkpoint.size, checkpoint.root.len()), (7, 32));
        assert_eq!(checkpoint.text, format!("log.example\n7\n{ROOT}\n"));
        assert_eq!(checkpoint.signatures.len(), 1);
        assert_eq!(checkpoint.signatures[0].octets, [1]);
        let more = format!("log.example\n7\n{ROOT}\nmore: 1\n\nlast\n\n{LINE}{LINE}");
        let checkpoint = parse(&more).unwrap();
        assert_eq!(checkpoint.text.len() + 1 + 2 * LINE.len(), more.len());
        assert_eq!(checkpoint.signatures.len(), 2);
        let many = format!("o\n0\n{ROOT}\n\n{}", LINE.repeat(MAX_SIGNATURES));
        assert!(parse(&many).is_ok());
    }

    #[test]
    fn anything_else_is_none() {
        use CheckpointError::{NotANote, Origin, Root, Signature, Size, TooMany};
        let many = LINE.repeat(MAX_SIGNATURES + 1);
        for (note, error) in [
            (String::new(), NotANote),
            (format!("o\n7\n{ROOT}\n"), NotANote),
            (format!("o\n7\n{ROOT}\n{LINE}"), NotANote),
            (format!("o\n7\n{ROOT}\n\n"), NotANote),
            (format!("o\r\n7\n{ROOT}\n\n{LINE}"), NotANote),
            (format!("o\n7\n{ROOT}\n\n{}", LINE.trim_end()), NotANote),
            (format!("\n7\n{ROOT}\n\n{LINE}"), Origin),
            (format!("7\n{ROOT}\n\n{LINE}"), Size),
            (format!("o\n{ROOT}\n\n{LINE}"), Size),
            (format!("o\n07\n{ROOT}\n\n{LINE}"), Size),
            (format!("o\n+7\n{ROOT}\n\n{LINE}"), Size),
            (format!("o\n-7\n{ROOT}\n\n{LINE}"), Size),
            (format!("o\n7 \n{ROOT}\n\n{LINE}"), Size),
            (format!("o\n18446744073709551616\n{ROOT}\n\n{LINE}"), Size),
            (format!("o\n7\n\n{LINE}"), Root),
            (format!("o\n7\nAAAA\n\n{LINE}"), Root),
            (
                format!("o\n7\n{}\n\n{LINE}", ROOT.trim_end_matches('=')),
                Root,
            ),
            (format!("o\n7\n{ROOT}\n\nx\n"), Signature),
            (
                format!("o\n7\n{ROOT}\n\n- log.example AAAAAAE=\n"),
                Signature,
            ),
            (format!("o\n7\n{ROOT}\n\n\u{2014} AAAAAAE=\n"), Signature),
            (format!("o\n7\n{ROOT}\n\n\u{2014}  AAAAAAE=\n"), Signature),
            (
                format!("o\n7\n{ROOT}\n\n\u{2014} a+b AAAAAAE=\n"),
                Signature,
            ),
            (
                format!("o\n7\n{ROOT}\n\n\u{2014} a\u{A0}b AAAAAAE=\n"),
                Signature,
            ),
            (format!("o\n7\n{ROOT}\n\n\u{2014} a AAAAAA==\n"), Signature),
            (format!("o\n7\n{ROOT}\n\n\u{2014} a AAAAAA*=\n"), Signature),
            (format!("o\n7\n{ROOT}\n\n{LINE}x\n"), Signature),
            (format!("o\n7\n{ROOT}\n\n{many}"), TooMany),
        ] {
            assert_eq!(parse(&note), Err(error), "{note:?}");
        }
    }
}
