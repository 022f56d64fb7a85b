//! What an image needs before anything of it is fetched.

mod foreign;

pub(crate) use self::foreign::ForeignOutcome;
pub use self::foreign::{ForeignRequirement, ForeignVerdict};
use crate::image::ImageName;
use crate::policy::{
    AppliedRequirements, KeyType, MatchedScope, Policy, Requirement, Requirements, SigstoreSigned,
    SigstoreTrust,
};

/// What a policy asks of an image, known by its name alone: nothing was read or fetched for it.
///
/// It tells what to fetch: the manifest and the signatures, if any; the key files; and the requirements that this crate
/// does not judge, whose verdict somebody else has to give. It promises nothing: only
/// [`Verifier::verify_with`](crate::Verifier::verify_with) decides, and refuses what is missing then.
///
/// ```
/// use containers_sigpolicy::{ImageName, Policy};
///
/// let policy: Policy = r#"{
///     "default": [{"type": "reject"}],
///     "transports": {"docker": {"registry.example": [
///         {"type": "signedBy", "keyType": "GPGKeys", "keyPath": "kbs:///default/gpg/release"},
///         {"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchRepository"}}
///     ]}}
/// }"#.parse()?;
/// let plan = policy.plan(&ImageName::parse("docker://registry.example/app:1")?);
/// assert!(plan.needs_manifest() && plan.needs_signatures());
/// assert_eq!(plan.key_paths().collect::<Vec<_>>(), ["kbs:///default/gpg/release"]);
/// let foreign: Vec<_> = plan.foreign().collect();
/// assert_eq!(foreign[0].requirement().type_name(), "signedBaseLayer");
///
/// // Nothing has to be fetched to refuse this one.
/// assert!(policy.plan(&ImageName::parse("docker://elsewhere.example/app")?).is_refused());
/// # Ok::<(), containers_sigpolicy::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Plan<'policy> {
    image: ImageName,
    applied: AppliedRequirements<'policy>,
}

impl Policy {
    /// What the policy asks of an image of this name.
    pub fn plan(&self, image: &ImageName) -> Plan<'_> {
        Plan {
            image: image.clone(),
            applied: self.requirements_for(image),
        }
    }
}

impl<'policy> Plan<'policy> {
    /// The image's name.
    #[must_use]
    pub fn image(&self) -> &ImageName {
        &self.image
    }

    /// Which entry of the policy applies.
    #[must_use]
    pub fn scope(&self) -> &MatchedScope {
        self.applied.scope()
    }

