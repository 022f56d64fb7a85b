//! The command line, from which help, completions and manual pages are made.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use containers_sigpolicy::engine::EngineKind;
use containers_sigpolicy::{Clock, CryptoPolicy, Digest, Moment};

use super::duration;

/// Says whether a container image may run under a containers-policy.json(5), and if not, why not and
/// what to do.
///
/// Everything is read from files: there is no network. The answer is at most six lines; `--format
/// json` has the same for programs, with everything that is known.
#[derive(Debug, Parser)]
#[command(name = "sigpolicy", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Verify(VerifyArguments),
    Explain(ExplainArguments),
    Lint(LintArguments),
    Keys(KeysArguments),
    Engines(EnginesArguments),
    Inspect(InspectArguments),
    Completions(CompletionsArguments),
    Man(ManArguments),
}

/// Decide whether an image may run
///
/// IMAGE is the name that the policy is asked about. Its bytes come from a folder that `skopeo copy
/// docker://… dir:PATH` has written, or from a manifest and files of signatures; without either,
/// IMAGE itself must be a `dir:` image.
///
/// Exit status: 0 if the image is accepted, 1 if it is rejected, 2 if nobody knows, because something
/// could not be read or checked, or the arguments are wrong. Only 0 means that the image may run.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  sigpolicy verify docker://registry.example/app:1 dir:./app
  sigpolicy verify docker://registry.example/app:1 --manifest manifest.json --signature signature-1
  sigpolicy verify --policy ./policy.json --format json dir:/var/lib/images/app")]
pub struct VerifyArguments {
    /// The image, such as docker://registry.example/app:1
    pub image: String,
    /// Where its bytes are: `dir:PATH`
    #[arg(value_name = "dir:PATH")]
    pub location: Option<String>,
    #[command(flatten)]
    pub policy: PolicyArguments,
    #[command(flatten)]
    pub judgement: JudgementArguments,
    /// Read the manifest from this file, byte for byte as served
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "location",
        help_heading = "Image"
    )]
    pub manifest: Option<PathBuf>,
    /// With --manifest, read a signature from this file (may be given several times)
    #[arg(
        long = "signature",
        value_name = "FILE",
        requires = "manifest",
        help_heading = "Image"
    )]
    pub signatures: Vec<PathBuf>,
    /// Check this instance of a multi-architecture image
    #[arg(long, value_name = "DIGEST", help_heading = "Image")]
    pub instance: Option<Digest>,
    /// With --manifest and --instance, read the list that names the instance from this file
    #[arg(
        long,
        value_name = "FILE",
        requires = "manifest",
        requires = "instance",
        help_heading = "Image"
    )]
    pub list: Option<PathBuf>,
    /// Reject where the policy asks for no signature
    #[arg(long, help_heading = "Demands beyond the policy")]
    pub require_signed: bool,
    /// Reject where the signature is older than this, such as 90d
    #[arg(long, value_name = "TIME", value_parser = duration::parse, help_heading = "Demands beyond the policy")]
    pub max_age: Option<Duration>,
    /// Warn of keys and signatures that end within this time
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = duration::parse)]
    pub warn_ahead: Duration,
    #[command(flatten)]
    pub format: FormatArguments,
    /// Print everything that is known, not only the answer
    #[arg(long, short)]
    pub verbose: bool,
}

/// Explain what the policy demands of an image, and whether it can pass at all
///
/// Needs no bytes of the image: which entry of the policy applies and which were meant, what each
/// requirement needs, which name has to be signed, and until when its keys are good.
///
/// Exit status: 0 if the image can pass, given the signatures; 1 if nothing helps; 2 if nobody knows,
/// because the policy or the engine cannot be used.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  sigpolicy explain docker://registry.example/shop/web:1.4.2
  sigpolicy explain --at 2027-01-01T00:00:00Z docker://registry.example/shop/web:1.4.2")]
pub struct ExplainArguments {
    /// The image, such as docker://registry.example/app:1
    pub image: String,
    #[command(flatten)]
    pub policy: PolicyArguments,
    #[command(flatten)]
    pub judgement: JudgementArguments,
    #[command(flatten)]
    pub format: FormatArguments,
}

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
    /// How to print
    #[arg(
        long,
        value_name = "FORMAT",
        overrides_with = "format",
        default_value = "text"
    )]
    format: LintFormat,
    /// The same as --format json
    #[arg(long)]
    json: bool,
}

impl LintArguments {
    /// How to print.
    pub fn format(&self) -> LintFormat {
        if self.json {
            LintFormat::Json
        } else {
            self.format
        }
    }
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

/// Say until when the policy's keys are good
///
/// Needs no image and no network: for a timer, a monitoring plugin, or a look before a key ends.
///
/// Exit status, as of monitoring plugins: 0 if all is well; 1 if a key ends within the time of --warn, or
/// one that cannot be used is beside a good one; 2 if the last good key of a file ends within the time of
/// --critical, or a file has none; 3 if nobody knows, because the policy or the engine cannot be used. With
/// the formats prometheus and ics, 0 if all was written: these carry the times themselves.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  sigpolicy keys
  sigpolicy keys --warn 60d --critical 14d
  sigpolicy keys --format prometheus >/var/lib/node_exporter/sigpolicy.prom
  sigpolicy keys --format ics >keys.ics")]
pub struct KeysArguments {
    #[command(flatten)]
    pub policy: PolicyArguments,
    #[command(flatten)]
    pub judgement: JudgementArguments,
    /// Warn of keys that end within this time, such as 30d, 12h or 4w
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = duration::parse)]
    pub warn: Duration,
    /// Call it critical within this time
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = duration::parse)]
    pub critical: Duration,
    /// How to print
    #[arg(
        long,
        value_name = "FORMAT",
        overrides_with = "format",
        default_value = "text"
    )]
    format: KeysFormat,
    /// The same as --format json
    #[arg(long)]
    json: bool,
}

