//! The words where the key that made a signature does not vouch for it: it is a stranger's, has expired, is revoked, may not sign.

use super::context::{Context, KEY_DATA, ago, owner};
use super::told::{Fault, Told};
use crate::clock::{Moment, for_people};
use crate::engine::{Refusal, TrustedKey};
use crate::fingerprint::{Fingerprint, KeyHandle};
use crate::text::quote::visible;

/// How near its end a key counts as one that the signer may have replaced already, in seconds.
const NEAR_ITS_END: u64 = 30 * 24 * 60 * 60;

/// How many trusted keys a sentence names.
const MAX_NAMED: usize = 2;

pub(super) fn told(context: &Context<'_>, refusal: &Refusal) -> Option<Told> {
    Some(match refusal {
        Refusal::UnknownKey { issuers } => unknown(context, issuers),
        Refusal::KeyExpired {
            primary_key,
            key,
            expired,
            signed_at,
            now,
        } => {
            let signed = signed_at
                .map(|signed_at| format!(" of {}", signed_at.day()))
                .unwrap_or_default();
            let rest = if key == primary_key {
                format!("the signature{signed} is good")
            } else {
                "the key did not".to_owned()
            };
            let which = named(context, primary_key, key);
            let told = Told::new(
                Fault::Signer,
                format!("{which} expired on {}; {rest}", ago(*expired, *now)),
            );
            match successor(context, primary_key, *now) {
                Some(newer) => told.step(format!(
                    "have the image signed again with the key of {}, which is trusted here already",
                    owner(Some(newer), &newer.fingerprint)
                )),
                None => told
                    .at(place(context, primary_key))
                    .step(prolonged(context, primary_key)),
            }
        }
        Refusal::KeyRevoked {
            primary_key,
            key,
            revoked,
            reason,
        } => {
            let since = revoked
                .map(|revoked| format!(" since {revoked}"))
                .unwrap_or_default();
            let why = reason
                .as_ref()
                .map(|reason| format!(" ({})", visible(reason)))
                .unwrap_or_default();
            let which = named(context, primary_key, key);
            Told::new(Fault::Signer, format!("{which} is revoked{since}{why}"))
                .at(place(context, primary_key))
                .step("do not run the image; ask the owner which key counts now, and for a signature by it")
        }
        Refusal::KeyNotForSigning {
            primary_key,
            key,
            detail,
        } => {
            let which = named(context, primary_key, key);
            Told::new(
                Fault::Signer,
                format!("{which} made the signature, and may not sign: {detail}"),
            )
            .at(place(context, primary_key))
            .step("have the image signed by a key that may sign data")
        }
        Refusal::KeyFromTheFuture {
            primary_key,
            key,
            created,
            now,
        } => {
            let which = named(context, primary_key, key);
            let early = for_people(created.distance(*now));
            Told::new(
                Fault::Machine,
                format!("{which} was made at {created}, and here it is {now}, {early} earlier"),
            )
            .at(place(context, primary_key))
            .step("set this machine's clock; if it is right, the key's owner must look at theirs")
        }
        _ => return None,
    })
}

/// A key that the requirement does not trust: a stranger's, or the signer's new one.
fn unknown(context: &Context<'_>, issuers: &[KeyHandle]) -> Told {
    let by = match issuers.first() {
        Some(issuer) => format!("the key {}", grouped(issuer.as_str())),
        None => "a key that the signature does not name".to_owned(),
    };
    let trusted: Vec<&TrustedKey> = context.trusted().collect();
    let told = |fault, rest: String| {
        Told::new(fault, format!("signed by {by}, not trusted here; {rest}"))
            .at(signature_in(context, &files(&trusted)))
    };
    if !trusted.is_empty() && !trusted.iter().any(|key| key.can_sign()) {
        return told(Fault::Policy, format!("the trusted {} cannot sign at all", listed(&trusted)))
            .step("get the key that signs from its owner, compare the fingerprint, and put it into that file");
    }
    if let Some((latest, end)) = all_near_their_end(context, &trusted) {
        let which = match &latest.user_id {
            Some(user_id) => format!("the key of \"{}\"", visible(user_id)),
            None => format!("the key {}", latest.fingerprint.key_id()),
        };
        return told(Fault::Policy, format!("{which}, which is, {end}")).step(
            "the signer seems to have changed keys: get the new one from its owner, and compare it",
        );
    }
    let told = told(
        Fault::Image,
        format!("this requirement trusts {}", listed(&trusted)),
    );
    match context.report.requirements.len() {
        count if count > 1 && is_one_of_several_signers(context) => told.step(format!(
            "{} requirements must accept; if one key is enough, put the files into one `keyPaths`",
            if count == 2 {
                "both".to_owned()
            } else {
                format!("all {count}")
            }
        )),
        _ => told.step(
            "do not run it; if its signer has a new key, get that from the owner, and compare it",
        ),
    }
}

