//! The words where the keys that a requirement trusts cannot be used.

use super::advice;
use super::context::Context;
use super::told::{Fault, Told};
use crate::engine::KeyWarning;
use crate::text::quote::visible;
use crate::verdict::Reason;

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let cause = visible(&context.reason.to_string());
    Some(match context.reason {
        Reason::NoTrustedKey { .. } => Told::new(Fault::Policy, cause)
            .step("put the signer's public key there, as `gpg --export` or `gpg --export --armor` writes it"),
        Reason::KeyInvalid { warnings } => {
            let recognised = warnings.iter().find(|warning| warning.found().is_some());
            // A sentence that says what the file is says enough.
            let cause = recognised.map_or(cause, |warning| visible(&warning.to_string()));
            let found = recognised.and_then(KeyWarning::found);
            Told::new(Fault::Policy, cause).step(advice::on_key_file(found))
        }
        Reason::UnsupportedKey { .. } => Told::new(Fault::Machine, cause)
            .step("verify with an engine that supports the key, or ask the signer for a key of a well-known algorithm"),
        Reason::KeyUnreadable { .. } => Told::new(Fault::Machine, cause)
            .step("correct the path in the policy, or make the file readable for this program: nothing is said against the image"),
        _ => return None,
    })
}
