//! Checking a policy together with its key files.

mod key_file;
mod shared_keys;
mod sources;

use self::key_file::{KeyFile, of_warning};
use self::sources::{At, Source};
use super::Verifier;
use crate::explain::{Lint, LintCode, LintReport, findings};

impl Verifier {
    /// Checks the policy as [`Lint::check`] does, and its key files: whether they are there, what is in them, until
    /// when it is good, and who can write them. Each finding on a file is at the first requirement that names it.
    ///
    /// It needs no image, and reads only what is not read yet. What ends within the time that
    /// [`VerifierBuilder::warn_ahead`](crate::VerifierBuilder::warn_ahead) has is told; keys are judged by the clock of
    /// the verifier, exceptions by that of `lint`.
    #[must_use]
    pub fn lint(&self, lint: &Lint) -> LintReport {
        let concern = lint.concern(&self.policy);
        let mut found = findings(&self.policy);
        let writable = self.policy_file.writable(&self.policy);
        found.extend(writable.map(|warning| of_warning(LintCode::PolicyWritable, &warning)));
        let reports = self.keys();
        let sources = Source::all(&reports);
        let settings = self.keys.settings();
        let at = At {
            policy: &self.policy,
            concern: &concern,
        };
        for source in &sources {
            for report in &source.reports {
                let file = KeyFile {
                    report,
                    source,
                    now: settings.clock.now().ok(),
                    ahead: self.demands.warn_ahead,
                    crypto_policy: settings.crypto_policy,
                };
                let of_file = file.findings().into_iter();
                found.extend(of_file.map(|finding| at.first_use(finding, report)));
            }
        }
        found.extend(shared_keys::findings(&sources, &at));
        lint.settle(&self.policy, found, concern)
    }
}
