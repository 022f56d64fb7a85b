//! The framing of signature blobs, as image stores keep them.
//!
//! The first byte tells what a blob is: see `internal/signature` of containers/image.

use std::borrow::Cow;

use crate::sigstore::attachment::{Attachment, AttachmentError};
use crate::text::content::Content;
use crate::text::recognise::recognise;

/// The format name of a simple-signing blob: an OpenPGP message, containers-signature(5).
const SIMPLE_SIGNING: &str = "simple-signing";
/// The format name of a blob that holds a sigstore signature as JSON.
const SIGSTORE_JSON: &str = "sigstore-json";

/// A stored signature, by its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoredSignature<'a> {
    /// An OpenPGP message, without framing.
    SimpleSigning(Cow<'a, [u8]>),
    /// A sigstore signature, with everything that is stored of it.
    Sigstore(Attachment),
}

impl<'a> StoredSignature<'a> {
    /// Reads the framing of an untrusted blob, and takes it off.
    ///
    /// # Errors
    ///
    /// [`BlobError`] for an empty blob, for one that is of no known format, and for one of sigstore that cannot be read.
    /// containers/image refuses the whole image then, even beside good signatures.
    pub(crate) fn parse(untrusted_blob: Cow<'a, [u8]>) -> Result<Self, BlobError> {
        Ok(match Format::of(&untrusted_blob)? {
            Format::SimpleSigning { header } => {
                Self::SimpleSigning(without_header(untrusted_blob, header))
            }
            Format::Sigstore(attachment) => Self::Sigstore(attachment),
        })
    }
}

/// The format of a blob.
enum Format {
    /// An OpenPGP message after so many bytes of framing.
    SimpleSigning { header: usize },
    /// A sigstore signature.
    Sigstore(Attachment),
}

impl Format {
    fn of(untrusted_blob: &[u8]) -> Result<Self, BlobError> {
        let (first, rest) = untrusted_blob.split_first().ok_or(BlobError::Empty)?;
        match first {
            // A format name follows, up to a newline, then the data.
            0x00 => Self::named(rest),
            // Compressed data, in the old packet format (any length type) and the new one.
            0xA0..=0xA3 | 0xC8
            // One-pass signature. 0x3D is not a packet header, but containers/image takes it.
            | 0x90..=0x92 | 0x3D | 0xC4
            // Signature.
            | 0x88..=0x8B | 0xC2 => Ok(Self::SimpleSigning { header: 0 }),
            _ => Err(BlobError::Other {
                found: recognise(untrusted_blob),
            }),
        }
    }

    /// The format of a blob by its name, which `rest` starts with: the blob without its first byte.
    fn named(rest: &[u8]) -> Result<Self, BlobError> {
        let newline = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or(BlobError::NoFormatName)?;
        let (name, data) = rest.split_at(newline);
        let data = data.get(1..).unwrap_or_default();
        if !name.iter().all(|byte| (b' '..=b'~').contains(byte)) {
            return Err(BlobError::NoFormatName);
        }
        match String::from_utf8_lossy(name).as_ref() {
            SIMPLE_SIGNING => Ok(Self::SimpleSigning {
                // The zero byte, the name and the newline.
                header: newline.saturating_add(2),
            }),
            SIGSTORE_JSON => Ok(Self::Sigstore(Attachment::parse(data)?)),
            found => Err(BlobError::UnknownFormat {
                found: found.chars().take(64).collect(),
            }),
        }
    }
}

fn without_header(blob: Cow<'_, [u8]>, header: usize) -> Cow<'_, [u8]> {
    match blob {
        Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(header..).unwrap_or_default()),
        Cow::Owned(bytes) if header == 0 => Cow::Owned(bytes),
        Cow::Owned(bytes) => Cow::Owned(bytes.get(header..).unwrap_or_default().to_vec()),
    }
}

/// Why a stored blob is not a signature of a known format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BlobError {
    #[error("it is empty")]
    Empty,
    #[error("it is {found}, and no signed OpenPGP message in binary")]
    Other { found: Content },
    #[error("it starts with a zero byte, but no format name in printable ASCII follows")]
    NoFormatName,
    #[error("its format is `{found}`; only `simple-signing` and `sigstore-json` are known")]
    UnknownFormat { found: String },
    #[error("it is marked as `sigstore-json`, but {0}")]
    SigstoreInvalid(#[from] AttachmentError),
}

