//! What several commands take: the policy, and by what to judge.

use std::path::PathBuf;

use clap::Args;
use containers_sigpolicy::engine::EngineKind;
use containers_sigpolicy::{Clock, CryptoPolicy, Moment, VerifierBuilder};

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
    #[command(flatten)]
    pub keys: KeyArguments,
}

/// Where the key files of a policy are.
#[derive(Debug, Args)]
pub struct KeyArguments {
    /// Start relative key paths of the policy here (default: the current folder)
    #[arg(
        long = "key-dir",
        value_name = "DIR",
        overrides_with = "key_directory",
        help_heading = "Policy"
    )]
    key_directory: Option<PathBuf>,
}

impl KeyArguments {
    /// The verifier, which starts relative key paths there.
    pub fn apply_to(&self, builder: VerifierBuilder) -> VerifierBuilder {
        match &self.key_directory {
            Some(directory) => builder.key_directory(directory),
            None => builder,
        }
    }
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
    /// Verify with this engine: gpgme, gpg, native or sequoia, or `auto`, the first that works of these
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
