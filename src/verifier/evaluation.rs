//! The evaluation of one image: requirement by requirement.

use super::demands::Demands;
use super::evidence::Evidence;
use super::keys::KeyStore;
use super::policy_file::PolicyFile;
use super::signed_by::{Answer, Question};
use super::warnings;
use crate::error::Error;
use crate::policy::{KeyType, Policy, Requirement};
use crate::source::Source;
#[cfg(feature = "tracing")]
use crate::text::quote::visible;
use crate::verdict::{Accepted, Reason, Report, RequirementOutcome, RequirementReport, Verdict};

/// One image on its way through a policy.
pub(super) struct Evaluation<'a> {
    pub(super) policy: &'a Policy,
    pub(super) policy_file: &'a PolicyFile,
    pub(super) keys: &'a KeyStore,
    pub(super) source: &'a dyn Source,
    pub(super) demands: Demands,
    /// What the image's bytes prove, once they were needed.
    pub(super) evidence: Option<Evidence<'a>>,
}

impl Evaluation<'_> {
    pub(super) fn run(mut self) -> Result<Accepted, Error> {
        let name = self.source.name();
        let applied = self.policy.requirements_for(name);
        event!(
            image = %visible(&name.to_string()),
            scope = %visible(&applied.scope().to_string()),
            requirements = applied.requirements().as_slice().len(),
            "chose the scope of the policy"
        );
        let scope = applied.scope().name();
        let mut report = Report {
            image: name.to_string(),
            identity: name.policy_identity().map(str::to_owned),
            policy: self.policy.origin().clone(),
            scope: applied.scope().clone(),
            scope_place: self.policy.place_of_scope(&scope),
            near_misses: Vec::new(),
            engine: None,
            list_digest: None,
            manifest_digest: None,
            requirements: Vec::new(),
            rejection: None,
            notes: Vec::new(),
            warnings: Vec::new(),
        };
        let mut engine_error = None;
        for (index, requirement) in applied.requirements().iter().enumerate() {
            let number = index.saturating_add(1);
            let mut answer = if report.rejection.is_some() {
                RequirementReport::new(requirement.to_string(), RequirementOutcome::NotEvaluated)
                    .into()
            } else {
                self.answer(number, requirement)
            };
            answer.report.place = self.policy.place_of_requirement(&scope, index);
            report.rejection = report.rejection.or_else(|| answer.refusal());
            report.requirements.push(answer.report);
            report.engine = answer.engine.or(report.engine);
            report.notes.extend(answer.notes);
            for warning in answer.warnings {
                if !report.warnings.contains(&warning) {
                    report.warnings.push(warning);
                }
            }
            engine_error = engine_error.or(answer.failure);
        }
        if let Some(Evidence { digests, .. }) = self.evidence {
            report.list_digest = digests.list;
            report.manifest_digest = digests.manifest;
        }
        if report.rejection.is_none() && report.accepted_signatures().next().is_none() {
            report.rejection = self.demands.refusal_of_unsigned();
        }
        let is_signed = report.accepted_signatures().next().is_some();
        if matches!(report.rejection, Some(Reason::RejectedByPolicy))
            || report.rejection.is_none() && !is_signed
        {
            report.near_misses = self.policy.near_misses(name);
        }
        if report.rejection.is_none() {
            let of_policy = warnings::of_policy(&report);
            report.warnings.extend(of_policy);
            report
                .warnings
                .extend(self.policy_file.writable(self.policy));
        } else {
            report.warnings.clear();
        }
        event!(
            image = %visible(&report.image),
            verdict = %report.verdict(),
            code = report.rejection.as_ref().map(Reason::code),
            "judged the image"
        );
        if let Some(error) = engine_error {
            return Err(Error::Engine {
                error,
                report: Some(Box::new(report)),
            });
        }
        match report.verdict() {
            Verdict::Accepted => Ok(Accepted::new(report)),
            Verdict::Rejected => Err(Error::Rejected(Box::new(report))),
            Verdict::Undecided => Err(Error::Undecided(Box::new(report))),
        }
    }

    /// What one requirement says: the `number`th of its list.
    fn answer(&mut self, number: usize, requirement: &Requirement) -> Answer {
        let outcome = match requirement {
            Requirement::InsecureAcceptAnything => RequirementOutcome::AcceptedUnsigned,
            Requirement::Reject => RequirementOutcome::refused(Reason::RejectedByPolicy),
            Requirement::SignedBy(signed_by) if signed_by.key_type() != KeyType::GpgKeys => {
                RequirementOutcome::refused(Reason::UnsupportedRequirement {
                    what: format!(
                        "requirements of the type `signedBy` with the keyType `{}`",
                        signed_by.key_type().name()
                    ),
                })
            }
            Requirement::SignedBy(signed_by) => {
                let source = self.source;
                let evidence = self
                    .evidence
                    .get_or_insert_with(|| Evidence::gather(source));
                match &evidence.signed {
                    Err(reason) => RequirementOutcome::refused(reason.clone()),
                    Ok(signed) => {
                        let question = Question {
                            number,
                            requirement: signed_by,
                            source,
                            signed,
                            demands: &self.demands,
                        };
                        return question.ask(self.keys);
                    }
                }
            }
            Requirement::SignedBaseLayer(_) | Requirement::SigstoreSigned(_) => {
                RequirementOutcome::refused(Reason::UnsupportedRequirement {
                    what: format!("requirements of the type `{}`", requirement.type_name()),
                })
            }
        };
        RequirementReport::new(requirement.to_string(), outcome).into()
    }
}
