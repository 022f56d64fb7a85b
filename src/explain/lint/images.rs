//! What concerns some images only.

use std::collections::{HashMap, HashSet};

use super::code::LintCode;
use super::finding::LintFinding;
use super::scopes::named;
use crate::explain::explanation::Explanation;
use crate::explain::needs::{Obstacle, obstacle};
use crate::image::ImageName;
use crate::policy::spans::transport_path;
use crate::policy::{Policy, ScopeName};
use crate::text::quote::{Quoted, visible};

/// The images that a policy is checked for, if not for all.
#[derive(Debug, Default)]
pub(crate) struct Concern {
    /// What applies to each; none if all that there is in the policy counts.
    images: Option<Vec<Explanation>>,
    /// The scopes that apply to one of them.
    applied: HashSet<ScopeName>,
    /// Those that were probably meant for one of them, and apply to none.
    near: HashSet<ScopeName>,
    /// The JSON paths of their transports.
    transports: HashSet<String>,
}

impl Concern {
    pub(super) fn of(policy: &Policy, images: &[ImageName]) -> Self {
        let images: Vec<Explanation> = images.iter().map(|image| policy.explain(image)).collect();
        let applied: HashSet<ScopeName> = images
            .iter()
            .map(|image| image.applies.scope.clone())
            .collect();
        let near = images.iter().flat_map(|image| &image.near_misses);
        let near: HashSet<ScopeName> = near
            .map(|near_miss| near_miss.scope.clone())
            .filter(|scope| !applied.contains(scope))
            .collect();
        let transports = near.iter().filter_map(|scope| scope.transport.as_deref());
        Self {
            transports: transports.map(transport_path).collect(),
            images: Some(images),
            applied,
            near,
        }
    }

    /// Whether the scope applies to one of the images, or was probably meant to.
    pub(crate) fn has(&self, scope: &ScopeName) -> bool {
        self.images.is_none() || self.applied.contains(scope) || self.near.contains(scope)
    }

    /// Whether the finding is about the images, or about the policy as a whole.
    pub(super) fn is_about(&self, finding: &LintFinding) -> bool {
        match &finding.scope {
            Some(scope) => self.has(scope),
            None if finding.path.is_empty() => true,
            None => self.images.is_none() || self.transports.contains(&finding.path),
        }
    }

    /// What is found because of the images, and what applies to each.
    pub(super) fn into_findings(self, policy: &Policy) -> (Vec<LintFinding>, Vec<Explanation>) {
        let Some(images) = &self.images else {
            return (Vec::new(), Vec::new());
        };
        let mut findings = Vec::new();
        let mut told = HashSet::new();
        for image in images {
            findings.extend(hopeless(policy, image));
            for near_miss in &image.near_misses {
                // Of one that matches nothing, it is said already, and once is enough.
                if near_miss.miss.matches_nothing()
                    || !self.near.contains(&near_miss.scope)
                    || !told.insert(&near_miss.scope)
                {
                    continue;
                }
                let finding = LintFinding::new(
                    LintCode::ScopeMissesImage,
                    format!(
                        "{} does not match {}: {}; {} applies to it",
                        visible(&image.image),
                        Quoted(&near_miss.scope.scope),
                        near_miss.miss,
                        named(Some(policy), &image.applies.scope)
                    ),
                );
                findings.push(
                    finding
                        .step(near_miss.remedy())
                        .at_scope(policy, &near_miss.scope),
                );
            }
        }
        findings.extend(self.unused(policy, images));
        (findings, self.images.unwrap_or_default())
    }

    /// The scopes that apply to none of the images.
    fn unused(&self, policy: &Policy, images: &[Explanation]) -> Vec<LintFinding> {
        let mut passed_over: HashMap<&ScopeName, &Explanation> = HashMap::new();
        for image in images {
            for general in &image.passed_over {
                passed_over.entry(&general.scope).or_insert(image);
            }
        }
        let scopes = policy.scopes().filter(|scope| !scope.scope.is_empty());
        let unused = scopes
            .map(|scope| scope.name())
            .filter(|name| !self.has(name));
        let findings = unused.map(|name| {
            let scope = Quoted(&name.scope);
            let message = match passed_over.get(&name) {
                Some(image) => format!(
                    "{scope} applies to none of the images that were given: for {} it is {}",
                    visible(&image.image),
                    named(Some(policy), &image.applies.scope)
                ),
                None => format!("{scope} applies to none of the images that were given"),
            };
            LintFinding::new(LintCode::UnusedScope, message)
                .step("remove it if no other image is for it")
                .at_scope(policy, &name)
        });
        findings.collect()
    }
}

/// That the image cannot pass, whatever its signatures are: for a reason that is not one of all images of the scope.
fn hopeless(policy: &Policy, image: &Explanation) -> Option<LintFinding> {
    let scope = &image.applies.scope;
    let list = policy.requirements_of(scope)?.as_slice();
    let transport = scope
        .transport
        .as_deref()
        .and_then(|name| name.parse().ok());
    let (index, found) = image
        .requirements
        .iter()
        .enumerate()
        .find_map(|(index, one)| {
            let found = one.obstacle.as_ref()?;
            // What stands against every image of the scope is told of the requirement.
            let of_all = obstacle(transport, list.get(index)?);
            (*found == Obstacle::Reject || of_all.is_none()).then_some((index, found))
        })?;
    let message = format!("{} cannot pass: {found}", visible(&image.image));
    let step = match found {
        Obstacle::Reject if scope.scope.is_empty() => {
            "give its registry or repository a scope if it is to pass"
        }
        Obstacle::Reject => "write there what the image has to meet, if it is to pass",
        _ => "ask for it by a name that can be compared, or take a rule that fits how it is named",
    };
    let finding = LintFinding::new(LintCode::ImageCannotPass, message).step(step);
    Some(finding.at_requirement(policy, scope, index, ""))
}
