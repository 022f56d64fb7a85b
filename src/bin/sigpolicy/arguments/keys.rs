//! The arguments of `sigpolicy keys`.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::format::{FormatArguments, HasJson};
use super::shared::{JudgementArguments, PolicyArguments};
use crate::duration;

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
    #[command(flatten)]
    pub format: FormatArguments<KeysFormat>,
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

impl HasJson for KeysFormat {
    const JSON: Self = Self::Json;
}
