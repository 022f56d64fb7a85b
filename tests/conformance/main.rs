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
use suite::{Expected, Suite};
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
    let engines = [(Arc::clone(&sequoia), "sequoia"), (unanimous, "sequoia")];
    let suite = Arc::new(suite);
    let mut trials = Vec::new();
    for (engine, diverges_as) in engines {
        for index in 0..suite.cases.len() {
            let (suite, engine) = (Arc::clone(&suite), Arc::clone(&engine));
            let name = format!("{}::{}", engine.name(), suite.cases[index].id());
            trials.push(Trial::test(name, move || {
                let case = &suite.cases[index];
                let expected = suite.expected(case, diverges_as);
                let answer = case
                    .case
                    .answer(&suite.root, &engine, CryptoPolicy::Standard);
                check(case.about(), &expected, &answer)
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn check(about: &str, expected: &Expected, answer: &case::Answer) -> Result<(), Failed> {
    let verdict_fits = match expected.verdict.as_str() {
        "deny" => answer.verdict != "accept",
        verdict => answer.verdict == verdict,
    };
    let code_fits = match &expected.code {
        Some(code) => answer.code.as_ref() == Some(code),
        None => true,
    };
    // A runner that cannot read a case has not denied anything.
    let was_read = answer.code.as_deref() != Some("case-invalid");
    if verdict_fits && code_fits && was_read {
        return Ok(());
    }
    Err(Failed::from(format!(
        "{about}\n  expected: {expected}\n  answered: {} ({}): {}",
        answer.verdict,
        answer.code.as_deref().unwrap_or("no code"),
        answer.message
    )))
}
