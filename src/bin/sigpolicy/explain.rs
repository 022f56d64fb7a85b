//! `sigpolicy explain`: what does the policy demand of this image?

use std::process::ExitCode;

use containers_sigpolicy::explain::Explanation;
use containers_sigpolicy::verdict::{KeyReport, KeyState, SigstoreKey, TrustKind};
use containers_sigpolicy::{ImageName, Moment};

use super::arguments::ExplainArguments;
use super::output::{self, shown};
use super::verify;

/// Explains, and prints.
pub fn run(arguments: &ExplainArguments) -> ExitCode {
    let json = arguments.format.is_json();
    let name = match ImageName::parse(&arguments.image) {
        Ok(name) => name,
        Err(error) => return verify::no_verdict(&error.into(), json),
    };
    let policy = match verify::policy(&arguments.policy) {
        Ok(policy) => policy,
        Err(error) => return verify::no_verdict(&error, json),
    };
    let explanation = policy.explain(&name);
    let needs_keys = explanation
        .requirements
        .iter()
        .any(|requirement| needs_signature(requirement.type_name));
    // Without keys it is an explanation all the same.
    let mut keys = Vec::new();
    if needs_keys {
        match verify::verifier(&arguments.policy, &arguments.judgement) {
            Ok(verifier) => keys = verifier.keys(),
            Err(error) => return verify::no_verdict(&error, json),
        }
    }
    let scope = &explanation.applies.scope;
    keys.retain(|report| report.uses.iter().any(|one| one.scope == *scope));
    let now = arguments.judgement.clock().now().ok();
    let obstacles = obstacles(&explanation, &keys, now);
    let status = u8::from(!obstacles.is_empty());
    if json {
        let object = serde_json::json!({
            "schema": 1,
            "can_pass": obstacles.is_empty(),
            "obstacles": obstacles,
            "explanation": explanation,
            "keys": keys,
        });
        return output::json(&object, status);
    }
    output::text(text(&explanation, &keys, &obstacles, now), status)
}

/// Why no signature at all can help, if none can.
fn obstacles(explanation: &Explanation, keys: &[KeyReport], now: Option<Moment>) -> Vec<String> {
    let scope = &explanation.applies.scope;
    let mut obstacles = Vec::new();
    for requirement in &explanation.requirements {
        let number = requirement.requirement;
        if requirement.type_name == "reject" {
            obstacles.push(format!("requirement {number} rejects every image"));
        } else if let Some(obstacle) = &requirement.obstacle {
            obstacles.push(format!(
                "requirement {number} cannot be met, because {obstacle}"
            ));
        } else if needs_signature(requirement.type_name) {
            let of_requirement: Vec<&KeyReport> = keys
                .iter()
                .filter(|report| {
                    let names = |one: &containers_sigpolicy::verdict::KeyUse| {
                        one.scope == *scope && one.requirement == number
                    };
                    report.uses.iter().any(names)
                })
                .collect();
            if let Some(unreadable) = of_requirement
                .iter()
                .find_map(|report| report.problem.as_ref())
            {
                obstacles.push(format!(
                    "requirement {number}: {}",
                    shown(&unreadable.to_string())
                ));
            } else if !of_requirement.iter().any(|report| has_signer(report, now)) {
                obstacles.push(format!(
                    "requirement {number} trusts no key that can be used now"
                ));
            }
        }
    }
    obstacles
}

fn needs_signature(type_name: &str) -> bool {
    matches!(type_name, "signedBy" | "sigstoreSigned")
}

/// Whether the file has a key by which a signature can count now, or an authority that vouches for signers: of Fulcio, those
/// whose signatures a log has recorded count after its end.
fn has_signer(report: &KeyReport, now: Option<Moment>) -> bool {
    let mut certificates = report.certificates.iter();
    match report.kind {
        TrustKind::FulcioAuthority => return !report.certificates.is_empty(),
        TrustKind::Authority => {
            return certificates.any(|certificate| {
                let valid = certificate.not_before..=certificate.not_after;
                now.is_none_or(|now| valid.contains(&now))
            });
        }
        _ => {}
    }
    let mut public = report.public_keys.iter();
    let is_of_signers = report.kind != TrustKind::RekorLog;
    report
        .keys
        .iter()
        .any(|status| status.state == KeyState::Usable)
        || is_of_signers && public.any(|key| key.unusable.is_none())
}

fn text(
    explanation: &Explanation,
    keys: &[KeyReport],
    obstacles: &[String],
    now: Option<Moment>,
) -> String {
    let mut text = explanation.to_string();
    let scope = &explanation.applies.scope;
    for report in keys {
        let numbers: Vec<String> = report
            .uses
            .iter()
            .filter(|one| one.scope == *scope)
            .map(|one| one.requirement.to_string())
            .collect();
        for status in &report.keys {
            let owner = match &status.key.user_id {
                Some(user_id) => format!(
                    "\"{}\" ({})",
                    shown(user_id),
                    status.key.fingerprint.key_id()
                ),
                None => status.key.fingerprint.key_id().to_owned(),
            };
            let state = match (status.state, status.usable_until) {
                (KeyState::Usable, Some(until)) => format!("good until {until}"),
                (KeyState::Usable, None) => "good, without an end".to_owned(),
                (KeyState::Expired, Some(until)) => format!("EXPIRED on {until}"),
                (KeyState::Expired, None) => "EXPIRED".to_owned(),
                (KeyState::Revoked, _) => "REVOKED".to_owned(),
                (KeyState::NotYetValid, _) => "not valid yet".to_owned(),
                _ => "cannot sign".to_owned(),
            };
            text.push_str(&format!(
                "  key:     {owner} of {}, for requirement {}: {state}\n",
                shown(&report.origin),
                numbers.join(" and ")
            ));
        }
    }
    for (report, key) in public_keys(keys) {
        let id = key.key_id.as_str();
        let of_log = match report.kind {
            TrustKind::RekorLog => " (a Rekor log)",
            _ => "",
        };
        let state = match &key.unusable {
            Some(why) => format!("of no use: {}", shown(why)),
            None => "good, without an end".to_owned(),
        };
        text.push_str(&format!(
            "  key:     {} of {}{of_log}: {state}\n",
            id.get(..16).unwrap_or(id),
            shown(&report.origin)
        ));
    }
    for report in keys {
        for certificate in &report.certificates {
            let kind = match report.kind {
                TrustKind::FulcioAuthority | TrustKind::Authority => "an authority",
                _ => "between signers and authorities",
            };
            let end = certificate.not_after;
            let state = match now.is_some_and(|now| end < now) {
                true => format!("EXPIRED on {end}"),
                false => format!("good until {end}"),
            };
            text.push_str(&format!(
                "  key:     \"{}\" of {} ({kind}): {state}\n",
                shown(&certificate.subject),
                shown(&report.origin)
            ));
        }
    }
    let when = now.map(|now| format!(" at {now}")).unwrap_or_default();
    match obstacles.split_first() {
        None => text.push_str(&format!("can it pass{when}? yes, with what it needs\n")),
        Some((first, [])) => text.push_str(&format!("can it pass{when}? no: {first}\n")),
        Some((first, more)) => text.push_str(&format!(
            "can it pass{when}? no: {first}; {}\n",
            more.join("; ")
        )),
    }
    text
}

/// The public keys of sigstore, each with its file.
fn public_keys(reports: &[KeyReport]) -> impl Iterator<Item = (&KeyReport, &SigstoreKey)> {
    reports
        .iter()
        .flat_map(|report| report.public_keys.iter().map(move |key| (report, key)))
}