    /// Its requirements, all of which the image must meet.
    #[must_use]
    pub fn requirements(&self) -> &'policy Requirements {
        self.applied.requirements()
    }

    /// Whether every image of this name is refused, whatever is fetched for it: a requirement is `reject`. Then nothing
    /// is needed.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let mut requirements = self.requirements().iter();
        requirements.any(|requirement| matches!(requirement, Requirement::Reject))
    }

    /// Whether the image is accepted without anything being verified: every requirement is `insecureAcceptAnything`.
    /// [`VerifierBuilder::require_signed`](crate::VerifierBuilder::require_signed) refuses it all the same.
    #[must_use]
    pub fn accepts_anything(&self) -> bool {
        self.requirements().accept_anything()
    }

    /// Whether the manifest is needed, or at least its digest: unless every image is refused, or accepted without a look.
    #[must_use]
    pub fn needs_manifest(&self) -> bool {
        !self.is_refused() && !self.accepts_anything()
    }

    /// Whether the image's simple-signing signatures are needed. Those of sigstore are elsewhere: they are needed if
    /// there is one of [`sigstore_signed`](Self::sigstore_signed), and for whoever judges the [foreign](Self::foreign)
    /// requirements.
    #[must_use]
    pub fn needs_signatures(&self) -> bool {
        let mut judged = self.judged();
        judged.any(|requirement| matches!(requirement, Requirement::SignedBy(_)))
    }

    /// The requirements for signatures of sigstore that this crate judges (feature `sigstore`), in their order; none if
    /// every image is refused. If there is one, the image's sigstore signatures are needed: the layers of the image with the
    /// tag `sha256-….sig`, each with its annotations ([`Image::with_attachment`](crate::Image::with_attachment)), or the blobs
    /// of a store.
    pub fn sigstore_signed(&self) -> impl Iterator<Item = &'policy SigstoreSigned> + '_ {
        self.judged().filter_map(|requirement| match requirement {
            Requirement::SigstoreSigned(sigstore) => Some(sigstore),
            _ => None,
        })
    }

    /// The key files that are needed, those of Rekor logs too, each once, by their paths as in the policy; none if every
    /// image is refused. [`KeyLoader`](crate::KeyLoader) is asked for these.
    pub fn key_paths(&self) -> impl Iterator<Item = &'policy str> {
        let mut paths: Vec<&str> = Vec::new();
        for path in self.judged().flat_map(key_paths) {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths.into_iter()
    }

    /// The requirements that this crate does not judge, in their order; none if every image is refused. Each one refuses
    /// the image unless a verdict for it is passed with
    /// [`VerifyOptions::foreign_verdict`](crate::VerifyOptions::foreign_verdict).
    pub fn foreign(&self) -> impl Iterator<Item = ForeignRequirement<'policy>> + '_ {
        let is_refused = self.is_refused();
        (1_usize..)
            .zip(self.requirements())
            .filter(move |(_, requirement)| !is_refused && foreign_kind(requirement).is_some())
            .map(|(number, requirement)| {
                ForeignRequirement::new(self.image.clone(), number, requirement)
            })
    }

    /// The requirements for signatures that this crate judges; none if every image is refused.
    fn judged(&self) -> impl Iterator<Item = &'policy Requirement> + use<'policy> {
        let is_refused = self.is_refused();
        self.requirements()
            .iter()
            .filter(move |requirement| !is_refused && foreign_kind(requirement).is_none())
    }
}

/// The files of what a requirement trusts, in the order in which they are read.
fn key_paths(requirement: &Requirement) -> impl Iterator<Item = &str> {
    let (keys, others): (&[String], &[String]) = match requirement {
        Requirement::SignedBy(signed_by) => (signed_by.keys().paths(), &[]),
        Requirement::SigstoreSigned(sigstore) => match sigstore.trust() {
            SigstoreTrust::Keys { keys, rekor } => (
                keys.paths(),
                rekor.as_ref().map_or(&[], |logs| logs.paths()),
            ),
            SigstoreTrust::Fulcio { fulcio, rekor } => (fulcio.ca().paths(), rekor.paths()),
            SigstoreTrust::Pki(pki) => (
                pki.ca_roots().paths(),
                pki.ca_intermediates()
                    .map_or(&[], |between| between.paths()),
            ),
        },
        _ => (&[], &[]),
    };
    keys.iter().chain(others).map(String::as_str)
}