impl KeysArguments {
    /// How to print.
    pub fn format(&self) -> KeysFormat {
        if self.json {
            KeysFormat::Json
        } else {
            self.format
        }
    }
}

/// How to print keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeysFormat {
    /// For people: a summary for a pager, and a table
    Text,
    /// For programs
    Json,
    /// Metrics for the collector of text files of Prometheus
    Prometheus,
    /// A calendar with an event for each end
    Ics,
}

/// Say which OpenPGP engines work here, and why the others do not
///
/// Exit status: 0 if one works, 1 if none does, 2 if the arguments are wrong.
#[derive(Debug, Args)]
pub struct EnginesArguments {
    /// Take this gpg, and look for no other
    #[arg(long, value_name = "GPG")]
    pub program: Option<PathBuf>,
    /// Put private files here (default: the system's folder for temporary files)
    #[arg(long, value_name = "DIR")]
    pub temporary_directory: Option<PathBuf>,
    /// Wait so long for a program
    #[arg(long, value_name = "MILLISECONDS")]
    pub deadline: Option<u64>,
    #[command(flatten)]
    pub format: FormatArguments,
}

/// Show what a stored signature claims, without verifying anything
///
/// Anybody can write a file that claims anything, by anybody: what is shown is no reason to run an
/// image. `sigpolicy verify` decides.
///
/// Exit status: 0 if the file is a signature of a known format, 1 if it is something else, 2 if it
/// cannot be read.
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// The file, such as signature-1 of a `dir:` image
    pub signature: PathBuf,
    #[command(flatten)]
    pub format: FormatArguments,
}

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "For example: sigpolicy completions bash >/etc/bash_completion.d/sigpolicy")]
pub struct CompletionsArguments {
    /// The shell
    pub shell: Shell,
}

/// Print a manual page, or write all of them
#[derive(Debug, Args)]
#[command(after_help = "For example: sigpolicy man --directory /usr/local/share/man/man1")]
pub struct ManArguments {
    /// The command that the page is about (default: sigpolicy itself)
    #[arg(value_name = "COMMAND", conflicts_with = "directory")]
    pub command: Option<String>,
    /// Write a page for each command into this folder
    #[arg(long, value_name = "DIR")]
    pub directory: Option<PathBuf>,
}

/// Which policy, and its keys.
#[derive(Debug, Args)]
pub struct PolicyArguments {
    /// Read this policy
    ///
    /// Default, as podman 6 finds it: $CONTAINERS_POLICY_JSON, else the first that exists of
    /// containers/policy.json in $XDG_CONFIG_HOME (or in ~/.config), in /etc and in /usr/share.
    #[arg(
        long = "policy",
        value_name = "FILE",
        overrides_with = "file",
        help_heading = "Policy"
    )]
    pub file: Option<PathBuf>,
    /// Start relative key paths of the policy here (default: the current folder)
    #[arg(
        long = "key-dir",
        value_name = "DIR",
        overrides_with = "key_directory",
        help_heading = "Policy"
    )]
    pub key_directory: Option<PathBuf>,
}

/// By what signatures are judged.
#[derive(Debug, Args)]
pub struct JudgementArguments {
    /// Judge at this time, such as 2026-01-15T12:00:00Z (default: now)
    #[arg(
        long,
        value_name = "TIME",
        overrides_with = "at",
        help_heading = "Judgement"
    )]
    at: Option<Moment>,
    /// Accept these algorithms: `standard`, or `gnupg`, which also accepts what GnuPG does
    #[arg(
        long,
        value_name = "NAME",
        overrides_with = "crypto_policy",
        default_value = "standard",
        help_heading = "Judgement"
    )]
    pub crypto_policy: CryptoPolicy,
    /// Verify with this engine: gpgme, gpg or sequoia, or `auto`, the first that works of these
    #[arg(
        long,
        value_name = "NAME",
        overrides_with = "engine",
        default_value = "auto",
        value_parser = engine,
        help_heading = "Judgement"
    )]
    engine: Choice,
}

impl JudgementArguments {
    /// The time to judge by.
    pub fn clock(&self) -> Clock {
        self.at.map_or(Clock::System, Clock::Fixed)
    }

    /// The engine, unless it is the first that works.
    pub fn engine(&self) -> Option<EngineKind> {
        self.engine.0
    }
}

/// An engine, or none for the first that works.
#[derive(Clone, Debug)]
struct Choice(Option<EngineKind>);

fn engine(name: &str) -> Result<Choice, <EngineKind as std::str::FromStr>::Err> {
    match name {
        "auto" => Ok(Choice(None)),
        name => name.parse().map(|kind| Choice(Some(kind))),
    }
}

/// How to print.
#[derive(Clone, Copy, Debug, Args)]
pub struct FormatArguments {
    /// How to print the answer
    #[arg(
        long,
        value_name = "FORMAT",
        overrides_with = "format",
        default_value = "text"
    )]
    format: Format,
    /// The same as --format json
    #[arg(long)]
    json: bool,
}

impl FormatArguments {
    /// Whether JSON is asked for.
    pub fn is_json(self) -> bool {
        self.json || self.format == Format::Json
    }
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}