/// Whether more than one requirement of the scope asks for a signature, so that either may have been meant.
fn is_one_of_several_signers(context: &Context<'_>) -> bool {
    let requirements = context.report.requirements.iter();
    requirements
        .filter(|requirement| requirement.requirement.starts_with("signedBy"))
        .nth(1)
        .is_some()
}

/// The trusted key that lives longest, and when that is, if all have expired or soon will.
fn all_near_their_end<'a>(
    context: &Context<'_>,
    trusted: &[&'a TrustedKey],
) -> Option<(&'a TrustedKey, String)> {
    let now = context.judged_at()?;
    let is_near = |key: &&TrustedKey| {
        key.usable_until()
            .is_some_and(|end| end <= now || end.distance(now).as_secs() <= NEAR_ITS_END)
    };
    if !trusted.iter().all(is_near) {
        return None;
    }
    let latest = trusted.iter().max_by_key(|key| key.usable_until())?;
    Some((latest, tense(latest.usable_until()?, now)))
}

/// Another key that is trusted already, and lives on.
fn successor<'a>(
    context: &Context<'a>,
    primary_key: &Fingerprint,
    now: Moment,
) -> Option<&'a TrustedKey> {
    context.trusted().find(|other| {
        other.fingerprint != *primary_key
            && other.can_sign()
            && other.usable_until().is_none_or(|end| end > now)
    })
}

/// What to do about a key that has expired.
fn prolonged(context: &Context<'_>, primary_key: &Fingerprint) -> &'static str {
    match context.key(primary_key) {
        Some(trusted) if trusted.origin == KEY_DATA => {
            "get the key anew from its owner, and replace `keyData` in the policy"
        }
        _ => "get the key anew from its owner (a prolonged key keeps its fingerprint)",
    }
}

/// `the key of "Owner" (ID)`, or `the signing subkey ID of "Owner" (ID)`.
fn named(context: &Context<'_>, primary_key: &Fingerprint, key: &Fingerprint) -> String {
    let owner = owner(context.key(primary_key), primary_key);
    if key != primary_key {
        return format!("the signing subkey {} of {owner}", key.key_id());
    }
    match context
        .key(primary_key)
        .and_then(|key| key.user_id.as_ref())
    {
        Some(_) => format!("the key of {owner}"),
        None => format!("the key {owner}"),
    }
}

/// Where a trusted key is from, and which signature it made.
fn place(context: &Context<'_>, primary_key: &Fingerprint) -> String {
    let file = context.key(primary_key).map(|key| key.origin.as_str());
    signature_in(context, file.unwrap_or_default())
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
    match files.as_slice() {
        [first, others @ ..] if files.len() > MAX_NAMED => {
            format!("{first} and {} other files", others.len())
        }
        few => few.join(", "),
    }
}

/// These keys by their owners; of many, how many they are, and the first.
fn listed(keys: &[&TrustedKey]) -> String {
    let name = |key: &&TrustedKey| owner(Some(key), &key.fingerprint);
    match keys {
        [] => "no key at all".to_owned(),
        [first, ..] if keys.len() > MAX_NAMED => {
            format!("{} keys, such as {}", keys.len(), name(first))
        }
        few => few.iter().map(name).collect::<Vec<_>>().join(" and "),
    }
}

/// `expired on …`, `expires on …`.
fn tense(end: Moment, now: Moment) -> String {
    if end <= now {
        format!("expired on {end}")
    } else {
        format!("expires on {end}")
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
