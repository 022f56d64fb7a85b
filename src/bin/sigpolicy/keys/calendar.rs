//! The ends of keys as a calendar (RFC 5545), for whoever has no monitoring: an event for each, with alarms before it.

use std::time::Duration;

use containers_sigpolicy::Moment;

use super::Known;
use super::level::File;

/// How many bytes a line may have before it is folded (RFC 5545, section 3.1).
const LINE: usize = 75;

/// The calendar.
pub fn of(known: &Known<'_>) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//containers-sigpolicy//sigpolicy keys//EN".to_owned(),
    ];
    let mut said: Vec<String> = Vec::new();
    for event in known
        .overview
        .files
        .iter()
        .flat_map(|file| events(file, known.now))
    {
        // A key may be in several files, and ends once.
        if said.contains(&event.id) {
            continue;
        }
        lines.extend(event.lines(known));
        said.push(event.id);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

/// An end.
struct Event {
    id: String,
    at: Moment,
    summary: String,
    description: String,
}

/// The ends of what a file holds and has not ended yet.
fn events(file: &File, now: Moment) -> Vec<Event> {
    let origin = &file.report.origin;
    let keys = file.keys.iter().filter_map(|key| {
        let at = key.status.usable_until.filter(|_| key.left.is_some())?;
        let fingerprint = key.status.key.fingerprint.as_str();
        let owner = key.status.key.user_id.as_deref().unwrap_or(fingerprint);
        Some(Event {
            id: format!("{fingerprint}-{}@sigpolicy", stamp(at)),
            at,
            summary: format!("The key of {owner} ends"),
            description: format!(
                "{fingerprint}, from {origin}. From then on no signature by it counts: ask its owner \
                 for a prolonged or a second key before."
            ),
        })
    });
    let certificates = file.report.certificates.iter();
    let certificates = certificates.filter(|certificate| certificate.not_after >= now);
    let certificates = certificates.map(|certificate| {
        let (at, serial) = (certificate.not_after, &certificate.serial);
        Event {
            id: format!("certificate-{serial}-{}@sigpolicy", stamp(at)),
            at,
            summary: format!("The certificate of {} ends", certificate.subject),
            description: format!(
                "Serial number {serial}, from {origin}. From then on no signature that is made counts by it: ask the authority \
                 for the certificate that takes its place before."
            ),
        }
    });
    keys.chain(certificates).collect()
}

impl Event {
    fn lines(&self, known: &Known<'_>) -> Vec<String> {
        let mut lines = vec![
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}", self.id),
            format!("DTSTAMP:{}", stamp(known.now)),
            format!("DTSTART:{}", stamp(self.at)),
            format!("SUMMARY:{}", escaped(&self.summary)),
            format!("DESCRIPTION:{}", escaped(&self.description)),
        ];
        for before in [known.thresholds.warn, known.thresholds.critical] {
            lines.extend(alarm(before, &self.summary));
        }
        lines.push("END:VEVENT".to_owned());
        lines
    }
}

fn alarm(before: Duration, summary: &str) -> [String; 5] {
    [
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        format!("TRIGGER:-PT{}S", before.as_secs()),
        format!("DESCRIPTION:{}", escaped(summary)),
        "END:VALARM".to_owned(),
    ]
}

/// `20261207T132054Z`.
fn stamp(moment: Moment) -> String {
    moment.to_string().replace(['-', ':'], "")
}

/// A text, by the rules for values (RFC 5545, section 3.3.11).
fn escaped(text: &str) -> String {
    text.chars()
        .filter(|character| *character == '\n' || !character.is_control())
        .flat_map(|character| match character {
            '\n' => vec!['\\', 'n'],
            '\\' | ';' | ',' => vec!['\\', character],
            other => vec![other],
        })
        .collect()
}

/// A line in pieces of at most [`LINE`] bytes, each but the first after a space.
fn folded(line: &str) -> String {
    let mut text = String::new();
    let mut length: usize = 0;
    for character in line.chars() {
        if length.saturating_add(character.len_utf8()) > LINE {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(character);
        length = length.saturating_add(character.len_utf8());
    }
    text + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let line = format!("SUMMARY:{}", "ü".repeat(100));
        let folded = folded(&line);
        assert!(folded.ends_with("\r\n"));
        assert!(folded.split("\r\n").all(|piece| piece.len() <= LINE));
        assert_eq!(folded.replace("\r\n ", "").trim_end(), line);
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(escaped("a, b; c\\d\ne\u{1b}f\r"), "a\\, b\\; c\\\\d\\nef");
    }
}
