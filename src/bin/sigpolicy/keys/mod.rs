//! `sigpolicy keys`: until when are the policy's keys good?

mod calendar;
mod level;
mod metrics;
mod table;

use std::process::ExitCode;

use containers_sigpolicy::{Moment, Policy};
use serde::Serialize;

use self::level::{Level, Overview, Thresholds};
use super::arguments::{KeysArguments, KeysFormat};
use super::{output, verify};

/// What every format is made of.
struct Known<'a> {
    policy: &'a Policy,
    overview: &'a Overview,
    thresholds: Thresholds,
    now: Moment,
}

/// Looks at each key file of the policy, and prints what is known of it.
pub fn run(arguments: &KeysArguments) -> ExitCode {
    let verifier = match verify::verifier(&arguments.policy, &arguments.judgement) {
        Ok(verifier) => verifier,
        Err(error) => {
            return match arguments.format.get() {
                KeysFormat::Json => output::json(&error, Level::Unknown.status()),
                // What collects metrics publishes that there are none.
                KeysFormat::Prometheus => {
                    output::complain(error.answer());
                    output::plain(metrics::of_unusable_policy().as_bytes(), 0)
                }
                KeysFormat::Text | KeysFormat::Ics => output::text(
                    format_args!("{}: {}", Level::Unknown, error.answer()),
                    Level::Unknown.status(),
                ),
            };
        }
    };
    let now = match arguments.judgement.clock().now() {
        Ok(now) => now,
        Err(error) => return output::failure(&error, false),
    };
    let thresholds = Thresholds {
        warn: arguments.warn,
        critical: arguments.critical,
    };
    let overview = Overview::of(verifier.keys(), thresholds, now);
    let known = Known {
        policy: verifier.policy(),
        overview: &overview,
        thresholds,
        now,
    };
    let status = overview.level.status();
    match arguments.format.get() {
        KeysFormat::Text => output::text(table::of(&known), status),
        KeysFormat::Json => output::json(&object(&known), status),
        KeysFormat::Prometheus => output::plain(metrics::of(&known).as_bytes(), 0),
        KeysFormat::Ics => output::plain(calendar::of(&known).as_bytes(), 0),
    }
}

/// Everything that is known, for programs.
fn object(known: &Known<'_>) -> impl Serialize {
    serde_json::json!({
        "schema": 1,
        "level": known.overview.level,
        "summary": known.overview.summary(known.thresholds),
        "judged_at": known.now,
        "warn_seconds": known.thresholds.warn.as_secs(),
        "critical_seconds": known.thresholds.critical.as_secs(),
        "policy": known.policy.origin(),
        "files": known.overview.files.iter().map(|file| &file.report).collect::<Vec<_>>(),
    })
}
