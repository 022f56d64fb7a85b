//! Runs every case of a conformance suite as a test of its own name.
//!
//! The suite is `testdata/conformance`, or the folder that `CONFORMANCE_SUITE` names. A folder
//! without a single case fails: a suite that is not there must not look like one that passes.
#![allow(clippy::indexing_slicing, reason = "a test that panics has failed")]

#[path = "../../examples/evaluate/case.rs"]
mod case;
#[cfg(feature = "sigstore")]
mod nobody;
mod suite;
#[path = "../../examples/custom_engine/unanimous.rs"]
mod unanimous;

use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use containers_sigpolicy::CryptoPolicy;
use containers_sigpolicy::engine::Engine;
#[cfg(any(feature = "gpgme", feature = "gpg"))]
use containers_sigpolicy::engine::EngineDiagnosis;
#[cfg(feature = "gpg")]
use containers_sigpolicy::engine::Gpg;
#[cfg(feature = "gpgme")]
use containers_sigpolicy::engine::Gpgme;
#[cfg(feature = "_native")]
use containers_sigpolicy::engine::Native;
#[cfg(feature = "sequoia")]
use containers_sigpolicy::engine::Sequoia;
use libtest_mimic::{Arguments, Failed, Trial};
use suite::{Expected, Suite, SuiteCase};
use unanimous::Unanimous;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let suite = match Suite::load() {
        Ok(suite) => suite,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    // Those that need nothing of GnuPG: where they disagree about a case, it fails.
    let in_process: Vec<(Arc<dyn Engine>, &str)> = vec![
        #[cfg(feature = "native")]
        (Arc::new(Native::rust_crypto()), "native"),
        #[cfg(feature = "native-openssl")]
        (Arc::new(Native::openssl()), "native-openssl"),
        #[cfg(feature = "sequoia")]
        (Arc::new(Sequoia::new()), "sequoia"),
    ];
    let unanimous = Subject::of_all(&in_process);
    let mut subjects = vec![
        #[cfg(feature = "gpgme")]
        gnupg(&Arc::new(Gpgme::new()), Gpgme::diagnose),
        #[cfg(feature = "gpg")]
        gnupg(&Arc::new(Gpg::new()), Gpg::diagnose),
    ];
    subjects.extend(in_process.into_iter().map(Subject::of));
    subjects.extend(unanimous);
    let suite = Arc::new(suite);
    let mut trials = Vec::new();
    let mut tallies = Vec::new();
    // What they all answer alike is asked once, and nobody is asked for it where it can do without.
    let first = subjects.first().map(|subject| subject.label.clone());
    #[cfg(feature = "sigstore")]
    subjects.push(Subject::of((Arc::new(nobody::Nobody), SIGSTORE)));
    for subject in subjects {
        let subject = Arc::new(subject);
        let tally = Arc::new(Tally::default());
        tallies.push((subject.label.clone(), Arc::clone(&tally)));
        let is_first = first.as_ref() == Some(&subject.label);
        for (index, case) in suite.cases.iter().enumerate() {
            if !subject.is_asked(case, is_first) {
                continue;
            }
            let (suite, subject) = (Arc::clone(&suite), Arc::clone(&subject));
            let tally = Arc::clone(&tally);
            let name = format!("{}::{}", subject.label, suite.cases[index].id());
            trials.push(Trial::test(name, move || {
                tally.count(subject.check(&suite, &suite.cases[index]))
            }));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    // The same numbers on every machine, whatever else is compiled in.
    for (engine, tally) in tallies {
        println!("{engine}: {tally}");
    }
    conclusion.exit_code()
}

/// The subject that has no engine.
const SIGSTORE: &str = "sigstore";

/// What the suite is put to.
struct Subject {
    engine: Arc<dyn Engine>,
    /// The first part of the names of its tests.
    label: String,
    /// The names by which `divergences.json` may call it.
    names: Vec<String>,
    /// Whether it asks several engines. What one of them cannot check, another one may refuse: then either answer is right.
    is_of_several: bool,
}

impl Subject {
    /// An engine by the name that it has among them.
    fn of((engine, name): (Arc<dyn Engine>, &str)) -> Self {
        Self {
            engine,
            label: name.to_owned(),
            names: vec![name.to_owned()],
            is_of_several: false,
        }
    }

    /// One that accepts what all of these accept; an engine alone has to agree with itself.
    fn of_all(named: &[(Arc<dyn Engine>, &str)]) -> Option<Self> {
        let (engines, names): (Vec<_>, Vec<_>) = named.iter().cloned().unzip();
        let (first, others) = engines.split_first()?;
        let is_of_several = !others.is_empty();
        let others = if is_of_several { others } else { &engines };
        let engine = Arc::new(Unanimous::new(Arc::clone(first), others.to_vec()));
        Some(Self {
            label: engine.name().to_owned(),
            engine,
            names: names.into_iter().map(str::to_owned).collect(),
            is_of_several,
        })
    }

    /// Whether a case is put to it. Those about sigstore are put to one subject alone, and not at all where the library is built
    /// without.
    fn is_asked(&self, case: &SuiteCase, is_first: bool) -> bool {
        if !case.is_of_sigstore() {
            return self.label != SIGSTORE;
        }
        let is_one = if case.asks_an_engine() {
            is_first
        } else {
            self.label == SIGSTORE
        };
        cfg!(feature = "sigstore") && is_one
    }

    fn check(&self, suite: &Suite, case: &SuiteCase) -> Result<(), Failed> {
        let is_own = |name: &str| self.names.iter().any(|own| own == name);
        let divergence = suite.divergence(case, is_own);
        let policy = CryptoPolicy::Standard;
        let answer = case.case.answer(&suite.root, &self.engine, policy);
        let is_refused = answer.verdict == "reject" && fits(&case.expected, &answer);
        if self.is_of_several && is_refused {
            return Ok(());
        }
        check(case, divergence.as_ref(), &answer)
    }
}

/// How many cases one engine has passed, and how many not.
#[derive(Debug, Default)]
struct Tally {
    passed: AtomicUsize,
    failed: AtomicUsize,
}

impl Tally {
    fn count(&self, outcome: Result<(), Failed>) -> Result<(), Failed> {
        let counter = match outcome {
            Ok(()) => &self.passed,
            Err(_) => &self.failed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        outcome
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passed = self.passed.load(Ordering::Relaxed);
        let failed = self.failed.load(Ordering::Relaxed);
        write!(f, "{passed} passed, {failed} failed")
    }
}

/// An engine on GnuPG, which must work where it is compiled in. Some of its verdicts are those of the gpg
/// that it runs: `gnupg with gpg 2.2`.
#[cfg(any(feature = "gpgme", feature = "gpg"))]
fn gnupg<E: Engine + 'static>(
    engine: &Arc<E>,
    diagnose: impl Fn(&E) -> EngineDiagnosis,
) -> Subject {
    let diagnosis = diagnose(engine);
    assert!(diagnosis.is_usable(), "{diagnosis}");
    let version = engine.version();
    let gpg = version.split("GnuPG ").last().unwrap_or_default();
    let release: Vec<&str> = gpg.split('.').take(2).collect();
    let names = vec![
        "gnupg".to_owned(),
        format!("gnupg with gpg {}", release.join(".")),
    ];
    Subject {
        engine: Arc::clone(engine) as _,
        label: engine.name().to_owned(),
        names,
        is_of_several: false,
    }
}

fn check(
    case: &SuiteCase,
    divergence: Option<&Expected>,
    answer: &case::Answer,
) -> Result<(), Failed> {
    let failed = |complaint: String| {
        Err(Failed::from(format!(
            "{}\n  {complaint}\n  answered: {} ({}): {}\n  made by: {}",
            case.about(),
            answer.verdict,
            answer.code.as_deref().unwrap_or("no code"),
            answer.message,
            case.source()
        )))
    };
    match divergence {
        Some(_) if fits(&case.expected, answer) => {
            failed("a divergence is on record, but there is none any more".to_owned())
        }
        Some(instead) if !fits(instead, answer) => {
            failed(format!("expected of this engine: {instead}"))
        }
        None if !fits(&case.expected, answer) => failed(format!("expected: {}", case.expected)),
        _ => Ok(()),
    }
}

fn fits(expected: &Expected, answer: &case::Answer) -> bool {
    let verdict_fits = match expected.verdict.as_str() {
        "deny" => answer.verdict != "accept",
        verdict => answer.verdict == verdict,
    };
    let code_fits = expected.code.is_none() || expected.code == answer.code;
    // A runner that cannot read a case has not denied anything.
    let was_read = answer.code.as_deref() != Some("case-invalid");
    verdict_fits && code_fits && was_read
}
