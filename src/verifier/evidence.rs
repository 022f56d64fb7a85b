//! What an image has to show: the list that names it, its manifest and its stored signatures.

use std::borrow::Cow;

use crate::digest::{Digest, Finder, manifest_digest};
use crate::index::list::{self, ManifestList};
use crate::simple_signing::blob::StoredSignature;
use crate::source::{MAX_SIGNATURE_COUNT, MAX_SIGNATURE_SIZE, Source, SourceError};
use crate::text::content::Content;
use crate::text::recognise::recognise;
use crate::verdict::Reason;

/// The instances of a list that [`Reason::InstanceNotInList`] repeats.
const MAX_INSTANCES_SHOWN: usize = 16;

/// What an image has to show: read once, and only when a requirement asks for a signature.
pub(super) struct Evidence<'a> {
    /// The digests, as far as they were computed.
    pub(super) digests: Digests,
    /// What there is to judge; or why no requirement for a signature accepts the image, whatever its signatures say.
    pub(super) signed: Result<Signed<'a>, Reason>,
}

/// The digests of what was read.
#[derive(Default)]
pub(super) struct Digests {
    /// Of the list that names the image as one of its instances.
    pub(super) list: Option<Digest>,
    /// Of the manifest, be it the one that was asked for or not.
    pub(super) manifest: Option<Digest>,
}

/// A manifest that is the one that was asked for, and the signatures that are stored with it.
pub(super) struct Signed<'a> {
    pub(super) manifest_digest: Digest,
    /// Why it has another digest than a signature names.
    pub(super) causes: Finder<'a>,
    /// By their formats. What is signed in them is not trusted.
    pub(super) signatures: Vec<StoredSignature<'a>>,
}

impl<'a> Evidence<'a> {
    /// Reads the manifest and the signatures, and compares the manifest with the digest that the
    /// image was asked for by, before any signature is looked at. That is the digest in its name;
    /// or, for an instance of a multi-architecture image, the one by which a list names it, and
    /// then the digest in the name is the list's.
    pub(super) fn gather(source: &'a dyn Source) -> Self {
        let mut digests = Digests::default();
        let signed = read(source, &mut digests);
        Self { digests, signed }
    }
}

fn read<'a>(source: &'a dyn Source, digests: &mut Digests) -> Result<Signed<'a>, Reason> {
    let in_name = source
        .name()
        .docker_reference()
        .and_then(|reference| reference.digest());
    let instance = source.instance();
    let mut named_by = None;
    if let Some(instance) = instance {
        let untrusted_list = read_list(source, instance)?;
        let actual = manifest_digest(&untrusted_list).map_err(|error| Reason::ListInvalid {
            detail: error.to_string(),
        })?;
        digests.list = Some(actual.clone());
        find_in_list(instance, &untrusted_list, actual.clone(), in_name)?;
        named_by = Some((untrusted_list, actual));
    }
    let manifest = source.manifest().map_err(|error| {
        unreadable(
            &error,
            |detail| Reason::ManifestInvalid { detail },
            |detail| Reason::ManifestUnreadable { detail },
        )
    })?;
    let actual = manifest_digest(&manifest).map_err(|error| Reason::ManifestInvalid {
        detail: error.to_string(),
    })?;
    digests.manifest = Some(actual.clone());
    let demanded = instance.or(in_name).filter(|demanded| **demanded != actual);
    if let Some(instance) = instance.filter(|_| demanded.is_none() && list::may_be_list(&manifest))
    {
        return Err(Reason::InstanceIsList {
            instance: instance.clone(),
        });
    }
    let causes = Finder::new(manifest, actual.clone(), named_by);
    if let Some(demanded) = demanded {
        return Err(Reason::ManifestDigestMismatch {
            cause: causes.cause(demanded).into(),
            demanded: demanded.clone(),
            actual,
        });
    }
    Ok(Signed {
        manifest_digest: actual,
        causes,
        signatures: read_signatures(source)?,
    })
}

/// The signatures by their formats. One blob of an unknown format refuses the image.
fn read_signatures(source: &dyn Source) -> Result<Vec<StoredSignature<'_>>, Reason> {
    let untrusted_signatures = source.signatures().map_err(|error| {
        unreadable(
            &error,
            |detail| Reason::SignaturesInvalid { detail },
            |detail| Reason::SignatureUnreadable { detail },
        )
    })?;
    // A source of the caller's own may have other limits than these, or none.
    if let Some(detail) = over_limit(&untrusted_signatures) {
        return Err(Reason::SignaturesInvalid { detail });
    }
    (1_usize..)
        .zip(untrusted_signatures)
        .map(|(signature, untrusted_blob)| {
            StoredSignature::parse(untrusted_blob).map_err(|error| Reason::SignatureFormatUnknown {
                signature,
                name: source.signature_name(signature),
                detail: error.to_string(),
                found: error.into_content(),
            })
        })
        .collect()
}

/// The list that names the instance. An instance without one is not believed to be any.
fn read_list<'a>(source: &'a dyn Source, instance: &Digest) -> Result<Cow<'a, [u8]>, Reason> {
    let untrusted_list = source.list().map_err(|error| {
        unreadable(
            &error,
            |detail| Reason::ListInvalid { detail },
            |detail| Reason::ListUnreadable { detail },
        )
    })?;
    untrusted_list.ok_or_else(|| Reason::ListMissing {
        instance: instance.clone(),
    })
}

/// Compares the list of a multi-architecture image, whose digest is `actual`, with the digest in the image's name, and
/// looks the instance up in it. What the source says of the instance is not believed.
fn find_in_list(
    instance: &Digest,
    untrusted_list: &[u8],
    actual: Digest,
    in_name: Option<&Digest>,
) -> Result<(), Reason> {
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
        return Ok(());
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
    error: &SourceError,
    wrong: impl FnOnce(String) -> Reason,
    unknown: impl FnOnce(String) -> Reason,
) -> Reason {
    let detail = error.detail();
    if error.is_about_content() {
        wrong(detail)
    } else {
        unknown(detail)
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
