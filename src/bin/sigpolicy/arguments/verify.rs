//! The arguments of `sigpolicy verify`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use containers_sigpolicy::{Digest, Moment, SigstoreBundles};

use super::format::{Format, FormatArguments};
use super::shared::{JudgementArguments, PolicyArguments};
use crate::duration;

/// Which sigstore bundles count: [`SigstoreBundles`], by words.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Bundles {
    Off,
    Named,
    DigestSuffices,
}

impl From<Bundles> for SigstoreBundles {
    fn from(bundles: Bundles) -> Self {
        match bundles {
            Bundles::Off => Self::Off,
            Bundles::Named => Self::Named,
            Bundles::DigestSuffices => Self::DigestSuffices,
        }
    }
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
  sigpolicy verify docker://registry.example/app:1 dir:./app --bundle app.sigstore.json
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
    /// Read a sigstore bundle, as cosign 3 makes them, from this file (may be given several times)
    #[arg(long = "bundle", value_name = "FILE", help_heading = "Image")]
    pub bundles: Vec<PathBuf>,
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
    #[arg(
        long,
        visible_alias = "max-signature-age",
        value_name = "TIME",
        value_parser = duration::parse,
        help_heading = "Demands beyond the policy"
    )]
    pub max_age: Option<Duration>,
    /// Reject what was signed before this, such as 2026-01-15T12:00:00Z: when the newest image was signed that was
    /// accepted by this name, so that nobody can put an old one back
    #[arg(long, value_name = "TIME", help_heading = "Demands beyond the policy")]
    pub newest_seen: Option<Moment>,
    /// Which sigstore bundles count: none, those that name the image, or also those over its digest alone, whatever
    /// `signedIdentity` says
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "named",
        help_heading = "Judgement"
    )]
    pub sigstore_bundles: Bundles,
    /// Warn of keys, certificates and signatures that end within this time
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = duration::parse)]
    pub warn_ahead: Duration,
    #[command(flatten)]
    pub format: FormatArguments<Format>,
    /// Print everything that is known, not only the answer
    #[arg(long, short)]
    pub verbose: bool,
}
