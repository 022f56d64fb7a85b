//! Which of a policy applies to an image, and why.

use serde::Serialize;

use super::near_miss::NearMiss;
use super::needs::{Obstacle, SignedName, has_names, obstacle, signed_name};
use crate::image::ImageName;
use crate::policy::{
    KeySource, Policy, PolicyOrigin, Requirement, ScopeName, SignedIdentity, SigstoreTrust, Span,
};

/// What a policy demands of an image, and where it says so: from [`Policy::explain`].
///
/// Nothing is said of keys, manifests and signatures, which are not read. `Display` is for people, in several lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The image's name.
    pub image: String,
    /// Which policy it is, and why this one.
    pub policy: PolicyOrigin,
    /// The scope that applies. No other does.
    pub applies: ExplainedScope,
    /// The more general scopes that would apply if it were not there, the nearest first; the policy's default is the
    /// last.
    pub passed_over: Vec<ExplainedScope>,
    /// Every scope that the image matches, in the order in which they are looked up, whether the policy has it or not.
    pub searched: Vec<SearchedScope>,
    /// Scopes that were probably meant for the image, and that it does not match.
    pub near_misses: Vec<NearMiss>,
    /// What the image has to meet: every one of these.
    pub requirements: Vec<ExplainedRequirement>,
}

impl Explanation {
    /// Whether something stands against the image whatever its signatures are.
    #[must_use]
    pub fn is_hopeless(&self) -> bool {
        self.requirements
            .iter()
            .any(|requirement| requirement.obstacle.is_some())
    }
}

/// A scope of a policy and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExplainedScope {
    /// The scope.
    pub scope: ScopeName,
    /// The types of its requirements.
    pub requires: Vec<&'static str>,
    /// Its JSON path.
    pub path: String,
    /// The place of its key; none if the policy was made in code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// A scope that is looked up for an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SearchedScope {
    /// The scope.
    pub scope: ScopeName,
    /// Whether the policy has it. The first that it has applies.
    pub is_there: bool,
}

/// A requirement, and what has to be done to meet it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExplainedRequirement {
    /// Its place in the list, from 1.
    pub requirement: usize,
    /// Its `type`.
    #[serde(rename = "type")]
    pub type_name: &'static str,
    /// The files with the keys that count, as the policy names them; for `signedBy`, and for `sigstoreSigned`. With `fulcio`
    /// and `pki` they hold the certificates of authorities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub key_files: Vec<String>,
    /// Whether the keys are in the policy itself.
    pub has_key_data: bool,
    /// Whom the signer's certificate must name, for `sigstoreSigned` with `fulcio` or `pki`: each of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificate_of: Vec<String>,
    /// Whether a Rekor log has to have recorded the signature.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub needs_log: bool,
    /// The files with the keys of the logs that count, as the policy names them; none if they are in the policy itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log_key_files: Vec<String>,
    /// The rule that compares names; for requirements that have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// The name that has to be signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_name: Option<SignedName>,
    /// Why the image cannot meet it, whatever its signatures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Obstacle>,
    /// The place of the requirement; none if the policy was made in code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

impl Policy {
    /// What the policy demands of an image: which scope applies and which do not, what each requirement needs, and
    /// which name has to be signed.
    #[must_use]
    pub fn explain(&self, image: &ImageName) -> Explanation {
        let applied = self.requirements_for(image);
        let name = applied.scope().name();
        let searched = self.searched(image);
        let passed_over = searched
            .iter()
            .filter(|searched| searched.is_there && searched.scope != name)
            .filter_map(|searched| self.explained_scope(&searched.scope))
            .collect();
        let requirements = applied.requirements().iter().enumerate();
        Explanation {
            image: image.to_string(),
            policy: self.origin().clone(),
            applies: ExplainedScope {
                requires: types(applied.requirements().as_slice()),
                path: name.json_path(),
                span: self.place_of_scope(&name),
                scope: name.clone(),
            },
            passed_over,
            searched,
            near_misses: self.near_misses(image),
            requirements: requirements
                .map(|(index, requirement)| ExplainedRequirement {
                    span: self.place_of_requirement(&name, index),
                    ..ExplainedRequirement::new(image, index, requirement)
                })
                .collect(),
        }
    }

