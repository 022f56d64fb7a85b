//! `sigpolicy lint`: is something in the policy most likely a slip?

use std::process::ExitCode;

use containers_sigpolicy::explain::{Lint, LintLevel, LintReport};
use containers_sigpolicy::policy::PolicyOrigin;
use containers_sigpolicy::{Error, ImageName, Policy, SystemPaths, Verifier};

use super::arguments::{LintArguments, LintFormat};
use super::exception::{self, parse_code};
use super::mistake::{Mistake, text_of};
use super::{output, verify};

/// The word that stands for every warning, in place of a code.
const WARNINGS: &str = "warnings";

/// Checks the policy, and prints what was found.
pub fn run(arguments: &LintArguments) -> ExitCode {
    let lint = match lint(arguments) {
        Ok(lint) => lint,
        Err(message) => return output::usage(&message, arguments.format.is_json()),
    };
    let images: Result<Vec<ImageName>, _> = arguments
        .images
        .iter()
        .map(|image| ImageName::parse(image))
        .collect();
    let lint = match images {
        Ok(images) => lint.for_images(images),
        Err(error) => return verify::no_verdict(&error.into(), arguments.format.is_json()),
    };
    let policy = match &arguments.file {
        Some(file) => Policy::from_file(file),
        None => Policy::from_system(&SystemPaths::from_env()),
    };
    let policy = match policy {
        Ok(policy) => policy,
        Err(error) => return unreadable(error.into(), arguments.format.get()),
    };
    let origin = policy.origin().clone();
    let report = if arguments.no_key_files {
        lint.check(&policy)
    } else {
        match verifier(policy, arguments) {
            Ok(verifier) => verifier.lint(&lint),
            Err(error) => {
                return verify::no_verdict(&error, arguments.format.is_json());
            }
        }
    };
    let denies_warnings = arguments.deny.iter().any(|code| code == WARNINGS);
    let status = match report.worst() {
        None | Some(LintLevel::Note) => 0,
        Some(LintLevel::Warning) if !denies_warnings => 1,
        Some(_) => 2,
    };
    match arguments.format.get() {
        LintFormat::Json => output::json(&report, status),
        LintFormat::Text => output::styled_text(&text(&report, &origin), status),
        LintFormat::Github => {
            let file = file(&origin);
            let annotations: String = report
                .findings
                .iter()
                .map(|finding| Mistake::of_finding(finding).annotation(&file))
                .collect();
            output::plain(annotations.as_bytes(), status)
        }
    }
}

fn verifier(policy: Policy, arguments: &LintArguments) -> Result<Verifier, Error> {
    let builder = verify::builder(policy, &arguments.judgement)?.warn_ahead(arguments.warn_ahead);
    Ok(arguments.keys.apply_to(builder).build())
}

/// How serious each finding is, and which are expected.
fn lint(arguments: &LintArguments) -> Result<Lint, String> {
    let mut lint = Lint::new().clock(arguments.judgement.clock());
    for code in &arguments.allow {
        lint = lint.allow(parse_code(code)?);
    }
    for code in &arguments.note {
        lint = lint.note(parse_code(code)?);
    }
    for code in &arguments.warn {
        lint = lint.warn(parse_code(code)?);
    }
    for code in arguments.deny.iter().filter(|code| *code != WARNINGS) {
        lint = lint.deny(parse_code(code)?);
    }
    for text in &arguments.except {
        lint = lint.except(exception::parse(text)?);
    }
    Ok(lint)
}

fn file(origin: &PolicyOrigin) -> String {
    match &origin.file {
        Some(file) => file.display().to_string(),
        None => "policy.json".to_owned(),
    }
}

fn text(report: &LintReport, origin: &PolicyOrigin) -> String {
    let (file, source) = (file(origin), text_of(origin));
    let mistakes: Vec<Mistake> = report.findings.iter().map(Mistake::of_finding).collect();
    let mut text: String = mistakes
        .iter()
        .map(|mistake| mistake.snippet(&file, source.as_deref()))
        .collect();
    let count = |level, one: &str| {
        let count = mistakes
            .iter()
            .filter(|mistake| mistake.level == level)
            .count();
        match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            several => Some(format!("{several} {one}s")),
        }
    };
    let counts: Vec<String> = [
        count(LintLevel::Error, "error"),
        count(LintLevel::Warning, "warning"),
        count(LintLevel::Note, "note"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let counts = if counts.is_empty() {
        "nothing found".to_owned()
    } else {
        counts.join(", ")
    };
    for image in &report.images {
        text.push_str(&image.summary());
        text.push('\n');
    }
    text.push_str(&format!("{file}: {counts}"));
    if report.left_out > 0 {
        text.push_str(&format!(", and {} more that are not told", report.left_out));
    }
    text.push('\n');
    text
}

/// Ends over a policy that cannot be used at all, with all mistakes in it.
fn unreadable(error: Error, format: LintFormat) -> ExitCode {
    let Error::Policy(policy_error) = &error else {
        return verify::no_verdict(&error, format == LintFormat::Json);
    };
    let Some(origin) = policy_error
        .origin()
        .filter(|_| policy_error.span().is_some())
    else {
        return verify::no_verdict(&error, format == LintFormat::Json);
    };
    let file = file(origin);
    let mistakes = Mistake::of_error(policy_error);
    match format {
        LintFormat::Json => output::json(&error, output::NO_ANSWER),
        LintFormat::Github => {
            let annotations: String = mistakes
                .iter()
                .map(|mistake| mistake.annotation(&file))
                .collect();
            output::plain(annotations.as_bytes(), output::NO_ANSWER)
        }
        LintFormat::Text => {
            let source = text_of(origin);
            let mut text: String = mistakes
                .iter()
                .map(|mistake| mistake.snippet(&file, source.as_deref()))
                .collect();
            let count = mistakes
                .len()
                .saturating_add(policy_error.others_left_out());
            let plural = if count == 1 { "" } else { "s" };
            text.push_str(&format!(
                "{file}: {count} mistake{plural}: the policy cannot be used\n"
            ));
            output::styled_text(&text, output::NO_ANSWER)
        }
    }
}
