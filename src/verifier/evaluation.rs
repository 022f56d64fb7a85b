//! The evaluation of one image: requirement by requirement.

use std::cell::Cell;

use once_cell::unsync::OnceCell;

use super::demands::{Demands, VerifyOptions};
use super::evidence::{Digests, Evidence, Unproven};
use super::foreign::Foreign;
use super::keys::KeyStore;
use super::policy_file::PolicyFile;
use super::question::{Answer, Failure, Question};
use super::warnings;
use crate::error::Error;
use crate::plan::foreign_kind;
use crate::policy::{Policy, Requirement};
use crate::source::Source;
#[cfg(feature = "tracing")]
use crate::text::quote::visible;
use crate::verdict::{
    Accepted, Note, Reason, Report, RequirementOutcome, RequirementReport, Verdict,
};

/// One image on its way through a policy.
pub(super) struct Evaluation<'a> {
    pub(super) policy: &'a Policy,
    pub(super) policy_file: &'a PolicyFile,
    pub(super) keys: &'a KeyStore,
    pub(super) source: &'a dyn Source,
    pub(super) demands: Demands,
    pub(super) options: VerifyOptions<'a>,
    /// What the image's bytes prove, once they were needed.
    pub(super) evidence: OnceCell<Evidence<'a>>,
    /// What was found on the way there.
    pub(super) digests: Cell<Digests>,
}

impl<'a> Evaluation<'a> {
    pub(super) fn run(self) -> Result<Accepted, Error> {
        let name = self.source.name();
        let applied = self.policy.requirements_for(name);
        event!(
            image = %visible(&name.to_string()),
            scope = %visible(&applied.scope().to_string()),
            requirements = applied.requirements().as_slice().len(),
            "chose the scope of the policy"
        );
        let scope = applied.scope().name();
        let mut report = Report::new(
            name.to_string(),
            name.policy_identity(),
            self.policy.origin().clone(),
            applied.scope().clone(),
        );
        report.scope_place = self.policy.place_of_scope(&scope);
        let mut failure = None;
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
            failure = failure.or(answer.failure);
        }
        let digests = self.digests.take();
        if digests.is_given {
            report.notes.push(Note::DigestGiven);
        }
        report.list_digest = digests.list;
        report.manifest_digest = digests.manifest;
        let is_verified = report.is_verified();
        if report.rejection.is_none() && !is_verified {
            report.rejection = self.demands.refusal_of_unsigned();
        }
        if matches!(report.rejection, Some(Reason::RejectedByPolicy))
            || report.rejection.is_none() && !is_verified
        {
            report.near_misses = self.policy.near_misses(name);
        }
        if report.rejection.is_none() {
            let of_policy = warnings::of_policy(&report);
            report.warnings.extend(of_policy);
            let writable = self.policy_file.writable_of_late(self.policy);
            report.warnings.extend(writable);
        } else {
            report.warnings.clear();
        }
        event!(
            image = %visible(&report.image),
            verdict = %report.verdict(),
            code = report.rejection.as_ref().map(Reason::code),
            "judged the image"
        );
        match failure {
            Some(Failure::Engine(error)) => {
                return Err(Error::Engine {
                    error,
                    report: Some(Box::new(report)),
                });
            }
            Some(Failure::Unavailable(error)) => {
                return Err(Error::Unavailable {
                    error,
                    report: Box::new(report),
                });
            }
            None => {}
        }
        match report.verdict() {
            Verdict::Accepted => Ok(Accepted::new(report)),
            Verdict::Rejected => Err(Error::Rejected(Box::new(report))),
            Verdict::Undecided => Err(Error::Undecided(Box::new(report))),
        }
    }

    /// What one requirement says: the `number`th of its list.
    fn answer(&self, number: usize, requirement: &Requirement) -> Answer {
        let outcome = match (requirement, foreign_kind(requirement)) {
            (_, Some(kind)) => self.foreign(number, kind, requirement),
            (Requirement::InsecureAcceptAnything, None) => Ok(RequirementOutcome::AcceptedUnsigned),
            (Requirement::SignedBy(signed_by), None) => match self.question(number, signed_by) {
                Ok(question) => return question.ask(self.keys),
                Err(unproven) => Err(unproven),
            },
            #[cfg(feature = "sigstore")]
            (Requirement::SigstoreSigned(sigstore), None) => {
                match self.question(number, sigstore) {
                    Ok(question) => return question.ask(self.keys),
                    Err(unproven) => Err(unproven),
                }
            }
            // `reject`, and what nobody has given a meaning.
            (_, None) => Ok(RequirementOutcome::refused(Reason::RejectedByPolicy)),
        };
        let (outcome, unavailable) = match outcome {
            Ok(outcome) => (outcome, None),
            Err(unproven) => (
                RequirementOutcome::refused(*unproven.reason),
                unproven.unavailable,
            ),
        };
        Answer {
            failure: unavailable.map(Failure::Unavailable),
            ..RequirementReport::new(requirement.to_string(), outcome).into()
        }
    }

    /// The question whether the image's signatures satisfy a requirement.
    fn question<'q, R>(
        &'q self,
        number: usize,
        requirement: &'q R,
    ) -> Result<Question<'q, R>, Unproven> {
        Ok(Question {
            number,
            requirement,
            source: self.source,
            signed: self.evidence()?.signed()?,
            demands: &self.demands,
            supplied_keys: self.options.keys,
        })
    }

    /// What a requirement says that this crate does not judge.
    fn foreign(
        &self,
        number: usize,
        kind: String,
        requirement: &Requirement,
    ) -> Result<RequirementOutcome, Unproven> {
        let verdicts = &self.options.foreign;
        let foreign = Foreign::new(kind, verdicts, self.source.name(), number, requirement);
        // Without a good verdict, nothing has to be read.
        if let Some(reason) = foreign.refusal() {
            return Ok(RequirementOutcome::refused(reason));
        }
        let manifest = &self.evidence()?.manifest;
        let clock = &self.keys.settings().clock;
        Ok(foreign.outcome(manifest, &self.demands, clock))
    }

    /// What the image has to show.
    fn evidence(&self) -> Result<&Evidence<'a>, Unproven> {
        self.evidence.get_or_try_init(|| {
            let mut digests = Digests::default();
            let evidence = Evidence::gather(self.source, &mut digests);
            self.digests.set(digests);
            evidence
        })
    }
}