    fn searched(&self, image: &ImageName) -> Vec<SearchedScope> {
        let transport = Some(image.transport().name());
        let namespaces = image.policy_namespaces().iter().map(String::as_str);
        let mut names: Vec<&str> = Vec::new();
        for name in image.policy_identity().into_iter().chain(namespaces) {
            // The path of a layout is both.
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let scopes = names.into_iter().chain([""]);
        let scopes = scopes.map(|scope| ScopeName::new(transport, scope));
        let default = ScopeName::new(None, "");
        scopes
            .chain([default])
            .map(|scope| SearchedScope {
                is_there: self.requirements_of(&scope).is_some(),
                scope,
            })
            .collect()
    }

    fn explained_scope(&self, scope: &ScopeName) -> Option<ExplainedScope> {
        Some(ExplainedScope {
            requires: types(self.requirements_of(scope)?.as_slice()),
            path: scope.json_path(),
            span: self.place_of_scope(scope),
            scope: scope.clone(),
        })
    }
}

impl ExplainedRequirement {
    fn new(image: &ImageName, index: usize, requirement: &Requirement) -> Self {
        let mut explained = Self {
            requirement: index.saturating_add(1),
            type_name: requirement.type_name(),
            key_files: Vec::new(),
            has_key_data: false,
            certificate_of: Vec::new(),
            needs_log: false,
            log_key_files: Vec::new(),
            rule: rule(requirement).map(SignedIdentity::type_name),
            signed_name: None,
            obstacle: obstacle(Some(image.transport()), requirement),
            span: None,
        };
        let rule = match requirement {
            Requirement::SignedBy(signed_by) => {
                let keys = signed_by.keys();
                explained.key_files = keys.paths().to_vec();
                explained.has_key_data = matches!(keys, KeySource::Data(_));
                signed_by.signed_identity()
            }
            Requirement::SigstoreSigned(sigstore) => {
                let log = match sigstore.trust() {
                    SigstoreTrust::Keys { keys, rekor } => {
                        explained.key_files = keys.paths().to_vec();
                        explained.has_key_data = keys.is_data();
                        rekor.as_ref()
                    }
                    SigstoreTrust::Fulcio { fulcio, rekor } => {
                        explained.key_files = fulcio.ca().paths().to_vec();
                        explained.has_key_data = fulcio.ca().paths().is_empty();
                        explained.certificate_of = vec![fulcio.subject_email().to_owned()];
                        Some(rekor)
                    }
                    SigstoreTrust::Pki(pki) => {
                        let between = pki.ca_intermediates().into_iter();
                        let sources = std::iter::once(pki.ca_roots()).chain(between);
                        let paths = sources.clone().flat_map(|source| source.paths());
                        explained.key_files = paths.cloned().collect();
                        explained.has_key_data =
                            sources.into_iter().any(|source| source.paths().is_empty());
                        let subjects = [pki.subject_email(), pki.subject_hostname()];
                        let subjects = subjects.into_iter().flatten();
                        explained.certificate_of = subjects.map(str::to_owned).collect();
                        None
                    }
                };
                explained.needs_log = log.is_some();
                explained.log_key_files = log.map_or_else(Vec::new, |logs| logs.paths().to_vec());
                sigstore.signed_identity()
            }
            _ => return explained,
        };
        match signed_name(image, rule) {
            Ok(name) => explained.signed_name = Some(name),
            // Where no image of the transport has a name, this is no news.
            Err(obstacle) if has_names(image.transport()) => {
                explained.obstacle.get_or_insert(obstacle);
            }
            Err(_) => {}
        }
        explained
    }
}

fn rule(requirement: &Requirement) -> Option<&SignedIdentity> {
    match requirement {
        Requirement::SignedBy(signed_by) => Some(signed_by.signed_identity()),
        Requirement::SigstoreSigned(sigstore) => Some(sigstore.signed_identity()),
        Requirement::SignedBaseLayer(base) => Some(base.base_layer_identity()),
        _ => None,
    }
}

fn types(requirements: &[Requirement]) -> Vec<&'static str> {
    requirements.iter().map(Requirement::type_name).collect()
}
