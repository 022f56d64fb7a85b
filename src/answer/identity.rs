//! The words where a good signature is for another name.

use super::context::{Context, ago, holder};
use super::told::{Fault, Told};
use crate::reference::Reference;
use crate::text::quote::{Quoted, visible};
use crate::verdict::{MismatchCause, Reason};

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let told = match context.reason {
        Reason::IdentityMismatch {
            signed,
            demanded,
            rule,
            cause,
        } => Mismatch {
            context,
            signed,
            demanded,
            rule,
        }
        .told(cause),
        Reason::ImageHasNoIdentity { signed, rule } => Told::new(
            Fault::Policy,
            format!(
                "the signature is for {}, and an image of this transport has no name that `{rule}` could compare it with",
                Quoted(signed)
            ),
        )
        .step(format!(
            "say in the policy which name must be signed: \"signedIdentity\": {{\"type\": \"exactReference\", \"dockerReference\": \"{}\"}}",
            visible(signed)
        )),
        _ => return None,
    };
    let signer = context
        .signature
        .and_then(|signature| signature.signer.as_ref());
    Some(match (context.reason, context.signature_name(), signer) {
        // What it would give up needs the room.
        (
            Reason::IdentityMismatch {
                cause: MismatchCause::SignedNameOnly,
                ..
            },
            ..,
        ) if context.is_about_sigstore() => told,
        // Two whole names, and the JSON that would make one the other, need the room.
        (
            Reason::IdentityMismatch {
                cause: MismatchCause::OtherRepository,
                ..
            },
            ..,
        ) => told,
        (Reason::IdentityMismatch { .. }, Some(name), Some(signer)) => {
            told.at(format!("{name}, by {}", holder(context.report, signer)))
        }
        _ => told,
    })
}

/// A reference that was signed, and another one that was demanded.
struct Mismatch<'a> {
    context: &'a Context<'a>,
    signed: &'a str,
    demanded: &'a str,
    rule: &'a str,
}

impl Mismatch<'_> {
    fn told(&self, cause: &MismatchCause) -> Told {
        let (signed, demanded) = (Quoted(self.signed), Quoted(self.demanded));
        match cause {
            _ if self.is_exact_rule() => Told::new(
                Fault::Policy,
                format!("the policy itself demands a signature for {demanded}, and this one is for {signed}"),
            )
            .step(format!(
                "correct `{}` in the policy, or have the image signed by that name",
                if self.rule == "exactReference" { "dockerReference" } else { "dockerRepository" }
            )),
            MismatchCause::OtherTagOrDigest => self.other_tag(),
            MismatchCause::OtherRepository => self.other_repository(),
            // cosign signs repositories; podman and skopeo sign tags.
            MismatchCause::SignedNameOnly if self.context.is_about_sigstore() => Told::new(
                Fault::Policy,
                format!("the signature is for the repository {signed}, as cosign signs, and `{}` compares tags", self.rule),
            )
            .step("only if any signed tag may run as any other, add \"signedIdentity\": {\"type\": \"matchRepository\"}; to protect tags, have it signed by podman or skopeo, which sign them"),
            MismatchCause::SignedNameOnly => Told::new(
                Fault::Signer,
                format!("the signature is for {signed}, without a tag, so that it says nothing of this image's"),
            )
            .step("have the image signed by its full name, with the tag (`podman push --sign-by`)"),
            MismatchCause::ImageNameOnly => Told::new(
                Fault::Request,
                format!("the signature is for {signed}, and the image was asked for without a tag or digest"),
            )
            .step("ask for the image with its tag or digest"),
            MismatchCause::SignedUnreadable { detail } => Told::new(
                Fault::Signer,
                format!("the name that was signed, {signed}, is not one of an image: {detail}"),
            )
            .step(format!("have the image signed as {demanded}")),
            MismatchCause::Unmappable { detail } => Told::new(
                Fault::Policy,
                format!("`remapIdentity` makes {demanded} of this image's name, which is not one: {detail}"),
            )
            .step("correct `prefix` and `signedPrefix` in the policy"),
        }
    }

    fn is_exact_rule(&self) -> bool {
        matches!(self.rule, "exactReference" | "exactRepository")
    }

    /// The repository is the same.
    fn other_tag(&self) -> Told {
        let asked = tag_or_digest(self.demanded);
        let signed_as = tag_or_digest(self.signed);
        if asked.starts_with('@') && !signed_as.starts_with('@') {
            return Told::new(
                Fault::Policy,
                format!(
                    "`{}` compares whole names, and a signature for {signed_as} never equals {}",
                    self.rule,
                    asked
                ),
            )
            .step("leave `signedIdentity` out there: the default compares the digest with the image itself");
        }
        if signed_as.starts_with('@') {
            return Told::new(
                Fault::Signer,
                format!(
                    "the image was asked for as {asked}, and the signature, by a trusted key, names no tag but {}",
                    signed_as
                ),
            )
            .step(format!("ask for the image by that digest, or have it signed as {asked}"));
        }
        let when = match (
            self.context
                .signature
                .and_then(|signature| signature.signed_at),
            self.context.judged_at(),
        ) {
            (Some(signed_at), Some(now)) => format!(" on {}", ago(signed_at, now)),
            // No engine was asked, by whose clock it would be judged.
            (Some(signed_at), None) => format!(" on {signed_at}"),
            _ => String::new(),
        };
        Told::new(
            Fault::Image,
            format!(
                "what came as {asked} was signed, by a trusted key, as {signed_as}{when}: the tag was moved, or an old image was put in its place"
            ),
        )
        .step(format!(
            "do not run it; ask who can push to this tag. If it was meant, have it signed as {asked}"
        ))
    }

    /// The repositories differ.
    fn other_repository(&self) -> Told {
        let (signed, demanded) = (Quoted(self.signed), Quoted(self.demanded));
        let cause = format!(
            "the signature, by a trusted key, is for {signed}, and {demanded} was asked for"
        );
        let repositories = (repository(self.signed), repository(self.demanded));
        if self.rule == "remapIdentity" {
            return Told::new(
                Fault::Policy,
                format!("{cause} (after `remapIdentity`)"),
            )
            .step("check `prefix` and `signedPrefix` there: each must end where a part of the name ends");
        }
        let (Some(signed), Some(demanded)) = repositories else {
            return Told::new(Fault::Image, cause)
                .step("do not run the image; ask for it by the name that was signed");
        };
        match differing_prefixes(&signed, &demanded) {
            Some((signed_prefix, prefix)) => Told::new(Fault::Policy, cause).step(format!(
                "only if that is a mirror of the first: add \"signedIdentity\": {{\"type\": \"remapIdentity\", \"prefix\": \"{}\", \"signedPrefix\": \"{}\"}}",
                visible(prefix), visible(signed_prefix)
            )),
            None => Told::new(Fault::Image, cause)
                .step("do not run the image; if you meant the other one, ask for it by the name that was signed"),
        }
    }
}

