//! What a text is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::packets::{of_packet_type, packet_type};
use crate::text::content::{Content, OpenPgpContent};

/// The most characters of a page's title that are repeated.
const TITLE: usize = 60;

/// What a text is, of which this is the beginning.
pub(super) fn of_text(text: &str, is_whole: bool) -> Content {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Content::Text;
    }
    let lower = trimmed.to_ascii_lowercase();
    if ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|begin| lower.starts_with(begin))
        || (lower.starts_with('<') && lower.contains("<html"))
    {
        return Content::HtmlPage {
            title: title(trimmed, &lower),
        };
    }
    if let Some(content) = trimmed.lines().find_map(of_begin_line) {
        return match content {
            Content::OpenPgp {
                what: OpenPgpContent::Message,
                armored,
            } => Content::OpenPgp {
                what: armored_message(trimmed),
                armored,
            },
            other => other,
        };
    }
    if ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]
        .iter()
        .any(|begin| trimmed.starts_with(begin))
        && trimmed.contains(" AAAA")
    {
        return Content::SshPublicKey;
    }
    if trimmed.starts_with(['{', '[']) {
        return of_json(trimmed);
    }
    if let Some(content) = of_hexadecimal(trimmed).filter(|_| is_whole) {
        return content;
    }
    if let Some(content) = of_base64(trimmed) {
        return content;
    }
    if is_yaml(trimmed) {
        return Content::Yaml;
    }
    Content::Text
}

/// The title of a page, of which `lower` is the same text in lower case.
fn title(page: &str, lower: &str) -> Option<String> {
    let begin = lower.find("<title")?;
    let content = begin.checked_add(lower.get(begin..)?.find('>')?)?;
    let content = content.checked_add(1)?;
    let end = lower.get(content..)?.find('<')?;
    let title = page.get(content..content.checked_add(end)?)?;
    let words: Vec<&str> = title.split_whitespace().collect();
    let title = words.join(" ");
    if title.is_empty() {
        return None;
    }
    let mut cut: String = title.chars().take(TITLE).collect();
    if title.chars().nth(TITLE).is_some() {
        cut.push('…');
    }
    Some(cut)
}

/// What begins with a line of this form (RFC 7468, section 2; RFC 9580, section 6.2).
fn of_begin_line(line: &str) -> Option<Content> {
    let label = line.trim_end().strip_prefix("-----BEGIN ")?;
    let label = label.strip_suffix("-----")?;
    let openpgp = |what| Content::OpenPgp {
        what,
        armored: true,
    };
    Some(match label {
        "PGP PUBLIC KEY BLOCK" => openpgp(OpenPgpContent::PublicKey),
        "PGP PRIVATE KEY BLOCK" | "PGP SECRET KEY BLOCK" => openpgp(OpenPgpContent::SecretKey),
        "PGP SIGNATURE" => openpgp(OpenPgpContent::Signature),
        "PGP SIGNED MESSAGE" => openpgp(OpenPgpContent::CleartextSigned),
        "PGP MESSAGE" => openpgp(OpenPgpContent::Message),
        _ if label.ends_with("PUBLIC KEY") => Content::PemPublicKey,
        _ if label.ends_with("PRIVATE KEY") => Content::PemPrivateKey,
        _ if label.ends_with("CERTIFICATE") => Content::PemCertificate,
        _ => return None,
    })
}

/// What an armored message is by its first packet: the first line after the blank one says so.
fn armored_message(text: &str) -> OpenPgpContent {
    let mut lines = text.lines().map(str::trim_end);
    lines.find(|line| line.starts_with("-----BEGIN PGP MESSAGE"));
    let mut lines = lines.skip_while(|line| !line.is_empty()).skip(1);
    let packets = lines.next().and_then(decode_start).unwrap_or_default();
    match packets.first().copied().and_then(packet_type) {
        Some(1 | 3 | 9 | 18 | 20) => OpenPgpContent::Encrypted,
        _ => OpenPgpContent::Message,
    }
}

/// The bytes of the first whole groups of base64 in this text.
fn decode_start(text: &str) -> Option<Vec<u8>> {
    let digits: String = text.chars().take_while(|digit| *digit != '=').collect();
    let whole = digits.len().checked_sub(digits.len().checked_rem(4)?)?;
    STANDARD_NO_PAD.decode(digits.get(..whole)?).ok()
}

fn of_json(text: &str) -> Content {
    if text.contains("application/vnd.dev.sigstore.bundle") {
        Content::SigstoreBundle
    } else if text.contains("cosign container image signature") {
        Content::CosignPayload
    } else if text.contains("manifest.list.v2+json")
        || text.contains("image.index.v1+json")
        || text.contains("\"manifests\"")
    {
        Content::ManifestList
    } else if text.contains("\"schemaVersion\"") {
        Content::Manifest
    } else {
        Content::Json
    }
}

/// A fingerprint or a key ID as people copy them, in groups, with or without `0x`.
fn of_hexadecimal(text: &str) -> Option<Content> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    let mut digits: usize = 0;
    for character in text.chars() {
        match character {
            _ if character.is_ascii_hexdigit() => digits = digits.saturating_add(1),
            ':' => {}
            _ if character.is_whitespace() => {}
            _ => return None,
        }
    }
    match digits {
        40 => Some(Content::Fingerprint),
        16 => Some(Content::KeyId),
        _ => None,
    }
}

/// Lines of base64 and nothing else, of some length: words of a language are shorter.
fn of_base64(text: &str) -> Option<Content> {
    let is_digit = |character: char| character.is_ascii_alphanumeric() || "+/=".contains(character);
    let first = text.lines().next()?.trim_end();
    let is_base64 = first.len() >= 16
        && text
            .lines()
            .all(|line| line.trim_end().chars().all(is_digit));
    is_base64.then(|| Content::Base64 {
        openpgp: decode_start(first).and_then(|packets| {
            let what = packet_type(*packets.first()?).and_then(of_packet_type)?;
            Some(what)
        }),
    })
}

fn is_yaml(text: &str) -> bool {
    let mut lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty());
    let Some(first) = lines.next() else {
        return false;
    };
    let is_key = |key: &str| {
        !key.is_empty()
            && key
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "_-".contains(character))
    };
    first.starts_with("---")
        || first
            .split_once(':')
            .is_some_and(|(key, value)| is_key(key) && (value.is_empty() || value.starts_with(' ')))
}
