//! The keys as metrics in the text format of Prometheus, for its collector of text files: times, and no durations, so
//! that they stay true until the next run.

use std::fmt::Write as _;
use std::time::SystemTime;

use containers_sigpolicy::Moment;
use containers_sigpolicy::verdict::KeyReport;

use super::Known;

/// What is known of the key files.
pub fn of(known: &Known<'_>) -> String {
    let files = || known.overview.files.iter().map(|file| &file.report);
    let mut text = head(
        "sigpolicy_policy_errors",
        "Whether the policy cannot be used.",
    );
    line(&mut text, "sigpolicy_policy_errors", "", 0);
    text += &head(
        "sigpolicy_last_run_seconds",
        "When the keys were looked at.",
    );
    line(
        &mut text,
        "sigpolicy_last_run_seconds",
        "",
        seconds(known.now),
    );
    text += &head("sigpolicy_key_file_up", "Whether the key file can be used.");
    let mut said: Vec<String> = Vec::new();
    for report in files() {
        let labels = format!("{{file=\"{}\"}}", escaped(&name(report)));
        if !said.contains(&labels) {
            line(
                &mut text,
                "sigpolicy_key_file_up",
                &labels,
                u64::from(report.problem.is_none()),
            );
            said.push(labels);
        }
    }
    text += &head(
        "sigpolicy_key_not_after_seconds",
        "When the key or the subkey expires; none if it does not.",
    );
    said.clear();
    for report in files() {
        for status in &report.keys {
            let key = &status.key;
            let of_subkeys = key
                .signing_keys
                .iter()
                .filter(|signing| signing.fingerprint != key.fingerprint)
                .map(|signing| ("subkey", signing.fingerprint.as_str(), signing.expires));
            let of_primary = ("primary", key.fingerprint.as_str(), key.expires);
            for (kind, fingerprint, expires) in std::iter::once(of_primary).chain(of_subkeys) {
                let Some(expires) = expires else { continue };
                let labels = labels(report, fingerprint, key.user_id.as_deref(), Some(kind));
                if !said.contains(&labels) {
                    line(
                        &mut text,
                        "sigpolicy_key_not_after_seconds",
                        &labels,
                        seconds(expires),
                    );
                    said.push(labels);
                }
            }
        }
    }
    text += &head(
        "sigpolicy_key_usable_until_seconds",
        "Until when a signature by the key can count; none if it has no end, or none can count.",
    );
    said.clear();
    for report in files() {
        for status in &report.keys {
            let key = &status.key;
            let Some(until) = status.usable_until else {
                continue;
            };
            let labels = labels(
                report,
                key.fingerprint.as_str(),
                key.user_id.as_deref(),
                None,
            );
            if !said.contains(&labels) {
                line(
                    &mut text,
                    "sigpolicy_key_usable_until_seconds",
                    &labels,
                    seconds(until),
                );
                said.push(labels);
            }
        }
    }
    text
}

/// That there are no keys, because the policy cannot be used.
pub fn of_unusable_policy() -> String {
    let mut text = head(
        "sigpolicy_policy_errors",
        "Whether the policy cannot be used.",
    );
    line(&mut text, "sigpolicy_policy_errors", "", 1);
    text += &head(
        "sigpolicy_last_run_seconds",
        "When the keys were looked at.",
    );
    line(
        &mut text,
        "sigpolicy_last_run_seconds",
        "",
        seconds(SystemTime::now().into()),
    );
    text
}

fn head(metric: &str, help: &str) -> String {
    format!("# HELP {metric} {help}\n# TYPE {metric} gauge\n")
}

fn line(text: &mut String, metric: &str, labels: &str, value: u64) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{metric}{labels} {value}");
}

fn labels(
    report: &KeyReport,
    fingerprint: &str,
    owner: Option<&str>,
    kind: Option<&str>,
) -> String {
    let owner = escaped(owner.unwrap_or_default());
    let file = escaped(&name(report));
    let kind = kind
        .map(|kind| format!(",kind=\"{kind}\""))
        .unwrap_or_default();
    format!("{{fingerprint=\"{fingerprint}\",owner=\"{owner}\",file=\"{file}\"{kind}}}")
}

fn name(report: &KeyReport) -> String {
    match &report.file {
        Some(file) => file.to_string_lossy().into_owned(),
        None => report.origin.clone(),
    }
}

/// The value of a label, by the rules of the text format.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

fn seconds(moment: Moment) -> u64 {
    moment
        .system_time()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
