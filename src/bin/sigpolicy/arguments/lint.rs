//! The arguments of `sigpolicy lint`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use containers_sigpolicy::explain::{LintCode, LintLevel};

use super::format::{FormatArguments, HasJson};
use super::shared::{JudgementArguments, KeyArguments};
use crate::duration;

/// Check a policy and its key files for what is most likely a slip
///
/// For a pipeline or an editor: needs no image and no network. A finding has a code, which --allow, --note, --warn
/// and --deny take; an exception has a reason, and may be for one scope, and may end.
///
/// Exit status: 0 if nothing but notes was found; 1 for warnings (2 with --deny warnings); 2 for errors, and
/// if the policy cannot be used.
#[derive(Debug, Args)]
#[command(after_long_help = examples_and_codes())]
pub struct LintArguments {
    /// The policy (default: the system's, as podman 6 finds it)
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub keys: KeyArguments,
    /// Tell only what concerns this image, and which scope applies to it (may be given several times)
    #[arg(long = "for", value_name = "IMAGE")]
    pub images: Vec<String>,
    /// Do not read the key files
    #[arg(long)]
    pub no_key_files: bool,
    #[command(flatten)]
    pub judgement: JudgementArguments,
    /// Do not tell findings of this code (may be given several times, as the next three)
    #[arg(long, value_name = "CODE", help_heading = "Levels")]
    pub allow: Vec<String>,
    /// Call findings of this code notes
    #[arg(long, value_name = "CODE", help_heading = "Levels")]
    pub note: Vec<String>,
    /// Call findings of this code warnings
    #[arg(long, value_name = "CODE", help_heading = "Levels")]
    pub warn: Vec<String>,
    /// Call findings of this code errors; `warnings` stands for every warning
    #[arg(long, value_name = "CODE", help_heading = "Levels")]
    pub deny: Vec<String>,
    /// Expect findings of this code, for a reason: CODE=REASON, or CODE@SCOPE=REASON in one scope, each with `;until=TIME`
    /// behind it if it ends
    ///
    /// SCOPE is the transport, a colon, and the scope as the policy has it, such as docker:registry.example/app;
    /// `default` is the policy's default. TIME is a day, such as 2027-01-31, or a time. An exception that meets nothing
    /// any more, or has ended, is told itself: unused-allow.
    #[arg(
        long,
        value_name = "CODE[@SCOPE]=REASON[;until=TIME]",
        help_heading = "Levels"
    )]
    pub except: Vec<String>,
    /// Warn of keys that end within this time
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = duration::parse)]
    pub warn_ahead: Duration,
    #[command(flatten)]
    pub format: FormatArguments<LintFormat>,
}

/// How to print findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// For people: each with its line
    Text,
    /// For programs
    Json,
    /// Annotations for GitHub's workflows
    Github,
}

impl HasJson for LintFormat {
    const JSON: Self = Self::Json;
}

/// What is below the arguments.
fn examples_and_codes() -> String {
    let codes = |level| {
        let codes = LintCode::ALL.iter();
        let codes = codes.filter(|code| code.default_level() == level);
        let names: Vec<&str> = codes.map(|code| code.name()).collect();
        names.join(", ")
    };
    format!(
        "\
Examples:
  sigpolicy lint
  sigpolicy lint --no-key-files --format github ./policy.json
  sigpolicy lint --for docker://registry.example/app:1 --for docker://registry.example/web:1
  sigpolicy lint --deny warnings --except 'unsigned-default=build machine, has no keys yet'
  sigpolicy lint --except 'weak-key@docker:registry.example/app=being replaced;until=2027-01-31'

Codes of errors, unless told otherwise: {}.

Codes of warnings: {}.

Codes of notes: {}.",
        codes(LintLevel::Error),
        codes(LintLevel::Warning),
        codes(LintLevel::Note)
    )
}
