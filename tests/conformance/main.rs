//! Runs every case of a conformance suite as a test of its own name.
//!
//! The suite is `testdata/conformance`, or the folder that `CONFORMANCE_SUITE` names. A folder
//! without a single case fails: a suite that is not there must not look like one that passes.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that panics has failed"
)]

#[path = "../../examples/evaluate/case.rs"]
mod case;
mod suite;
#[path = "../../examples/custom_engine/unanimous.rs"]
mod unanimous;

use std::process::ExitCode;
use std::sync::Arc;

use containers_sigpolicy::CryptoPolicy;
use containers_sigpolicy::engine::{Engine, Sequoia};
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
    let sequoia: Arc<dyn Engine> = Arc::new(Sequoia::new());
    let unanimous: Arc<dyn Engine> = Arc::new(Unanimous::new(
        Arc::clone(&sequoia),
        vec![Arc::clone(&sequoia)],
    ));
    // Each engine, and the one whose divergences it shares.
    let engines: Vec<(Arc<dyn Engine>, &str)> = vec![
        #[cfg(feature = "gpgme")]
        (Arc::new(gpgme()), "gpgme"),
        (Arc::clone(&sequoia), "sequoia"),
        (unanimous, "sequoia"),
    ];
    let suite = Arc::new(suite);
    let mut trials = Vec::new();
    for (engine, diverges_as) in engines {
        for index in 0..suite.cases.len() {
            let (suite, engine) = (Arc::clone(&suite), Arc::clone(&engine));
            let name = format!("{}::{}", engine.name(), suite.cases[index].id());
            trials.push(Trial::test(name, move || {
                let case = &suite.cases[index];
                let divergence = suite.divergence(case, diverges_as);
                let answer = case
                    .case
                    .answer(&suite.root, &engine, CryptoPolicy::Standard);
                check(case, divergence.as_ref(), &answer)
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The engine gpgme, which must work where it is compiled in.
#[cfg(feature = "gpgme")]
fn gpgme() -> containers_sigpolicy::engine::Gpgme {
    let gpgme = containers_sigpolicy::engine::Gpgme::new();
    let diagnosis = gpgme.diagnose();
    assert!(diagnosis.is_usable(), "{diagnosis}");
    gpgme
}

fn check(
    case: &SuiteCase,
    divergence: Option<&Expected>,
    answer: &case::Answer,
) -> Result<(), Failed> {
    let failed = |complaint: String| {
        Err(Failed::from(format!(
            "{}\n  {complaint}\n  answered: {} ({}): {}",
            case.about(),
            answer.verdict,
            answer.code.as_deref().unwrap_or("no code"),
            answer.message
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
