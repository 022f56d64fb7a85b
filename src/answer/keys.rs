//! The words where the keys that a requirement trusts cannot be used.

use std::path::Path;

use super::advice;
use super::context::Context;
use super::told::{Fault, Told};
use crate::engine::KeyWarning;
use crate::text::quote::visible;
use crate::verdict::Reason;

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let cause = visible(&context.reason.to_string());
    Some(match context.reason {
        Reason::NoTrustedKey { warnings } => {
            // A sentence that says what is wrong with the only key says enough.
            let cause = match warnings.as_slice() {
                [only] => visible(&only.to_string()),
                _ => cause,
            };
            Told::new(Fault::Policy, cause)
                .step("put the signer's public key there, whole, as `gpg --export` writes it")
        }
        Reason::KeyInvalid { warnings } => {
            let is_telling = |warning: &&KeyWarning| {
                warning.found().is_some() || matches!(warning, KeyWarning::NoPublicKey { .. })
            };
            let telling = warnings.iter().find(is_telling);
            // A sentence that says what the file is says enough.
            let cause = telling.map_or(cause, |warning| visible(&warning.to_string()));
            Told::new(Fault::Policy, cause).step(advice::on_key_warning(telling))
        }
        Reason::CertificateAuthorityInvalid { .. } => Told::new(Fault::Policy, cause)
            .step("put the authority's certificates there, in PEM, whole and as the authority publishes them: of Fulcio, its root, or its intermediate"),
        Reason::UnsupportedKey { .. } => Told::new(Fault::Machine, cause)
            .step("verify with an engine that supports the key, or ask the signer for a key of a well-known algorithm"),
        Reason::KeyUnreadable { path, .. } => Told::new(Fault::Machine, cause)
            .step(format!("{}; nothing is said against the image", on_path(path))),
        _ => return None,
    })
}

/// What to do about a key file that cannot be read, by what its path looks like.
fn on_path(path: &Path) -> &'static str {
    let has = |part: &str| path.iter().any(|component| component == part);
    if has("~") {
        "write the path in full: nobody expands `~` in a policy"
    } else if has("file:") {
        "write the path alone, without `file://`"
    } else if path.is_relative() {
        "correct the path (a relative one starts in the key directory, else where the program runs), or make the file readable"
    } else {
        "correct the path in the policy, or make the file readable for this program"
    }
}
