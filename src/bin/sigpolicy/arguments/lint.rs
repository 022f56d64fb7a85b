//! The arguments of `sigpolicy lint`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::format::{FormatArguments, HasJson};
use super::shared::JudgementArguments;
use crate::duration;

/// Check a policy and its key files for what is most likely a slip
///
/// For a pipeline or an editor: needs no image and no network. A finding has a code, which --allow,
/// --note, --warn and --deny take; an exception has a reason, and may end.
///
/// Exit status: 0 if nothing but notes was found; 1 for warnings (2 with --deny warnings); 2 for errors, and
/// if the policy cannot be used.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  sigpolicy lint
  sigpolicy lint --no-key-files --format github ./policy.json
  sigpolicy lint --deny warnings --except 'unsigned-default=build machine, has no keys yet'
  sigpolicy lint --except 'key-expires-soon@2027-01-01T00:00:00Z=the new key is ordered'")]
pub struct LintArguments {
    /// The policy (default: the system's, as podman 6 finds it)
    pub file: Option<PathBuf>,
    /// Start relative key paths of the policy here (default: the current folder)
    #[arg(long = "key-dir", value_name = "DIR", overrides_with = "key_directory")]
    pub key_directory: Option<PathBuf>,
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
    /// Expect findings of this code, for a reason: CODE=REASON, or CODE@TIME=REASON until then
    #[arg(long, value_name = "CODE=REASON", help_heading = "Levels")]
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
