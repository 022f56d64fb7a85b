use super::*;

mod images;
mod requirements;
mod scopes;
mod settings;

/// The findings of a policy, as sentences, and what a program reads of them.
fn said(policy: &Policy) -> Vec<String> {
    let report = policy.lint();
    json_output::of(&report, "lint");
    for finding in &report.findings {
        assert!(!finding.steps.is_empty(), "{finding}");
    }
    report.findings.iter().map(ToString::to_string).collect()
}

/// Of a policy whose one scope is in line 4, below `default`.
fn said_of(default: &str, transport: &str, scope: &str) -> Vec<String> {
    said(&with_scope(default, transport, scope))
}

/// What is found at the requirements of a scope, in line 2.
fn said_of_list(transport: &str, scope: &str, list: &str) -> Vec<String> {
    let text = format!(
        "{{\"default\": [{{\"type\": \"reject\"}}], \"transports\": {{\"{transport}\":\n{{\"{scope}\": [{list}]}}}}}}"
    );
    said(&policy(&text))
}

fn signed_by(rest: &str) -> String {
    format!(r#"{{"type": "signedBy", "keyType": "GPGKeys", {rest}}}"#)
}
