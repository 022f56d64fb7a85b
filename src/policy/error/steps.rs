//! What to do about a mistake in a policy.

use std::io::ErrorKind;

use super::{Base64Error, InvalidPolicy, PolicyError, PolicyErrorKind};
use crate::image::{ScopeError, Transport};
use crate::json::{JsonError, JsonSlip};
use crate::policy::origin::PolicyPlace;

/// The release whose containers-policy.json(5) this crate reads.
const KNOWN: &str = "this program knows containers-policy.json(5) as of containers/image 5.40; \
                     a policy for a newer release may need a newer program";

/// The shortest policy that lets nothing pass.
const REJECT_ALL: &str =
    "such as `{\"default\": [{\"type\": \"reject\"}]}`, which rejects every image";

impl PolicyError {
    /// A few words to stand beside the [`span`](Self::span), if there are any that say what to do.
    pub fn label(&self) -> Option<String> {
        match self.kind() {
            PolicyErrorKind::Json(JsonError::Slip(slip)) => slip.remedy(),
            _ => Some(format!("did you mean `{}`?", self.suggestion()?)),
        }
    }

    /// What to do: each step a sentence, none if the error's own sentence says it.
    pub fn steps(&self) -> Vec<String> {
        let mut steps = Vec::new();
        steps.extend(match self.suggestion() {
            Some(suggestion) => Some(format!("write `{suggestion}`")),
            None => self.kind().step(),
        });
        if let Some(example) = self.example() {
            steps.push(format!("write it as in `{example}`"));
        }
        if self.kind().may_be_newer() {
            steps.push(KNOWN.to_owned());
        }
        steps
    }
}

impl PolicyErrorKind {
    /// Whether it may be something that this crate merely does not know yet.
    fn may_be_newer(&self) -> bool {
        match self {
            Self::UnknownKey {
                suggestion,
                belongs_to,
                ..
            } => suggestion.is_none() && belongs_to.is_empty(),
            Self::UnknownValue { suggestion, .. } => suggestion.is_none(),
            _ => false,
        }
    }

    fn step(&self) -> Option<String> {
        Some(match self {
            Self::Read { source } => match source.kind() {
                ErrorKind::NotFound => {
                    "check the file's name, or write a policy there; without one, no image may run"
                        .to_owned()
                }
                ErrorKind::PermissionDenied => {
                    "let the user who runs this program read the file and enter its directories"
                        .to_owned()
                }
                ErrorKind::IsADirectory => "name the file in that directory".to_owned(),
                _ => return None,
            },
            Self::NotFound { tried, .. } => {
                // The last is the distribution's, the one before it the administrator's.
                let mut tried = tried.iter().rev().take(2);
                let place = tried.next_back()?.display();
                format!(
                    "write a policy to `{place}`, {REJECT_ALL} until it says what is trusted; \
                     or name a file, by the variable CONTAINERS_POLICY_JSON or in the program's own way"
                )
            }
            Self::NotAbsolute { place, .. } => match place {
                PolicyPlace::XdgConfigHome | PolicyPlace::Home => {
                    "set it to an absolute path, or unset it".to_owned()
                }
                PolicyPlace::UserDatabase => "set HOME to an absolute path".to_owned(),
                _ => return None,
            },
            Self::NotAUserId { .. } => "unset it, or set it to a number".to_owned(),
            Self::TooLarge { .. } => {
                "name namespaces, such as `registry.example.com/team`, instead of each repository"
                    .to_owned()
            }
            Self::Json(error) => return json_step(error),
            Self::UnknownKey { key, .. } if Transport::from_name(key).is_some() => {
                format!("write it below `transports`: `\"transports\": {{\"{key}\": {{…}}}}`")
            }
            Self::UnknownKey { belongs_to, .. } if belongs_to.is_empty() => {
                "remove it if it is a mere comment".to_owned()
            }
            Self::MissingKey { key, .. } => match *key {
                "default" => "add `\"default\": [{\"type\": \"reject\"}]`: \
                              what applies to images that no scope matches"
                    .to_owned(),
                "keyType" => {
                    "add `\"keyType\": \"GPGKeys\"`; no other type is implemented".to_owned()
                }
                _ => return None,
            },
            Self::NoneOf { keys, .. } => {
                let key = keys.iter().find(|key| key.ends_with("Path"))?;
                format!("add one of them, such as `\"{key}\": \"/etc/pki/containers/FILE\"`")
            }
            Self::MoreThanOneOf { first, second, .. } => format!("remove `{first}` or `{second}`"),
            Self::NotBeside { key, beside } => format!("remove `{key}` or `{beside}`"),
            Self::Base64(Base64Error::Armored { .. }) => {
                "write what `base64 -w0 FILE` prints, or name the file by `keyPath`".to_owned()
            }
            Self::Base64(_) => "write what `base64 -w0 FILE` prints".to_owned(),
            Self::Invalid(invalid) => return invalid.step().map(str::to_owned),
            Self::UnknownHome { .. } | Self::UnknownKey { .. } | Self::UnknownValue { .. } => {
                return None;
            }
        })
    }
}

fn json_step(error: &JsonError) -> Option<String> {
    Some(match error {
        JsonError::Empty => format!("write a policy, {REJECT_ALL}"),
        JsonError::ByteOrderMark => "save it as UTF-8 without a byte-order mark".to_owned(),
        JsonError::Incomplete => {
            "get the whole file again, or close what is open at its end".to_owned()
        }
        JsonError::TrailingData => {
            "remove what follows, or the bracket before it if that is one too many".to_owned()
        }
        JsonError::DuplicateKey { .. } => {
            "keep one of the two; several requirements for a scope go into one list".to_owned()
        }
        JsonError::Slip(JsonSlip::Utf16) => "save it as UTF-8".to_owned(),
        JsonError::Slip(slip) => return slip.remedy(),
        _ => return None,
    })
}

impl InvalidPolicy {
    fn step(&self) -> Option<&'static str> {
        match self {
            Self::NoRequirements => Some(
                "write `[{\"type\": \"reject\"}]` to reject every image, or what it has to fulfil",
            ),
            Self::NameOnly { .. } => Some("add the tag or the digest that is signed"),
            Self::RemapPrefix { .. } => Some("write it as in `registry.example.com/team`"),
            Self::Scope {
                reason: ScopeError::NotAbsolute { .. },
                ..
            } => Some("write the path from `/` on"),
            _ => None,
        }
    }
}
