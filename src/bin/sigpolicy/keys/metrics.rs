//! The keys as metrics in the text format of Prometheus, for its collector of text files: times, and no durations, so
//! that they stay true until the next run.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::time::SystemTime;

use containers_sigpolicy::Moment;
use containers_sigpolicy::verdict::KeyReport;

use super::Known;

/// What is known of the key files.
pub fn of(known: &Known<'_>) -> String {
    let files = || known.overview.files.iter().map(|file| &file.report);
    let mut text = head(known.now, 0);
    let up = files().map(|report| {
        let labels = format!("{{file=\"{}\"}}", escaped(&name(report)));
        (labels, u64::from(report.problem.is_none()))
    });
    text += &metric(
        "sigpolicy_key_file_up",
        "Whether the key file can be used.",
        up,
    );
    let keys = || files().flat_map(|report| report.keys.iter().map(move |status| (report, status)));
    let ends = keys().flat_map(|(report, status)| {
        let key = &status.key;
        let of_subkeys = key
            .signing_keys
            .iter()
            .filter(|signing| signing.fingerprint != key.fingerprint)
            .map(|signing| ("subkey", signing.fingerprint.as_str(), signing.expires));
        let of_primary = ("primary", key.fingerprint.as_str(), key.expires);
        std::iter::once(of_primary).chain(of_subkeys).filter_map(
            move |(kind, fingerprint, expires)| {
                let labels = labels(report, fingerprint, key.user_id.as_deref(), Some(kind));
                Some((labels, seconds(expires?)))
            },
        )
    });
    text += &metric(
        "sigpolicy_key_not_after_seconds",
        "When the key or the subkey expires; none if it does not.",
        ends,
    );
    let usable = keys().filter_map(|(report, status)| {
        let key = &status.key;
        let owner = key.user_id.as_deref();
        let labels = labels(report, key.fingerprint.as_str(), owner, None);
        Some((labels, seconds(status.usable_until?)))
    });
    text += &metric(
        "sigpolicy_key_usable_until_seconds",
        "Until when a signature by the key can count; none if it has no end, or none can count.",
        usable,
    );
    let certificates = files().flat_map(|report| {
        let certificates = report.certificates.iter();
        certificates.map(move |certificate| {
            let labels = format!(
                "{{serial=\"{}\",subject=\"{}\",file=\"{}\"}}",
                escaped(&certificate.serial),
                escaped(&certificate.subject),
                escaped(&name(report))
            );
            (labels, seconds(certificate.not_after))
        })
    });
    let mut certificates = certificates.peekable();
    if certificates.peek().is_some() {
        text += &metric(
            "sigpolicy_certificate_not_after_seconds",
            "When the certificate of an authority expires.",
            certificates,
        );
    }
    text
}

/// That there are no keys, because the policy cannot be used.
pub fn of_unusable_policy() -> String {
    head(SystemTime::now().into(), 1)
}

/// What is said of every run.
fn head(now: Moment, errors: u64) -> String {
    let one = |value| std::iter::once((String::new(), value));
    let errors = metric(
        "sigpolicy_policy_errors",
        "Whether the policy cannot be used.",
        one(errors),
    );
    let last = metric(
        "sigpolicy_last_run_seconds",
        "When the keys were looked at.",
        one(seconds(now)),
    );
    errors + &last
}

/// A metric with its series, by their labels: each once, as the first has it.
fn metric(name: &str, help: &str, series: impl Iterator<Item = (String, u64)>) -> String {
    let mut text = format!("# HELP {name} {help}\n# TYPE {name} gauge\n");
    let mut said = HashSet::new();
    for (labels, value) in series {
        // Writing to a String cannot fail.
        if !said.contains(&labels) && writeln!(text, "{name}{labels} {value}").is_ok() {
            said.insert(labels);
        }
    }
    text
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
