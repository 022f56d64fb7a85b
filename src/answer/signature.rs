//! The words where an engine refuses a signature: its mathematics, its key, its times.

use super::context::{Context, KEY_DATA, ago, owner};
use super::told::{Fault, Told};
use crate::clock::{Moment, for_people};
use crate::engine::{Refusal, TrustedKey};
use crate::fingerprint::{Fingerprint, KeyHandle};
use crate::text::quote::visible;
use crate::verdict::Reason;

/// How near its end a key counts as one that the signer may have replaced already, in seconds.
const NEAR_ITS_END: u64 = 30 * 24 * 60 * 60;

/// How many trusted keys a sentence names.
const MAX_NAMED: usize = 2;

pub(super) fn told(context: &Context<'_>) -> Told {
    match context.reason {
        Reason::Refused(refusal) => refused(context, refusal),
        other => Told::new(Fault::Image, other.to_string()),
    }
}

fn refused(context: &Context<'_>, refusal: &Refusal) -> Told {
    let cause = refusal.to_string();
    match refusal {
        Refusal::UnknownKey { issuers } => unknown_key(context, issuers),
        Refusal::KeyExpired {
            primary_key,
            key,
            expired,
            now,
            ..
        } => key_expired(context, primary_key, key, *expired, *now),
        Refusal::KeyRevoked {
            primary_key,
            key,
            revoked,
            reason,
        } => {
            let since = revoked.map(|revoked| format!(" since {revoked}")).unwrap_or_default();
            let why = reason
                .as_ref()
                .map(|reason| format!(" ({})", visible(reason)))
                .unwrap_or_default();
            let which = named(context, primary_key, key);
            Told::new(Fault::Signer, format!("{which} is revoked{since}{why}"))
                .at(place(context, primary_key))
                .step("do not run the image; ask the owner which key counts now, and for a signature by it")
        }
        Refusal::KeyNotForSigning { primary_key, key, detail } => {
            let which = named(context, primary_key, key);
            Told::new(Fault::Signer, format!("{which} made the signature, and may not sign: {detail}"))
                .at(place(context, primary_key))
                .step("have the image signed by a key that may sign data")
        }
        Refusal::SignatureExpired { key, expired, now, .. } => {
            Told::new(
                Fault::Signer,
                format!("the signature was valid until {expired}, and now it is {now}: {} too late", for_people(now.distance(*expired))),
            )
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
        Refusal::KeyFromTheFuture { primary_key, key, created, now } => {
            let which = named(context, primary_key, key);
            Told::new(
                Fault::Machine,
                format!("{which} was made at {created}, and here it is {now}, {} earlier", for_people(created.distance(*now))),
            )
            .at(place(context, primary_key))
            .step("set this machine's clock; if it is right, the key's owner must look at theirs")
        }
        Refusal::WeakAlgorithm { .. } => Told::new(Fault::Signer, cause)
            .step("have the image signed again, with SHA-256 or better and a key of a current algorithm (Ed25519, or RSA of 2048 bits or more)"),
        Refusal::BadSignature { .. } => Told::new(Fault::Image, cause)
            .step("do not run the image; fetch it and its signature again from the registry of origin"),
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
        Refusal::NotSigned | Refusal::Encrypted | Refusal::DetachedSignature => Told::new(Fault::Signer, cause)
            .step("have the image signed with `skopeo standalone-sign` or `podman push --sign-by`, which put the signed text and the signature into one message"),
        Refusal::MultipleSignatures { .. } => Told::new(Fault::Signer, cause)
            .step("store the signature of each signer as a file of its own"),
        Refusal::PayloadTooLarge { .. } => Told::new(Fault::Image, cause)
            .step("this is no signature of an image; find out who stored it"),
    }
}

fn unknown_key(context: &Context<'_>, issuers: &[KeyHandle]) -> Told {
    let by = match issuers.first() {
        Some(issuer) => format!("the key {}", grouped(issuer.as_str())),
        None => "a key that the signature does not name".to_owned(),
    };
    let trusted: Vec<&TrustedKey> = context.trusted().collect();
    let ended = context.judged_at().filter(|now| {
        !trusted.is_empty()
            && trusted
                .iter()
                .all(|key| key.expires.is_some_and(|end| is_near_end(end, *now)))
    });
    if let Some(now) = ended {
        let latest = trusted.iter().max_by_key(|key| key.expires);
        let end = latest
            .and_then(|key| Some(tense(key.expires?, now)))
            .unwrap_or_default();
        let which = latest
            .map(|key| owner(Some(key), &key.fingerprint))
            .unwrap_or_default();
        return Told::new(
            Fault::Policy,
            format!("signed by {by}, which is not trusted here; the key that is, {which}, {end}: the signer seems to have changed keys"),
        )
        .at(signature_in(context, &files(&trusted)))
        .step("get the new key from its owner, compare the fingerprint, and put it into that file, too");
    }
    let names: Vec<String> = trusted
        .iter()
        .take(MAX_NAMED)
        .map(|key| owner(Some(key), &key.fingerprint))
        .collect();
    let more = trusted.len().saturating_sub(names.len());
    let trusts = match (names.is_empty(), more) {
        (true, _) => "no key at all".to_owned(),
        (false, 0) => names.join(" and "),
        (false, more) => format!("{}, and {more} more", names.join(", ")),
    };
    Told::new(
        Fault::Image,
        format!("signed by {by}, which is not trusted here; this requirement trusts {trusts}"),
    )
    .at(signature_in(context, &files(&trusted)))
    .step("do not run it; if its signer has a new key, get that from the owner, and compare it")
}

fn key_expired(
    context: &Context<'_>,
    primary_key: &Fingerprint,
    key: &Fingerprint,
    expired: Moment,
    now: Moment,
) -> Told {
    let which = named(context, primary_key, key);
    let itself = if key == primary_key {
        "; the signature is good"
    } else {
        "; the key did not"
    };
    let successor = context.trusted().find(|other| {
        other.fingerprint != *primary_key && other.expires.is_none_or(|end| end > now)
    });
    let told = Told::new(
        Fault::Signer,
        format!("{which} expired on {}{itself}", ago(expired, now)),
    )
    .at(place(context, primary_key));
    if let Some(newer) = successor {
        let newer = owner(Some(newer), &newer.fingerprint);
        return told.step(format!("have the image signed again with the key of {newer}, which this requirement trusts already"));
    }
    let anew = "get the key anew from its owner (a prolonged key keeps its fingerprint)";
    match context.key(primary_key) {
        Some(trusted) if trusted.origin == KEY_DATA => {
            told.step(format!("{anew}, and replace `keyData` in the policy"))
        }
        _ => told.step(anew),
    }
}

/// `the key of "Owner" (ID)`, or `the signing subkey ID of "Owner" (ID)`.
fn named(context: &Context<'_>, primary_key: &Fingerprint, key: &Fingerprint) -> String {
    let owner = context.owner(primary_key);
    if key == primary_key {
        match context
            .key(primary_key)
            .and_then(|key| key.user_id.as_ref())
        {
            Some(_) => format!("the key of {owner}"),
            None => format!("the key {owner}"),
        }
    } else {
        format!("the signing subkey {} of {owner}", key.key_id())
    }
}

/// Where a trusted key is from, and which signature it made.
fn place(context: &Context<'_>, primary_key: &Fingerprint) -> String {
    let file = context
        .key(primary_key)
        .map(|key| key.origin.as_str())
        .unwrap_or_default();
    signature_in(context, file)
}

/// `signature 1, by "Owner" (ID)`: of a signature whose key is known by its fingerprint, be it a subkey's.
fn signed_by(context: &Context<'_>, key: &Fingerprint) -> String {
    let name = context
        .signature_name()
        .unwrap_or_else(|| "the signature".to_owned());
    match context
        .trusted()
        .find(|trusted| trusted.fingerprint == *key)
    {
        Some(trusted) => format!("{name}, by {}", owner(Some(trusted), &trusted.fingerprint)),
        None => format!("{name}, by the key {}", key.key_id()),
    }
}

fn signature_in(context: &Context<'_>, file: &str) -> String {
    match (context.signature_name(), file.is_empty()) {
        (Some(name), true) => name,
        (Some(name), false) => format!("{name}; keys from {}", visible(file)),
        (None, _) => visible(file),
    }
}

/// The key files that these keys are from, each once.
fn files(keys: &[&TrustedKey]) -> String {
    let mut files: Vec<&str> = Vec::new();
    for key in keys {
        if !files.contains(&key.origin.as_str()) {
            files.push(&key.origin);
        }
    }
    files.join(", ")
}

fn is_near_end(end: Moment, now: Moment) -> bool {
    end <= now || end.distance(now).as_secs() <= NEAR_ITS_END
}

/// `expired on …, 3 days ago`, `expires on …, in 12 days`.
fn tense(end: Moment, now: Moment) -> String {
    if end <= now {
        format!("expired on {}", ago(end, now))
    } else {
        format!("expires on {end}, in {}", for_people(end.distance(now)))
    }
}

/// A fingerprint in groups of four digits, which is how two are compared; a key ID as it is.
fn grouped(handle: &str) -> String {
    if handle.len() <= 16 {
        return handle.to_owned();
    }
    let digits: Vec<char> = handle.chars().collect();
    let groups: Vec<String> = digits
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}
