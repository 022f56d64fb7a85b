//! Finding the cause.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::kind::DigestCause;
use super::{candidates, references};
use crate::digest::Digest;
use crate::text::content::Content;
use crate::text::recognise::recognise;

/// Finds out why a manifest has another digest than some signature names, or somebody has asked for. What can be tried is
/// tried once, when it is first needed, however many digests are asked about.
pub(crate) struct Finder<'a> {
    /// None if only its digest is known.
    manifest: Option<Cow<'a, [u8]>>,
    digest: Digest,
    /// The list that names the manifest as one of its instances, if it is one, with its digest.
    list: Option<(Cow<'a, [u8]>, Digest)>,
    tried: OnceCell<Tried>,
}

/// What was tried.
struct Tried {
    /// Digests that are near, and what they would mean, the likeliest first.
    near: Vec<(String, DigestCause)>,
    /// What is to be said of all others.
    otherwise: DigestCause,
}

impl<'a> Finder<'a> {
    /// For this manifest, if its bytes are known, of this digest.
    pub(crate) fn new(
        manifest: Option<Cow<'a, [u8]>>,
        digest: Digest,
        list: Option<(Cow<'a, [u8]>, Digest)>,
    ) -> Self {
        Self {
            manifest,
            digest,
            list,
            tried: OnceCell::new(),
        }
    }

    /// The bytes of the manifest, if they are known.
    pub(crate) fn manifest(&self) -> Option<&[u8]> {
        self.manifest.as_deref()
    }

    /// Why the manifest does not have the digest `wanted`.
    pub(crate) fn cause(&self, wanted: &Digest) -> DigestCause {
        let tried = self.tried.get_or_init(|| self.try_all());
        let wanted = wanted.to_string();
        let found = tried.near.iter().find(|(digest, _)| *digest == wanted);
        found.map_or(&tried.otherwise, |(_, cause)| cause).clone()
    }

    fn try_all(&self) -> Tried {
        let mut near: Vec<(String, DigestCause)> = Vec::new();
        if let Some(manifest) = &self.manifest {
            let hashed = candidates::of_manifest(manifest).into_iter();
            near.extend(hashed.map(|(digest, cause)| (digest.to_string(), cause)));
            near.extend(references::of_manifest(manifest));
        }
        if let Some((list, digest)) = &self.list {
            near.push((digest.to_string(), DigestCause::ListSigned));
            near.extend(references::of_list(list, &self.digest));
        }
        let manifest = self.manifest.as_deref();
        Tried {
            near,
            otherwise: manifest.map_or(DigestCause::ManifestNotRead, of_noise),
        }
    }
}

/// What there is to say of bytes that are no manifest at all.
fn of_noise(manifest: &[u8]) -> DigestCause {
    let bytes = manifest.len();
    match recognise(manifest) {
        Content::Empty => return DigestCause::Empty,
        Content::HtmlPage { title } => return DigestCause::HtmlPage { title, bytes },
        Content::Gzip => {
            return DigestCause::Gzip {
                unpacked_fits: false,
            };
        }
        Content::Json | Content::Manifest | Content::ManifestList => {}
        found => return DigestCause::NotJson { found },
    }
    match serde_json::from_slice::<serde::de::IgnoredAny>(manifest) {
        Err(error) if error.is_eof() => DigestCause::Truncated { bytes },
        Err(_) => DigestCause::NotJson {
            found: Content::Text,
        },
        Ok(_) => DigestCause::Changed,
    }
}
