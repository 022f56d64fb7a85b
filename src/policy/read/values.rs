//! Values as policies have them: texts, base64, and rules that a value breaks.

use crate::json::Value;
use crate::json::go::decode_base64;
use crate::policy::error::{Base64Error, InvalidPolicy, PolicyError, PolicyErrorKind};

pub(super) fn text(value: Value<'_>) -> Result<String, PolicyError> {
    Ok(value.string()?.into_owned())
}

pub(super) fn texts(value: Value<'_>) -> Result<Vec<String>, PolicyError> {
    value.array()?.into_iter().map(text).collect()
}

/// Line breaks count as nothing, as in Go; spaces are errors.
pub(super) fn base64(value: Value<'_>) -> Result<Vec<u8>, PolicyError> {
    let text = value.string()?;
    let is_foreign = |character: char| {
        !character.is_ascii_alphanumeric() && !matches!(character, '+' | '/' | '=' | '\r' | '\n')
    };
    let problem = match text.chars().find(|&character| is_foreign(character)) {
        Some(character) => Base64Error::Character { character },
        None => match decode_base64(&text) {
            Ok(bytes) => return Ok(bytes),
            Err(_) => Base64Error::Padding,
        },
    };
    Err(PolicyError::at(value, PolicyErrorKind::Base64(problem)))
}

/// Makes a rule that a value breaks an error with its place.
pub(super) fn invalid(value: Value<'_>) -> impl Fn(InvalidPolicy) -> PolicyError {
    move |error| PolicyError::at(value, PolicyErrorKind::Invalid(error))
}
