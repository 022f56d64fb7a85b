//! What an image has to show: the list that names it, its manifest and its stored signatures.

use std::borrow::Cow;

use once_cell::unsync::OnceCell;

use crate::digest::{Algorithm, Digest, Finder, manifest_digest};
use crate::index::list::{self, ManifestList};
use crate::simple_signing::blob::StoredSignature;
use crate::source::{MAX_SIGNATURE_COUNT, MAX_SIGNATURE_SIZE, Source, SourceError};
use crate::text::content::Content;
use crate::text::recognise::recognise;
use crate::verdict::Reason;

/// The instances of a list that [`Reason::InstanceNotInList`] repeats.
const MAX_INSTANCES_SHOWN: usize = 16;

/// What an image has to show: read once, and only when a requirement asks for it.
pub(super) struct Evidence<'a> {
    source: &'a dyn Source,
    pub(super) manifest: Manifest<'a>,
    signatures: OnceCell<Vec<StoredSignature<'a>>>,
}

/// The digests of what was read.
#[derive(Default)]
pub(super) struct Digests {
    /// Of the list that names the image as one of its instances.
    pub(super) list: Option<Digest>,
    /// Of the manifest, be it the one that was asked for or not.
    pub(super) manifest: Option<Digest>,
    /// Whether that is the caller's word.
    pub(super) is_given: bool,
}

/// A manifest that is the one that was asked for.
pub(super) struct Manifest<'a> {
    pub(super) digest: Digest,
    /// Why it has another digest than somebody names.
    pub(super) causes: Finder<'a>,
}

/// A manifest that is the one that was asked for, and the signatures that are stored with it.
#[derive(Clone, Copy)]
pub(super) struct Signed<'a> {
    pub(super) manifest: &'a Manifest<'a>,
    /// By their formats. What is signed in them is not trusted.
    pub(super) signatures: &'a [StoredSignature<'a>],
}

/// Why no requirement for a signature accepts an image, whatever its signatures say.
pub(super) struct Unproven {
    pub(super) reason: Box<Reason>,
    /// What the source said, if that is why nobody knows.
    pub(super) unavailable: Option<SourceError>,
}

impl From<Reason> for Unproven {
    fn from(reason: Reason) -> Self {
        Self {
            reason: Box::new(reason),
            unavailable: None,
        }
    }
}

impl<'a> Evidence<'a> {
    /// Reads the manifest, and compares it with the digest that the image was asked for by, before any signature is
    /// looked at. That is the digest in its name; or, for an instance of a multi-architecture image, the one by which a
    /// list names it, and then the digest in the name is the list's.
    pub(super) fn gather(source: &'a dyn Source, digests: &mut Digests) -> Result<Self, Unproven> {
        Ok(Self {
            source,
            manifest: read_manifest(source, digests)?,
            signatures: OnceCell::new(),
        })
    }

    /// The manifest with the signatures, which are read now if it is the first time.
    pub(super) fn signed(&self) -> Result<Signed<'_>, Unproven> {
        let signatures = self
            .signatures
            .get_or_try_init(|| read_signatures(self.source))?;
        Ok(Signed {
            manifest: &self.manifest,
            signatures,
        })
    }
}

fn read_manifest<'a>(
    source: &'a dyn Source,
    digests: &mut Digests,
) -> Result<Manifest<'a>, Unproven> {
    let in_name = source
        .name()
        .docker_reference()
        .and_then(|reference| reference.digest());
    let instance = source.instance();
    let (mut named_by, mut is_called_list) = (None, false);
    if let Some(instance) = instance {
        let untrusted_list = read_list(source, instance)?;
        let actual = manifest_digest(&untrusted_list).map_err(|error| Reason::ListInvalid {
            detail: error.to_string(),
        })?;
        digests.list = Some(actual.clone());
        let list = find_in_list(instance, &untrusted_list, actual.clone(), in_name)?;
        is_called_list = list.calls_a_list(instance);
        named_by = Some((untrusted_list, actual));
    }
    let (bytes, actual) = match source.manifest_digest() {
        Some(given) => (None, believed(given)?),
        None => {
            let bytes = source.manifest().map_err(|error| {
                unreadable(
                    error,
                    |detail| Reason::ManifestInvalid { detail },
                    |detail| Reason::ManifestUnreadable { detail },
                )
            })?;
            let digest = manifest_digest(&bytes).map_err(|error| Reason::ManifestInvalid {
                detail: error.to_string(),
            })?;
            (Some(bytes), digest)
        }
    };
    digests.manifest = Some(actual.clone());
    digests.is_given = bytes.is_none();
    let demanded = instance.or(in_name).filter(|demanded| **demanded != actual);
    if let Some(instance) = instance.filter(|_| demanded.is_none()) {
        // Without its bytes, there is what the list says of it.
        if bytes.as_deref().map_or(is_called_list, list::may_be_list) {
            let instance = instance.clone();
            return Err(Reason::InstanceIsList { instance }.into());
        }
    }
    let causes = Finder::new(bytes, actual.clone(), named_by);
    if let Some(demanded) = demanded {
        let cause = causes.cause(demanded).into();
        return Err(Reason::ManifestDigestMismatch {
            cause,
            demanded: demanded.clone(),
            actual,
        }
        .into());
    }
    Ok(Manifest {
        digest: actual,
        causes,
    })
}

