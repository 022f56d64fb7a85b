//! Names that somebody misspelt.

use crate::text::quote::Quoted;
use crate::text::suggest::nearest;

/// A text is not one of the names that are known, such as those of the engines.
///
/// `Display` is a sentence with the nearest name, or else with all: ``there is no engine `sequoja`; did you mean
/// `sequoia`?``
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} {}; {}", Quoted(.found), self.instead())]
pub struct UnknownNameError {
    /// What would have the name: `engine`.
    what: &'static str,
    found: String,
    known: Vec<&'static str>,
}

impl UnknownNameError {
    pub(crate) fn new(
        what: &'static str,
        found: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        Self {
            what,
            found: found.to_owned(),
            known: known.into_iter().collect(),
        }
    }

    /// The text.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }

    /// The names that are known.
    #[must_use]
    pub fn known(&self) -> &[&'static str] {
        &self.known
    }

    /// The name that the text most likely means, if it is near one.
    #[must_use]
    pub fn nearest(&self) -> Option<&'static str> {
        nearest(&self.found, self.known.iter().copied())
    }

    fn instead(&self) -> String {
        match self.nearest() {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => {
                let known: Vec<String> =
                    self.known.iter().map(|name| format!("`{name}`")).collect();
                format!("it can be {}", known.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::UnknownNameError;

    #[test]
    fn the_sentence_says_what_was_meant() {
        let error = |found| UnknownNameError::new("engine", found, ["gpg", "sequoia"]).to_string();
        assert_eq!(
            error("sequoja"),
            "there is no engine `sequoja`; did you mean `sequoia`?"
        );
        assert_eq!(
            error("a\nb"),
            "there is no engine `a\\nb`; it can be `gpg`, `sequoia`"
        );
    }
}
