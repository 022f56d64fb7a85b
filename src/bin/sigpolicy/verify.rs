//! `sigpolicy verify`: may this image run?

use std::process::ExitCode;

use containers_sigpolicy::engine::{EngineError, Environment};
use containers_sigpolicy::{
    Error, ImageName, Policy, Report, SystemPaths, Verifier, VerifierBuilder, VerifyOptions,
};

use super::arguments::{JudgementArguments, PolicyArguments, VerifyArguments};
use super::{image, output};

/// Judges the image, and prints the answer.
pub fn run(arguments: &VerifyArguments) -> ExitCode {
    let json = arguments.format.is_json();
    let name = match ImageName::parse(&arguments.image) {
        Ok(name) => name,
        Err(error) => return no_verdict(&error.into(), json),
    };
    let source = match image::source(arguments, name) {
        Ok(source) => source,
        Err(message) => return output::usage(message, json),
    };
    let mut options = VerifyOptions::new();
    if let Some(signed_at) = arguments.newest_seen {
        options = options.newest_seen(signed_at);
    }
    let verdict =
        demanding(arguments).and_then(|verifier| verifier.verify_with(source.as_ref(), options));
    let verbose = arguments.verbose;
    match verdict {
        Ok(accepted) => with_report(accepted.report(), 0, json, verbose),
        Err(Error::Rejected(report)) => with_report(&report, 1, json, verbose),
        Err(Error::Undecided(report) | Error::Unavailable { report, .. }) => {
            with_report(&report, output::NO_ANSWER, json, verbose)
        }
        Err(error) => no_verdict(&error, json),
    }
}

/// The verifier, with what the arguments demand beyond the policy.
fn demanding(arguments: &VerifyArguments) -> Result<Verifier, Error> {
    let mut builder = completed(&arguments.policy, &arguments.judgement)?
        .require_signed(arguments.require_signed)
        .sigstore_bundles(arguments.sigstore_bundles.into())
        .warn_ahead(arguments.warn_ahead);
    if let Some(age) = arguments.max_age {
        builder = builder.max_signature_age(age);
    }
    Ok(builder.build())
}

/// The policy that the arguments name, or the system's.
pub fn policy(arguments: &PolicyArguments) -> Result<Policy, Error> {
    Ok(match &arguments.file {
        Some(file) => Policy::from_file(file)?,
        None => Policy::from_system(&SystemPaths::from_env())?,
    })
}

/// A verifier by this policy, to be completed.
pub fn builder(policy: Policy, judgement: &JudgementArguments) -> Result<VerifierBuilder, Error> {
    let builder = Verifier::builder(policy)
        .clock(judgement.clock())
        .crypto_policy(judgement.crypto_policy);
    Ok(match judgement.engine() {
        Some(kind) => builder.first_engine(Environment::from_env(), [kind]),
        None => builder,
    })
}

/// The verifier that the arguments describe.
pub fn verifier(
    policy: &PolicyArguments,
    judgement: &JudgementArguments,
) -> Result<Verifier, Error> {
    Ok(completed(policy, judgement)?.build())
}

fn completed(
    arguments: &PolicyArguments,
    judgement: &JudgementArguments,
) -> Result<VerifierBuilder, Error> {
    let builder = builder(policy(arguments)?, judgement)?;
    Ok(arguments.keys.apply_to(builder))
}

/// Ends with an error of the library, without a verdict.
pub fn no_verdict(error: &Error, json: bool) -> ExitCode {
    if json {
        return output::json(error, output::NO_ANSWER);
    }
    let status = if error.report().is_some() {
        output::text(error.answer(), output::NO_ANSWER)
    } else {
        output::complain(error.answer());
        ExitCode::from(output::NO_ANSWER)
    };
    if let Error::Engine { error, .. } = error {
        if let Some(diagnosis) = EngineError::diagnosis(error) {
            output::complain(diagnosis);
        }
    }
    status
}

fn with_report(report: &Report, status: u8, json: bool, verbose: bool) -> ExitCode {
    match (json, verbose) {
        (true, _) => output::json(report, status),
        (false, true) => output::text(format_args!("{report:#}"), status),
        (false, false) => output::text(report, status),
    }
}
