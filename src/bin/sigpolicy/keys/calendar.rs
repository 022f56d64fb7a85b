//! The ends of keys as a calendar (RFC 5545), for whoever has no monitoring: an event for each, with alarms before it.

use std::time::Duration;

use containers_sigpolicy::Moment;

use super::Known;

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
    for file in &known.overview.files {
        for key in &file.keys {
            let Some(until) = key.status.usable_until.filter(|_| key.left.is_some()) else {
                continue;
            };
            let fingerprint = key.status.key.fingerprint.as_str();
            // A key may be in several files, and ends once.
            let id = format!("{fingerprint}-{}@sigpolicy", stamp(until));
            if said.contains(&id) {
                continue;
            }
            let owner = key.status.key.user_id.as_deref().unwrap_or(fingerprint);
            let summary = format!("The key of {owner} ends");
            lines.extend([
                "BEGIN:VEVENT".to_owned(),
                format!("UID:{id}"),
                format!("DTSTAMP:{}", stamp(known.now)),
                format!("DTSTART:{}", stamp(until)),
                format!("SUMMARY:{}", escaped(&summary)),
                format!(
                    "DESCRIPTION:{}",
                    escaped(&format!(
                        "{fingerprint}, from {}. From then on no signature by it counts: ask its owner \
                         for a prolonged or a second key before.",
                        file.report.origin
                    ))
                ),
            ]);
            for before in [known.thresholds.warn, known.thresholds.critical] {
                lines.extend(alarm(before, &summary));
            }
            lines.push("END:VEVENT".to_owned());
            said.push(id);
        }
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
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
