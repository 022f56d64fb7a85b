//! The keys as a table, for people.

use containers_sigpolicy::Policy;
use containers_sigpolicy::verdict::{
    KeyReport, KeyState, KeyStatus, KeyUse, SigstoreKey, TrustKind, TrustedCertificate,
};

use super::Known;
use super::level::Key;
use crate::duration::told;
use crate::output::shown;

/// The heads of the columns.
const HEADS: [&str; 5] = ["UNTIL", "LEFT", "KEY", "FILE", "USED BY"];

/// What there is between two columns.
const GAP: &str = "  ";

/// A row, with what stands below it.
struct Row {
    cells: [String; 5],
    below: Vec<String>,
}

/// The summary and the table.
pub fn of(known: &Known<'_>) -> String {
    let mut rows = vec![Row {
        cells: HEADS.map(str::to_owned),
        below: Vec::new(),
    }];
    for file in &known.overview.files {
        let report = &file.report;
        if let Some(problem) = &report.problem {
            rows.push(Row {
                cells: [
                    "-".to_owned(),
                    "none".to_owned(),
                    "no key that can be used".to_owned(),
                    shown(&report.origin),
                    used_by(known.policy, &report.uses),
                ],
                below: vec![shown(&problem.to_string())],
            });
        }
        for key in &file.keys {
            rows.push(row(known, report, key));
        }
        for key in &report.public_keys {
            rows.push(public_row(known, report, key));
        }
        for certificate in &report.certificates {
            rows.push(certificate_row(known, report, certificate));
        }
    }
    let mut text = format!(
        "{}: {}\n",
        known.overview.level,
        known.overview.summary(known.thresholds)
    );
    if known.overview.files.is_empty() {
        return text;
    }
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
    let indent = widths
        .first()
        .map_or(0, |until| until.saturating_add(GAP.len()));
    for row in rows {
        let cells: Vec<String> = row
            .cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        text.push_str(cells.join(GAP).trim_end());
        text.push('\n');
        for line in row.below {
            text.push_str(&format!("{:indent$}{line}\n", ""));
        }
    }
    text
}

fn row(known: &Known<'_>, report: &KeyReport, key: &Key) -> Row {
    let status = &key.status;
    let until = match status.usable_until {
        Some(until) => until.to_string(),
        None => "-".to_owned(),
    };
    let left = match (status.state, key.left) {
        (KeyState::Usable, Some(left)) => told(left),
        (KeyState::Usable, None) => "no end".to_owned(),
        (KeyState::Expired, _) => "EXPIRED".to_owned(),
        (KeyState::Revoked, _) => "REVOKED".to_owned(),
        (KeyState::NotYetValid, _) => "NOT YET".to_owned(),
        _ => "NEVER".to_owned(),
    };
    Row {
        cells: [
            until,
            left,
            name(status),
            shown(&report.origin),
            used_by(known.policy, &report.uses),
        ],
        below: notes(known, report, status),
    }
}

/// A public key of sigstore, which has no owner and no end.
fn public_row(known: &Known<'_>, report: &KeyReport, key: &SigstoreKey) -> Row {
    let left = match key.unusable {
        Some(_) => "NEVER",
        None => "no end",
    };
    let of_log = match report.kind {
        TrustKind::RekorLog => ", of a Rekor log",
        _ => "",
    };
    let id = key.key_id.as_str();
    let mut below: Vec<String> = key.unusable.iter().map(|why| shown(why)).collect();
    below.extend(file_notes(report));
    Row {
        cells: [
            "-".to_owned(),
            left.to_owned(),
            format!("{}, {}{of_log}", id.get(..16).unwrap_or(id), key.algorithm),
            shown(&report.origin),
            used_by(known.policy, &report.uses),
        ],
        below,
    }
}