impl BlobError {
    /// What the blob is instead, if that is recognised.
    pub(crate) fn into_content(self) -> Option<Content> {
        match self {
            Self::Empty => Some(Content::Empty),
            Self::Other { found } => Some(found),
            Self::NoFormatName | Self::UnknownFormat { .. } | Self::SigstoreInvalid(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(blob: &[u8]) -> Result<StoredSignature<'_>, BlobError> {
        let parsed = StoredSignature::parse(Cow::Borrowed(blob));
        assert_eq!(parsed, StoredSignature::parse(Cow::Owned(blob.to_vec())));
        parsed
    }

    fn message(bytes: &[u8]) -> StoredSignature<'_> {
        StoredSignature::SimpleSigning(Cow::Borrowed(bytes))
    }

    #[test]
    fn openpgp_packet_headers_mean_simple_signing() {
        for first in [
            0xA0, 0xA1, 0xA2, 0xA3, 0xC8, 0x90, 0x91, 0x92, 0x3D, 0xC4, 0x88, 0x89, 0x8A, 0x8B,
            0xC2,
        ] {
            let blob = [first, 1, 2];
            assert_eq!(parse(&blob), Ok(message(&blob)));
        }
    }

    #[test]
    fn every_other_first_byte_is_an_error() {
        let known = [
            0x00, 0xA0, 0xA1, 0xA2, 0xA3, 0xC8, 0x90, 0x91, 0x92, 0x3D, 0xC4, 0x88, 0x89, 0x8A,
            0x8B, 0xC2,
        ];
        for found in (0..=u8::MAX).filter(|byte| !known.contains(byte)) {
            let blob = [found, 1, 2];
            assert!(matches!(parse(&blob), Err(BlobError::Other { .. })));
        }
        assert_eq!(parse(b""), Err(BlobError::Empty));
    }

    #[test]
    fn format_names_are_printable_and_known() {
        assert_eq!(
            parse(b"\0simple-signing\n\xA3data"),
            Ok(message(b"\xA3data"))
        );
        assert_eq!(parse(b"\0simple-signing\n"), Ok(message(b"")));
        for blob in [
            &b"\0"[..],
            b"\0simple-signing",
            b"\0simple\x01\n",
            b"\0\xC3\xA4\n",
        ] {
            assert_eq!(parse(blob), Err(BlobError::NoFormatName));
        }
        for name in ["", "Simple-Signing", "simple-signing ", "cosign"] {
            let blob = format!("\0{name}\n");
            assert_eq!(
                parse(blob.as_bytes()),
                Err(BlobError::UnknownFormat { found: name.into() })
            );
        }
    }

    #[test]
    fn a_sigstore_blob_must_decode() {
        for good in [
            r#"{"mimeType":"application/vnd","payload":"YQ==","annotations":{"a":"b"}}"#,
            "null",
            "{}",
            r#"{"mimeType":null,"payload":null,"annotations":{"a":null},"annotations":null,"x":1,"x":2}"#,
            r#"{"payload":"YR=="}"#,
        ] {
            let blob = format!("\0sigstore-json\n{good}");
            assert!(
                matches!(parse(blob.as_bytes()), Ok(StoredSignature::Sigstore(_))),
                "{good}"
            );
        }
        for bad in [
            "",
            "[]",
            r#"{"payload":"Y"}"#,
            r#"{"MIMETYPE":5}"#,
            r#"{"mimeType":5,"mimeType":"a"}"#,
            r#"{"annotations":{"a":1}}"#,
            r#"{"annotations":{"a":1,"a":"b"}}"#,
            "{\"annotation\u{17f}\":5}",
            r#"{} {}"#,
        ] {
            let blob = format!("\0sigstore-json\n{bad}");
            assert!(
                matches!(parse(blob.as_bytes()), Err(BlobError::SigstoreInvalid(_))),
                "{bad}"
            );
        }
    }
}
