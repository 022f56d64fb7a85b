//! Values as policies have them: texts and base64.

use super::mistakes::Read;
use super::node::{Node, all};
use crate::json::go::decode_base64;
use crate::policy::error::{Base64Error, PolicyErrorKind};

pub(super) fn text(node: Node<'_>) -> Read<String> {
    Ok(node.string()?.into_owned())
}

pub(super) fn texts(node: Node<'_>) -> Read<Vec<String>> {
    all(node.elements(None)?.into_iter().map(text))
}

/// Line breaks count as nothing, as in Go; spaces are errors.
pub(super) fn base64(node: Node<'_>) -> Read<Vec<u8>> {
    let text = node.string()?;
    let is_foreign = |character: char| {
        !character.is_ascii_alphanumeric() && !matches!(character, '+' | '/' | '=' | '\r' | '\n')
    };
    let problem = match text.chars().find(|&character| is_foreign(character)) {
        Some(_) if text.trim_start().starts_with("-----BEGIN ") => Base64Error::Armored {
            first_line: text
                .trim_start()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        },
        Some(character) => Base64Error::Character { character },
        None => match decode_base64(&text) {
            Ok(bytes) => return Ok(bytes),
            Err(_) => Base64Error::Padding,
        },
    };
    Err(node.note(PolicyErrorKind::Base64(problem)))
}
