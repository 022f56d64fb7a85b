//! The words where the image's manifest, its list or what is stored as its signatures is not as it must be.

use super::context::Context;
use super::told::{Fault, Told};
use crate::text::quote::visible;
use crate::verdict::Reason;

/// What is said where something could not be read.
const NOTHING_AGAINST: &str =
    "make it readable for this program, and try again: nothing is said against the image";

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let reason = context.reason;
    let cause = visible(&reason.to_string());
    Some(match reason {
        Reason::ListUnreadable { .. }
        | Reason::ManifestUnreadable { .. }
        | Reason::SignatureUnreadable { .. } => {
            Told::new(Fault::Machine, cause).step(NOTHING_AGAINST)
        }
        Reason::ListMissing { .. } => Told::new(Fault::Machine, cause)
            .step("pass the list together with the instance: whoever chose the instance has read it"),
        Reason::ListInvalid { .. } | Reason::ManifestInvalid { .. } => Told::new(Fault::Image, cause)
            .step("do not run the image; fetch it again, and if it stays the same, ask whoever published it"),
        Reason::ListDigestMismatch { demanded, actual } => Told::new(
            Fault::Image,
            format!(
                "the list that came is {}, and {} was asked for: it was changed, or another one is served",
                actual,
                demanded
            ),
        )
        .step("do not run the image; fetch the list again by that digest, from the registry of origin"),
        Reason::InstanceNotInList { .. } => Told::new(Fault::Image, cause)
        .step("do not run the image; choose one of the instances that the list names"),
        Reason::InstanceIsList { instance } => Told::new(
            Fault::Image,
            format!("the instance {} is no image, but another list of instances", instance),
        )
        .step("choose one of the inner list's instances, and name the image by the inner list"),
        Reason::ManifestDigestMismatch { demanded, actual } => Told::new(
            Fault::Image,
            format!(
                "the manifest that came is {}, and {} was asked for",
                actual,
                demanded
            ),
        )
        .step("do not run the image; fetch it again by that digest, from the registry of origin"),
        Reason::SignaturesInvalid { .. } => Told::new(Fault::Image, cause)
            .step("find out who stored these signatures, and remove what does not belong there"),
        Reason::SignatureFormatUnknown { .. } => Told::new(Fault::Image, cause).step(
            "find out who stored it and remove it: one file that is no signature of an image refuses the image, even beside good ones",
        ),
        Reason::DigestMismatch { signed, actual } => Told::new(
            Fault::Image,
            format!(
                "the signature is good, and for the manifest {}; but {} came",
                signed,
                actual
            ),
        )
        .step("do not run the image; compare it with the registry of origin"),
        Reason::PayloadInvalid { .. } => Told::new(Fault::Signer, cause)
            .step("have the image signed with `podman push --sign-by` or `skopeo standalone-sign`, which write what containers-signature(5) describes"),
        Reason::NoSignature { .. } => Told::new(Fault::Image, cause)
            .step("have the image signed (`podman push --sign-by`), or check that its signatures are looked for where they are"),
        _ => return None,
    })
}
