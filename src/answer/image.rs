//! The words where the image's manifest, its list or what is stored as its signatures is not as it must be.

use super::advice;
use super::context::Context;
use super::told::{Fault, Told};
use crate::digest::DigestCause;
use crate::text::quote::visible;
use crate::verdict::{Reason, SignatureFormat};

/// What is said where something could not be read.
const NOTHING_AGAINST: &str = "check its path, make it readable for this program, try again: nothing is said against the image";

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let reason = context.reason;
    let cause = visible(&reason.to_string());
    Some(match reason {
        Reason::ListUnreadable { .. }
        | Reason::ManifestUnreadable { .. }
        | Reason::SignatureUnreadable { .. } => {
            Told::new(Fault::Machine, cause).step(NOTHING_AGAINST)
        }
        Reason::DigestNotComparable { .. } => Told::new(Fault::Machine, cause)
            .step("pass the manifest's bytes, or their SHA-256 digest"),
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
        Reason::ManifestDigestMismatch { demanded, actual, cause } => Told::new(
            Fault::Image,
            format!("not the manifest that was asked for: {cause}"),
        )
        .at(format!("asked for {demanded}, came {actual}"))
        .step(advice::on_demanded_digest(cause)),
        Reason::SignaturesInvalid { .. } => Told::new(Fault::Image, cause)
            .step("find out who stored these signatures, and remove what does not belong there"),
        Reason::SignatureFormatUnknown { found, .. } => {
            Told::new(Fault::Image, cause).step(advice::on_signature(found.as_ref()))
        }
        Reason::DigestMismatch { signed, actual, cause } => {
            let when = context
                .signature
                .and_then(|signature| signature.signed_at)
                .map(|signed_at| format!(" of {signed_at}"))
                .unwrap_or_default();
            let name = context.signature_name().unwrap_or_else(|| "the signature".to_owned());
            // Beside others, their count is told there.
            let is_alone = context.requirement.is_some_and(|requirement| requirement.signatures.len() == 1);
            let came = if is_alone { format!(", came {actual}") } else { String::new() };
            Told::new(at_fault(cause), format!("a good signature{when}, but not for what came: {cause}"))
                .at(format!("{name}, for {signed}{came}"))
                .step(cause.remedy())
        }
        Reason::PayloadInvalid { .. } if context.is_about_sigstore() => Told::new(Fault::Signer, cause)
            .step("have the image signed with `cosign sign` or `podman push --sign-by-sigstore-private-key`; what the key has signed is no signature of an image"),
        Reason::PayloadInvalid { .. } => Told::new(Fault::Signer, cause)
            .step("have the image signed with `podman push --sign-by` or `skopeo standalone-sign`, which write what containers-signature(5) describes"),
        Reason::NoSignature { required: SignatureFormat::Sigstore, skipped, sigstore, .. } => {
            unsigned_by_sigstore(cause, *skipped, *sigstore)
        }
        Reason::NoSignature { sigstore: 1.., .. } if cfg!(feature = "sigstore") => Told::new(Fault::Policy, cause)
            .step("the publisher uses cosign: write a requirement `sigstoreSigned` with the publisher's public key, or have the image signed by OpenPGP as well (`podman push --sign-by`)"),
        Reason::NoSignature { sigstore: 1.., .. } => Told::new(Fault::Policy, cause)
            .step("the publisher uses cosign: have the image signed by OpenPGP as well (`podman push --sign-by`), or judge it with a program that checks `sigstoreSigned`"),
        Reason::NoSignature { .. } => Told::new(Fault::Image, cause)
            .step("have the image signed (`podman push --sign-by`), or check that its signatures are looked for where they are"),
        Reason::SignatureTooOld { .. } => Told::new(Fault::Image, cause)
            .step("find out whether there is a newer image; if this one is still right, have it signed again"),
        Reason::RolledBack { .. } => Told::new(Fault::Image, cause)
            .step("do not run it; ask whether it was put back on purpose, and then have it signed again"),
        _ => return None,
    })
}

/// What to do where a signature of sigstore is required, and none is there.
fn unsigned_by_sigstore(cause: String, skipped: usize, sigstore: usize) -> Told {
    match (skipped, sigstore) {
        (1.., 0) => Told::new(Fault::Policy, cause)
            .step("the publisher signs by OpenPGP: write a requirement `signedBy` with the publisher's key, or have the image signed with `cosign sign --key` as well"),
        (_, 1..) => Told::new(Fault::Signer, cause)
            .step("have the image itself signed (`cosign sign --new-bundle-format=false`): attestations are no signatures for a policy"),
        _ => Told::new(Fault::Image, cause)
            .step("have the image signed (`cosign sign --key`, `podman push --sign-by-sigstore-private-key`), or check that its signatures are looked for where they are: with podman, `use-sigstore-attachments` in registries.d"),
    }
}

/// Who can mend that a good signature is for another digest.
fn at_fault(cause: &DigestCause) -> Fault {
    match cause {
        DigestCause::OtherAlgorithm { .. }
        | DigestCause::Schema1Signatures
        | DigestCause::ImageIdSigned
        | DigestCause::LayerSigned { .. }
        | DigestCause::SubjectSigned
        | DigestCause::ListSigned => Fault::Signer,
        DigestCause::Gzip { .. } | DigestCause::HtmlPage { .. } => Fault::Machine,
        _ => Fault::Image,
    }
}
