//! Runs every case of a conformance suite as a test of its own name.
//!
//! The suite is `testdata/conformance`, or the folder that `CONFORMANCE_SUITE` names. A folder
//! without a single case fails: a suite that is not there must not look like one that passes.
#![allow(clippy::indexing_slicing, reason = "a test that panics has failed")]

#[path = "../../examples/evaluate/case.rs"]
mod case;
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

/// The name of the engine native as [`Native::new`] makes it.
#[cfg(not(feature = "sequoia"))]
const BEST_NATIVE: &str = if cfg!(feature = "native-openssl") {
    "native-openssl"
} else {
    "native"
};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let suite = match Suite::load() {
        Ok(suite) => suite,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    #[cfg(feature = "sequoia")]
    let (any, name): (Arc<dyn Engine>, _) = (Arc::new(Sequoia::new()), "sequoia");
    #[cfg(not(feature = "sequoia"))]
    let (any, name): (Arc<dyn Engine>, _) = (Arc::new(Native::new()), BEST_NATIVE);
    let unanimous: Arc<dyn Engine> =
        Arc::new(Unanimous::new(Arc::clone(&any), vec![Arc::clone(&any)]));
    // Each engine, and the names by which `divergences.json` may call it.
    let engines: Vec<(Arc<dyn Engine>, Vec<String>)> = vec![
        #[cfg(feature = "gpgme")]
        gnupg(&Arc::new(Gpgme::new()), Gpgme::diagnose),
        #[cfg(feature = "gpg")]
        gnupg(&Arc::new(Gpg::new()), Gpg::diagnose),
        #[cfg(feature = "native")]
        (Arc::new(Native::rust_crypto()), vec!["native".to_owned()]),
        #[cfg(feature = "native-openssl")]
        (
            Arc::new(Native::openssl()),
            vec!["native-openssl".to_owned()],
        ),
        #[cfg(feature = "sequoia")]
        (any, vec![name.to_owned()]),
        (unanimous, vec![name.to_owned()]),
    ];
    let suite = Arc::new(suite);
    let mut trials = Vec::new();
    let mut tallies = Vec::new();
    for (engine, names) in engines {
        let label = match engine.name() {
            // Of two libraries.
            "native" => names.concat(),
            name => name.to_owned(),
        };
        let names = Arc::new(names);
        let tally = Arc::new(Tally::default());
        tallies.push((label.clone(), Arc::clone(&tally)));
        for index in 0..suite.cases.len() {
            let (suite, engine) = (Arc::clone(&suite), Arc::clone(&engine));
            let (tally, names) = (Arc::clone(&tally), Arc::clone(&names));
            let name = format!("{label}::{}", suite.cases[index].id());
            trials.push(Trial::test(name, move || {
                let case = &suite.cases[index];
                let divergence =
                    suite.divergence(case, |engine| names.iter().any(|name| name == engine));
                let answer = case
                    .case
                    .answer(&suite.root, &engine, CryptoPolicy::Standard);
                tally.count(check(case, divergence.as_ref(), &answer))
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
) -> (Arc<dyn Engine>, Vec<String>) {
    let diagnosis = diagnose(engine);
    assert!(diagnosis.is_usable(), "{diagnosis}");
    let version = engine.version();
    let gpg = version.split("GnuPG ").last().unwrap_or_default();
    let release: Vec<&str> = gpg.split('.').take(2).collect();
    let names = vec![
        "gnupg".to_owned(),
        format!("gnupg with gpg {}", release.join(".")),
    ];
    let engine: Arc<dyn Engine> = Arc::clone(engine) as _;
    (engine, names)
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