/// `:1.4.2` or `@sha256:…`, or nothing.
fn tag_or_digest(reference: &str) -> String {
    let Ok(reference) = Reference::parse_normalized(reference) else {
        return String::new();
    };
    match (reference.digest(), reference.tag()) {
        (Some(digest), _) => format!("@{digest}"),
        (None, Some(tag)) => format!(":{tag}"),
        (None, None) => String::new(),
    }
}

fn repository(reference: &str) -> Option<String> {
    Some(
        Reference::parse_normalized(reference)
            .ok()?
            .name()
            .to_owned(),
    )
}

/// The beginnings in which two names differ, if they end in the same components; each at least a host.
fn differing_prefixes<'a>(one: &'a str, other: &'a str) -> Option<(&'a str, &'a str)> {
    let (mut left, mut right) = (one, other);
    while let (Some((before, last)), Some((before_other, last_other))) =
        (left.rsplit_once('/'), right.rsplit_once('/'))
    {
        if last != last_other {
            break;
        }
        (left, right) = (before, before_other);
    }
    (left != one && left != right).then_some((left, right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_is_told_by_the_end_that_two_names_have_in_common() {
        for (signed, asked, prefixes) in [
            (
                "r.example/shop/web",
                "m.example/shop/web",
                Some(("r.example", "m.example")),
            ),
            (
                "r.example/web",
                "m.example/r.example/web",
                Some(("r.example", "m.example/r.example")),
            ),
            ("r.example/shop/web", "r.example/shop/api", None),
            ("r.example/web", "r.example/web", None),
        ] {
            assert_eq!(
                differing_prefixes(signed, asked),
                prefixes,
                "{signed} {asked}"
            );
        }
    }

    #[test]
    fn what_follows_the_repository_is_what_differs() {
        assert_eq!(tag_or_digest("r.example/a:1"), ":1");
        assert_eq!(tag_or_digest("r.example/a"), "");
        assert_eq!(tag_or_digest("///"), "");
        let digest = format!("r.example/a:1@sha256:{}", "0".repeat(64));
        assert!(digest.ends_with(&tag_or_digest(&digest)));
    }
}
