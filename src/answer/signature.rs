//! The words where an engine refuses a signature for its form, its mathematics or its times.

use super::context::{Context, owner};
use super::signing_key;
use super::told::{Fault, Told};
use crate::clock::for_people;
use crate::engine::Refusal;
use crate::fingerprint::Fingerprint;
use crate::text::quote::visible;
use crate::verdict::Reason;

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let Reason::Refused(refusal) = context.reason else {
        return None;
    };
    Some(signing_key::told(context, refusal).unwrap_or_else(|| refused(context, refusal)))
}

fn refused(context: &Context<'_>, refusal: &Refusal) -> Told {
    let cause = visible(&refusal.to_string());
    match refusal {
        Refusal::SignatureExpired {
            key,
            created,
            expired,
            now,
        } => {
            let late = for_people(now.distance(*expired));
            let window = match created {
                Some(created) => {
                    let length = for_people(expired.distance(*created));
                    format!("valid for {length}, {created} to {expired}")
                }
                None => format!("the signature was valid until {expired}"),
            };
            Told::new(Fault::Signer, format!("{window}; now it is {now}: {late} too late"))
                .at(signed_by(context, key))
                .step("have the image signed again, or for longer (the signer's `--default-sig-expire`)")
        }
        Refusal::SignatureFromTheFuture { key, created, now } => {
            let early = for_people(created.distance(*now));
            Told::new(
                Fault::Machine,
                format!("the signature is valid from {created}, and now it is {now}: {early} too early"),
            )
            .at(signed_by(context, key))
            .step(format!("compare both clocks (`date -u`); if the signer's is ahead, wait {early}"))
        }
        // The clock of whoever signed, or another key by the same name: fetched again, it is the same.
        Refusal::BadSignature {
            key_created: Some(_),
            ..
        } => Told::new(Fault::Signer, cause)
            .step("have the image signed again by a machine whose clock is right"),
        Refusal::WeakAlgorithm { .. } => Told::new(Fault::Signer, cause)
            .step("have the image signed again, with SHA-256 or better and a key of a current algorithm (Ed25519, or RSA of 2048 bits or more)"),
        Refusal::UnsupportedSignature { supported_by, .. } => Told::new(Fault::Machine, cause).step(
            match supported_by.first() {
                Some(engine) if engine.is_compiled_in() => {
                    format!("verify with the engine {engine}, which this program has")
                }
                Some(engine) => format!("use a program with the engine {engine} (feature `{}`)", engine.feature()),
                None => "have the image signed with a well-known algorithm".to_owned(),
            },
        ),
        Refusal::MalformedSignature { .. } => Told::new(Fault::Image, cause)
            .step("fetch the signature again; if it stays the same, ask the signer for a new one"),
        Refusal::Encrypted => Told::new(Fault::Signer, cause)
            .step("ask the signer for a signature that is not encrypted"),
        Refusal::NotSigned | Refusal::DetachedSignature => Told::new(Fault::Signer, cause)
            .step("have the image signed with `skopeo standalone-sign` or `podman push --sign-by`, which put the signed text and the signature into one message"),
        Refusal::MultipleSignatures { .. } => Told::new(Fault::Signer, cause)
            .step("store the signature of each signer as a file of its own"),
        Refusal::PayloadTooLarge { .. } => Told::new(Fault::Image, cause)
            .step("this is no signature of an image; find out who stored it"),
        _ => Told::new(Fault::Image, cause)
            .step("do not run the image; fetch it and its signature again from the registry of origin"),
    }
}

/// `signature 1, by "Owner" (ID)`: of a signature whose key is known by its fingerprint, be it a subkey's.
fn signed_by(context: &Context<'_>, key: &Fingerprint) -> String {
    let name = context
        .signature_name()
        .unwrap_or_else(|| "the signature".to_owned());
    let signer = context
        .trusted()
        .find(|trusted| trusted.fingerprint == *key || trusted.signing_key(key).is_some());
    match signer {
        Some(signer) => format!("{name}, by {}", owner(Some(signer), &signer.fingerprint)),
        None => format!("{name}, by the key {}", key.key_id()),
    }
}
