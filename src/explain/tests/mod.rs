//! What is said of policies, to the letter.

use super::*;
use crate::image::ImageName;
use crate::json_output;
use crate::policy::{Policy, Requirement};

mod explanation;
mod lint;
mod near_misses;

fn policy(text: &str) -> Policy {
    text.parse()
        .unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn image(name: &str) -> ImageName {
    ImageName::parse(name).unwrap()
}

/// A policy whose default is `default`, and which has one scope in line 4 that demands a signature.
fn with_scope(default: &str, transport: &str, scope: &str) -> Policy {
    policy(&format!(
        r#"{{
  "default": [{{"type": "{default}"}}],
  "transports": {{"{transport}": {{
    "{scope}": [{{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/k"}}]
  }}}}
}}"#
    ))
}