/// A certificate that vouches for signers, or stands between.
fn certificate_row(known: &Known<'_>, report: &KeyReport, certificate: &TrustedCertificate) -> Row {
    let end = certificate.not_after;
    let left = match end >= known.now {
        true => told(end.distance(known.now)),
        false => "EXPIRED".to_owned(),
    };
    let kind = match report.kind {
        TrustKind::Intermediate => "between signers and authorities",
        _ => "an authority",
    };
    Row {
        cells: [
            end.to_string(),
            left,
            format!("\"{}\", {kind}", shown(&certificate.subject)),
            shown(&report.origin),
            used_by(known.policy, &report.uses),
        ],
        below: file_notes(report),
    }
}

/// `"Owner" 03A17B895F75DA7C, Ed25519`.
fn name(status: &KeyStatus) -> String {
    let key = &status.key;
    let mut name = match &key.user_id {
        Some(user_id) => format!("\"{}\" {}", shown(user_id), key.fingerprint.key_id()),
        None => key.fingerprint.key_id().to_owned(),
    };
    if let Some(algorithm) = &key.algorithm {
        name.push_str(&format!(", {algorithm}"));
    }
    name
}

fn notes(known: &Known<'_>, report: &KeyReport, status: &KeyStatus) -> Vec<String> {
    let mut notes = Vec::new();
    let key = &status.key;
    match status.state {
        KeyState::Expired => {
            if let Some(until) = status.usable_until {
                notes.push(format!("{} ago", told(known.now.distance(until))));
            }
        }
        KeyState::NotYetValid => {
            notes.push("it was made later than now: look at the clock".to_owned())
        }
        KeyState::CannotSign => notes.push("none of its keys can sign".to_owned()),
        _ => {}
    }
    if let Some(reason) = key
        .revoked
        .as_ref()
        .and_then(|revoked| revoked.reason.as_ref())
    {
        notes.push(format!("revoked: {}", shown(reason)));
    }
    let ends_before = status.state == KeyState::Usable
        && status.usable_until.is_some()
        && status.usable_until != key.expires;
    if ends_before {
        let own = match key.expires {
            Some(expires) => format!("the key itself ends on {expires}"),
            None => "the key itself has no end".to_owned(),
        };
        notes.push(format!(
            "by its signing subkey; {own}, and nothing else of it can sign after that"
        ));
    }
    if let Some(successor) = &status.successor {
        let then = match status.state {
            KeyState::Expired | KeyState::Revoked => ": the old one can be removed",
            _ => "",
        };
        notes.push(format!(
            "successor in the same file: {}{then}",
            successor.key_id()
        ));
    }
    if key.has_secret {
        notes.push("the file holds its SECRET key, which does not belong there".to_owned());
    }
    notes.extend(file_notes(report));
    notes
}

/// What is to be said of a file, whatever its keys.
fn file_notes(report: &KeyReport) -> Vec<String> {
    let mut notes = Vec::new();
    if report.changed {
        notes.push("the file has changed since it was read".to_owned());
    }
    if let Some(exposed) = report
        .access
        .as_ref()
        .and_then(|access| access.exposed.as_ref())
    {
        notes.push(shown(&exposed.to_string()));
    }
    notes
}

/// `docker registry.example/shop (line 12), and 3 more`.
fn used_by(policy: &Policy, uses: &[KeyUse]) -> String {
    let Some(first) = uses.first() else {
        return "-".to_owned();
    };
    let mut text = match (&first.scope.transport, first.scope.scope.as_str()) {
        (None, _) => "default".to_owned(),
        (Some(transport), "") => format!("{} default", shown(transport)),
        (Some(transport), scope) => format!("{} {}", shown(transport), shown(scope)),
    };
    let index = first.requirement.saturating_sub(1);
    if let Some(span) = policy.place_of_requirement(&first.scope, index) {
        text.push_str(&format!(" (line {})", span.start.line));
    }
    match uses.len().saturating_sub(1) {
        0 => {}
        more => text.push_str(&format!(", and {more} more")),
    }
    text
}