/// The type of a requirement, with its back quotes, if this crate does not judge it.
pub(crate) fn foreign_kind(requirement: &Requirement) -> Option<String> {
    match requirement {
        Requirement::InsecureAcceptAnything | Requirement::Reject => None,
        Requirement::SignedBy(signed_by) => match signed_by.key_type() {
            KeyType::GpgKeys => None,
            other => Some(format!("`signedBy` with the keyType `{}`", other.name())),
        },
        Requirement::SigstoreSigned(_) if cfg!(feature = "sigstore") => None,
        Requirement::SigstoreSigned(_) | Requirement::SignedBaseLayer(_) => {
            Some(format!("`{}`", requirement.type_name()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(requirements: &str) -> Policy {
        format!(
            r#"{{"default": [{{"type": "reject"}}], "transports": {{"docker": {{"r.example": [{requirements}]}}}}}}"#
        )
        .parse()
        .unwrap()
    }

    fn image() -> ImageName {
        ImageName::parse("docker://r.example/app:1").unwrap()
    }

    const SIGNED_BY: &str =
        r#"{"type": "signedBy", "keyType": "GPGKeys", "keyPaths": ["a", "b", "a"]}"#;
    const SAME_KEY: &str = r#"{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "b"}"#;
    const DATA: &str = r#"{"type": "signedBy", "keyType": "GPGKeys", "keyData": "AA=="}"#;
    const OTHER_KEYS: &str =
        r#"{"type": "signedBy", "keyType": "X509Certificates", "keyPath": "x"}"#;
    const BASE_LAYER: &str =
        r#"{"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchExact"}}"#;
    const SIGSTORE: &str =
        r#"{"type": "sigstoreSigned", "keyPath": "c", "rekorPublicKeyPaths": ["r", "b"]}"#;
    const REJECT: &str = r#"{"type": "reject"}"#;
    const ANYTHING: &str = r#"{"type": "insecureAcceptAnything"}"#;

    /// What has to be fetched for a list of requirements: manifest, signatures, key files, foreign verdicts.
    fn needs(requirements: &[&str]) -> (bool, bool, Vec<String>, Vec<usize>) {
        let policy = policy(&requirements.join(","));
        let plan = policy.plan(&image());
        (
            plan.needs_manifest(),
            plan.needs_signatures(),
            plan.key_paths().map(str::to_owned).collect(),
            plan.foreign().map(|foreign| foreign.number()).collect(),
        )
    }

    fn paths(paths: &[&str]) -> Vec<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn a_plan_names_what_is_needed_and_no_more() {
        assert_eq!(needs(&[ANYTHING]), (false, false, vec![], vec![]));
        assert_eq!(needs(&[REJECT]), (false, false, vec![], vec![]));
        assert_eq!(
            needs(&[SIGNED_BY, SAME_KEY, DATA]),
            (true, true, paths(&["a", "b"]), vec![])
        );
        assert_eq!(needs(&[DATA]), (true, true, vec![], vec![]));
        assert_eq!(
            needs(&[BASE_LAYER, SAME_KEY, OTHER_KEYS]),
            (true, true, paths(&["b"]), vec![1, 3])
        );
        assert_eq!(
            needs(&[ANYTHING, BASE_LAYER]),
            (true, false, vec![], vec![2])
        );
        // Wherever the refusal stands.
        for requirements in [
            [REJECT, SIGNED_BY, BASE_LAYER],
            [SIGNED_BY, REJECT, BASE_LAYER],
            [SIGNED_BY, BASE_LAYER, REJECT],
            [SIGNED_BY, SIGSTORE, REJECT],
        ] {
            assert_eq!(needs(&requirements), (false, false, vec![], vec![]));
        }
    }

    #[test]
    fn sigstore_is_judged_here_or_elsewhere() {
        let judged = cfg!(feature = "sigstore");
        let count = |requirements: &[&str]| {
            let policy = policy(&requirements.join(","));
            policy.plan(&image()).sigstore_signed().count()
        };
        let (read, foreign) = match judged {
            true => (paths(&["c", "r", "b"]), vec![]),
            false => (paths(&["b"]), vec![1]),
        };
        assert_eq!(needs(&[SIGSTORE, SAME_KEY]), (true, true, read, foreign));
        assert!(!needs(&[SIGSTORE]).1);
        assert_eq!(count(&[SIGSTORE, SAME_KEY]), usize::from(judged));
        assert_eq!(count(&[SIGSTORE, REJECT]), 0);
        let pki = r#"{"type": "sigstoreSigned", "pki": {"caRootsPath": "p", "subjectEmail": "e"}}"#;
        let (read, foreign) = match judged {
            true => (paths(&["p"]), vec![]),
            false => (vec![], vec![1]),
        };
        assert_eq!(needs(&[pki]), (true, false, read, foreign));
        let fulcio = r#"{"type": "sigstoreSigned", "fulcio": {"caPath": "f", "oidcIssuer": "i", "subjectEmail": "e"}, "rekorPublicKeyPath": "r"}"#;
        let read = if judged { paths(&["f", "r"]) } else { vec![] };
        assert_eq!(needs(&[fulcio]).2, read);
    }

    #[test]
    fn a_plan_says_which_entry_applies() {
        let policy = policy(SIGNED_BY);
        let plan = policy.plan(&image());
        assert_eq!(plan.image(), &image());
        assert_eq!(plan.scope().scope(), Some("r.example"));
        assert_eq!(plan.requirements().as_slice().len(), 1);
        assert!(!plan.is_refused() && !plan.accepts_anything());
    }
}
