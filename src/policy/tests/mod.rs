#![allow(clippy::string_slice)]

use super::*;

mod accepted;
mod code;
mod files;
mod members;
mod messages;
#[cfg(all(unix, not(target_os = "freebsd")))]
mod places;
mod scopes;
mod situations;
mod spans;

/// A policy with one requirement.
fn with_requirement(requirement: &str) -> String {
    format!(r#"{{"default": [{requirement}]}}"#)
}

/// A policy whose one requirement has this signed identity.
fn with_identity(identity: &str) -> String {
    with_requirement(&format!(
        r#"{{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "k", "signedIdentity": {identity}}}"#
    ))
}

fn read(text: &str) -> Policy {
    text.parse()
        .unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn read_requirement(requirement: &str) -> Requirement {
    read(&with_requirement(requirement))
        .default_requirements()
        .as_slice()[0]
        .clone()
}

fn read_identity(identity: &str) -> SignedIdentity {
    match read(&with_identity(identity))
        .default_requirements()
        .as_slice()
    {
        [Requirement::SignedBy(signed_by)] => signed_by.signed_identity().clone(),
        other => panic!("{other:?}"),
    }
}

fn read_error(text: &str) -> PolicyError {
    match text.parse::<Policy>() {
        Ok(_) => panic!("this should not read: {text}"),
        Err(error) => error,
    }
}

/// The message without its place.
fn problem(text: &str) -> String {
    read_error(text).kind().to_string()
}

fn signed_by(keys: KeySource) -> Requirement {
    SignedBy::new(KeyType::GpgKeys, keys, SignedIdentity::default())
        .unwrap()
        .into()
}
