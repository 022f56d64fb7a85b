//! Stable words for what is wrong with a policy.

use std::io::ErrorKind;

use super::{InvalidPolicy, PolicyError, PolicyErrorKind};
use crate::json::JsonError;

impl PolicyError {
    /// The stable word for what is wrong, in kebab-case, such as `policy-unknown-key`.
    pub fn code(&self) -> &'static str {
        self.kind().code()
    }
}

impl PolicyErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Read { source } if source.kind() == ErrorKind::NotFound => "policy-not-found",
            Self::Read { .. } => "policy-unreadable",
            Self::NotFound { .. } => "policy-not-found",
            Self::NotAbsolute { .. } => "policy-directory-not-absolute",
            Self::NotAUserId { .. } => "policy-user-id-invalid",
            Self::UnknownHome { .. } => "policy-home-unknown",
            Self::TooLarge { .. } => "policy-too-large",
            Self::Json(error) => json_code(error),
            Self::UnknownKey { .. } => "policy-unknown-key",
            Self::UnknownValue { .. } => "policy-unknown-value",
            Self::MissingKey { .. } | Self::NoneOf { .. } => "policy-missing-key",
            Self::MoreThanOneOf { .. } | Self::NotBeside { .. } => "policy-conflicting-keys",
            Self::Base64(_) => "policy-not-base64",
            Self::Invalid(invalid) => invalid.code(),
        }
    }
}

fn json_code(error: &JsonError) -> &'static str {
    match error {
        JsonError::Empty => "policy-empty",
        JsonError::ByteOrderMark
        | JsonError::Incomplete
        | JsonError::TrailingData
        | JsonError::Syntax { .. }
        | JsonError::Slip(_) => "policy-syntax",
        JsonError::TooDeep { .. } => "policy-too-deep",
        JsonError::WrongType { .. } => "policy-wrong-type",
        JsonError::DuplicateKey { .. } => "policy-duplicate-key",
        JsonError::NumberOutOfRange { .. } => "policy-number-out-of-range",
    }
}

impl InvalidPolicy {
    fn code(&self) -> &'static str {
        match self {
            Self::NoRequirements => "policy-no-requirements",
            Self::Empty { .. } => "policy-empty-value",
            Self::Reference { .. } | Self::NameOnly { .. } => "policy-invalid-reference",
            Self::RemapPrefix { .. } => "policy-invalid-prefix",
            Self::NoSubject => "policy-no-subject",
            Self::Scope { .. } => "policy-invalid-scope",
            Self::DuplicateScope { .. } => "policy-duplicate-scope",
        }
    }
}
