//! Checking a policy for what is most likely a slip.

mod code;
mod finding;
mod images;
mod requirements;
mod scopes;

use std::collections::BTreeMap;

pub use self::code::{LintCode, LintLevel};
pub use self::finding::{LintFinding, LintReport};
pub(crate) use self::images::Concern;
pub(crate) use self::scopes::named as named_scope;
use crate::clock::{Clock, Moment};
use crate::image::ImageName;
use crate::policy::{Policy, ScopeName};
use crate::text::quote::{Quoted, visible};

impl Policy {
    /// Checks the policy for what is most likely a slip: scopes that no image matches, requirements that no image
    /// meets, rules that protect less than they seem to. A policy that could be read is not wrong because of them.
    ///
    /// Key files are not read. [`Lint`] has settings.
    #[must_use]
    pub fn lint(&self) -> LintReport {
        Lint::new().check(self)
    }
}

/// How policies are checked: how serious each finding is, and which are expected.
///
/// ```
/// use containers_sigpolicy::Policy;
/// use containers_sigpolicy::explain::{Lint, LintCode, LintException, LintLevel};
///
/// let policy: Policy = r#"{"default": [{"type": "insecureAcceptAnything"}]}"#.parse()?;
/// assert_eq!(policy.lint().worst(), Some(LintLevel::Warning));
///
/// let expected = LintException::new(LintCode::UnsignedDefault, "the build machine, until it has keys")
///     .until("2100-01-01T00:00:00Z".parse().unwrap());
/// let lint = Lint::new().except(expected).deny(LintCode::TagNotBound);
/// assert_eq!(lint.check(&policy).worst(), None);
/// # Ok::<(), containers_sigpolicy::PolicyError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Lint {
    /// Nothing for what is not told at all.
    levels: BTreeMap<LintCode, Option<LintLevel>>,
    exceptions: Vec<LintException>,
    clock: Clock,
    /// None for all that there may be.
    images: Vec<ImageName>,
}

impl Lint {
    /// Everything is told, with its [default level](LintCode::default_level).
    pub fn new() -> Self {
        Self::default()
    }

    /// Findings of this code are not told.
    pub fn allow(self, code: LintCode) -> Self {
        self.level(code, None)
    }

    /// Findings of this code are notes.
    pub fn note(self, code: LintCode) -> Self {
        self.level(code, Some(LintLevel::Note))
    }

    /// Findings of this code are warnings.
    pub fn warn(self, code: LintCode) -> Self {
        self.level(code, Some(LintLevel::Warning))
    }

    /// Findings of this code are errors.
    pub fn deny(self, code: LintCode) -> Self {
        self.level(code, Some(LintLevel::Error))
    }

    /// Findings that an exception is for are not told. If there are none, or if it has ended, that is a finding itself:
    /// [`LintCode::UnusedAllow`].
    pub fn except(mut self, exception: LintException) -> Self {
        self.exceptions.push(exception);
        self
    }

    /// The clock by which exceptions end; the system's if none is given.
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Tells only what concerns these images, besides what concerns the policy as a whole: what is wrong with the scopes
    /// that apply to them, or were probably meant to; and which scopes apply to none of them,
    /// [`LintCode::UnusedScope`]. [`LintReport::images`] has which scope applies to each. May be called several times;
    /// without any image, everything is told.
    ///
    /// ```
    /// # use containers_sigpolicy::{ImageName, Policy, explain::Lint};
    /// let policy: Policy = r#"{"default": [{"type": "reject"}]}"#.parse()?;
    /// let image = ImageName::parse("docker://registry.example/app:1")?;
    /// let report = Lint::new().for_images([image]).check(&policy);
    /// assert_eq!(
    ///     report.to_string(),
    ///     "warning[image-cannot-pass]: line 1, column 14: docker://registry.example/app:1 cannot pass: `reject` \
    ///      rejects every image; give its registry or repository a scope if it is to pass\n\
    ///      docker://registry.example/app:1: the policy's default in line 1 (reject)\n"
    /// );
    /// # Ok::<(), containers_sigpolicy::Error>(())
    /// ```
    pub fn for_images(mut self, images: impl IntoIterator<Item = ImageName>) -> Self {
        self.images.extend(images);
        self
    }

    /// Checks a policy.
    #[must_use]
    pub fn check(&self, policy: &Policy) -> LintReport {
        self.settle(policy, findings(policy), self.concern(policy))
    }