/// A digest that the caller vouches for, if it is one that signatures name: else nobody could tell whether they are for
/// the same manifest.
fn believed(given: &Digest) -> Result<Digest, Unproven> {
    if given.algorithm() == Algorithm::Sha256 {
        return Ok(given.clone());
    }
    Err(Reason::DigestNotComparable {
        given: given.clone(),
    }
    .into())
}

/// The signatures by their formats. One blob of an unknown format refuses the image.
fn read_signatures(source: &dyn Source) -> Result<Vec<StoredSignature<'_>>, Unproven> {
    let untrusted_signatures = source.signatures().map_err(|error| {
        unreadable(
            error,
            |detail| Reason::SignaturesInvalid { detail },
            |detail| Reason::SignatureUnreadable { detail },
        )
    })?;
    // A source of the caller's own may have other limits than these, or none.
    if let Some(detail) = over_limit(&untrusted_signatures) {
        return Err(Reason::SignaturesInvalid { detail }.into());
    }
    (1_usize..)
        .zip(untrusted_signatures)
        .map(|(signature, untrusted_blob)| {
            StoredSignature::parse(untrusted_blob).map_err(|error| {
                Unproven::from(Reason::SignatureFormatUnknown {
                    signature,
                    name: source.signature_name(signature),
                    detail: error.to_string(),
                    found: error.into_content(),
                })
            })
        })
        .collect()
}

/// The list that names the instance. An instance without one is not believed to be any.
fn read_list<'a>(source: &'a dyn Source, instance: &Digest) -> Result<Cow<'a, [u8]>, Unproven> {
    let untrusted_list = source.list().map_err(|error| {
        unreadable(
            error,
            |detail| Reason::ListInvalid { detail },
            |detail| Reason::ListUnreadable { detail },
        )
    })?;
    untrusted_list.ok_or_else(|| {
        Unproven::from(Reason::ListMissing {
            instance: instance.clone(),
        })
    })
}

/// Compares the list of a multi-architecture image, whose digest is `actual`, with the digest in the image's name, and
/// looks the instance up in it. What the source says of the instance is not believed.
fn find_in_list(
    instance: &Digest,
    untrusted_list: &[u8],
    actual: Digest,
    in_name: Option<&Digest>,
) -> Result<ManifestList, Reason> {
    if let Some(demanded) = in_name.filter(|demanded| **demanded != actual) {
        return Err(Reason::ListDigestMismatch {
            demanded: demanded.clone(),
            actual,
        });
    }
    let list = ManifestList::parse(untrusted_list).map_err(|error| Reason::ListInvalid {
        detail: match recognise(untrusted_list) {
            Content::Json | Content::Manifest | Content::ManifestList => error.to_string(),
            other => format!("it is {other}"),
        },
    })?;
    if list.names(instance) {
        return Ok(list);
    }
    let named = list.untrusted_digests();
    Err(Reason::InstanceNotInList {
        instance: instance.clone(),
        list: actual,
        named: named.iter().take(MAX_INSTANCES_SHOWN).cloned().collect(),
        others: named.len().saturating_sub(MAX_INSTANCES_SHOWN),
    })
}

/// Why something of the image cannot be had: what is there is wrong, or nobody knows what is there.
fn unreadable(
    error: SourceError,
    wrong: impl FnOnce(String) -> Reason,
    unknown: impl FnOnce(String) -> Reason,
) -> Unproven {
    let detail = error.detail();
    if error.is_about_content() {
        return wrong(detail).into();
    }
    Unproven {
        reason: Box::new(unknown(detail)),
        // What this release cannot read is there, and will not be another the next time.
        unavailable: (!matches!(error, SourceError::VersionUnknown { .. })).then_some(error),
    }
}

fn over_limit(untrusted_signatures: &[Cow<'_, [u8]>]) -> Option<String> {
    let count = untrusted_signatures.len();
    if count > MAX_SIGNATURE_COUNT {
        return Some(format!(
            "there are {count} signatures, but at most {MAX_SIGNATURE_COUNT} are read"
        ));
    }
    (1_usize..)
        .zip(untrusted_signatures)
        .find(|(_, blob)| blob.len() > MAX_SIGNATURE_SIZE)
        .map(|(number, _)| format!("signature {number} is larger than {MAX_SIGNATURE_SIZE} bytes"))
}
