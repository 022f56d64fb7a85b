//! The command line, from which help, completions and manual pages are made.

mod format;
mod keys;
mod lint;
mod shared;
mod verify;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use self::format::{Format, FormatArguments};
pub use self::keys::{KeysArguments, KeysFormat};
pub use self::lint::{LintArguments, LintFormat};
pub use self::shared::{JudgementArguments, PolicyArguments};
pub use self::verify::VerifyArguments;

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
    pub format: FormatArguments<Format>,
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
    pub format: FormatArguments<Format>,
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
    pub format: FormatArguments<Format>,
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