    /// The images that the policy is checked for.
    pub(crate) fn concern(&self, policy: &Policy) -> Concern {
        if self.images.is_empty() {
            Concern::default()
        } else {
            Concern::of(policy, &self.images)
        }
    }

    /// What is told of these findings, and of the images.
    pub(crate) fn settle(
        &self,
        policy: &Policy,
        findings: Vec<LintFinding>,
        concern: Concern,
    ) -> LintReport {
        let mut findings: Vec<(LintFinding, bool)> = findings
            .into_iter()
            .map(|finding| {
                let is_asked = concern.is_about(&finding);
                (finding, is_asked)
            })
            .collect();
        let (of_images, images) = concern.into_findings(policy);
        findings.extend(of_images.into_iter().map(|finding| (finding, true)));
        // A clock that does not know the time prolongs nothing.
        let now = self.clock.now().ok();
        let is_over = |exception: &LintException| {
            exception
                .until
                .is_some_and(|until| now.is_none_or(|now| now >= until))
        };
        let mut met = vec![false; self.exceptions.len()];
        let mut told = Vec::new();
        for (finding, is_asked) in findings {
            let mut is_expected = false;
            // An exception is for the policy, whichever images are asked about.
            for (exception, met) in self.exceptions.iter().zip(&mut met) {
                if exception.is_for(&finding) {
                    *met = true;
                    is_expected |= !is_over(exception);
                }
            }
            if is_asked && !is_expected {
                told.push(finding);
            }
        }
        for (exception, met) in self.exceptions.iter().zip(met) {
            if !met || is_over(exception) {
                told.push(exception.finding(met));
            }
        }
        told.retain_mut(|finding| match self.levels.get(&finding.code) {
            Some(None) => false,
            Some(Some(level)) => {
                finding.level = *level;
                true
            }
            None => true,
        });
        LintReport::of(told, images)
    }

    fn level(mut self, code: LintCode, level: Option<LintLevel>) -> Self {
        self.levels.insert(code, level);
        self
    }
}

/// Everything that is found in a policy.
pub(crate) fn findings(policy: &Policy) -> Vec<LintFinding> {
    let mut findings = Vec::new();
    findings.extend(shadow(policy));
    scopes::check(policy, &mut findings);
    requirements::check(policy, &mut findings);
    findings
}

/// That the policy is the user's, and another is not read because of it.
fn shadow(policy: &Policy) -> Option<LintFinding> {
    let shadowed = policy.origin().shadows.as_ref()?;
    let finding = LintFinding::new(
        LintCode::UserPolicyShadowsSystem,
        format!(
            "the user's policy decides here, and {} is not read",
            visible(&shadowed.to_string_lossy())
        ),
    );
    Some(finding.step(
        "remove the user's policy if the other is meant to decide; whoever runs the program without this user's \
         environment is judged by the other",
    ))
}

/// Findings that are expected, and why: [`Lint::except`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct LintException {
    code: LintCode,
    scope: Option<ScopeName>,
    reason: String,
    until: Option<Moment>,
}

impl LintException {
    /// Findings of this code are expected, for this reason.
    pub fn new(code: LintCode, reason: impl Into<String>) -> Self {
        Self {
            code,
            scope: None,
            reason: reason.into(),
            until: None,
        }
    }

    /// Only those about this scope.
    pub fn in_scope(self, scope: ScopeName) -> Self {
        Self {
            scope: Some(scope),
            ..self
        }
    }

    /// Only before this moment.
    pub fn until(self, moment: Moment) -> Self {
        Self {
            until: Some(moment),
            ..self
        }
    }

    fn is_for(&self, finding: &LintFinding) -> bool {
        let is_there = self.scope.is_none() || self.scope == finding.scope;
        self.code == finding.code && is_there
    }

    /// That it met nothing, or that it has ended.
    fn finding(&self, met: bool) -> LintFinding {
        let what = match &self.scope {
            Some(scope) => format!("`{}` in {scope}", self.code),
            None => format!("`{}`", self.code),
        };
        let reason = Quoted(&self.reason);
        match self.until {
            Some(until) if met => LintFinding::new(
                LintCode::UnusedAllow,
                format!("the exception for {what} ended at {until}: {reason}"),
            )
            .step("mend what it is for, or give it a later end"),
            _ => LintFinding::new(
                LintCode::UnusedAllow,
                format!("the exception for {what} meets nothing: {reason}"),
            )
            .step("remove it"),
        }
    }
}
